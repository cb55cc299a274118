//! What a session is asked to run.

use std::sync::Arc;

use surrealdartb_lanes::Attempt;
use surrealdb_types::{Value, Variables};
use tokio_util::sync::CancellationToken;

use crate::BoxFuture;
use crate::script::Script;

/// Statements, and what goes with them.
pub struct Run<'a> {
    /// The statements.
    pub script: Script,
    /// What is bound to them.
    pub variables: Variables,
    /// Stops it cooperatively: the engine's verdict is the outcome, so a write that was
    /// committed is never called cancelled.
    pub cancelled: &'a CancellationToken,
    /// Tells of the transactions of its own, and which parameters of the session it is run
    /// without.
    pub attempt: Arc<Attempt>,
}

/// Where the rows of a statement go.
pub trait RowSink: Send {
    /// Takes the next rows, and says whether more are wanted. Until it has said so
    /// the engine looks for no more than a few.
    fn add(&mut self, rows: Vec<Value>) -> BoxFuture<'_, bool>;
}
