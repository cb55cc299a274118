//! The thread on which events are handed on.

use std::io;
use std::sync::OnceLock;
use std::thread::Builder;

use parking_lot::Mutex;
use tokio::runtime::{self, Handle};

/// The engine hands the events of each commit on in a task of its own. Here these tasks run one
/// after the other, in the order in which they were begun.
static RUNTIME: OnceLock<Handle> = OnceLock::new();

static STARTING: Mutex<()> = Mutex::new(());

/// Room for encoding a value that is nested as deeply as may be.
const STACK_BYTES: usize = 4 * 1024 * 1024;

/// Starts the thread, if it does not run. It lives as long as the process, and sleeps when
/// there is nothing to hand on.
///
/// # Errors
///
/// When the operating system refuses a thread. The next call tries again.
pub fn start_deliveries() -> io::Result<()> {
    let _alone = STARTING.lock();
    if RUNTIME.get().is_some() {
        return Ok(());
    }
    let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
    let handle = runtime.handle().clone();
    Builder::new()
        .name("surrealdartb-live".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    let _ = RUNTIME.set(handle);
    Ok(())
}

/// The thread, once it was started.
pub fn deliveries() -> Option<&'static Handle> {
    RUNTIME.get()
}
