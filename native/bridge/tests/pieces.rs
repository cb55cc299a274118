//! What a call is given in pieces.

mod support;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use support::{FakePort, barrier, call, concurrent, encode_failure};
use surrealdartb_bridge::{Answer, Call, Context, Counts, Limits, Order, ReplyKind};

fn with_places(port: FakePort, max_in_flight: usize) -> Arc<Context> {
    let limits = Limits { max_in_flight, ..Limits::default() };
    Arc::new(Context::new(port.0, limits, encode_failure))
}

/// A call that answers with all that it is given, or that it was not given all.
fn submit(context: &Context, call: Call) {
    let pieces = context.pieces(call.id);
    context
        .submit(call, move |interrupt| async move {
            match pieces.all(&interrupt).await {
                Some(all) => Answer::Value(all),
                None => Answer::Error(b"not all".into()),
            }
        })
        .unwrap();
}

#[test]
fn the_pieces_of_a_call_are_joined_in_their_order() {
    let port = FakePort::open();
    let context = with_places(port, 8);
    for id in 0..50 {
        submit(&context, if id % 7 == 0 { barrier(id) } else { concurrent(id) });
    }
    for piece in 0..20 {
        for id in 0..50 {
            context.feed(id, format!("{id}.{piece} ").into(), piece == 19);
        }
    }
    for id in 0..50 {
        let all: String = (0..20).map(|piece| format!("{id}.{piece} ")).collect();
        assert_eq!(port.answer_to(id).text(), all);
        context.feed(id, b"more".into(), true);
    }
    let counts = context.counts();
    assert_eq!((counts.unanswered, counts.in_flight), (0, 0));
}

#[test]
fn a_call_that_waits_for_its_pieces_lends_its_place() {
    let port = FakePort::open();
    let context = with_places(port, 1);
    submit(&context, concurrent(1));
    submit(&context, concurrent(2));
    context.submit(concurrent(3), |_| async { Answer::Value(b"3".into()) }).unwrap();
    assert_eq!(port.wait_for(1)[0].id, 3);
    context.feed(2, b"2".into(), true);
    assert_eq!(port.wait_for(2)[1].id, 2);
    context.feed(1, b"1".into(), true);
    assert_eq!(port.wait_for(3)[2].id, 1);
    assert_eq!(context.counts(), Counts { unanswered: 0, in_flight: 0, most_in_flight: 1 });
}

#[test]
fn a_call_that_is_not_given_all_ends_when_it_is_to_end() {
    let port = FakePort::open();
    let context = with_places(port, 8);
    submit(&context, concurrent(1));
    submit(
        &context,
        Call { timeout: Some(Duration::from_millis(5)), ..call(2, Order::Concurrent) },
    );
    context.feed(1, b"a piece".into(), false);
    context.feed(2, b"a piece".into(), false);
    assert_eq!(port.answer_to(2).text(), "not all");
    context.cancel(1);
    assert_eq!(port.answer_to(1).text(), "not all");
    assert!(port.messages().iter().all(|it| it.kind == ReplyKind::Error as i32));
    // It never was, or is answered.
    context.feed(1, b"late".into(), true);
    context.feed(77, b"late".into(), true);
}

#[test]
fn pieces_may_come_from_one_thread_while_the_call_runs_on_another() {
    let port = FakePort::open();
    let context = with_places(port, 8);
    for id in 0..200 {
        submit(&context, concurrent(id));
        let feeder = Arc::clone(&context);
        thread::spawn(move || {
            for piece in 0..10_u8 {
                feeder.feed(id, vec![b'0' + piece], piece == 9);
            }
        });
    }
    for id in 0..200 {
        assert_eq!(port.answer_to(id).text(), "0123456789");
    }
}
