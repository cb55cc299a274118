//! What the engine says only in words.
//!
//! For some failures that an application acts on, the engine's error is of the
//! kind `Internal` with a sentence. Here such sentences are read. A sentence
//! repeats names and values that anybody may have chosen, also ones that look
//! like another sentence, so what decides is only what the engine itself has
//! written at its two ends: no error of the engine (3.3.5) begins with
//! anything else than its own words, and of those that begin alike each has an
//! end of its own. What stands between them is at most a name to be told.

use surrealdb_types::{Object, Value};

use crate::sentences::{EITHER, EXISTENCE, Ends, NOT_FIELDS, Name, SENTENCES, Sentence};

/// What a sentence means, as the engine's own errors have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The kind, such as `NotFound`.
    pub kind: &'static str,
    /// The kind of the detail, such as `Function`.
    pub detail: String,
    /// What it is about, if it is about something.
    pub name: Option<String>,
    /// How long a statement was allowed to take, of one that took longer.
    pub duration: Option<Value>,
}

impl Meaning {
    /// Whether a statement was stopped because it was asked to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.kind == "Query" && self.detail == "Cancelled"
    }

    /// The details, in the engine's own form.
    pub(crate) fn into_details(self) -> Value {
        let mut inner = Object::new();
        if let Some(name) = self.name {
            inner.insert("name", name);
        }
        if let Some(duration) = self.duration {
            inner.insert("duration", duration);
        }
        let mut details = Object::new();
        details.insert("kind", self.detail);
        if !inner.is_empty() {
            details.insert("details", Value::Object(inner));
        }
        Value::Object(details)
    }
}

/// The meaning of the sentence `message` of an internal error, if it is one
/// that is known.
pub fn read(message: &str) -> Option<Meaning> {
    listed(message)
        .or_else(|| function(message))
        .or_else(|| field(message))
        .or_else(|| existence(message))
        .or_else(|| access(message))
        .or_else(|| experimental(message))
        .or_else(|| event(message))
}

/// Whether the sentence of a statement that was stopped says that it was
/// committed, and that its work goes on: `The index rebuild was committed, but
/// the query was cancelled before its build finished. ...` (and its like for a
/// timeout; `surrealdb-datastore`, `error.rs`).
pub(crate) fn goes_on(message: &str) -> bool {
    message.starts_with("The index rebuild was committed, but ")
}

/// Whether RocksDB has found a file damaged, and which, if it says:
/// `There was a problem with a transaction: Corruption: block checksum mismatch:
/// stored = ..., computed = ... in /data/app/000012.sst offset 0 size 4036`
pub fn corruption(message: &str) -> Option<Option<&str>> {
    let message =
        message.strip_prefix("There was a problem with the key-value store: ").unwrap_or(message);
    let told = message
        .strip_prefix("There was a problem with a transaction: ")
        .or_else(|| message.strip_prefix("There was a problem with the datastore: "))?
        .strip_prefix("Corruption: ")?;
    let is_file = |word: &&str| {
        let (stem, kind) = word.rsplit_once('.').unwrap_or_default();
        let is_number = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit());
        is_number && matches!(kind, "sst" | "blob" | "log")
    };
    Some(told.split(['/', '\\', ' ', ':', ',']).find(is_file))
}

/// How the engine words a lost conflict where its error has become text. What
/// stands in the middle is the store's.
pub(crate) fn is_conflict(message: &str) -> bool {
    let message = message.strip_prefix(STORE).unwrap_or(message);
    message.starts_with("Transaction conflict: ")
        && message.ends_with(". This transaction can be retried")
}

/// How the engine words a commit of which it does not know whether it has taken
/// effect.
pub(crate) fn is_unknown(message: &str) -> bool {
    message.strip_prefix(STORE).unwrap_or(message).starts_with(UNKNOWN)
}

/// What the engine puts before an error of the store.
const STORE: &str = "There was a problem with the key-value store: ";

const UNKNOWN: &str =
    "The transaction's commit outcome is unknown; it may or may not have been applied: ";

fn meaning(kind: &'static str, detail: &str, name: Option<&str>) -> Meaning {
    Meaning { kind, detail: detail.into(), name: name.map(Into::into), duration: None }
}

fn between<'a>(message: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    message.strip_prefix(begin)?.strip_suffix(end)
}

/// One of [`SENTENCES`].
fn listed(message: &str) -> Option<Meaning> {
    SENTENCES.iter().find_map(|Sentence { ends, kind, detail, name }| {
        let middle = match ends {
            Ends::Whole(whole, name) => {
                return (message == *whole).then(|| meaning(kind, detail, *name));
            }
            Ends::Begin(begin) => message.strip_prefix(begin)?,
            Ends::Both(begin, end) => between(message, begin, end)?,
        };
        let name = match name {
            Name::None => None,
            Name::All => Some(middle),
            Name::Until(end) => Some(middle.split_once(end)?.0),
        };
        Some(meaning(kind, detail, name))
    })
}

