//! Calls that have one order and one end: those of a session. The contexts of one
//! database isolate share its port, and end with the first of them.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::background::finish_on;
use crate::call::{Answer, Call, Counts, EncodeFailure, Limits};
use crate::calls::{Accepted, Stage};
use crate::dispatch::{Dispatcher, Job, answer};
use crate::interrupt::{Cause, Interrupt};
use crate::panic::guard_future;
use crate::parts::Parts;
use crate::pieces::Pieces;
use crate::reply::Reply;
use crate::runtime::{Threads, threads};
use crate::shared::Shared;
use crate::status::{Refusal, Status};

/// The calls of one session.
pub struct Context {
    shared: Arc<Shared>,
    limits: Limits,
    threads: Threads,
    dispatcher: Arc<Dispatcher>,
    /// Whether calls are still taken.
    open: Mutex<bool>,
    /// Those that end with this one. Only the first context of a port has any.
    others: Mutex<Vec<Weak<Self>>>,
    /// Whether the port ends with this context.
    owns_port: bool,
    /// Whether calls beside the queue are still taken.
    aside: Mutex<bool>,
    /// Tripped when the context has released what it owned.
    released: CancellationToken,
}

impl Context {
    /// A context that answers on the Dart port `native_port`, and runs on the
    /// process's threads. Calls without an outcome are told as `encode_failure` has
    /// it.
    pub fn new(native_port: i64, limits: Limits, encode_failure: EncodeFailure) -> Self {
        Self::on(threads(), native_port, limits, encode_failure)
    }

    /// A context that runs on `threads`.
    pub fn on(
        threads: &Threads,
        native_port: i64,
        limits: Limits,
        encode_failure: EncodeFailure,
    ) -> Self {
        Self::with(Shared::new(native_port, encode_failure), threads.clone(), limits, true)
    }

    /// A context that answers on the port of this one, which is the port's first,
    /// and ends with it.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closing or closed.
    pub fn beside(&self) -> Result<Arc<Self>, Refusal> {
        let open = self.open.lock();
        if !*open {
            return Err(closed());
        }
        let shared = self.shared.beside();
        let other = Arc::new(Self::with(shared, self.threads.clone(), self.limits, false));
        let mut others = self.others.lock();
        // The room grows to twice what is used, and so do the looks at what is not.
        if others.len() == others.capacity() {
            others.retain(|it| it.strong_count() > 0);
        }
        others.push(Arc::downgrade(&other));
        Ok(other)
    }

    fn with(shared: Shared, threads: Threads, limits: Limits, owns_port: bool) -> Self {
        let shared = Arc::new(shared);
        let dispatcher = Dispatcher::new(Arc::clone(&shared), threads.clone(), &limits);
        Self {
            shared,
            limits,
            threads,
            dispatcher: Arc::new(dispatcher),
            open: Mutex::new(true),
            others: Mutex::default(),
            owns_port,
            aside: Mutex::new(true),
            released: CancellationToken::new(),
        }
    }

    /// Accepts a call, which will be answered under its id exactly once.
    ///
    /// `start` runs when the call's turn has come, in the order of the
    /// submissions: what it reads before its first await is the state that
    /// the barriers before it have left. The interrupt it is given comes when
    /// the call is to end early; the call then says how it ended.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closing or closed.
    pub fn submit<F>(
        &self,
        call: Call,
        start: impl FnOnce(Interrupt) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let open = self.open.lock();
        if !*open {
            return Err(closed());
        }
        let accepted = Accepted::new(
            Interrupt::child_of(&self.shared.stop),
            Box::new(move |interrupt| Box::pin(start(interrupt))),
            self.accept(call.id, call.operation),
        );
        self.shared.calls.add(call, &accepted);
        if let Some(limit) = call.timeout {
            self.end_after(call.id, limit);
        }
        self.dispatcher.submit(Job { order: call.order, call: accepted });
        Ok(())
    }

    /// Grants the call `id` that many parts of its answer more. Ids of calls that are
    /// answered, or never were, are ignored.
    pub fn grant(&self, id: i64, parts: usize) {
        self.shared.calls.grant(id, parts);
    }

    /// Gives the call `id` the next piece of its input. Ids of calls that are answered,
    /// or never were, are ignored.
    pub fn feed(&self, id: i64, piece: Vec<u8>, is_last: bool) {
        if let Some(input) = self.shared.calls.input(id) {
            input.add(piece, is_last);
        }
    }

    /// The input that comes in pieces for the call `id`, which is about to be submitted.
    pub fn pieces(&self, id: i64) -> Pieces {
        Pieces::new(id, Arc::clone(&self.shared))
    }

    /// Posts parts of the answer to the call `id`, before it.
    pub fn parts(&self, id: i64) -> Parts {
        Parts::new(id, Arc::clone(&self.shared))
    }

    /// Asks the call `id` to end early. One that has not begun is answered as
    /// cancelled at once; one that runs answers how it has ended. Ids of calls
    /// that are answered, or never were, are ignored.
    pub fn cancel(&self, id: i64) {
        let recalled = self.shared.calls.interrupt(id, Cause::Cancelled);
        if let Some(reply) = recalled {
            // The thread that cancels does not post.
            self.threads.timers.spawn(async move { reply.never_began(Cause::Cancelled) });
        }
    }

    /// Asks all calls to end early, as [`Context::cancel`] asks one.
    pub fn cancel_all(&self) {
        for id in self.shared.calls.ids() {
            self.cancel(id);
        }
    }

