//! Calls that wait for others lend their places.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{CANCELLED, FakePort, concurrent, encode_failure};
use surrealdartb_bridge::{Answer, Context, Counts, Limits};
use tokio::sync::Notify;
use tokio::task::yield_now;

fn with_places(port: FakePort, max_in_flight: usize) -> Context {
    Context::new(port.0, Limits { max_in_flight, ..Limits::default() }, encode_failure)
}

fn done() -> Answer {
    Answer::Value(b"0".into())
}

#[test]
fn the_next_call_runs_in_a_place_that_is_lent_and_the_lender_goes_on_before_those_behind() {
    let port = FakePort::open();
    let context = with_places(port, 1);
    let (go_on, has_lent) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, lent) = (Arc::clone(&go_on), Arc::clone(&has_lent));
    context
        .submit(concurrent(1), move |interrupt| async move {
            let place = interrupt.place().unwrap();
            place.lend();
            lent.notify_one();
            told.notified().await;
            assert!(!place.take_back_at_once(), "the next call has it");
            place.take_back().await;
            done()
        })
        .unwrap();
    let goes_on = Arc::clone(&go_on);
    context
        .submit(concurrent(2), move |_| async move {
            has_lent.notified().await;
            goes_on.notify_one();
            tokio::time::sleep(Duration::from_millis(20)).await;
            done()
        })
        .unwrap();
    context.submit(concurrent(3), |_| async { done() }).unwrap();
    let order: Vec<_> = port.wait_for(3).iter().map(|it| it.id).collect();
    assert_eq!(order, [2, 1, 3]);
    assert_eq!(context.counts(), Counts { unanswered: 0, in_flight: 0, most_in_flight: 1 });
}

#[test]
fn no_more_than_the_limit_run_at_once_however_often_they_lend() {
    let port = FakePort::open();
    let context = with_places(port, 8);
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for id in 0..2_000 {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        context
            .submit(concurrent(id), move |interrupt| async move {
                let place = interrupt.place().unwrap();
                for _ in 0..5 {
                    let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    yield_now().await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    place.lend();
                    yield_now().await;
                    if !place.take_back_at_once() {
                        place.take_back().await;
                    }
                }
                done()
            })
            .unwrap();
    }
    assert_eq!(port.wait_for(2_000).len(), 2_000);
    assert!(most.load(Ordering::SeqCst) <= 8, "{most:?} ran at once");
    assert_eq!(context.counts(), Counts { unanswered: 0, in_flight: 0, most_in_flight: 8 });
}

#[test]
fn a_call_that_ends_while_its_place_is_lent_takes_none() {
    let port = FakePort::open();
    let context = with_places(port, 1);
    for id in 1..=3 {
        context
            .submit(concurrent(id), |interrupt| async move {
                interrupt.place().unwrap().lend();
                interrupt.requested().await;
                done()
            })
            .unwrap();
    }
    // It wants a place that it never gets.
    context
        .submit(concurrent(4), |interrupt| async move {
            let place = interrupt.place().unwrap();
            place.lend();
            tokio::select! {
                () = std::future::pending() => {}
                () = interrupt.requested() => {}
            }
            done()
        })
        .unwrap();
    (1..=4).for_each(|id| context.cancel(id));
    assert_eq!(port.wait_for(4).len(), 4);
    assert!(port.messages().iter().all(|it| it.kind != CANCELLED || it.id > 1));
    context.submit(concurrent(5), |_| async { done() }).unwrap();
    assert_eq!(port.wait_for(5)[4].id, 5);
    assert_eq!(context.counts(), Counts { unanswered: 0, in_flight: 0, most_in_flight: 1 });
}

#[test]
fn a_close_gives_up_calls_whose_places_are_lent() {
    let port = FakePort::open();
    let short = Duration::from_millis(20);
    let limits = Limits { max_in_flight: 1, grace: short, patience: short, ..Limits::default() };
    let context = Arc::new(Context::new(port.0, limits, encode_failure));
    for id in 1..=2 {
        context
            .submit(concurrent(id), |interrupt| async move {
                interrupt.place().unwrap().lend();
                std::future::pending().await
            })
            .unwrap();
    }
    context.close(9, async { done() }).unwrap();
    assert_eq!(port.wait_for(3)[2].id, 9);
    assert_eq!(context.counts().in_flight, 0);
}
