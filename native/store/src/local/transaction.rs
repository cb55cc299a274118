//! A transaction of the engine that spans several runs.

use std::sync::Arc;

use surrealdartb_datastore::ClientTransaction;
use surrealdb_types::Variables;

use super::session::LocalSession;
use crate::BoxFuture;
use crate::failure::Failure;
use crate::outcome::Outcomes;
use crate::principal::Principal;
use crate::run::{RowSink, Run};
use crate::session::Session;
use crate::transaction::{Mode, Transaction};

/// A transaction of the engine, as the session that has begun it. That does not change in it.
pub(super) struct LocalTransaction {
    session: LocalSession,
    inner: Arc<ClientTransaction>,
    mode: Mode,
}

impl LocalTransaction {
    /// What `session` has begun.
    pub(super) fn new(session: &LocalSession, inner: ClientTransaction, mode: Mode) -> Self {
        let inner = Arc::new(inner);
        Self { session: session.within(&inner), inner, mode }
    }
}

impl Session for LocalTransaction {
    fn namespace(&self) -> Option<&str> {
        self.session.namespace()
    }

    fn database(&self) -> Option<&str> {
        self.session.database()
    }

    fn variables(&self) -> &Variables {
        self.session.variables()
    }

    fn principal(&self) -> Principal {
        self.session.principal()
    }

    fn run<'a>(&'a self, run: Run<'a>) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        self.session.run(run)
    }

    fn run_streaming<'a>(
        &'a self,
        run: Run<'a>,
        rows: &'a mut dyn RowSink,
    ) -> BoxFuture<'a, Result<Outcomes, Failure>> {
        self.session.run_streaming(run, rows)
    }

    /// It sees what the transaction has defined.
    fn as_owner(&self) -> Option<Arc<dyn Session>> {
        self.session.as_owner()
    }
}

impl Transaction for LocalTransaction {
    fn commit(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            match self.mode {
                Mode::Write => self.inner.commit().await?,
                // There is nothing to keep, and the engine has no commit of that.
                Mode::Read => self.inner.cancel().await?,
            }
            Ok(())
        })
    }

    fn cancel(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let _ = self.inner.cancel().await;
        })
    }
}
