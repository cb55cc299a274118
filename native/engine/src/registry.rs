//! Which stores are open in this process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use surrealdartb_bridge::{bury, return_free_memory, wait_for_reaper_at_exit, worker_threads};
use surrealdartb_store::{Endpoint, Failure, Store, StoreOptions};
use tokio::sync::{Mutex, Notify};
use tokio::task::{spawn, spawn_blocking};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// How often a lock that another process holds is tried again.
const LOCK_POLL: Duration = Duration::from_millis(10);

/// What two databases that mean the same store have in common.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Key {
    Folder(PathBuf),
    Memory(String),
}

impl Key {
    /// The key of the store at `endpoint`; `None` for one that nobody else can
    /// name. Creates the folder.
    async fn of(endpoint: &Endpoint) -> Result<Option<Self>, Failure> {
        match endpoint {
            Endpoint::Memory => Ok(None),
            Endpoint::SharedMemory(name) => Ok(Some(Self::Memory(name.clone()))),
            Endpoint::RocksDb(path) => {
                let path = path.clone();
                let folder = spawn_blocking(move || canonical_folder(&path))
                    .await
                    .map_err(|panic| Failure::internal(panic.to_string()))?
                    .map_err(|error| Failure::open(&endpoint.to_string(), error))?;
                Ok(Some(Self::Folder(folder)))
            }
        }
    }

    fn endpoint(&self) -> Endpoint {
        match self {
            Self::Folder(path) => Endpoint::RocksDb(path.clone()),
            Self::Memory(name) => Endpoint::SharedMemory(name.clone()),
        }
    }
}

/// One store's place in the registry. Its lock is held while the store opens
/// and while it closes: whoever opens it meanwhile waits, in order, and then
/// joins the open store or opens it again.
#[derive(Default)]
struct Slot {
    open: Mutex<Option<Opened>>,
    /// How many of the users are about to let go.
    leaving: AtomicUsize,
    /// Told when a user has let go.
    left: Notify,
}

struct Opened {
    shared: Shared,
    options: StoreOptions,
    users: usize,
}

/// What all leases of a store have in common.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<Store>,
    /// Where calls that keep losing conflicts wait for each other.
    pub(crate) lane: Arc<Mutex<()>>,
}

impl Shared {
    async fn open(endpoint: Endpoint, options: StoreOptions) -> Result<Self, Failure> {
        let store = Store::open(endpoint, options, worker_threads()).await?;
        wait_for_reaper_at_exit();
        Ok(Self { store, lane: Arc::default() })
    }

    /// Opens a store; while another process holds its lock, again and again
    /// until `deadline` or until `unwanted` comes.
    async fn open_when_free(
        endpoint: Endpoint,
        options: StoreOptions,
        deadline: Instant,
        unwanted: &CancellationToken,
    ) -> Result<Self, Failure> {
        loop {
            match Self::open(endpoint.clone(), options).await {
                Err(failure) if failure.is_locked() && Instant::now() < deadline => {
                    tokio::select! {
                        () = unwanted.cancelled() => return Err(failure),
                        () = sleep(LOCK_POLL) => {}
                    }
                }
                opened => return opened,
            }
        }
    }
}

static SLOTS: LazyLock<parking_lot::Mutex<HashMap<Key, Arc<Slot>>>> =
    LazyLock::new(Default::default);

/// What the close of a store waits for, for whoever has to be told.
#[derive(Clone, Default)]
pub(crate) struct WaitsFor(Arc<parking_lot::Mutex<Option<&'static str>>>);

impl WaitsFor {
    fn set(&self, what: &'static str) {
        *self.0.lock() = Some(what);
    }

    pub(crate) fn get(&self) -> Option<&'static str> {
        *self.0.lock()
    }
}

/// The right to use a store. The store closes when its last lease is given
/// back; a lease that is dropped is given back in the background.
pub(crate) struct Lease {
    /// `None` once it is given back.
    held: Option<Held>,
}

struct Held {
    shared: Shared,
    /// `None` for a store that nobody else can name.
    place: Option<Place>,
}

struct Place {
    key: Key,
    slot: Arc<Slot>,
    leaving: AtomicBool,
}

impl Lease {
    /// A lease of the store at `endpoint`, which is opened when it is not open.
    ///
    /// The opening is a task of its own: a caller that stops waiting does not
    /// leave a store half open. What nobody waits for any more is given back.
    pub(crate) async fn acquire(
        endpoint: Endpoint,
        options: StoreOptions,
        lock_wait: Duration,
        unwanted: CancellationToken,
    ) -> Result<Self, Failure> {
        let opening = spawn(async move {
            let held = match Key::of(&endpoint).await? {
                Some(key) => Held::join(key, options, lock_wait, &unwanted).await?,
                None => Held { shared: Shared::open(endpoint, options).await?, place: None },
            };
            Ok(Self { held: Some(held) })
        });
        opening.await.map_err(|panic| Failure::internal(format!("opening panicked: {panic}")))?
    }

