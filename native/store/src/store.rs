//! One open store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use async_channel::bounded;
use surrealdartb_changes::{Hub, Watches};
use surrealdartb_datastore::{BoxFuture, DiskFailure, Engine, Guardian, Location};
use surrealdartb_files::{Writes, check};
use surrealdartb_lanes::{Attempt, Lanes, Standing};
use surrealdb::types::{Value, Variables};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::ctx::CancelHandle;
use surrealdb_core::dbs::Session;
use surrealdb_core::kvs::QueryRequest;
use surrealdb_rpc::{QUERY_STREAM_BUFFER, QueryResult, QueryStreamItem};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use crate::failure::Failure;
use crate::guard::Guard;
use crate::options::{Durability, StoreOptions};
use crate::outcome::Outcomes;
use crate::place::Place;
use crate::script::{Script, Statements};
use crate::transaction::{Mode, Transaction};

/// An `Arc` tells nobody when it is alone; it has to be asked.
const RELEASE_POLL: Duration = Duration::from_millis(1);

/// Where the rows of a statement go.
pub trait RowSink: Send {
    /// Takes the next rows, and says whether more are wanted. Until it has said so
    /// the engine looks for no more than a few.
    fn add(&mut self, rows: Vec<Value>) -> BoxFuture<'_, bool>;
}

/// What a store is asked to run.
pub struct Run<'a> {
    /// The statements.
    pub script: Script,
    /// What is bound to them.
    pub variables: Variables,
    /// Who asks.
    pub session: &'a Session,
    /// Stops it cooperatively: the engine's verdict is the outcome, so a write that was
    /// committed is never called cancelled.
    pub cancelled: &'a CancellationToken,
    /// In which transaction it runs, if not in those of its own.
    pub transaction: Option<&'a Transaction>,
    /// Tells of the transactions of its own.
    pub attempt: Arc<Attempt>,
}

/// An open store. Whoever runs a call holds it.
pub struct Store {
    engine: Engine,
    /// Who watches over its folder, and the task that does.
    watched: Option<(Arc<Guard>, JoinHandle<()>)>,
}

impl Store {
    /// Opens the store at `place`, on a runtime of `worker_threads`.
    ///
    /// The future must run to its end: a store that is dropped half open may
    /// keep its lock for a while.
    pub fn open(
        place: Place,
        options: StoreOptions,
        worker_threads: usize,
    ) -> BoxFuture<'static, Result<Arc<Self>, Failure>> {
        Box::pin(async move {
            let writes = match options.durability() {
                Durability::Every => Writes::Synced,
                Durability::Interval(_) | Durability::Never => Writes::Unsynced,
            };
            let (location, config, guard) = match place {
                Place::Memory => (Location::Memory, ConfigMap::empty(), None),
                Place::Folder(lock) => {
                    let folder = lock.folder().path().to_owned();
                    let sync_interval = match options.durability() {
                        Durability::Interval(length) => Some(length),
                        Durability::Every | Durability::Never => None,
                    };
                    let location = Location::RocksDb { folder, sync_interval };
                    let config = options
                        .rocksdb()
                        .iter()
                        .fold(ConfigMap::empty(), |map, (key, it)| map.with_key_value(*key, it));
                    let path = lock.folder().path().to_owned();
                    unblocked(move || {
                        let torn = check(&path).map_err(|it| Failure::refused(&path, it))?;
                        torn.make_passable().map_err(|it| Failure::refused(&path, it))
                    })
                    .await??;
                    (location, config, Some(Guard::new(lock, writes)))
                }
            };
            let guardian = guard.clone().map(|it| it as Arc<dyn Guardian>);
            let engine = Engine::open(location.clone(), config, worker_threads, guardian)
                .await
                .map_err(|error| match DiskFailure::read(&error.to_string()) {
                    Some(failure) => Failure::of_disk(&failure),
                    None => Failure::open(&location.to_string(), error),
                })?;
            if let Some(guard) = guard.clone() {
                let syncs = writes == Writes::Unsynced;
                let shown = location.to_string();
                unblocked(move || {
                    // What opening has written is on the disk before anything else:
                    // without its version a store with data is refused.
                    if syncs {
                        guard.sync_logs()?;
                    }
                    guard.note_opened();
                    Ok(())
                })
                .await?
                .map_err(|error: std::io::Error| Failure::open(&shown, error))?;
            }
            let watched = guard.map(|guard| {
                let watch = guard.watch();
                (guard, watch)
            });
            Ok(Arc::new(Self { engine, watched }))
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Begins a transaction that spans several runs, for its caller to begin again if it loses;
    /// one of the mode [`Mode::Read`] reads the store as it is now.
    pub fn begin(&self, mode: Mode) -> BoxFuture<'_, Result<Transaction, Failure>> {
        self.begin_as(mode, Attempt::new(Standing::Fails, Vec::new()))
    }

    /// The same, as `attempt`.
    pub fn begin_as(
        &self,
        mode: Mode,
        attempt: Arc<Attempt>,
    ) -> BoxFuture<'_, Result<Transaction, Failure>> {
        Box::pin(async move {
            let inner = self.engine.begin(mode == Mode::Write, attempt).await?;
            Ok(Transaction::new(inner, mode))
        })
    }

