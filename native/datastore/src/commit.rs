//! How a transaction of the backend is committed.

use std::sync::Arc;

use surrealdartb_changes::{Commit, Outdated, deliveries};
use surrealdartb_lanes::{Attempt, Footprint};
use surrealdartb_rocksdb::Guardian;
use surrealdb_kvs::{Error, Result};

use crate::backend::Shared;
use crate::transaction::Transaction;

/// As the engine words it; it says no more.
const NOT_ITS_TURN: &str = "another statement has its turn with the same records";

/// As the engine words it; it says no more.
const OUTDATED: &str = "a live query of a table that it writes was registered after it had begun";

impl Transaction {
    /// Commits what is written.
    pub(crate) async fn commit_written(&self) -> Result<()> {
        if !self.inner.writeable() {
            return self.commit_inner().await;
        }
        let footprint = Arc::new(std::mem::take(&mut *self.footprint.lock()));
        let committed = match self.in_order(&footprint).await {
            Ok(commit) => self.commit_told(commit, &footprint).await,
            Err(refusal) => {
                // What it holds is given back; the refusal is what to tell.
                let _ = self.inner.cancel().await;
                Err(refusal)
            }
        };
        if committed.is_err() {
            self.lose(Arc::unwrap_or_clone(footprint));
        }
        committed
    }

    /// Asks for leave to commit what is written.
    async fn permitted(&self, footprint: &Footprint) -> Result<()> {
        self.shared.permit().map_err(|refusal| refusal.to_error())?;
        match &self.attempt {
            Some(attempt) if !attempt.may_commit(&self.shared.lanes, footprint).await => {
                Err(Error::TransactionConflict(NOT_ITS_TURN.into()))
            }
            _ => Ok(()),
        }
    }

    fn lose(&self, footprint: Footprint) {
        if let Some(attempt) = &self.attempt {
            attempt.lost(footprint);
        }
    }

    async fn commit_inner(&self) -> Result<()> {
        match &self.generation {
            Some(generation) => generation.commit(&*self.inner).await,
            None => self.inner.commit().await,
        }
    }

    /// Waits until what is written, `footprint`, may be committed.
    async fn in_order(&self, footprint: &Arc<Footprint>) -> Result<Commit> {
        self.permitted(footprint).await?;
        let Shared { hub, commits, .. } = &*self.shared;
        let begin = commits.begin(self.began, Arc::clone(footprint), hub.listens());
        begin.await.map_err(|Outdated| Error::TransactionConflict(OUTDATED.into()))
    }

    /// Does `commit`, so that live queries are told in order, and nothing is missed.
    async fn commit_told(&self, commit: Commit, footprint: &Arc<Footprint>) -> Result<()> {
        let Shared { hub, commits, watches, .. } = &*self.shared;
        let tables = std::mem::take(&mut *self.listens_to.lock());
        for table in &tables {
            commits.register(*table);
        }
        let committed = self.commit_inner().await;
        if !matches!(committed, Err(Error::TransactionConflict(_))) {
            // Of one that failed with its disk nobody knows whether it was committed.
            watches.committed(footprint);
        }
        committed?;
        commit.committed();
        if !tables.is_empty() {
            commits.settled().await;
        }
        if hub.listens()
            && let (Some(attempt), Some(runtime)) = (Attempt::current(), deliveries())
        {
            *self.told.lock() = Some(commit);
            attempt.spawn_on(runtime).await;
        }
        Ok(())
    }
}
