//! The guard that gives every accepted call exactly one answer.

use std::sync::Arc;

use crate::call::{Answer, NoOutcome, ReplyKind};
use crate::interrupt::Cause;
use crate::panic::Panic;
use crate::shared::Shared;

/// One accepted call's right, and duty, to answer once.
///
/// A reply that is dropped without an answer posts what is known then: that a
/// panic is unwinding, that the call had begun and its outcome is unknown, or
/// why it never began.
#[derive(Debug)]
pub struct Reply {
    id: i64,
    operation: &'static str,
    shared: Arc<Shared>,
    begun: bool,
    answered: bool,
}

impl Reply {
    pub(crate) fn new(id: i64, operation: &'static str, shared: Arc<Shared>) -> Self {
        Self { id, operation, shared, begun: false, answered: false }
    }

    /// The call runs from now on.
    pub(crate) fn begin(&mut self) {
        self.begun = true;
    }

    /// Posts that the call was interrupted before it began.
    pub(crate) fn never_began(self, cause: Cause) {
        self.fail(&match cause {
            Cause::Cancelled => NoOutcome::Cancelled,
            Cause::TimedOut(limit) => NoOutcome::TimedOut(limit),
            Cause::Closing => NoOutcome::Closed,
        });
    }

    /// Posts the answer.
    pub fn answer(self, answer: Answer) {
        match answer {
            Answer::Value(json) => self.send(ReplyKind::Value, json),
            Answer::Error(json) => self.send(ReplyKind::Error, json),
        }
    }

    /// Posts that the call panicked.
    pub fn panicked(self, panic: &Panic) {
        self.fail(&NoOutcome::Panicked(panic.to_string()));
    }

    /// A failure of its call, as Dart reads it.
    pub(crate) fn encode(&self, reason: &NoOutcome) -> Vec<u8> {
        (self.shared.encode_failure)(self.operation, reason)
    }

    fn fail(self, reason: &NoOutcome) {
        let json = self.encode(reason);
        self.send(ReplyKind::Error, json);
    }

    fn send(mut self, kind: ReplyKind, bytes: Vec<u8>) {
        self.answered = true;
        self.shared.end_call(self.id, kind, bytes);
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let reason = if std::thread::panicking() {
            NoOutcome::Panicked("the call panicked".to_owned())
        } else if self.begun {
            NoOutcome::GivenUp
        } else if self.shared.is_stopping() {
            NoOutcome::Closed
        } else {
            NoOutcome::Cancelled
        };
        let json = self.encode(&reason);
        self.shared.end_call(self.id, ReplyKind::Error, json);
    }
}
