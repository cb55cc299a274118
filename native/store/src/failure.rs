//! What went wrong, as Dart receives it.

use std::fmt::Display;

use surrealdartb_codec::{encode, encode_str};
use surrealdb::types::{
    ConnectionError, Error, NotFoundError, Object, QueryError, RecordId, SurrealValue, ToSql, Value,
};

/// An error with its whole structure: `kind`, `code`, `message`, `details` and
/// `cause` as the engine gives them.
#[derive(Clone, Debug)]
pub struct Failure {
    fields: Object,
    cancelled: bool,
    conflict: bool,
}

/// The engine wraps some conflicts into text; it ends their text with this
/// (`surrealdb_kvs::Error::TransactionConflict`).
const CONFLICT_TEXT: &str = "This transaction can be retried";

/// How RocksDB words a lock that somebody else holds: this process
/// ("lock hold by current process"), or another one ("While lock file").
const LOCK_TEXTS: [&str; 2] = ["lock hold by current process", "While lock file"];

impl Failure {
    /// The store could not be opened. A lock held by somebody else is told
    /// apart, although the engine gives only its text.
    pub fn open(path: &str, error: impl Display) -> Self {
        let reason = error.to_string();
        let locked = LOCK_TEXTS.iter().any(|text| reason.contains(text));
        let message = if locked {
            format!("the store at {path} is in use: {reason}")
        } else {
            format!("the store at {path} could not be opened: {reason}")
        };
        let mut failure = Self::from(Error::connection(message, ConnectionError::ConnectionFailed));
        if locked {
            let mut details = Object::new();
            details.insert("kind", "Locked".to_owned());
            failure.fields.insert("details", Value::Object(details));
        }
        failure
    }

    /// A call came before the database was connected.
    pub fn not_connected() -> Self {
        Error::connection("the database is not connected".into(), ConnectionError::Uninitialised)
            .into()
    }

    /// A record that a verb needs is not there.
    pub fn no_record(id: &RecordId) -> Self {
        let id = id.to_sql();
        Error::not_found(format!("the record {id} does not exist"), NotFoundError::Record { id })
            .into()
    }

    /// Something that the caller gave cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Error::validation(message.into(), surrealdb::types::ValidationError::InvalidParams).into()
    }

    /// The engine did what it says it does not do.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::internal(message.into()).into()
    }

    /// Whether the engine stopped the call because it was asked to.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// Whether the call lost against another transaction, left no trace, and
    /// may be tried again.
    pub fn is_conflict(&self) -> bool {
        self.conflict
    }

    /// The sentence for a person.
    pub fn message(&self) -> &str {
        match self.fields.get("message") {
            Some(Value::String(message)) => message,
            _ => "",
        }
    }

    /// Appends the JSON object that Dart reads; `operation` names the verb.
    pub fn encode(&self, operation: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"operation":"#);
        encode_str(operation, out);
        for (key, value) in self.fields.iter().filter(|(_, value)| !value.is_none()) {
            out.push(b',');
            encode_str(key, out);
            out.push(b':');
            let start = out.len();
            if encode(value, out).is_err() {
                out.truncate(start);
                out.extend_from_slice(b"null");
            }
        }
        out.extend_from_slice(br#","retryable":"#);
        out.extend_from_slice(if self.conflict { b"true" } else { b"false" });
        out.push(b'}');
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let query = error.query_details();
        let cancelled = matches!(query, Some(QueryError::Cancelled));
        let conflict = matches!(query, Some(QueryError::TransactionConflict))
            || (error.is_internal() && error.message().contains(CONFLICT_TEXT));
        let Value::Object(fields) = error.into_value() else {
            unreachable!("an error is an object with its fields")
        };
        Self { fields, cancelled, conflict }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        surrealdb_core::err::anyhow_to_types_error(error).into()
    }
}
