//! What the value of an operation's statement means for whoever called.

use surrealdartb_bridge::Interrupt;
use surrealdartb_store::Failure;
use surrealdb_types::{Array, Number, RecordId, Value};

use crate::schema::is_strict;
use crate::session::Snapshot;

/// What an operation's statement comes to for whoever called.
pub(crate) struct Expected {
    meaning: Meaning,
    /// A table that holds no records, if it is not there.
    table: Option<String>,
}

/// What a statement's value means.
pub(super) enum Meaning {
    /// It is the answer.
    Itself,
    /// It is the record of a table that was made; none, if its permissions do not allow that.
    Made(String),
    /// The same, as an array of it.
    MadeIfNeeded(String),
    /// The answer is `null`.
    Nothing,
    /// A record, or that there is none.
    RecordOrNull,
    /// An array of this record, or that it is not there.
    TheRecord(RecordId),
    /// It is a number of records.
    Count,
}

impl Expected {
    pub(super) fn new(meaning: Meaning, table: Option<String>) -> Self {
        Self { meaning, table }
    }

    /// The value is the answer.
    pub(super) fn itself() -> Self {
        Self::new(Meaning::Itself, None)
    }

    /// The answer that `value` means for `session`.
    ///
    /// # Errors
    ///
    /// When the record is not there, or was not allowed to be made.
    pub(crate) fn of(self, value: Value, session: &Snapshot) -> Result<Value, Failure> {
        let refused = |table: &str| {
            let actor = session.session.principal().id;
            Err(Failure::not_permitted(&actor, "create a record of", table))
        };
        match (self.meaning, value) {
            // The engine leaves out, without a word, what permissions do not allow.
            (Meaning::Made(table), Value::None) => refused(&table),
            (Meaning::MadeIfNeeded(table), Value::Array(mut records)) => match records.pop() {
                Some(record) => Ok(record),
                None => refused(&table),
            },
            (Meaning::Nothing, _) | (Meaning::RecordOrNull, Value::None) => Ok(Value::Null),
            (Meaning::TheRecord(id), Value::Array(mut records)) => {
                records.pop().ok_or_else(|| Failure::no_record(&id))
            }
            (_, value) => Ok(value),
        }
    }

    /// The answer when the statement failed: it would be the same if the table
    /// were there, unless a strict database says that it has to be.
    ///
    /// # Errors
    ///
    /// With any other failure.
    pub(crate) async fn without_table(
        self,
        failure: Failure,
        session: &Snapshot,
        interrupt: &Interrupt,
    ) -> Result<Value, Failure> {
        let missing = failure.missing_table();
        if missing.is_none() || missing != self.table.as_deref() {
            return Err(failure);
        }
        if is_strict(session, interrupt).await {
            return Err(failure);
        }
        Ok(match self.meaning {
            Meaning::Nothing | Meaning::RecordOrNull => Value::Null,
            Meaning::Count => Value::Number(Number::Int(0)),
            _ => Value::Array(Array::new()),
        })
    }
}
