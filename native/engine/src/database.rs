//! What the sessions of one Dart database have in common.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use surrealdartb_bridge::Handle;
use surrealdartb_store::{Failure, Session};

use crate::registry::{Lease, WaitsFor};
use crate::scope::Scope;
use crate::scopes;
use crate::session::{OnConflict, Snapshot};

/// A database: its store, once it is connected, and its sessions.
#[derive(Default)]
pub(crate) struct Database {
    connection: Mutex<Option<Connection>>,
    pub(crate) close_waits_for: WaitsFor,
    /// The handles of the scopes beside the first session. They end with the database.
    sessions: Mutex<HashSet<Handle>>,
}

/// A lease of a store, and what all sessions of it have in common.
pub(crate) struct Connection {
    pub(crate) lease: Lease,
    /// What a new session begins as: the owner, with the namespace and the
    /// database of the connect.
    pub(crate) first: Arc<dyn Session>,
    pub(crate) result_limit: usize,
    pub(crate) on_conflict: OnConflict,
    pub(crate) stream_idle: Duration,
    pub(crate) live_limit: usize,
}

impl Database {
    pub(crate) fn is_connected(&self) -> bool {
        self.connection.lock().is_some()
    }

    pub(crate) fn connect(&self, connection: Connection) {
        *self.connection.lock() = Some(connection);
    }

    /// What a call that begins now runs with, as `session`, which there is once it is connected.
    pub(crate) fn snapshot(&self, session: Option<Arc<dyn Session>>) -> Result<Snapshot, Failure> {
        match (&*self.connection.lock(), session) {
            (
                Some(Connection {
                    lease, result_limit, on_conflict, stream_idle, live_limit, ..
                }),
                Some(session),
            ) => Ok(Snapshot {
                shared: lease.shared(),
                session,
                result_limit: *result_limit,
                on_conflict: *on_conflict,
                stream_idle: *stream_idle,
                live_limit: *live_limit,
                transaction: None,
            }),
            _ => Err(Failure::not_connected()),
        }
    }

    /// What a new session begins as.
    pub(crate) fn first(&self) -> Result<Arc<dyn Session>, Failure> {
        let connection = self.connection.lock();
        let first = connection.as_ref().map(|it| Arc::clone(&it.first));
        first.ok_or_else(Failure::not_connected)
    }

    pub(crate) fn add(&self, scope: Arc<Scope>) -> Handle {
        let handle = scopes::add(scope);
        self.sessions.lock().insert(handle);
        handle
    }

    pub(crate) fn remove(&self, session: Handle) -> Option<Arc<Scope>> {
        self.sessions.lock().remove(&session);
        scopes::remove(session)
    }

    /// Lets others wait for the store. The lock is held for no longer than an
    /// assignment takes, so a finalizer may call this.
    pub(crate) fn leave(&self) {
        if let Some(connection) = &*self.connection.lock() {
            connection.lease.leave();
        }
    }

    /// Lets go of the store, if there is one, and of all sessions but the first.
    pub(crate) async fn disconnect(&self, waits_for: WaitsFor) -> Result<(), Failure> {
        let sessions = std::mem::take(&mut *self.sessions.lock());
        for session in sessions {
            if let Some(scope) = scopes::remove(session) {
                scope.cancel_transaction().await;
            }
        }
        let connection = self.connection.lock().take();
        match connection {
            Some(Connection { lease, .. }) => lease.give_back(waits_for).await,
            None => Ok(()),
        }
    }
}
