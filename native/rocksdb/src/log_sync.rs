//! Syncing RocksDB's write-ahead log at an interval.
//!
//! The engine (3.3.5) has an interval of its own, but keeps what was written
//! meanwhile in the process's memory, not in the operating system's: the end
//! of the process would lose writes that were acknowledged. So such a store is
//! opened without syncs, which writes to the operating system at once, and is
//! synced here.

use std::sync::{Arc, Weak};
use std::time::Duration;

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
    let Some(generation) = generation.upgrade() else { return false };
    match synced {
        Ok(true) => generation.note_kept(),
        Ok(false) => {}
        Err(error) => {
            generation.fail_sync(&error);
            return false;
        }
    }
    true
}
