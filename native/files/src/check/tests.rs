use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::marker::{NOTE, Writes, note};
use crate::record_log::framed;

/// A folder as RocksDB would leave it. It is gone with the test.
struct Store(PathBuf);

impl Drop for Store {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const MANIFEST: &str = "MANIFEST-000005";

impl Store {
    fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "surrealdartb_files-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    /// Writes 1 to 100 in a table of 777 bytes; 101 to 200 and 201 to 300 in
    /// two logs, and a third that is new.
    fn with_logs() -> Self {
        let store = Self::empty();
        store.put("CURRENT", b"MANIFEST-000005\n");
        let edits = [beginning(), edit(&[2, 4, 3, 9, 4, 0]), table(7, 777), edit(&[2, 8, 4, 100])];
        store.put(MANIFEST, &file(&edits));
        store.put("000007.sst", &[1; 777]);
        store.put("000008.log", &batches(101..201));
        store.put("000010.log", &batches(201..301));
        store.put("000012.log", b"");
        store
    }

    /// As [`Store::with_logs`], opened with `writes`, and killed.
    fn noted(writes: Writes) -> Self {
        let store = Self::with_logs();
        note(&store.0, writes).unwrap();
        store.note_as_opened("000008");
        store
    }

    /// Changes the note to that of when the log `log` was begun.
    fn note_as_opened(&self, log: &str) {
        let text = String::from_utf8(self.get(NOTE)).unwrap();
        self.put(
            NOTE,
            text.replace("log 12", &format!("log {}", log.trim_start_matches('0'))).as_bytes(),
        );
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }

    fn cut(&self, name: &str, length: usize) {
        self.put(name, &self.get(name)[..length]);
    }

    /// The file that is damaged, if one is.
    fn damaged(&self) -> Option<String> {
        let before = self.listing();
        let found = match check(&self.0) {
            Ok(_) => None,
            Err(Refusal::Damaged(damage)) => Some(damage.file),
            Err(refusal) => panic!("{refusal:?}"),
        };
        assert_eq!(self.listing(), before);
        found
    }

    fn listing(&self) -> Vec<(String, Vec<u8>)> {
        let mut listing: Vec<_> = self
            .0
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| (name.clone(), self.get(&name)))
            .collect();
        listing.sort();
        listing
    }
}

/// An edit of tags and numbers.
fn edit(numbers: &[u64]) -> Vec<u8> {
    let mut edit = Vec::new();
    for number in numbers {
        let mut number = *number;
        while number >= 0x80 {
            edit.push(number as u8 | 0x80);
            number >>= 7;
        }
        edit.push(number as u8);
    }
    edit
}

fn beginning() -> Vec<u8> {
    [edit(&[1, 26]), b"leveldb.BytewiseComparator".to_vec()].concat()
}

fn table(number: u64, size: u64) -> Vec<u8> {
    edit(&[103, 0, number, size, 1, 97, 1, 98, 1, 100, 1])
}

fn file(records: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    for record in records {
        file.extend(framed(file.len() as u64, record));
    }
    file
}

/// Batches of one write each, of these sequence numbers.
fn batches(sequences: std::ops::Range<u64>) -> Vec<u8> {
    let batch = |sequence: u64| {
        let mut batch = sequence.to_le_bytes().to_vec();
        batch.extend(1_u32.to_le_bytes());
        batch.extend([7; 200]);
        batch
    };
    file(&sequences.map(batch).collect::<Vec<_>>())
}

const BOTH: [Writes; 2] = [Writes::Synced, Writes::Unsynced];

#[test]
fn a_store_that_is_whole_opens_and_so_does_no_store() {
    for writes in BOTH {
        assert_eq!(Store::noted(writes).damaged(), None);
    }
    assert_eq!(Store::with_logs().damaged(), None);
    assert_eq!(Store::empty().damaged(), None);
    assert!(check(Path::new("/nowhere/at/all")).is_ok());
}

#[test]
fn the_log_that_is_written_may_end_anywhere() {
    for writes in BOTH {
        let store = Store::noted(writes);
        store.remove("000012.log");
        let log = store.get("000010.log");
        for cut in (0..log.len()).step_by(97) {
            store.put("000010.log", &log[..cut]);
            assert_eq!(store.damaged(), None, "cut at {cut}");
        }
    }
}

#[test]
fn an_older_log_that_ends_early_is_damage_unless_power_may_have_been_lost() {
    let cut = |store: &Store| {
        store.cut("000008.log", 10_000);
        store.damaged()
    };
    assert_eq!(cut(&Store::noted(Writes::Synced)), Some("000008.log".into()));
    assert_eq!(cut(&Store::noted(Writes::Unsynced)), None);
    let store = Store::noted(Writes::Synced);
    let text = String::from_utf8(store.get(NOTE)).unwrap();
    let other: Vec<_> = text.lines().filter(|line| !line.starts_with("boot")).collect();
    store.put(NOTE, (other.join("\n") + "\nboot another\nend\n").as_bytes());
    assert_eq!(cut(&store), None, "the machine was started since");
    // Nobody knows how the store was written.
    assert_eq!(cut(&Store::with_logs()), None);
}

