//! The bridge's gate in every interleaving of its threads. `tool/model` runs it.

#![cfg(test)]

#[path = "../../src/gate.rs"]
mod gate;

mod sync {
    pub(crate) use loom::sync::{Mutex, MutexGuard};
}

use gate::Gate;
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

/// What the gate protects: loom reports an access that overlaps another one.
struct Protected {
    gate: Gate,
    inside: UnsafeCell<u32>,
}

// SAFETY: `inside` is only touched through the gate, or after its close. That
// this is enough is what the model shows.
unsafe impl Sync for Protected {}

impl Protected {
    fn new() -> Arc<Self> {
        Arc::new(Self { gate: Gate::new(), inside: UnsafeCell::new(0) })
    }

    fn walk(&self, stay_open: bool) -> Option<bool> {
        self.gate.pass(|| {
            // SAFETY: nobody else is inside.
            self.inside.with_mut(|inside| unsafe { *inside += 1 });
            stay_open
        })
    }

    fn tear_down(&self) -> u32 {
        // SAFETY: the gate is closed.
        self.inside.with_mut(|inside| unsafe { std::mem::replace(&mut *inside, u32::MAX) })
    }
}

#[test]
fn nobody_is_inside_once_close_has_returned() {
    loom::model(|| {
        let protected = Protected::new();
        let walkers: Vec<_> = (0..2)
            .map(|_| {
                let protected = Arc::clone(&protected);
                thread::spawn(move || u32::from(protected.walk(true).is_some()))
            })
            .collect();
        protected.gate.close();
        let inside = protected.tear_down();
        let passed: u32 = walkers.into_iter().map(|walker| walker.join().unwrap()).sum();
        assert_eq!(inside, passed, "somebody entered after the close");
        assert_eq!(protected.walk(true), None);
    });
}

#[test]
fn a_failed_passage_lets_nobody_follow_it() {
    loom::model(|| {
        let protected = Protected::new();
        let other = Arc::clone(&protected);
        let walker = thread::spawn(move || other.walk(true));
        let failed = protected.walk(false);
        assert_eq!(failed, Some(false));
        let inside = protected.tear_down();
        let passed = walker.join().unwrap();
        assert_eq!(inside, 1 + u32::from(passed.is_some()));
        assert!(!protected.gate.is_open());
    });
}

#[test]
fn both_closes_return() {
    loom::model(|| {
        let protected = Protected::new();
        let other = Arc::clone(&protected);
        let closer = thread::spawn(move || other.gate.close());
        protected.gate.close();
        closer.join().unwrap();
        assert_eq!(protected.walk(true), None);
    });
}