    /// Answers `id` with what `ask` gives, beside the queue: at once, whatever
    /// else is under way, and also while the context closes. An `ask` that is
    /// not done when the calls are to end is given up.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closed.
    pub fn answer_aside(
        &self,
        id: i64,
        operation: &'static str,
        ask: impl Future<Output = Answer> + Send + 'static,
    ) -> Result<(), Refusal> {
        let open = self.aside.lock();
        if !*open {
            return Err(closed());
        }
        let mut reply = self.accept(id, operation);
        reply.begin();
        let stop = self.shared.stop.clone();
        self.threads.timers.spawn(async move {
            tokio::select! {
                biased;
                () = answer(reply, ask) => {}
                () = stop.cancelled() => {} // The reply says so.
            }
        });
        Ok(())
    }

    /// Takes no more calls, lets the accepted ones finish (see [`Limits`]), and
    /// those of the contexts that end with this one, then runs `release` and answers
    /// `id` with its outcome.
    ///
    /// # Errors
    ///
    /// [`Status::Closed`] when the context is closing or closed already.
    pub fn close<F>(self: &Arc<Self>, id: i64, release: F) -> Result<(), Refusal>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        if !std::mem::take(&mut *self.open.lock()) {
            return Err(closed());
        }
        let reply = self.accept(id, "close");
        let context = Arc::clone(self);
        let streams = self.shared.calls.end_streams();
        finish_on(&self.threads.timers, async move {
            for reply in streams {
                reply.never_began(Cause::Closing);
            }
            let _released = context.released.clone().drop_guard();
            context.drain_all(context.limits.grace, 1).await;
            // Where it computes, or waits for a disk, no timer waits for it. It is
            // guarded, and never aborted.
            let _ = context.threads.engine.spawn(answer(reply, release)).await;
            *context.aside.lock() = false;
            context.drain_all(Duration::ZERO, 0).await;
            if context.owns_port {
                context.shared.port.close();
            }
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
        finish_on(&self.threads.timers, async move {
            context.stop();
            if std::mem::take(&mut *context.open.lock()) {
                let _released = context.released.clone().drop_guard();
                context.drain_all(Duration::ZERO, 0).await;
                let _ = context.threads.engine.spawn(guard_future(release)).await;
            }
        });
    }

    /// Completes when the context has ended and released what it owned.
    pub fn released(&self) -> impl Future<Output = ()> + Send + use<> {
        self.released.clone().cancelled_owned()
    }

    /// How many calls there are.
    pub fn counts(&self) -> Counts {
        self.shared.counts()
    }

    /// The calls that have not ended, the oldest first: the verb of each, how
    /// long ago it was issued, and what it does.
    pub fn calls(&self) -> Vec<(&'static str, Duration, Stage)> {
        self.shared.calls.list()
    }

    fn accept(&self, id: i64, operation: &'static str) -> Reply {
        self.shared.count_call();
        Reply::new(id, operation, Arc::clone(&self.shared))
    }

    fn end_after(&self, id: i64, limit: Duration) {
        let shared = Arc::downgrade(&self.shared);
        let timer = self.threads.timers.spawn(async move {
            sleep(limit).await;
            let Some(shared) = shared.upgrade() else { return };
            let cause = Cause::TimedOut(limit);
            // A task of its own: the answer's end aborts this one.
            if let Some(reply) = shared.calls.interrupt(id, cause) {
                tokio::spawn(async move { reply.never_began(cause) });
            }
        });
        self.shared.calls.set_timer(id, timer.abort_handle());
    }

    /// Asks what runs to end, and drops what waits.
    fn stop(&self) {
        self.shared.stop.cancel();
        self.dispatcher.end_waiting();
    }

    /// [`Context::drain`] of this one and of all that end with it, at once. They take
    /// no more calls.
    async fn drain_all(&self, grace: Duration, left: usize) {
        let others: Vec<_> = self.others.lock().iter().filter_map(Weak::upgrade).collect();
        let drains: Vec<_> = others
            .into_iter()
            .map(|it| {
                *it.open.lock() = false;
                *it.aside.lock() = false;
                for reply in it.shared.calls.end_streams() {
                    reply.never_began(Cause::Closing);
                }
                tokio::spawn(async move { it.drain(grace, 0).await })
            })
            .collect();
        self.drain(grace, left).await;
        for drain in drains {
            let _ = drain.await; // It is never aborted, and waits only.
        }
    }

    /// Waits until all but `left` accepted calls are answered: for `grace` as
    /// they are, then for the limits' patience after cancelling them. Then it
    /// gives up those that are left: they are dropped at their next await, and
    /// answered for at once, since one that computes has no next await. Such a
    /// one goes on, and whoever releases what it uses has to wait for it.
    async fn drain(&self, grace: Duration, left: usize) {
        if timeout(grace, self.shared.until_unanswered(left)).await.is_ok() {
            return;
        }
        self.stop();
        if timeout(self.limits.patience, self.shared.until_unanswered(left)).await.is_ok() {
            return;
        }
        self.dispatcher.abort();
        drop(self.shared.calls.give_up());
        // Bounded for calls that nobody can answer for: the second of two that
        // were given one id.
        let _ = timeout(self.limits.patience, self.shared.until_unanswered(left)).await;
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("shared", &self.shared)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn closed() -> Refusal {
    Refusal::new(Status::Closed, "the database is closed")
}
