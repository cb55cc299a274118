//! Who answers for the folder.

use crate::disk_failure::DiskFailure;

/// Who answers for the folder of a store, for as long as RocksDB can write
/// there.
///
/// The engine's background tasks outlive its shutdown, and one opening of
/// RocksDB outlives the other: so each opening holds the guardian, and each
/// transaction, and it is dropped after the last of them.
pub trait Guardian: Send + Sync {
    /// Asked before each commit of a transaction that writes, and before RocksDB
    /// is opened again.
    ///
    /// # Errors
    ///
    /// Why not. Nothing is written then.
    fn permit(&self) -> Result<(), DiskFailure>;
}
