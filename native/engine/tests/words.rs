//! The engine's sentences are read at their two ends, which are the engine's,
//! whatever names and values stand between them.

use surrealdartb_store::words::{Meaning, read};

/// Each sentence of the engine's internal errors, and what it means: a kind and
/// a detail, or `-`. In braces stands what anybody may have chosen.
const SENTENCES: &str = include_str!("words/sentences.txt");

fn sentences() -> impl Iterator<Item = (Option<(&'static str, &'static str)>, &'static str)> {
    SENTENCES.lines().map(|line| {
        let (class, sentence) = line.split_once('\t').unwrap();
        (class.split_once(' '), sentence)
    })
}

/// `sentence` with `text` wherever somebody may have put it, in the form that
/// the engine gives it there.
fn filled(sentence: &str, text: &str) -> String {
    let escaped = |quote| text.replace('\\', r"\\").replace(quote, &format!("\\{quote}"));
    let (string, name) = (escaped('\''), escaped('`'));
    sentence
        // A name as it is, also where it stands in a message that is repeated.
        .replace("{n}", text)
        .replace("{f}", text)
        // A field, a record id: names in SurrealQL.
        .replace("{i}", &format!("`{name}`"))
        .replace("{r}", &format!("t:`{name}`"))
        // A value, a condition, a kind.
        .replace("{v}", &format!("'{string}'"))
        .replace("{c}", &format!("$value != '{string}'"))
        .replace("{k}", &format!("int | '{string}'"))
        // Names that decide where a sentence has two readings.
        .replace("{e}", &text.replace(": ", ":"))
        .replace("{d}", "test")
}

fn class(sentence: &str) -> Option<(&'static str, String)> {
    read(sentence).map(|Meaning { kind, detail, .. }| (kind, detail))
}

/// What a malicious name or value is: every sentence of the engine, and what
/// stands at the ends of each.
fn malicious() -> Vec<String> {
    let mut texts: Vec<String> = ["", "x", "'", "`", "\"", "\\", ": ", "\n"].map(Into::into).into();
    for (_, sentence) in sentences() {
        texts.push(filled(sentence, "x"));
        let parts = sentence.split(['{', '}']).collect::<Vec<_>>();
        let (begin, end) = (parts[0], parts[parts.len() - 1]);
        texts.push(format!("x{end}"));
        texts.push(format!("{begin}x"));
        texts.push(format!("x{end}{begin}x"));
    }
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn no_name_and_no_value_decides_what_a_sentence_means() {
    let texts = malicious();
    let mut read = 0;
    for (expected, sentence) in sentences() {
        let expected = expected.map(|(kind, detail)| (kind, detail.to_owned()));
        for text in &texts {
            let filled = filled(sentence, text);
            assert_eq!(class(&filled), expected, "{filled}");
            read += 1;
        }
    }
    assert!(read > 100_000, "{read}");
}

fn assert_reads(message: &str, kind: &'static str, detail: &str, name: &str) {
    let meaning = Meaning { kind, detail: detail.into(), name: Some(name.into()), duration: None };
    assert_eq!(read(message), Some(meaning), "{message}");
}

#[test]
fn what_it_is_about_is_told() {
    for (message, kind, detail, name) in [
        (
            "Database index `email` already contains 'a', with record `person:1`",
            "AlreadyExists",
            "Index",
            "email",
        ),
        ("The index 'x' does not exist", "NotFound", "Index", "x"),
        ("The index 'a' already exists' does not exist", "NotFound", "Index", "a' already exists"),
        ("The function 'fn::x' already exists", "AlreadyExists", "Function", "fn::x"),
        ("The config for GraphQL does not exist", "NotFound", "Config", "GraphQL"),
        (
            "The access method 'm' does not exist in the database 'test'",
            "NotFound",
            "AccessMethod",
            "m",
        ),
        (
            "The user 'x' already exists in the database 'y' does not exist in the database 'test'",
            "NotFound",
            "User",
            "x' already exists in the database 'y",
        ),
        (
            "Function 'fn::x' not found: The function 'x' does not exist",
            "NotFound",
            "Function",
            "fn::x",
        ),
        (
            "Function 'fn::x' not found: The function 'fn::x' does not exist",
            "NotFound",
            "Function",
            "fn::x",
        ),
        ("Error while processing event e: An error occurred: no: no", "Thrown", "Event", "e"),
    ] {
        assert_reads(message, kind, detail, name);
    }
}

#[test]
fn a_field_is_told_whatever_its_value_says() {
    for message in [
        "Couldn't coerce value for field `a` of `p:1`: Expected `int` but found `'`b`'`",
        "Found -1 for field `a`, with record `p:1`, but field must conform to: $value > 0",
        "Found changed value for field `a`, with record `p:1`, but field is readonly",
        "Found field 'a', but no such field exists for table 'p'",
        // A value that says the same of another field.
        "Found '1 for field `b`, with record `p:2`, but field is readonly' for field `a`, with \
         record `p:1`, but field must conform to: $value > 0",
        "Found { c: ' for field `b`, with record `p:2`' } for field `a`, with record `p:1`, but \
         field must conform to: $value != ' for field `b`, with record `p:2`, but field must \
         conform to: '",
    ] {
        assert_reads(message, "Validation", "Field", "a");
    }
}

#[test]
fn other_sentences_are_left_alone() {
    for message in [
        "",
        "The ",
        "The  '' does not exist",
        "The value is nested too deeply",
        "Database index `a` is broken",
        "Found 1",
    ] {
        assert_eq!(read(message), None, "{message}");
    }
}
