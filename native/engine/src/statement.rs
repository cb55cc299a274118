//! The verbs' statements, and what is bound to them.

use surrealdartb_codec::decode;
use surrealdb::types::{Object, RecordId, Table, Value, Variables};
use surrealdb_core::syn;

use crate::failure::Failure;

pub(crate) const SELECT: &str = "SELECT * FROM $resource";
pub(crate) const CREATE: &str = "CREATE ONLY $resource CONTENT $data";
pub(crate) const UPDATE: &str = "UPDATE $resource CONTENT $data";
pub(crate) const DELETE: &str = "DELETE $resource";

/// What a verb works on, read from SurrealQL's own form of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Resource {
    /// All records of a table: `person`, `` `a table` ``.
    Table(Table),
    /// One record: `person:1`, `person:⟨a key⟩`, `person:['a', 1]`.
    Record(RecordId),
}

impl Resource {
    /// Reads `text` by the engine's rules. Nothing of it can become a part of
    /// a statement: what is read is bound as a value.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if let Ok(id) = syn::record_id(text) {
            return Ok(Self::Record(id));
        }
        match syn::table(text) {
            Ok(name) => Ok(Self::Table(Table::new(String::from(name)))),
            Err(error) => Err(Failure::invalid(format!(
                "`{text}` is not a table or a record id in SurrealQL's form (a name with other \
                 characters stands between backticks or ⟨ ⟩): {error}"
            ))),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Table(table) => Value::Table(table.clone()),
            Self::Record(id) => Value::RecordId(id.clone()),
        }
    }
}

/// What is bound to a statement. It is kept as it came, because a statement
/// that lost a conflict is bound again.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    pub(crate) resource: Option<Resource>,
    /// JSON of the codec's format: the record's content.
    pub(crate) data: Option<Vec<u8>>,
    /// JSON of the codec's format: an object of names and values.
    pub(crate) variables: Option<Vec<u8>>,
}

impl Bindings {
    pub(crate) fn to_variables(&self) -> Result<Variables, Failure> {
        let mut variables = match &self.variables {
            Some(json) => Variables::from(object(json, "the bindings")?),
            None => Variables::new(),
        };
        if let Some(resource) = &self.resource {
            variables.insert("resource", resource.to_value());
        }
        if let Some(json) = &self.data {
            variables.insert("data", Value::Object(object(json, "the data")?));
        }
        Ok(variables)
    }
}

fn object(json: &[u8], what: &str) -> Result<Object, Failure> {
    match decode(json) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Failure::invalid(format!("{what} are not an object"))),
        Err(error) => Err(Failure::invalid(format!("{what} cannot be read: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(
            Resource::parse("person:7").unwrap(),
            Resource::Record(RecordId::new("person", 7))
        );
    }

    #[test]
    fn text_that_is_more_than_a_resource_is_refused() {
        for text in ["", "a b", "person; REMOVE TABLE person", "person WHERE true", "a-b", "\0"] {
            assert!(Resource::parse(text).is_err(), "{text}");
        }
    }
}
