//! What a live query has not read yet.

use std::collections::VecDeque;

use parking_lot::Mutex;
use surrealdartb_codec::{EncodeError, encode};
use surrealdb_types::{Action, Notification};
use tokio::sync::Notify;

/// Why no further event of a live query comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// The engine has ended it: by a `KILL`, or because what it listens to, or whoever
    /// listens, was removed.
    Killed,
    /// The events that nobody has read take more bytes than may wait; how many may.
    Overflow(usize),
    /// A value that cannot be encoded.
    Unsendable(EncodeError),
}

/// Encoded events, in the order in which they came, up to so many bytes; and the end.
#[derive(Debug)]
pub(crate) struct Buffer {
    state: Mutex<State>,
    changed: Notify,
    limit: usize,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Vec<u8>>,
    bytes: usize,
    end: Option<End>,
}

impl Buffer {
    /// A buffer for `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { state: Mutex::default(), changed: Notify::new(), limit }
    }

    /// Adds what is told, unless it has ended.
    pub(crate) fn add(&self, notification: &Notification) {
        if self.end().is_some() {
            return; // Not encoded for nobody.
        }
        let told = match notification.action {
            Action::Killed => Err(End::Killed),
            action => event(action, notification).map_err(End::Unsendable),
        };
        let mut state = self.state.lock();
        match told {
            Ok(event) if state.bytes + event.len() <= self.limit => {
                state.bytes += event.len();
                state.events.push_back(event);
            }
            Ok(_) => state.end = Some(End::Overflow(self.limit)),
            Err(end) => state.end = Some(end),
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Why it takes no more, if it does not.
    pub(crate) fn end(&self) -> Option<End> {
        self.state.lock().end
    }

    /// The next events, as the JSON of an array of some `most` bytes; `Err` with the end when
    /// all were read; `Ok(None)` when there is neither.
    pub(crate) fn take(&self, most: usize) -> Result<Option<Vec<u8>>, End> {
        let mut state = self.state.lock();
        if state.events.is_empty() {
            return state.end.map_or(Ok(None), Err);
        }
        let mut json = Vec::new();
        while json.len() < most
            && let Some(event) = state.events.pop_front()
        {
            state.bytes -= event.len();
            json.push(if json.is_empty() { b'[' } else { b',' });
            json.extend(event);
        }
        json.push(b']');
        Ok(Some(json))
    }

    /// Completes at the next change of it. Must be enabled before it is looked at.
    pub(crate) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }
}

/// What happened, as Dart reads it: an array of what was done, the record's id, and the value.
fn event(action: Action, notification: &Notification) -> Result<Vec<u8>, EncodeError> {
    let done: &[u8] = match action {
        Action::Create => b"[\"create\",",
        Action::Update => b"[\"update\",",
        _ => b"[\"delete\",",
    };
    let mut json = Vec::from(done);
    encode(&notification.record, &mut json)?;
    json.push(b',');
    encode(&notification.result, &mut json)?;
    json.push(b']');
    Ok(json)
}
