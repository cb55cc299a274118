//! What a call's answer is made of, ahead of the answer.

use std::sync::Arc;

use crate::reply::ReplyKind;
use crate::shared::Shared;

/// Posts parts of one call's answer while the call runs. They are no answer:
/// that comes last, says whether the parts count, and is still the only one.
#[derive(Debug)]
pub struct Parts {
    id: i64,
    shared: Arc<Shared>,
    posted: bool,
}

impl Parts {
    pub(crate) fn new(id: i64, shared: Arc<Shared>) -> Self {
        Self { id, shared, posted: false }
    }

    /// Posts the next part.
    pub fn post(&mut self, bytes: Vec<u8>) {
        self.posted = true;
        self.shared.post_part(self.id, ReplyKind::Part, bytes);
    }

    /// Takes back what was posted up to now.
    pub fn discard(&mut self) {
        if std::mem::take(&mut self.posted) {
            self.shared.post_part(self.id, ReplyKind::Discard, Vec::new());
        }
    }
}
