//! A transaction that spans several requests. (The engine calls it a client's.)

use std::sync::Arc;

use anyhow::Result;
use surrealdartb_lanes::{Attempt, Standing};
use surrealdb_core::kvs::QueryRequest;
use surrealdb_datastore::Transaction;

use crate::BoxFuture;

/// An open transaction, in which requests are run one after the other. It has to be committed or
/// cancelled: one that is dropped keeps what it holds until the engine notices.
pub struct ClientTransaction(pub(crate) Arc<Transaction>);

impl ClientTransaction {
    /// `request`, to be run in this transaction.
    pub fn attach<'a>(&self, request: QueryRequest<'a>) -> QueryRequest<'a> {
        request.with_transaction(Arc::clone(&self.0))
    }

    /// Commits it. Whatever this comes to, the transaction has ended.
    ///
    /// # Errors
    ///
    /// When it lost against another one, or the disk failed.
    pub fn commit(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            // What it tells is handed on by the commit.
            let attempt = Attempt::new(Standing::Fails, Vec::new());
            let committed = attempt.scope(self.0.commit()).await;
            if committed.is_err() {
                // Why it was not committed is what to tell.
                let _ = self.cancel().await;
            }
            committed
        })
    }

    /// Cancels it, if it has not ended.
    ///
    /// # Errors
    ///
    /// When the backend cannot: then it is gone with the backend.
    pub fn cancel(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { if self.0.closed() { Ok(()) } else { self.0.cancel().await } })
    }
}
