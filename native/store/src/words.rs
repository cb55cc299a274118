//! What the engine says only in words.
//!
//! For some failures that an application acts on, the engine's error is of the
//! kind `Internal` with a sentence. Here the sentence is read. Only its
//! beginning decides, which is the engine's: what follows may repeat values of
//! the caller's. (A text that was thrown is of another kind, and never read.)

/// What a sentence means, as the engine's own errors have it.
#[derive(Debug, PartialEq)]
pub struct Meaning {
    /// The kind, such as `NotFound`.
    pub kind: &'static str,
    /// The kind of the detail, such as `Function`.
    pub detail: String,
    /// What it is about.
    pub name: String,
}

/// The meaning of the sentence `message` of an internal error, if it is one
/// that is known.
pub fn read(message: &str) -> Option<Meaning> {
    unique_index(message)
        .or_else(|| function(message))
        .or_else(|| field(message))
        .or_else(|| event(message))
        .or_else(|| existence(message))
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

/// ``Database index `email` already contains 'a@b.c', with record `person:1` ``
fn unique_index(message: &str) -> Option<Meaning> {
    let (name, rest) = message.strip_prefix("Database index `")?.split_once('`')?;
    rest.starts_with(" already contains ").then(|| found("AlreadyExists", "Index", name))
}

/// `Function 'fn::missing' not found: ...`
fn function(message: &str) -> Option<Meaning> {
    let (name, rest) = message.strip_prefix("Function '")?.split_once('\'')?;
    rest.starts_with(" not found").then(|| found("NotFound", "Function", name))
}

/// What a schema refuses:
///
/// ``Couldn't coerce value for field `age` of `person:2`: Expected ...``,
/// ``Found -1 for field `age`, with record `person:2`, but field must ...``,
/// ``Found changed value for field `born`, ..., but field is readonly``,
/// `Found field 'x', but no such field exists for table 'person'`.
fn field(message: &str) -> Option<Meaning> {
    let field = |name| Some(found("Validation", "Field", name));
    if let Some(rest) = message.strip_prefix("Couldn't coerce value for field `") {
        return field(rest.split_once('`')?.0);
    }
    let rest = message.strip_prefix("Found ")?;
    if let Some(rest) = rest.strip_prefix("field '") {
        let (name, rest) = rest.split_once("', but no such field exists")?;
        return rest.starts_with(" for table ").then(|| field(name))?;
    }
    // The value comes first, and may hold anything: the last place counts.
    let (before, reason) = rest.rsplit_once("`, but field ")?;
    let by_schema = reason.starts_with("must conform to: ") || reason == "is readonly";
    let (before, _record) = before.rsplit_once("`, with record `")?;
    let (_value, name) = before.rsplit_once(" for field `")?;
    by_schema.then(|| field(name))?
}

/// `Error while processing event no: An error occurred: an event`
fn event(message: &str) -> Option<Meaning> {
    let (name, rest) = message.strip_prefix("Error while processing event ")?.split_once(": ")?;
    rest.starts_with("An error occurred: ").then(|| found("Thrown", "Event", name))
}

/// `The index 'x' does not exist`, `The function 'fn::x' already exists`,
/// `The access method 'x' does not exist in the database 'test'`
fn existence(message: &str) -> Option<Meaning> {
    let (thing, rest) = message.strip_prefix("The ")?.split_once(" '")?;
    let (name, rest) = rest.split_once('\'')?;
    let kind = if rest.starts_with(" does not exist") {
        "NotFound"
    } else if rest.starts_with(" already exists") {
        "AlreadyExists"
    } else {
        return None;
    };
    let words = thing.split(' ').map(|word| word[..1].to_ascii_uppercase() + &word[1..]);
    let plain = thing.split(' ').all(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    plain.then(|| found(kind, &words.collect::<String>(), name))
}

fn found(kind: &'static str, detail: &str, name: &str) -> Meaning {
    Meaning { kind, detail: detail.into(), name: name.into() }
}
