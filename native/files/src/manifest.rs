//! What a manifest says of a store: which files it is made of.
//!
//! Each record is an edit, a row of tags with their fields (RocksDB's
//! `db/version_edit.h`; the numbers never change). Only what the check needs
//! is kept; the rest is stepped over.

use std::collections::BTreeMap;

/// A table file that the store is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) size: u64,
    /// The oldest blob file with a value of the table.
    pub(crate) oldest_blob: Option<u64>,
}

/// A file of long values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blobs {
    count: u64,
    bytes: u64,
    garbage: u64,
}

impl Blobs {
    /// Its size: the values, between a header and a footer.
    pub(crate) fn size(self) -> u64 {
        30 + self.bytes + 32
    }
}

/// What the edits come to.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    tables: BTreeMap<u64, (u64, Table)>,
    blobs: BTreeMap<u64, Blobs>,
    comparator: bool,
    next_file: Option<u64>,
    last_sequence: Option<u64>,
    /// Of each column family: the first log that is not in its tables.
    logs: BTreeMap<u64, u64>,
    min_log: u64,
    /// Edits that count only all together.
    group: Vec<Edit>,
}

impl Manifest {
    /// Applies an edit; `None` when it cannot be understood, being of another
    /// version.
    pub(crate) fn apply(&mut self, edit: &[u8]) -> Option<()> {
        let edit = Edit::read(edit)?;
        match edit.group_to_come {
            None => self.apply_one(edit),
            Some(to_come) => {
                self.group.push(edit);
                if to_come == 0 {
                    for edit in std::mem::take(&mut self.group) {
                        self.apply_one(edit)?;
                    }
                }
                Some(())
            }
        }
    }

    fn apply_one(&mut self, edit: Edit) -> Option<()> {
        self.comparator |= edit.comparator;
        self.next_file = edit.next_file.or(self.next_file);
        self.last_sequence = edit.last_sequence.or(self.last_sequence);
        self.min_log = self.min_log.max(edit.min_log);
        for (number, level) in edit.deleted {
            if self.tables.get(&number).is_some_and(|(at, _)| *at == level) {
                self.tables.remove(&number);
            }
        }
        self.tables.extend(edit.added);
        self.blobs.extend(edit.blobs);
        for (number, garbage) in edit.garbage {
            self.blobs.get_mut(&number)?.garbage += garbage;
        }
        if let Some(log) = edit.log {
            let known = self.logs.entry(edit.family).or_default();
            *known = log.max(*known);
        }
        Some(())
    }

    /// Whether the edits are enough for a store.
    pub(crate) fn is_complete(&self) -> bool {
        self.comparator
            && self.next_file.is_some()
            && self.last_sequence.is_some()
            && !self.logs.is_empty()
    }

    /// The table files, by number.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (u64, Table)> {
        self.tables.iter().map(|(number, (_, table))| (*number, *table))
    }

    pub(crate) fn has_table(&self, number: u64) -> bool {
        self.tables.contains_key(&number)
    }

    /// The blob files that hold values which are still needed.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = (u64, Blobs)> {
        let linked = |number| self.tables().any(|(_, table)| table.oldest_blob == Some(number));
        let oldest = self.tables().filter_map(|(_, table)| table.oldest_blob).min();
        self.blobs.iter().map(|(number, blobs)| (*number, *blobs)).filter(move |(number, blobs)| {
            oldest.is_some_and(|oldest| *number >= oldest)
                && (blobs.garbage < blobs.count || linked(*number))
        })
    }

    /// The logs from this number on hold what is not in the tables.
    pub(crate) fn first_log(&self) -> u64 {
        self.logs.values().min().copied().unwrap_or(0).max(self.min_log)
    }

    /// The newest write that the manifest knows of.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.last_sequence.unwrap_or(0)
    }
}

/// Whether an edit adds tables.
pub(crate) fn adds_tables(edit: &[u8]) -> bool {
    Edit::read(edit).is_some_and(|edit| !edit.added.is_empty())
}

/// One edit.
#[derive(Debug, Default)]
struct Edit {
    comparator: bool,
    next_file: Option<u64>,
    last_sequence: Option<u64>,
    family: u64,
    log: Option<u64>,
    min_log: u64,
    /// Number and level.
    deleted: Vec<(u64, u64)>,
    added: Vec<(u64, (u64, Table))>,
    blobs: Vec<(u64, Blobs)>,
    garbage: Vec<(u64, u64)>,
    /// How many edits of its group are to come.
    group_to_come: Option<u64>,
}

impl Edit {
    fn read(edit: &[u8]) -> Option<Self> {
        let mut it = Self::default();
        let mut fields = Fields(edit);
        while !fields.0.is_empty() {
            match fields.number()? {
                // The comparator's name.
                1 => it.comparator = fields.bytes().map(|_| true)?,
                2 => it.log = Some(fields.number()?),
                3 => it.next_file = Some(fields.number()?),
                4 => it.last_sequence = Some(fields.number()?),
                // Where a compaction goes on: a level and a key.
                5 => {
                    fields.number()?;
                    fields.bytes()?;
                }
                6 => {
                    let level = fields.number()?;
                    it.deleted.push((fields.number()?, level));
                }
                // The log before, and the greatest family.
                9 | 203 => {
                    fields.number()?;
                }
                10 => it.min_log = it.min_log.max(fields.number()?),
                103 => it.new_file(&mut fields)?,
                200 => it.family = fields.number()?,
                // A new family's name.
                201 => {
                    fields.bytes()?;
                }
                300 => it.group_to_come = Some(fields.number()?),
                400 => {
                    let number = fields.number()?;
                    let (count, bytes) = (fields.number()?, fields.number()?);
                    fields.bytes()?; // Its checksum's method,
                    fields.bytes()?; // and the checksum.
                    fields.skip_custom()?;
                    it.blobs.push((number, Blobs { count, bytes, garbage: 0 }));
                }
                401 => {
                    let number = fields.number()?;
                    it.garbage.push((number, fields.number()?));
                    fields.number()?;
                    fields.skip_custom()?;
                }
                // What a reader that does not know it may ignore.
                tag if tag & 1 << 13 != 0 => {
                    fields.bytes()?;
                }
                _ => return None,
            }
        }
        Some(it)
    }

    fn new_file(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let level = fields.number()?;
        let number = fields.number()?;
        let mut table = Table { size: fields.number()?, oldest_blob: None };
        fields.bytes()?; // The smallest key,
        fields.bytes()?; // and the greatest.
        fields.number()?; // And of its sequence numbers.
        fields.number()?;
        loop {
            match fields.number()? {
                1 => break,
                3 => {
                    let log = fields.bytes()?.try_into().ok()?;
                    self.min_log = self.min_log.max(u64::from_le_bytes(log));
                }
                4 => table.oldest_blob = Some(Fields(fields.bytes()?).number()?),
                // What must be understood: a file that is elsewhere.
                tag if tag & 1 << 6 != 0 => return None,
                _ => {
                    fields.bytes()?;
                }
            }
        }
        self.added.push((number, (level, table)));
        Some(())
    }
}

/// Fields of an edit, one behind the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Steps over custom fields.
    fn skip_custom(&mut self) -> Option<()> {
        loop {
            match self.number()? {
                0 => return Some(()),
                tag if tag & 1 << 6 != 0 => return None,
                _ => {
                    self.bytes()?;
                }
            }
        }
    }
}
