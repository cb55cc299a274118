//! What the disk did, as it crosses the engine.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::LazyLock;

use surrealdb_kvs::Error;

/// What a failure means for the call that hears of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// It has no effect, and can be tried again.
    None,
    /// Its transaction may have been committed.
    Unknown,
}

/// A failure of the disk that a store lies on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiskFailure {
    is_full: bool,
    effect: Effect,
    store: String,
    reason: String,
}

/// What stands before and behind a failure in the engine's messages. It is
/// drawn when the process starts, so no text that somebody stores, binds or
/// throws can be taken for a failure.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let draw = || RandomState::new().hash_one(0);
    format!("[{:016x}{:016x}]", draw(), draw())
});

/// How RocksDB begins what it says about its disk: a `Status` of the code
/// `kIOError`, and the subcode `kNoSpace` of it.
const IO_ERROR: &str = "IO error: ";
const NO_SPACE: &str = "IO error: No space left on device: ";

/// What RocksDB was about when it failed, as far as it decides what that means:
/// adding to a file, and making one (`env/io_posix.cc`, `env/fs_posix.cc`).
const APPENDING: &str = "While appending to file: ";
const CREATING: &str = "While open a file for appending: ";

impl DiskFailure {
    /// The failure that is told in `message`, if one is.
    pub fn read(message: &str) -> Option<Self> {
        let (_, rest) = message.split_once(MARK.as_str())?;
        let (told, _) = rest.rsplit_once(MARK.as_str())?;
        let (code, rest) = told.split_at_checked(2)?;
        let (length, rest) = rest.split_once(' ')?;
        let (store, reason) = rest.split_at_checked(length.parse().ok()?)?;
        let effect = if code.ends_with('?') { Effect::Unknown } else { Effect::None };
        let is_full = code.starts_with('f');
        Some(Self { is_full, effect, store: store.into(), reason: reason.into() })
    }

    /// The failure as the engine takes it. It repeats nothing that says so, and
    /// knows a commit of which nobody knows whether it has happened.
    pub fn to_error(&self) -> Error {
        let Self { is_full, effect, store, reason } = self;
        let mark = MARK.as_str();
        let cause = if *is_full { 'f' } else { 'x' };
        let length = store.len();
        match effect {
            Effect::None => {
                Error::Transaction(format!("{mark}{cause}-{length} {store}{reason}{mark}"))
            }
            Effect::Unknown => {
                Error::CommitOutcomeUnknown(format!("{mark}{cause}?{length} {store}{reason}{mark}"))
            }
        }
    }

    /// Whether there is no room: on the disk, or for whoever writes.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// What it means for the call.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// What happened, and what to do.
    pub fn message(&self) -> String {
        let Self { is_full, effect, store, reason } = self;
        match (is_full, effect) {
            (true, Effect::None) => format!(
                "the disk is full, and nothing of the call was written to the store at {store} \
                 ({reason}). Free some space and call again: the store goes on by itself"
            ),
            (false, Effect::None) => format!(
                "the disk has failed, and nothing of the call was written to the store at {store} \
                 ({reason}). Call again when the cause is gone: the store goes on by itself"
            ),
            (_, Effect::Unknown) => format!(
                "the disk {} while the call was committed to the store at {store} ({reason}). \
                 Whether it was is not known: read what it was to write, once a later call has \
                 written something",
                if *is_full { "was full" } else { "failed" },
            ),
        }
    }

    /// What it means for a call that it keeps from beginning.
    pub fn without_effect(&self) -> Self {
        Self { effect: Effect::None, ..self.clone() }
    }

    /// What it means for a commit that was under way.
    pub(crate) fn for_commit_under_way(&self) -> Self {
        Self { effect: Effect::Unknown, ..self.clone() }
    }
}

/// A store, and how RocksDB writes to it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The folder, as RocksDB was given it.
    pub(crate) store: String,
    /// Whether what is committed stays in RocksDB's own memory until its sync.
    pub(crate) syncs_commits: bool,
}

impl Place {
    /// What `error`, of anything but a commit, says about the disk.
    pub(crate) fn failure_of(&self, error: &Error) -> Option<DiskFailure> {
        let reason = reason(error)?;
        Some(self.failure(is_full(error, reason), Effect::None, reason))
    }

