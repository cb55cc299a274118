//! A transaction of the backend.

use std::sync::Arc;

use surrealdb_kvs::api::{
    BoxFut, GetMultiResult, KeysResult, ScanCursorKeys, ScanCursorVals, ScanResult, Transactable,
};
use surrealdb_kvs::timestamp::{BoxTimeStamp, BoxTimeStampImpl};
use surrealdb_kvs::{Direction, Error, Key, KeyRange, Result, Val};

use parking_lot::Mutex;
use surrealdartb_changes::{Commit, Moment, Outdated, deliveries};
use surrealdartb_lanes::{Attempt, Footprint, Table};
use surrealdartb_rocksdb::{Generation, Guardian};

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

/// As the engine words it; it says no more.
const NOT_ITS_TURN: &str = "another statement has its turn with the same records";

/// As the engine words it; it says no more.
const OUTDATED: &str = "a live query of a table that it writes was registered after it had begun";

/// What the key of a live query has behind its table.
const LIVE: &[u8] = b"!lq";

/// What comes to nothing anyway, and is run again.
const MISSED: &str = "a parameter was read that was withheld";

impl Transaction {
    /// Asks for leave to commit what is written.
    async fn permitted(&self, footprint: &Footprint) -> Result<()> {
        self.shared.permit().map_err(|refusal| refusal.to_error())?;
        match &self.attempt {
            Some(attempt) if !attempt.may_commit(&self.shared.lanes, footprint).await => {
                Err(Error::TransactionConflict(NOT_ITS_TURN.into()))
            }
            _ => Ok(()),
        }
    }

    fn lose(&self, footprint: Footprint) {
        if let Some(attempt) = &self.attempt {
            attempt.lost(footprint);
        }
    }

    async fn commit_inner(&self) -> Result<()> {
        match &self.generation {
            Some(generation) => generation.commit(&*self.inner).await,
            None => self.inner.commit().await,
        }
    }

    /// Waits until what is written, `footprint`, may be committed.
    async fn in_order(&self, footprint: &Arc<Footprint>) -> Result<Commit> {
        self.permitted(footprint).await?;
        let begin = self.shared.commits.begin(self.began, Arc::clone(footprint));
        begin.await.map_err(|Outdated| Error::TransactionConflict(OUTDATED.into()))
    }

    /// Does `commit`, so that live queries are told in order, and nothing is missed.
    async fn commit_told(&self, commit: Commit, footprint: &Arc<Footprint>) -> Result<()> {
        let Shared { hub, commits, watches, .. } = &*self.shared;
        let tables = std::mem::take(&mut *self.listens_to.lock());
        for table in &tables {
            commits.register(*table);
        }
        let committed = self.commit_inner().await;
        if !matches!(committed, Err(Error::TransactionConflict(_))) {
            // Of one that failed with its disk nobody knows whether it was committed.
            watches.committed(footprint);
        }
        committed?;
        commit.committed();
        if !tables.is_empty() {
            commits.settled().await;
        }
        if hub.listens()
            && let (Some(attempt), Some(runtime)) = (Attempt::current(), deliveries())
        {
            *self.told.lock() = Some(commit);
            attempt.spawn_on(runtime).await;
        }
        Ok(())
    }

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
        Box::pin(async move {
            if !self.inner.writeable() {
                return self.commit_inner().await;
            }
            let footprint = Arc::new(std::mem::take(&mut *self.footprint.lock()));
            let committed = match self.in_order(&footprint).await {
                Ok(commit) => self.commit_told(commit, &footprint).await,
                Err(refusal) => {
                    // What it holds is given back; the refusal is what to tell.
                    let _ = self.inner.cancel().await;
                    Err(refusal)
                }
            };
            if committed.is_err() {
                self.lose(Arc::unwrap_or_clone(footprint));
            }
            committed
        })
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
