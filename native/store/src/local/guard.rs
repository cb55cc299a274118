//! Who watches over a store's folder while it is open.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use surrealdartb_datastore::{DiskFailure, Guardian};
use surrealdartb_files::{FolderLock, Logs, Writes, note};
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
    /// When the store's writes are on the disk.
    writes: Writes,
    /// Whether the store was open.
    noted: AtomicBool,
    /// Why commits are refused, once they are: what an open file has seen of a
    /// folder that is gone does not come back.
    lost: Mutex<Option<String>>,
}

impl Guard {
    pub(crate) fn new(lock: FolderLock, writes: Writes) -> Arc<Self> {
        Arc::new(Self { lock, writes, noted: AtomicBool::new(false), lost: Mutex::default() })
    }

    /// Notes how long the store's files are, now that it is open: whoever opens
    /// it next tells damage from the end of a crash by it. (Without the note the
    /// store is as good, and less damage is recognised.)
    pub(crate) fn note_opened(&self) {
        self.noted.store(true, Ordering::Relaxed);
        let _ = note(self.lock.folder().path(), self.writes);
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

    /// Brings the logs to the disk.
    pub(crate) fn sync_logs(&self) -> std::io::Result<()> {
        Logs::new(self.lock.folder().path()).sync().map(drop)
    }

    /// Why the store is lost, if it is.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(reason) = &*self.lost.lock() {
            return Err(reason.clone());
        }
        // Not under the lock: commits do not wait for each other's system calls.
        self.lock.check().map_err(|reason| self.lost.lock().get_or_insert(reason).clone())
    }
}

impl Drop for Guard {
    /// RocksDB has closed, and nobody has opened the store since.
    fn drop(&mut self) {
        if *self.noted.get_mut() && self.lost.get_mut().is_none() {
            let _ = note(self.lock.folder().path(), self.writes);
        }
    }
}

impl Guardian for Guard {
    fn permit(&self) -> Result<(), DiskFailure> {
        self.check().map_err(|reason| DiskFailure::lost(self.lock.folder().path(), &reason))
    }
}
