//! The backend of a datastore, and its end.

use std::any::{Any, TypeId};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use parking_lot::Mutex;
use surrealdartb_changes::{Commits, Hub, Watches};
use surrealdartb_lanes::{Attempt, Lanes};
use surrealdartb_rocksdb::{DiskFailure, Generation, Guardian, RocksDb};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::CommunityComposer;
use surrealdb_core::kvs::{TransactionBuilderFactory, TransactionBuilderParts};
use surrealdb_kvs::api::{BoxFut, Transactable};
use surrealdb_kvs::{Error, Metrics, TransactionBuilder, TransactionType};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::transaction::Transaction;
use crate::undo::Undoable;

/// Where data lives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Location {
    /// In memory, until the datastore closes.
    Memory,
    /// In a folder, in RocksDB's files. The engine takes its path as text: one
    /// that is no Unicode cannot be opened.
    RocksDb {
        /// The folder.
        folder: PathBuf,
        /// How often its logs are synced, if that is not the engine's to do.
        sync_interval: Option<Duration>,
    },
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("mem://"),
            Self::RocksDb { folder, .. } => folder.display().fmt(f),
        }
    }
}

/// What the backend and its transactions share. The last of them to be dropped
/// drops it: then nothing of the engine can write any more.
pub(crate) struct Shared {
    /// Whether no transaction begins any more.
    closing: AtomicBool,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) commits: Arc<Commits>,
    pub(crate) watches: Arc<Watches>,
    guardian: Option<Arc<dyn Guardian>>,
    /// Behind the guardian: whoever hears of the end finds the place free.
    _released: DropGuard,
}

impl Guardian for Shared {
    fn permit(&self) -> Result<(), DiskFailure> {
        self.guardian.as_ref().map_or(Ok(()), |it| it.permit())
    }
}

/// How whoever owns the datastore ends its backend, without holding it.
pub(crate) struct End {
    shared: std::sync::Weak<Shared>,
    released: CancellationToken,
}

impl End {
    /// From now on no transaction begins: a background task of the engine ends
    /// at its next one.
    pub(crate) fn refuse_transactions(&self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.closing.store(true, Ordering::Release);
        }
    }

    /// Completes when the backend and all its transactions are dropped.
    pub(crate) async fn released(&self) {
        self.released.cancelled().await;
    }
}

/// Makes the backend for the engine, which drops it when its last task has
/// ended.
pub(crate) struct Composer {
    location: Location,
    shared: Arc<Shared>,
}

impl Composer {
    pub(crate) fn new(
        location: Location,
        lanes: Arc<Lanes>,
        hub: Arc<Hub>,
        watches: Arc<Watches>,
        guardian: Option<Arc<dyn Guardian>>,
    ) -> (Self, End) {
        let released = CancellationToken::new();
        let shared = Arc::new(Shared {
            closing: AtomicBool::new(false),
            lanes,
            hub,
            commits: Arc::default(),
            watches,
            guardian,
            _released: released.clone().drop_guard(),
        });
        let end = End { shared: Arc::downgrade(&shared), released };
        (Self { location, shared }, end)
    }
}

impl TransactionBuilderFactory for Composer {
    type RouterState = ();

    /// RocksDB opens in the folder as it is named: the engine's own parser of
    /// endpoints, which the path here is for, cuts one at its first `?`.
    async fn new_transaction_builder(
        &self,
        _path: &str,
        canceller: CancellationToken,
        config: ConfigMap,
    ) -> Result<TransactionBuilderParts<()>> {
        let inner = match &self.location {
            Location::Memory => {
                let memory = CommunityComposer();
                let parts = memory.new_transaction_builder("mem://", canceller, config).await?;
                Inner::Memory(parts.builder)
            }
            Location::RocksDb { folder, sync_interval } => {
                let path = folder.to_str().with_context(|| {
                    format!(
                        "the folder's name is not Unicode text (as far as it can be shown: {}): \
                         rename the folder, or use another one",
                        folder.display()
                    )
                })?;
                // Each opening of RocksDB keeps the end away, as transactions do.
                let guardian = Arc::clone(&self.shared) as Arc<dyn Guardian>;
                let config = config.load();
                let rocksdb = RocksDb::open(path, config, *sync_interval, guardian).await?;
                if let Err(error) = first_read(&rocksdb).await {
                    // The failure to read is the one to tell.
                    let _ = rocksdb.shut_down().await;
                    return Err(error.into());
                }
                Inner::RocksDb(rocksdb)
            }
        };
        let backend = Backend { inner, shared: Arc::clone(&self.shared) };
        Ok(TransactionBuilderParts::without_router_state(Box::new(backend)))
    }

