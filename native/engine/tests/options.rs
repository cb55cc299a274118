//! What can be chosen at a connect.

mod support;

use std::time::Duration;

use serde_json::json;
use support::Db;
use surrealdartb_engine::{ConnectOptions, OnConflict};
use surrealdartb_store::{Durability, MemoryProfile, StoreOptions};

fn with(durability: Option<Durability>, memory: Option<MemoryProfile>) -> ConnectOptions {
    ConnectOptions { store: StoreOptions { durability, memory }, ..ConnectOptions::default() }
}

#[test]
fn options_are_read_from_json() {
    let json = json!({
        "endpoint": "mem://", "namespace": "n", "database": "d", "durability": 250,
        "memory": "large", "lockWait": 1500, "maxResultBytes": 9, "onConflict": "fail",
    });
    let options = ConnectOptions::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(options.endpoint, "mem://");
    assert_eq!((options.namespace.as_deref(), options.database.as_deref()), (Some("n"), Some("d")));
    let interval = Durability::interval(Duration::from_millis(250)).unwrap();
    let store = StoreOptions { durability: Some(interval), memory: Some(MemoryProfile::Large) };
    assert_eq!(options.store, store);
    assert_eq!(options.lock_wait, Duration::from_millis(1500));
    assert_eq!(options.max_result_bytes, Some(9));
    assert_eq!(options.on_conflict, OnConflict::Fail);
}

#[test]
fn options_that_do_not_exist_are_refused() {
    for options in [
        json!({}),
        json!({"endpoint": 1}),
        json!({"endpoint": "mem://", "durability": "often"}),
        json!({"endpoint": "mem://", "durability": 100}),
        json!({"endpoint": "mem://", "durability": -1}),
        json!({"endpoint": "mem://", "memory": "huge"}),
        json!({"endpoint": "mem://", "lockWait": "long"}),
        json!({"endpoint": "mem://", "maxResultBytes": -1}),
        json!({"endpoint": "mem://", "onConflict": true}),
    ] {
        ConnectOptions::from_json(options.to_string().as_bytes()).unwrap_err();
    }
}

#[test]
fn an_open_folder_is_joined_with_the_same_options_or_none_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = format!("rocksdb://{}", folder.path().display());
    let first = Db::new();
    first.connect_with(&endpoint, with(Some(Durability::Never), None)).unwrap();
    for options in [
        with(None, None),
        with(Some(Durability::Never), None),
        with(Some(Durability::Never), Some(MemoryProfile::Medium)),
    ] {
        let other = Db::new();
        other.connect_with(&endpoint, options).unwrap();
        other.close().unwrap();
    }
    for options in [
        with(Some(Durability::Every), None),
        with(None, Some(MemoryProfile::Small)),
        with(Some(Durability::interval(Duration::from_secs(1)).unwrap()), None),
    ] {
        let error = Db::new().connect_with(&endpoint, options).unwrap_err();
        assert_eq!(error["details"]["kind"], json!("Options"), "{error}");
    }
    first.close().unwrap();
    let again = Db::new();
    again.connect_with(&endpoint, with(Some(Durability::Every), None)).unwrap();
    again.close().unwrap();
}

#[test]
fn a_named_store_in_memory_is_shared_until_the_last_closes() {
    let [first, second, other] = [Db::new(), Db::new(), Db::new()];
    first.connect("mem://shared by two").unwrap();
    second.connect("mem://shared by two").unwrap();
    other.connect("mem://another").unwrap();
    first.create("t:1", json!({})).unwrap();
    assert_eq!(second.select("t").unwrap().as_array().unwrap().len(), 1);
    assert_eq!(other.select("t").unwrap(), json!([]));
    first.close().unwrap();
    assert_eq!(second.select("t").unwrap().as_array().unwrap().len(), 1);
    second.close().unwrap();
    let fresh = Db::new();
    fresh.connect("mem://shared by two").unwrap();
    assert_eq!(fresh.select("t").unwrap(), json!([]));
    fresh.close().unwrap();
    other.close().unwrap();
}

#[test]
fn a_conflict_fails_when_it_is_not_to_be_repeated() {
    let db = Db::new();
    let options = ConnectOptions { on_conflict: OnConflict::Fail, ..ConnectOptions::default() };
    db.connect_with("mem://", options).unwrap();
    db.create("counter:1", json!({"n": 0})).unwrap();
    let ids: Vec<_> = (0..200).map(|_| db.issue_query("UPDATE counter:1 SET n += 1")).collect();
    let outcomes: Vec<_> = ids.into_iter().map(|id| db.answer(id).unwrap()).collect();
    let failed: Vec<_> = outcomes.iter().filter(|it| !it[0]["error"].is_null()).collect();
    assert!(!failed.is_empty(), "no two of 200 met");
    assert!(failed.iter().all(|it| it[0]["error"]["retryable"] == json!(true)), "{failed:?}");
    assert_eq!(db.select("counter:1").unwrap()[0]["n"], json!(200 - failed.len()));
    db.close().unwrap();
}

#[test]
fn other_options_wait_for_those_who_are_leaving() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = format!("rocksdb://{}", folder.path().display());
    for round in 0..20 {
        let leaving = Db::new();
        leaving.connect_with(&endpoint, with(Some(Durability::Every), None)).unwrap();
        leaving.issue_query("SLEEP 50ms");
        if round % 2 == 0 {
            leaving.database.abandon();
        } else {
            leaving.issue(|db, id| db.close(id));
        }
        let next = Db::new();
        next.connect_with(&endpoint, with(Some(Durability::Never), None)).unwrap();
        next.close().unwrap();
    }
}
