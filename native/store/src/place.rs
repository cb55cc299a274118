//! A place for a store that is nobody else's.

use std::path::Path;
use std::sync::Arc;

use surrealdartb_files::{Folder, FolderLock, Locked};

use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// Where a store's data lives.
#[derive(Debug)]
pub enum Place {
    /// In memory, until the store closes.
    Memory,
    /// In a folder, which is the store's alone until nothing of the engine can
    /// write there any more.
    Folder(FolderLock),
}

impl Place {
    /// What `endpoint` names. Creates the folder. Waits for nothing but the
    /// disk.
    ///
    /// # Errors
    ///
    /// When somebody else has it, or the system refuses.
    pub fn of(endpoint: &Endpoint) -> Result<Self, Failure> {
        match endpoint {
            Endpoint::Memory | Endpoint::SharedMemory(_) => Ok(Self::Memory),
            Endpoint::RocksDb(path) => Self::lock(Self::folder(path)?),
        }
    }

    /// The folder at `path`, which is created if it does not exist.
    ///
    /// # Errors
    ///
    /// When the system refuses, or when this process still has the store open
    /// whose folder was there: it would write what it holds into a new one.
    pub fn folder(path: &Path) -> Result<Arc<Folder>, Failure> {
        let shown = path.display().to_string();
        if FolderLock::was_at(path) {
            return Err(Failure::replaced(&shown));
        }
        match Folder::create(path) {
            Ok(folder) => Ok(Arc::new(folder)),
            Err(error) => Err(Failure::open(&shown, error)),
        }
    }

    /// `folder`, which nobody else opens as a store from now on.
    ///
    /// # Errors
    ///
    /// As for [`Place::of`].
    pub fn lock(folder: Arc<Folder>) -> Result<Self, Failure> {
        let path = folder.path().display().to_string();
        match FolderLock::take(folder) {
            Ok(lock) => Ok(Self::Folder(lock)),
            Err(Locked::Elsewhere) => Err(Failure::in_use(&path)),
            Err(Locked::Replaced) => Err(Failure::replaced(&path)),
            Err(Locked::Failed(error)) => Err(Failure::open(&path, error)),
        }
    }
}
