//! Resources are read by the engine's rules, to their end.

use std::ops::Bound;

use surrealdartb_store::Resource;
use surrealdb_types::{Array, RecordId, RecordIdKey, RecordIdKeyRange, SurrealValue, Table};

fn table(name: &str) -> Resource {
    Resource::Table(Table::new(name))
}

#[test]
fn a_resource_is_read_in_surrealql_s_own_form() {
    assert_eq!(Resource::parse("person").unwrap(), table("person"));
    assert_eq!(Resource::parse("`a b`").unwrap(), table("a b"));
    assert_eq!(Resource::parse("⟨a;b⟩").unwrap(), table("a;b"));
    let record = |key: &str| Resource::Record(RecordId::new("person", key));
    assert_eq!(Resource::parse("person:john").unwrap(), record("john"));
    assert_eq!(Resource::parse("person:⟨; REMOVE TABLE person⟩").unwrap(), {
        record("; REMOVE TABLE person")
    });
    assert_eq!(Resource::parse("person:7").unwrap(), Resource::Record(RecordId::new("person", 7)));
}

#[test]
fn a_range_of_records_has_its_bounds() {
    use Bound::{Excluded, Included, Unbounded};
    let int = RecordIdKey::Number;
    let list = |n: i64| RecordIdKey::Array(Array::from(vec!["a".into_value(), n.into_value()]));
    for (text, start, end) in [
        ("person:1..5", Included(int(1)), Excluded(int(5))),
        ("person:1>..=5", Excluded(int(1)), Included(int(5))),
        ("person:-1..", Included(int(-1)), Unbounded),
        ("person:..=5", Unbounded, Included(int(5))),
        ("person:..", Unbounded, Unbounded),
        ("person:a..`b; c`", Included("a".into()), Excluded("b; c".into())),
        ("person:['a', 1]..['a', 2]", Included(list(1)), Excluded(list(2))),
    ] {
        let key = RecordIdKey::from(RecordIdKeyRange::from((start, end)));
        let expected = Resource::Range(RecordId::new("person", key));
        assert_eq!(Resource::parse(text).unwrap(), expected, "{text}");
    }
    for text in
        ["person:1..5;", "person:1..5; RETURN 1", "person:rand()..", "person:[$x]..", "1..5"]
    {
        assert!(Resource::parse(text).is_err(), "{text}");
    }
}

#[test]
fn text_that_is_more_than_a_resource_is_refused() {
    for text in [
        "",
        "a b",
        "person; REMOVE TABLE person",
        "person WHERE true",
        "a-b",
        "\0",
        "a:1 b",
        "a:1;",
        "a:",
        ":1",
    ] {
        assert!(Resource::parse(text).is_err(), "{text}");
    }
}
