//! Who watches over a store's folder while it is open.

use parking_lot::Mutex;
use surrealdartb_datastore::{Guardian, KeyValueError};
use surrealdartb_files::FolderLock;

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
    pub(crate) fn new(lock: FolderLock) -> Self {
        Self { lock, lost: Mutex::default() }
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
    fn permit_commit(&self) -> Result<(), KeyValueError> {
        self.check().map_err(KeyValueError::Datastore)
    }
}
