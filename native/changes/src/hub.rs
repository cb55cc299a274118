//! Where a store's events go.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use surrealdb_types::{Notification, Uuid};

use crate::buffer::Buffer;
use crate::live::Live;

/// The live queries of one store, by their ids. Their sessions do not matter: what the engine
/// tells of an end names none.
#[derive(Debug, Default)]
pub struct Hub {
    state: Mutex<State>,
    /// Whether anybody listens, or is about to.
    listens: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<Uuid, Arc<Buffer>>,
    /// How many are about to be opened.
    registering: usize,
    /// What was told of unknown ones meanwhile.
    early: Vec<Notification>,
}

impl State {
    fn is_used(&self) -> bool {
        self.registering > 0 || !self.open.is_empty()
    }
}

/// A live query that is about to be registered with the engine.
#[derive(Debug)]
pub struct Registration {
    hub: Arc<Hub>,
}

impl Hub {
    /// Keeps what is told of live queries that nobody has opened yet, for as long as what this
    /// gives is held, or is opened.
    pub fn register(self: &Arc<Self>) -> Registration {
        let mut state = self.state.lock();
        state.registering += 1;
        self.listens.store(true, Ordering::Release);
        Registration { hub: Arc::clone(self) }
    }

    /// Hands what the engine tells to whoever it is for. Waits for nobody.
    pub fn tell(&self, notification: Notification) {
        let buffer = {
            let mut state = self.state.lock();
            match state.open.get(&notification.id) {
                Some(buffer) => Arc::clone(buffer),
                None => {
                    if state.registering > 0 {
                        state.early.push(notification);
                    }
                    return;
                }
            }
        };
        buffer.add(&notification);
    }

    /// Whether anybody listens, or is about to.
    pub fn listens(&self) -> bool {
        self.listens.load(Ordering::Acquire)
    }

    pub(crate) fn forget(&self, id: Uuid) {
        let mut state = self.state.lock();
        let forgotten = state.open.remove(&id);
        self.listens.store(state.is_used(), Ordering::Release);
        drop(state);
        drop(forgotten); // Not under the lock: it holds any number of events.
    }
}

impl Registration {
    /// The live query that the engine has registered as `id`, with what was told of it since.
    /// Events of up to `limit` bytes wait until they are read.
    pub fn open(self, id: Uuid, limit: usize) -> Live {
        let buffer = Arc::new(Buffer::new(limit));
        let mut state = self.hub.state.lock();
        for notification in state.early.extract_if(.., |it| it.id == id) {
            buffer.add(&notification);
        }
        state.open.insert(id, Arc::clone(&buffer));
        drop(state);
        Live::new(Arc::clone(&self.hub), id, buffer)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut state = self.hub.state.lock();
        state.registering -= 1;
        if state.registering == 0 {
            state.early = Vec::new();
        }
        self.hub.listens.store(state.is_used(), Ordering::Release);
    }
}
