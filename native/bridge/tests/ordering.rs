//! What starts when: barriers, overlap, bounds.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{FakePort, barrier, concurrent, encode_failure};
use surrealdartb_bridge::{Answer, Context, Counts, Limits};
use tokio::sync::Barrier;

fn number(n: usize) -> Answer {
    Answer::Value(n.to_string().into_bytes())
}

#[test]
fn a_call_sees_the_state_of_the_barriers_issued_before_it_and_of_no_later_one() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    let state = Arc::new(AtomicUsize::new(0));
    for step in 1..=1000 {
        let written = Arc::clone(&state);
        context
            .submit(barrier(0), move |_| async move {
                tokio::task::yield_now().await;
                written.store(step, Ordering::SeqCst);
                number(step)
            })
            .unwrap();
        let read = Arc::clone(&state);
        context
            .submit(concurrent(step as i64), move |_| {
                let seen = read.load(Ordering::SeqCst);
                async move {
                    tokio::task::yield_now().await;
                    number(seen)
                }
            })
            .unwrap();
    }
    for message in port.wait_for(2000).iter().filter(|m| m.id > 0) {
        assert_eq!(message.text(), message.id.to_string());
    }
}

#[test]
fn calls_between_two_barriers_overlap() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    // Each waits for all the others: one after another they would never end.
    let meeting = Arc::new(Barrier::new(64));
    for id in 0..64 {
        let meeting = Arc::clone(&meeting);
        context
            .submit(concurrent(id), move |_| async move {
                meeting.wait().await;
                number(0)
            })
            .unwrap();
    }
    assert_eq!(port.wait_for(64).len(), 64);
}

#[test]
fn no_more_than_the_limit_run_at_once_and_all_are_answered() {
    let port = FakePort::open();
    let limits = Limits { max_in_flight: 8, ..Limits::default() };
    let context = Context::new(port.0, limits, encode_failure);
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    for id in 0..10_000 {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        context
            .submit(concurrent(id), move |_| {
                let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                async move {
                    tokio::task::yield_now().await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    number(0)
                }
            })
            .unwrap();
    }
    assert_eq!(port.wait_for(10_000).len(), 10_000);
    assert!(most.load(Ordering::SeqCst) <= 8, "{most:?} ran at once");
    let counts = Counts { unanswered: 0, in_flight: 0, most_in_flight: 8 };
    assert_eq!(context.counts(), counts);
}

#[test]
fn contexts_do_not_wait_for_each_other() {
    let (slow, fast) = (FakePort::open(), FakePort::open());
    let busy = Context::new(slow.0, Limits::default(), encode_failure);
    let free = Context::new(fast.0, Limits::default(), encode_failure);
    busy.submit(barrier(1), |_| async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        number(0)
    })
    .unwrap();
    free.submit(barrier(1), |_| async { number(1) }).unwrap();
    assert_eq!(fast.answer_to(1).text(), "1");
    assert!(slow.messages().is_empty());
}
