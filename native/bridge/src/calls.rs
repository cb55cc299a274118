//! The accepted calls of one context that have no answer yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::task::AbortHandle;

use crate::context::Answer;
use crate::interrupt::{Cause, Interrupt};
use crate::reply::Reply;

pub(crate) type BoxedCall = Pin<Box<dyn Future<Output = Answer> + Send>>;
pub(crate) type Start = Box<dyn FnOnce(Interrupt) -> BoxedCall + Send>;

/// A call whose turn has not come. Its queue owns it; whoever takes the start
/// and the reply out answers.
pub(crate) struct Waiting {
    pub(crate) interrupt: Interrupt,
    parts: Mutex<Option<(Start, Reply)>>,
    begun: AtomicBool,
}

impl Waiting {
    pub(crate) fn new(interrupt: Interrupt, start: Start, reply: Reply) -> Arc<Self> {
        let parts = Mutex::new(Some((start, reply)));
        Arc::new(Self { interrupt, parts, begun: AtomicBool::new(false) })
    }

    /// Its start and its reply, for the one who begins it.
    pub(crate) fn begin(&self) -> Option<(Start, Reply)> {
        self.begun.store(true, Ordering::Relaxed);
        self.parts.lock().take()
    }

    /// Its reply, if it has not begun.
    fn recall(&self) -> Option<Reply> {
        self.parts.lock().take().map(|(_, reply)| reply)
    }
}

/// What is known of a call while it has no answer.
struct Known {
    operation: &'static str,
    since: Instant,
    interrupt: Interrupt,
    /// Gone once the call is running.
    waiting: Weak<Waiting>,
    timer: Option<AbortHandle>,
}

impl Drop for Known {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

/// The calls by their ids.
#[derive(Default)]
pub(crate) struct Calls {
    known: Mutex<HashMap<i64, Known>>,
}

impl Calls {
    /// Adds a call. An id that is in use keeps its first call: the second can
    /// be answered, but not interrupted.
    pub(crate) fn add(&self, id: i64, operation: &'static str, waiting: &Arc<Waiting>) {
        if let Entry::Vacant(place) = self.known.lock().entry(id) {
            place.insert(Known {
                operation,
                since: Instant::now(),
                interrupt: waiting.interrupt.clone(),
                waiting: Arc::downgrade(waiting),
                timer: None,
            });
        }
    }

    /// Keeps the timer of a call, which is stopped when the call has ended.
    pub(crate) fn set_timer(&self, id: i64, timer: AbortHandle) {
        match self.known.lock().get_mut(&id) {
            Some(known) => known.timer = Some(timer),
            None => timer.abort(),
        }
    }

    pub(crate) fn remove(&self, id: i64) {
        let ended = self.known.lock().remove(&id);
        drop(ended); // Not under the lock: it stops a timer.
    }

    /// Asks a call to end. Gives its reply if it has not begun: then it will
    /// not, and the caller answers.
    pub(crate) fn interrupt(&self, id: i64, cause: Cause) -> Option<Reply> {
        let (interrupt, waiting) = {
            let known = self.known.lock();
            let known = known.get(&id)?;
            (known.interrupt.clone(), known.waiting.upgrade())
        };
        interrupt.request(cause);
        waiting?.recall()
    }

    /// The calls under way, the oldest first: their names, how long they are
    /// under way, and whether they have begun.
    pub(crate) fn list(&self) -> Vec<(&'static str, Duration, bool)> {
        let mut list: Vec<_> = {
            let known = self.known.lock();
            let has_begun =
                |it: &Known| it.waiting.upgrade().is_none_or(|it| it.begun.load(Ordering::Relaxed));
            known.values().map(|it| (it.operation, it.since.elapsed(), has_begun(it))).collect()
        };
        list.sort_by_key(|(_, age, _)| std::cmp::Reverse(*age));
        list
    }
}

impl std::fmt::Debug for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}
