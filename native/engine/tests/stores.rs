//! Opening, sharing and closing stores.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::Db;

#[test]
fn a_folder_can_be_opened_again_as_soon_as_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let db = Db::rocksdb(folder.path());
        db.create(&format!("t:{round}"), json!({})).unwrap();
        assert_eq!(db.select("t").unwrap().as_array().unwrap().len(), round + 1);
        db.close().unwrap();
    }
}

#[test]
fn closing_waits_for_what_was_issued_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::rocksdb(folder.path());
    let writes: Vec<_> = (0..100).map(|n| db.issue_query(&format!("CREATE t:{n}"))).collect();
    db.close().unwrap();
    for write in writes {
        assert!(db.answer(write).unwrap()[0]["error"].is_null());
    }
    let again = Db::rocksdb(folder.path());
    assert_eq!(again.select("t").unwrap().as_array().unwrap().len(), 100);
    again.close().unwrap();
}

#[test]
fn two_databases_on_one_folder_share_the_store_until_the_last_closes() {
    let folder = tempfile::tempdir().unwrap();
    let first = Db::rocksdb(folder.path());
    let second = Db::rocksdb(&folder.path().join(".").join("x").join(".."));
    first.create("t:1", json!({})).unwrap();
    assert_eq!(second.select("t").unwrap().as_array().unwrap().len(), 1);
    first.use_database("other").unwrap();
    assert_eq!(second.value("RETURN session::db()"), json!("test"));
    first.close().unwrap();
    second.create("t:2", json!({})).unwrap();
    second.close().unwrap();
}

#[test]
fn many_open_one_fresh_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let threads: Vec<_> = (0..50)
        .map(|n| {
            let path = folder.path().to_owned();
            std::thread::spawn(move || {
                let db = Db::rocksdb(&path);
                db.create(&format!("t:{n}"), json!({})).unwrap();
                db
            })
        })
        .collect();
    let open: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(open[0].select("t").unwrap().as_array().unwrap().len(), 50);
    for db in &open {
        db.close().unwrap();
    }
    Db::rocksdb(folder.path()).close().unwrap();
}

#[test]
fn an_abandoned_database_frees_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let db = Db::rocksdb(folder.path());
        db.create("t", json!({})).unwrap();
        for _ in 0..50 {
            db.issue_query("SLEEP 1h");
        }
        db.database.abandon();
    }
    // It opens while the abandoned one may still be closing, and so waits.
    let db = Db::rocksdb(folder.path());
    assert_eq!(db.select("t").unwrap().as_array().unwrap().len(), 10);
    db.close().unwrap();
}

#[test]
fn a_database_abandoned_while_it_opens_leaves_its_folder_free() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let db = Db::new();
        db.issue_connect(&format!("rocksdb://{}", folder.path().display()));
        db.database.abandon();
    }
    let db = Db::rocksdb(folder.path());
    db.create("t", json!({})).unwrap();
    db.close().unwrap();
}

#[test]
fn a_path_that_cannot_be_a_folder_is_a_connection_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for path in [file.display().to_string(), "/proc/nope".into(), format!("{}/x", file.display())] {
        let error = Db::new().connect(&format!("rocksdb://{path}")).unwrap_err();
        assert_eq!(error["kind"], json!("Connection"), "{error}");
        assert!(error["message"].as_str().unwrap().contains(&path), "{error}");
    }
    let error = Db::new().connect("bogus://x").unwrap_err();
    assert_eq!(error["kind"], json!("Connection"));
}

#[test]
fn a_failed_connect_can_be_repeated_on_the_same_database() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::new();
    db.connect("bogus://").unwrap_err();
    db.connect(&format!("rocksdb://{}", folder.path().display())).unwrap();
    assert_eq!(db.connect("mem://").unwrap_err()["kind"], json!("Validation"));
    db.close().unwrap();
}

#[test]
fn sleeping_queries_overlap() {
    let db = Db::memory();
    let start = Instant::now();
    let ids: Vec<_> = (0..64).map(|_| db.issue_query("SLEEP 100ms")).collect();
    for id in ids {
        db.answer(id).unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    db.close().unwrap();
}

#[test]
fn concurrent_increments_of_one_record_all_count() {
    Db::each(|db| {
        db.create("counter:1", json!({"n": 0})).unwrap();
        for round in 1..=5 {
            let ids: Vec<_> =
                (0..60).map(|_| db.issue_query("UPDATE counter:1 SET n += 1")).collect();
            for id in ids {
                let result = db.answer(id).unwrap();
                assert!(result[0]["error"].is_null(), "{result}");
            }
            assert_eq!(db.select("counter:1").unwrap()[0]["n"], json!(60 * round));
        }
    });
}

#[test]
fn the_first_writers_of_a_fresh_table_do_not_fail_each_other() {
    Db::each(|db| {
        let ids: Vec<_> = (0..64)
            .map(|n| {
                let arguments = json!({ "resource": format!("fresh:{n}"), "data": {} });
                db.issue_operation("create", arguments)
            })
            .collect();
        for id in ids {
            db.answer(id).unwrap();
        }
        assert_eq!(db.select("fresh").unwrap().as_array().unwrap().len(), 64);
    });
}
