//! Work that must finish although nobody waits for it any more: the release of
//! what an ended isolate owned.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;

use crate::panic::guard_future;
use crate::runtime::threads;

static UNFINISHED: AtomicUsize = AtomicUsize::new(0);

struct Count;

impl Drop for Count {
    fn drop(&mut self) {
        UNFINISHED.fetch_sub(1, Ordering::Release);
    }
}

/// Runs `work`, which may use the engine, to its end in the background. Returns at
/// once, and may be called from a finalizer: it allocates and wakes a thread,
/// nothing more.
pub fn finish_in_background(work: impl Future<Output = ()> + Send + 'static) {
    finish_on(&threads().engine, work);
}

/// [`finish_in_background`] on `runtime`.
pub(crate) fn finish_on(runtime: &Handle, work: impl Future<Output = ()> + Send + 'static) {
    UNFINISHED.fetch_add(1, Ordering::Relaxed);
    let count = Count;
    runtime.spawn(async move {
        let _count = count;
        // A panic in the background has nobody to be told to.
        let _ = guard_future(work).await;
    });
}

/// How much work is under way in the background.
pub(crate) fn unfinished() -> usize {
    UNFINISHED.load(Ordering::Acquire)
}
