//! Streams: calls that give parts, each when it is granted.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{
    CANCELLED, CLOSED, FakePort, TIMED_OUT, TOO_MANY, barrier, call, concurrent, encode_failure,
};
use surrealdartb_bridge::{Answer, Context, Limits, NotGranted, Order, ReplyKind};

const VALUE: i32 = ReplyKind::Value as i32;
const PART: i32 = ReplyKind::Part as i32;

/// How many parts come before the first is granted.
const FIRST: usize = 8;

fn context(port: FakePort, limits: Limits) -> Arc<Context> {
    Arc::new(Context::new(port.0, limits, encode_failure))
}

/// A stream of `count` parts, which answers why it has ended.
fn stream(context: &Context, id: i64, count: usize, longest: Option<Duration>) {
    let mut parts = context.parts(id);
    context
        .submit(call(id, Order::Stream), move |interrupt| async move {
            for n in 0..count {
                if let Err(reason) = parts.granted(&interrupt, longest).await {
                    let text = format!("{reason:?}, {:?}", interrupt.cause());
                    return Answer::Value(text.into());
                }
                parts.post(n.to_string().into_bytes());
            }
            Answer::Value(b"all".into())
        })
        .unwrap();
}

fn parts(port: FakePort) -> usize {
    port.messages().iter().filter(|it| it.kind == PART).count()
}

/// Nothing comes that should not: the stream has had time for it.
fn settle(context: &Context) {
    context
        .submit(concurrent(9_999), |_| async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            Answer::Value(Vec::new())
        })
        .unwrap();
}

#[test]
fn a_stream_gives_a_few_parts_and_then_those_that_are_granted() {
    let port = FakePort::open();
    let context = context(port, Limits::default());
    stream(&context, 1, 20, None);
    port.wait_for(FIRST);
    settle(&context);
    port.answer_to(9_999);
    assert_eq!(parts(port), FIRST);
    context.grant(1, 5);
    port.wait_for(FIRST + 5 + 1);
    assert_eq!(parts(port), FIRST + 5);
    context.grant(1, usize::MAX);
    context.grant(1, usize::MAX);
    let messages = port.wait_for(20 + 2);
    let numbers: Vec<_> =
        messages.iter().filter(|it| it.kind == PART).map(|it| it.text().to_owned()).collect();
    assert_eq!(numbers, (0..20).map(|it| it.to_string()).collect::<Vec<_>>());
    let last = messages.last().unwrap();
    assert_eq!((last.kind, last.text()), (VALUE, "all"));
    context.grant(1, 1); // It is answered: nothing happens.
    context.grant(77, 1);
}

#[test]
fn a_stream_that_waits_can_be_cancelled_times_out_and_ends_when_nobody_asks() {
    let port = FakePort::open();
    let context = context(port, Limits::default());
    stream(&context, 1, 20, None);
    port.wait_for(FIRST);
    context.cancel(1);
    let ended = port.wait_for(FIRST + 1).pop().unwrap();
    assert_eq!(ended.text(), format!("{:?}, Some(Cancelled)", NotGranted::Interrupted));

    let port = FakePort::open();
    let context = self::context(port, Limits::default());
    stream(&context, 2, 20, Some(Duration::from_millis(20)));
    let ended = port.wait_for(FIRST + 1).pop().unwrap();
    assert_eq!(ended.text(), format!("{:?}, None", NotGranted::Idle));
}

#[test]
fn streams_take_no_place_of_calls_and_no_barrier_waits_for_them() {
    let port = FakePort::open();
    let context = context(port, Limits { max_in_flight: 1, ..Limits::default() });
    for id in 1..=3 {
        stream(&context, id, 20, None);
    }
    context.submit(barrier(4), |_| async { Answer::Value(b"barrier".into()) }).unwrap();
    context.submit(concurrent(5), |_| async { Answer::Value(b"call".into()) }).unwrap();
    assert_eq!(port.answer_to(4).text(), "barrier");
    assert_eq!(port.answer_to(5).text(), "call");
    assert_eq!(context.counts().in_flight, 0);
    assert_eq!(context.counts().unanswered, 3);
}

#[test]
fn one_stream_too_many_says_so_and_one_that_has_ended_leaves_its_place() {
    let port = FakePort::open();
    let context = context(port, Limits { max_streams: 2, ..Limits::default() });
    stream(&context, 1, 20, None);
    stream(&context, 2, 20, None);
    stream(&context, 3, 20, None);
    assert_eq!(port.answer_to(3).kind, TOO_MANY);
    context.grant(1, 20);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !port.messages().iter().any(|it| it.id == 1 && it.kind == VALUE) {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    // Whoever sees the answer may open the next.
    stream(&context, 4, 0, None);
    assert_eq!(port.answer_to(4).kind, VALUE);
}

#[test]
fn a_close_ends_streams_at_once_with_the_reason() {
    let port = FakePort::open();
    let first = context(port, Limits::default());
    let beside = first.beside().unwrap();
    stream(&first, 1, 20, None);
    stream(&beside, 2, 20, None);
    port.wait_for(2 * FIRST);
    let begin = Instant::now();
    first.close(9, async { Answer::Value(b"closed".into()) }).unwrap();
    let closed = port.answer_to(9);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    assert_eq!(closed.text(), "closed");
    for id in [1, 2] {
        let ended = port.messages().into_iter().rfind(|it| it.id == id).unwrap();
        assert_eq!(ended.text(), format!("{:?}, Some(Closing)", NotGranted::Interrupted));
    }
}

#[test]
fn a_stream_that_waits_for_its_turn_is_answered_by_who_ends_it() {
    let port = FakePort::open();
    let context = context(port, Limits::default());
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    context
        .submit(barrier(1), move |_| async move {
            let _ = wait.await;
            Answer::Value(b"barrier".into())
        })
        .unwrap();
    stream(&context, 2, 1, None);
    stream(&context, 3, 1, None);
    let late = surrealdartb_bridge::Call {
        timeout: Some(Duration::from_millis(20)),
        ..call(4, Order::Stream)
    };
    context.submit(late, |_| async { Answer::Value(Vec::new()) }).unwrap();
    assert_eq!(port.answer_to(4).kind, TIMED_OUT);
    context.cancel(2);
    assert_eq!(port.answer_to(2).kind, CANCELLED);
    context.close(9, async { Answer::Value(b"closed".into()) }).unwrap();
    assert_eq!(port.answer_to(3).kind, CLOSED);
    go.send(()).unwrap();
    assert_eq!(port.answer_to(9).text(), "closed");
}
