//! One open datastore of the engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use async_channel::Sender;
use surrealdartb_changes::{Hub, Watches};
use surrealdartb_lanes::{Attempt, Lanes};
use surrealdartb_rocksdb::alone;
use surrealdb::types::Error;
use surrealdb_cnf::ConfigMap;
use surrealdb_core::dbs::Session;
use surrealdb_core::kvs::{Datastore, QueryRequest};
use surrealdb_core::syn::settings_from_capabilities_config;
use surrealdb_kvs::{Key, TransactionType};
use surrealdb_rpc::{QueryResult, QueryStreamItem};
use surrealdb_syn::ParserSettings;

use crate::backend::{Composer, End, Location};
use crate::broker::Broker;
use crate::client_transaction::ClientTransaction;
use crate::{BoxFuture, Guardian, maintenance};

/// An open datastore, and what is known of its backend.
pub struct Engine {
    datastore: Arc<Datastore>,
    lanes: Arc<Lanes>,
    hub: Arc<Hub>,
    watches: Arc<Watches>,
    end: End,
}

impl Engine {
    /// Opens the datastore at `location`, for a runtime of `worker_threads`.
    /// `guardian` is held until nothing of the engine can write any more.
    ///
    /// The future must run to its end: a datastore that is dropped half open
    /// may keep its files for a while.
    ///
    /// It opens in the one order in which a fresh store stays usable: its
    /// version is written before anything else is (see `surrealdb-engine-local`,
    /// `connect`). Authentication is on and every session starts as the owner:
    /// so a session that signs out loses rights, where without authentication
    /// it would gain them.
    pub fn open(
        location: Location,
        config: ConfigMap,
        worker_threads: usize,
        guardian: Option<Arc<dyn Guardian>>,
    ) -> BoxFuture<'static, Result<Self>> {
        Box::pin(async move {
            let (lanes, hub, watches) = (Arc::default(), Arc::default(), Arc::default());
            let (composer, end) = Composer::new(
                location,
                Arc::clone(&lanes),
                Arc::clone(&hub),
                Arc::clone(&watches),
                guardian,
            );
            let datastore = Datastore::builder()
                .with_config(config)
                .with_runtime_worker_threads(worker_threads)
                .with_auth(true)
                .with_engine_options(maintenance::intervals())
                .with_live_query_broker(Arc::new(Broker(Arc::clone(&hub))))
                .without_maintenance_tasks()
                .build_with_factory_path("", composer)
                .await?;
            let engine = Self { datastore, lanes, hub, watches, end };
            match engine.bootstrap().await {
                Ok(()) => Ok(engine),
                Err(error) => {
                    // RocksDB's threads keep it open until they are stopped.
                    let _ = engine.close(|_| ()).await;
                    Err(error)
                }
            }
        })
    }

    pub(crate) fn datastore(&self) -> &Datastore {
        &self.datastore
    }

    async fn bootstrap(&self) -> Result<()> {
        self.datastore.check_version().await?;
        self.datastore.bootstrap().await?;
        self.datastore.start_maintenance_tasks();
        Ok(())
    }

    /// How the datastore reads texts.
    pub fn parser_settings(&self) -> ParserSettings {
        let capabilities = self.datastore.get_capabilities();
        settings_from_capabilities_config(&capabilities, &self.datastore.parser_config())
    }

    /// The turns of those whose transactions conflict.
    pub fn lanes(&self) -> &Arc<Lanes> {
        &self.lanes
    }

    /// Where live queries are told what changes.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Where watched queries hear of commits.
    pub fn watches(&self) -> &Arc<Watches> {
        &self.watches
    }

    /// Runs `request`, as `attempt`. Gives the outcome of every statement.
    pub fn run<'a>(
        &'a self,
        request: QueryRequest<'a>,
        attempt: Arc<Attempt>,
    ) -> BoxFuture<'a, Result<Vec<QueryResult>, Error>> {
        Box::pin(attempt.scope(self.datastore.run(request)))
    }

    /// Runs `request`, as `attempt`, and sends what it finds to `items` as it finds it.
    ///
    /// # Errors
    ///
    /// When the request cannot begin.
    pub fn run_streaming(
        &self,
        request: QueryRequest<'_>,
        attempt: Arc<Attempt>,
        items: Sender<QueryStreamItem>,
    ) -> Result<BoxFuture<'static, Result<(), Error>>, Error> {
        let run = self.datastore.run_streaming(request, items)?.run;
        Ok(Box::pin(attempt.scope(async move { run.await.map(|_| ()) })))
    }

    /// Begins a transaction that spans several requests, as `attempt`; one that is not
    /// `writeable` reads the store as it is now.
    pub fn begin(
        &self,
        writeable: bool,
        attempt: Arc<Attempt>,
    ) -> BoxFuture<'_, Result<ClientTransaction>> {
        let kind = if writeable { TransactionType::Write } else { TransactionType::Read };
        Box::pin(async move {
            let transaction = attempt.scope(self.datastore.transaction(kind)).await?;
            Ok(ClientTransaction(Arc::new(transaction)))
        })
    }

    /// Reads something, and commits a change that leaves nothing behind: the
    /// deletion of a key that nobody has. (The engine's begin with a slash.) It
    /// goes the way of every write, into the log and through its sync.
    pub fn check_health(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.datastore.health_check().await?;
            // Checks at the same time do not conflict: each has its own key.
            static CHECKS: AtomicU64 = AtomicU64::new(0);
            let check = CHECKS.fetch_add(1, Ordering::Relaxed);
            let key = Key::from(format!("\0surrealdartb/health/{check}").into_bytes());
            let transaction = self.datastore.transaction(TransactionType::Write).await?;
            if let Err(error) = transaction.del(key).await {
                // The failure to write is the one to tell.
                let _ = transaction.cancel().await;
                return Err(error);
            }
            transaction.commit().await
        })
    }

    /// Selects a namespace, a database, or both in `session`. What does not
    /// exist is created, in a transaction that can lose a conflict.
    pub fn select_scope<'a>(
        &'a self,
        session: &'a mut Session,
        namespace: Option<String>,
        database: Option<String>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.datastore.process_use(None, session, namespace, database).await?;
            Ok(())
        })
    }

    /// Shuts the engine down and completes when nothing of it is left: its
    /// last task has ended, and the backend has closed its files. `waits_for`
    /// is told what that takes, whenever it changes. It takes as long as it
    /// takes.
    ///
    /// The caller has ended its calls. The engine's own shutdown stops neither
    /// the tasks that build indexes, nor does it close the files: those close
    /// with the last holder of the backend.
    pub fn close(
        self,
        waits_for: impl Fn(&'static str) + Send + 'static,
    ) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            waits_for("the engine, which is shutting down");
            let shutdown = self.datastore.shutdown().await;
            // An index that is being built goes on from its last commit when
            // the store is opened again, as it would after a crash.
            self.end.refuse_transactions();
            waits_for("a background task of the engine");
            let datastore = alone(self.datastore).await;
            // Closing files blocks.
            let dropped = tokio::task::spawn_blocking(move || drop(datastore)).await;
            self.end.released().await;
            dropped?;
            shutdown
        })
    }
}