    fn path_valid(&self, path: &str) -> Result<String> {
        Ok(path.to_owned())
    }
}

/// Reads what the engine reads first, its version. When that fails the engine
/// (3.3.5) tries it again for two minutes, as a cluster's storage may not be ready yet: here
/// it is damage, or a failing disk, and does not pass by itself.
async fn first_read(rocksdb: &RocksDb) -> Result<(), Error> {
    const VERSION: &[u8] = b"!v";
    let (transaction, generation) = rocksdb.begin(TransactionType::Read).await?;
    let read = transaction.get(VERSION.into(), None).await;
    let ended = transaction.cancel().await;
    read.map(drop).and(ended).map_err(|error| match &generation {
        Some(generation) => generation.told(error),
        None => error,
    })
}

/// What the engine's own backends are here.
enum Inner {
    Memory(Box<dyn TransactionBuilder>),
    RocksDb(RocksDb),
}

/// A backend that says when it has ended.
struct Backend {
    inner: Inner,
    /// Dropped behind what is inside.
    shared: Arc<Shared>,
}

impl Backend {
    async fn begin(
        &self,
        write: TransactionType,
    ) -> Result<(Box<dyn Transactable>, bool, Option<Arc<Generation>>), Error> {
        match &self.inner {
            Inner::Memory(memory) => {
                let (inner, is_local) = memory.new_transaction(write).await?;
                Ok((Box::new(Undoable::new(inner)), is_local, None))
            }
            Inner::RocksDb(rocksdb) => {
                let (inner, generation) = rocksdb.begin(write).await?;
                Ok((inner, true, generation))
            }
        }
    }
}

impl TransactionBuilder for Backend {
    fn name(&self) -> &'static str {
        match &self.inner {
            Inner::Memory(memory) => memory.name(),
            Inner::RocksDb(_) => "rocksdb",
        }
    }

    fn new_transaction(
        &self,
        write: TransactionType,
    ) -> BoxFut<'_, Result<(Box<dyn Transactable>, bool), Error>> {
        Box::pin(async move {
            if self.shared.closing.load(Ordering::Acquire) {
                return Err(Error::Shutdown);
            }
            let began = self.shared.commits.now();
            let (inner, is_local, generation) = self.begin(write).await?;
            let transaction = Transaction {
                inner,
                generation,
                footprint: Mutex::default(),
                attempt: Attempt::current(),
                began,
                listens_to: Mutex::default(),
                told: Mutex::default(),
                shared: Arc::clone(&self.shared),
            };
            Ok((Box::new(transaction) as Box<dyn Transactable>, is_local))
        })
    }

    fn shutdown(&self) -> BoxFut<'_, Result<(), Error>> {
        match &self.inner {
            Inner::Memory(memory) => memory.shutdown(),
            Inner::RocksDb(rocksdb) => Box::pin(rocksdb.shut_down()),
        }
    }

    fn register_metrics(&self) -> Option<Metrics> {
        match &self.inner {
            Inner::Memory(memory) => memory.register_metrics(),
            Inner::RocksDb(rocksdb) => rocksdb.register_metrics(),
        }
    }

    fn collect_u64_metric(&self, metric: &str) -> Option<u64> {
        match &self.inner {
            Inner::Memory(memory) => memory.collect_u64_metric(metric),
            Inner::RocksDb(rocksdb) => rocksdb.collect_u64_metric(metric),
        }
    }

    fn wait_until_serve_ready(&self) -> BoxFut<'_, Result<(), Error>> {
        match &self.inner {
            Inner::Memory(memory) => memory.wait_until_serve_ready(),
            Inner::RocksDb(_) => Box::pin(async { Ok(()) }),
        }
    }

    /// RocksDB's backend has none.
    fn extension(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        match &self.inner {
            Inner::Memory(memory) => memory.extension(id),
            Inner::RocksDb(_) => None,
        }
    }
}
