//! The end of the process.
//!
//! At a normal end the Dart VM shuts its isolates down first, and their
//! finalizers have what they owned released in the background. Then the C library runs its
//! exit handlers and destroys static objects, RocksDB's among them. The
//! handler here gives that a bounded time to finish.
//!
//! Flutter for the desktop returns from the C `main` while its isolates are still at work: no
//! finalizer has run, and calls would use those statics while they are destroyed. So the
//! handler itself has everything released that is not yet, as the finalizers would.
//!
//! `exit()` of `dart:io` runs no handlers and destroys no statics: there the
//! write-ahead log does its work at the next open.

#![allow(unsafe_code)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::background::unfinished;

/// How long the end of the process waits for stores to close.
const PATIENCE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(1);

/// What has all that is still owned released in the background.
static RELEASE: OnceLock<fn()> = OnceLock::new();

/// Registers the exit handler, which calls `release` and waits for its end, once. Called
/// after the first store has opened: handlers run in reverse order, so ours runs before the
/// destruction of the statics that the store's opening has created.
pub fn release_at_exit(release: fn()) {
    if RELEASE.set(release).is_ok() {
        // SAFETY: `wait` is an `extern "C"` function without captures that
        // does not unwind. A refusal (no memory for the entry) only loses the
        // waiting.
        unsafe { libc::atexit(wait) };
    }
}

extern "C" fn wait() {
    if let Some(release) = RELEASE.get() {
        // What panics here has nobody to be told to, and must not cross into C.
        let _ = std::panic::catch_unwind(release);
    }
    let deadline = Instant::now() + PATIENCE;
    while unfinished() > 0 && Instant::now() < deadline {
        std::thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::finish_in_background;

    #[test]
    fn the_end_of_the_process_releases_what_is_owned_and_waits_for_that() {
        static RELEASED: AtomicBool = AtomicBool::new(false);
        release_at_exit(|| {
            finish_in_background(async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                RELEASED.store(true, Ordering::Release);
            });
        });
        wait();
        assert!(RELEASED.load(Ordering::Acquire));
    }
}
