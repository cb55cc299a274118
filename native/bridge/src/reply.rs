//! The guard that gives every accepted call exactly one answer.

use std::sync::Arc;
use std::time::Duration;

use crate::call::Answer;
use crate::interrupt::Cause;
use crate::panic::Panic;
use crate::shared::Shared;

/// How an answer is to be read. The numbers are the second element of the
/// message that Dart receives.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReplyKind {
    /// The call's value, as JSON.
    Value = 0,
    /// Why there is none, as JSON, whoever says so.
    Error = 1,
    /// No answer yet, but a part of it; see [`crate::Parts`].
    Part = 2,
    /// The parts up to now do not count.
    Discard = 3,
}

/// Why a call has no outcome of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NoOutcome {
    /// It was cancelled before it began.
    Cancelled,
    /// The time that it was given was over before it began.
    TimedOut(Duration),
    /// Its session, or its database, was closed before it began.
    Closed,
    /// It was given up while it ran: it may have had its effect, or not.
    GivenUp,
    /// As many streams run as may.
    TooManyStreams(usize),
    /// It panicked: the panic's text, and its place.
    Panicked(String),
}

/// Writes a failure as Dart reads it: of the operation with this name.
pub type EncodeFailure = fn(&str, &NoOutcome) -> Vec<u8>;

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
