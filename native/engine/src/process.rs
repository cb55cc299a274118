//! What a store takes of the process: threads, and nothing else that would stay.

use std::sync::Once;
use std::thread::available_parallelism;

use surrealdartb_bridge::{ThreadClaim, keep_descriptor_limit};
use surrealdartb_store::{Failure, Place};
use tokio::task::spawn_blocking;

/// The engine's pool for storage: one per process, but each opening starts it
/// once more, and ends it when it sees the first one (`surrealdb-kvs` 3.3.5,
/// `threadpool.rs`). A thread that it is refused it asks for again at once, until
/// the stack overflows.
const POOL: usize = 16;

/// What RocksDB starts while it opens: those in the background (see
/// `StoreOptions`), fifteen that open tables, and a timer. Refused one, it ends
/// the process. And the engine's thread that syncs.
const ROCKSDB: usize = 4 + 15 + 1 + 1;

/// What a store in memory starts: those that forget old versions.
const MEMORY: usize = 2;

/// The largest of their stacks: RocksDB's, which are the system's default.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Claims the threads that opening a store at `place` takes.
///
/// # Errors
///
/// When the operating system refuses them. Nothing has happened then.
pub(crate) async fn prepare(place: &Place) -> Result<ThreadClaim, Failure> {
    let store = match place {
        Place::Memory => MEMORY,
        Place::Folder(_) => ROCKSDB,
    };
    let prepared = spawn_blocking(move || {
        let cores = available_parallelism().map_or(1, usize::from);
        // Rayon has one for each core.
        let claim = ThreadClaim::new(POOL.max(cores) + store + cores, STACK_BYTES)?;
        static FIRST: Once = Once::new();
        FIRST.call_once(before_the_first);
        Ok(claim)
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
