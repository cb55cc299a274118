//! Starting the calls of a context in their order.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::calls::{Accepted, BoxedCall};
use crate::context::{Answer, Order};
use crate::panic::{Panic, guard, guard_future};
use crate::reaper::bury;
use crate::reply::Reply;
use crate::shared::{Running, Shared};

/// A call in the queue.
pub(crate) struct Job {
    pub(crate) order: Order,
    pub(crate) call: Arc<Accepted>,
}

/// Decides the order of one context's calls, and gives each a task when its
/// turn has come.
///
/// It is no task itself: whoever submits a call whose turn it is starts it, and
/// whatever ends starts what has waited for that. A task in between would cost
/// every call a wake-up.
pub(crate) struct Dispatcher {
    shared: Arc<Shared>,
    runtime: Handle,
    max: usize,
    queue: Mutex<Queue>,
    /// What was started. Locked by itself: a runtime that has ended drops a
    /// task where it is spawned, and what the task holds then locks the queue.
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    running: usize,
    /// Whether a barrier is among what runs.
    behind_barrier: bool,
    /// Whether nothing starts any more.
    ended: bool,
}

impl Dispatcher {
    /// A dispatcher that runs at most `max` calls at once.
    pub(crate) fn new(shared: Arc<Shared>, runtime: Handle, max: usize) -> Self {
        Self { shared, runtime, max, queue: Mutex::default(), tasks: Mutex::default() }
    }

    /// Starts `job`, or keeps it until its turn has come. Posts nothing.
    pub(crate) fn submit(self: &Arc<Self>, job: Job) {
        self.queue.lock().waiting.push_back(job);
        self.start_ready();
    }

    /// Drops what waits; it says so. Nothing starts after this.
    pub(crate) fn end_waiting(&self) {
        let mut queue = self.queue.lock();
        queue.ended = true;
        let waiting = std::mem::take(&mut queue.waiting);
        drop(queue);
        drop(waiting); // Not under the lock: it posts.
    }

    /// Drops what waits and what runs. The latter ends at its next await.
    pub(crate) fn abort(&self) {
        self.end_waiting();
        self.tasks.lock().abort_all();
    }

    /// Starts those whose turn it is; or drops all, once they are to end.
    fn start_ready(self: &Arc<Self>) {
        while let Some(begun) = self.begin_next() {
            let slot = Slot { dispatcher: Arc::clone(self), order: begun.order, ended: false };
            let mut tasks = self.tasks.lock();
            while tasks.try_join_next().is_some() {}
            tasks.spawn_on(run(begun, slot), &self.runtime);
        }
        let queue = self.queue.lock();
        if (queue.ended || self.shared.is_stopping()) && !queue.waiting.is_empty() {
            // They post as they are dropped, which a thread of Dart's must not.
            let dispatcher = Arc::clone(self);
            bury(async move { dispatcher.end_waiting() });
        }
    }

    /// The next call whose turn it is. What it does before its first await is
    /// done here, under the lock: so no barrier behind it can come between.
    fn begin_next(&self) -> Option<Begun> {
        let mut queue = self.queue.lock();
        let is_full = queue.behind_barrier || queue.running >= self.max;
        if is_full || queue.ended || self.shared.is_stopping() {
            return None;
        }
        loop {
            let Job { order, call } = queue.waiting.pop_front()?;
            // `None` for one that was interrupted.
            let Some(start) = call.begin() else { continue };
            let work = guard(|| start(call.interrupt.clone()));
            let count = Running::count(&self.shared);
            queue.running += 1;
            queue.behind_barrier = order == Order::Barrier;
            return Some(Begun { order, call, work, count });
        }
    }

    /// A call of this order has ended.
    fn end(self: &Arc<Self>, order: Order) {
        let mut queue = self.queue.lock();
        queue.running -= 1;
        if order == Order::Barrier {
            queue.behind_barrier = false;
        }
        drop(queue);
        self.start_ready();
    }
}

/// A call whose turn has come.
struct Begun {
    order: Order,
    call: Arc<Accepted>,
    work: Result<BoxedCall, Panic>,
    count: Running,
}

/// A running call's place.
struct Slot {
    dispatcher: Arc<Dispatcher>,
    order: Order,
    ended: bool,
}

impl Drop for Slot {
    fn drop(&mut self) {
        // A panic that got here is the end of one call, and not of the queue.
        if self.ended || std::thread::panicking() {
            self.dispatcher.end(self.order);
        } else {
            // Aborted, or the runtime has ended.
            self.dispatcher.end_waiting();
        }
    }
}

async fn run(Begun { call, work, count, .. }: Begun, mut slot: Slot) {
    match work {
        Ok(work) => finish(call, work, count).await,
        Err(panic) => {
            drop(count);
            if let Some(reply) = call.end() {
                reply.panicked(&panic);
            }
        }
    }
    slot.ended = true;
}

/// Runs a call's work and posts what it came to, unless somebody has answered
/// for it. It is no longer counted by then, also when it is dropped: what comes
/// first here is dropped last.
async fn finish(call: Arc<Accepted>, work: BoxedCall, count: Running) {
    let outcome = guard_future(work).await;
    drop(count);
    if let Some(reply) = call.end() {
        post(reply, outcome);
    }
}

/// Runs what is no call of the queue, and posts what it came to.
pub(crate) async fn answer(reply: Reply, work: impl Future<Output = Answer>) {
    let outcome = guard_future(work).await;
    post(reply, outcome);
}

fn post(reply: Reply, outcome: Result<Answer, Panic>) {
    match outcome {
        Ok(outcome) => reply.answer(outcome),
        Err(panic) => reply.panicked(&panic),
    }
}
