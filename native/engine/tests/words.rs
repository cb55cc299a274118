//! The engine's sentences are read by their beginning, and nothing else.

use surrealdartb_store::words::{Meaning, read};

fn assert_reads(message: &str, kind: &'static str, detail: &str, name: &str) {
    let meaning = Meaning { kind, detail: detail.into(), name: name.into() };
    assert_eq!(read(message), Some(meaning), "{message}");
}

#[test]
fn what_exists_or_does_not() {
    assert_reads(
        "Database index `email` already contains 'a', with record `person:1`",
        "AlreadyExists",
        "Index",
        "email",
    );
    assert_reads("The index 'x' does not exist", "NotFound", "Index", "x");
    assert_reads("The function 'fn::x' already exists", "AlreadyExists", "Function", "fn::x");
    assert_reads(
        "The access method 'm' does not exist in the database 'test'",
        "NotFound",
        "AccessMethod",
        "m",
    );
    assert_reads(
        "Function 'fn::x' not found: The function 'fn::x' does not exist",
        "NotFound",
        "Function",
        "fn::x",
    );
}

#[test]
fn what_a_schema_refuses() {
    for message in [
        "Couldn't coerce value for field `a` of `p:1`: Expected `int` but found `'`b`'`",
        "Found -1 for field `a`, with record `p:1`, but field must conform to: $value > 0",
        "Found changed value for field `a`, with record `p:1`, but field is readonly",
        "Found field 'a', but no such field exists for table 'p'",
        // A value that says the same of another field.
        "Found '1 for field `b`, with record `p:2`, but field is readonly' for field `a`, with \
         record `p:1`, but field must conform to: $value > 0",
    ] {
        assert_reads(message, "Validation", "Field", "a");
    }
}

#[test]
fn what_an_event_threw() {
    let message = "Error while processing event e: An error occurred: no";
    assert_reads(message, "Thrown", "Event", "e");
}

#[test]
fn other_sentences_are_left_alone() {
    for message in [
        "",
        "The ",
        "The  '' does not exist",
        "The value is nested too deeply",
        "Found 1 for the `id` field, but a specific record has been specified",
        "Could not cast into `int` using input 'The x \'y\' does not exist'",
        "Database index `a` is broken",
        "Error while processing event e: The table 'x' does not exist",
    ] {
        assert_eq!(read(message), None, "{message}");
    }
}
