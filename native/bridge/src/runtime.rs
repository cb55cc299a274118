//! The process's one Tokio runtime.

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};

use crate::panic::{guard, install_panic_hook};
use crate::threads::{NoThreads, ThreadClaim, apart};

/// RocksDB calls run inline on the workers, and the engine keeps two workers
/// free of them: with fewer than four there is no room for both.
const MIN_WORKERS: usize = 4;

/// The engine recurses once per level of a value, and per part of a path that a
/// statement builds; its authors ask for 10 MiB, which 40,000 parts overflow, or a
/// function that calls itself 120 times from within a long sum.
/// The system gives the memory as it is touched. (See
/// `doc/decisions/0015-a-path-has-an-end.md`.)
const STACK_BYTES: usize = if cfg!(target_pointer_width = "64") { 256 << 20 } else { 64 << 20 };

/// How many threads may block, beside the workers: those that sort, and those
/// that open, sync and close files.
const MOST_BLOCKING: usize = 32;

/// Threads that block do not end. Tokio panics when it has none of them and
/// gets none; as long as it has one, what has to block waits for it.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long threads may take to start.
const PATIENCE: Duration = Duration::from_secs(5);

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

/// How many worker threads the runtime has.
pub fn worker_threads() -> usize {
    std::thread::available_parallelism().map_or(MIN_WORKERS, |cores| cores.get().max(MIN_WORKERS))
}

/// Starts the runtime, if it does not run yet. It lives as long as the process;
/// without work its threads sleep.
///
/// # Errors
///
/// When the operating system refuses threads. Then nothing is left behind, and
/// the next call tries again.
pub fn start_runtime() -> Result<&'static Runtime, NoThreads> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let _alone = STARTING.lock();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    install_panic_hook();
    // The workers, one that may block, and the one that starts them.
    let threads = worker_threads() + 2;
    let _claim = ThreadClaim::new(threads, STACK_BYTES)?;
    let refused = |reason| NoThreads::new(threads, reason);
    // A runtime that gets only some of its workers panics, and then waits for
    // those that it has, which never end.
    let runtime = apart(PATIENCE, || guard(build)).map_err(refused)?;
    let runtime = runtime.map_err(|panic| refused(io::Error::other(panic.to_string())))?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

/// The runtime, which is started if need be.
///
/// # Panics
///
/// When the operating system refuses threads: who wants to hear of that calls
/// [`start_runtime`] first.
pub fn runtime() -> &'static Runtime {
    start_runtime().unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn build() -> Runtime {
    let runtime = Builder::new_multi_thread()
        .worker_threads(worker_threads())
        .max_blocking_threads(MOST_BLOCKING)
        .thread_keep_alive(FOR_EVER)
        .thread_stack_size(STACK_BYTES)
        .thread_name("surrealdartb")
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    // Starts the first thread that blocks.
    drop(runtime.spawn_blocking(|| ()));
    runtime
}
