//! Statements that lose against others are repeated: one at a time where they meet,
//! and beside each other where they do not.

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use support::Db;
use surrealdartb_bridge::Limits;

const ROWS: u64 = 30_000;

/// A table of many records, and a counter elsewhere.
fn fill(db: &Db) {
    db.query(&format!("CREATE |big:0..{ROWS}| SET n = 0 RETURN NONE")).unwrap();
    db.query("CREATE counter:1 SET n = 0").unwrap();
}

/// What one small writer saw: how often it wrote, and the longest time of a write.
#[derive(Debug, Default)]
struct Writes {
    count: u64,
    failed: u64,
    longest: Duration,
}

/// Adds one to `record`, again and again, until `done`.
fn write_until(db: &Db, record: &str, done: &AtomicBool) -> Writes {
    let mut writes = Writes::default();
    while !done.load(Ordering::Relaxed) {
        let begin = Instant::now();
        let answer = db.query(&format!("UPDATE {record} SET n += 1")).unwrap();
        writes.longest = writes.longest.max(begin.elapsed());
        writes.count += 1;
        writes.failed += u64::from(answer[0].get("error").is_some());
    }
    writes
}

/// Adds one to all records while one of them is written, and meanwhile does `beside`.
fn large_update<T>(db: &Db, beside: impl FnOnce(&AtomicBool) -> T) -> (Duration, bool, Writes, T) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let small = scope.spawn(|| write_until(db, "big:5", &done));
        let large = scope.spawn(|| {
            let begin = Instant::now();
            let answer = db.query("UPDATE big SET n += 1 RETURN NONE").unwrap();
            done.store(true, Ordering::Relaxed);
            (begin.elapsed(), answer[0].get("error").is_none())
        });
        let beside = beside(&done);
        let (time, ok) = large.join().unwrap();
        (time, ok, small.join().unwrap(), beside)
    })
}

#[test]
fn a_large_update_beside_a_small_writer_comes_to_its_end() {
    Db::each(|db| {
        fill(db);
        let begin = Instant::now();
        db.query("UPDATE big SET n += 1 RETURN NONE").unwrap();
        let alone = begin.elapsed();
        let (time, ok, small, ()) = large_update(db, |_| ());
        eprintln!("{ROWS} records: alone {alone:?}, beside a writer {time:?}; {small:?}");
        assert!(ok, "it gave up after {time:?}");
        assert_eq!(small.failed, 0);
        assert!(small.longest < 10 * alone, "{small:?}, {alone:?}");
        // Nothing is lost, and nothing twice.
        assert_eq!(db.value("big:5.n"), json!(small.count + 2));
        let sum = db.value("math::sum(SELECT VALUE n FROM big)");
        assert_eq!(sum, json!(2 * ROWS + small.count));
    });
}

#[test]
fn an_increment_elsewhere_does_not_wait_for_a_large_update() {
    Db::each(|db| {
        fill(db);
        let (time, ok, small, longest) = large_update(db, |done| {
            let mut longest = Duration::ZERO;
            while !done.load(Ordering::Relaxed) {
                let begin = Instant::now();
                let ids: Vec<_> =
                    (0..60).map(|_| db.issue_query("UPDATE counter:1 SET n += 1")).collect();
                for id in ids {
                    db.answer(id).unwrap();
                }
                longest = longest.max(begin.elapsed());
            }
            longest
        });
        eprintln!("60 increments {longest:?} at most, beside {time:?}; {small:?}");
        assert!(ok && longest < time / 2, "{ok}: {longest:?} of {time:?}");
    });
}

/// How long a small call took while eight others, which have all the places, waited
/// for their turn: before `slow_has_ended`, which has its.
fn small_call_beside_eight(db: &Db, slow_has_ended: impl Fn() -> bool) -> Option<Duration> {
    let mut ids = Vec::new();
    let mut took = None;
    while took.is_none() && !slow_has_ended() {
        let counts = db.database.counts();
        if counts.unanswered < 8 {
            ids.push(db.issue_query("UPDATE counter:1 SET n += 1"));
        } else if counts.in_flight == 0 {
            let begin = Instant::now();
            db.query("RETURN 1").unwrap();
            took = Some(begin.elapsed()).filter(|_| db.database.counts().unanswered == 8);
        }
    }
    for id in ids {
        assert!(db.answer(id).unwrap()[0].get("error").is_none());
    }
    took
}

#[test]
fn statements_that_wait_for_their_turn_leave_their_places_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = format!("rocksdb://{}", folder.path().join("db").display());
    for endpoint in ["mem://places", &path] {
        let other = Db::new();
        other.connect(endpoint).unwrap();
        other.query("CREATE counter:1 SET n = 0").unwrap();
        let db = Db::with_limits(Limits { max_in_flight: 8, ..Limits::default() });
        db.connect(endpoint).unwrap();
        // It loses, and sleeps again in its turn.
        let slow = other.issue_query("UPDATE counter:1 SET n += 1, slept = { SLEEP 1s; true }");
        let time = small_call_beside_eight(&db, || other.database.counts().unanswered == 0);
        eprintln!("RETURN 1 beside eight that wait, of eight places: {time:?}");
        assert!(time.is_some());
        assert!(other.answer(slow).unwrap()[0].get("error").is_none());
        assert_eq!(db.database.counts().most_in_flight, 8);
        for db in [db, other] {
            db.close().unwrap();
        }
    }
}
