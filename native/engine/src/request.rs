//! Whose call it is, and what bounds it.

use std::time::Duration;

/// Whose answer it is, and how long it may take from now on.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// What the answer carries. An unanswered call's id is its own.
    pub id: i64,
    /// Without it, the call takes as long as it takes.
    pub timeout: Option<Duration>,
}

impl From<i64> for Request {
    fn from(id: i64) -> Self {
        Self { id, timeout: None }
    }
}
