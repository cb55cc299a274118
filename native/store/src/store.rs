//! One open datastore.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use async_channel::bounded;
use surrealdb::types::{Value, Variables};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::CommunityComposer;
use surrealdb_core::ctx::CancelHandle;
use surrealdb_core::dbs::Session;
use surrealdb_core::kvs::{
    Datastore, QueryRequest, TransactionBuilderFactory, TransactionBuilderParts,
};
use surrealdb_kvs_rocksdb::Datastore as RocksDb;
use surrealdb_rpc::{QUERY_STREAM_BUFFER, QueryResult, QueryStreamItem};
use surrealdb_sql::Ast;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::BoxFuture;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::log_sync::LogSync;
use crate::options::{Durability, StoreOptions};
use crate::outcome::Outcomes;
use crate::script::Script;

/// How long a close waits, after the engine has shut down, for its last tasks
/// to let go of the datastore.
const RELEASE_LIMIT: Duration = Duration::from_secs(10);

/// An `Arc` tells nobody when it is alone; it has to be asked.
const RELEASE_POLL: Duration = Duration::from_millis(1);

/// An open store. Whoever runs a call holds it.
pub struct Store {
    datastore: Arc<Datastore>,
    /// Ends with the store.
    _log_sync: Option<LogSync>,
}

impl Store {
    /// Opens the store that `endpoint` names, on a runtime of
    /// `worker_threads`.
    ///
    /// The future must run to its end: a store that is dropped half open may
    /// keep its lock for a while.
    pub fn open(
        endpoint: Endpoint,
        options: StoreOptions,
        worker_threads: usize,
    ) -> BoxFuture<'static, Result<Arc<Self>, Failure>> {
        Box::pin(async move {
            let datastore = open(&endpoint, options, worker_threads)
                .await
                .map_err(|error| Failure::open(&endpoint.to_string(), error))?;
            let log_sync = match (endpoint, options.durability()) {
                (Endpoint::RocksDb(path), Durability::Interval(length)) => {
                    Some(LogSync::start(path, length))
                }
                _ => None,
            };
            Ok(Arc::new(Self { datastore, _log_sync: log_sync }))
        })
    }

    /// Runs `script` as `session` and gives every statement's outcome.
    ///
    /// `cancelled` stops it cooperatively: the engine's verdict is the
    /// outcome, so a write that was committed is never called cancelled.
    pub fn run<'a>(
        &'a self,
        script: Script,
        session: &'a Session,
        variables: Variables,
        cancelled: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let Script { ast, statements } = script;
            let (request, handle) = request(ast, session, variables);
            let run = self.datastore.run(request);
            tokio::pin!(run);
            let results = tokio::select! {
                results = &mut run => results,
                () = cancelled.cancelled() => {
                    handle.trip();
                    run.await
                }
            };
            Ok(Outcomes::new(results?, statements))
        })
    }

    /// Runs `script`, which [`Script::streams`], and hands its rows to `rows` as
    /// the engine finds them. They count only if the outcome is
    /// [`Outcomes::streamed`] and a value, which then is empty in their place.
    ///
    /// `cancelled` as for [`Store::run`].
    pub fn run_streaming<'a>(
        &'a self,
        script: Script,
        session: &'a Session,
        variables: Variables,
        cancelled: &'a CancellationToken,
        rows: &'a mut (dyn FnMut(Vec<Value>) + Send),
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        Box::pin(async move {
            let Script { ast, statements } = script;
            let (request, handle) = request(ast, session, variables);
            // Both ends are driven here: the engine waits while `rows` works.
            let (sender, items) = bounded(QUERY_STREAM_BUFFER);
            let mut run = self.datastore.run_streaming(request, sender)?.run;
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
                    () = cancelled.cancelled(), if !handle.is_cancelled() => {
                        handle.trip();
                        continue;
                    }
                };
                match item {
                    Ok(QueryStreamItem::Rows { values, .. }) => rows(values),
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

    /// Reads something from the store.
    pub fn check_health(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move { Ok(self.datastore.health_check().await?) })
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
            self.datastore.process_use(None, session, namespace, database).await?;
            Ok(())
        })
    }

    /// Closes the store and completes when its lock is free. `waits_for` is
    /// told what the close waits for, whenever that changes.
    ///
    /// The caller has ended its calls; `self` is the last that it holds. The
    /// engine's shutdown does not free the lock: RocksDB does, when the last
    /// holder drops the datastore.
    pub fn close(
        self: Arc<Self>,
        waits_for: impl Fn(&'static str) + Send + 'static,
    ) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(async move {
            waits_for("the engine, which is shutting down");
            let shutdown = self.datastore.shutdown().await;
            let deadline = Instant::now() + RELEASE_LIMIT;
            let by = "a call";
            waits_for(by);
            let store = alone(self, deadline, by).await?;
            let by = "a background task of the engine";
            waits_for(by);
            let datastore = alone(store.datastore, deadline, by).await?;
            waits_for("RocksDB, which is closing its files");
            // Closing files blocks.
            tokio::task::spawn_blocking(move || drop(datastore))
                .await
                .map_err(|panic| Failure::internal(format!("the store's end panicked: {panic}")))?;
            Ok(shutdown?)
        })
    }
}

