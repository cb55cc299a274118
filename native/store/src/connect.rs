//! Where stores come from: the one place that names an engine.

use std::path::Path;
use std::sync::Arc;

use crate::BoxFuture;
use crate::failure::Failure;
use crate::options::StoreOptions;
use crate::place::Place;
use crate::salvaged::Salvaged;
use crate::store::Store;

#[cfg(not(feature = "embedded"))]
const WITHOUT_ENGINE: &str = "work with stores in this process (the library was built without the \
    feature `embedded`)";

/// Opens the store at `place`, on a runtime of `worker_threads`.
///
/// The future must run to its end: a store that is dropped half open may
/// keep its lock for a while.
pub fn open(
    place: Place,
    options: StoreOptions,
    worker_threads: usize,
) -> BoxFuture<'static, Result<Arc<dyn Store>, Failure>> {
    #[cfg(feature = "embedded")]
    return Box::pin(async move {
        let store = crate::local::LocalStore::open(place, options, worker_threads).await?;
        Ok(store as Arc<dyn Store>)
    });
    #[cfg(not(feature = "embedded"))]
    {
        let _ = (place, options, worker_threads);
        Box::pin(std::future::ready(Err(Failure::unsupported(WITHOUT_ENGINE))))
    }
}

/// Copies what can be read of the store in `from` into the folder `to`, which
/// is made. It blocks, for as long as the store is large; it stops when it
/// `is_unwanted`.
///
/// # Errors
///
/// When `from` holds no store, when `to` is not fresh, when nothing of the
/// store can be read, or when it has stopped.
pub fn salvage(
    from: &Path,
    to: &Path,
    is_unwanted: &dyn Fn() -> bool,
) -> Result<Salvaged, Failure> {
    #[cfg(feature = "embedded")]
    return crate::local::salvage(from, to, is_unwanted);
    #[cfg(not(feature = "embedded"))]
    {
        let _ = (from, to, is_unwanted);
        Err(Failure::unsupported(WITHOUT_ENGINE))
    }
}
