//! Starting the calls of a context in their order.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::background::finish_on;
use crate::calls::{Accepted, BoxedCall};
use crate::context::{Answer, Order};
use crate::executor::TaskId;
use crate::panic::{Panic, guard, guard_future};
use crate::reply::Reply;
use crate::runtime::Threads;
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
    threads: Threads,
    max: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    running: HashSet<TaskId>,
    /// Whether a barrier is among what runs.
    behind_barrier: bool,
    /// Whether nothing starts any more.
    ended: bool,
}

impl Dispatcher {
    /// A dispatcher that runs at most `max` calls at once.
    pub(crate) fn new(shared: Arc<Shared>, threads: Threads, max: usize) -> Self {
        Self { shared, threads, max, queue: Mutex::default() }
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
        // Not under the lock: what is dropped locks the queue.
        let running: Vec<_> = self.queue.lock().running.iter().copied().collect();
        for task in running {
            self.threads.calls.abort(task);
        }
    }

    /// Starts those whose turn it is; or drops all, once they are to end.
    fn start_ready(self: &Arc<Self>) {
        while let Some(begun) = self.begin_next() {
            let Begun { order, task, .. } = begun;
            let slot = Slot { dispatcher: Arc::clone(self), order, task, ended: false };
            self.threads.calls.spawn(task, run(begun, slot));
        }
        let queue = self.queue.lock();
        if (queue.ended || self.shared.is_stopping()) && !queue.waiting.is_empty() {
            // They post as they are dropped, which a thread of Dart's must not.
            let dispatcher = Arc::clone(self);
            finish_on(&self.threads.timers, async move { dispatcher.end_waiting() });
        }
    }

    /// The next call whose turn it is. What it does before its first await is
    /// done here, under the lock: so no barrier behind it can come between.
    fn begin_next(&self) -> Option<Begun> {
        let mut queue = self.queue.lock();
        let is_full = queue.behind_barrier || queue.running.len() >= self.max;
        if is_full || queue.ended || self.shared.is_stopping() {
            return None;
        }
        loop {
            let Job { order, call } = queue.waiting.pop_front()?;
            // `None` for one that was interrupted.
            let Some(start) = call.begin() else { continue };
            let work = guard(|| start(call.interrupt.clone()));
            let count = Running::count(&self.shared);
            let task = self.threads.calls.new_id();
            queue.running.insert(task);
            queue.behind_barrier = order == Order::Barrier;
            return Some(Begun { order, task, call, work, count });
        }
    }

    /// A call of this order has ended.
    fn end(self: &Arc<Self>, task: TaskId, order: Order) {
        let mut queue = self.queue.lock();
        queue.running.remove(&task);
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
    task: TaskId,
    call: Arc<Accepted>,
    work: Result<BoxedCall, Panic>,
    count: Running,
}

/// A running call's place.
struct Slot {
    dispatcher: Arc<Dispatcher>,
    order: Order,
    task: TaskId,
    ended: bool,
}

impl Drop for Slot {
    fn drop(&mut self) {
        // A panic that got here is the end of one call, and not of the queue.
        if self.ended || std::thread::panicking() {
            self.dispatcher.end(self.task, self.order);
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
