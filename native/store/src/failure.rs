//! What went wrong, as Dart receives it.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use surrealdartb_codec::{encode, encode_str};
use surrealdb_syn::ParseError;
use surrealdb_syn::error::Snippet;
use surrealdb_types::{
    Error, ErrorDetails, NotFoundError, Object, QueryError, RecordId, SerializationError,
    SurrealValue, ToSql, ValidationError, Value,
};

use crate::grammar::Grammar;
use crate::unreadable::Unreadable;
use crate::words::{self, Meaning};

#[cfg(feature = "embedded")]
mod local;
mod opening;
mod transactions;

/// An error with its whole structure: `kind`, `code`, `message`, `details` and
/// `cause` as the engine gives them; `statement`, a shortened text; for a text
/// that cannot be parsed `line` and `column`.
#[derive(Clone, Debug)]
pub struct Failure {
    fields: Object,
    cancelled: bool,
    conflict: bool,
    locked: bool,
}

/// What the engine says of the statements of a transaction of which it does not
/// know whether it was committed.
const UNDETERMINED_TEXT: &str = "The transaction's commit outcome is unknown, so whether this \
    query was applied is undetermined";

/// What can be done when a store is damaged.
const AFTER_DAMAGE: &str = "Bring back a copy of the folder, or copy what can be read into a new \
                            store with Database.salvage";

/// How many characters of a message are sent.
const LONGEST_MESSAGE: usize = 2_000;

impl Failure {
    /// Whether somebody else holds the store's lock.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// The call was asked to end while it ran nothing, and left no trace.
    pub fn cancelled(message: &str) -> Self {
        Error::query(message.to_owned(), QueryError::Cancelled).into()
    }

    /// `self`, a cancellation, told as what has led to it: the end of the time
    /// that the call was given.
    #[must_use]
    pub fn after_timeout(self, limit: Duration) -> Self {
        let message = format!("the call was not done after {limit:?}, and was stopped");
        let error = Error::query(message, QueryError::TimedOut { duration: limit });
        let mut timed_out = Self::from(error);
        if let Some(statement) = self.fields.get("statement") {
            timed_out.fields.insert("statement", statement.clone());
        }
        timed_out
    }

    /// The call had not begun when the time that it was given, `limit`, was over.
    pub fn late(limit: Duration) -> Self {
        let message = format!("the call waited for {limit:?}, and was not begun");
        Error::query(message, QueryError::TimedOut { duration: limit }).into()
    }

    /// Nobody asked for the next rows of a stream for this long.
    pub fn idle_stream(length: Duration) -> Self {
        let message = format!(
            "the stream was stopped: it was paused for {length:?}, and holds what it reads in the \
             store for as long as it is open. Read faster, or connect with a longer \
             streamIdleTimeout"
        );
        let error = Error::query(message, QueryError::TimedOut { duration: length });
        Self::from(error).with_detail("StreamIdle")
    }

    /// More events of a live query waited for whoever reads them than `limit` bytes of them.
    pub fn live_overflow(limit: usize) -> Self {
        let message = format!(
            "the live query was stopped: the events that nobody had read took more than {limit} \
             bytes. Those before are all here; what came later was not told. Read faster, listen \
             to less, or connect with more maxLiveBytes"
        );
        Self::invalid(message).with_detail("LiveOverflow")
    }

    /// As many streams of the session are open as may be.
    pub fn too_many_streams(most: usize) -> Self {
        let message = format!(
            "{most} streams of this session are open, and there may be no more: cancel one, or \
             connect with more maxStreams"
        );
        Self::invalid(message).with_detail("StreamLimit")
    }

    /// The call was given up while it ran.
    pub fn given_up() -> Self {
        let message = "the call was given up while it ran: it may have had its effect, or not";
        Self::from(Error::internal(message.to_owned())).with_detail("OutcomeUnknown")
    }

    /// The call panicked, at the place that `panic` names.
    pub fn panicked(panic: &str) -> Self {
        let message = format!("native code panicked: {panic}");
        let mut failure = Self::from(Error::internal(message)).with_detail("Panicked");
        failure.fields.insert("nativeStackTrace", panic.to_owned());
        failure
    }

