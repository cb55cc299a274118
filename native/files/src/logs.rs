//! RocksDB's write-ahead logs, and how far they are on the disk.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, read_dir};
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The logs of a folder, as they were synced last.
#[derive(Debug)]
pub struct Logs {
    folder: PathBuf,
    synced: Mutex<HashMap<PathBuf, Log>>,
}

/// A log. It is kept open: the operating system tells of a write that failed
/// behind the program's back whoever has the file open since before.
#[derive(Debug)]
struct Log {
    file: File,
    length: u64,
}

impl Logs {
    /// The logs of `folder`, of which none is known to be on the disk.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), synced: Mutex::default() }
    }

    /// Brings those to the disk that are not as they were, with their names. Says
    /// whether there were any.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn sync(&self) -> Result<bool> {
        let mut before = self.synced();
        let mut logs = HashMap::new();
        let (mut any, mut is_new) = (false, false);
        for entry in read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_none_or(|it| it != "log") {
                continue;
            }
            let mut log = match before.remove(&path) {
                Some(log) => log,
                None => match open(&path) {
                    Ok(file) => {
                        is_new = true;
                        Log { file, length: 0 }
                    }
                    // RocksDB has written its content to a table, and deleted it.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                },
            };
            let length = log.file.metadata()?.len();
            if log.length != length {
                log.file.sync_data()?;
                log.length = length;
                any = true;
            }
            logs.insert(path, log);
        }
        if is_new && cfg!(unix) {
            // The log's name, also if it is empty: a note may name it, and would miss it.
            File::open(&self.folder)?.sync_all()?;
        }
        *before = logs;
        Ok(any)
    }

    /// Whether nothing is in them, as they were at the last sync.
    pub fn are_empty(&self) -> bool {
        self.synced().values().all(|it| it.length == 0)
    }

    fn synced(&self) -> MutexGuard<'_, HashMap<PathBuf, Log>> {
        self.synced.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Windows syncs only what can be written to.
fn open(log: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(cfg!(windows)).open(log)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_is_synced_when_it_has_grown() {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::new(folder.path());
        let path = folder.path().join("000004.log");
        let mut log = File::create(&path).unwrap();
        std::fs::write(folder.path().join("LOG"), "no log of writes").unwrap();
        assert!(!logs.sync().unwrap());
        assert!(logs.are_empty());
        log.write_all(b"a record").unwrap();
        assert!(logs.sync().unwrap());
        assert!(!logs.are_empty());
        assert!(!logs.sync().unwrap());
        std::fs::remove_file(path).unwrap();
        assert!(!logs.sync().unwrap());
        assert!(logs.are_empty());
    }
}
