//! What the parts of one context share: its port, and its counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::call::{Counts, EncodeFailure, ReplyKind};
use crate::calls::Calls;
use crate::port::Port;

/// What a context, its dispatcher and its replies share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) port: Arc<Port>,
    pub(crate) encode_failure: EncodeFailure,
    pub(crate) calls: Calls,
    /// Accepted calls without an answer: queued, running, and the close.
    unanswered: AtomicUsize,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
    nearly_all_answered: Notify,
    /// Tripped when the calls are to end: by a close that waits no longer, by the
    /// isolate's end, by a dead port.
    pub(crate) stop: CancellationToken,
    /// The same of the context that the port belongs to.
    stop_all: CancellationToken,
}

impl Shared {
    pub(crate) fn new(native_port: i64, encode_failure: EncodeFailure) -> Self {
        let stop = CancellationToken::new();
        Self::on(Arc::new(Port::new(native_port)), encode_failure, stop.clone(), stop)
    }

    /// What another context has on the port of this one.
    pub(crate) fn beside(&self) -> Self {
        let stop = self.stop_all.child_token();
        Self::on(Arc::clone(&self.port), self.encode_failure, stop, self.stop_all.clone())
    }

    fn on(
        port: Arc<Port>,
        encode_failure: EncodeFailure,
        stop: CancellationToken,
        stop_all: CancellationToken,
    ) -> Self {
        Self {
            port,
            encode_failure,
            calls: Calls::default(),
            unanswered: AtomicUsize::new(0),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            nearly_all_answered: Notify::new(),
            stop,
            stop_all,
        }
    }

    /// A call is accepted, and will end.
    pub(crate) fn count_call(&self) {
        self.unanswered.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            unanswered: self.unanswered.load(Ordering::Acquire),
            in_flight: self.in_flight.load(Ordering::Acquire),
            most_in_flight: self.most_in_flight.load(Ordering::Acquire),
        }
    }

    /// Posts a call's answer. The call is counted as ended before Dart can
    /// see the answer, and within the gate: a close that sees no call left
    /// still posts after the last one.
    pub(crate) fn end_call(&self, id: i64, kind: ReplyKind, bytes: Vec<u8>) {
        self.calls.remove(id);
        if !self.port.post(id, kind, bytes, || self.call_ended()) {
            // Nobody listens any more: what still runs is run for nobody.
            self.stop_all.cancel();
        }
    }

    /// Posts what belongs to a call's answer, ahead of it.
    pub(crate) fn post_part(&self, id: i64, kind: ReplyKind, bytes: Vec<u8>) {
        if !self.port.post(id, kind, bytes, || ()) {
            self.stop_all.cancel();
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    fn call_ended(&self) {
        if self.unanswered.fetch_sub(1, Ordering::AcqRel) <= 2 {
            self.nearly_all_answered.notify_waiters();
        }
    }

    /// Waits until at most `left` calls are unanswered: one, when the waiter
    /// has itself an answer to give, or none.
    pub(crate) async fn until_unanswered(&self, left: usize) {
        debug_assert!(left <= 1);
        loop {
            let notified = self.nearly_all_answered.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.unanswered.load(Ordering::Acquire) <= left {
                return;
            }
            notified.await;
        }
    }
}

/// Counts a call that runs, for as long as it does.
pub(crate) struct Running(Arc<Shared>);

impl Running {
    pub(crate) fn count(shared: &Arc<Shared>) -> Self {
        let now = shared.in_flight.fetch_add(1, Ordering::AcqRel) + 1;
        shared.most_in_flight.fetch_max(now, Ordering::AcqRel);
        Self(Arc::clone(shared))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}
