//! The guard that gives every accepted call exactly one answer.

use std::sync::Arc;

use crate::context::{Answer, Shared};
use crate::panic::Panic;

/// How an answer is to be read. The numbers are the second element of the
/// message that Dart receives.
#[repr(i32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReplyKind {
    /// The call's value, as JSON.
    Value = 0,
    /// The engine's error, as JSON.
    Error = 1,
    /// The call was cancelled before it had an outcome; the bytes are text.
    Cancelled = 2,
    /// The database was closed before the call had an outcome; text.
    Closed = 3,
    /// The call panicked; the bytes are the panic's text and place.
    Panicked = 4,
}

/// One accepted call's right, and duty, to answer once.
///
/// A reply that is dropped without an answer posts the reason: a panic that
/// is unwinding, the context's end, or else a cancellation.
#[derive(Debug)]
pub struct Reply {
    id: i64,
    shared: Arc<Shared>,
    answered: bool,
}

impl Reply {
    pub(crate) fn new(id: i64, shared: Arc<Shared>) -> Self {
        Self { id, shared, answered: false }
    }

    /// Posts the answer.
    pub fn answer(self, answer: Answer) {
        match answer {
            Answer::Value(json) => self.send(ReplyKind::Value, json),
            Answer::Error(json) => self.send(ReplyKind::Error, json),
            Answer::Cancelled(text) => self.send(ReplyKind::Cancelled, text.into_bytes()),
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
        } else if self.shared.is_stopping() {
            (ReplyKind::Closed, "the database was closed before the call had an outcome")
        } else {
            (ReplyKind::Cancelled, "the call was dropped before it had an outcome")
        };
        self.shared.end_call(self.id, kind, text.into());
    }
}
