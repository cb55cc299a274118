//! The states of a session are values, of any size.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::Db;
use tokio::runtime::Runtime;

fn set(db: &Db, name: &str, value: serde_json::Value) -> i64 {
    let arguments = json!({ "name": name, "value": value }).to_string();
    db.issue(|database, id| database.set(id, arguments.into()))
}

/// A finalizer runs inside a garbage collection: all of the program waits for it.
#[test]
fn the_end_of_an_isolate_does_not_wait_for_the_copy_of_a_session() {
    let runtime = Runtime::new().unwrap();
    let many: Vec<_> = (0..1_500_000).collect();
    let (mut copies, mut ends) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let db = Db::memory();
        db.answer(set(&db, "many", json!(many))).unwrap();
        // It holds the session as it is, so a change of it has to copy.
        db.issue_query("SLEEP 1m");
        let begin = Instant::now();
        db.answer(set(&db, "one", json!(1))).unwrap();
        copies.push(begin.elapsed());
        set(&db, "two", json!(2));
        while db.database.counts().in_flight < 2 {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(1)); // Into the midst of the copy.
        let begin = Instant::now();
        db.database.abandon();
        ends.push(begin.elapsed());
        runtime.block_on(db.database.released());
    }
    let (copy, end) = (copies.iter().min().unwrap(), ends.iter().max().unwrap());
    assert!(*end < *copy / 4, "{ends:?} of {copies:?}");
}
