//! The end of the process.
//!
//! At a normal end the Dart VM shuts its isolates down first, and their
//! finalizers have what they owned released in the background. Then the C library runs its
//! exit handlers and destroys static objects, RocksDB's among them. The
//! handler here gives that a bounded time to finish.
//! `exit()` of `dart:io` runs no handlers and destroys no statics: there the
//! write-ahead log does its work at the next open.

#![allow(unsafe_code)]

use std::sync::Once;
use std::time::{Duration, Instant};

use crate::background::unfinished;

/// How long the end of the process waits for stores to close.
const PATIENCE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(1);

/// Registers the exit handler, once. Called after the first store has opened:
/// handlers run in reverse order, so ours runs before the destruction of the
/// statics that the store's opening has created.
pub fn wait_for_background_at_exit() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // SAFETY: `wait` is an `extern "C"` function without captures that
        // does not unwind. A refusal (no memory for the entry) only loses the
        // waiting.
        unsafe { libc::atexit(wait) };
    });
}

extern "C" fn wait() {
    let deadline = Instant::now() + PATIENCE;
    while unfinished() > 0 && Instant::now() < deadline {
        std::thread::sleep(POLL);
    }
}
