//! A door that is held open while somebody walks through it.
//!
//! `native/bridge/model` compiles this file with the locks of a model checker
//! in place of the standard library's, and runs it in every interleaving.

use std::sync::PoisonError;

use crate::sync::{Mutex, MutexGuard};

/// Lets callers pass until it is closed, and closes only between passages.
///
/// When [`Gate::close`] returns, nobody is inside and nobody will enter again:
/// whatever the gate protects may be torn down.
#[derive(Debug)]
pub struct Gate {
    open: Mutex<bool>,
}

impl Gate {
    /// An open gate.
    pub fn new() -> Self {
        Self { open: Mutex::new(true) }
    }

    /// Runs `inside` while holding the gate open, or returns `None` when the
    /// gate is closed. A passage that answers `false` closes the gate behind
    /// itself; one that panics leaves it as it was.
    pub fn pass(&self, inside: impl FnOnce() -> bool) -> Option<bool> {
        let mut open = self.lock();
        if !*open {
            return None;
        }
        let stay_open = inside();
        *open = stay_open;
        Some(stay_open)
    }

    /// Closes the gate. Waits for a passage under way, and for nothing else.
    pub fn close(&self) {
        *self.lock() = false;
    }

    /// Whether the gate lets callers pass.
    pub fn is_open(&self) -> bool {
        *self.lock()
    }

    /// A finalizer closes gates: a passage that panicked must not make it
    /// panic, too.
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
