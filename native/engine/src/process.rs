//! What a store takes of the process: threads, and nothing else that would stay.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use surrealdartb_bridge::{ThreadClaim, keep_descriptor_limit};
use surrealdartb_store::{Failure, Place};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// The engine's pool for storage: one per process, but each opening starts it
/// once more, and ends it when it sees the first one (`surrealdb-kvs` 3.3.5,
/// `threadpool.rs`). A thread that it is refused it asks for again at once, until
/// the stack overflows.
const POOL: usize = 16;

/// What RocksDB starts while it opens: fifteen that open tables, and a timer.
/// Refused one, it ends the process. And the engine's thread that syncs.
const ROCKSDB: usize = 15 + 1 + 1;

/// What RocksDB starts with the first store that it opens; see `local/options.rs` of the store.
const ROCKSDB_BACKGROUND: usize = 4;

/// What a store in memory starts: those that forget old versions.
const MEMORY: usize = 2;

/// Threads of the pool that were joined, and that the kernel still counts.
const JUST_ENDED: usize = 2;

/// The largest of their stacks: RocksDB's, which are the system's default.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Whether a store, and whether one of RocksDB's, was opened in this process:
/// then the threads that all of them share run.
static ANY_RUNS: AtomicBool = AtomicBool::new(false);
static ROCKSDB_RUNS: AtomicBool = AtomicBool::new(false);

/// Stores that open at the same time. Each claims the threads of all of them, so
/// hundreds that open at once would start, and end, tens of thousands.
static OPENINGS: Semaphore = Semaphore::const_new(4);

/// Who has waited for this long for others to open takes no turn: they read long
/// logs.
const LONGEST_TURN: Duration = Duration::from_secs(1);

/// The threads of a store that is about to open.
pub(crate) struct Prepared {
    _claim: ThreadClaim,
    _turn: Option<SemaphorePermit<'static>>,
    in_a_folder: bool,
}

impl Prepared {
    /// The store is open, and its threads run.
    pub(crate) fn has_opened(self) {
        ANY_RUNS.store(true, Ordering::Release);
        ROCKSDB_RUNS.fetch_or(self.in_a_folder, Ordering::AcqRel);
    }
}

/// How many threads there are at once while a store opens, beside those that run
/// already.
fn threads_to_open(in_a_folder: bool) -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    let pool = POOL.max(cores);
    let store = match in_a_folder {
        true if ROCKSDB_RUNS.load(Ordering::Acquire) => ROCKSDB,
        true => ROCKSDB + ROCKSDB_BACKGROUND,
        false => MEMORY,
    };
    if ANY_RUNS.load(Ordering::Acquire) {
        // The second pool has ended when the store's own threads start.
        pool.max(store) + JUST_ENDED
    } else {
        pool + store + cores // Rayon has one for each core.
    }
}

/// Claims the threads that opening a store at `place` takes, when it is its turn.
///
/// # Errors
///
/// When the operating system refuses them. Nothing has happened then.
pub(crate) async fn prepare(place: &Place) -> Result<Prepared, Failure> {
    let in_a_folder = matches!(place, Place::Folder(_));
    let turn = timeout(LONGEST_TURN, OPENINGS.acquire()).await.ok().and_then(Result::ok);
    let prepared = spawn_blocking(move || {
        let claim = ThreadClaim::new(threads_to_open(in_a_folder), STACK_BYTES)?;
        static FIRST: Once = Once::new();
        FIRST.call_once(before_the_first);
        Ok(Prepared { _claim: claim, _turn: turn, in_a_folder })
    });
    prepared
        .await
        .map_err(|panic| Failure::internal(panic.to_string()))?
        .map_err(|refused: surrealdartb_bridge::NoThreads| Failure::no_threads(refused))
}

fn before_the_first() {
    // The engine sorts in Rayon's pool, which starts with the first long sort. If
    // it were refused a thread then, no later sort would have it either.
    let _ = rayon::ThreadPoolBuilder::new().build_global();
    // The engine asks for the process's memory, and with it for all processes.
    // This library keeps a file open for each, and raises the limit for that.
    keep_descriptor_limit(|| sysinfo::set_open_files_limit(0));
}
