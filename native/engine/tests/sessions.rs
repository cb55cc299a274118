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

fn time_of(work: impl Fn()) -> Duration {
    let times = (0..9).map(|_| {
        let begin = Instant::now();
        work();
        begin.elapsed()
    });
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() / 2]
}

/// The engine copies all parameters of a session for each statement.
#[test]
fn a_large_parameter_costs_only_those_who_read_it() {
    Db::each(|db| {
        let many: Vec<_> = (0..300_000).map(|n| json!({ "n": n, "text": "a text" })).collect();
        db.query("CREATE person:1 SET n = 1").unwrap();
        let without = time_of(|| drop(db.query("RETURN 1").unwrap()));
        db.answer(set(db, "many", json!(many))).unwrap();
        let small = time_of(|| drop(db.query("RETURN 1").unwrap()));
        let select = time_of(|| drop(db.select("person").unwrap()));
        let update = time_of(|| drop(db.update("person:1", json!({ "n": 2 })).unwrap()));
        let reads = time_of(|| assert_eq!(db.value("RETURN array::len($many)"), 300_000));
        eprintln!(
            "without {without:?}; beside 300,000 objects: RETURN 1 {small:?}, select {select:?}, \
             update {update:?}; who reads them {reads:?}"
        );
        for quick in [small, select, update] {
            assert!(quick < reads / 10, "{quick:?} of {reads:?}");
        }
    });
}

/// Most calls are given a session without its large parameters.
#[test]
fn definitions_read_a_large_parameter_as_they_read_a_small_one() {
    Db::each(|db| {
        let many: Vec<_> = (0..1_000).collect();
        db.query(
            "DEFINE FUNCTION fn::len() { RETURN array::len($many) };
             DEFINE FUNCTION fn::outer() { RETURN fn::len() + 1 };
             DEFINE PARAM $many VALUE [1];
             DEFINE EVENT told ON person THEN (CREATE seen SET n = array::len($many));
             DEFINE FIELD n ON person VALUE array::len($many);
             DEFINE FIELD now ON person COMPUTED array::len($many);
             DEFINE TABLE seen",
        )
        .unwrap();
        assert_eq!(db.value("RETURN fn::len()"), 1, "what the database defines");
        for size in [1_000, 3, 1_000] {
            db.answer(set(db, "many", json!(&many[..size]))).unwrap();
            assert_eq!(db.value("RETURN fn::len()"), size);
            assert_eq!(db.value("RETURN fn::outer()"), size + 1);
            let created = db.create("person", json!({})).unwrap();
            assert_eq!((&created["n"], &created["now"]), (&json!(size), &json!(size)));
            let told = "SELECT VALUE n FROM seen";
            assert_eq!(db.value(told), json!([size]), "the event ran once");
            let computed = db.select("person").unwrap();
            assert_eq!(computed[0]["now"], size);
            let two = db.query("RETURN fn::len(); RETURN fn::outer()").unwrap();
            assert_eq!((&two[0]["value"], &two[1]["value"]), (&json!(size), &json!(size + 1)));
            let bound = r#"{"many":[1,2]}"#;
            let answer =
                db.ask(|it, id| it.query(id.into(), "RETURN fn::len()".into(), bound.into()));
            assert_eq!(answer.unwrap()[0]["value"], 2, "a binding goes before it");
            db.query("DELETE person; DELETE seen").unwrap();
        }
        db.ask(|it, id| it.unset(id, r#"{"name":"many"}"#.into())).unwrap();
        assert_eq!(db.value("RETURN fn::len()"), 1);
    });
}
