//! Where data lives.

use std::path::PathBuf;

use crate::failure::Failure;

/// A parsed endpoint. Dart's `StorageBackend.toEndpoint` writes them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// `mem://`: a store of its own, gone when it is closed.
    Memory,
    /// `rocksdb://PATH`: a folder. Everything after the scheme is the path as
    /// the file system knows it, with any character it may hold.
    RocksDb(PathBuf),
}

impl Endpoint {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// When it is neither of the forms above.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once("://") {
            Some(("mem", "")) => Ok(Self::Memory),
            Some(("rocksdb", path)) if !path.is_empty() => Ok(Self::RocksDb(path.into())),
            _ => Err(Failure::open(text, "an endpoint is mem:// or rocksdb://PATH")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_taken_as_it_is() {
        for path in ["/a/b", "relative", "with space", "ünï/日本", "a?sync=never", "~/x", "a://b"]
        {
            let endpoint = Endpoint::parse(&format!("rocksdb://{path}")).unwrap();
            assert_eq!(endpoint, Endpoint::RocksDb(path.into()));
        }
        assert_eq!(Endpoint::parse("mem://").unwrap(), Endpoint::Memory);
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in ["", "mem", "memory", "mem://x", "rocksdb://", "rocksdb:/x", "ws://h", "://"] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
    }
}
