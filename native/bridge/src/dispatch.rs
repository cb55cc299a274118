//! Starting the calls of a context in their order.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use crate::calls::{BoxedCall, Waiting};
use crate::context::{Answer, Order, Running, Shared};
use crate::panic::{guard, guard_future};
use crate::reply::Reply;

/// A call in the queue.
pub(crate) struct Job {
    pub(crate) order: Order,
    pub(crate) waiting: Arc<Waiting>,
}

/// Starts the jobs in their order. Ends when the queue is closed and empty,
/// or when it is aborted, which drops every call that it has started.
pub(crate) async fn dispatch(mut jobs: UnboundedReceiver<Job>, shared: Arc<Shared>, max: usize) {
    let permits = Arc::new(Semaphore::new(max));
    let mut running = JoinSet::new();
    loop {
        let job = tokio::select! {
            Some(_) = running.join_next(), if !running.is_empty() => continue,
            job = jobs.recv() => job,
        };
        let Some(Job { order, waiting }) = job else { break };
        let permit = tokio::select! {
            biased;
            () = shared.stop.cancelled() => continue, // Its reply says so.
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        let Some((reply, call)) = begin(&waiting) else { continue };
        let count = Running::count(&shared);
        match order {
            Order::Barrier => answer(reply, call, count).await,
            Order::Concurrent => {
                running.spawn(async move {
                    let _permit = permit;
                    answer(reply, call, count).await;
                });
            }
        }
    }
    while running.join_next().await.is_some() {}
}

/// Runs the part of a call that must happen in order. `None` when the call was
/// interrupted before, or has panicked.
fn begin(waiting: &Waiting) -> Option<(Reply, BoxedCall)> {
    let (start, mut reply) = waiting.begin()?;
    reply.begin();
    match guard(|| start(waiting.interrupt.clone())) {
        Ok(call) => Some((reply, call)),
        Err(panic) => {
            reply.panicked(&panic);
            None
        }
    }
}

/// Runs a call and posts what it came to. It is no longer counted by then.
pub(crate) async fn answer<C>(reply: Reply, call: impl Future<Output = Answer>, count: C) {
    let outcome = guard_future(call).await;
    drop(count);
    match outcome {
        Ok(outcome) => reply.answer(outcome),
        Err(panic) => reply.panicked(&panic),
    }
}