/// `Function 'fn::no' not found: The function 'fn::no' does not exist`: the
/// name stands there twice, and so has one reading. (Without the second half
/// it could not be read because of something else.)
fn function(message: &str) -> Option<Meaning> {
    const AGAIN: &str = "' not found: The function '";
    let twice = between(message, "Function '", "' does not exist")?;
    for prefix in ["fn::", ""] {
        let length = twice.len().checked_sub(AGAIN.len() + prefix.len()).map(|it| it / 2);
        let Some((name, again)) = length.and_then(|it| twice.split_at_checked(prefix.len() + it))
        else {
            continue;
        };
        let again = again.strip_prefix(AGAIN);
        if again.is_some() && (again == Some(name) || again == name.strip_prefix(prefix)) {
            return Some(meaning("NotFound", "Function", Some(name)));
        }
    }
    None
}

/// What a schema refuses:
///
/// ``Found -1 for field `age`, with record `person:2`, but field must ...``,
/// ``Found changed value for field `born`, ..., but field is readonly``,
/// `Found field 'x', but no such field exists for table 'person'`.
fn field(message: &str) -> Option<Meaning> {
    let rest = message.strip_prefix("Found ")?;
    let field = |name| Some(meaning("Validation", "Field", Some(name)));
    if let Some(rest) = between(rest, "changed value for field `", "`, but field is readonly") {
        return field(rest.split_once("`, with record `")?.0);
    }
    if let Some(rest) = between(rest, "field '", "'") {
        return field(rest.split_once("', but no such field exists for table '")?.0);
    }
    // A value comes first, in SurrealQL, and a condition last, in SurrealQL:
    // neither begins or ends as the other sentences do.
    if rest.starts_with("record: `") || NOT_FIELDS.iter().any(|end| rest.ends_with(end)) {
        return None;
    }
    let (before, _condition) = rest.rsplit_once("`, but field must conform to: ")?;
    let name = after_value(before, " for field `")
        .or_else(|| before.rsplit_once(" for field `").map(|(_, name)| name))?;
    field(name.split_once("`, with record `")?.0)
}

/// What follows `mark` in `text`, which begins with a value: a `mark` in a
/// string or in a quoted name of the value does not count.
fn after_value<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) => quote = quote.filter(|_| c != end),
            None if text[at..].starts_with(mark) => return Some(&text[at + mark.len()..]),
            None => quote = matches!(c, '\'' | '"' | '`').then_some(c),
        }
    }
    None
}

/// `The index 'x' does not exist`, `The function 'x' already exists`,
/// `The config for GraphQL already exists`
fn existence(message: &str) -> Option<Meaning> {
    let (kind, end) = EITHER.into_iter().find(|(_, end)| message.ends_with(end))?;
    let rest = message.strip_prefix("The ")?.strip_suffix(end)?;
    EXISTENCE.iter().find_map(|(begin, after, detail)| {
        Some(meaning(kind, detail, Some(between(rest, begin, after)?)))
    })
}

/// `The access method 'm' does not exist in the database 'test'`: a user or an
/// access of a namespace or a database. The last place that fits counts: what
/// follows it is the name of that namespace or database.
fn access(message: &str) -> Option<Meaning> {
    let (detail, rest) = [("User", "The user '"), ("AccessMethod", "The access method '")]
        .into_iter()
        .find_map(|(detail, begin)| Some((detail, message.strip_prefix(begin)?)))?;
    let rest = rest.strip_suffix('\'')?;
    let places = EITHER.into_iter().flat_map(|(kind, end)| {
        let scopes = ["namespace", "database"];
        scopes.map(|scope| (kind, rest.rsplit_once(&format!("'{end} in the {scope} '"))))
    });
    let last = places.filter_map(|(kind, place)| Some((kind, place?.0)));
    let (kind, name) = last.max_by_key(|(_, name)| name.len())?;
    Some(meaning(kind, detail, Some(name)))
}

/// `There was a problem running the file::*() function. Experimental feature
/// files is not enabled`. (What `eval` runs may say anything at its end.)
fn experimental(message: &str) -> Option<Meaning> {
    let call = message.strip_prefix("There was a problem running the ")?;
    let call = call.strip_suffix(" is not enabled").filter(|it| !it.starts_with("eval::"))?;
    let (_, feature) = call.rsplit_once("() function. Experimental ")?;
    let name = feature.split_once(' ')?.1.trim_matches('`');
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| meaning("Configuration", "NotAvailable", Some(name)))
}

/// What ended an event:
/// `Error while processing event no: An error occurred: an event`.
///
/// The first `: ` is taken for the end of the event's name. An event with one in
/// its name is not told apart from another: only the schema can tell.
fn event(message: &str) -> Option<Meaning> {
    let event = message.strip_prefix("Error while processing event ")?;
    let (name, inner) = event.split_once(": ")?;
    if inner.starts_with("An error occurred: ") {
        return Some(meaning("Thrown", "Event", Some(name)));
    }
    if inner == "The query was not executed due to a cancelled transaction" {
        return Some(meaning("Query", "Cancelled", None));
    }
    let limit = inner
        .strip_prefix("The query was not executed because it exceeded the timeout: ")
        .and_then(|it| surrealdb_syn::duration(it).ok())?;
    let duration = Some(Value::Duration(limit));
    Some(Meaning { duration, ..meaning("Query", "TimedOut", None) })
}
