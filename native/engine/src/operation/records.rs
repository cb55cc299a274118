//! Statements about records: what they work on, and what is bound to them.

use std::slice;

use surrealdartb_store::{Constant, Failure, Resource};
use surrealdb_types::{ToSql, Value, Variables};

use super::expected::{Expected, Meaning};
use crate::arguments::Arguments;
use crate::session::Prepared;

/// A statement about records.
pub(crate) struct Records {
    statement: Constant,
    /// In its place, if the argument `ignore` is true: records that exist are left as they are.
    ignoring: Option<Constant>,
    on: On,
    takes: Takes,
    gives: Gives,
}

/// What a statement works on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum On {
    Any,
    Record,
    Table,
    TableOrRecord,
    /// A record; if the argument `all` is true, a table or a range.
    RecordOrAll,
}

/// What is bound to a statement beside `resource`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Takes {
    /// Nothing: it reads, or deletes. A table that is not there yet holds no records.
    None,
    /// `data`: one object, or an array of them.
    NewRecords,
    /// `data`: what is to be changed.
    Change,
    /// `data`, and the records `from` and `to`.
    Edge,
}

/// What a statement answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Gives {
    /// Its value.
    Value,
    /// The record that it made.
    Made,
    /// The record that it worked on, and made if need be; with `all` an array.
    MadeOrRecords,
    /// `null`.
    Nothing,
    /// A record, or `null`.
    RecordOrNull,
    /// The record that it worked on, which has to be there; with `all` an array.
    RecordOrRecords,
    /// A number.
    Count,
}

impl Records {
    /// A statement to which only its resource is bound.
    pub(super) const fn reading(statement: &'static str, on: On, gives: Gives) -> Self {
        Self::writing(statement, on, Takes::None, gives)
    }

    pub(super) const fn writing(
        statement: &'static str,
        on: On,
        takes: Takes,
        gives: Gives,
    ) -> Self {
        Self { statement: Constant::new(statement), ignoring: None, on, takes, gives }
    }

    /// A statement that makes records of a table, and one that leaves those that exist.
    pub(super) const fn inserting(statement: &'static str, ignoring: &'static str) -> Self {
        Self {
            statement: Constant::new(statement),
            ignoring: Some(Constant::new(ignoring)),
            on: On::Table,
            takes: Takes::NewRecords,
            gives: Gives::Value,
        }
    }

    /// Reads the arguments of the operation `name`, JSON of an object.
    ///
    /// # Errors
    ///
    /// When one is missing or of the wrong kind.
    pub(super) fn prepare(
        &self,
        name: &'static str,
        json: &[u8],
    ) -> Result<(Prepared, Expected), Failure> {
        let mut arguments = Arguments::read(name, json)?;
        let resource = Resource::try_from(arguments.take("resource")?)?;
        let all = arguments.flag("all");
        if !self.on.allows(&resource, all) {
            return Err(self.on.unsuitable(name, &resource, all));
        }
        let mut variables = Variables::new();
        if self.takes != Takes::None {
            let data = arguments.take("data")?;
            if self.takes == Takes::NewRecords {
                check_ids(&resource, &data)?;
            }
            variables.insert("data", data);
        }
        if self.takes == Takes::Edge {
            for end in ["from", "to"] {
                match Resource::try_from(arguments.take(end)?)? {
                    Resource::Record(id) => variables.insert(end, Value::RecordId(id)),
                    other => return Err(On::Record.unsuitable(name, &other, false)),
                };
            }
        }
        let statement = match &self.ignoring {
            Some(ignoring) if arguments.flag("ignore") => ignoring,
            _ => &self.statement,
        };
        let script = statement.script()?;
        let expected = Expected::new(self.meaning(&resource, all), self.table(&resource));
        // The rows of one record are no stream: that would only take time.
        let in_parts = script.streams() && !matches!(resource, Resource::Record(_));
        variables.insert("resource", Value::from(resource));
        Ok((Prepared { script, variables, in_parts }, expected))
    }

    fn meaning(&self, resource: &Resource, all: bool) -> Meaning {
        match (self.gives, resource) {
            (Gives::Nothing, _) => Meaning::Nothing,
            (Gives::RecordOrNull, _) => Meaning::RecordOrNull,
            (Gives::Count, _) => Meaning::Count,
            (Gives::RecordOrRecords, Resource::Record(id)) if !all => {
                Meaning::TheRecord(id.clone())
            }
            (Gives::Made, _) => Meaning::Made(table_of(resource)),
            (Gives::MadeOrRecords, Resource::Record(_)) if !all => {
                Meaning::MadeIfNeeded(table_of(resource))
            }
            (Gives::RecordOrRecords | Gives::MadeOrRecords | Gives::Value, _) => Meaning::Itself,
        }
    }

    /// The table that need not be there.
    fn table(&self, resource: &Resource) -> Option<String> {
        (self.takes == Takes::None).then(|| table_of(resource))
    }
}

fn table_of(resource: &Resource) -> String {
    match resource {
        Resource::Table(table) => table.as_str().to_owned(),
        Resource::Record(id) | Resource::Range(id) => id.table.as_str().to_owned(),
    }
}

impl On {
    fn allows(self, resource: &Resource, all: bool) -> bool {
        use Resource::{Range, Record, Table};
        match (self, resource) {
            (Self::Any, _)
            | (Self::Record, Record(_))
            | (Self::Table, Table(_))
            | (Self::TableOrRecord, Table(_) | Record(_)) => true,
            (Self::RecordOrAll, Record(_)) => !all,
            (Self::RecordOrAll, Table(_) | Range(_)) => all,
            _ => false,
        }
    }

    fn unsuitable(self, name: &str, resource: &Resource, all: bool) -> Failure {
        let needed = match self {
            Self::Table => "a table",
            Self::TableOrRecord => "a table or a record id (table:key)",
            _ if all => "a table or a range of records (table:1..5)",
            _ => "a record id (table:key)",
        };
        let given = match resource {
            Resource::Table(_) => "a table",
            Resource::Record(_) => "a record id",
            Resource::Range(_) => "a range of records",
        };
        let all = if all { "All" } else { "" };
        Failure::invalid(format!("{name}{all} needs {needed}, and was given {given}"))
    }
}

/// The engine gives a new record the key of an `id` of another table.
fn check_ids(resource: &Resource, data: &Value) -> Result<(), Failure> {
    let Resource::Table(table) = resource else { return Ok(()) };
    let records = match data {
        Value::Array(records) => &records[..],
        record => slice::from_ref(record),
    };
    for record in records {
        if let Value::Object(record) = record
            && let Some(Value::RecordId(id)) = record.get("id")
            && id.table != *table
        {
            let (id, table) = (id.to_sql(), table.to_sql());
            return Err(Failure::invalid(format!("{id} is not a record of {table}")));
        }
    }
    Ok(())
}
