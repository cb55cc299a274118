//! The order of commits, as far as live queries tell of them.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use surrealdartb_lanes::{Footprint, Table};
use tokio::sync::Notify;

/// The commits of a store that are under way.
///
/// *Order.* The engine hands a commit's events on a moment after it was committed. Until it has
/// done so no other commit of the same record is begun: so the events of a record come in the
/// order of its commits.
///
/// *Nothing is missed.* A transaction looks for live queries in the store as it was when it
/// began. One that began before a live query of its table was registered, and commits behind
/// it, would not tell it: it loses a conflict instead, and is run again.
#[derive(Debug, Default)]
pub struct Commits {
    /// Goes up with each registration.
    now: AtomicU64,
    state: Mutex<State>,
    /// One of them has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    under_way: HashMap<u64, UnderWay>,
    /// When the last live query of a table was registered.
    registered: HashMap<Table, Moment>,
}

#[derive(Debug)]
struct UnderWay {
    footprint: Arc<Footprint>,
    /// Whether only its events are to be handed on.
    committed: bool,
}

/// When a transaction began.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Moment(u64);

/// A commit that is under way, until this is dropped.
#[derive(Debug)]
pub struct Commit {
    commits: Arc<Commits>,
    id: u64,
}

/// A live query of a table that the transaction writes was registered after it began.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Outdated;

impl Commits {
    /// To be asked before a transaction begins.
    pub fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::Acquire))
    }

    /// Begins the commit of a transaction that began at `began` and has written `footprint`. With
    /// `in_order`, which is for stores that somebody listens to, it waits until the events of
    /// those have been handed on that wrote the same records.
    ///
    /// # Errors
    ///
    /// When it may not be committed.
    pub async fn begin(
        self: &Arc<Self>,
        began: Moment,
        footprint: Arc<Footprint>,
        in_order: bool,
    ) -> Result<Commit, Outdated> {
        loop {
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            {
                let mut state = self.state.lock();
                if state.is_outdated(began, &footprint) {
                    return Err(Outdated);
                }
                let mut others = state.under_way.values();
                if !in_order || !others.any(|it| it.footprint.writes_records_of(&footprint)) {
                    let id = state.next;
                    state.next += 1;
                    state.under_way.insert(id, UnderWay { footprint, committed: false });
                    return Ok(Commit { commits: Arc::clone(self), id });
                }
            }
            ended.await;
        }
    }

    /// A live query of `table` is about to be committed: from now on no transaction is
    /// committed that writes to the table, and began before.
    pub fn register(&self, table: Table) {
        let mut state = self.state.lock();
        let now = self.now.fetch_add(1, Ordering::AcqRel) + 1;
        state.registered.insert(table, Moment(now));
    }

    /// Completes when all those are committed, or not, whose commits had begun by now.
    pub async fn settled(&self) {
        let earlier = self.state.lock().next;
        loop {
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            let wait = {
                let state = self.state.lock();
                state.under_way.iter().any(|(id, it)| *id < earlier && !it.committed)
            };
            if !wait {
                return;
            }
            ended.await;
        }
    }
}

impl State {
    fn is_outdated(&self, began: Moment, footprint: &Footprint) -> bool {
        let outdates =
            |(table, at): (&Table, &Moment)| began < *at && footprint.writes_records_in(*table);
        self.registered.iter().any(outdates)
    }
}

impl Commit {
    /// It was committed; what it tells will be handed on.
    pub fn committed(&self) {
        if let Some(it) = self.commits.state.lock().under_way.get_mut(&self.id) {
            it.committed = true;
        }
        self.commits.ended.notify_waiters();
    }
}

impl Drop for Commit {
    fn drop(&mut self) {
        let ended = self.commits.state.lock().under_way.remove(&self.id);
        drop(ended); // Not under the lock.
        self.commits.ended.notify_waiters();
    }
}
