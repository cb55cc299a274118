//! The native context of one database isolate: its port, its calls, and the
//! dispatcher that keeps their order.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::panic::{guard, guard_future};
use crate::port::Port;
use crate::reaper::bury;
use crate::reply::{Reply, ReplyKind};
use crate::runtime::runtime;
use crate::status::{Refusal, Status};

/// What a call came to.
#[derive(Debug)]
pub enum Answer {
    /// A value, as JSON bytes.
    Value(Vec<u8>),
    /// An error, as JSON bytes.
    Error(Vec<u8>),
    /// The engine says that the call was cancelled and has no effect.
    Cancelled(String),
}

/// When a call may start, and who waits for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// Starts when every barrier issued before it has ended, and ends before
    /// any call issued after it starts.
    Barrier,
    /// Starts after the barriers issued before it; overlaps its neighbours.
    Concurrent,
}

/// The bounds of one context.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many concurrent calls run at once. The rest wait in their order.
    pub max_in_flight: usize,
    /// How long a close lets accepted calls finish before it cancels them.
    pub grace: Duration,
    /// How long a close waits for cancelled calls before it drops them.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 256,
            grace: Duration::from_secs(5),
            patience: Duration::from_secs(10),
        }
    }
}

type BoxedCall = Pin<Box<dyn Future<Output = Answer> + Send>>;
type Start = Box<dyn FnOnce(CancellationToken) -> BoxedCall + Send>;

struct Job {
    order: Order,
    start: Start,
    reply: Reply,
}

/// What a context and its replies share.
#[derive(Debug)]
pub(crate) struct Shared {
    port: Port,
    /// Accepted calls without an answer: queued, running, and the close.
    unanswered: AtomicUsize,
    nearly_all_answered: Notify,
    /// Tripped when the calls are to end: by a close that has lost patience,
    /// by the isolate's end, by a dead port.
    stop: CancellationToken,
}

