//! Ending calls early: by their ids, and by their timeouts.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use support::{CANCELLED, FakePort, TIMED_OUT, barrier, concurrent, encode_failure};
use surrealdartb_bridge::{Answer, Call, Cause, Context, Limits, ReplyKind, Stage};

const VALUE: i32 = ReplyKind::Value as i32;

fn value(text: &str) -> Answer {
    Answer::Value(text.into())
}

fn limited(id: i64, timeout: Duration) -> Call {
    Call { timeout: Some(timeout), ..concurrent(id) }
}

/// A context whose only place is taken by a call that waits to be asked to
/// end, and then tells why.
fn occupied(port: FakePort) -> Context {
    let context =
        Context::new(port.0, Limits { max_in_flight: 1, ..Limits::default() }, encode_failure);
    let (started, begun) = channel();
    context
        .submit(concurrent(0), move |interrupt| {
            started.send(()).unwrap();
            async move {
                interrupt.requested().await;
                value(&format!("{:?}", interrupt.cause()))
            }
        })
        .unwrap();
    begun.recv().unwrap();
    context
}

#[test]
fn a_call_that_runs_is_asked_and_says_how_it_has_ended() {
    let port = FakePort::open();
    let context = occupied(port);
    context.cancel(0);
    let answer = port.answer_to(0);
    assert_eq!((answer.kind, answer.text()), (VALUE, "Some(Cancelled)"));
}

#[test]
fn a_call_that_waits_is_answered_at_once_and_never_begins() {
    let port = FakePort::open();
    let context = occupied(port);
    let begun = Arc::new(AtomicBool::new(false));
    for (id, call) in [(1, concurrent(1)), (2, barrier(2))] {
        let begun = Arc::clone(&begun);
        context
            .submit(call, move |_| {
                begun.store(true, Ordering::SeqCst);
                async { value("begun") }
            })
            .unwrap();
        context.cancel(id);
        assert_eq!(port.answer_to(id).kind, CANCELLED);
    }
    assert_eq!(context.counts().unanswered, 1);
    context.cancel(0);
    assert_eq!(port.wait_for(3).len(), 3);
    context.submit(concurrent(3), |_| async { value("next") }).unwrap();
    assert_eq!(port.answer_to(3).text(), "next");
    assert!(!begun.load(Ordering::SeqCst));
}

#[test]
fn ids_that_are_answered_or_never_were_are_ignored() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    context.submit(concurrent(1), |_| async { value("done") }).unwrap();
    assert_eq!(port.answer_to(1).kind, VALUE);
    for id in [1, 2, 0, -1, i64::MIN, i64::MAX] {
        context.cancel(id);
    }
    context.submit(concurrent(2), |_| async { value("next") }).unwrap();
    assert_eq!(port.answer_to(2).text(), "next");
    assert_eq!(port.messages().len(), 2);
}

#[test]
fn a_timeout_ends_what_runs_and_what_waits() {
    let port = FakePort::open();
    let context =
        Context::new(port.0, Limits { max_in_flight: 1, ..Limits::default() }, encode_failure);
    let limit = Duration::from_millis(50);
    let start = Instant::now();
    context
        .submit(limited(0, limit), |interrupt| async move {
            interrupt.requested().await;
            value(&format!("{:?}", interrupt.cause().unwrap()))
        })
        .unwrap();
    context.submit(limited(1, limit / 2), |_| async { value("never") }).unwrap();
    assert_eq!(port.answer_to(1).kind, TIMED_OUT);
    assert_eq!(port.answer_to(0).text(), format!("{:?}", Cause::TimedOut(limit)));
    assert!(start.elapsed() >= limit);
}

#[test]
fn a_timeout_that_does_not_come_leaves_nothing_behind() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    for id in 0..1000 {
        context
            .submit(limited(id, Duration::from_secs(600)), |_| async { value("in time") })
            .unwrap();
    }
    assert!(port.wait_for(1000).iter().all(|it| it.kind == VALUE));
    assert!(context.calls().is_empty());
}

#[test]
fn a_close_is_the_cause_of_what_it_interrupts() {
    let port = FakePort::open();
    let limits = Limits { grace: Duration::from_millis(20), ..Limits::default() };
    let context = Arc::new(Context::new(port.0, limits, encode_failure));
    context
        .submit(concurrent(1), |interrupt| async move {
            interrupt.requested().await;
            value(&format!("{:?}", interrupt.cause().unwrap()))
        })
        .unwrap();
    context.close(2, async { value("closed") }).unwrap();
    assert_eq!(port.answer_to(1).text(), "Closing");
    assert_eq!(port.answer_to(2).kind, VALUE);
}

#[test]
fn what_is_asked_aside_is_answered_while_a_close_waits() {
    let port = FakePort::open();
    let context = Arc::new(occupied(port));
    context.close(9, async { value("closed") }).unwrap();
    context.answer_aside(1, "aside", async { value("aside") }).unwrap();
    assert_eq!(port.answer_to(1).text(), "aside");
    let calls = context.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].2, Stage::Runs);
    assert!(port.messages().iter().all(|it| it.id != 9));
    context.cancel(0);
    assert_eq!(port.answer_to(9).kind, VALUE);
    assert_eq!(context.counts().unanswered, 0);
}

/// Each of many calls is cancelled at a random moment. It answers once, and
/// tells the truth: cancelled means that its effect is not there.
#[test]
fn random_cancels_are_answered_once_and_truly() {
    const CALLS: usize = 10_000;
    let port = FakePort::open();
    let context = Arc::new(Context::new(
        port.0,
        Limits { max_in_flight: 8, ..Limits::default() },
        encode_failure,
    ));
    let effects: Arc<Vec<AtomicBool>> = Arc::new((0..CALLS).map(|_| false.into()).collect());
    let canceller = std::thread::spawn({
        let context = Arc::clone(&context);
        move || {
            for _ in 0..CALLS {
                context.cancel(fastrand::i64(0..CALLS as i64));
            }
        }
    });
    for id in 0..CALLS {
        let effects = Arc::clone(&effects);
        context
            .submit(concurrent(id as i64), move |interrupt| async move {
                for _ in 0..fastrand::usize(0..4) {
                    tokio::task::yield_now().await;
                    if interrupt.cause().is_some() {
                        return Answer::Error(b"stopped".into());
                    }
                }
                effects[id].store(true, Ordering::SeqCst);
                value("stored")
            })
            .unwrap();
        if fastrand::bool() {
            context.cancel(id as i64);
        }
    }
    canceller.join().unwrap();
    let answers = port.wait_for(CALLS);
    assert_eq!(answers.len(), CALLS);
    let mut ids: Vec<_> = answers.iter().map(|it| it.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CALLS, "some were answered twice");
    let cancelled = answers.iter().filter(|it| it.kind != VALUE).count();
    assert!(cancelled > 0 && cancelled < CALLS, "{cancelled} were cancelled");
    for answer in answers {
        let stored = effects[answer.id as usize].load(Ordering::SeqCst);
        assert_eq!(stored, answer.kind == VALUE, "{answer:?}");
    }
    assert_eq!(context.counts().in_flight, 0);
    assert!(context.calls().is_empty());
}
