//! Save points of the memory backend, without a copy of all that was written.

use std::collections::HashMap;

use surrealdb_kvs::api::{
    BoxFut, GetMultiResult, KeysResult, ScanCursorKeys, ScanCursorVals, ScanResult, Transactable,
};
use surrealdb_kvs::timestamp::{BoxTimeStamp, BoxTimeStampImpl};
use surrealdb_kvs::{Direction, Error, Key, KeyRange, Result, Val};
use tokio::sync::Mutex;

/// From this many writes on a transaction's save points are kept here. Copying
/// what fewer have written is as cheap, and leaves no trace of what is undone.
const MANY: usize = 256;

/// A transaction of the memory backend whose save points cost what is written
/// behind them.
///
/// The backend copies, for each save point, all that its transaction has written;
/// the engine sets one before each record of an `INSERT` or an `UPSERT`. Here a
/// scope remembers what its keys held before it. To undo it is to write that
/// again: so a key that was undone counts as written when the transaction is
/// compared with others, and one of them may lose a conflict that it would not
/// have had. (`doc/decisions/0031-save-points-remember-what-they-undo.md`.)
pub struct Undoable {
    inner: Box<dyn Transactable>,
    /// Held while something is written: what a key held belongs to its write.
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    /// How many writes there were, undone or not.
    writes: usize,
    /// The open scopes, the innermost last. Those of the backend come before those
    /// that are kept here: the number of writes only grows.
    scopes: Vec<Scope>,
}

enum Scope {
    /// The backend's own.
    Copied,
    /// What each key that was written in it held before.
    Remembered(HashMap<Vec<u8>, Option<Val>>),
}

impl Undoable {
    /// The transaction `inner` of the memory backend.
    pub fn new(inner: Box<dyn Transactable>) -> Self {
        Self { inner, log: Mutex::default() }
    }

    /// Does `write`, which writes `key` or fails.
    async fn write(&self, key: Vec<u8>, write: BoxFut<'_, Result<()>>) -> Result<()> {
        let mut log = self.log.lock().await;
        let held = match log.scopes.last() {
            Some(Scope::Remembered(held)) if !held.contains_key(&key) => {
                Some(self.inner.get(Key::from(&key[..]), None).await?)
            }
            _ => None,
        };
        write.await?;
        log.writes += 1;
        if let (Some(before), Some(Scope::Remembered(held))) = (held, log.scopes.last_mut()) {
            held.insert(key, before);
        }
        Ok(())
    }

    /// Writes again what the keys of a scope held before it.
    async fn restore(&self, held: HashMap<Vec<u8>, Option<Val>>) -> Result<()> {
        for (key, before) in held {
            let key = Key::from(key);
            match before {
                Some(value) => self.inner.set(key, value).await?,
                None => self.inner.del(key).await?,
            }
        }
        Ok(())
    }
}

/// What is not here are those functions of the trait that call others of it: they
/// must come by [`Undoable::write`].
impl Transactable for Undoable {
    fn new_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            let mut log = self.log.lock().await;
            if log.writes < MANY {
                self.inner.new_save_point().await?;
                log.scopes.push(Scope::Copied);
            } else if self.closed() {
                return Err(Error::TransactionFinished);
            } else {
                log.scopes.push(Scope::Remembered(HashMap::new()));
            }
            Ok(())
        })
    }

    fn release_last_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            let mut log = self.log.lock().await;
            match log.scopes.pop() {
                None | Some(Scope::Copied) => self.inner.release_last_save_point().await,
                Some(Scope::Remembered(released)) => {
                    // The scope around it undoes these, too.
                    if let Some(Scope::Remembered(held)) = log.scopes.last_mut() {
                        for (key, before) in released {
                            held.entry(key).or_insert(before);
                        }
                    }
                    Ok(())
                }
            }
        })
    }

    fn rollback_to_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            let mut log = self.log.lock().await;
            match log.scopes.pop() {
                None | Some(Scope::Copied) => self.inner.rollback_to_save_point().await,
                Some(Scope::Remembered(held)) => self.restore(held).await,
            }
        })
    }

    fn set<'a>(&'a self, key: Key<'a>, val: Val) -> BoxFut<'a, Result<()>> {
        let bytes = key.as_slice().to_vec();
        Box::pin(self.write(bytes, self.inner.set(key, val)))
    }

    fn put<'a>(&'a self, key: Key<'a>, val: Val) -> BoxFut<'a, Result<()>> {
        let bytes = key.as_slice().to_vec();
        Box::pin(self.write(bytes, self.inner.put(key, val)))
    }

    fn putc<'a>(&'a self, key: Key<'a>, val: Val, chk: Option<Val>) -> BoxFut<'a, Result<()>> {
        let bytes = key.as_slice().to_vec();
        Box::pin(self.write(bytes, self.inner.putc(key, val, chk)))
    }

    fn del<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<()>> {
        let bytes = key.as_slice().to_vec();
        Box::pin(self.write(bytes, self.inner.del(key)))
    }

    fn delc<'a>(&'a self, key: Key<'a>, chk: Option<&'a [u8]>) -> BoxFut<'a, Result<()>> {
        let bytes = key.as_slice().to_vec();
        Box::pin(self.write(bytes, self.inner.delc(key, chk)))
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

    fn commit(&self) -> BoxFut<'_, Result<()>> {
        self.inner.commit()
    }

    fn exists<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<bool>> {
        self.inner.exists(key, version)
    }

    fn get<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<Option<Val>>> {
        self.inner.get(key, version)
    }

    fn getu<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<Option<Val>>> {
        self.inner.getu(key)
    }

    fn shared_locked_reads(&self) -> bool {
        self.inner.shared_locked_reads()
    }

    fn getm<'a>(
        &'a self,
        keys: &'a [Key<'a>],
        version: Option<u64>,
    ) -> BoxFut<'a, Result<GetMultiResult>> {
        self.inner.getm(keys, version)
    }

    fn getr<'a>(&'a self, rng: KeyRange<'a>, ver: Option<u64>) -> BoxFut<'a, Result<ScanResult>> {
        self.inner.getr(rng, ver)
    }

    fn keys<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.inner.keys(rng, limit, skip, version)
    }

    fn keysr<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        self.inner.keysr(rng, limit, skip, version)
    }

    fn scan<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.inner.scan(rng, limit, skip, version)
    }

    fn scanr<'a>(
        &'a self,
        rng: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        self.inner.scanr(rng, limit, skip, version)
    }

    fn open_keys_cursor<'a>(
        &'a self,
        rng: KeyRange<'a>,
        dir: Direction,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<Box<dyn ScanCursorKeys + 'a>>> {
        self.inner.open_keys_cursor(rng, dir, skip, version)
    }

    fn open_vals_cursor<'a>(
        &'a self,
        rng: KeyRange<'a>,
        dir: Direction,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<Box<dyn ScanCursorVals + 'a>>> {
        self.inner.open_vals_cursor(rng, dir, skip, version)
    }

    fn count<'a>(&'a self, rng: KeyRange<'a>, ver: Option<u64>) -> BoxFut<'a, Result<usize>> {
        self.inner.count(rng, ver)
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
        self.inner.compact(range)
    }
}
