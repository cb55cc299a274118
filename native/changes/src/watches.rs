//! Who is to know that what they have read may have changed.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use surrealdartb_lanes::{Footprint, Reads};
use tokio::sync::Notify;

/// More commits than these are not kept while a query runs: then it is run again.
const MANY: usize = 4096;

/// The watched queries of a store. The store says of each commit what it has written, so they
/// ask nobody, and miss nothing: whoever commits, with whatever statement.
#[derive(Debug, Default)]
pub struct Watches {
    state: Mutex<State>,
    /// Whether there are any.
    any: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    open: HashMap<u64, Arc<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<Seen>,
    changed: Notify,
}

/// What a watched query knows of the store.
#[derive(Debug, Default)]
enum Seen {
    /// It runs. What was committed since it began.
    Runs(Vec<Arc<Footprint>>),
    /// What it has read is as it was.
    Current(Reads),
    /// What it has read may have changed.
    #[default]
    Outdated,
}

/// A watched query.
#[derive(Debug)]
pub struct Watch {
    watches: Arc<Watches>,
    id: u64,
    shared: Arc<Shared>,
}

impl Watches {
    /// A further one.
    pub fn open(self: &Arc<Self>) -> Watch {
        let shared = Arc::<Shared>::default();
        let mut state = self.state.lock();
        let id = state.next;
        state.next += 1;
        state.open.insert(id, Arc::clone(&shared));
        self.any.store(true, Ordering::Release);
        Watch { watches: Arc::clone(self), id, shared }
    }

    /// What has written `footprint` was committed.
    pub fn committed(&self, footprint: &Arc<Footprint>) {
        if !self.any.load(Ordering::Acquire) {
            return;
        }
        for shared in self.state.lock().open.values() {
            let mut seen = shared.state.lock();
            match &mut *seen {
                Seen::Runs(commits) if commits.len() < MANY => commits.push(Arc::clone(footprint)),
                Seen::Runs(_) | Seen::Outdated => *seen = Seen::Outdated,
                Seen::Current(reads) => {
                    if reads.may_differ_by(footprint) {
                        *seen = Seen::Outdated;
                        shared.changed.notify_waiters();
                    }
                }
            }
        }
    }
}

impl Watch {
    /// It is about to run: before its transaction begins.
    pub fn runs(&self) {
        *self.shared.state.lock() = Seen::Runs(Vec::new());
    }

    /// It has run, and has read that.
    pub fn has_read(&self, reads: Reads) {
        let mut seen = self.shared.state.lock();
        *seen = match std::mem::take(&mut *seen) {
            Seen::Runs(commits) if !commits.iter().any(|it| reads.may_differ_by(it)) => {
                Seen::Current(reads)
            }
            _ => Seen::Outdated,
        };
    }

    /// Completes when what it has read may have changed.
    pub async fn outdated(&self) {
        loop {
            let mut changed = pin!(self.shared.changed.notified());
            changed.as_mut().enable();
            if matches!(*self.shared.state.lock(), Seen::Outdated) {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut state = self.watches.state.lock();
        let forgotten = state.open.remove(&self.id);
        self.watches.any.store(!state.open.is_empty(), Ordering::Release);
        drop(state);
        drop(forgotten); // Not under the lock.
    }
}
