//! What RocksDB is told of how a store is opened.

use crate::options::{Durability, MemoryProfile, StoreOptions};

const MIB: usize = 1024 * 1024;

/// The engine's configuration of RocksDB.
///
/// All of RocksDB's threads start when the first store opens (one that
/// flushes, and three that compact), and none later: where the operating
/// system refuses one, RocksDB ends the process.
pub(super) fn rocksdb(options: StoreOptions) -> [(&'static str, String); 9] {
    let (cache, buffer, buffers) = sizes(options.memory());
    let sync = match options.durability() {
        Durability::Every => "every",
        // See `LogSync`.
        Durability::Interval(_) | Durability::Never => "never",
    };
    [
        ("datastore_sync", sync.into()),
        ("rocksdb_block_cache_size", (cache * MIB).to_string()),
        ("rocksdb_write_buffer_size", (buffer * MIB).to_string()),
        ("rocksdb_max_write_buffer_number", buffers.to_string()),
        ("rocksdb_keep_log_file_num", "2".into()),
        ("rocksdb_max_open_files", "512".into()),
        ("rocksdb_thread_count", "3".into()),
        ("rocksdb_jobs_count", "4".into()),
        ("rocksdb_max_concurrent_subcompactions", "1".into()),
    ]
}

/// The block cache and one write buffer, in MiB, and how many buffers.
const fn sizes(memory: MemoryProfile) -> (usize, usize, usize) {
    match memory {
        MemoryProfile::Small => (8, 4, 3),
        MemoryProfile::Medium => (32, 16, 4),
        MemoryProfile::Large => (256, 64, 4),
    }
}
