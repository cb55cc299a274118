//! What a verb works on.

use std::ops::Bound;

use surrealdb_sql::{Expr, Literal, RecordIdKeyLit, TopLevelExpr};
use surrealdb_types::{RecordId, RecordIdKey, RecordIdKeyRange, Table, ToSql, Value};

use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::reading::{read, read_identifier, read_record_id};

/// A table, a record, or some of a table's records.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// All records of a table: `person`, `` `a table` ``.
    Table(Table),
    /// One record: `person:1`, `person:⟨a key⟩`, `person:['a', 1]`.
    Record(RecordId),
    /// The records with a key in a range: `person:1..5`, `person:..`.
    Range(RecordId),
}

impl TryFrom<Value> for Resource {
    type Error = Failure;

    /// Text is in SurrealQL's form; see [`Resource::parse`].
    fn try_from(value: Value) -> Result<Self, Failure> {
        match value {
            Value::Table(table) => Ok(Self::Table(table)),
            Value::RecordId(id) => Ok(Self::from(id)),
            Value::String(text) => Self::parse(&text),
            other => {
                let kind = other.kind().to_sql();
                Err(Failure::invalid(format!("a value of the kind {kind} is not a resource")))
            }
        }
    }
}

impl From<RecordId> for Resource {
    fn from(id: RecordId) -> Self {
        if id.key.is_range() { Self::Range(id) } else { Self::Record(id) }
    }
}

impl Resource {
    /// Reads `text` by the engine's rules, to its end. Nothing of it can
    /// become a part of a statement: what is read is bound as a value.
    ///
    /// # Errors
    ///
    /// When `text` is none of the forms, with the engine's reason. (The
    /// engine's own functions for this ignore whatever follows a good
    /// beginning.)
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if let Ok(id) = read_record_id(text) {
            return Ok(Self::Record(id));
        }
        if let Some(id) = range(text) {
            return Ok(Self::Range(id));
        }
        match read_identifier(text) {
            Ok(name) => Ok(Self::Table(Table::new(name))),
            Err(error) => Err(Failure::invalid(format!(
                "`{text}` is not a table, a record id or a range of record ids in SurrealQL's form \
                 (a name with other characters stands between backticks or ⟨ ⟩): {error}"
            ))),
        }
    }
}

/// The engine reads ranges only as a part of statements: so `text` is read as
/// one, which has to be nothing but a range of literal keys.
fn range(text: &str) -> Option<RecordId> {
    let statements = read(text, &Grammar::default()).ok()?.expressions;
    let [TopLevelExpr::Expr(Expr::Literal(Literal::RecordId(id)))] = &statements[..] else {
        return None;
    };
    let RecordIdKeyLit::Range(range) = &id.key else { return None };
    if text.trim_end().ends_with(';') {
        return None;
    }
    let range = RecordIdKeyRange::from((bound(&range.start)?, bound(&range.end)?));
    Some(RecordId { table: Table::new(id.table.as_str()), key: RecordIdKey::from(range) })
}

/// A bound whose key is a literal: no function, and no parameter.
fn bound(bound: &Bound<RecordIdKeyLit>) -> Option<Bound<RecordIdKey>> {
    let key = |key: &RecordIdKeyLit| Some(read_record_id(&format!("t:{}", key.to_sql())).ok()?.key);
    Some(match bound {
        Bound::Included(literal) => Bound::Included(key(literal)?),
        Bound::Excluded(literal) => Bound::Excluded(key(literal)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

impl From<Resource> for Value {
    fn from(resource: Resource) -> Self {
        match resource {
            Resource::Table(table) => Self::Table(table),
            Resource::Record(id) | Resource::Range(id) => Self::RecordId(id),
        }
    }
}