#[test]
fn a_changed_byte_in_a_log_is_damage_however_the_store_was_written() {
    for writes in BOTH {
        for log in ["000008.log", "000010.log"] {
            let store = Store::noted(writes);
            let mut bytes = store.get(log);
            bytes[7_000] ^= 1;
            store.put(log, &bytes);
            assert_eq!(store.damaged(), Some(log.into()));
        }
    }
}

#[test]
fn a_part_that_was_never_written_is_damage_when_power_cannot_have_been_lost() {
    let hole = |store: &Store, at: usize| {
        let mut log = store.get("000010.log");
        log[at..at + 512].fill(0);
        store.put("000010.log", &log);
        store.damaged()
    };
    assert_eq!(hole(&Store::noted(Writes::Synced), 4096), Some("000010.log".into()));
    assert_eq!(hole(&Store::noted(Writes::Synced), 20_480), None, "what was in flight");
    assert_eq!(hole(&Store::noted(Writes::Unsynced), 4096), None);
    assert_eq!(hole(&Store::with_logs(), 4096), None);
}

#[test]
fn a_log_that_is_missing_is_damage() {
    for writes in BOTH {
        let store = Store::noted(writes);
        store.remove("000008.log");
        assert_eq!(store.damaged(), Some("000008.log".into()));
    }
    let store = Store::noted(Writes::Synced);
    store.put("000012.log", &batches(301..303));
    store.remove("000010.log");
    assert_eq!(store.damaged(), Some("000012.log".into()));
}

#[test]
fn a_manifest_that_is_shorter_than_it_was_is_damage() {
    let manifest = Store::with_logs().get(MANIFEST);
    for cut in 0..manifest.len() {
        let store = Store::noted(Writes::Synced);
        store.cut(MANIFEST, cut);
        assert_eq!(store.damaged(), Some(MANIFEST.into()), "cut at {cut}");
    }
}

#[test]
fn a_change_of_the_manifest_that_was_not_written_whole_does_not_count() {
    let change = file(&[edit(&[4, 250])]);
    for length in 0..change.len() {
        let store = Store::noted(Writes::Synced);
        store.put(MANIFEST, &[store.get(MANIFEST), change[..length].to_vec()].concat());
        assert_eq!(store.damaged(), None);
    }
}

#[test]
fn a_changed_byte_in_the_manifest_is_damage() {
    let manifest = Store::with_logs().get(MANIFEST);
    for at in 0..manifest.len() {
        let store = Store::with_logs();
        let mut bytes = manifest.clone();
        bytes[at] ^= 4;
        store.put(MANIFEST, &bytes);
        assert_eq!(store.damaged(), Some(MANIFEST.into()), "byte {at}");
    }
}

#[test]
fn current_names_the_newest_manifest_that_is_there() {
    for content in ["", "MANIFEST-000005", "MANIFEST-5x\n", "MANIFEST-000006\n", "\n"] {
        let store = Store::with_logs();
        store.put("CURRENT", content.as_bytes());
        assert_eq!(store.damaged(), Some("CURRENT".into()), "{content:?}");
    }
    let store = Store::noted(Writes::Synced);
    store.put("MANIFEST-000004", &store.get(MANIFEST));
    store.put("CURRENT", b"MANIFEST-000004\n");
    assert_eq!(store.damaged(), Some("CURRENT".into()), "it was another");
}

#[test]
fn a_folder_with_data_is_not_taken_for_an_empty_one() {
    let store = Store::with_logs();
    store.remove("CURRENT");
    assert_eq!(store.damaged(), Some("CURRENT".into()));
    // What is left when the making of a store was interrupted.
    let store = Store::empty();
    store.put("MANIFEST-000001", b"");
    store.put("000001.dbtmp", b"MANIFEST-000001\n");
    store.put("notes.txt", b"mine");
    assert_eq!(store.damaged(), None);
}

#[test]
fn a_table_is_there_and_as_long_as_it_should_be() {
    let store = Store::with_logs();
    store.put("000007.sst", &[1; 776]);
    assert_eq!(store.damaged(), Some("000007.sst".into()));
    store.remove("000007.sst");
    assert_eq!(store.damaged(), Some("000007.sst".into()));
}

#[test]
fn files_that_the_store_does_not_need_any_more_may_be_damaged() {
    let store = Store::noted(Writes::Synced);
    store.put("000003.log", b"nonsense that is no log");
    store.put("000006.sst", b"half a table");
    store.put("MANIFEST-000002", b"");
    store.put("abc.log", b"mine");
    assert_eq!(store.damaged(), None);
}

#[test]
fn a_note_counts_for_its_manifest_alone() {
    let store = Store::noted(Writes::Synced);
    // Another program has opened the store since, and cut nothing.
    store.put("MANIFEST-000020", &store.get(MANIFEST)[..]);
    store.put("CURRENT", b"MANIFEST-000020\n");
    store.cut("000008.log", 10_000);
    assert_eq!(store.damaged(), None);
}

#[test]
fn a_note_that_is_damaged_does_not_count() {
    let whole = Store::noted(Writes::Synced).get(NOTE);
    for cut in 0..whole.len() {
        let store = Store::noted(Writes::Synced);
        store.cut(NOTE, cut);
        assert_eq!(store.damaged(), None, "cut at {cut}");
    }
}
