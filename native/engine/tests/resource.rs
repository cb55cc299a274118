//! Resources are read by the engine's rules, to their end.

use surrealdartb_store::Resource;
use surrealdb::types::{RecordId, Table};

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
