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

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod folder;
mod lock;
#[cfg(unix)]
mod rocksdb_lock;

pub use folder::{Folder, FolderId};
pub use lock::{FolderLock, Locked};
