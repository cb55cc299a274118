//! What a transaction writes.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;
use std::ops::Range;

/// With more keys than these a footprint is one of tables.
const MANY: usize = 1024;

/// What stands behind the table in the key of a record.
const RECORD: u8 = b'*';

/// Whether the hash of a key of a table is that of a record.
fn is_record(key: u64) -> bool {
    key & 1 == 1
}

/// A table, as far as footprints know it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Table(u64);

impl Table {
    /// The table that `key` belongs to, if it is of one, and what stands behind it.
    pub fn of(key: &[u8]) -> Option<(Self, &[u8])> {
        let table = table_of(key)?;
        Some((Self(hash(table)), &key[table.len()..]))
    }
}

/// How a transaction uses something that others use, too.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Mode {
    /// Beside all others who do so: it is read, and nobody may write it; or some
    /// of what it holds is used.
    Shared,
    /// Alone.
    Exclusive,
}

/// The keys that a transaction writes, or reads so that nobody may write them, and
/// the tables that they belong to. Keys and tables are known by their hashes: two
/// with one hash cost somebody a wait, and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Footprint {
    keys: HashMap<u64, Mode>,
    /// Those of no table.
    elsewhere: HashMap<u64, Mode>,
    tables: HashSet<u64>,
    last_table: Option<u64>,
    /// Whether there were more keys than are kept: then none is.
    has_many: bool,
    /// Whether one of the keys is a record's.
    has_records: bool,
    /// Whether a range was written that is no part of a table: a whole database, for example.
    clears: bool,
}

impl Footprint {
    /// `key` is written.
    pub fn write(&mut self, key: &[u8]) {
        self.add(key, Mode::Exclusive);
    }

    /// `key` is read, and the transaction loses against one that writes it.
    pub fn lock(&mut self, key: &[u8]) {
        self.add(key, Mode::Shared);
    }

    /// All keys of the range are written.
    pub fn write_range(&mut self, range: Range<&[u8]>) {
        self.write(range.start);
        match table_of(range.start) {
            Some(_) => self.forget_keys(),
            None => self.clears = true,
        }
    }

    /// Whether nothing was written, or locked.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.elsewhere.is_empty()
    }

    /// Whether it is known by its tables only.
    pub fn has_many(&self) -> bool {
        self.has_many
    }

    /// Whether both write a record of the same id. (With many records: of the same table.)
    pub fn writes_records_of(&self, other: &Self) -> bool {
        if !self.has_records || !other.has_records {
            return false;
        }
        if self.has_many || other.has_many {
            return !self.tables.is_disjoint(&other.tables);
        }
        let (few, many) = match self.keys.len() < other.keys.len() {
            true => (&self.keys, &other.keys),
            false => (&other.keys, &self.keys),
        };
        let writes = |keys: &HashMap<u64, Mode>, key| keys.get(key) == Some(&Mode::Exclusive);
        few.keys().any(|key| is_record(*key) && writes(few, key) && writes(many, key))
    }

    /// Whether whole ranges are written that are no part of a table.
    pub(crate) fn clears(&self) -> bool {
        self.clears
    }

    /// Whether `is_meant` holds for the hash of a key that is written and of no table; or may
    /// hold, where not all are known.
    pub(crate) fn writes_elsewhere(&self, is_meant: impl Fn(u64) -> bool) -> bool {
        let mut written = self.elsewhere.iter().filter(|(_, mode)| **mode == Mode::Exclusive);
        self.elsewhere.len() > MANY || written.any(|(key, _)| is_meant(*key))
    }

    /// Whether it writes to a table, which is known by [`Table::of`].
    pub fn touches(&self, table: Table) -> bool {
        self.tables.contains(&table.0)
    }

    /// Whether it may write records of a table: of one that it writes to, if it writes records
    /// at all.
    pub fn writes_records_in(&self, table: Table) -> bool {
        self.has_records && self.touches(table)
    }

    /// What either of the two holds.
    pub fn merge(&mut self, other: Self) {
        self.has_records |= other.has_records;
        self.clears |= other.clears;
        self.tables.extend(other.tables);
        if other.has_many {
            self.forget_keys();
        }
        for (key, mode) in other.keys {
            self.add_key(key, mode);
        }
        for (key, mode) in other.elsewhere {
            add(&mut self.elsewhere, key, mode);
        }
    }

    fn add(&mut self, key: &[u8], mode: Mode) {
        let Some(table) = table_of(key) else {
            return add(&mut self.elsewhere, hash(key), mode);
        };
        let is_record = key.get(table.len()) == Some(&RECORD);
        self.has_records |= is_record;
        let table = hash(table);
        if self.last_table.replace(table) != Some(table) {
            self.tables.insert(table);
        }
        if !self.has_many {
            self.add_key((hash(key) & !1) | u64::from(is_record), mode);
        }
    }

    fn add_key(&mut self, key: u64, mode: Mode) {
        if self.has_many {
            return;
        }
        add(&mut self.keys, key, mode);
        if self.keys.len() > MANY {
            self.forget_keys();
        }
    }

    fn forget_keys(&mut self) {
        self.has_many = true;
        self.keys = HashMap::new();
    }

    /// What is to be claimed for it: its keys, as far as they are kept, and not
    /// `by_tables`; its whole tables otherwise.
    pub(crate) fn units(&self, by_tables: bool) -> Vec<(u64, Mode)> {
        let whole = by_tables || self.has_many;
        let of_tables = if whole { Mode::Exclusive } else { Mode::Shared };
        let mut units: Vec<_> = self.elsewhere.iter().map(|(key, mode)| (*key, *mode)).collect();
        units.extend(self.tables.iter().map(|table| (*table, of_tables)));
        if !whole {
            units.extend(self.keys.iter().map(|(key, mode)| (*key, *mode)));
        }
        units
    }
}

fn add(keys: &mut HashMap<u64, Mode>, key: u64, mode: Mode) {
    // More than these no statement writes that others write, too.
    if keys.len() <= MANY {
        let kept = keys.entry(key).or_insert(mode);
        *kept = mode.max(*kept);
    }
}

pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The part of `key` that all keys of its table begin with: `/*`, the namespace's
/// number, `*`, the database's, `*`, and the table's name up to its zero.
fn table_of(key: &[u8]) -> Option<&[u8]> {
    const NAME: usize = 12;
    let [b'/', b'*', _, _, _, _, b'*', _, _, _, _, b'*', name @ ..] = key else { return None };
    let end = name.iter().position(|byte| *byte == 0)?;
    Some(&key[..=NAME + end])
}
