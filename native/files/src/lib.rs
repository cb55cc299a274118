//! What a store's folder is and holds, without the engine.
//!
//! # Design
//!
//! *Identity.* A [`Folder`] is known by what the file system says it is, not by
//! how its path is written: two paths of one folder are one store.
//!
//! *Lock.* RocksDB's own lock is one of POSIX's: it ends when any descriptor
//! of the process on its file is closed, whoever opened it. A [`FolderLock`] is
//! one that does not.
//!
//! *Damage.* RocksDB takes damage for the end of a crash, and goes on without
//! what comes after it. [`check`] tells the two apart, by reading alone.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod check;
mod copy;
mod crc32c;
mod folder;
mod lock;
mod logs;
mod manifest;
mod marker;
mod names;
mod record_log;
#[cfg(unix)]
mod rocksdb_lock;
mod torn;

pub use check::{Damage, Refusal, check};
pub use copy::{add_blobs, copy_store};
pub use folder::{Folder, FolderId};
pub use lock::{FolderLock, Locked};
pub use logs::Logs;
pub use marker::{Writes, note};
pub use torn::TornEnds;
