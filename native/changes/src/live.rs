//! One live query.

use std::pin::pin;
use std::sync::Arc;

use surrealdb_types::Uuid;

use crate::buffer::{Buffer, End};
use crate::hub::Hub;

/// A live query that is registered with the engine. Dropping it forgets its events; the engine
/// has to be told to end it.
#[derive(Debug)]
pub struct Live {
    hub: Arc<Hub>,
    id: Uuid,
    buffer: Arc<Buffer>,
}

/// What a live query has to tell next.
#[derive(Debug, Eq, PartialEq)]
pub enum Next {
    /// Events: JSON of an array, each an array of `create`, `update` or `delete`, the id of
    /// the record, and the value.
    Events(Vec<u8>),
    /// It has ended, behind its last event.
    End(End),
}

impl Live {
    pub(crate) fn new(hub: Arc<Hub>, id: Uuid, buffer: Arc<Buffer>) -> Self {
        Self { hub, id, buffer }
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The next events, of some `most` bytes, once there are any.
    pub async fn next(&self, most: usize) -> Next {
        loop {
            let mut changed = pin!(self.buffer.changed());
            changed.as_mut().enable();
            match self.buffer.take(most) {
                Ok(Some(events)) => return Next::Events(events),
                Ok(None) => changed.await,
                Err(end) => return Next::End(end),
            }
        }
    }

    /// Completes when no further event is taken, however many wait.
    pub async fn ended(&self) -> End {
        loop {
            let mut changed = pin!(self.buffer.changed());
            changed.as_mut().enable();
            match self.buffer.end() {
                Some(end) => return end,
                None => changed.await,
            }
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.hub.forget(self.id);
    }
}
