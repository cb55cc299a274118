//! How a store is opened.

use std::time::Duration;

/// When a write on RocksDB is on the disk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Durability {
    /// Before its call is answered. Commits that come together share a sync.
    Every,
    /// At most this long after its call was answered.
    Interval(Duration),
    /// When the operating system writes it.
    Never,
}

impl Durability {
    /// As the engine has it for its own intervals (`surrealdb-kvs` 3.3.5,
    /// `config.rs`).
    const LONGER_THAN: Duration = Duration::from_millis(100);

    /// An interval.
    ///
    /// # Errors
    ///
    /// A sentence, when it is not longer than 100 ms.
    pub fn interval(length: Duration) -> Result<Self, String> {
        if length.as_millis() > Self::LONGER_THAN.as_millis() {
            Ok(Self::Interval(length))
        } else {
            Err(format!("an interval of durability is longer than {:?}", Self::LONGER_THAN))
        }
    }
}

/// How much memory RocksDB takes. (The engine's own defaults are a server's: a
/// block cache of half the machine's memory less one GiB, and up to 32 write
/// buffers of 128 MiB.)
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MemoryProfile {
    /// For a phone, or a store beside many others.
    Small,
    /// For a part of an application.
    Medium,
    /// For an application that is mostly its database.
    Large,
}

/// What can be chosen for a store. What is not chosen is as the store is open
/// already, or else durable with every write, and of medium memory.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct StoreOptions {
    /// When writes are on the disk.
    pub durability: Option<Durability>,
    /// How much memory RocksDB takes.
    pub memory: Option<MemoryProfile>,
}

impl StoreOptions {
    /// Whether a store that was opened with `self` is what `wanted` asks for.
    pub fn satisfy(self, wanted: Self) -> bool {
        wanted.durability.is_none_or(|it| it == self.durability())
            && wanted.memory.is_none_or(|it| it == self.memory())
    }

    /// When writes are on the disk, chosen or not.
    pub(crate) fn durability(self) -> Durability {
        self.durability.unwrap_or(Durability::Every)
    }

    pub(crate) fn memory(self) -> MemoryProfile {
        self.memory.unwrap_or(MemoryProfile::Medium)
    }
}
