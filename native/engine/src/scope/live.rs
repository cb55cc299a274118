//! Live queries of a session.

use std::sync::Arc;

use surrealdartb_bridge::{Order, Refusal};
use surrealdartb_store::Failure;
use tokio_util::sync::CancellationToken;

use super::Scope;
use crate::live::{LiveQuery, tell};
use crate::request::Request;
use crate::rows::Rows;

const IN_TRANSACTION: &str = "a live query belongs to a session, not to a transaction: it tells \
    of what transactions have committed";

impl Scope {
    /// Tells what changes: JSON of an object, see [`LiveQuery::read`]. Posts the id of the live
    /// query as an array, once it is registered, then events, and answers why it has ended.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub(crate) fn live(&self, request: Request, arguments: Vec<u8>) -> Result<(), Refusal> {
        let (database, state) = (Arc::clone(&self.database), Arc::clone(&self.state));
        let (acting, id) = (Arc::clone(&self.acting), request.id);
        let (parts, unused) = (self.context.parts(id), self.context.parts(id));
        let in_transaction = self.transaction.is_some();
        self.submit("live", request, Order::Stream, move |interrupt| {
            // Here, where no change of the session comes in between.
            let (now, acting) = (state.lock().clone(), acting.lock().clone());
            let session = database.snapshot(now);
            async move {
                if in_transaction {
                    return Err(Failure::invalid(IN_TRANSACTION));
                }
                let session = session?;
                let query = LiveQuery::read(&arguments, session.grammar())?;
                let rows = Rows::new(unused, interrupt.clone(), usize::MAX);
                tell(query, &session, &acting, parts, rows, &interrupt).await
            }
        })
    }

    /// Ends the live queries of the session: it acts as somebody else.
    pub(super) fn end_live_queries(&self) {
        let next = CancellationToken::new();
        std::mem::replace(&mut *self.acting.lock(), next).cancel();
    }
}
