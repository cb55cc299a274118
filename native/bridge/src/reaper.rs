//! Work that must finish although nobody waits for it any more: the release
//! of what a dead isolate owned.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::panic::guard_future;
use crate::runtime::runtime;

static BURIED: AtomicUsize = AtomicUsize::new(0);

struct Count;

impl Drop for Count {
    fn drop(&mut self) {
        BURIED.fetch_sub(1, Ordering::Release);
    }
}

/// Runs `release` to its end in the background. Returns at once, and may be
/// called from a finalizer: it allocates and wakes a thread, nothing more.
pub fn bury(release: impl Future<Output = ()> + Send + 'static) {
    BURIED.fetch_add(1, Ordering::Relaxed);
    let count = Count;
    runtime().spawn(async move {
        let _count = count;
        // A panic while releasing has nobody to be told to.
        let _ = guard_future(release).await;
    });
}

/// How many releases are under way.
pub(crate) fn buried() -> usize {
    BURIED.load(Ordering::Acquire)
}
