//! Transactions that span several runs.

use surrealdartb_datastore::{BoxFuture, ClientTransaction};

use crate::failure::Failure;

/// What a transaction may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Read and write.
    Write,
    /// Read the store as it was when the transaction began.
    Read,
}

/// An open transaction of a store. It has to be committed or cancelled.
pub struct Transaction {
    pub(crate) inner: ClientTransaction,
    mode: Mode,
}

impl Transaction {
    pub(crate) fn new(inner: ClientTransaction, mode: Mode) -> Self {
        Self { inner, mode }
    }

    /// Commits it. Whatever this comes to, the transaction has ended.
    ///
    /// # Errors
    ///
    /// When it lost against another one ([`Failure::is_conflict`]), or the disk failed.
    pub fn commit(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            match self.mode {
                Mode::Write => self.inner.commit().await?,
                // There is nothing to keep, and the engine has no commit of that.
                Mode::Read => self.inner.cancel().await?,
            }
            Ok(())
        })
    }

    /// Cancels it, if it has not ended. When the backend cannot, it is gone with the backend.
    pub fn cancel(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let _ = self.inner.cancel().await;
        })
    }
}
