//! One opening of RocksDB.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use surrealdartb_files::Logs;
use surrealdb_kvs::api::Transactable;
use surrealdb_kvs::{Error, Result, TransactionType};
use surrealdb_kvs_rocksdb::{Datastore, RocksDbConfig};
use tokio::task::spawn_blocking;

use crate::disk_failure::{DiskFailure, Place};
use crate::guardian::Guardian;
use crate::log_sync::LogSync;

/// One opening of RocksDB. Each of its transactions holds it, and asks it what
/// an error means.
pub struct Generation {
    datastore: Datastore,
    place: Place,
    /// Why it takes no commit any more, once it does not.
    failure: Mutex<Option<DiskFailure>>,
    /// Whether its transactions are to end: it will be closed.
    is_ending: AtomicBool,
    /// Whether the disk has kept something: with an interval, whether it was synced.
    has_kept: AtomicBool,
    /// With an interval of durability.
    log_sync: Mutex<Option<LogSync>>,
    syncs_at_interval: bool,
    logs: Arc<Logs>,
    /// Whether a sync has failed: no later one tells of what it lost.
    has_lost: AtomicBool,
    /// Dropped behind RocksDB.
    _guardian: Arc<dyn Guardian>,
}

impl Generation {
    /// Opens RocksDB.
    pub(crate) async fn open(
        place: &Place,
        config: RocksDbConfig,
        sync_interval: Option<Duration>,
        guardian: Arc<dyn Guardian>,
    ) -> Result<Arc<Self>> {
        let datastore = Datastore::new(&place.store, config).await?;
        let generation = Arc::new(Self {
            datastore,
            place: place.clone(),
            failure: Mutex::default(),
            is_ending: AtomicBool::new(false),
            has_kept: AtomicBool::new(false),
            syncs_at_interval: sync_interval.is_some(),
            log_sync: Mutex::default(),
            logs: Arc::new(Logs::new(Path::new(&place.store))),
            has_lost: AtomicBool::new(false),
            _guardian: guardian,
        });
        *generation.log_sync.lock() = sync_interval.map(|it| LogSync::start(&generation, it));
        Ok(generation)
    }

    pub(crate) fn datastore(&self) -> &Datastore {
        &self.datastore
    }

    pub(crate) async fn begin(&self, write: TransactionType) -> Result<Box<dyn Transactable>> {
        self.datastore.transaction(write).await.map_err(|error| self.told(error))
    }

    /// What an operation of a transaction is refused with.
    ///
    /// # Errors
    ///
    /// When the generation will be closed, and waits for its transactions.
    pub fn check(&self) -> Result<()> {
        if !self.is_ending.load(Ordering::Acquire) {
            return Ok(());
        }
        let failure = self.failure();
        let failure = failure.unwrap_or_else(|| self.place.not_yet("the store is opened again"));
        Err(failure.to_error())
    }

    /// `error`, of anything but a commit, as the engine is told.
    pub fn told(&self, error: Error) -> Error {
        self.place.failure_of(&error).map_or(error, |failure| failure.to_error())
    }

    /// Commits `transaction`, unless the disk has failed a commit before.
    ///
    /// # Errors
    ///
    /// What the transaction says; about the disk, that it has failed.
    pub async fn commit(&self, transaction: &dyn Transactable) -> Result<()> {
        if let Some(failure) = self.failure() {
            // What it holds is given back; the refusal is what to tell.
            let _ = transaction.cancel().await;
            return Err(failure.to_error());
        }
        let committed = transaction.commit().await;
        match &committed {
            Ok(()) => match self.failure() {
                None if self.syncs_at_interval => {} // The next sync will show it.
                None => self.note_kept(),
                // The sync that was to hold this commit has failed meanwhile.
                Some(failure) => return Err(failure.for_commit_under_way().to_error()),
            },
            Err(error) => {
                if let Some(failure) = self.place.failure_of_commit(error) {
                    self.fail(failure.without_effect());
                    return Err(failure.to_error());
                }
            }
        }
        committed
    }

    /// Why it takes no commits any more, if so.
    pub(crate) fn failure(&self) -> Option<DiskFailure> {
        self.failure.lock().clone()
    }

    /// Takes no commits from now on.
    fn fail(&self, failure: DiskFailure) {
        self.failure.lock().get_or_insert(failure);
    }

    /// A sync of an interval has failed.
    pub(crate) fn fail_sync(&self, error: &io::Error) {
        self.has_lost.store(true, Ordering::Release);
        self.fail(self.place.failure_of_io(
            error,
            "the log could not be synced, and what was written since the last sync may be lost \
             when the power fails before the store goes on",
        ));
    }

    /// What was committed is as safe as it was promised to be.
    pub(crate) fn note_kept(&self) {
        self.has_kept.store(true, Ordering::Release);
    }

    pub(crate) fn has_kept(&self) -> bool {
        self.has_kept.load(Ordering::Acquire)
    }

    pub(crate) fn logs(&self) -> Arc<Logs> {
        Arc::clone(&self.logs)
    }

    /// Lets the operations of its transactions fail, or go on.
    pub(crate) fn set_ending(&self, is_ending: bool) {
        self.is_ending.store(is_ending, Ordering::Release);
    }

    /// Stops its threads, and writes what is in its memory to tables, if the
    /// disk takes it. Its files close when it is dropped.
    ///
    /// # Errors
    ///
    /// Without a sync per commit, when what was acknowledged may not be on the
    /// disk.
    pub(crate) async fn shut_down(&self) -> std::result::Result<(), DiskFailure> {
        drop(self.log_sync.lock().take());
        if let Err(error) = self.datastore.shutdown().await {
            return Err(self.place.not_yet(&error.to_string()));
        }
        if self.place.syncs_commits {
            return Ok(());
        }
        // What is in tables is synced. A log is left only if that has failed, and
        // RocksDB says nothing of it, nor of a sync that failed.
        let logs = self.logs();
        let synced = spawn_blocking(move || logs.sync().map(|_| logs.are_empty())).await;
        let are_empty = match synced {
            Ok(Ok(are_empty)) => are_empty,
            Ok(Err(error)) => {
                self.fail_sync(&error);
                false
            }
            Err(panic) => {
                self.fail_sync(&io::Error::other(panic.to_string()));
                false
            }
        };
        match self.failure() {
            Some(failure) if self.has_lost.load(Ordering::Acquire) && !are_empty => Err(failure),
            _ => Ok(()),
        }
    }
}
