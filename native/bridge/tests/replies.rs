//! Each accepted call is answered exactly once, whatever becomes of it.

mod support;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::Duration;

use support::{
    CANCELLED, CLOSED, FakePort, PANICKED, UNKNOWN, barrier, call, concurrent, encode_failure,
};
use surrealdartb_bridge::{
    Answer, Context, Executor, Limits, Order, ReplyKind, Stage, Status, Threads,
    finish_in_background,
};

const VALUE: i32 = ReplyKind::Value as i32;
const ERROR: i32 = ReplyKind::Error as i32;
const PART: i32 = ReplyKind::Part as i32;
const DISCARD: i32 = ReplyKind::Discard as i32;

fn quick() -> Limits {
    Limits {
        grace: Duration::from_millis(20),
        patience: Duration::from_millis(50),
        ..Limits::default()
    }
}

fn value(text: &str) -> Answer {
    Answer::Value(text.into())
}

fn close(context: &Arc<Context>, id: i64) {
    context.close(id, async { value("closed") }).unwrap();
}

#[test]
fn a_value_and_an_error_arrive_as_they_are() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, Limits::default(), encode_failure));
    let outcomes = [value("{}"), Answer::Error(b"{\"x\":\"\0\"}".to_vec())];
    for (id, outcome) in (0..).zip(outcomes) {
        context.submit(concurrent(id), |_| async { outcome }).unwrap();
    }
    let kinds: Vec<_> = (0..2).map(|id| port.answer_to(id)).collect();
    assert_eq!((kinds[0].kind, kinds[0].text()), (VALUE, "{}"));
    assert_eq!((kinds[1].kind, kinds[1].text()), (ERROR, "{\"x\":\"\0\"}"));
}

#[test]
fn an_empty_value_arrives() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    context.submit(concurrent(1), |_| async { value("") }).unwrap();
    assert_eq!(port.answer_to(1).kind, VALUE);
}

#[test]
fn a_panic_answers_with_its_text_and_place_and_the_next_call_works() {
    let port = FakePort::open();
    let context = Context::new(port.0, Limits::default(), encode_failure);
    for order in [Order::Concurrent, Order::Barrier] {
        context.submit(call(1, order), |_| async { panic!("in the {}", "call") }).unwrap();
        context
            .submit(call(2, order), |_| -> std::future::Ready<Answer> { panic!("at the start") })
            .unwrap();
    }
    context.submit(barrier(3), |_| async { value("still here") }).unwrap();
    assert_eq!(port.answer_to(3).text(), "still here");
    let messages = port.wait_for(5);
    for message in messages.iter().filter(|m| m.id < 3) {
        assert_eq!(message.kind, PANICKED);
        let text =
            if message.id == 1 { "test: in the call (at " } else { "test: at the start (at " };
        assert!(message.text().contains(text), "{}", message.text());
        assert!(message.text().contains("replies.rs:"), "{}", message.text());
    }
    assert_eq!(messages.len(), 5);
}

/// A call's future, whose end panics.
struct PanicsAtItsEnd;

impl Drop for PanicsAtItsEnd {
    fn drop(&mut self) {
        panic!("at the end");
    }
}

impl Future for PanicsAtItsEnd {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Answer> {
        Poll::Ready(value("known by then"))
    }
}

#[test]
fn a_panic_while_a_call_is_dropped_ends_neither_its_answer_nor_the_queue() {
    let port = FakePort::open();
    let context =
        Context::new(port.0, Limits { max_in_flight: 1, ..Limits::default() }, encode_failure);
    for order in [Order::Concurrent, Order::Barrier] {
        context.submit(call(1, order), |_| PanicsAtItsEnd).unwrap();
    }
    context.submit(concurrent(2), |_| async { value("still here") }).unwrap();
    assert_eq!(port.answer_to(2).text(), "still here");
    let messages = port.wait_for(3);
    assert!(messages.iter().all(|it| it.kind == VALUE), "{messages:?}");
    assert_eq!(messages[0].text(), "known by then");
}

#[test]
fn closing_lets_accepted_calls_finish_first() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, Limits::default(), encode_failure));
    for id in 0..50 {
        context
            .submit(concurrent(id), |_| async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                value("done")
            })
            .unwrap();
    }
    close(&context, 99);
    let refusal = context.submit(concurrent(51), |_| async { value("") }).unwrap_err();
    assert_eq!(refusal.status, Status::Closed);
    let messages = port.wait_for(51);
    assert_eq!(messages.last().unwrap().id, 99, "the close is answered last");
    assert!(messages.iter().all(|m| m.kind == VALUE));
    assert_eq!(context.counts().unanswered, 0);
}

