//! The process's threads: those on which calls run, the Tokio runtime that the
//! engine finds there, and another one, which the engine does not know, for what
//! must not wait for it: timers, cancels and answers.

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::executor::Executor;
use crate::panic::{guard, install_panic_hook};
use crate::priority::{Rank, Thread};
use crate::stack::{STACK_BYTES, leave_out_of_copies};
use crate::threads::{NoThreads, ThreadClaim, apart, processors};

/// Two parts of a statement can work at the same time, on any machine.
const MIN_ENGINE_THREADS: usize = 2;

/// How many threads may block, beside the workers: those that sort, and those
/// that open, sync and close files.
const MOST_BLOCKING: usize = 32;

/// Threads that block do not end. Tokio panics when it has none of them and
/// gets none; as long as it has one, what has to block waits for it.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long threads may take to start.
const PATIENCE: Duration = Duration::from_secs(5);

static THREADS: OnceLock<(Threads, [Runtime; 2])> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

/// Where a context's work runs.
#[derive(Clone, Debug)]
pub struct Threads {
    /// The calls.
    pub calls: Executor,
    /// What calls start beside themselves, and what ends stores.
    pub engine: Handle,
    /// Timers, and answers that no call gives. Nothing here computes.
    pub timers: Handle,
}

/// How many threads run what calls start beside themselves. More than there are
/// processors would only take them from the calls.
fn engine_threads() -> usize {
    processors().max(MIN_ENGINE_THREADS)
}

/// Starts the threads, if they do not run yet. They live as long as the process;
/// without work they sleep.
///
/// # Errors
///
/// When the operating system refuses threads. Then nothing is left behind, and
/// the next call tries again.
pub fn start_threads() -> Result<&'static Threads, NoThreads> {
    if let Some((threads, _)) = THREADS.get() {
        return Ok(threads);
    }
    let _alone = STARTING.lock();
    if let Some((threads, _)) = THREADS.get() {
        return Ok(threads);
    }
    install_panic_hook();
    // The workers, one that may block, the timers', the first that runs calls and the
    // one that looks at those; and the one that starts them.
    let threads = engine_threads() + 5;
    let _claim = ThreadClaim::new(threads, STACK_BYTES)?;
    let refused = |reason| NoThreads::new(threads, reason);
    // A runtime that gets only some of its workers panics, and then waits for
    // those that it has, which never end.
    let started = apart(PATIENCE, || guard(build)).map_err(refused)?;
    let started = started.map_err(|panic| refused(io::Error::other(panic.to_string())))?;
    Ok(&THREADS.get_or_init(|| started).0)
}

/// The threads, which are started if need be.
///
/// # Panics
///
/// When the operating system refuses threads: who wants to hear of that calls
/// [`start_threads`] first.
pub fn threads() -> &'static Threads {
    start_threads().unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn build() -> (Threads, [Runtime; 2]) {
    let engine = Builder::new_multi_thread()
        .worker_threads(engine_threads())
        .max_blocking_threads(MOST_BLOCKING)
        .thread_keep_alive(FOR_EVER)
        .thread_stack_size(STACK_BYTES)
        .thread_name("surrealdartb")
        .on_thread_start(|| {
            leave_out_of_copies();
            Thread::current().map(|it| it.lower(Rank::BESIDE));
        })
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    // Starts the first thread that blocks.
    drop(engine.spawn_blocking(|| ()));
    let timers = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("surrealdartb-timers")
        .enable_time()
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let calls = Executor::new(engine.handle());
    // Starts the first thread that runs calls.
    calls.spawn(calls.new_id(), async {});
    let (engine_handle, timers_handle) = (engine.handle().clone(), timers.handle().clone());
    (Threads { calls, engine: engine_handle, timers: timers_handle }, [engine, timers])
}
