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
            Effect::None => Error::Transaction(format!("{mark}{cause}-{length} {store}{reason}{mark}")),
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

    /// What it means for the calls that come after it.
    pub(crate) fn for_later_calls(&self) -> Self {
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
        let (appending, rest) = match (reason.strip_prefix(APPENDING), reason.strip_prefix(CREATING))
        {
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
