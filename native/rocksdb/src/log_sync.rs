//! Syncing RocksDB's write-ahead log at an interval.
//!
//! The engine (3.3.5) has an interval of its own, but keeps what was written
//! meanwhile in the process's memory, not in the operating system's: the end
//! of the process would lose writes that were acknowledged. So such a store is
//! opened without syncs, which writes to the operating system at once, and is
//! synced here.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, read_dir};
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::task::{AbortHandle, spawn, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use crate::generation::Generation;

/// Syncs the logs of a generation until it is dropped, or until a sync fails.
///
/// After one that failed there is none: the operating system has taken what it
/// could not write for written, so the next would succeed, and say nothing about
/// what was lost.
pub(crate) struct LogSync {
    task: AbortHandle,
}

impl LogSync {
    /// Syncs the logs of `generation` every `length`, if there is something
    /// new.
    pub(crate) fn start(generation: &Arc<Generation>, length: Duration) -> Self {
        let generation = Arc::downgrade(generation);
        let task = spawn(async move {
            let mut ticks = interval(length);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if !sync(&generation).await {
                    return;
                }
            }
        });
        Self { task: task.abort_handle() }
    }
}

impl Drop for LogSync {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Whether there may be a next sync. A generation is not held while it is
/// synced: its end does not wait for that.
async fn sync(generation: &Weak<Generation>) -> bool {
    let Some(logs) = generation.upgrade().map(|it| it.logs()) else { return false };
    // No thread to be had is a failure as well: the promise was not kept.
    let synced = match spawn_blocking(move || logs.sync()).await {
        Ok(synced) => synced,
        Err(panic) => Err(std::io::Error::other(panic.to_string())),
    };
    let Err(error) = synced else { return true };
    if let Some(generation) = generation.upgrade() {
        generation.fail_sync(&error);
    }
    false
}

/// The logs of a folder, as they were synced last.
pub(crate) struct Logs {
    folder: PathBuf,
    synced: Mutex<HashMap<PathBuf, Log>>,
}

/// A log. It is kept open: the operating system tells of a write that failed
/// behind the program's back whoever has the file open since before.
struct Log {
    file: File,
    length: u64,
}

impl Logs {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), synced: Mutex::default() }
    }

    /// Syncs the logs that are not as they were.
    pub(crate) fn sync(&self) -> Result<()> {
        let mut before = self.synced.lock();
        let mut logs = HashMap::new();
        let mut is_new = false;
        for entry in read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_none_or(|it| it != "log") {
                continue;
            }
            let mut log = match before.remove(&path) {
                Some(log) => log,
                None => match open(&path) {
                    Ok(file) => Log { file, length: 0 },
                    // RocksDB has written its content to a table, and deleted it.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                },
            };
            let length = log.file.metadata()?.len();
            is_new |= log.length == 0 && length > 0;
            if log.length != length {
                log.file.sync_data()?;
                log.length = length;
            }
            logs.insert(path, log);
        }
        if is_new && cfg!(unix) {
            File::open(&self.folder)?.sync_all()?; // The log's name.
        }
        *before = logs;
        Ok(())
    }

    /// Whether nothing is in them, as they were at the last sync.
    pub(crate) fn are_empty(&self) -> bool {
        self.synced.lock().values().all(|it| it.length == 0)
    }
}

/// Windows syncs only what can be written to.
fn open(log: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(cfg!(windows)).open(log)
}