    /// Where live queries are told what changes.
    pub fn hub(&self) -> &Arc<Hub> {
        self.engine.hub()
    }

    /// Where watched queries hear of commits.
    pub fn watches(&self) -> &Arc<Watches> {
        self.engine.watches()
    }

    /// The turns of the statements whose transactions conflict.
    pub fn lanes(&self) -> &Arc<Lanes> {
        self.engine.lanes()
    }

    /// Runs a script and gives every statement's outcome.
    pub fn run<'a>(&'a self, run: Run<'a>) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let (cancelled, attempt) = (run.cancelled, Arc::clone(&run.attempt));
            let (request, handle, statements) = request(run);
            let _tripped = trip_when(cancelled, &handle);
            let results = self.engine.run(request, attempt).await?;
            Ok(Outcomes::new(results, statements))
        })
    }

    /// Runs a script, which [`Script::streams`], and hands its rows to `rows` as
    /// the engine finds them, until `rows` wants no more: then it is stopped as
    /// if it were cancelled. They count only if the outcome is
    /// [`Outcomes::streamed`] and a value, which then is empty in their place.
    pub fn run_streaming<'a>(
        &'a self,
        run: Run<'a>,
        rows: &'a mut dyn RowSink,
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let (cancelled, attempt) = (run.cancelled, Arc::clone(&run.attempt));
            let (request, handle, statements) = request(run);
            // Both ends are driven here: the engine waits while `rows` works.
            let (sender, items) = bounded(QUERY_STREAM_BUFFER);
            let mut run = self.engine.run_streaming(request, attempt, sender)?;
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
            Ok(Outcomes { streamed, ..Outcomes::new(results, statements) })
        })
    }

    /// Reads something from the store, and commits a change of it that leaves
    /// nothing behind; see [`Engine::check_health`].
    pub fn check_health(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            self.engine.check_health().await.map_err(|error| {
                match DiskFailure::read(&error.to_string()) {
                    // There was nothing whose outcome could be unknown.
                    Some(failure) => Failure::of_disk(&failure.without_effect()),
                    None => error.into(),
                }
            })
        })
    }

    /// Selects a namespace, a database, or both in `session`. What does not
    /// exist is created, in a transaction that can lose a conflict.
    pub fn select_scope<'a>(
        &'a self,
        session: &'a mut Session,
        namespace: Option<String>,
        database: Option<String>,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            self.engine.select_scope(session, namespace, database).await?;
            Ok(())
        })
    }

    /// Closes the store and completes when its lock is free, which takes as long
    /// as it takes. `waits_for` is told what the close waits for, whenever that
    /// changes.
    ///
    /// The caller has ended its calls; `self` is the last that it holds.
    pub fn close(
        self: Arc<Self>,
        waits_for: impl Fn(&'static str) + Send + 'static,
    ) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(async move {
            waits_for("a call that was given up and still runs");
            let Self { engine, watched } = alone(self).await;
            // From here on only the backend keeps the folder, until it has closed.
            if let Some((guard, watch)) = watched {
                watch.abort();
                let _ = watch.await; // That it was aborted.
                drop(guard);
            }
            Ok(engine.close(waits_for).await?)
        })
    }
}

/// What `work`, which waits for the disk, gives.
async fn unblocked<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let panicked = |panic| Failure::internal(format!("work on a store's files panicked: {panic}"));
    spawn_blocking(work).await.map_err(panicked)
}

/// What the engine is asked to run, the handle that stops it, and what is known of it.
fn request(run: Run<'_>) -> (QueryRequest<'_>, CancelHandle, Statements) {
    let Script { ast, statements, .. } = run.script;
    let handle = CancelHandle::new();
    let request = QueryRequest::new(ast, run.session)
        .with_variables(Some(run.variables))
        .with_cancel(handle.clone());
    let request = match run.transaction {
        Some(transaction) => transaction.inner.attach(request),
        None => request,
    };
    (request, handle, statements)
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

/// Waits until nobody else holds `shared`.
async fn alone<T>(mut shared: Arc<T>) -> T {
    loop {
        shared = match Arc::try_unwrap(shared) {
            Ok(owned) => return owned,
            Err(held) => held,
        };
        sleep(RELEASE_POLL).await;
    }
}
