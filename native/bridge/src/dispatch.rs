//! Starting the calls of a context in their order.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::background::finish_on;
use crate::call::{Answer, Limits, NoOutcome, Order};
use crate::calls::{Accepted, BoxedCall};
use crate::executor::TaskId;
use crate::panic::{Panic, guard, guard_future};
use crate::place::{Place, Places};
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
    max_streams: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    /// Those that have a place, counted until they answer.
    running: HashMap<TaskId, Option<Running>>,
    streams: HashSet<TaskId>,
    /// Those that wait for others, and take no place.
    waits: HashSet<TaskId>,
    /// Those that run, and have lent their places.
    lent: HashSet<TaskId>,
    /// Those of them that want a place again, in their order.
    returning: VecDeque<(TaskId, oneshot::Sender<()>)>,
    /// Whether a barrier is among what runs.
    behind_barrier: bool,
    /// Whether nothing starts any more.
    ended: bool,
}

impl Dispatcher {
    /// A dispatcher that runs as many calls at once as `limits` say.
    pub(crate) fn new(shared: Arc<Shared>, threads: Threads, limits: &Limits) -> Self {
        let Limits { max_in_flight: max, max_streams, .. } = *limits;
        Self { shared, threads, max, max_streams, queue: Mutex::default() }
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
        let running: Vec<_> = {
            let Queue { running, streams, waits, lent, .. } = &*self.queue.lock();
            let without_place = [streams, waits, lent].into_iter().flatten();
            running.keys().chain(without_place).copied().collect()
        };
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
    fn begin_next(self: &Arc<Self>) -> Option<Begun> {
        let mut queue = self.queue.lock();
        queue.let_return(self.max, &self.shared);
        if queue.behind_barrier || queue.ended || self.shared.is_stopping() {
            return None;
        }
        loop {
            let takes_place = queue.waiting.front()?.order.takes_place();
            if takes_place && queue.running.len() >= self.max {
                return None;
            }
            let Job { order, call } = queue.waiting.pop_front()?;
            // `None` for one that was interrupted.
            let Some(start) = call.begin() else { continue };
            let task = self.threads.calls.new_id();
            let is_stream = order == Order::Stream;
            let is_too_many = is_stream && queue.streams.len() >= self.max_streams;
            let places = || Arc::clone(self) as Arc<dyn Places>;
            let place = takes_place.then(|| Place::new(places(), task));
            let work = if is_too_many {
                Ok(refuse(&call, self.max_streams))
            } else {
                guard(|| start(call.interrupt.at(place)))
            };
            match order {
                Order::Barrier | Order::Concurrent => {
                    queue.running.insert(task, Some(Running::count(&self.shared)));
                }
                Order::Waiting => {
                    queue.waits.insert(task);
                }
                Order::Stream if is_too_many => {}
                Order::Stream => {
                    queue.streams.insert(task);
                }
            }
            queue.behind_barrier = order == Order::Barrier;
            return Some(Begun { order, task, call, work });
        }
    }

    /// The call is about to be answered. It keeps its place until that is done.
    fn stop_counting(&self, task: TaskId) {
        if let Some(count) = self.queue.lock().running.get_mut(&task) {
            *count = None;
        }
    }

    /// A call of this order has ended.
    fn end(self: &Arc<Self>, task: TaskId, order: Order) {
        let mut queue = self.queue.lock();
        match order {
            Order::Barrier | Order::Concurrent => {
                queue.running.remove(&task);
                queue.lent.remove(&task);
            }
            Order::Waiting => {
                queue.waits.remove(&task);
            }
            Order::Stream => {
                queue.streams.remove(&task);
            }
        }
        if order == Order::Barrier {
            queue.behind_barrier = false;
        }
        drop(queue);
        self.start_ready();
    }
}

impl Places for Dispatcher {
    fn lend(self: Arc<Self>, task: TaskId) {
        let mut queue = self.queue.lock();
        if queue.running.remove(&task).is_some() {
            queue.lent.insert(task);
        }
        drop(queue);
        self.start_ready();
    }

    fn take_back(&self, task: TaskId, waits: Option<oneshot::Sender<()>>) -> bool {
        let mut queue = self.queue.lock();
        if !queue.lent.contains(&task) {
            return true;
        }
        if queue.running.len() >= self.max {
            queue.returning.extend(waits.map(|it| (task, it)));
            return false;
        }
        queue.lent.remove(&task);
        queue.running.insert(task, Some(Running::count(&self.shared)));
        true
    }
}

impl Queue {
    /// Gives those that want one the places that are free.
    fn let_return(&mut self, max: usize, shared: &Arc<Shared>) {
        while self.running.len() < max
            && let Some((task, waits)) = self.returning.pop_front()
        {
            // One that has ended, or does not wait any more, wants none.
            if !waits.is_closed() && self.lent.remove(&task) {
                self.running.insert(task, Some(Running::count(shared)));
                let _ = waits.send(());
            }
        }
    }
}

/// A call whose turn has come.
struct Begun {
    order: Order,
    task: TaskId,
    call: Arc<Accepted>,
    work: Result<BoxedCall, Panic>,
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
            self.dispatcher.stop_counting(self.task);
            self.dispatcher.end_waiting();
        }
    }
}

/// Runs a call's work and posts what it came to, unless somebody has answered
/// for it. It is no longer counted by then.
async fn run(Begun { order, task, call, work }: Begun, mut slot: Slot) {
    let outcome = match work {
        Ok(work) => guard_future(work).await,
        Err(panic) => Err(panic),
    };
    slot.dispatcher.stop_counting(task);
    slot.ended = true;
    // Whoever hears of a stream's end may open the next. No call waits for it, so its
    // place need not be kept until the answer is posted.
    let slot = (order != Order::Stream).then_some(slot);
    if let Some(reply) = call.end() {
        post(reply, outcome);
    }
    drop(slot);
}

/// The work of a stream that is one too many.
fn refuse(call: &Arc<Accepted>, most: usize) -> BoxedCall {
    let json = call.encode(&NoOutcome::TooManyStreams(most));
    Box::pin(async move { Answer::Error(json) })
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