    /// What `error`, of a commit, says about the disk.
    pub(crate) fn failure_of_commit(&self, error: &Error) -> Option<DiskFailure> {
        let reason = reason(error)?;
        let effect = if self.was_not_written(reason) { Effect::None } else { Effect::Unknown };
        Some(self.failure(is_full(error, reason), effect, reason))
    }

    /// What `error`, of opening, says about the disk. That the folder is not
    /// there, or may not be used, is not the disk's failure.
    pub(crate) fn failure_of_opening(&self, error: &Error) -> Option<DiskFailure> {
        let reason = reason(error)?;
        let is_full = is_full(error, reason);
        let has_failed = is_full || failing_codes().any(|it| ends_with_code(reason, it));
        has_failed.then(|| self.failure(is_full, Effect::None, reason))
    }

    /// What `error`, met while `doing` something, says about the disk.
    pub(crate) fn failure_of_io(&self, error: &io::Error, doing: &str) -> DiskFailure {
        let is_full = matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        );
        self.failure(is_full, Effect::None, &format!("{doing}: {error}"))
    }

    /// The store cannot be used yet: it still has to be opened again.
    pub(crate) fn not_yet(&self, reason: &str) -> DiskFailure {
        self.failure(false, Effect::None, reason)
    }

    fn failure(&self, is_full: bool, effect: Effect, reason: &str) -> DiskFailure {
        DiskFailure { is_full, effect, store: self.store.clone(), reason: reason.into() }
    }

    /// Whether a commit that failed with `reason` cannot be there when RocksDB
    /// is opened again.
    ///
    /// It is not when another file failed than a log: then RocksDB had failed
    /// before, and refused the commit. It is not when no log could be made for
    /// it. And when the log could not be added to, the end of the commit's one
    /// record is missing there, so it is left out; but only if commits are
    /// written to the log one by one. Otherwise the record lies in RocksDB's
    /// buffer, with others, and the part that was written may hold it.
    fn was_not_written(&self, reason: &str) -> bool {
        let (appending, rest) =
            match (reason.strip_prefix(APPENDING), reason.strip_prefix(CREATING)) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => return false,
            };
        let Some(file) = rest.strip_prefix(&*self.store).and_then(|it| it.strip_prefix('/')) else {
            return false;
        };
        let Some((name, _)) = file.split_once(": ") else { return false };
        let is_log = Path::new(name).extension().is_some_and(|it| it == "log");
        !is_log || !appending || !self.syncs_commits
    }
}

/// What RocksDB says about the disk in `error`, if that is what it is about.
/// (The engine's own errors of this kind begin otherwise, and no user's text is
/// in any of them.)
fn reason(error: &Error) -> Option<&str> {
    let Error::Transaction(text) = error else { return None };
    text.strip_prefix(NO_SPACE).or_else(|| text.strip_prefix(IO_ERROR))
}

fn is_full(error: &Error, reason: &str) -> bool {
    matches!(error, Error::Transaction(text) if text.starts_with(NO_SPACE))
        || full_codes().any(|it| ends_with_code(reason, it))
}

/// Whether `reason` ends with the system's words for the error `code`. Before
/// them stands the name of one of RocksDB's files, so a folder that is called
/// like an error does not end it.
fn ends_with_code(reason: &str, code: i32) -> bool {
    let words = io::Error::from_raw_os_error(code).to_string();
    let words = words.rsplit_once(" (os error").map_or(&*words, |(words, _)| words);
    reason.strip_suffix(words).is_some_and(|it| it.ends_with(": "))
}

#[cfg(unix)]
fn full_codes() -> impl Iterator<Item = i32> {
    [libc::ENOSPC, libc::EDQUOT, libc::EFBIG].into_iter()
}

#[cfg(unix)]
fn failing_codes() -> impl Iterator<Item = i32> {
    [libc::EIO, libc::EROFS, libc::EMFILE, libc::ENFILE].into_iter()
}

#[cfg(not(unix))]
fn full_codes() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

