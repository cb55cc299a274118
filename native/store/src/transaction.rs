//! What a transaction that spans several runs is to everything above it.

use crate::BoxFuture;
use crate::failure::Failure;
use crate::session::Session;

/// What a transaction may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Read and write.
    Write,
    /// Read the store as it was when the transaction began.
    Read,
}

/// An open transaction of a store: what is run as it is run in it, one after the other, as the
/// session that has begun it. It has to be committed or cancelled.
pub trait Transaction: Session {
    /// Commits it. Whatever this comes to, the transaction has ended.
    ///
    /// It fails when it lost against another one ([`Failure::is_conflict`]), or the disk did.
    fn commit(&self) -> BoxFuture<'_, Result<(), Failure>>;

    /// Cancels it, if it has not ended. When the backend cannot, it is gone with the backend.
    fn cancel(&self) -> BoxFuture<'_, ()>;
}
