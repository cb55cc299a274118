//! What a verb works on.

use surrealdb::types::{RecordId, Table, Value};
use surrealdb_core::syn::parse_with;

use crate::failure::Failure;

/// A table or a record, read from SurrealQL's own form of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// All records of a table: `person`, `` `a table` ``.
    Table(Table),
    /// One record: `person:1`, `person:⟨a key⟩`, `person:['a', 1]`.
    Record(RecordId),
}

impl Resource {
    /// Reads `text` by the engine's rules, to its end. Nothing of it can
    /// become a part of a statement: what is read is bound as a value.
    ///
    /// # Errors
    ///
    /// When `text` is neither form, with the engine's reason. (The engine's
    /// own functions for this ignore whatever follows a good beginning.)
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let record = parse_with(text.as_bytes(), async |parser, stk| {
            let id = parser.parse_value_record_id(stk).await?;
            parser.assert_finished()?;
            Ok(id)
        });
        if let Ok(id) = record {
            return Ok(Self::Record(id));
        }
        let table = parse_with(text.as_bytes(), async |parser, _| {
            let name = parser.parse_ident()?.into_string();
            parser.assert_finished()?;
            Ok(name)
        });
        match table {
            Ok(name) => Ok(Self::Table(Table::new(name))),
            Err(error) => Err(Failure::invalid(format!(
                "`{text}` is not a table or a record id in SurrealQL's form (a name with other \
                 characters stands between backticks or ⟨ ⟩): {error}"
            ))),
        }
    }
}

impl From<Resource> for Value {
    fn from(resource: Resource) -> Self {
        match resource {
            Resource::Table(table) => Self::Table(table),
            Resource::Record(id) => Self::RecordId(id),
        }
    }
}
