//! Waiting until what is shared is one's own.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// An `Arc` tells nobody when it is alone; it has to be asked.
const POLL: Duration = Duration::from_millis(1);

/// Waits until nobody else holds `shared`.
pub async fn alone<T>(mut shared: Arc<T>) -> T {
    const LONG: Duration = Duration::from_secs(3600);
    loop {
        shared = match alone_until(shared, Instant::now() + LONG).await {
            Ok(owned) => return owned,
            Err(held) => held,
        };
    }
}

/// `shared`, once nobody else holds it.
pub(crate) async fn alone_until<T>(mut shared: Arc<T>, deadline: Instant) -> Result<T, Arc<T>> {
    loop {
        shared = match Arc::try_unwrap(shared) {
            Ok(owned) => return Ok(owned),
            Err(held) => held,
        };
        if Instant::now() >= deadline {
            return Err(shared);
        }
        sleep(POLL).await;
    }
}
