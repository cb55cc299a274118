//! A store whose process may open no file for a while. (A commit needs a new one
//! when the log is full.) The limit is the process's, so one test does it all.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio, id};
use std::time::{Duration, Instant};

use surrealdartb_rocksdb::{DiskFailure, Effect, RocksDb};
use surrealdb_kvs::{Error, Key, TransactionType};
use surrealdb_kvs_rocksdb::RocksDbConfig;
use tokio::task::JoinSet;

/// A shell that sets the limit: without a descriptor this process can start no
/// other.
struct Limits {
    shell: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Limits {
    fn new() -> Self {
        let mut shell =
            Command::new("sh").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = shell.stdin.take().unwrap();
        let output = BufReader::new(shell.stdout.take().unwrap());
        Self { shell, input, output }
    }

    fn set(&mut self, descriptors: &str) {
        writeln!(self.input, "prlimit --pid {} --nofile={descriptors}: && echo set", id()).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert_eq!(line, "set\n");
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

fn key(number: u32) -> Key<'static> {
    Key::from(format!("key {number:06}").into_bytes())
}

async fn write(store: &RocksDb, number: u32) -> Result<(), Error> {
    let (transaction, generation) = store.begin(TransactionType::Write).await?;
    transaction.set(key(number), vec![0; 16 * 1024]).await?;
    match generation {
        Some(generation) => generation.commit(&*transaction).await,
        None => transaction.commit().await,
    }
}

async fn has(store: &RocksDb, number: u32) -> bool {
    let (transaction, _generation) = store.begin(TransactionType::Read).await.unwrap();
    transaction.exists(key(number), None).await.unwrap()
}

fn refusal(error: &Error) -> DiskFailure {
    let failure = DiskFailure::read(&error.to_string()).unwrap_or_else(|| panic!("{error}"));
    assert_eq!(failure.effect(), Effect::None, "{error}");
    assert!(!failure.is_full(), "{error}");
    failure
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_goes_on_in_its_place_when_its_disk_does() {
    let folder = tempfile::tempdir().unwrap();
    let config = RocksDbConfig { write_buffer_size: 256 * 1024, ..RocksDbConfig::default() };
    let path = folder.path().to_str().unwrap();
    let store = RocksDb::open(path, config, None).await.unwrap();
    let mut limits = Limits::new();
    write(&store, 0).await.unwrap();
    let (reader, generation) = store.begin(TransactionType::Read).await.unwrap();
    let generation = generation.unwrap();

    limits.set("3");
    let mut written = 0;
    let first = loop {
        match write(&store, written + 1).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 1000, "nothing has failed");
    };
    assert!(DiskFailure::read(&first.to_string()).is_some(), "{first}");
    // No other is taken, and readers go on.
    for number in 2000..2005 {
        refusal(&write(&store, number).await.unwrap_err());
    }
    assert!(has(&store, written).await);

    limits.set("4096");
    // What is still being read keeps it from being opened again: a writer waits
    // a little, and is refused.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        let tried = Instant::now();
        refusal(&write(&store, 2005).await.unwrap_err());
        assert!(tried.elapsed() < Duration::from_secs(3));
    }
    // After a second the reader hears of it.
    let deadline = Instant::now() + Duration::from_secs(20);
    while generation.check().is_ok() {
        assert!(Instant::now() < deadline, "its operations do not fail");
        let _ = write(&store, 2006).await;
    }
    refusal(&generation.check().unwrap_err());
    drop((reader, generation));

    // All who wait for it at once find one that is open.
    let store = std::sync::Arc::new(store);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let mut writers = JoinSet::new();
        for number in 3000..3016 {
            let store = store.clone();
            writers.spawn(async move { write(&store, number).await });
        }
        let outcomes = writers.join_all().await;
        if outcomes.iter().all(Result::is_ok) {
            break;
        }
        for error in outcomes.into_iter().filter_map(Result::err) {
            refusal(&error);
        }
        assert!(Instant::now() < deadline, "it is not opened again");
    }
    for number in (0..=written).chain(3000..3016) {
        assert!(has(&store, number).await, "{number} is lost");
    }
    for number in 2000..2007 {
        assert!(!has(&store, number).await, "{number} was refused, and is there");
    }
    store.shut_down().await.unwrap();
    assert!(matches!(write(&store, 0).await, Err(Error::Shutdown)));
}
