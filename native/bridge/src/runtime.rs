//! The process's one Tokio runtime.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// RocksDB calls run inline on the workers, and the engine keeps two workers
/// free of them: with fewer than four there is no room for both.
const MIN_WORKERS: usize = 4;

/// The stack the engine's authors ask for (`surrealdb` crate, module
/// `engine::local`): its parser and executor recurse.
const STACK_BYTES: usize = 10 * 1024 * 1024;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// How many worker threads the runtime has.
pub fn worker_threads() -> usize {
    std::thread::available_parallelism().map_or(MIN_WORKERS, |cores| cores.get().max(MIN_WORKERS))
}

/// The runtime, started by its first use. It lives as long as the process;
/// without work its threads sleep.
///
/// # Panics
///
/// When the operating system refuses to start the threads.
pub fn runtime() -> &'static Runtime {
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(worker_threads())
            .thread_stack_size(STACK_BYTES)
            .thread_name("surrealdartb")
            .enable_all()
            .build()
            .expect("the Tokio runtime starts")
    })
}
