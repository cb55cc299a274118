//! The cursors of a transaction on RocksDB.

use surrealdartb_rocksdb::Generation;
use surrealdb_kvs::Result;
use surrealdb_kvs::api::{
    BoxFut, KeyVisitor, KeysBatch, ScanChunkStats, ScanCursorKeys, ScanCursorVals, ValVisitor,
    ValsBatch,
};

/// A cursor over keys, which says what the disk did.
pub(crate) struct Keys<'a> {
    pub(crate) inner: Box<dyn ScanCursorKeys + 'a>,
    pub(crate) generation: &'a Generation,
}

/// A cursor over keys and values, which says what the disk did.
pub(crate) struct Values<'a> {
    pub(crate) inner: Box<dyn ScanCursorVals + 'a>,
    pub(crate) generation: &'a Generation,
}

impl ScanCursorKeys for Keys<'_> {
    fn next_batch<'s>(&'s mut self, limit: u32) -> BoxFut<'s, Result<KeysBatch<'s>>> {
        let Self { inner, generation } = self;
        Box::pin(async move {
            generation.check()?;
            inner.next_batch(limit).await.map_err(|error| generation.told(error))
        })
    }

    fn for_each<'s>(
        &'s mut self,
        limit: u32,
        f: &'s mut dyn KeyVisitor,
    ) -> BoxFut<'s, Result<ScanChunkStats>> {
        let Self { inner, generation } = self;
        Box::pin(async move {
            generation.check()?;
            inner.for_each(limit, f).await.map_err(|error| generation.told(error))
        })
    }
}

impl ScanCursorVals for Values<'_> {
    fn next_batch<'s>(&'s mut self, limit: u32) -> BoxFut<'s, Result<ValsBatch<'s>>> {
        let Self { inner, generation } = self;
        Box::pin(async move {
            generation.check()?;
            inner.next_batch(limit).await.map_err(|error| generation.told(error))
        })
    }

    fn for_each<'s>(
        &'s mut self,
        limit: u32,
        f: &'s mut dyn ValVisitor,
    ) -> BoxFut<'s, Result<ScanChunkStats>> {
        let Self { inner, generation } = self;
        Box::pin(async move {
            generation.check()?;
            inner.for_each(limit, f).await.map_err(|error| generation.told(error))
        })
    }
}
