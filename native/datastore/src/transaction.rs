//! A transaction of the backend.

use std::sync::Arc;

use surrealdb_kvs::api::{
    BoxFut, GetMultiResult, KeysResult, ScanCursorKeys, ScanCursorVals, ScanResult, Transactable,
};
use surrealdb_kvs::timestamp::{BoxTimeStamp, BoxTimeStampImpl};
use surrealdb_kvs::{Direction, Error, Key, KeyRange, Result, Val};

use parking_lot::Mutex;
use surrealdartb_changes::{Commit, Moment};
use surrealdartb_lanes::{Attempt, Footprint, Table};
use surrealdartb_rocksdb::Generation;

use crate::backend::Shared;
use crate::cursor::{Keys, Values};

/// A transaction that asks before it commits, says what the disk did, and keeps
/// the backend's end away.
///
/// Every function of the trait but the two for batches (which the engine's
/// backends leave as they are) goes to the one inside: a default would replace
/// what the backend does better.
pub(crate) struct Transaction {
    pub(crate) inner: Box<dyn Transactable>,
    /// On RocksDB, whose transaction it is.
    pub(crate) generation: Option<Arc<Generation>>,
    /// What it has written.
    pub(crate) footprint: Mutex<Footprint>,
    /// The statement that it was begun for.
    pub(crate) attempt: Option<Arc<Attempt>>,
    /// When it began, as live queries count.
    pub(crate) began: Moment,
    /// The tables of which it registers live queries.
    pub(crate) listens_to: Mutex<Vec<Table>>,
    /// Held until the engine has handed on what it tells, which is when it is dropped.
    pub(crate) told: Mutex<Option<Commit>>,
    /// Dropped behind what is inside.
    pub(crate) shared: Arc<Shared>,
}

impl Transaction {
    /// `work`, which says what the disk did, as its generation tells it.
    fn watched<'a, T: Send + 'a>(&'a self, work: BoxFut<'a, Result<T>>) -> BoxFut<'a, Result<T>> {
        match &self.generation {
            None => work,
            Some(generation) => Box::pin(async move {
                generation.check()?;
                work.await.map_err(|error| generation.told(error))
            }),
        }
    }
}

/// What the key of a live query has behind its table.
const LIVE: &[u8] = b"!lq";

/// What comes to nothing anyway, and is run again.
const MISSED: &str = "a parameter was read that was withheld";

impl Transaction {
    /// Notes what sets the entry of a live query.
    fn listens<'a>(&self, key: &Key<'a>) {
        if let Some((table, rest)) = Table::of(key.as_slice())
            && rest.starts_with(LIVE)
        {
            self.listens_to.lock().push(table);
        }
    }

    fn writes<'a>(&self, key: &Key<'a>) {
        self.footprint.lock().write(key.as_slice());
    }

    fn writes_range(&self, range: &KeyRange<'_>) {
        self.footprint.lock().write_range(range.start.as_slice()..range.end.as_slice());
    }

    fn reads(&self, key: &Key<'_>) {
        if let Some(attempt) = &self.attempt {
            attempt.reads(|it| it.read(key.as_slice()));
        }
    }

    fn reads_range(&self, range: &KeyRange<'_>) {
        if let Some(attempt) = &self.attempt {
            attempt.reads(|it| it.read_range(range.start.as_slice()..range.end.as_slice()));
        }
    }

    /// Says so when the engine looks for a parameter that its statement was not given.
    fn check_parameters(&self, key: &Key<'_>) -> Result<()> {
        match &self.attempt {
            Some(attempt) if attempt.misses(key.as_slice()) => Err(Error::Internal(MISSED.into())),
            _ => Ok(()),
        }
    }
}

impl Transactable for Transaction {
    fn commit(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(self.commit_written())
    }

