//! What a database has from its connect to its close.

use std::sync::Arc;

use parking_lot::Mutex;
use surrealdartb_store::Failure;
use surrealdb_core::dbs::Session;

use crate::registry::{Lease, WaitsFor};
use crate::session::{OnConflict, Snapshot};

/// A lease of a store, and what calls run with now.
pub(crate) struct Connection {
    pub(crate) lease: Lease,
    pub(crate) session: Arc<Session>,
    pub(crate) result_limit: usize,
    pub(crate) on_conflict: OnConflict,
}

/// What a call that begins now runs with.
pub(crate) fn snapshot(connection: &Mutex<Option<Connection>>) -> Result<Snapshot, Failure> {
    match &*connection.lock() {
        Some(Connection { lease, session, result_limit, on_conflict }) => Ok(Snapshot {
            shared: lease.shared(),
            session: Arc::clone(session),
            result_limit: *result_limit,
            on_conflict: *on_conflict,
        }),
        None => Err(Failure::not_connected()),
    }
}

/// Later calls run with `session`. This one was made, and the one before is
/// dropped, outside of the lock: they hold values of any size, and a finalizer
/// waits for the lock.
pub(crate) fn keep_session(connection: &Mutex<Option<Connection>>, session: Session) {
    let next = Arc::new(session);
    let before = connection.lock().as_mut().map(|it| std::mem::replace(&mut it.session, next));
    drop(before);
}

/// Lets go of the store, if there is one.
pub(crate) async fn disconnect(
    connection: &Mutex<Option<Connection>>,
    waits_for: WaitsFor,
) -> Result<(), Failure> {
    let connection = connection.lock().take();
    match connection {
        Some(Connection { lease, .. }) => lease.give_back(waits_for).await,
        None => Ok(()),
    }
}