    /// `text` could not be parsed, because of `error`.
    pub(crate) fn unreadable(error: &ParseError, text: &str, grammar: &Grammar) -> Self {
        let details = ValidationError::Parse;
        let ParseError::InvalidQuery(rendered) = error else {
            return Error::validation(error.to_string(), details).into();
        };
        let at = rendered.snippets.first().and_then(position);
        let shown = Unreadable::of(text, at);
        let mut failure = Self::from(Error::validation(shown.message(rendered, grammar), details));
        if let Some((line, column)) = at {
            failure.fields.insert("line", line);
            failure.fields.insert("column", column);
        }
        failure.in_statement(&shown.statement())
    }

    /// A text holds a path of more than `longest` parts, or one of which more than
    /// `fans` stand for all items.
    pub(crate) fn endless_path(longest: usize, fans: usize) -> Self {
        let message = format!(
            "a path of the text has more than {longest} parts, or more than {fans} of them stand \
             for all items (`.*`, `[*]`, `[WHERE …]`)"
        );
        Error::validation(message, ValidationError::Parse).into()
    }

    /// `what` holds a text that reads as such a path.
    pub(crate) fn endless_string(what: &str, longest: usize, fans: usize) -> Self {
        Self::invalid(format!(
            "{what} hold a text that reads as a path of more than {longest} parts (`a.b.b.b…`), or \
             of more than {fans} that stand for all items (`a.*.*.*…`), which the engine cannot \
             read: store it as bytes, or in parts"
        ))
    }

    /// The value of a statement that has run is longer than the caller wants.
    pub fn too_long(error: impl Display) -> Self {
        Self::unsent("TooLong", format!("the statement has run; {error}, and is not returned"))
    }

    /// The value of a statement that has run is nested too deeply to be sent.
    pub fn too_deep(error: impl Display) -> Self {
        Self::unsent("TooDeep", format!("the statement has run, but {error}"))
    }

    /// The rows of a statement are longer than the caller wants: it was stopped.
    pub fn stopped_too_long(error: impl Display) -> Self {
        Self::unsent("TooLong", format!("the statement was stopped, and has no effect: {error}"))
    }

    /// A row of a statement is nested too deeply to be sent: it was stopped.
    pub fn stopped_too_deep(error: impl Display) -> Self {
        Self::unsent("TooDeep", format!("the statement was stopped, and has no effect: {error}"))
    }

    fn unsent(detail: &str, message: String) -> Self {
        let error = Error::serialization(message, SerializationError::Serialization);
        Self::from(error).with_detail(detail)
    }

    /// The build of an index was stopped, and may have left a part of it.
    pub(crate) fn rebuild_stopped() -> Self {
        let message = "the rebuild of the index was stopped, and the index may be out of use: then \
                       statements read the whole table, and a UNIQUE one refuses no duplicate. \
                       Run REBUILD INDEX again";
        Self::from(Error::internal(message.to_owned())).with_detail("OutcomeUnknown")
    }

    /// The failure with the detail `kind`, which the engine has no name for.
    fn with_detail(mut self, kind: &str) -> Self {
        let mut details = Object::new();
        details.insert("kind", kind.to_owned());
        self.fields.insert("details", Value::Object(details));
        self
    }

    /// The failure of a statement with this, shortened, text.
    pub fn in_statement(mut self, text: &str) -> Self {
        self.fields.insert("statement", text.to_owned());
        self
    }

    /// A record that a verb needs is not there.
    pub fn no_record(id: &RecordId) -> Self {
        let id = id.to_sql();
        Error::not_found(format!("the record {id} does not exist"), NotFoundError::Record { id })
            .into()
    }

