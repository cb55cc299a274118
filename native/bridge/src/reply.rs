//! The guard that gives every accepted call exactly one answer.

use std::sync::Arc;

use crate::context::Answer;
use crate::interrupt::Cause;
use crate::panic::Panic;
use crate::shared::Shared;

const CLOSED: &str = "the database was closed before the call began";

/// How an answer is to be read. The numbers are the second element of the
/// message that Dart receives.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReplyKind {
    /// The call's value, as JSON.
    Value = 0,
    /// The engine's error, as JSON: also that it has stopped the call.
    Error = 1,
    /// The call was cancelled before it began; the bytes are text.
    Cancelled = 2,
    /// The database was closed before the call began; text.
    Closed = 3,
    /// The call panicked; the bytes are the panic's text and place.
    Panicked = 4,
    /// The call's time was over before it began; text.
    TimedOut = 5,
    /// The call was given up while it ran: it may have had its effect, or
    /// not; text.
    Unknown = 6,
    /// No answer yet, but a part of it; see [`crate::Parts`].
    Part = 7,
    /// The parts up to now do not count.
    Discard = 8,
}

/// One accepted call's right, and duty, to answer once.
///
/// A reply that is dropped without an answer posts what is known then: that a
/// panic is unwinding, that the call had begun and its outcome is unknown, or
/// why it never began.
#[derive(Debug)]
pub struct Reply {
    id: i64,
    shared: Arc<Shared>,
    begun: bool,
    answered: bool,
}

impl Reply {
    pub(crate) fn new(id: i64, shared: Arc<Shared>) -> Self {
        Self { id, shared, begun: false, answered: false }
    }

    /// The call runs from now on.
    pub(crate) fn begin(&mut self) {
        self.begun = true;
    }

    /// Posts that the call was interrupted before it began.
    pub(crate) fn never_began(self, cause: Cause) {
        let (kind, text) = match cause {
            Cause::Cancelled => (ReplyKind::Cancelled, "the call was cancelled before it began"),
            Cause::TimedOut(_) => (ReplyKind::TimedOut, "the call's time was over before it began"),
            Cause::Closing => (ReplyKind::Closed, CLOSED),
        };
        self.send(kind, text.into());
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
        self.send(ReplyKind::Panicked, panic.to_string().into_bytes());
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
        let (kind, text) = if std::thread::panicking() {
            (ReplyKind::Panicked, "the call panicked")
        } else if self.begun {
            (ReplyKind::Unknown, "the call was given up while it ran: its outcome is unknown")
        } else if self.shared.is_stopping() {
            (ReplyKind::Closed, CLOSED)
        } else {
            (ReplyKind::Cancelled, "the call was dropped before it began")
        };
        self.shared.end_call(self.id, kind, text.into());
    }
}
