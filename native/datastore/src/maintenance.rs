//! How often the engine looks after a store on which nothing happens.

use std::time::Duration;

use surrealdb_core::options::EngineOptions;

/// The engine's tasks in the background, for a store that belongs to one
/// process.
///
/// The engine's own intervals are those of a cluster. There each task renews a
/// lease in the store, and each renewal is a sync: dozens a minute on an idle
/// store (`doc/decisions/0025`). What a write makes necessary wakes its task by itself
/// (events, indexes, graphs), so these intervals only bound how long things wait
/// after the end of a process, whose leases last for two of them.
pub(crate) fn intervals() -> EngineOptions {
    let seconds = Duration::from_secs;
    let never = Duration::ZERO;
    EngineOptions::default()
        // Thrice before the engine takes this process for dead.
        .with_node_membership_refresh_interval(seconds(10))
        .with_node_membership_check_interval(seconds(60))
        .with_event_processing_interval(seconds(15))
        .with_index_compaction_interval(seconds(60))
        .with_graph_fold_interval(seconds(60))
        .with_changefeed_gc_interval(seconds(60))
        // Sessions of a server, and what only TiKV has.
        .with_rpc_session_gc_interval(never)
        .with_tikv_gc_interval(never)
        .with_tikv_lock_cleanup_interval(never)
}
