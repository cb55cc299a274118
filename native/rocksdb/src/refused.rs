//! A transaction of a store that takes none.

use surrealdb_kvs::api::{BoxFut, KeysResult, ScanResult, Transactable};
use surrealdb_kvs::{Key, KeyRange, Result, Val};

use crate::disk_failure::DiskFailure;

/// A transaction whose every operation fails.
///
/// The engine drops the reason when a `BEGIN` does not get its transaction, and
/// says that another one is open. So it gets one, and hears of the failure at
/// its first operation.
pub(crate) struct Refused {
    pub(crate) failure: DiskFailure,
    pub(crate) writeable: bool,
}

impl Refused {
    fn fail<'a, T: Send + 'a>(&'a self) -> BoxFut<'a, Result<T>> {
        Box::pin(async { Err(self.failure.to_error()) })
    }
}

impl Transactable for Refused {
    fn kind(&self) -> &'static str {
        "rocksdb"
    }

    fn closed(&self) -> bool {
        false
    }

    fn writeable(&self) -> bool {
        self.writeable
    }

    fn cancel(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn commit(&self) -> BoxFut<'_, Result<()>> {
        self.fail()
    }

    fn exists<'a>(&'a self, _: Key<'a>, _: Option<u64>) -> BoxFut<'a, Result<bool>> {
        self.fail()
    }

    fn get<'a>(&'a self, _: Key<'a>, _: Option<u64>) -> BoxFut<'a, Result<Option<Val>>> {
        self.fail()
    }

    fn getu<'a>(&'a self, _: Key<'a>) -> BoxFut<'a, Result<Option<Val>>> {
        self.fail()
    }

    fn set<'a>(&'a self, _: Key<'a>, _: Val) -> BoxFut<'a, Result<()>> {
        self.fail()
    }

    fn put<'a>(&'a self, _: Key<'a>, _: Val) -> BoxFut<'a, Result<()>> {
        self.fail()
    }

    fn putc<'a>(&'a self, _: Key<'a>, _: Val, _: Option<Val>) -> BoxFut<'a, Result<()>> {
        self.fail()
    }

    fn del<'a>(&'a self, _: Key<'a>) -> BoxFut<'a, Result<()>> {
        self.fail()
    }

    fn delc<'a>(&'a self, _: Key<'a>, _: Option<&'a [u8]>) -> BoxFut<'a, Result<()>> {
        self.fail()
    }

    fn keys<'a>(
        &'a self,
        _: KeyRange<'a>,
        _: u32,
        _: u32,
        _: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.fail()
    }

    fn keysr<'a>(
        &'a self,
        _: KeyRange<'a>,
        _: u32,
        _: u32,
        _: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.fail()
    }

    fn scan<'a>(
        &'a self,
        _: KeyRange<'a>,
        _: u32,
        _: u32,
        _: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.fail()
    }

    fn scanr<'a>(
        &'a self,
        _: KeyRange<'a>,
        _: u32,
        _: u32,
        _: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.fail()
    }

    fn new_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.fail()
    }

    fn release_last_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.fail()
    }

    fn rollback_to_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.fail()
    }

    fn compact<'a>(&'a self, _: Option<KeyRange<'a>>) -> BoxFut<'a, Result<()>> {
        self.fail()
    }
}