    fn kind(&self) -> &'static str {
        self.inner.kind()
    }

    fn closed(&self) -> bool {
        self.inner.closed()
    }

    fn writeable(&self) -> bool {
        self.inner.writeable()
    }

    fn cancel(&self) -> BoxFut<'_, Result<()>> {
        self.inner.cancel()
    }

    fn exists<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<bool>> {
        self.reads(&key);
        self.watched(self.inner.exists(key, version))
    }

    fn get<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<Option<Val>>> {
        self.reads(&key);
        if let Err(missed) = self.check_parameters(&key) {
            return Box::pin(async move { Err(missed) });
        }
        self.watched(self.inner.get(key, version))
    }

    fn getu<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<Option<Val>>> {
        self.reads(&key);
        self.footprint.lock().lock(key.as_slice());
        self.watched(self.inner.getu(key))
    }

    fn shared_locked_reads(&self) -> bool {
        self.inner.shared_locked_reads()
    }

    fn set<'a>(&'a self, key: Key<'a>, val: Val) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.listens(&key);
        self.watched(self.inner.set(key, val))
    }

    fn put<'a>(&'a self, key: Key<'a>, val: Val) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.put(key, val))
    }

    fn putc<'a>(&'a self, key: Key<'a>, val: Val, chk: Option<Val>) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.putc(key, val, chk))
    }

    fn del<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.del(key))
    }

    fn delc<'a>(&'a self, key: Key<'a>, chk: Option<&'a [u8]>) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.delc(key, chk))
    }

    fn keys<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.reads_range(&rng);
        self.watched(self.inner.keys(rng, limit, skip, version))
    }

    fn keysr<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.reads_range(&rng);
        self.watched(self.inner.keysr(rng, limit, skip, version))
    }

    fn scan<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.reads_range(&rng);
        self.watched(self.inner.scan(rng, limit, skip, version))
    }

    fn scanr<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.reads_range(&rng);
        self.watched(self.inner.scanr(rng, limit, skip, version))
    }

    fn open_keys_cursor<'a>(
        &'a self,
        rng: KeyRange<'a>,
        dir: Direction,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<Box<dyn ScanCursorKeys + 'a>>> {
        self.reads_range(&rng);
        let open = self.watched(self.inner.open_keys_cursor(rng, dir, skip, version));
        match &self.generation {
            None => open,
            Some(generation) => Box::pin(async move {
                let inner = open.await?;
                Ok(Box::new(Keys { inner, generation }) as Box<dyn ScanCursorKeys + 'a>)
            }),
        }
    }

    fn open_vals_cursor<'a>(
        &'a self,
        rng: KeyRange<'a>,
        dir: Direction,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<Box<dyn ScanCursorVals + 'a>>> {
        self.reads_range(&rng);
        let open = self.watched(self.inner.open_vals_cursor(rng, dir, skip, version));
        match &self.generation {
            None => open,
            Some(generation) => Box::pin(async move {
                let inner = open.await?;
                Ok(Box::new(Values { inner, generation }) as Box<dyn ScanCursorVals + 'a>)
            }),
        }
    }

    fn replace<'a>(&'a self, key: Key<'a>, val: Val) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.listens(&key);
        self.watched(self.inner.replace(key, val))
    }

    fn clr<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.clr(key))
    }

    fn clrc<'a>(&'a self, key: Key<'a>, chk: Option<&'a [u8]>) -> BoxFut<'a, Result<()>> {
        self.writes(&key);
        self.watched(self.inner.clrc(key, chk))
    }

    fn getm<'a>(
        &'a self,
        keys: &'a [Key<'a>],
        version: Option<u64>,
    ) -> BoxFut<'a, Result<GetMultiResult>> {
        keys.iter().for_each(|key| self.reads(key));
        self.watched(self.inner.getm(keys, version))
    }

    fn getr<'a>(
        &'a self,
        rng: KeyRange<'a>,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.reads_range(&rng);
        self.watched(self.inner.getr(rng, version))
    }

    fn delr<'a>(&'a self, rng: KeyRange<'a>) -> BoxFut<'a, Result<()>> {
        self.writes_range(&rng);
        self.watched(self.inner.delr(rng))
    }

    fn clrr<'a>(&'a self, rng: KeyRange<'a>) -> BoxFut<'a, Result<()>> {
        self.writes_range(&rng);
        self.watched(self.inner.clrr(rng))
    }

    fn count<'a>(&'a self, rng: KeyRange<'a>, version: Option<u64>) -> BoxFut<'a, Result<usize>> {
        self.reads_range(&rng);
        self.watched(self.inner.count(rng, version))
    }

    fn new_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.watched(self.inner.new_save_point())
    }

    fn release_last_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.watched(self.inner.release_last_save_point())
    }

    fn rollback_to_save_point(&self) -> BoxFut<'_, Result<()>> {
        self.watched(self.inner.rollback_to_save_point())
    }

    fn timestamp(&self) -> BoxFut<'_, Result<BoxTimeStamp>> {
        self.inner.timestamp()
    }

    fn safe_timestamp(&self) -> BoxFut<'_, Result<BoxTimeStamp>> {
        self.inner.safe_timestamp()
    }

    fn timestamp_impl(&self) -> BoxTimeStampImpl {
        self.inner.timestamp_impl()
    }

    fn compact<'a>(&'a self, range: Option<KeyRange<'a>>) -> BoxFut<'a, Result<()>> {
        self.watched(self.inner.compact(range))
    }
}
