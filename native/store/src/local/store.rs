//! One open store of the engine.

use std::sync::Arc;

use surrealdartb_changes::{Hub, Watches};
use surrealdartb_datastore::{DiskFailure, Engine, Guardian, Location, alone};
use surrealdartb_files::{Writes, check};
use surrealdartb_lanes::Lanes;
use surrealdb_cnf::ConfigMap;
use surrealdb_core::env::VERSION;
use tokio::task::{JoinHandle, spawn_blocking};

use super::guard::Guard;
use super::options::rocksdb;
use super::session::LocalSession;
use crate::BoxFuture;
use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::options::{Durability, StoreOptions};
use crate::place::Place;
use crate::session::Session;
use crate::store::{Store, WaitsFor};

/// A store of the engine in this process.
pub(crate) struct LocalStore {
    pub(super) engine: Engine,
    grammar: Grammar,
    /// Who watches over its folder, and the task that does.
    watched: Option<(Arc<Guard>, JoinHandle<()>)>,
}

impl LocalStore {
    /// Opens the store at `place`; see [`open`](crate::open).
    pub(crate) async fn open(
        place: Place,
        options: StoreOptions,
        worker_threads: usize,
    ) -> Result<Arc<Self>, Failure> {
        let writes = match options.durability() {
            Durability::Every => Writes::Synced,
            Durability::Interval(_) | Durability::Never => Writes::Unsynced,
        };
        let (location, config, guard) = match place {
            Place::Memory => (Location::Memory, ConfigMap::empty(), None),
            Place::Folder(lock) => {
                let folder = lock.folder().path().to_owned();
                let sync_interval = match options.durability() {
                    Durability::Interval(length) => Some(length),
                    Durability::Every | Durability::Never => None,
                };
                let location = Location::RocksDb { folder, sync_interval };
                let config = rocksdb(options)
                    .iter()
                    .fold(ConfigMap::empty(), |map, (key, it)| map.with_key_value(*key, it));
                let path = lock.folder().path().to_owned();
                unblocked(move || {
                    let torn = check(&path).map_err(|it| Failure::refused(&path, it))?;
                    torn.make_passable().map_err(|it| Failure::refused(&path, it))
                })
                .await??;
                (location, config, Some(Guard::new(lock, writes)))
            }
        };
        let guardian = guard.clone().map(|it| it as Arc<dyn Guardian>);
        let engine = Engine::open(location.clone(), config, worker_threads, guardian)
            .await
            .map_err(|error| match DiskFailure::read(&error.to_string()) {
                Some(failure) => Failure::of_disk(&failure),
                None => Failure::open(&location.to_string(), error),
            })?;
        if let Some(guard) = guard.clone() {
            let syncs = writes == Writes::Unsynced;
            let shown = location.to_string();
            unblocked(move || {
                // What opening has written is on the disk before anything else:
                // without its version a store with data is refused.
                if syncs {
                    guard.sync_logs()?;
                }
                guard.note_opened();
                Ok(())
            })
            .await?
            .map_err(|error: std::io::Error| Failure::open(&shown, error))?;
        }
        let watched = guard.map(|guard| {
            let watch = guard.watch();
            (guard, watch)
        });
        let grammar = Grammar::from(engine.parser_settings());
        Ok(Arc::new(Self { engine, grammar, watched }))
    }
}

impl Store for LocalStore {
    fn session(self: Arc<Self>) -> Arc<dyn Session> {
        Arc::new(LocalSession::owner(&self))
    }

    fn version(&self) -> &str {
        VERSION
    }

    fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    fn hub(&self) -> Result<&Arc<Hub>, Failure> {
        Ok(self.engine.hub())
    }

    fn watches(&self) -> Result<&Arc<Watches>, Failure> {
        Ok(self.engine.watches())
    }

    fn lanes(&self) -> &Arc<Lanes> {
        self.engine.lanes()
    }

    /// See [`Engine::check_health`].
    fn check_health(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            self.engine.check_health().await.map_err(|error| {
                match DiskFailure::read(&error.to_string()) {
                    // There was nothing whose outcome could be unknown.
                    Some(failure) => Failure::of_disk(&failure.without_effect()),
                    None => error.into(),
                }
            })
        })
    }

    fn close(self: Arc<Self>, waits_for: WaitsFor) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(async move {
            waits_for("a call that was given up and still runs");
            let Self { engine, watched, .. } = alone(self).await;
            // From here on only the backend keeps the folder, until it has closed.
            if let Some((guard, watch)) = watched {
                watch.abort();
                let _ = watch.await; // That it was aborted.
                drop(guard);
            }
            Ok(engine.close(waits_for).await?)
        })
    }
}

/// What `work`, which waits for the disk, gives.
async fn unblocked<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let panicked = |panic| Failure::internal(format!("work on a store's files panicked: {panic}"));
    spawn_blocking(work).await.map_err(panicked)
}
