//! Which stores are open in this process.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use surrealdartb_bridge::bury;
use tokio::task::spawn_blocking;

use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::store::{Store, canonical_folder};

/// One folder's place in the registry. Its lock is held while the store opens
/// and while it closes: whoever opens it meanwhile waits, in order, and then
/// joins the open store or opens it again.
#[derive(Default)]
struct Slot {
    open: tokio::sync::Mutex<Option<Shared>>,
}

struct Shared {
    store: Arc<Store>,
    users: usize,
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
    store: Arc<Store>,
    /// `None` for a store in memory, which nobody else can name.
    folder: Option<(PathBuf, Arc<Slot>)>,
}

impl Lease {
    /// A lease of the store at `endpoint`, which is opened when it is not open.
    pub(crate) async fn acquire(endpoint: Endpoint) -> Result<Self, Failure> {
        let held = match endpoint {
            Endpoint::Memory => Held { store: Store::open(&Endpoint::Memory).await?, folder: None },
            Endpoint::RocksDb(path) => open_folder(path).await?,
        };
        Ok(Self { held: Some(held) })
    }

    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.held.as_ref().expect("only giving back takes the store").store)
    }

    /// Gives the lease back. When it is the last one, this returns when the
    /// store is closed and its lock is free.
    pub(crate) async fn give_back(mut self) -> Result<(), Failure> {
        match self.held.take() {
            Some(held) => held.give_back().await,
            None => Ok(()),
        }
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
    let mut open = slot.open.lock().await;
    let store = match &mut *open {
        Some(shared) => {
            shared.users += 1;
            Arc::clone(&shared.store)
        }
        none => match Store::open(&Endpoint::RocksDb(path.clone())).await {
            Ok(store) => {
                *none = Some(Shared { store: Arc::clone(&store), users: 1 });
                store
            }
            Err(failure) => {
                drop(open);
                forget_if_unused(&path, &slot);
                return Err(failure);
            }
        },
    };
    drop(open);
    Ok(Held { store, folder: Some((path, slot)) })
}

impl Held {
    async fn give_back(self) -> Result<(), Failure> {
        let Self { store, folder } = self;
        let Some((path, slot)) = folder else { return store.close().await };
        let mut open = slot.open.lock().await;
        let shared = open.as_mut().expect("a store with a lease is open");
        shared.users -= 1;
        let closed = if shared.users == 0 {
            *open = None;
            store.close().await
        } else {
            Ok(())
        };
        drop(open);
        forget_if_unused(&path, &slot);
        closed
    }
}

/// Removes a slot that only the registry and the caller know.
fn forget_if_unused(path: &PathBuf, slot: &Arc<Slot>) {
    let mut folders = FOLDERS.lock();
    if Arc::strong_count(slot) == 2 {
        folders.remove(path);
    }
}
