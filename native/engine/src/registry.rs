//! Which stores are open in this process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use surrealdartb_bridge::bury;
use surrealdartb_store::{Endpoint, Failure, Store};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// One folder's place in the registry. Its lock is held while the store opens
/// and while it closes: whoever opens it meanwhile waits, in order, and then
/// joins the open store or opens it again.
#[derive(Default)]
struct Slot {
    open: Mutex<Option<Opened>>,
}

struct Opened {
    shared: Shared,
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
    async fn open(endpoint: Endpoint) -> Result<Self, Failure> {
        Ok(Self { store: Store::open(endpoint).await?, lane: Arc::default() })
    }
}

static FOLDERS: LazyLock<parking_lot::Mutex<HashMap<PathBuf, Arc<Slot>>>> =
    LazyLock::new(Default::default);

/// The right to use a store. The store closes when its last lease is given
/// back; a lease that is dropped is given back in the background.
pub(crate) struct Lease {
    /// `None` once it is given back.
    held: Option<Held>,
}

struct Held {
    shared: Shared,
    /// `None` for a store in memory, which nobody else can name.
    folder: Option<(PathBuf, Arc<Slot>)>,
}

impl Lease {
    /// A lease of the store at `endpoint`, which is opened when it is not open.
    ///
    /// The opening is a task of its own: a caller that stops waiting does not
    /// leave a store half open. What nobody waits for any more is given back.
    pub(crate) async fn acquire(endpoint: Endpoint) -> Result<Self, Failure> {
        let opening = tokio::spawn(async move {
            let held = match endpoint {
                Endpoint::Memory => Held { shared: Shared::open(endpoint).await?, folder: None },
                Endpoint::RocksDb(path) => open_folder(path).await?,
            };
            Ok(Self { held: Some(held) })
        });
        opening.await.map_err(|panic| Failure::internal(format!("opening panicked: {panic}")))?
    }

    pub(crate) fn shared(&self) -> Shared {
        self.held.as_ref().expect("only giving back takes what is held").shared.clone()
    }

    /// Gives the lease back. When it is the last one, this returns when the
    /// store is closed and its lock is free. A task of its own, as the opening
    /// is: a caller that stops waiting does not keep the store for ever.
    pub(crate) async fn give_back(mut self) -> Result<(), Failure> {
        let Some(held) = self.held.take() else { return Ok(()) };
        let closing = tokio::spawn(held.give_back());
        closing.await.map_err(|panic| Failure::internal(format!("closing panicked: {panic}")))?
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            bury(async move {
                // Nobody is left to hear of a failure.
                let _ = held.give_back().await;
            });
        }
    }
}

async fn open_folder(path: PathBuf) -> Result<Held, Failure> {
    let named = path.display().to_string();
    let path = spawn_blocking(move || canonical_folder(&path))
        .await
        .map_err(|panic| Failure::internal(panic.to_string()))?
        .map_err(|error| Failure::open(&named, error))?;
    let slot = Arc::clone(FOLDERS.lock().entry(path.clone()).or_default());
    let mut place = slot.open.lock().await;
    let shared = match &mut *place {
        Some(opened) => {
            opened.users += 1;
            opened.shared.clone()
        }
        closed => match Shared::open(Endpoint::RocksDb(path.clone())).await {
            Ok(shared) => closed.insert(Opened { shared, users: 1 }).shared.clone(),
            Err(failure) => {
                drop(place);
                forget_if_unused(&path, &slot);
                return Err(failure);
            }
        },
    };
    drop(place);
    Ok(Held { shared, folder: Some((path, slot)) })
}

impl Held {
    async fn give_back(self) -> Result<(), Failure> {
        let Self { shared: Shared { store, .. }, folder } = self;
        let Some((path, slot)) = folder else { return store.close().await };
        let mut place = slot.open.lock().await;
        let opened = place.as_mut().expect("a store with a lease is open");
        opened.users -= 1;
        let closed = if opened.users == 0 {
            *place = None;
            store.close().await
        } else {
            Ok(())
        };
        drop(place);
        forget_if_unused(&path, &slot);
        closed
    }
}

/// Removes a slot that only the registry and the caller know.
fn forget_if_unused(path: &Path, slot: &Arc<Slot>) {
    let mut folders = FOLDERS.lock();
    if Arc::strong_count(slot) == 2 {
        folders.remove(path);
    }
}

/// The folder's one name, whatever way it was written. Creates it.
fn canonical_folder(path: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(path)?;
    path.canonicalize()
}
