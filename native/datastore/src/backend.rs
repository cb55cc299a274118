//! The backend of a datastore, and its end.

use std::any::{Any, TypeId};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::CommunityComposer;
use surrealdb_core::kvs::{TransactionBuilderFactory, TransactionBuilderParts};
use surrealdb_kvs::api::{BoxFut, Transactable};
use surrealdb_kvs::{Error, Metrics, TransactionBuilder, TransactionType};
use surrealdb_kvs_rocksdb::Datastore as RocksDb;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::Guardian;
use crate::transaction::Transaction;

/// Where data lives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Location {
    /// In memory, until the datastore closes.
    Memory,
    /// In a folder, in RocksDB's files. The engine takes its path as text: one
    /// that is no Unicode cannot be opened.
    RocksDb(PathBuf),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("mem://"),
            Self::RocksDb(path) => path.display().fmt(f),
        }
    }
}

/// What the backend and its transactions share. The last of them to be dropped
/// drops it: then nothing of the engine can write any more.
pub(crate) struct Shared {
    /// Whether no transaction begins any more.
    closing: AtomicBool,
    guardian: Option<Arc<dyn Guardian>>,
    /// Behind the guardian: whoever hears of the end finds the place free.
    _released: DropGuard,
}

impl Shared {
    pub(crate) fn permit_commit(&self) -> Result<(), Error> {
        self.guardian.as_ref().map_or(Ok(()), |it| it.permit_commit())
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
    pub(crate) fn new(location: Location, guardian: Option<Arc<dyn Guardian>>) -> (Self, End) {
        let released = CancellationToken::new();
        let shared = Arc::new(Shared {
            closing: AtomicBool::new(false),
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
        let inner: Box<dyn TransactionBuilder> = match &self.location {
            Location::Memory => {
                let memory = CommunityComposer();
                memory.new_transaction_builder("mem://", canceller, config).await?.builder
            }
            Location::RocksDb(path) => {
                let path = path.to_str().with_context(|| {
                    format!(
                        "the folder's name is not Unicode text (as far as it can be shown: {}): \
                         rename the folder, or use another one",
                        path.display()
                    )
                })?;
                Box::new(RocksDb::new(path, config.load()).await?)
            }
        };
        let backend = Backend { inner, shared: Arc::clone(&self.shared) };
        Ok(TransactionBuilderParts::without_router_state(Box::new(backend)))
    }

    fn path_valid(&self, path: &str) -> Result<String> {
        Ok(path.to_owned())
    }
}

/// A backend that says when it has ended.
struct Backend {
    inner: Box<dyn TransactionBuilder>,
    /// Dropped behind what is inside.
    shared: Arc<Shared>,
}

impl TransactionBuilder for Backend {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn new_transaction(
        &self,
        write: TransactionType,
    ) -> BoxFut<'_, Result<(Box<dyn Transactable>, bool), Error>> {
        Box::pin(async move {
            if self.shared.closing.load(Ordering::Acquire) {
                return Err(Error::Shutdown);
            }
            let (inner, is_local) = self.inner.new_transaction(write).await?;
            let transaction = Transaction { inner, shared: Arc::clone(&self.shared) };
            Ok((Box::new(transaction) as Box<dyn Transactable>, is_local))
        })
    }

    fn shutdown(&self) -> BoxFut<'_, Result<(), Error>> {
        self.inner.shutdown()
    }

    fn register_metrics(&self) -> Option<Metrics> {
        self.inner.register_metrics()
    }

    fn collect_u64_metric(&self, metric: &str) -> Option<u64> {
        self.inner.collect_u64_metric(metric)
    }

    fn wait_until_serve_ready(&self) -> BoxFut<'_, Result<(), Error>> {
        self.inner.wait_until_serve_ready()
    }

    fn extension(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.inner.extension(id)
    }
}
