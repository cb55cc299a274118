//! One open datastore.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use surrealdartb_bridge::{wait_for_reaper_at_exit, worker_threads};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::kvs::{Datastore, TransactionBuilderFactory, TransactionBuilderParts};
use surrealdb_kvs_rocksdb::Datastore as RocksDb;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// RocksDB's memory, sized for a part of an application. (The engine's own
/// defaults are a server's: a block cache of half the machine's memory less
/// one GiB, and up to 32 write buffers of 128 MiB.)
const ROCKSDB_OPTIONS: [(&str, &str); 5] = [
    ("rocksdb_block_cache_size", "33554432"),  // 32 MiB
    ("rocksdb_write_buffer_size", "16777216"), // 16 MiB
    ("rocksdb_max_write_buffer_number", "4"),
    ("rocksdb_keep_log_file_num", "2"),
    ("rocksdb_max_open_files", "512"),
];

/// How long a close waits, after the engine has shut down, for its last tasks
/// to let go of the datastore.
const RELEASE_LIMIT: Duration = Duration::from_secs(10);

/// An `Arc` tells nobody when it is alone; it has to be asked.
const RELEASE_POLL: Duration = Duration::from_millis(1);

/// An open store. Whoever runs a call holds it.
pub(crate) struct Store {
    datastore: Arc<Datastore>,
    /// Where calls that keep losing conflicts wait for each other.
    lane: Mutex<()>,
}

impl Store {
    /// Opens the store that `endpoint` names; `path` stands in messages.
    pub(crate) async fn open(endpoint: &Endpoint) -> Result<Arc<Self>, Failure> {
        let datastore = match endpoint {
            Endpoint::Memory => {
                build("mem://", ConfigMap::empty(), surrealdb_core::CommunityComposer())
                    .await
                    .map_err(|error| Failure::open("mem://", error))?
            }
            Endpoint::RocksDb(path) => {
                let path = path.to_string_lossy().into_owned();
                let config = ROCKSDB_OPTIONS
                    .iter()
                    .fold(ConfigMap::empty(), |map, (key, value)| map.with_key_value(*key, *value));
                build(&path, config, RocksDbFolder)
                    .await
                    .map_err(|error| Failure::open(&path, error))?
            }
        };
        wait_for_reaper_at_exit();
        Ok(Arc::new(Self { datastore, lane: Mutex::new(()) }))
    }

    pub(crate) fn datastore(&self) -> &Datastore {
        &self.datastore
    }

    pub(crate) fn lane(&self) -> &Mutex<()> {
        &self.lane
    }

    /// Closes the store and returns when its lock is free.
    ///
    /// The caller has ended its calls; `self` is the last that the registry
    /// holds. The engine's shutdown does not free the lock: RocksDB does,
    /// when the last holder drops the datastore.
    pub(crate) async fn close(self: Arc<Self>) -> Result<(), Failure> {
        let shutdown = self.datastore.shutdown().await;
        let deadline = Instant::now() + RELEASE_LIMIT;
        let mut store = self;
        let mut datastore = loop {
            match Arc::try_unwrap(store) {
                Ok(store) => break store.datastore,
                Err(held) if Instant::now() < deadline => store = held,
                Err(_) => return Err(still_held("a call")),
            }
            sleep(RELEASE_POLL).await;
        };
        let datastore = loop {
            match Arc::try_unwrap(datastore) {
                Ok(datastore) => break datastore,
                Err(held) if Instant::now() < deadline => datastore = held,
                Err(_) => return Err(still_held("a background task of the engine")),
            }
            sleep(RELEASE_POLL).await;
        };
        // Closing files blocks.
        tokio::task::spawn_blocking(move || drop(datastore))
            .await
            .map_err(|panic| Failure::internal(format!("the store's end panicked: {panic}")))?;
        Ok(shutdown?)
    }
}

fn still_held(by: &str) -> Failure {
    Failure::internal(format!("the store is shut down, but {by} still holds it"))
}

/// Opens in the one order in which a fresh store stays usable: its version is
/// written before anything else is (see `surrealdb-engine-local`, `connect`).
///
/// Authentication is on and every session starts as the owner: so a session
/// that signs out loses rights, where without authentication it would gain
/// them.
async fn build<F>(path: &str, config: ConfigMap, composer: F) -> Result<Arc<Datastore>>
where
    F: TransactionBuilderFactory + 'static,
{
    let datastore = Datastore::builder()
        .with_config(config)
        .with_runtime_worker_threads(worker_threads())
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

    fn new_transaction_builder(
        &self,
        path: &str,
        _canceller: CancellationToken,
        config: ConfigMap,
    ) -> impl Future<Output = Result<TransactionBuilderParts<()>>> + Send {
        async move {
            let rocksdb = RocksDb::new(path, config.load()).await?;
            Ok(TransactionBuilderParts::without_router_state(Box::new(rocksdb)))
        }
    }

    fn path_valid(&self, path: &str) -> Result<String> {
        Ok(path.to_owned())
    }
}

/// The folder's one name, whatever way it was written. Creates it.
pub(crate) fn canonical_folder(path: &Path) -> std::io::Result<std::path::PathBuf> {
    std::fs::create_dir_all(path)?;
    path.canonicalize()
}
