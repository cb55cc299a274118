//! What a transaction reads.

use std::collections::HashSet;
use std::ops::Range;

use crate::footprint::{Footprint, Table, hash};

/// What somebody has read who wants to know when it may have changed: whole tables, and single
/// keys where it is no part of a table, such as the definition of one.
#[derive(Debug, Default)]
pub struct Reads {
    tables: HashSet<Table>,
    last_table: Option<Table>,
    keys: HashSet<u64>,
    /// Whether it has read ranges that are no part of a table.
    has_ranges: bool,
}

impl Reads {
    /// `key` is read, whether it is there or not.
    pub fn read(&mut self, key: &[u8]) {
        match Table::of(key) {
            Some((table, _)) => self.read_table(table),
            None => {
                self.keys.insert(hash(key));
            }
        }
    }

    /// All keys of `range` are read.
    pub fn read_range(&mut self, range: Range<&[u8]>) {
        match Table::of(range.start) {
            Some((table, _)) => self.read_table(table),
            None => self.has_ranges = true,
        }
    }

    fn read_table(&mut self, table: Table) {
        if self.last_table.replace(table) != Some(table) {
            self.tables.insert(table);
        }
    }

    /// Whether what has written `footprint` may have changed something of it.
    pub fn may_differ_by(&self, footprint: &Footprint) -> bool {
        footprint.clears()
            || self.tables.iter().any(|table| footprint.touches(*table))
            || footprint.writes_elsewhere(|key| self.has_ranges || self.keys.contains(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::Reads;
    use crate::footprint::Footprint;

    const RECORD: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*person\0*1";
    const OTHER: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*animal\0*1";
    const DEFINITION: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02!tbperson\0";

    fn written(keys: &[&[u8]]) -> Footprint {
        let mut footprint = Footprint::default();
        for key in keys {
            footprint.write(key);
        }
        footprint
    }

    #[test]
    fn a_table_differs_by_any_of_its_records() {
        let mut reads = Reads::default();
        reads.read_range(
            b"/*\0\0\0\x01*\0\0\0\x02*person\0*\0"..b"/*\0\0\0\x01*\0\0\0\x02*person\0*\xff",
        );
        assert!(reads.may_differ_by(&written(&[RECORD])));
        assert!(reads.may_differ_by(&written(&[OTHER, RECORD])));
        assert!(!reads.may_differ_by(&written(&[OTHER])));
        assert!(!reads.may_differ_by(&written(&[DEFINITION])));
    }

    #[test]
    fn a_missing_table_differs_by_its_definition() {
        let mut reads = Reads::default();
        reads.read(DEFINITION);
        assert!(reads.may_differ_by(&written(&[DEFINITION])));
        assert!(!reads.may_differ_by(&written(&[RECORD, OTHER])));
    }

    #[test]
    fn all_differs_when_a_database_is_removed() {
        let mut reads = Reads::default();
        reads.read(RECORD);
        let mut removed = Footprint::default();
        removed.write_range(b"/*\0\0\0\x01*\0\0\0\x02"..b"/*\0\0\0\x01*\0\0\0\x03");
        assert!(reads.may_differ_by(&removed));
    }

    #[test]
    fn more_keys_than_are_kept_may_be_any() {
        let mut reads = Reads::default();
        reads.read(DEFINITION);
        let mut many = Footprint::default();
        for number in 0..5_000_u32 {
            many.write(format!("/!nd{number}").as_bytes());
        }
        assert!(reads.may_differ_by(&many));
    }
}
