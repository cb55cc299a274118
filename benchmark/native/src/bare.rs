//! The workloads on the bare Rust SDK: what an application in Rust would see,
//! and so the limit of what a bridge can reach.
//!
//! One argument, JSON: how much of each workload, and a folder for stores.
//! Prints a line of JSON for each figure; `benchmark/METHODOLOGY.md` says what
//! each is.
#![recursion_limit = "256"]

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use surrealdb::Surreal;
use surrealdb::engine::local::{Db, Mem, RocksDb};
use surrealdb::types::{Object, RecordId, SurrealValue, Value, Variables, array, object};

/// The stack that the SDK's documentation asks for.
const STACK_BYTES: usize = 10 * 1024 * 1024;

fn main() -> surrealdb::Result<()> {
    let sizes = std::env::args().nth(1).expect("an argument with the sizes");
    let sizes = Sizes(serde_json::from_str(&sizes).expect("the sizes are JSON"));
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .expect("the runtime starts")
        .block_on(async {
            if sizes.0["startUp"] == true {
                let db = open(None).await?;
                run(&db, "RETURN 1", Variables::new()).await?;
                return Ok(());
            }
            memory(&sizes).await?;
            rocksdb(&sizes).await
        })
}

/// How much of each workload there is to do.
struct Sizes(serde_json::Value);

impl Sizes {
    fn number(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap_or_else(|| panic!("the size {name}"))
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.0["folder"].as_str().expect("a folder"))
    }
}

async fn memory(sizes: &Sizes) -> surrealdb::Result<()> {
    let db = open(None).await?;
    say("version", &db.version().await?.to_string());
    say_memory("memory_open");

    let calls = sizes.number("calls");
    sequential("empty", calls, |_| async {
        tokio::spawn(async {}).await.expect("nothing fails");
        Ok(())
    })
    .await?;
    sequential("return_1", calls, |_| async { run(&db, "RETURN 1", Variables::new()).await })
        .await?;
    at_once("return_1_at_once", calls * 3, &db, |db, _| {
        Box::pin(async move { run(&db, "RETURN 1", Variables::new()).await })
    })
    .await?;
    say_memory("memory_return_1");

    sequential("create", calls, |i| create(&db, "person", i)).await?;
    run(&db, "CREATE p2:0", Variables::new()).await?;
    at_once("create_at_once", calls * 2, &db, |db, i| {
        Box::pin(async move { create(&db, "p2", i as i64).await })
    })
    .await?;
    say_memory("memory_create");

    sequential("select_by_id", calls, |i| {
        let mut variables = Variables::new();
        variables.insert("id", RecordId::new("person", i.max(0) + 1_000_000));
        let db = &db;
        async move { run(db, "SELECT * FROM $id", variables).await }
    })
    .await?;

    run(&db, sizes.0["fill"].as_str().expect("a text"), Variables::new()).await?;
    let mut times = Vec::new();
    for _ in 0..sizes.number("selects") {
        let start = Instant::now();
        let rows = query(&db, "SELECT * FROM big", Variables::new()).await?;
        times.push(start.elapsed());
        assert_eq!(rows.as_array().map(|it| it.len()), Some(10_000));
    }
    say("select_10k", &milliseconds(median(&mut times)));
    say_memory("memory_select_10k");

    say("insert_10k", &milliseconds(insert(&db, sizes.number("inserts")).await?));
    say_memory("memory_insert_10k");
    drop(db);

    open_close("open_close", sizes.number("opens"), |_| None).await
}

async fn rocksdb(sizes: &Sizes) -> surrealdb::Result<()> {
    let db = open(Some(sizes.path("bare"))).await?;
    let calls = sizes.number("rocksdb");
    sequential("rocksdb_create", calls, |i| create(&db, "person", i)).await?;
    run(&db, "CREATE p2:0", Variables::new()).await?;
    at_once("rocksdb_create_at_once", calls * 4, &db, |db, i| {
        Box::pin(async move { create(&db, "p2", i as i64).await })
    })
    .await?;
    say("rocksdb_insert_10k", &milliseconds(insert(&db, 1).await?));
    say_memory("memory_rocksdb");
    drop(db);
    open_close("rocksdb_open_close", sizes.number("opens"), |turn| {
        Some(sizes.path(&format!("bare_{turn}")))
    })
    .await
}

