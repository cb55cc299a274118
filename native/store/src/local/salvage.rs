//! Copying what can be read of a damaged store into a new one.
//!
//! RocksDB repairs in place, and what it cannot use it moves away or deletes.
//! So it works on a copy, beside the new store, and the damaged folder is only
//! read.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rocksdb::{
    DB, DBCompressionType, DBRawIterator, DBRecoveryMode, Options, ReadOptions, WriteBatch,
};
use surrealdartb_files::{Folder, FolderLock, Locked, Refusal, add_blobs, check, copy_store};

use crate::failure::Failure;
use crate::salvaged::Salvaged;

/// How much is written at once.
const BATCH: usize = 1024 * 1024;

/// How often it is tried to find readable entries between unreadable ones.
const PROBES: usize = 4096;

/// See [`salvage`](crate::salvage).
pub(crate) fn salvage(
    from: &Path,
    to: &Path,
    is_unwanted: &dyn Fn() -> bool,
) -> Result<Salvaged, Failure> {
    let _lock = lock_if_open(from)?;
    let place = Place::new(from, to)?;
    let salvaged = place.salvage(is_unwanted);
    let removed = fs::remove_dir_all(&place.work);
    let salvaged = salvaged?;
    removed.map_err(|error| Failure::unsalvaged(&place.work, error))?;
    Ok(salvaged)
}

/// Keeps others from opening the store in `folder`, unless it has no locks: then
/// nobody of this package has opened it, and none is made there.
fn lock_if_open(folder: &Path) -> Result<Option<FolderLock>, Failure> {
    if !["surrealdartb.lock", "LOCK"].iter().all(|name| folder.join(name).is_file()) {
        return Ok(None);
    }
    let folder = Folder::open(folder).map_err(|error| Failure::unsalvaged(folder, error))?;
    let path = folder.path().display().to_string();
    match FolderLock::take(Arc::new(folder)) {
        Ok(lock) => Ok(Some(lock)),
        Err(Locked::Elsewhere) => Err(Failure::in_use(&path)),
        Err(Locked::Replaced) => Err(Failure::replaced(&path)),
        // A folder that cannot be written to can be read.
        Err(Locked::Failed(_)) => Ok(None),
    }
}

struct Place<'a> {
    from: &'a Path,
    to: &'a Path,
    /// Beside `to`, so that the new store can be moved there when it is whole.
    work: PathBuf,
}

