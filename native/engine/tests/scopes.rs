//! The sessions of one database: each has a state, an order and an end of its own.

mod support;

use serde_json::json;
use support::Db;
use surrealdartb_bridge::{Limits, ReplyKind, Status};
use surrealdartb_engine::{Scope, scopes};

fn set(db: &Db, name: &str, value: i64) -> i64 {
    let arguments = json!({ "name": name, "value": value }).to_string();
    db.issue(|it, id| it.set(id, arguments.into()))
}

#[test]
fn a_fork_begins_as_its_session_is_and_neither_sees_what_the_other_changes() {
    Db::each(|db| {
        db.answer(set(db, "x", 1)).unwrap();
        let fork = db.fork();
        assert_eq!(
            fork.value("RETURN [$x, session::ns(), session::db()]"),
            json!([1, "test", "test"])
        );
        db.answer(set(db, "x", 2)).unwrap();
        fork.answer(set(&fork, "y", 3)).unwrap();
        fork.use_database("other").unwrap();
        assert_eq!(fork.value("RETURN [$x, $y, session::db()]"), json!([1, 3, "other"]));
        assert_eq!(db.value("RETURN [$x, session::db()]"), json!([2, "test"]));
        assert_eq!(fork.fork().value("RETURN [$y, session::db()]"), json!([3, "other"]));
    });
}

#[test]
fn a_fork_sees_the_changes_that_were_issued_before_it_and_none_after() {
    Db::each(|db| {
        let mut forks = Vec::new();
        for n in 0..50 {
            set(db, "x", n);
            forks.push(db.issue(Scope::fork));
        }
        for (n, fork) in forks.into_iter().enumerate() {
            assert_eq!(db.session(fork).value("RETURN $x"), json!(n));
        }
    });
}

#[test]
fn a_new_session_begins_as_the_database_did() {
    Db::each(|db| {
        db.answer(set(db, "x", 1)).unwrap();
        db.use_database("other").unwrap();
        let new = db.new_session();
        assert_eq!(new.value("RETURN $x"), json!({ "$none": null }));
        assert_eq!(new.value("RETURN [session::ns(), session::db()]"), json!(["test", "test"]));
        assert_eq!(new.value("DEFINE TABLE only_the_owner_may"), json!({ "$none": null }));
    });
}

#[test]
fn the_changes_of_one_session_do_not_wait_for_the_calls_of_another() {
    let db = Db::with_limits(Limits { max_in_flight: 1, ..Limits::default() });
    db.connect("mem://").unwrap();
    let fork = db.fork();
    let sleeps = db.issue_query("SLEEP 2s");
    let waits = set(&db, "x", 1);
    fork.answer(set(&fork, "x", 2)).unwrap();
    assert_eq!(fork.value("RETURN $x"), json!(2));
    let answered: Vec<_> = db.port.messages().iter().map(|it| it.id).collect();
    assert!(!answered.contains(&sleeps) && !answered.contains(&waits));
    db.close().unwrap();
}

#[test]
fn an_ended_session_answers_its_calls_first_and_then_is_unknown() {
    Db::each(|db| {
        let fork = db.fork();
        let sleeps = fork.issue_query("SLEEP 50ms; RETURN 1");
        let fork_again = fork.issue(Scope::fork);
        fork.end_session().unwrap();
        assert_eq!(fork.answer(sleeps).unwrap()[1]["value"], json!(1));
        db.session(fork_again).query("RETURN 1").unwrap();
        assert!(scopes::find(fork.handle).is_none());
        let refused = fork.database.query(1.into(), "RETURN 1".into(), b"{}".into()).unwrap_err();
        assert_eq!(refused.status, Status::Closed);
        assert_eq!(db.value("RETURN 2"), json!(2));
        assert_eq!(db.database.counts().unanswered, 0);
    });
}

#[test]
fn the_first_session_ends_with_the_database_alone() {
    let db = Db::memory();
    let refused = db.database.end_session(db.handle, 99).unwrap_err();
    assert_eq!(refused.status, Status::InvalidHandle);
    assert_eq!(db.value("RETURN 1"), json!(1));
}

#[test]
fn the_close_of_a_database_answers_the_calls_of_all_its_sessions_and_ends_them() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..10 {
        let db = Db::rocksdb(&folder.path().join("db"));
        db.query("DEFINE TABLE IF NOT EXISTS t").unwrap();
        let sessions: Vec<_> = (0..20).map(|_| db.fork()).collect();
        let calls: Vec<_> = sessions
            .iter()
            .map(|it| (it.issue_query("CREATE t; SLEEP 20ms"), it.issue(Scope::fork)))
            .collect();
        db.close().unwrap();
        for (session, (call, fork)) in sessions.iter().zip(calls) {
            assert!(session.answer(call).is_ok());
            // Begun before the close, or refused by it.
            let fork = db.port.answer_to(fork);
            assert!([ReplyKind::Value as i32, ReplyKind::Error as i32].contains(&fork.kind));
            assert!(scopes::find(session.handle).is_none());
        }
        let again = Db::rocksdb(&folder.path().join("db"));
        assert_eq!(again.value("RETURN count((SELECT * FROM t))"), json!(20 * (round + 1)));
        again.close().unwrap();
    }
}

#[test]
fn an_abandoned_database_takes_its_sessions_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for _ in 0..10 {
        let db = Db::rocksdb(&folder.path().join("db"));
        let forks: Vec<_> = (0..10).map(|_| db.fork()).collect();
        for fork in &forks {
            fork.issue_query("SLEEP 1m");
        }
        db.database.abandon();
        runtime.block_on(db.database.released());
        assert!(forks.iter().all(|it| scopes::find(it.handle).is_none()));
    }
    Db::rocksdb(&folder.path().join("db")).close().unwrap();
}

#[test]
fn a_session_that_is_closed_cancels_its_transactions_in_the_store() {
    Db::each(|db| {
        let session = db.fork();
        let begin = json!({ "mode": "write", "idle": 60_000 });
        let transaction = session.session(session.issue_operation("beginTransaction", begin));
        transaction.value("CREATE t:1");
        session.end_session().unwrap();
        let failure = transaction.query("RETURN 1").unwrap_err();
        assert_eq!(failure["details"]["kind"], json!("TransactionAborted"));
        assert!(failure["message"].as_str().unwrap().contains("its session was closed"));
        assert_eq!(db.run("count", json!({ "resource": "t" })), Ok(json!(0)));
    });
}

/// One would run in the transaction, and hold it when the store closes.
#[test]
fn a_transaction_makes_no_sessions() {
    let db = Db::memory();
    let begin = json!({ "mode": "write", "idle": 60_000 });
    let begun = db.issue_operation("beginTransaction", begin);
    let transaction = db.session(begun);
    for operation in ["fork", "newSession"] {
        let refused = transaction.run(operation, json!({})).unwrap_err();
        assert_eq!(refused["details"]["kind"], "InvalidParams", "{refused}");
    }
    // A close waits for what still holds a transaction.
    drop(transaction);
    db.close().unwrap();
}
