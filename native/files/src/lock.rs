//! The lock of a store's folder.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use crate::folder::{Folder, parent};
#[cfg(unix)]
use crate::rocksdb_lock::RocksDbLock;

/// The file that is locked, beside RocksDB's own `LOCK`. It stays behind, and
/// holds nothing. (On RocksDB's file a second lock would shut RocksDB out.)
const NAME: &str = "surrealdartb.lock";

/// Why a folder could not be locked.
#[derive(Debug)]
pub enum Locked {
    /// Somebody else holds it: another process, or another copy of this
    /// library in this one.
    Elsewhere,
    /// This process holds another folder that was at the same path, and was
    /// deleted, moved or replaced. RocksDB knows folders by their paths, and
    /// opens no second one there.
    Replaced,
    /// The system refused.
    Failed(io::Error),
}

/// The paths of the folders that are locked.
static PATHS: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Default::default);

fn paths() -> MutexGuard<'static, HashSet<PathBuf>> {
    PATHS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to a path, which ends when this is dropped.
#[derive(Debug)]
struct PathHeld(PathBuf);

impl PathHeld {
    fn take(path: PathBuf) -> Result<Self, Locked> {
        if paths().insert(path.clone()) { Ok(Self(path)) } else { Err(Locked::Replaced) }
    }
}

impl Drop for PathHeld {
    fn drop(&mut self) {
        paths().remove(&self.0);
    }
}

impl From<io::Error> for Locked {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::WouldBlock {
            Self::Elsewhere
        } else {
            Self::Failed(error)
        }
    }
}

/// A folder that nobody else opens as a store, for as long as this is held.
///
/// It belongs to an open file, not to the process: reading or copying the
/// folder's files, which ends RocksDB's lock, leaves it alone. Programs that know only
/// RocksDB's lock do not see it; for them RocksDB's is taken too, and taken
/// again whenever [`FolderLock::check`] is called.
#[derive(Debug)]
pub struct FolderLock {
    folder: Arc<Folder>,
    path: PathBuf,
    file: File,
    #[cfg(unix)]
    rocksdb: RocksDbLock,
    _path_held: PathHeld,
}

impl FolderLock {
    /// Locks `folder`. Waits for nothing.
    ///
    /// # Errors
    ///
    /// When somebody else holds it, or the system refuses.
    pub fn take(folder: Arc<Folder>) -> Result<Self, Locked> {
        let path = folder.path().join(NAME);
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        lock(&file)?;
        Ok(Self {
            // Behind the lock: a folder that is open here is somebody else's
            // before it is a replaced one.
            _path_held: PathHeld::take(folder.path().to_owned())?,
            // Only now: closing its file again would end the lock of another
            // copy of this library in this process.
            #[cfg(unix)]
            rocksdb: RocksDbLock::take(folder.path())?,
            folder,
            path,
            file,
        })
    }

    /// Whether a locked folder was at `path`, where there is none any more.
    pub fn was_at(path: &Path) -> bool {
        match (parent(path).and_then(|it| it.canonicalize().ok()), path.file_name()) {
            (Some(parent), Some(name)) => !path.exists() && paths().contains(&parent.join(name)),
            _ => false,
        }
    }

    /// The open file that is locked.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The folder.
    pub fn folder(&self) -> &Arc<Folder> {
        &self.folder
    }

    /// Makes sure that the folder is still the one that was locked, and nobody else's:
    /// a deleted, renamed or replaced one is not, nor is one that a program which knows only RocksDB's
    /// lock has opened while that was lost. A lost one is taken again.
    ///
    /// # Errors
    ///
    /// A sentence that says what has happened.
    pub fn check(&self) -> Result<(), String> {
        #[cfg(unix)]
        {
            use crate::folder::identity;
            let ours = identity(&self.file.metadata().map_err(|it| it.to_string())?);
            match self.path.metadata() {
                Ok(data) if identity(&data) == ours => self.rocksdb.take_again()?,
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(format!("{} cannot be read: {error}", self.path.display()));
                }
                _ => {
                    return Err(format!(
                        "the folder {} was deleted, moved or replaced while the store was open",
                        self.folder.path().display()
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Drop for FolderLock {
    /// Closing the file is not enough: a process that is just being started has
    /// it, too, until it runs its own program.
    fn drop(&mut self) {
        let _ = unlock(&self.file); // Only the close is left to try.
    }
}

#[cfg(unix)]
fn unlock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    Ok(flock(file, FlockOperation::NonBlockingUnlock)?)
}

#[cfg(not(unix))]
fn unlock(file: &File) -> io::Result<()> {
    file.unlock()
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    Ok(flock(file, FlockOperation::NonBlockingLockExclusive)?)
}

#[cfg(not(unix))]
fn lock(file: &File) -> io::Result<()> {
    Ok(file.try_lock()?)
}