#[cfg(not(unix))]
fn failing_codes() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn place(store: &str, syncs_commits: bool) -> Place {
        Place { store: store.into(), syncs_commits }
    }

    fn rocksdb(words: &str) -> Error {
        Error::Transaction(words.into())
    }

    #[test]
    fn what_rocksdb_says_of_a_disk_is_told_apart() {
        for (words, is_full) in [
            (
                "No space left on device: While appending to file: /s/1.log: No space left on device",
                true,
            ),
            ("While appending to file: /s/1.log: Disk quota exceeded", true),
            ("While appending to file: /s/1.log: File too large", true),
            ("While appending to file: /s/1.log: Input/output error", false),
            ("While fdatasync: /s/1.log: Input/output error", false),
            ("While open a file for appending: /s/2.sst: Too many open files", false),
            (
                "No such file or directory: While open a file for random read: /s/2.sst: No such file or directory",
                false,
            ),
            ("Writer has previous error.", false),
        ] {
            let failure = place("/s", true).failure_of(&rocksdb(&format!("IO error: {words}")));
            assert_eq!(failure.map(|it| it.is_full()), Some(is_full), "{words}");
        }
    }

    #[test]
    fn no_other_error_is_the_disks() {
        for error in [
            rocksdb("Corruption: IO error: No space left on device: "),
            rocksdb("commit coordinator response channel closed"),
            Error::TransactionConflict("IO error: No space left on device: ".into()),
            Error::Datastore("IO error: No space left on device: ".into()),
            Error::Internal("IO error: No space left on device: ".into()),
        ] {
            assert_eq!(place("/s", true).failure_of(&error), None, "{error}");
        }
    }

    #[test]
    fn a_folder_that_is_called_like_an_error_is_none() {
        let store = "/No space left on device: While appending to file: x.log: Disk quota exceeded";
        let words = format!("IO error: While fdatasync: {store}/1.log: Input/output error");
        let failure = place(store, false).failure_of_commit(&rocksdb(&words)).unwrap();
        assert!(!failure.is_full());
        assert_eq!(failure.effect(), Effect::Unknown);
    }

    #[test]
    fn a_commit_is_not_there_only_when_that_is_sure() {
        let effect = |words: &str, syncs_commits| {
            let error = rocksdb(&format!("IO error: {words}"));
            place("/s", syncs_commits).failure_of_commit(&error).unwrap().effect()
        };
        for (words, with_sync, without_sync) in [
            (
                "While appending to file: /s/1.log: Input/output error",
                Effect::Unknown,
                Effect::None,
            ),
            ("While appending to file: /s/2.sst: Input/output error", Effect::None, Effect::None),
            (
                "While open a file for appending: /s/3.log: Too many open files",
                Effect::None,
                Effect::None,
            ),
            ("While fdatasync: /s/1.log: Input/output error", Effect::Unknown, Effect::Unknown),
            (
                "While sync_file_range returned -1: /s/1.log: Input/output error",
                Effect::Unknown,
                Effect::Unknown,
            ),
            (
                "While appending to file: /t/2.sst: Input/output error",
                Effect::Unknown,
                Effect::Unknown,
            ),
            ("Writer has previous error.", Effect::Unknown, Effect::Unknown),
        ] {
            assert_eq!(effect(words, true), with_sync, "{words}");
            assert_eq!(effect(words, false), without_sync, "{words}");
        }
    }

    #[test]
    fn opening_fails_by_the_disk_only_when_the_disk_says_so() {
        let opening = |words: &str| place("/s", true).failure_of_opening(&rocksdb(words));
        assert!(opening("IO error: While mkdir if missing: /s: Permission denied").is_none());
        assert!(
            opening("IO error: While lock file: /s/LOCK: Resource temporarily unavailable")
                .is_none()
        );
        let full = "IO error: No space left on device: While appending to file: /s/1.dbtmp: No space left on device";
        assert!(opening(full).unwrap().is_full());
        let descriptors =
            "IO error: While open a file for random read: /s/1.sst: Too many open files";
        assert!(!opening(descriptors).unwrap().is_full());
    }

    #[test]
    fn a_failure_crosses_the_engine_as_it_is() {
        for (is_full, effect) in [
            (true, Effect::None),
            (true, Effect::Unknown),
            (false, Effect::None),
            (false, Effect::Unknown),
        ] {
            for store in ["/s", "/a b/ü [0] 12 ", ""] {
                let failure = place(store, true).failure(is_full, effect, "a reason");
                let told = format!("The query was not executed: {}.", failure.to_error());
                assert_eq!(DiskFailure::read(&told), Some(failure));
            }
        }
    }

    #[test]
    fn nobody_can_forge_one() {
        for text in ["", "[00]f-2 /sx[00]", "[]f-2 /sx[]", "IO error: No space left on device: "] {
            assert_eq!(DiskFailure::read(text), None);
        }
    }
}
