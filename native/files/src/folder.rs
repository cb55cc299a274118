//! A folder, as the file system knows it.

use std::fs::{self, File};
use std::io::{self, Result};
use std::path::{Path, PathBuf};

/// What a folder is, however its path is written: also through a symbolic
/// link or a second mount.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct FolderId(Identity);

#[cfg(unix)]
type Identity = (u64, u64);

// Windows lets nobody delete or rename a folder with open files in it: there
// the path is enough.
#[cfg(not(unix))]
type Identity = PathBuf;

/// An existing folder. While it is held the file system gives its identity to
/// no other one, even when it is deleted.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    id: FolderId,
    #[cfg(unix)]
    _held: File,
}

impl Folder {
    /// The folder at `path`, which is created if it does not exist. That it
    /// exists is on the disk by then: a store in a folder that a loss of power
    /// takes away would be lost with all that was synced in it.
    ///
    /// # Errors
    ///
    /// The system's, when it can neither be opened nor created.
    pub fn create(path: &Path) -> Result<Self> {
        create_synced(path)?;
        Self::open(path)
    }

    /// The folder at `path`.
    ///
    /// # Errors
    ///
    /// The system's, when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let path = path.canonicalize()?;
        #[cfg(unix)]
        {
            let held = File::open(&path)?;
            let data = held.metadata()?;
            if !data.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            let id = FolderId(identity(&data));
            Ok(Self { path, id, _held: held })
        }
        #[cfg(not(unix))]
        Ok(Self { id: FolderId(path.clone()), path })
    }

    /// Its path, without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is.
    pub fn id(&self) -> &FolderId {
        &self.id
    }
}

#[cfg(unix)]
pub(crate) fn identity(data: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

/// Creates `path` and what is missing above it, each with its entry on the
/// disk.
fn create_synced(path: &Path) -> Result<()> {
    match fs::create_dir(path) {
        Ok(()) => sync_entry(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Some folders, such as /proc, take no new one although they are there.
            create_synced(parent(path).filter(|it| !it.is_dir()).ok_or(error)?)?;
            create_synced(path)
        }
        // Also what a link points to, and a folder that another has just made.
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Syncs the folder that names `path`. One that cannot be opened or synced
/// (some file systems sync no folders) is no reason to refuse a store.
fn sync_entry(path: &Path) -> Result<()> {
    if cfg!(unix)
        && let Some(above) = parent(path)
        && let Ok(folder) = File::open(above)
    {
        match folder.sync_all() {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
            synced => return synced,
        }
    }
    Ok(())
}

pub(crate) fn parent(path: &Path) -> Option<&Path> {
    path.parent().map(|it| if it.as_os_str().is_empty() { Path::new(".") } else { it })
}
