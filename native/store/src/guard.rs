//! Who watches over a store's folder while it is open.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use surrealdartb_datastore::{DiskFailure, Guardian};
use surrealdartb_files::FolderLock;
use tokio::task::{JoinHandle, spawn};
use tokio::time::sleep;

/// How often the folder of a store that nobody writes to is looked at: for so
/// long a program that knows only RocksDB's lock may find it free, after this
/// one has lost it.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Keeps the folder's lock, and refuses commits once the folder is no longer
/// the store's.
///
/// The engine and each of its transactions hold it; so the lock is free when,
/// and not before, RocksDB has closed.
pub(crate) struct Guard {
    lock: FolderLock,
    /// Why commits are refused, once they are: what an open file has seen of a
    /// folder that is gone does not come back.
    lost: Mutex<Option<String>>,
}

impl Guard {
    pub(crate) fn new(lock: FolderLock) -> Arc<Self> {
        Arc::new(Self { lock, lost: Mutex::default() })
    }

    /// A task that looks at the folder of a store that nobody writes to. It
    /// holds the guard while it does: whoever waits for the lock to be free
    /// ends it first.
    pub(crate) fn watch(self: &Arc<Self>) -> JoinHandle<()> {
        let watched = Arc::downgrade(self);
        spawn(async move {
            loop {
                sleep(LOOK_EVERY).await;
                let Some(guard) = Weak::upgrade(&watched) else { return };
                let _ = guard.check(); // The next commit is told.
            }
        })
    }

    /// Why the store is lost, if it is.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut lost = self.lost.lock();
        if lost.is_none() {
            *lost = self.lock.check().err();
        }
        lost.clone().map_or(Ok(()), Err)
    }
}

impl Guardian for Guard {
    fn permit(&self) -> Result<(), DiskFailure> {
        self.check().map_err(|reason| DiskFailure::lost(self.lock.folder().path(), &reason))
    }
}
