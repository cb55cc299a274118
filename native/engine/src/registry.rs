//! Which stores are open in this process.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use surrealdartb_bridge::{finish_in_background, return_free_memory, worker_threads};
use surrealdartb_files::{Folder, FolderId};
use surrealdartb_store::{self as store, Endpoint, Failure, Place as StorePlace};
use surrealdartb_store::{Store, StoreOptions};
use tokio::sync::{Mutex, Notify};
use tokio::task::{spawn, spawn_blocking};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::process;

/// How often a lock that somebody else holds is tried again. A try opens one
/// file and asks for its lock.
const LOCK_POLL: Duration = Duration::from_millis(10);

/// What two databases that mean the same store have in common.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Key {
    Folder(FolderId),
    Memory(String),
}

/// A store that can be opened, found where its endpoint says.
#[derive(Clone)]
enum Found {
    Memory,
    SharedMemory(String),
    /// While it is held, no other folder can have its key.
    Folder(Arc<Folder>),
}

impl Found {
    /// What `endpoint` names. Creates the folder.
    async fn at(endpoint: &Endpoint) -> Result<Self, Failure> {
        match endpoint {
            Endpoint::Memory => Ok(Self::Memory),
            Endpoint::SharedMemory(name) => Ok(Self::SharedMemory(name.clone())),
            Endpoint::RocksDb(path) => {
                let path = path.clone();
                Ok(Self::Folder(unblocked(move || StorePlace::folder(&path)).await??))
            }
        }
    }

    /// `None` for a store that nobody else can name.
    fn key(&self) -> Option<Key> {
        match self {
            Self::Memory => None,
            Self::SharedMemory(name) => Some(Key::Memory(name.clone())),
            Self::Folder(folder) => Some(Key::Folder(folder.id().clone())),
        }
    }

    /// The name of the store, for failures.
    fn name(&self) -> String {
        match self {
            Self::Memory => "mem://".into(),
            Self::SharedMemory(name) => format!("mem://{name}"),
            Self::Folder(folder) => folder.path().display().to_string(),
        }
    }

    /// The store's data, which is the caller's alone from now on.
    ///
    /// # Errors
    ///
    /// When somebody else has it.
    async fn take(&self) -> Result<StorePlace, Failure> {
        let Self::Folder(folder) = self else { return Ok(StorePlace::Memory) };
        let folder = Arc::clone(folder);
        unblocked(move || StorePlace::lock(folder)).await?
    }
}

/// What `work`, which waits for the disk, gives.
async fn unblocked<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    spawn_blocking(work).await.map_err(|panic| Failure::internal(panic.to_string()))
}

/// One store's place in the registry. Its lock is held while the store opens
/// and while it closes: whoever opens it meanwhile waits, in order, and then
/// joins the open store or opens it again. It is not held while somebody waits
/// for another process: each waits for as long as it has chosen.
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
    pub(crate) store: Arc<dyn Store>,
    /// Where transactions of several calls that keep losing conflicts wait for each other.
    pub(crate) transactions: Arc<Mutex<()>>,
}

impl Shared {
    /// Opens the store.
    ///
    /// # Errors
    ///
    /// [`Failure::in_use`] at once when somebody else has it.
    async fn open(found: &Found, options: StoreOptions) -> Result<Self, Failure> {
        let place = found.take().await?;
        let threads = process::prepare(&place).await?;
        let store = store::open(place, options, worker_threads()).await?;
        threads.has_opened();
        Ok(Self { store, transactions: Arc::default() })
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
            let found = Found::at(&endpoint).await?;
            let held = match found.key() {
                Some(key) => Held::join(key, &found, options, lock_wait, &unwanted).await?,
                None => Held { shared: Shared::open(&found, options).await?, place: None },
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
            finish_in_background(async move {
                // Nobody is left to hear of a failure.
                let _ = held.give_back(WaitsFor::default()).await;
            });
        }
    }
}

impl Held {
    /// Joins the open store of `key`, or opens it where it was `found`.
    async fn join(
        key: Key,
        found: &Found,
        options: StoreOptions,
        lock_wait: Duration,
        unwanted: &CancellationToken,
    ) -> Result<Self, Failure> {
        let slot = Arc::clone(SLOTS.lock().entry(key.clone()).or_default());
        let joined = slot.join(found, options, lock_wait, unwanted).await;
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
    /// Becomes a user of the store, which is opened where it was `found` when it
    /// is not open.
    async fn join(
        &self,
        found: &Found,
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
            let (refusal, wait_until) = match &mut *open {
                Some(opened) if opened.options.satisfy(options) => {
                    opened.users += 1;
                    return Ok(opened.shared.clone());
                }
                Some(opened) => {
                    let all_leave = self.leaving.load(Ordering::Acquire) >= opened.users;
                    let until = if all_leave { None } else { Some(deadline) };
                    (Failure::other_options(&found.name()), until)
                }
                closed => match Shared::open(found, options).await {
                    Ok(shared) => {
                        let opened = Opened { shared, options, users: 1 };
                        return Ok(closed.insert(opened).shared.clone());
                    }
                    Err(failure) if failure.is_locked() => {
                        (failure, Some(deadline.min(Instant::now() + LOCK_POLL)))
                    }
                    Err(failure) => return Err(failure),
                },
            };
            drop(open);
            if wait_until.is_some() && Instant::now() >= deadline {
                return Err(refusal);
            }
            tokio::select! {
                () = unwanted.cancelled() => return Err(refusal),
                () = sleep_until(wait_until.unwrap_or(deadline)), if wait_until.is_some() => {}
                () = left => {}
            }
        }
    }
}

async fn close(store: Arc<dyn Store>, waits_for: WaitsFor) -> Result<(), Failure> {
    let closed = store.close(Box::new(move |what| waits_for.set(what))).await;
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
