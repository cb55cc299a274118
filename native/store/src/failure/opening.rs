//! Why a store is not open, or no longer.

use std::fmt::Display;

use surrealdb_types::{ConnectionError, Error, Object, Value};

use super::{AFTER_DAMAGE, Failure};
use crate::words;

impl Failure {
    /// The store at `path` could not be opened.
    pub fn open(path: &str, error: impl Display) -> Self {
        let error = error.to_string();
        if let Some(file) = words::corruption(&error) {
            let message = format!("the store in {path} is damaged: {error}. {AFTER_DAMAGE}");
            return Self::corrupted(message, Some(path), file);
        }
        let message = format!("the store at {path} could not be opened: {error}");
        Error::connection(message, ConnectionError::ConnectionFailed).into()
    }

    /// Somebody else has the store at `path`.
    pub fn in_use(path: &str) -> Self {
        Self::locked(format!(
            "the store at {path} is in use by another process, or by another copy of this library \
             in this process: close it there, or wait for it with lockTimeout"
        ))
    }

    /// The folder at `path` has taken the place of one that is open.
    pub fn replaced(path: &str) -> Self {
        Self::locked(format!(
            "this process still has the store open that was at {path} before its folder was deleted, \
             moved or replaced: close the databases that use it, and connect again"
        ))
    }

    fn locked(message: String) -> Self {
        let failure = Error::connection(message, ConnectionError::ConnectionFailed);
        Self { locked: true, ..Self::from(failure).with_detail("Locked") }
    }

    /// The store at `path` is open with other options than those asked for.
    pub fn other_options(path: &str) -> Self {
        let message = format!("the store at {path} is open with other options");
        let failure = Error::connection(message, ConnectionError::ConnectionFailed);
        Self::from(failure).with_detail("Options")
    }

    /// The operating system does not give the threads that a store takes.
    pub fn no_threads(reason: impl Display) -> Self {
        let error = Error::connection(reason.to_string(), ConnectionError::ConnectionFailed);
        Self::from(error).with_detail("Threads")
    }

    /// A store's file, if it is known which, holds what cannot be right.
    pub(super) fn corrupted(message: String, folder: Option<&str>, file: Option<&str>) -> Self {
        let mut failure = Self::from(Error::connection(message, ConnectionError::ConnectionFailed))
            .with_detail("Corrupted");
        let mut names = Object::new();
        for (name, value) in [("folder", folder), ("file", file)] {
            if let Some(value) = value {
                names.insert(name, value.to_owned());
            }
        }
        if let Some(Value::Object(details)) = failure.fields.get_mut("details") {
            details.insert("details", Value::Object(names));
        }
        failure
    }

    /// A call came before the database was connected.
    pub fn not_connected() -> Self {
        Error::connection("the database is not connected".into(), ConnectionError::Uninitialised)
            .into()
    }

    /// The session, or its database, was closed before the call could do anything.
    pub fn closed(message: &str) -> Self {
        Self::from(Error::connection(message.to_owned(), ConnectionError::Uninitialised))
            .with_detail("Closed")
    }
}