impl<'a> Place<'a> {
    fn new(from: &'a Path, to: &'a Path) -> Result<Self, Failure> {
        let source = from.canonicalize().map_err(|error| Failure::unsalvaged(from, error))?;
        match to.read_dir().map(|mut entries| entries.next().is_some()) {
            Ok(false) => {}
            Ok(true) => {
                return Err(Failure::unsalvaged(
                    to,
                    "is not empty: a new store needs a new folder",
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::unsalvaged(to, error)),
        }
        let name =
            to.file_name().ok_or_else(|| Failure::unsalvaged(to, "is no name for a folder"))?;
        let mut work = name.to_owned();
        work.push(".salvage");
        let parent = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(|error| Failure::unsalvaged(parent, error))?;
        let parent = parent.canonicalize().map_err(|error| Failure::unsalvaged(parent, error))?;
        if parent.starts_with(&source) || source.starts_with(parent.join(name)) {
            return Err(Failure::unsalvaged(to, "must not be in the damaged store, nor around it"));
        }
        let work = parent.join(work);
        fs::create_dir(&work).map_err(|error| {
            let left = error.kind() == ErrorKind::AlreadyExists;
            if left {
                Failure::unsalvaged(&work, "is left from a salvage that did not end: delete it")
            } else {
                Failure::unsalvaged(&work, error)
            }
        })?;
        Ok(Self { from, to, work })
    }

    fn salvage(&self, is_unwanted: &dyn Fn() -> bool) -> Result<Salvaged, Failure> {
        let mut salvaged = Salvaged::default();
        let needs_repair = match check(self.from) {
            Ok(_) => false,
            Err(Refusal::Damaged(damage)) => {
                salvaged.losses.push(damage.to_string());
                // What is damaged in a log is stepped over. One that is missing may
                // only be asked for by a manifest that has lost its end.
                !(damage.file.ends_with(".log") && self.from.join(&damage.file).exists())
            }
            Err(Refusal::Unreadable(path, error)) => {
                salvaged.losses.push(format!("{} cannot be read: {error}", path.display()));
                true
            }
        };
        let source = match needs_repair {
            true => self.repaired()?,
            false => self.opened().or_else(|_| self.repaired())?,
        };
        let store = self.work.join("store");
        copy_entries(&source, &store, is_unwanted, &mut salvaged)
            .map_err(|error| Failure::unsalvaged(self.to, error))?;
        drop(source);
        if is_unwanted() {
            return Err(Failure::cancelled("the salvage was cancelled"));
        }
        if salvaged.entries == 0 {
            return Err(Failure::unsalvaged(self.from, "holds no entry that can be read"));
        }
        match fs::remove_dir(self.to) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => fs::rename(&store, self.to),
        }
        .map_err(|error| Failure::unsalvaged(self.to, error))?;
        Ok(salvaged)
    }

    /// The store, opened in a copy as it is.
    fn opened(&self) -> Result<DB, Failure> {
        let copy = self.work.join("as-it-is");
        copy_store(self.from, &copy).map_err(|error| Failure::unsalvaged(self.from, error))?;
        DB::open(&reading(), copy).map_err(|error| Failure::unsalvaged(self.from, error))
    }

    /// The store, opened in a copy whose manifest is made anew from its tables
    /// and its logs.
    fn repaired(&self) -> Result<DB, Failure> {
        let copy = self.work.join("repaired");
        copy_store(self.from, &copy).map_err(|error| Failure::unsalvaged(self.from, error))?;
        let mut options = reading();
        options.create_if_missing(true);
        DB::repair(&options, &copy).map_err(|error| Failure::unsalvaged(self.from, error))?;
        add_blobs(&copy).map_err(|error| Failure::unsalvaged(self.from, error))?;
        DB::open(&reading(), copy).map_err(|error| Failure::unsalvaged(self.from, error))
    }
}

/// Options that read as much as can be read.
fn reading() -> Options {
    let mut options = Options::default();
    options.set_paranoid_checks(false);
    options.set_wal_recovery_mode(DBRecoveryMode::SkipAnyCorruptedRecord);
    options.set_disable_auto_compactions(true);
    options.set_max_open_files(256);
    options.set_keep_log_file_num(1);
    options
}

/// Copies every entry of `source` that can be read into a new store in `to`.
fn copy_entries(
    source: &DB,
    to: &Path,
    is_unwanted: &dyn Fn() -> bool,
    salvaged: &mut Salvaged,
) -> Result<(), rocksdb::Error> {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.set_error_if_exists(true);
    options.set_compression_type(DBCompressionType::Lz4);
    options.set_keep_log_file_num(1);
    let target = DB::open(&options, to)?;
    let mut reading = ReadOptions::default();
    reading.set_total_order_seek(true);
    reading.fill_cache(false);
    let mut copy = Copy {
        entries: source.raw_iterator_opt(reading),
        target: &target,
        batch: WriteBatch::default(),
        troubles: BTreeSet::new(),
        is_unwanted,
        salvaged,
    };
    copy.all()?;
    copy.write()?;
    let troubles = std::mem::take(&mut copy.troubles);
    drop(copy);
    salvaged.losses.extend(troubles);
    target.flush()
}

struct Copy<'a> {
    entries: DBRawIterator<'a>,
    target: &'a DB,
    batch: WriteBatch,
    /// What RocksDB said of what cannot be read.
    troubles: BTreeSet<String>,
    is_unwanted: &'a dyn Fn() -> bool,
    salvaged: &'a mut Salvaged,
}

/// A part of the keys that is not copied, between two that are.
struct Gap {
    after: Vec<u8>,
    before: Option<Vec<u8>>,
}

