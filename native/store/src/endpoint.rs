//! Where data lives.

use std::fmt;
use std::path::{Path, PathBuf, absolute};

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
    /// When it is none of the forms above, or a link leads to a folder that the
    /// engine cannot name.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once("://") {
            Some(("mem", "")) => Ok(Self::Memory),
            Some(("mem", name)) => Ok(Self::SharedMemory(name.into())),
            Some(("rocksdb", path)) if !path.is_empty() => {
                check_name(Path::new(path)).map_err(|reason| Failure::open(path, reason))?;
                Ok(Self::RocksDb(path.into()))
            }
            _ => Err(Failure::open(text, "an endpoint is mem://, mem://NAME or rocksdb://PATH")),
        }
    }
}

/// Refuses a path that leads, through a link, to a folder whose name is not
/// UTF-8: the engine names folders in UTF-8, and would make another one.
fn check_name(path: &Path) -> Result<(), String> {
    let Ok(path) = absolute(path) else { return Ok(()) };
    // What is not there yet will be made below what is.
    match path.ancestors().find_map(|folder| folder.canonicalize().ok()) {
        Some(real) if real.to_str().is_none() => Err(format!(
            "it leads to the folder {}, whose name is not UTF-8; rename that folder, or use \
             another one",
            real.display()
        )),
        _ => Ok(()),
    }
}
