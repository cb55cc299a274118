//! RocksDB in a folder, opened again when its disk has recovered.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use surrealdb_kvs::api::Transactable;
use surrealdb_kvs::{Error, Metrics, Result, TransactionType};
use surrealdb_kvs_rocksdb::{Datastore, RocksDbConfig};
use tokio::sync::Notify;
use tokio::task::{spawn, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use crate::alone::alone_until;
use crate::disk_failure::{DiskFailure, Place};
use crate::generation::Generation;
use crate::guardian::Guardian;
use crate::probe::probe;
use crate::refused::Refused;

/// How long a transaction waits, before it begins, for a store that is being
/// opened again.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long after a failed try the next may come. It doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long the transactions of the old generation may go on when it is to be
/// closed; after that their operations fail.
const GRACE: Duration = Duration::from_secs(1);

/// How long after that they are waited for. One that does nothing, because its
/// statement sleeps, does not hear that it is to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// RocksDB in a folder, for as long as the engine uses it: one generation after
/// the other.
pub struct RocksDb {
    revival: Arc<Revival>,
}

/// What the tries to open again share with whoever waits for them.
struct Revival {
    place: Place,
    config: RocksDbConfig,
    sync_interval: Option<Duration>,
    /// Held by each generation, and by whoever uses this.
    guardian: Weak<dyn Guardian>,
    state: Mutex<State>,
    /// Told when the state has changed.
    changed: Notify,
}

struct State {
    /// `None` while it is closed.
    current: Option<Arc<Generation>>,
    /// Whether a task tries to open it again.
    is_trying: bool,
    /// Why the last try did not succeed.
    refusal: Option<DiskFailure>,
    /// What a generation that was closed could not bring to the disk, though it
    /// was acknowledged, until the next has.
    left_behind: Option<DiskFailure>,
    /// When the next try may begin.
    next_try: Instant,
    pause: Duration,
    /// Whether the engine has shut it down.
    is_shut_down: bool,
}

/// What a transaction that is to begin finds.
enum Finding {
    Open(Arc<Generation>),
    /// It may be open soon. If it is not, that is why.
    Wait(DiskFailure),
    Refused(DiskFailure),
    ShutDown,
}

impl RocksDb {
    /// Opens RocksDB in `folder`, whose path is text as the engine takes it.
    /// With a `sync_interval` the logs are synced so often. The caller holds
    /// `guardian` for as long as this is used.
    ///
    /// # Errors
    ///
    /// What RocksDB says; about the disk, that it has failed.
    pub async fn open(
        folder: &str,
        config: RocksDbConfig,
        sync_interval: Option<Duration>,
        guardian: Arc<dyn Guardian>,
    ) -> Result<Self> {
        let syncs_commits = matches!(config.sync_mode, surrealdb_kvs::config::SyncMode::Every);
        let place = Place { store: folder.to_owned(), syncs_commits };
        let first =
            Generation::open(&place, config.clone(), sync_interval, Arc::clone(&guardian)).await;
        let first = first.map_err(|error| match place.failure_of_opening(&error) {
            Some(failure) => failure.to_error(),
            None => error,
        })?;
        let state = Mutex::new(State {
            current: Some(first),
            is_trying: false,
            refusal: None,
            left_behind: None,
            next_try: Instant::now(),
            pause: FIRST_PAUSE,
            is_shut_down: false,
        });
        let changed = Notify::new();
        let guardian = Arc::downgrade(&guardian);
        let revival = Revival { place, config, sync_interval, guardian, state, changed };
        Ok(Self { revival: Arc::new(revival) })
    }

    /// Begins a transaction, and gives it with its generation. When the store
    /// has failed one that writes waits a little for the try to open it again,
    /// one that reads only while it is closed; if it is not opened then, the
    /// transaction has no generation, and each of its operations says why.
    ///
    /// # Errors
    ///
    /// When it is shut down.
    pub async fn begin(
        &self,
        write: TransactionType,
    ) -> Result<(Box<dyn Transactable>, Option<Arc<Generation>>)> {
        let deadline = Instant::now() + PATIENCE;
        let reads = matches!(write, TransactionType::Read);
        loop {
            let mut changed = pin!(self.revival.changed.notified());
            changed.as_mut().enable();
            let refusal = match self.revival.find(reads) {
                Finding::Open(generation) => {
                    return Ok((generation.begin(write).await?, Some(generation)));
                }
                Finding::Wait(failure) => {
                    if timeout_at(deadline, changed).await.is_ok() {
                        continue;
                    }
                    failure
                }
                Finding::Refused(failure) => failure,
                Finding::ShutDown => return Err(Error::Shutdown),
            };
            return Ok((Box::new(Refused { failure: refusal, writeable: !reads }), None));
        }
    }

    /// Shuts RocksDB down; its files close when it is dropped.
    ///
    /// # Errors
    ///
    /// Without a sync per commit, when what was acknowledged may not be on the
    /// disk.
    pub async fn shut_down(&self) -> Result<()> {
        let (current, left_behind) = loop {
            let mut changed = pin!(self.revival.changed.notified());
            changed.as_mut().enable();
            {
                let mut state = self.revival.state.lock();
                state.is_shut_down = true;
                if !state.is_trying {
                    break (state.current.clone(), state.left_behind.clone());
                }
            }
            changed.await;
        };
        let failure = match current {
            Some(generation) => generation.shut_down().await.err(),
            None => left_behind,
        };
        failure.map_or(Ok(()), |it| Err(it.to_error()))
    }

    /// The metrics that RocksDB has.
    pub fn register_metrics(&self) -> Option<Metrics> {
        let current = self.revival.state.lock().current.clone();
        current.map(|it| Datastore::register_metrics(it.datastore()))
    }

    /// What the metric `name` is now.
    pub fn collect_u64_metric(&self, name: &str) -> Option<u64> {
        let current = self.revival.state.lock().current.clone();
        current.and_then(|it| it.datastore().collect_u64_metric(name))
    }
}

impl Revival {
    /// What a transaction finds that is to begin now. Begins a try to open
    /// again when there is one to be made.
    fn find(self: &Arc<Self>, reads: bool) -> Finding {
        let mut state = self.state.lock();
        if state.is_shut_down {
            return Finding::ShutDown;
        }
        let failure = match &state.current {
            Some(generation) => match generation.failure() {
                None => return Finding::Open(Arc::clone(generation)),
                Some(failure) => Some(failure),
            },
            None => None,
        };
        if !state.is_trying && Instant::now() >= state.next_try {
            state.is_trying = true;
            spawn(Arc::clone(self).try_again());
        }
        let why = state.refusal.clone().or(failure);
        let why = why.unwrap_or_else(|| self.place.not_yet("the store is being opened again"));
        match &state.current {
            Some(generation) if reads => Finding::Open(Arc::clone(generation)),
            _ if state.is_trying => Finding::Wait(why),
            _ => Finding::Refused(why),
        }
    }

    /// Tries to open the store again, and says what came of it. A try that
    /// panics does not leave others waiting.
    async fn try_again(self: Arc<Self>) {
        let begun = Instant::now();
        let tried = spawn(Arc::clone(&self).open_again()).await;
        let tried = tried.unwrap_or_else(|panic| Err(self.place.not_yet(&panic.to_string())));
        let mut state = self.state.lock();
        state.is_trying = false;
        // Also after a success: if the next commit fails as well, the store is
        // not opened again and again without a pause.
        state.next_try = Instant::now().max(begun + state.pause);
        state.pause = (state.pause * 2).min(LONGEST_PAUSE);
        state.refusal = match tried {
            Ok(next) => {
                state.current = Some(next);
                state.left_behind = None;
                None
            }
            Err(refusal) => {
                state.next_try = Instant::now() + state.pause;
                Some(refusal)
            }
        };
        drop(state);
        self.changed.notify_waiters();
    }

    async fn open_again(self: Arc<Self>) -> std::result::Result<Arc<Generation>, DiskFailure> {
        let Some(guardian) = self.guardian.upgrade() else {
            return Err(self.place.not_yet("the store is shut down"));
        };
        guardian.permit()?;
        let folder = PathBuf::from(&self.place.store);
        self.unblocked(
            "a file could not be written to see whether the disk works again",
            move || probe(&folder),
        )
        .await?;
        let current = self.state.lock().current.take();
        if let Some(generation) = current {
            if generation.has_kept() {
                self.state.lock().pause = FIRST_PAUSE;
            }
            self.close(generation).await?;
        }
        // Closing RocksDB has given back its lock.
        guardian.permit()?;
        let config = self.config.clone();
        let opened = Generation::open(&self.place, config, self.sync_interval, guardian).await;
        opened.map_err(|error| match self.place.failure_of(&error) {
            Some(failure) => failure,
            None => self.place.not_yet(&format!("it could not be opened again: {error}")),
        })
    }

    /// Closes a generation when its transactions have ended. One that they do
    /// not let go stays the current.
    async fn close(&self, generation: Arc<Generation>) -> std::result::Result<(), DiskFailure> {
        let refusal = "the store is opened again when the calls have ended that still use it";
        let grace = Instant::now() + GRACE;
        let generation = match alone_until(generation, grace).await {
            Ok(generation) => Ok(generation),
            Err(held) => {
                held.set_ending(true);
                alone_until(held, grace + DRAIN_LIMIT).await
            }
        };
        match generation {
            Ok(generation) => {
                // What is in the logs goes to tables when they are opened.
                let left_behind = generation.shut_down().await.err();
                self.state.lock().left_behind = left_behind;
                self.unblocked("its files could not be closed", move || {
                    drop(generation);
                    Ok(())
                })
                .await
            }
            Err(held) => {
                held.set_ending(false);
                self.state.lock().current = Some(held);
                Err(self.place.not_yet(refusal))
            }
        }
    }

    /// Runs `work`, which waits for the disk.
    async fn unblocked(
        &self,
        doing: &str,
        work: impl FnOnce() -> std::io::Result<()> + Send + 'static,
    ) -> std::result::Result<(), DiskFailure> {
        match spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| self.place.failure_of_io(&error, doing)),
            Err(panic) => Err(self.place.not_yet(&panic.to_string())),
        }
    }
}
