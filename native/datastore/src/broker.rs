//! Where the engine hands what live queries are told.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Result;
use surrealdartb_changes::Hub;
use surrealdb_core::dbs::{MessageBroker, RoutedNotification};

/// Hands it on to the hub, and never waits: the engine delivers each commit in a task of its
/// own, so a broker that waits slows no writer, and only piles up tasks.
#[derive(Debug)]
pub(crate) struct Broker(pub(crate) Arc<Hub>);

impl MessageBroker for Broker {
    /// There is one datastore.
    fn should_emit(&self, node_id: [u8; 16], target_node: [u8; 16]) -> Result<bool> {
        Ok(node_id == target_node)
    }

    fn send(&self, item: RoutedNotification) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.tell(item.into_notification());
        Box::pin(ready(()))
    }
}