/// What the engine is asked to run, and the handle that stops it.
fn request(ast: Ast, session: &Session, variables: Variables) -> (QueryRequest<'_>, CancelHandle) {
    let handle = CancelHandle::new();
    let request =
        QueryRequest::new(ast, session).with_variables(Some(variables)).with_cancel(handle.clone());
    (request, handle)
}

/// Waits until nobody else holds `shared`.
async fn alone<T>(mut shared: Arc<T>, deadline: Instant, by: &str) -> Result<T, Failure> {
    loop {
        shared = match Arc::try_unwrap(shared) {
            Ok(owned) => return Ok(owned),
            Err(held) => held,
        };
        if Instant::now() >= deadline {
            return Err(Failure::internal(format!(
                "the store is shut down, but {by} still holds it"
            )));
        }
        sleep(RELEASE_POLL).await;
    }
}

async fn open(
    endpoint: &Endpoint,
    options: StoreOptions,
    threads: usize,
) -> Result<Arc<Datastore>> {
    match endpoint {
        Endpoint::Memory | Endpoint::SharedMemory(_) => {
            build("mem://", ConfigMap::empty(), threads, CommunityComposer()).await
        }
        Endpoint::RocksDb(path) => {
            let config = options
                .rocksdb()
                .iter()
                .fold(ConfigMap::empty(), |map, (key, value)| map.with_key_value(*key, value));
            build(&path.to_string_lossy(), config, threads, RocksDbFolder).await
        }
    }
}

/// Opens in the one order in which a fresh store stays usable: its version is
/// written before anything else is (see `surrealdb-engine-local`, `connect`).
///
/// Authentication is on and every session starts as the owner: so a session
/// that signs out loses rights, where without authentication it would gain
/// them.
async fn build<F>(
    path: &str,
    config: ConfigMap,
    worker_threads: usize,
    composer: F,
) -> Result<Arc<Datastore>>
where
    F: TransactionBuilderFactory + 'static,
{
    let datastore = Datastore::builder()
        .with_config(config)
        .with_runtime_worker_threads(worker_threads)
        .with_auth(true)
        .without_maintenance_tasks()
        .build_with_factory_path(path, composer)
        .await?;
    datastore.check_version().await?;
    datastore.bootstrap().await?;
    datastore.start_maintenance_tasks();
    Ok(datastore)
}

/// Opens RocksDB in a folder as it is named. (The engine's own parser of
/// endpoints cuts a path at its first `?`.)
struct RocksDbFolder;

impl TransactionBuilderFactory for RocksDbFolder {
    type RouterState = ();

    async fn new_transaction_builder(
        &self,
        path: &str,
        _canceller: CancellationToken,
        config: ConfigMap,
    ) -> Result<TransactionBuilderParts<()>> {
        let rocksdb = RocksDb::new(path, config.load()).await?;
        Ok(TransactionBuilderParts::without_router_state(Box::new(rocksdb)))
    }

    fn path_valid(&self, path: &str) -> Result<String> {
        Ok(path.to_owned())
    }
}