    pub(crate) fn shared(&self) -> Shared {
        self.held.as_ref().expect("only giving back takes what is held").shared.clone()
    }

    /// Says that the lease will be given back soon: whoever wants the store with
    /// other options then waits instead of being refused. Waits for nothing.
    pub(crate) fn leave(&self) {
        if let Some(Held { place: Some(Place { slot, leaving, .. }), .. }) = &self.held
            && !leaving.swap(true, Ordering::AcqRel)
        {
            slot.leaving.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Gives the lease back. When it is the last one, this returns when the
    /// store is closed and its lock is free. A task of its own, as the opening
    /// is: a caller that stops waiting does not keep the store for ever.
    pub(crate) async fn give_back(mut self, waits_for: WaitsFor) -> Result<(), Failure> {
        let Some(held) = self.held.take() else { return Ok(()) };
        let closing = spawn(held.give_back(waits_for));
        closing.await.map_err(|panic| Failure::internal(format!("closing panicked: {panic}")))?
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            bury(async move {
                // Nobody is left to hear of a failure.
                let _ = held.give_back(WaitsFor::default()).await;
            });
        }
    }
}

impl Held {
    /// Joins the open store of `key`, or opens it.
    async fn join(
        key: Key,
        options: StoreOptions,
        lock_wait: Duration,
        unwanted: &CancellationToken,
    ) -> Result<Self, Failure> {
        let slot = Arc::clone(SLOTS.lock().entry(key.clone()).or_default());
        let joined = slot.join(&key, options, lock_wait, unwanted).await;
        match joined {
            Ok(shared) => {
                Ok(Self { shared, place: Some(Place { key, slot, leaving: false.into() }) })
            }
            Err(failure) => {
                forget_if_unused(&key, &slot);
                Err(failure)
            }
        }
    }

    async fn give_back(self, waits_for: WaitsFor) -> Result<(), Failure> {
        let Self { shared: Shared { store, .. }, place } = self;
        let Some(Place { key, slot, leaving }) = place else {
            return close(store, waits_for).await;
        };
        waits_for.set("another database of this process, which opens or closes the store");
        let mut open = slot.open.lock().await;
        let opened = open.as_mut().expect("a store with a lease is open");
        opened.users -= 1;
        if leaving.into_inner() {
            slot.leaving.fetch_sub(1, Ordering::AcqRel);
        }
        let closed = if opened.users == 0 {
            *open = None;
            close(store, waits_for).await
        } else {
            Ok(())
        };
        drop(open);
        slot.left.notify_waiters();
        forget_if_unused(&key, &slot);
        closed
    }
}

impl Slot {
    /// Becomes a user of the store of `key`, which is opened when it is not.
    async fn join(
        &self,
        key: &Key,
        options: StoreOptions,
        lock_wait: Duration,
        unwanted: &CancellationToken,
    ) -> Result<Shared, Failure> {
        let deadline = Instant::now() + lock_wait;
        loop {
            let mut open = self.open.lock().await;
            // Enabled under the lock, which a user that leaves needs.
            let mut left = pin!(self.left.notified());
            left.as_mut().enable();
            match &mut *open {
                Some(opened) if opened.options.satisfy(options) => {
                    opened.users += 1;
                    return Ok(opened.shared.clone());
                }
                Some(opened) => {
                    let refusal = Failure::other_options(&key.endpoint().to_string());
                    let all_leave = self.leaving.load(Ordering::Acquire) >= opened.users;
                    if !all_leave && Instant::now() >= deadline {
                        return Err(refusal);
                    }
                    drop(open);
                    tokio::select! {
                        () = unwanted.cancelled() => return Err(refusal),
                        () = sleep_until(deadline), if !all_leave => {}
                        () = left => {}
                    }
                }
                closed => {
                    let endpoint = key.endpoint();
                    let shared =
                        Shared::open_when_free(endpoint, options, deadline, unwanted).await?;
                    return Ok(closed.insert(Opened { shared, options, users: 1 }).shared.clone());
                }
            }
        }
    }
}

async fn close(store: Arc<Store>, waits_for: WaitsFor) -> Result<(), Failure> {
    let closed = store.close(move |what| waits_for.set(what)).await;
    let _ = spawn_blocking(return_free_memory).await; // It never panics.
    closed
}

/// Removes a slot that only the registry and the caller know.
fn forget_if_unused(key: &Key, slot: &Arc<Slot>) {
    let mut slots = SLOTS.lock();
    if Arc::strong_count(slot) == 2 {
        slots.remove(key);
    }
}

/// The folder's one name, whatever way it was written. Creates it.
fn canonical_folder(path: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(path)?;
    path.canonicalize()
}
