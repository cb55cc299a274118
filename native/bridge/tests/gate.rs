//! Nobody is inside a gate that has been closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use surrealdartb_bridge::Gate;

#[test]
fn a_closed_gate_lets_nobody_in() {
    let gate = Gate::new();
    assert_eq!(gate.pass(|| true), Some(true));
    gate.close();
    assert_eq!(gate.pass(|| unreachable!()), None);
    assert!(!gate.is_open());
}

#[test]
fn a_failed_passage_closes_the_gate() {
    let gate = Gate::new();
    assert_eq!(gate.pass(|| false), Some(false));
    assert_eq!(gate.pass(|| unreachable!()), None);
}

#[test]
fn close_returns_only_when_nobody_is_inside() {
    for _ in 0..200 {
        let gate = Arc::new(Gate::new());
        let torn_down = Arc::new(AtomicBool::new(false));
        let walkers: Vec<_> = (0..4)
            .map(|_| {
                let (gate, torn_down) = (Arc::clone(&gate), Arc::clone(&torn_down));
                thread::spawn(move || {
                    while gate
                        .pass(|| {
                            assert!(!torn_down.load(Ordering::SeqCst), "inside after the close");
                            thread::yield_now();
                            assert!(!torn_down.load(Ordering::SeqCst), "inside during the close");
                            true
                        })
                        .is_some()
                    {}
                })
            })
            .collect();
        gate.close();
        torn_down.store(true, Ordering::SeqCst);
        for walker in walkers {
            walker.join().unwrap();
        }
    }
}

#[test]
fn a_passage_that_panics_leaves_the_gate_usable() {
    let gate = Gate::new();
    let passage = std::panic::AssertUnwindSafe(|| gate.pass(|| panic!("inside")));
    std::panic::catch_unwind(passage).unwrap_err();
    assert_eq!(gate.pass(|| true), Some(true));
    gate.close();
    assert!(!gate.is_open());
}
