//! RocksDB beneath the engine, in a folder whose disk may fail.
//!
//! # Design
//!
//! The engine's backend (`surrealdb-kvs-rocksdb` 3.3.5) hands on what RocksDB
//! says as text, calls a commit whose sync has failed one that did not happen,
//! and stays as RocksDB is after an error: it takes no writes any more, until
//! somebody opens it again. Here it is watched at the one seam where all that
//! the engine does with it passes.
//!
//! *Words.* A [`DiskFailure`] says what the disk did, and what that means for
//! the call. It crosses the engine inside a message, under a number that nobody
//! can guess.
//!
//! *Generations.* One opening of RocksDB is a [`Generation`]. The first commit
//! that the disk fails ends it: it takes no commit after that, so nothing is
//! acknowledged on top of what may be lost. It still serves readers, until a
//! try shows that the disk can be written again. Then [`RocksDb`] waits for its
//! transactions, closes it, and opens the next. The engine, and all sessions
//! above it, stay as they are.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod alone;
mod disk_failure;
mod generation;
mod guardian;
mod log_sync;
mod probe;
mod refused;
mod revival;

pub use alone::alone;
pub use disk_failure::{Cause, DiskFailure, Effect};
pub use generation::Generation;
pub use guardian::Guardian;
pub use revival::RocksDb;