    /// Something that the caller gave cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Error::validation(message.into(), ValidationError::InvalidParams).into()
    }

    /// The parameter `name` cannot be set: the engine sets it, or it is no
    /// name.
    pub fn bad_parameter(name: &str, reason: &str) -> Self {
        let message = format!("the parameter `{name}` cannot be set: {reason}");
        Error::validation(message, ValidationError::InvalidParameter { name: name.into() }).into()
    }

    /// What a session or a store runs on cannot do `what`.
    pub(crate) fn unsupported(what: &str) -> Self {
        let message = format!("it is not possible here to {what}: the engine has no way to do it");
        Self::from(Error::configuration(message, None)).with_detail("Unsupported")
    }

    /// A parameter `name` is read that nobody gives.
    pub(crate) fn unknown_parameter(name: &str, message: String) -> Self {
        Error::validation(message, ValidationError::InvalidParameter { name: name.into() }).into()
    }

    /// The engine did what it says it does not do.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::internal(message.into()).into()
    }

    /// The table that is not there, if that is the failure.
    pub fn missing_table(&self) -> Option<&str> {
        match (self.fields.get("kind"), self.fields.get("details")) {
            (Some(Value::String(kind)), Some(Value::Object(details))) if kind == "NotFound" => {
                match (details.get("kind"), details.get("details")) {
                    (Some(Value::String(kind)), Some(Value::Object(table))) if kind == "Table" => {
                        table.get("name").and_then(|it| it.as_string()).map(String::as_str)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
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

    /// Appends the JSON object that Dart reads; `operation` names the verb.
    pub fn encode(&self, operation: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"operation":"#);
        encode_str(operation, out);
        for (key, value) in self.fields.iter().filter(|(_, value)| !value.is_none()) {
            out.push(b',');
            encode_str(key, out);
            out.push(b':');
            let start = out.len();
            let encoded = match value {
                // The engine's messages repeat whole values of the caller's.
                Value::String(text) => {
                    encode_str(&cut(text), out);
                    Ok(())
                }
                _ => encode(value, out),
            };
            if encoded.is_err() {
                out.truncate(start);
                out.extend_from_slice(b"null");
            }
        }
        out.extend_from_slice(br#","retryable":"#);
        out.extend_from_slice(if self.conflict { b"true" } else { b"false" });
        out.push(b'}');
    }
}

/// `text` up to [`LONGEST_MESSAGE`].
fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()).into(),
        None => text.into(),
    }
}

/// Where a piece of source text stands, from the first line of how the engine
/// shows it, ` --> [2:14]`. (It keeps the numbers to itself.)
pub(crate) fn position(snippet: &Snippet) -> Option<(i64, i64)> {
    let shown = snippet.to_string();
    let (line, column) =
        shown.trim_start().strip_prefix("--> [")?.split_once(']')?.0.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        #[cfg(feature = "embedded")]
        if let Some(failure) = Self::told_by_disk(error.message()) {
            return failure;
        }
        let query = error.query_details();
        if error.is_internal()
            && let Some(file) = words::corruption(error.message())
        {
            let told = error.message();
            let message = format!("a file of the store is damaged: {told}. {AFTER_DAMAGE}");
            return Self::corrupted(message, None, file);
        }
        let goes_on = query.is_some() && words::goes_on(error.message());
        let cancelled = matches!(query, Some(QueryError::Cancelled)) && !goes_on;
        let conflict = matches!(query, Some(QueryError::TransactionConflict));
        // Words count only where there is nothing else.
        let words = error.is_internal().then(|| error.message());
        let conflict = conflict || words.is_some_and(words::is_conflict);
        let unknown = words.is_some_and(words::is_unknown)
            || (error.is_query() && query.is_none() && error.message() == UNDETERMINED_TEXT);
        let meaning = match error.details() {
            ErrorDetails::Internal => words::read(error.message()),
            ErrorDetails::Validation(None) | ErrorDetails::Configuration(None) => {
                words::read(error.message()).filter(|it| it.kind == error.kind_str())
            }
            _ => None,
        };
        let cancelled = cancelled || meaning.as_ref().is_some_and(Meaning::is_cancelled);
        let Value::Object(mut fields) = error.into_value() else {
            unreachable!("an error is an object with its fields")
        };
        if let Some(meaning) = meaning {
            fields.insert("kind", meaning.kind.to_owned());
            fields.insert("details", meaning.into_details());
        }
        let failure = Self { fields, cancelled, conflict, locked: false };
        if unknown || goes_on { failure.with_detail("OutcomeUnknown") } else { failure }
    }
}
