//! RocksDB's own lock, held a second time.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, fcntl_lock};

/// The process's lock on RocksDB's file `LOCK`.
///
/// It is the process's, not a descriptor's: RocksDB takes the same one once
/// more, and it ends as soon as the process closes any descriptor of that file.
/// So this keeps its own open until RocksDB has closed.
#[derive(Debug)]
pub(crate) struct RocksDbLock {
    file: File,
}

impl RocksDbLock {
    /// Takes the lock in `folder`, without opening the store: RocksDB itself
    /// renames its log file before it finds out that another process is there.
    pub(crate) fn take(folder: &Path) -> io::Result<Self> {
        let path = folder.join("LOCK");
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let lock = Self { file };
        lock.lock()?;
        Ok(lock)
    }

    /// Takes it again, in case it was lost; says so when it is another
    /// process's by now.
    pub(crate) fn take_again(&self) -> Result<(), String> {
        self.lock().map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => {
                "another program, which knows only RocksDB's lock, has opened the store after this \
                 process had lost that lock (it is lost when the process closes the file LOCK)"
                    .into()
            }
            _ => format!("RocksDB's lock cannot be taken again: {error}"),
        })
    }

    fn lock(&self) -> io::Result<()> {
        fcntl_lock(&self.file, FlockOperation::NonBlockingLockExclusive).map_err(|error| {
            // POSIX allows both for a lock that is held elsewhere.
            if error == rustix::io::Errno::ACCESS {
                io::ErrorKind::WouldBlock.into()
            } else {
                error.into()
            }
        })
    }
}
