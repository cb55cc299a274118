//! Live and watched queries of a session.

use std::future::Future;
use std::sync::Arc;

use surrealdartb_bridge::{Interrupt, Order, Refusal};
use surrealdartb_store::Failure;
use tokio_util::sync::CancellationToken;

use super::Scope;
use crate::answer::Json;
use crate::live::{LiveQuery, tell};
use crate::request::Request;
use crate::rows::Rows;
use crate::session::Snapshot;
use crate::watch::{WatchedQuery, watch};

const IN_TRANSACTION: &str = "live and watched queries belong to a session, not to a transaction: \
    they tell of what transactions have committed";

impl Scope {
    /// Tells what changes: JSON of an object, see [`LiveQuery::read`]. Posts the id of the live
    /// query as an array, once it is registered, then events, and answers why it has ended.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn live(&self, request: Request, arguments: Vec<u8>) -> Result<(), Refusal> {
        let (parts, unused) = (self.context.parts(request.id), self.context.parts(request.id));
        self.listen("live", request, |session, acting, interrupt| async move {
            let query = LiveQuery::read(&arguments, session.grammar())?;
            let rows = Rows::new(unused, interrupt.clone(), usize::MAX);
            tell(query, &session, &acting, parts, rows, &interrupt).await
        })
    }

    /// Gives the rows of a query, and again when they may have changed: JSON of an object, see
    /// [`WatchedQuery::read`]. Posts results, and answers `null` when it was cancelled.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn watch(&self, request: Request, arguments: Vec<u8>) -> Result<(), Refusal> {
        let parts = self.context.parts(request.id);
        self.listen("watch", request, |session, acting, interrupt| async move {
            let query = WatchedQuery::read(&arguments, session.grammar())?;
            watch(&query, &session, &acting, parts, &interrupt).await
        })
    }

    /// Ends the live and the watched queries of the session: it acts as somebody else.
    pub(super) fn end_live_queries(&self) {
        let next = CancellationToken::new();
        std::mem::replace(&mut *self.acting.lock(), next).cancel();
    }

    /// Does `work` as the session is then, with what is tripped when it acts as somebody else.
    fn listen<F>(
        &self,
        operation: &'static str,
        request: Request,
        work: impl FnOnce(Snapshot, CancellationToken, Interrupt) -> F + Send + 'static,
    ) -> Result<(), Refusal>
    where
        F: Future<Output = Json> + Send + 'static,
    {
        let (database, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        let (acting, in_transaction) = (Arc::clone(&self.acting), self.transaction.is_some());
        self.submit(operation, request, Order::Stream, move |interrupt| {
            // Here, where no change of the session comes in between.
            let (now, acting) = (state.lock().clone(), acting.lock().clone());
            let session = database.snapshot(now);
            async move {
                if in_transaction {
                    return Err(Failure::invalid(IN_TRANSACTION));
                }
                work(session?, acting, interrupt).await
            }
        })
    }
}