#[test]
fn closing_cancels_what_does_not_finish_and_each_call_says_how_it_ended() {
    let port = FakePort::open();
    let limits = Limits { max_in_flight: 2, ..quick() };
    let context = Arc::new(Context::new(port.0, limits, encode_failure));
    for id in 0..2 {
        context
            .submit(concurrent(id), |interrupt| async move {
                interrupt.requested().await;
                Answer::Error(b"stopped".into())
            })
            .unwrap();
    }
    for id in 2..10 {
        context.submit(concurrent(id), |_| async { value("never started") }).unwrap();
    }
    close(&context, 99);
    let messages = port.wait_for(11);
    for message in &messages {
        let expected = match message.id {
            0 | 1 => ERROR,
            99 => VALUE,
            _ => CLOSED,
        };
        assert_eq!(message.kind, expected, "{message:?}");
    }
}

#[test]
fn a_call_that_ignores_its_cancellation_is_dropped_and_answers() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, quick(), encode_failure));
    context.submit(concurrent(1), |_| std::future::pending()).unwrap();
    context.submit(barrier(2), |_| std::future::pending()).unwrap();
    context.submit(concurrent(3), |_| async { value("behind it") }).unwrap();
    close(&context, 9);
    assert_eq!(port.answer_to(9).kind, VALUE);
    for id in 1..=2 {
        assert_eq!(port.answer_to(id).kind, UNKNOWN, "{id} ran");
    }
    assert_eq!(port.answer_to(3).kind, CLOSED, "it never began");
    assert_eq!(port.messages().len(), 4);
}

#[test]
fn a_call_that_computes_past_a_close_is_given_up_answered_once_and_still_named() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, quick(), encode_failure));
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (ended, end) = std::sync::mpsc::channel();
    context
        .submit(concurrent(1), move |_| async move {
            wait.recv().unwrap(); // No await: nothing can drop it here.
            ended.send(()).unwrap();
            value("too late")
        })
        .unwrap();
    // What is released is free only when the call has ended.
    let (free, freed) = tokio::sync::oneshot::channel::<()>();
    context
        .close(9, async {
            freed.await.unwrap();
            value("closed")
        })
        .unwrap();
    assert_eq!(port.answer_to(1).kind, UNKNOWN);
    let calls = context.calls();
    assert_eq!(calls.iter().map(|call| call.2).collect::<Vec<_>>(), [Stage::GivenUp]);
    context.answer_aside(5, "aside", async { value("aside") }).unwrap();
    port.answer_to(5);
    assert!(port.messages().iter().all(|it| it.id != 9), "the close waits for what it releases");
    go_on.send(()).unwrap();
    end.recv_timeout(Duration::from_secs(10)).unwrap();
    free.send(()).unwrap();
    assert_eq!(port.answer_to(9).text(), "closed");
    assert_eq!(port.messages().len(), 3);
    assert_eq!(context.counts().unanswered, 0);
}

#[test]
fn the_end_of_the_threads_answers_what_runs_what_waits_and_what_comes() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let port = FakePort::open();
    let limits = Limits { max_in_flight: 2, ..quick() };
    let threads = Threads {
        calls: Executor::new(runtime.handle()),
        engine: runtime.handle().clone(),
        timers: runtime.handle().clone(),
    };
    let context = Context::on(&threads, port.0, limits, encode_failure);
    let (started, begun) = std::sync::mpsc::channel();
    for id in 0..2 {
        let started = started.clone();
        context
            .submit(concurrent(id), move |_| {
                started.send(()).unwrap();
                std::future::pending()
            })
            .unwrap();
    }
    for id in 2..10 {
        context.submit(concurrent(id), |_| async { value("never") }).unwrap();
    }
    begun.recv().unwrap();
    begun.recv().unwrap();
    threads.calls.end();
    for id in 0..10 {
        let kind = port.answer_to(id).kind;
        assert_eq!(kind, if id < 2 { UNKNOWN } else { CANCELLED }, "{id}");
    }
    context.submit(concurrent(10), |_| async { value("too late") }).unwrap();
    assert_eq!(port.answer_to(10).kind, CANCELLED);
    assert_eq!(port.messages().len(), 11);
    assert_eq!(context.counts().unanswered, 0);
}