impl Copy<'_> {
    /// Forward until something cannot be read, and from the end backward; what
    /// lies between is probed, the widest gap first.
    fn all(&mut self) -> Result<(), rocksdb::Error> {
        self.entries.seek_to_first();
        let Some(after) = self.forward(None)? else { return Ok(()) };
        self.entries.seek_to_last();
        let mut gaps = VecDeque::new();
        let before = self.backward(&after)?;
        gaps.extend(before.map(|before| Gap { after, before }));
        for _ in 0..PROBES {
            let Some(gap) = gaps.pop_front() else { break };
            let Some(middle) = middle(&gap.after, gap.before.as_deref()) else { continue };
            self.entries.seek(&middle);
            let above = self.forward(gap.before.as_deref())?;
            self.entries.seek_for_prev(&middle);
            let below = self.backward(&gap.after)?;
            if let Some(before) = below {
                let before = Some(before.unwrap_or_else(|| middle.clone()));
                gaps.push_back(Gap { after: gap.after, before });
            }
            if let Some(after) = above {
                let after = if after.is_empty() { middle } else { after };
                gaps.push_back(Gap { after, before: gap.before });
            }
        }
        Ok(())
    }

    /// Copies from here up to the key `end`. `None` when all of it was copied;
    /// or the last key that was, empty if none was.
    fn forward(&mut self, end: Option<&[u8]>) -> Result<Option<Vec<u8>>, rocksdb::Error> {
        let mut last = Vec::new();
        while !(self.is_unwanted)()
            && let Some(key) = self.entries.key()
        {
            if end.is_some_and(|end| key >= end) {
                return Ok(None);
            }
            last.clear();
            last.extend_from_slice(key);
            self.put()?;
            self.entries.next();
        }
        Ok(self.is_unreadable().then_some(last))
    }

    /// Copies from here down to the key `end`. `None` when all of it was
    /// copied; or the last key that was, if one was.
    fn backward(&mut self, end: &[u8]) -> Result<Option<Option<Vec<u8>>>, rocksdb::Error> {
        let mut last = None;
        while !(self.is_unwanted)()
            && let Some(key) = self.entries.key()
        {
            if key <= end {
                return Ok(None);
            }
            last = Some(key.to_vec());
            self.put()?;
            self.entries.prev();
        }
        Ok(self.is_unreadable().then_some(last))
    }

    /// Whether the iterator stopped because it could not read on.
    fn is_unreadable(&mut self) -> bool {
        match self.entries.status() {
            Ok(()) => false,
            Err(error) => {
                self.troubles.insert(trouble(&error));
                true
            }
        }
    }

    fn put(&mut self) -> Result<(), rocksdb::Error> {
        if let Some((key, value)) = self.entries.item() {
            self.salvaged.entries += 1;
            self.salvaged.bytes += (key.len() + value.len()) as u64;
            self.batch.put(key, value);
        }
        if self.batch.size_in_bytes() >= BATCH { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), rocksdb::Error> {
        self.target.write_without_wal(std::mem::take(&mut self.batch))
    }
}

/// RocksDB's sentence, without the folder of the copy.
fn trouble(error: &rocksdb::Error) -> String {
    error
        .as_ref()
        .split(' ')
        .map(|word| Path::new(word).file_name().and_then(|name| name.to_str()).unwrap_or(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A key between two others, about half way; `None` when they are neighbours.
fn middle(after: &[u8], before: Option<&[u8]>) -> Option<Vec<u8>> {
    let before = before.unwrap_or(&[0xff; 16]);
    let shared = after.iter().zip(before).take_while(|(one, other)| one == other).count();
    let number = |key: &[u8]| {
        let digits = key.iter().skip(shared).copied().chain(std::iter::repeat(0)).take(15);
        digits.fold(0_u128, |number, digit| number << 8 | u128::from(digit))
    };
    let (low, high) = (number(after), number(before));
    let half = low + high.checked_sub(low)? / 2;
    let mut middle = before[..shared].to_vec();
    middle.extend(&half.to_be_bytes()[1..]);
    (middle.as_slice() > after && middle.as_slice() < before && half != low).then_some(middle)
}
