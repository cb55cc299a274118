//! A call's place among those that run at once.

use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::executor::TaskId;

/// Who gives the places.
pub(crate) trait Places: Send + Sync {
    /// Frees the place of `task`, which goes on without one.
    fn lend(self: Arc<Self>, task: TaskId);

    /// Gives `task` a place, if one is free; tells `waits` otherwise, once there is one.
    /// Says whether it has one now.
    fn take_back(&self, task: TaskId, waits: Option<oneshot::Sender<()>>) -> bool;
}

/// The place of a call that runs, one of `Limits::max_in_flight`. While the call does
/// nothing but wait for others, it lends the place to the next one.
#[derive(Clone)]
pub struct Place {
    places: Arc<dyn Places>,
    task: TaskId,
}

impl Place {
    pub(crate) fn new(places: Arc<dyn Places>, task: TaskId) -> Self {
        Self { places, task }
    }

    /// Lets the next call begin in this one's place. A call that ends meanwhile need
    /// not take it back.
    pub fn lend(&self) {
        Arc::clone(&self.places).lend(self.task);
    }

    /// Takes a place that is free, if there is one. Says whether the call has one.
    pub fn take_back_at_once(&self) -> bool {
        self.places.take_back(self.task, None)
    }

    /// Waits for the next place that is free: before all calls that have not begun.
    pub async fn take_back(&self) {
        let (sender, free) = oneshot::channel();
        if !self.places.take_back(self.task, Some(sender)) {
            // The queue keeps the sender until it has a place for it.
            let _ = free.await;
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.task).finish()
    }
}
