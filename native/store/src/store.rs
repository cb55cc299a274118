//! What a store is to everything above it.

use std::sync::Arc;

use surrealdartb_changes::{Hub, Watches};
use surrealdartb_lanes::Lanes;

use crate::BoxFuture;
use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::session::Session;

/// An open store. Whoever runs a call holds it.
pub trait Store: Send + Sync {
    /// What its first session is.
    fn session(self: Arc<Self>) -> Arc<dyn Session>;

    /// The version of its engine, such as `3.3.5`.
    fn version(&self) -> &str;

    /// How it reads texts.
    fn grammar(&self) -> &Grammar;

    /// Where live queries are told what changes.
    ///
    /// # Errors
    ///
    /// When nobody tells them.
    fn hub(&self) -> Result<&Arc<Hub>, Failure> {
        Err(Failure::unsupported("tell live queries what changes"))
    }

    /// Where watched queries hear of commits.
    ///
    /// # Errors
    ///
    /// When nobody tells them.
    fn watches(&self) -> Result<&Arc<Watches>, Failure> {
        Err(Failure::unsupported("tell watched queries what is committed"))
    }

    /// The turns of the statements whose transactions conflict.
    fn lanes(&self) -> &Arc<Lanes>;

    /// Reads something from the store, and commits a change of it that leaves
    /// nothing behind.
    fn check_health(&self) -> BoxFuture<'_, Result<(), Failure>>;

    /// Closes the store and completes when nothing holds its data any more, which takes as
    /// long as it takes. `waits_for` is told what the close waits for, whenever that changes.
    ///
    /// The caller has ended its calls; `self` is the last that it holds.
    fn close(self: Arc<Self>, waits_for: WaitsFor) -> BoxFuture<'static, Result<(), Failure>>;
}

/// Is told what a close waits for.
pub type WaitsFor = Box<dyn Fn(&'static str) + Send>;