#[test]
fn a_second_close_is_refused() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, quick(), encode_failure));
    close(&context, 1);
    let refusal = context.close(2, async { value("") }).unwrap_err();
    assert_eq!(refusal.status, Status::Closed);
    assert_eq!(port.answer_to(1).kind, VALUE);
}

#[test]
fn a_panic_while_releasing_answers_the_close() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, quick(), encode_failure));
    context.close(1, async { panic!("no way out") }).unwrap();
    assert_eq!(port.answer_to(1).kind, PANICKED);
    assert_eq!(context.counts().unanswered, 0);
}

#[test]
fn an_abandoned_context_posts_nothing_more_and_releases() {
    let port = FakePort::open();
    let context = Arc::new(Context::new(port.0, quick(), encode_failure));
    for id in 0..20 {
        context
            .submit(concurrent(id), |interrupt| async move {
                interrupt.requested().await;
                Answer::Error(b"stopped".into())
            })
            .unwrap();
    }
    let before = port.messages().len();
    let (released, wait) = std::sync::mpsc::channel();
    context.abandon(async move { released.send(()).unwrap() });
    wait.recv_timeout(Duration::from_secs(10)).expect("released");
    assert_eq!(context.counts().unanswered, 0);
    assert_eq!(port.messages().len(), before);
}

#[test]
fn abandoning_while_closing_releases_once() {
    let port = FakePort::open();
    let limits = Limits { grace: Duration::from_secs(60), ..quick() };
    let context = Arc::new(Context::new(port.0, limits, encode_failure));
    context
        .submit(concurrent(1), |interrupt| async move {
            interrupt.requested().await;
            Answer::Error(b"stopped".into())
        })
        .unwrap();
    let (released, wait) = std::sync::mpsc::channel();
    let again = released.clone();
    context
        .close(2, async move {
            released.send("close").unwrap();
            value("")
        })
        .unwrap();
    context.abandon(async move { again.send("abandon").unwrap() });
    assert_eq!(wait.recv_timeout(Duration::from_secs(10)), Ok("close"));
    assert!(wait.recv_timeout(Duration::from_millis(100)).is_err(), "released twice");
    assert!(port.messages().is_empty());
}

#[test]
fn a_dead_port_stops_the_calls_that_nobody_waits_for() {
    let port = FakePort::open();
    let context = Context::new(port.0, quick(), encode_failure);
    let (stopped, wait) = std::sync::mpsc::channel();
    context
        .submit(concurrent(1), |interrupt| async move {
            interrupt.requested().await;
            stopped.send(()).unwrap();
            Answer::Error(b"stopped".into())
        })
        .unwrap();
    port.die();
    context.submit(concurrent(2), |_| async { value("to nobody") }).unwrap();
    wait.recv_timeout(Duration::from_secs(10)).expect("the waiting call was cancelled");
    assert!(port.messages().is_empty());
}

#[test]
fn what_finishes_in_the_background_does_so_even_if_a_neighbour_panics() {
    let (done, wait) = std::sync::mpsc::channel();
    FakePort::open();
    finish_in_background(async { panic!("nobody hears") });
    finish_in_background(async move { done.send(()).unwrap() });
    wait.recv_timeout(Duration::from_secs(10)).unwrap();
}

#[test]
fn parts_come_before_the_answer_and_are_taken_back_only_if_there_were_any() {
    let port = FakePort::open();
    let context = Context::new(port.0, quick(), encode_failure);
    let mut parts = context.parts(7);
    context
        .submit(concurrent(7), move |_| async move {
            parts.discard();
            parts.post(b"[1]".to_vec());
            parts.discard();
            parts.post(b"[2]".to_vec());
            value("[3]")
        })
        .unwrap();
    let messages = port.wait_for(4);
    let seen: Vec<_> = messages.iter().map(|it| (it.id, it.kind, it.text())).collect();
    let seen: Vec<_> = seen.iter().map(|(id, kind, text)| (*id, *kind, &**text)).collect();
    assert_eq!(seen, [(7, PART, "[1]"), (7, DISCARD, ""), (7, PART, "[2]"), (7, VALUE, "[3]")]);
    assert_eq!(context.counts().unanswered, 0);
}