async fn open(path: Option<String>) -> surrealdb::Result<Surreal<Db>> {
    let db = match path {
        None => Surreal::new::<Mem>(()).await?,
        Some(path) => Surreal::new::<RocksDb>(path.as_str()).await?,
    };
    db.use_ns("bench").use_db("bench").await?;
    Ok(db)
}

/// The SDK has no close to wait for: a dropped handle closes some time later.
async fn open_close(
    name: &str,
    turns: u64,
    path: impl Fn(u64) -> Option<String>,
) -> surrealdb::Result<()> {
    let mut times = Vec::new();
    for turn in 0..turns {
        let start = Instant::now();
        drop(open(path(turn)).await?);
        times.push(start.elapsed());
    }
    say(name, &milliseconds(median(&mut times)));
    Ok(())
}

async fn query(db: &Surreal<Db>, text: &str, variables: Variables) -> surrealdb::Result<Value> {
    db.query(text).bind(variables).await?.take::<Value>(0)
}

async fn run(db: &Surreal<Db>, text: &str, variables: Variables) -> surrealdb::Result<()> {
    black_box(query(db, text, variables).await?);
    Ok(())
}

async fn create(db: &Surreal<Db>, table: &'static str, i: i64) -> surrealdb::Result<()> {
    let mut variables = Variables::new();
    variables.insert("id", RecordId::new(table, i + 1_000_000));
    variables.insert("d", document(i));
    run(db, "CREATE $id CONTENT $d", variables).await
}

fn document(i: i64) -> Object {
    object! {
        name: "John".to_owned(),
        age: i,
        tags: array!["a".to_owned(), "b".to_owned()],
        nested: object! { x: 1.5, y: true },
    }
}

/// The median time to insert ten thousand documents in one statement.
async fn insert(db: &Surreal<Db>, turns: u64) -> surrealdb::Result<Duration> {
    let mut times = Vec::new();
    for turn in 0..turns {
        let rows: Vec<Value> = (0..10_000).map(|i| document(i).into_value()).collect();
        let mut variables = Variables::new();
        variables.insert("rows", rows);
        let start = Instant::now();
        run(db, &format!("INSERT INTO bulk{turn} $rows"), variables).await?;
        times.push(start.elapsed());
    }
    Ok(median(&mut times))
}

/// One call after the other: the median time of each.
async fn sequential<F>(name: &str, calls: u64, body: impl Fn(i64) -> F) -> surrealdb::Result<()>
where
    F: Future<Output = surrealdb::Result<()>>,
{
    for i in 0..calls.min(200) {
        body(-(i as i64) - 1).await?;
    }
    let mut times = Vec::with_capacity(calls as usize);
    for i in 0..calls {
        let start = Instant::now();
        body(i as i64).await?;
        times.push(start.elapsed());
    }
    say(name, &(median(&mut times).as_secs_f64() * 1e6));
    Ok(())
}

type Called = Pin<Box<dyn Future<Output = surrealdb::Result<()>> + Send>>;

/// 64 calls under way at any time: how many there are in a second.
async fn at_once(
    name: &str,
    calls: u64,
    db: &Surreal<Db>,
    body: fn(Surreal<Db>, u64) -> Called,
) -> surrealdb::Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let workers: Vec<_> = (0..64)
        .map(|_| {
            let (next, db) = (Arc::clone(&next), db.clone());
            tokio::spawn(async move {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= calls {
                        return surrealdb::Result::Ok(());
                    }
                    body(db.clone(), i).await?;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("no worker panics")?;
    }
    say(name, &(calls as f64 / start.elapsed().as_secs_f64()));
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn say(name: &str, value: &(impl serde::Serialize + ?Sized)) {
    println!("{}", json!({ "name": name, "value": value }));
}

/// The resident memory, in MiB.
fn say_memory(name: &str) {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split(' ').nth(1).and_then(|it| it.parse::<f64>().ok());
    if let Some(resident) = resident {
        say(name, &(resident * 4096.0 / 1_048_576.0));
    }
}
