//! The sessions of this process, by the handles that Dart holds.

use std::future::Future;
use std::sync::Arc;

use surrealdartb_bridge::{Handle, Handles, Limits, finish_in_background};

use crate::scope::Scope;

/// The first session of a database whose isolate is gone retires, until it has let
/// go of its store.
static SCOPES: Handles<Scope> = Handles::new();

/// Makes a database that answers on the Dart port `native_port`, and gives the
/// handle of its first session.
pub fn open(native_port: i64, limits: Limits) -> Handle {
    SCOPES.insert(Arc::new(Scope::new(native_port, limits)))
}

/// The session called `handle`.
pub fn find(handle: Handle) -> Option<Arc<Scope>> {
    SCOPES.get(handle)
}

/// Ends the database whose first session is `handle`, and whose isolate is gone.
/// Waits for nothing, and may be called from a finalizer.
pub fn abandon(handle: Handle) {
    if let Some(first) = SCOPES.retire(handle) {
        let released = first.released();
        first.abandon();
        finish_in_background(async move {
            released.await;
            SCOPES.remove(handle);
        });
    }
}

/// [`abandon`] for every database there is, at the end of the process.
pub(crate) fn abandon_all() {
    for handle in SCOPES.all() {
        abandon(handle); // Of a further session: once more the same database.
    }
}

/// Completes when the database whose first session is `handle` has let go of its
/// store: at once, if it has, or if there never was one.
pub fn released(handle: Handle) -> impl Future<Output = ()> + Send + 'static {
    let first = SCOPES.get_or_retired(handle);
    async move {
        if let Some(first) = first {
            first.released().await;
        }
    }
}

/// Adds another scope of a database.
pub(crate) fn add(scope: Arc<Scope>) -> Handle {
    SCOPES.insert(scope)
}

/// Calls under way hold what they need.
pub(crate) fn remove(handle: Handle) -> Option<Arc<Scope>> {
    SCOPES.remove(handle)
}
