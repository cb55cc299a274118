//! Whether the operating system still gives threads.
//!
//! Much of what is inside a store starts threads that it must have: Tokio's
//! workers (a runtime that gets only some of them hangs for ever), the engine's
//! pools, and RocksDB's, whose C++ ends the process when it is refused one. None
//! of it can be caught afterwards. So they are asked for before.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::{Builder, JoinHandle, available_parallelism};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::stack::leave_out_of_copies;
use crate::status::{Refusal, Status};

/// How many processors this process might use when it first asked: finding out
/// reads files of the system.
pub(crate) fn processors() -> usize {
    static PROCESSORS: LazyLock<usize> =
        LazyLock::new(|| available_parallelism().map_or(1, usize::from));
    *PROCESSORS
}

/// RocksDB calls run inline on the threads of calls, and the engine keeps two of
/// those free of them: with fewer than four there is no room for both.
const MIN_WORKERS: usize = 4;

/// How many threads run calls, without those that one call keeps for long.
pub fn worker_threads() -> usize {
    processors().max(MIN_WORKERS)
}

/// How many threads those need who have been told that they can have them.
static CLAIMED: AtomicUsize = AtomicUsize::new(0);

/// A thread that was joined counts until the kernel has taken it down, some
/// microseconds later; or this much later, on a machine that stands still.
const LONGEST_END: Duration = Duration::from_millis(200);

/// The operating system does not give as many threads as are needed.
#[derive(Debug)]
pub struct NoThreads {
    needed: usize,
    reason: io::Error,
}

impl NoThreads {
    pub(crate) fn new(needed: usize, reason: io::Error) -> Self {
        Self { needed, reason }
    }
}

impl fmt::Display for NoThreads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { needed, reason } = self;
        write!(
            f,
            "the operating system refuses another thread ({reason}), and opening a database needs \
             {needed} more. Raise the limit of threads (`ulimit -u`, or pids.max of the control \
             group or container) or of memory, or end what runs beside it, and connect again"
        )
    }
}

impl std::error::Error for NoThreads {}

impl From<NoThreads> for Refusal {
    fn from(error: NoThreads) -> Self {
        Self::new(Status::NoThreads, error.to_string())
    }
}

/// The right to start some threads. It is held until they are started: whoever
/// asks meanwhile asks for threads beside these.
#[derive(Debug)]
pub struct ThreadClaim(usize);

impl ThreadClaim {
    /// Claims `count` threads with stacks of `stack` bytes, by starting as many
    /// and ending them again. Takes about twenty microseconds for each.
    ///
    /// Nobody can promise that they are still there a moment later: another
    /// program may take them.
    ///
    /// # Errors
    ///
    /// When they cannot all be started at once, beside those of other claims.
    pub fn new(count: usize, stack: usize) -> Result<Self, NoThreads> {
        let all = CLAIMED.fetch_add(count, Ordering::AcqRel) + count;
        let claim = Self(count);
        start_and_end(all, stack).map_err(|reason| NoThreads::new(count, reason))?;
        Ok(claim)
    }
}

impl Drop for ThreadClaim {
    fn drop(&mut self) {
        CLAIMED.fetch_sub(self.0, Ordering::AcqRel);
    }
}

/// Whether there is memory for another thread with a stack of `stack` bytes, and some
/// for its beginning: Rust's library maps a second, small stack for signals then, and
/// ends the process when it cannot.
pub(crate) fn has_room_for_thread(stack: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(stack + BEGINNING).is_ok()
}

/// Far more than a thread maps as it begins.
const BEGINNING: usize = 4 << 20;

/// Has `count` threads at once, and then none of them.
fn start_and_end(count: usize, stack: usize) -> io::Result<()> {
    let gate = Arc::new(Mutex::new(()));
    let shut = gate.lock();
    let mut threads = Vec::with_capacity(count);
    let started = (0..count).try_for_each(|_| {
        if !has_room_for_thread(stack) {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        let gate = Arc::clone(&gate);
        let wait = move || {
            leave_out_of_copies();
            drop(gate.lock());
            own_entry()
        };
        let thread = Builder::new().name("surrealdartb".into()).stack_size(stack);
        threads.push(thread.spawn(wait)?);
        Ok(())
    });
    drop(shut);
    let entries: Vec<_> = threads.into_iter().filter_map(|it| it.join().ok().flatten()).collect();
    let deadline = Instant::now() + LONGEST_END;
    while entries.iter().any(|it| it.exists()) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    started
}

/// Where the kernel lists this thread, if it does.
fn own_entry() -> Option<PathBuf> {
    let entry = std::fs::read_link("/proc/thread-self").ok()?;
    Some(PathBuf::from("/proc").join(entry))
}

/// Runs `start` in a thread of its own, and waits for `limit` at most: what
/// hangs then hangs alone.
pub(crate) fn apart<T: Send + 'static>(
    limit: Duration,
    start: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let thread = Builder::new().name("surrealdartb".into());
    let _: JoinHandle<()> = thread.spawn(move || drop(tell.send(start())))?;
    told.recv_timeout(limit)
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "they did not start in time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_hangs_apart() {
        let hangs = || loop {
            std::thread::park();
        };
        let outcome: io::Result<()> = apart(Duration::from_millis(20), hangs);
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(apart(Duration::from_secs(20), || 1).unwrap(), 1);
    }

    #[test]
    fn whoever_asks_meanwhile_asks_for_threads_beside_those_that_are_claimed() {
        let before = CLAIMED.load(Ordering::Acquire);
        let first = ThreadClaim::new(2, 64 * 1024).unwrap();
        let second = ThreadClaim::new(3, 64 * 1024).unwrap();
        assert_eq!(CLAIMED.load(Ordering::Acquire), before + 5);
        drop((first, second));
        assert_eq!(CLAIMED.load(Ordering::Acquire), before);
    }
}