impl Shared {
    /// Posts a call's answer. The call is counted as ended before Dart can
    /// see the answer, and within the gate: a close that sees no call left
    /// still posts after the last one.
    pub(crate) fn end_call(&self, id: i64, kind: ReplyKind, bytes: Vec<u8>) {
        if !self.port.post(id, kind, bytes, || self.call_ended()) {
            // Nobody listens any more: what still runs is run for nobody.
            self.stop.cancel();
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    fn call_ended(&self) {
        if self.unanswered.fetch_sub(1, Ordering::AcqRel) <= 2 {
            self.nearly_all_answered.notify_waiters();
        }
    }

    /// Waits until at most `left` calls are unanswered: one, when the waiter
    /// has itself an answer to give, or none.
    async fn until_unanswered(&self, left: usize) {
        debug_assert!(left <= 1);
        loop {
            let notified = self.nearly_all_answered.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.unanswered.load(Ordering::Acquire) <= left {
                return;
            }
            notified.await;
        }
    }
}

/// The native side of one database isolate.
#[derive(Debug)]
pub struct Context {
    shared: Arc<Shared>,
    limits: Limits,
    /// `None` once the context takes no more calls.
    queue: Mutex<Option<UnboundedSender<Job>>>,
    dispatcher: AbortHandle,
}

impl Context {
    /// A context that answers on the Dart port `native_port`.
    pub fn new(native_port: i64, limits: Limits) -> Self {
        let shared = Arc::new(Shared {
            port: Port::new(native_port),
            unanswered: AtomicUsize::new(0),
            nearly_all_answered: Notify::new(),
            stop: CancellationToken::new(),
        });
        let (queue, jobs) = unbounded_channel();
        let dispatcher = runtime()
            .spawn(dispatch(jobs, shared.stop.clone(), limits.max_in_flight))
            .abort_handle();
        Self { shared, limits, queue: Mutex::new(Some(queue)), dispatcher }
    }

    /// Accepts a call, which will be answered under `id` exactly once.
    ///
    /// `start` runs when the call's turn has come, in the order of the
    /// submissions: what it reads before its first await is the state that
    /// the barriers before it have left. The token it is given is cancelled
    /// when the call is to end early; the call then says how it ended.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closing or closed.
    pub fn submit<F>(
        &self,
        id: i64,
        order: Order,
        start: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let queue = self.queue.lock();
        let Some(queue) = queue.as_ref() else { return Err(closed()) };
        let job = Job {
            order,
            start: Box::new(move |cancelled| Box::pin(start(cancelled))),
            reply: self.accept(id),
        };
        // A failed send means that the dispatcher has ended; the job that it
        // hands back answers as it is dropped.
        let _ = queue.send(job);
        Ok(())
    }

    /// Takes no more calls, lets the accepted ones finish (see [`Limits`]),
    /// then runs `release` and answers `id` with its outcome.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closing or closed already.
    pub fn close<F>(self: &Arc<Self>, id: i64, release: F) -> Result<(), Refusal>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        if self.queue.lock().take().is_none() {
            return Err(closed());
        }
        let reply = self.accept(id);
        let context = Arc::clone(self);
        bury(async move {
            context.drain(context.limits.grace, 1).await;
            answer(reply, release).await;
            context.shared.port.close();
        });
        Ok(())
    }

    /// Ends a context whose isolate is gone: nothing is posted any more, the
    /// calls are cancelled, and `release` runs when they have ended.
    ///
    /// Called by a finalizer. It waits for a post under way, and for nothing
    /// else. After a [`Context::close`] it only shuts the gate.
    pub fn abandon<F>(self: &Arc<Self>, release: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.shared.port.close();
        let context = Arc::clone(self);
        bury(async move {
            context.shared.stop.cancel();
            if context.queue.lock().take().is_some() {
                context.drain(Duration::ZERO, 0).await;
                release.await;
            }
        });
    }

    /// How many accepted calls have no answer yet.
    pub fn unanswered(&self) -> usize {
        self.shared.unanswered.load(Ordering::Acquire)
    }

    fn accept(&self, id: i64) -> Reply {
        self.shared.unanswered.fetch_add(1, Ordering::AcqRel);
        Reply::new(id, Arc::clone(&self.shared))
    }

    /// Waits until all but `left` accepted calls are answered: for `grace` as
    /// they are, for the limits' patience after cancelling them, and then
    /// drops them.
    async fn drain(&self, grace: Duration, left: usize) {
        if timeout(grace, self.shared.until_unanswered(left)).await.is_ok() {
            return;
        }
        self.shared.stop.cancel();
        if timeout(self.limits.patience, self.shared.until_unanswered(left)).await.is_ok() {
            return;
        }
        self.dispatcher.abort();
        // Dropped calls answer at their next await. One that never awaits
        // must not keep the store for ever.
        let _ = timeout(self.limits.patience, self.shared.until_unanswered(left)).await;
    }
}

fn closed() -> Refusal {
    Refusal::new(Status::Closed, "the database is closed")
}

/// Starts the jobs in their order. Ends when the queue is closed and empty,
/// or when it is aborted, which drops every call that it has started.
async fn dispatch(mut jobs: UnboundedReceiver<Job>, stop: CancellationToken, max: usize) {
    let permits = Arc::new(Semaphore::new(max));
    let mut running = JoinSet::new();
    loop {
        let job = tokio::select! {
            Some(_) = running.join_next(), if !running.is_empty() => continue,
            job = jobs.recv() => job,
        };
        let Some(Job { order, start, reply }) = job else { break };
        if stop.is_cancelled() {
            continue; // The reply answers that the database was closed.
        }
        match order {
            Order::Barrier => {
                if let Some((reply, call)) = begin(start, reply, &stop) {
                    answer(reply, call).await;
                }
            }
            Order::Concurrent => {
                let permit = tokio::select! {
                    biased;
                    () = stop.cancelled() => continue,
                    permit = Arc::clone(&permits).acquire_owned() => permit,
                };
                if let Some((reply, call)) = begin(start, reply, &stop) {
                    running.spawn(async move {
                        let _permit = permit;
                        answer(reply, call).await;
                    });
                }
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Runs the part of a call that must happen in order.
fn begin(start: Start, reply: Reply, stop: &CancellationToken) -> Option<(Reply, BoxedCall)> {
    match guard(|| start(stop.child_token())) {
        Ok(call) => Some((reply, call)),
        Err(panic) => {
            reply.panicked(&panic);
            None
        }
    }
}

/// Runs a call and posts what it came to.
async fn answer(reply: Reply, call: impl Future<Output = Answer>) {
    match guard_future(call).await {
        Ok(outcome) => reply.answer(outcome),
        Err(panic) => reply.panicked(&panic),
    }
}
