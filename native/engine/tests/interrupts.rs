//! Calls that are ended early, and what the engine says then.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::Db;
use surrealdartb_bridge::Status;
use surrealdartb_engine::Request;

fn query_within(db: &Db, sql: &str, timeout: Duration) -> support::Outcome {
    db.ask(|database, id| {
        let request = Request { id, timeout: Some(timeout) };
        database.query(request, sql.into(), b"{}".into())
    })
}

#[test]
fn a_cancelled_sleep_is_answered_at_once_and_the_next_call_works() {
    Db::each(|db| {
        let id = db.issue_query("SLEEP 1h");
        while db.database.counts().in_flight == 0 {
            std::thread::yield_now();
        }
        let start = Instant::now();
        db.database.cancel(id);
        let error = db.answer(id).unwrap_err();
        assert_eq!(error["details"]["kind"], json!("Cancelled"), "{error}");
        assert_eq!(error["statement"], json!("SLEEP 1h"));
        assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
        assert_eq!(db.database.counts().unanswered, 0);
        assert_eq!(db.value("RETURN 1"), json!(1));
    });
}

#[test]
fn a_text_whose_beginning_has_run_keeps_every_outcome() {
    Db::each(|db| {
        let id = db.issue_query("CREATE t:1; SLEEP 1h; CREATE t:2");
        while db.select("t").unwrap() == json!([]) {
            std::thread::yield_now();
        }
        db.database.cancel(id);
        let outcomes = db.answer(id).unwrap();
        assert!(outcomes[0]["error"].is_null(), "{outcomes}");
        for cancelled in [1, 2] {
            let details = &outcomes[cancelled]["error"]["details"];
            assert_eq!(details["kind"], json!("Cancelled"), "{outcomes}");
        }
        assert_eq!(db.select("t").unwrap().as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_timeout_is_told_as_one() {
    Db::each(|db| {
        let limit = Duration::from_millis(50);
        let error = query_within(db, "SLEEP 1h", limit).unwrap_err();
        assert_eq!(error["details"]["kind"], json!("TimedOut"), "{error}");
        assert_eq!(error["statement"], json!("SLEEP 1h"));
        let outcomes = query_within(db, "RETURN 1; SLEEP 1h", limit).unwrap();
        assert_eq!(outcomes[0]["value"], json!(1));
        assert_eq!(outcomes[1]["error"]["details"]["kind"], json!("TimedOut"), "{outcomes}");
        assert_eq!(
            query_within(db, "RETURN 2", Duration::from_secs(60)).unwrap()[0]["value"],
            json!(2)
        );
    });
}

#[test]
fn a_transaction_that_is_cancelled_leaves_nothing() {
    Db::each(|db| {
        let id = db.issue_query("BEGIN; CREATE t:1; SLEEP 1h; COMMIT");
        while db.database.counts().in_flight == 0 {
            std::thread::yield_now();
        }
        db.database.cancel(id);
        let outcome = db.answer(id);
        assert!(outcome.is_err() || outcome.as_ref().unwrap()[1]["value"].is_null(), "{outcome:?}");
        db.create("other", json!({})).unwrap();
        assert!(db.select("t").map_or(true, |it| it.as_array().unwrap().is_empty()));
    });
}

#[test]
fn what_a_close_waits_for_is_named() {
    let db = Db::memory();
    let id = db.issue_query("SLEEP 1h");
    let close = db.issue(|database, id| database.close(id));
    let holders = db.ask(|database, id| database.holders(id)).unwrap();
    assert!(holders[0].as_str().unwrap().starts_with("a call of query, which "), "{holders}");
    db.database.cancel(id);
    db.answer(close).unwrap();
}

#[test]
fn a_wait_for_another_database_does_not_keep_one_from_closing() {
    let [db, other] = [Db::memory(), Db::memory()];
    let wait = db.issue(|database, id| database.wait_for_release(id, other.database.released()));
    db.close().unwrap();
    assert_eq!(db.answer(wait).unwrap_err()["details"]["kind"], json!("OutcomeUnknown"));
    let refused = loop {
        // The close is answered a moment before it has ended.
        if let Err(refusal) = db.database.holders(99) {
            break refusal;
        }
    };
    assert_eq!(refused.status, Status::Closed);
    other.close().unwrap();
}
