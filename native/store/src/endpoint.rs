//! Where data lives.

use std::fmt;
use std::path::PathBuf;

use crate::failure::Failure;

/// A parsed endpoint. Dart's `StorageBackend.toEndpoint` writes them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// `mem://`: a store of its own, gone when it is closed.
    Memory,
    /// `mem://NAME`: a store that is one for all who give this name, and gone
    /// when the last of them closes it.
    SharedMemory(String),
    /// `rocksdb://PATH`: a folder. Everything after the scheme is the path as
    /// the file system knows it, with any character it may hold.
    RocksDb(PathBuf),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("mem://"),
            Self::SharedMemory(name) => write!(f, "mem://{name}"),
            Self::RocksDb(path) => path.display().fmt(f),
        }
    }
}

impl Endpoint {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// When it is none of the forms above.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once("://") {
            Some(("mem", "")) => Ok(Self::Memory),
            Some(("mem", name)) => Ok(Self::SharedMemory(name.into())),
            Some(("rocksdb", path)) if !path.is_empty() => Ok(Self::RocksDb(path.into())),
            _ => Err(Failure::open(text, "an endpoint is mem://, mem://NAME or rocksdb://PATH")),
        }
    }
}
