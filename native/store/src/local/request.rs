//! How the engine runs what a session is asked to run.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use async_channel::bounded;
use surrealdartb_datastore::{ClientTransaction, Engine};
use surrealdb_core::ctx::CancelHandle;
use surrealdb_core::dbs::Session;
use surrealdb_core::kvs::QueryRequest;
use surrealdb_rpc::{QUERY_STREAM_BUFFER, QueryResult, QueryStreamItem};
use surrealdb_types::Value;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use crate::failure::Failure;
use crate::outcome::Outcomes;
use crate::run::{RowSink, Run};
use crate::script::{Script, Statements};

/// What is run, as whom, and in which transaction, if not in those of its own.
pub(super) struct Request<'a> {
    pub(super) run: Run<'a>,
    pub(super) session: &'a Session,
    pub(super) transaction: Option<&'a ClientTransaction>,
}

impl<'a> Request<'a> {
    /// Gives every statement's outcome.
    pub(super) async fn outcomes(self, engine: &'a Engine) -> Result<Outcomes, Failure> {
        let (cancelled, attempt) = (self.run.cancelled, Arc::clone(&self.run.attempt));
        let (request, handle, statements) = self.made();
        let _tripped = trip_when(cancelled, &handle);
        let results = engine.run(request, attempt).await?;
        Ok(Outcomes { results, statements, streamed: false })
    }

    /// The same, and hands the rows to `rows`.
    pub(super) async fn outcomes_streaming(
        self,
        engine: &'a Engine,
        rows: &'a mut dyn RowSink,
    ) -> Result<Outcomes, Failure> {
        let (cancelled, attempt) = (self.run.cancelled, Arc::clone(&self.run.attempt));
        let (request, handle, statements) = self.made();
        // Both ends are driven here: the engine waits while `rows` works.
        let (sender, items) = bounded(QUERY_STREAM_BUFFER);
        let mut run = engine.run_streaming(request, attempt, sender)?;
        let _tripped = trip_when(cancelled, &handle);
        let (mut ended, mut value, mut results) = (None, Value::None, Vec::new());
        // A table without records gives no rows, and an empty array.
        let mut streamed = true;
        loop {
            let item = tokio::select! {
                item = items.recv() => item,
                outcome = &mut run, if ended.is_none() => {
                    ended = Some(outcome);
                    continue;
                }
            };
            match item {
                Ok(QueryStreamItem::Rows { values, .. }) => {
                    if !rows.add(values).await {
                        handle.trip();
                    }
                }
                Ok(QueryStreamItem::Value { value: single, .. }) => {
                    streamed = false;
                    value = single;
                }
                Ok(QueryStreamItem::Finished { time, query_type, error, .. }) => {
                    let result = error.map_or_else(|| Ok(std::mem::take(&mut value)), Err);
                    results.push(QueryResult { time, result, query_type });
                }
                Err(_) => break, // All is said.
            }
        }
        match ended {
            Some(outcome) => outcome?,
            None => run.await?,
        };
        Ok(Outcomes { results, statements, streamed })
    }

    /// What the engine is asked to run, the handle that stops it, and what is known of it.
    fn made(self) -> (QueryRequest<'a>, CancelHandle, Statements) {
        let Self { run, session, transaction } = self;
        let Script { ast, statements, .. } = run.script;
        let handle = CancelHandle::new();
        let request = QueryRequest::new(ast, session)
            .with_variables(Some(run.variables))
            .with_cancel(handle.clone());
        let request = match transaction {
            Some(transaction) => transaction.attach(request),
            None => request,
        };
        (request, handle, statements)
    }
}

/// Stops what `handle` stops when `cancelled` is tripped, until what this gives is
/// dropped. It is done by whoever trips it: the task that runs the request may be
/// computing, and look at nothing.
fn trip_when<'a>(
    cancelled: &'a CancellationToken,
    handle: &CancelHandle,
) -> Pin<Box<WaitForCancellationFuture<'a>>> {
    let trip = Waker::from(Arc::new(Trip(handle.clone())));
    let mut waits = Box::pin(cancelled.cancelled());
    // It wakes whoever asked last, which is nobody but this.
    if waits.as_mut().poll(&mut Context::from_waker(&trip)).is_ready() {
        handle.trip();
    }
    waits
}

/// Wakes nobody, and stops a request.
struct Trip(CancelHandle);

impl Wake for Trip {
    fn wake(self: Arc<Self>) {
        self.0.trip();
    }
}
