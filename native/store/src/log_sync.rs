//! Syncing RocksDB's write-ahead log at an interval.
//!
//! The engine (3.3.5) has an interval of its own, but keeps what was written
//! meanwhile in the process's memory, not in the operating system's: the end
//! of the process would lose writes that were acknowledged. So such a store is
//! opened without syncs, which writes to the operating system at once, and is
//! synced here.

use std::fs::{File, OpenOptions, read_dir};
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::{AbortHandle, spawn, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

/// Syncs the logs of a store until it is dropped.
pub(crate) struct LogSync {
    task: AbortHandle,
}

impl LogSync {
    /// Syncs the logs in `folder` every `length`, if there is something new.
    pub(crate) fn start(folder: PathBuf, length: Duration) -> Self {
        let task = spawn(async move {
            let mut ticks = interval(length);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut synced = Vec::new();
            loop {
                ticks.tick().await;
                let (folder, before) = (folder.clone(), synced.clone());
                // What fails is tried again at the next tick.
                if let Ok(Ok(logs)) = spawn_blocking(move || sync(&folder, &before)).await {
                    synced = logs;
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

/// A log, and how long it was.
type Log = (PathBuf, u64);

/// Syncs the logs in `folder` that are not as they were when they were
/// `synced`, and gives all of them as they are.
fn sync(folder: &Path, synced: &[Log]) -> Result<Vec<Log>> {
    let mut logs = Vec::new();
    for entry in read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "log") {
            match path.metadata() {
                Ok(file) => logs.push((path, file.len())),
                // RocksDB has written its content to a table, and deleted it.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    let mut is_new = false;
    for log in logs.iter().filter(|it| !synced.contains(it)) {
        match open(&log.0).and_then(|file| file.sync_data()) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => is_new |= synced.iter().all(|(path, _)| *path != log.0),
        }
    }
    if is_new && cfg!(unix) {
        File::open(folder)?.sync_all()?; // The log's name.
    }
    Ok(logs)
}

/// Windows syncs only what can be written to.
fn open(log: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(cfg!(windows)).open(log)
}
