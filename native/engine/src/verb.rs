//! The verbs that are one statement, and what is bound to it.

use std::slice;

use surrealdartb_bridge::Interrupt;
use surrealdartb_codec::decode;
use surrealdartb_store::{Failure, Resource, Script, check_data};
use surrealdb::types::{Array, Object, RecordId, ToSql, Value, Variables};
use surrealdb_cnf::PROTECTED_PARAM_NAMES;

use crate::schema::is_strict;
use crate::session::Snapshot;

/// What can be done with records, and with functions.
///
/// Its arguments are an object. `resource` is a table, a record id, or text in
/// SurrealQL's form of them; the other arguments stand with each verb.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verb {
    /// Reads records. Answers an array.
    Select,
    /// Reads one record. Answers it, or `null`.
    Get,
    /// Creates a record with `data`. Answers it.
    Create,
    /// Creates records of a table with `data`, one object or an array of them.
    /// With `ignore`, those that exist are left as they are. Answers an array.
    Insert,
    /// [`Verb::Insert`] into a table of edges; `data` has `in` and `out`.
    InsertRelation,
    /// Replaces content with `data`. Answers the record; with `all` an array.
    Update,
    /// Merges `data` into the content. Answers as [`Verb::Update`] does.
    Merge,
    /// Applies `data`, an array of JSON Patch operations. Answers as
    /// [`Verb::Update`] does.
    Patch,
    /// [`Verb::Update`] that creates what is not there.
    Upsert,
    /// Deletes records. Answers `null`.
    Delete,
    /// Creates an edge between the records `from` and `to` with `data`.
    /// Answers it.
    Relate,
    /// Calls the function `function` with `arguments`, an array. Answers what
    /// it returns.
    Run,
}

impl Verb {
    /// The name that failures carry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Get => "get",
            Self::Create => "create",
            Self::Insert => "insert",
            Self::InsertRelation => "insertRelation",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Patch => "patch",
            Self::Upsert => "upsert",
            Self::Delete => "delete",
            Self::Relate => "relate",
            Self::Run => "run",
        }
    }

    /// Reads the verb's arguments.
    ///
    /// # Errors
    ///
    /// When one is missing or of the wrong kind.
    pub(crate) fn call(self, arguments: &[u8]) -> Result<Call, Failure> {
        let mut arguments = Arguments::read(self, arguments)?;
        if self == Self::Run {
            return arguments.function_call();
        }
        let resource = Resource::try_from(arguments.take("resource")?)?;
        let all = arguments.flag("all");
        let meaning = Expected { meaning: self.meaning(&resource, all)?, table: None };
        let mut variables = Variables::new();
        if !matches!(self, Self::Select | Self::Get | Self::Delete) {
            let data = arguments.take("data")?;
            self.check_ids(&resource, &data)?;
            variables.insert("data", data);
        }
        if self == Self::Relate {
            variables.insert("from", arguments.record("from")?);
            variables.insert("to", arguments.record("to")?);
        }
        let statement = self.statement(arguments.flag("ignore"));
        let reads = matches!(self, Self::Select | Self::Get | Self::Delete);
        let meaning = if reads { meaning.or_nothing_of(&resource) } else { meaning };
        variables.insert("resource", Value::from(resource));
        Ok(Call { script: Script::parse(statement)?, variables, meaning })
    }

    /// A resource is bound, never spliced: nothing in it can become a part of
    /// the statement.
    fn statement(self, ignore: bool) -> &'static str {
        match self {
            Self::Select => "SELECT * FROM $resource",
            Self::Get => "SELECT * FROM ONLY $resource",
            Self::Create => "CREATE ONLY $resource CONTENT $data",
            Self::Insert if ignore => "INSERT IGNORE INTO $resource $data",
            Self::Insert => "INSERT INTO $resource $data",
            Self::InsertRelation if ignore => "INSERT RELATION IGNORE INTO $resource $data",
            Self::InsertRelation => "INSERT RELATION INTO $resource $data",
            Self::Update => "UPDATE $resource CONTENT $data",
            Self::Merge => "UPDATE $resource MERGE $data",
            Self::Patch => "UPDATE $resource PATCH $data",
            Self::Upsert => "UPSERT $resource CONTENT $data",
            Self::Delete => "DELETE $resource",
            Self::Relate => "RELATE ONLY $from->$resource->$to CONTENT $data",
            Self::Run => unreachable!("its statement is its function's call"),
        }
    }

    /// What the verb's value means; an error when it does not work on
    /// `resource`.
    fn meaning(self, resource: &Resource, all: bool) -> Result<Meaning, Failure> {
        use Resource::{Range, Record, Table};
        match (self, resource) {
            (Self::Select, _) => Ok(Meaning::Itself),
            (Self::Delete, _) => Ok(Meaning::Nothing),
            (Self::Get, Record(_)) => Ok(Meaning::RecordOrNull),
            (Self::Create | Self::Relate, Table(_) | Record(_)) => Ok(Meaning::Itself),
            (Self::Insert | Self::InsertRelation, Table(_)) => Ok(Meaning::Itself),
            (Self::Update | Self::Merge | Self::Patch | Self::Upsert, resource) => match resource {
                Record(id) if !all => Ok(Meaning::TheRecord(id.clone())),
                Table(_) | Range(_) if all => Ok(Meaning::Itself),
                _ => Err(self.unsuitable(resource, all)),
            },
            _ => Err(self.unsuitable(resource, all)),
        }
    }

    /// The engine gives a new record the key of an `id` of another table.
    fn check_ids(self, resource: &Resource, data: &Value) -> Result<(), Failure> {
        let (Self::Create | Self::Insert | Self::InsertRelation, Resource::Table(table)) =
            (self, resource)
        else {
            return Ok(());
        };
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

    fn unsuitable(self, resource: &Resource, all: bool) -> Failure {
        let needed = match self {
            Self::Insert | Self::InsertRelation => "a table",
            Self::Create | Self::Relate => "a table or a record id (table:key)",
            _ if all => "a table or a range of records (table:1..5)",
            _ => "a record id (table:key)",
        };
        let given = match resource {
            Resource::Table(_) => "a table",
            Resource::Record(_) => "a record id",
            Resource::Range(_) => "a range of records",
        };
        let all = if all { "All" } else { "" };
        Failure::invalid(format!("{}{all} needs {needed}, and was given {given}", self.name()))
    }
}

/// A verb with its arguments, ready to run.
pub(crate) struct Call {
    pub(crate) script: Script,
    pub(crate) variables: Variables,
    pub(crate) meaning: Expected,
}

/// What a verb's statement comes to for whoever called.
pub(crate) struct Expected {
    meaning: Meaning,
    /// The table that the verb reads or empties: one that is not there yet holds
    /// no records.
    table: Option<String>,
}

impl Expected {
    fn or_nothing_of(self, resource: &Resource) -> Self {
        let table = match resource {
            Resource::Table(table) => table,
            Resource::Record(id) | Resource::Range(id) => &id.table,
        };
        Self { table: Some(table.as_str().to_owned()), ..self }
    }

    /// The answer that `value` means.
    ///
    /// # Errors
    ///
    /// When the record is not there.
    pub(crate) fn of(self, value: Value) -> Result<Value, Failure> {
        self.meaning.of(value)
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
        match self.meaning {
            Meaning::Nothing | Meaning::RecordOrNull => Ok(Value::Null),
            Meaning::Itself | Meaning::TheRecord(_) => Ok(Value::Array(Array::new())),
        }
    }
}

/// What a statement's value means for whoever called.
enum Meaning {
    /// It is the answer.
    Itself,
    /// The answer is `null`.
    Nothing,
    /// A record, or that there is none.
    RecordOrNull,
    /// An array of this record, or that it is not there.
    TheRecord(RecordId),
}

impl Meaning {
    /// The answer that `value` means.
    ///
    /// # Errors
    ///
    /// When the record is not there.
    fn of(self, value: Value) -> Result<Value, Failure> {
        match (self, value) {
            (Self::Nothing, _) | (Self::RecordOrNull, Value::None) => Ok(Value::Null),
            (Self::TheRecord(id), Value::Array(mut records)) => {
                records.pop().ok_or_else(|| Failure::no_record(&id))
            }
            (_, value) => Ok(value),
        }
    }
}

struct Arguments {
    verb: Verb,
    arguments: Object,
}

impl Arguments {
    fn read(verb: Verb, json: &[u8]) -> Result<Self, Failure> {
        Ok(Self { verb, arguments: object(json, "the arguments")? })
    }

    fn take(&mut self, name: &str) -> Result<Value, Failure> {
        self.arguments.remove(name).ok_or_else(|| {
            Failure::invalid(format!("{} needs an argument `{name}`", self.verb.name()))
        })
    }

    fn record(&mut self, name: &str) -> Result<Value, Failure> {
        match Resource::try_from(self.take(name)?)? {
            Resource::Record(id) => Ok(Value::RecordId(id)),
            other => Err(self.verb.unsuitable(&other, false)),
        }
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.arguments.get(name), Some(Value::Bool(true)))
    }

    fn function_call(&mut self) -> Result<Call, Failure> {
        let (Value::String(function), Value::Array(arguments)) =
            (self.take("function")?, self.take("arguments")?)
        else {
            return Err(Failure::invalid("run needs a function's name, and a list"));
        };
        #[cfg(feature = "testing")]
        assert_ne!(function, "testing::panic", "provoked by a test");
        let script = Script::call(&function, arguments.len())?;
        let mut variables = Variables::new();
        for (index, argument) in Array::into_iter(arguments).enumerate() {
            variables.insert(Script::argument(index), argument);
        }
        let meaning = Expected { meaning: Meaning::Itself, table: None };
        Ok(Call { script, variables, meaning })
    }
}

/// The `name` and the `value` of a parameter that is set or unset.
pub(crate) fn parameter(arguments: &[u8]) -> Result<(String, Value), Failure> {
    let mut arguments = object(arguments, "the arguments")?;
    let Some(Value::String(name)) = arguments.remove("name") else {
        return Err(Failure::invalid("a parameter needs a name"));
    };
    if name.is_empty() {
        return Err(Failure::bad_parameter(&name, "it has no name"));
    }
    if PROTECTED_PARAM_NAMES.contains(&name.as_str()) {
        return Err(Failure::bad_parameter(&name, "the engine keeps this name for itself"));
    }
    Ok((name, arguments.remove("value").unwrap_or_default()))
}

/// Reads JSON of the codec's format that is to be an object: all data that
/// comes from Dart.
pub(crate) fn object(json: &[u8], what: &str) -> Result<Object, Failure> {
    match decode(json) {
        Ok(Value::Object(object)) => {
            check_data(&object, what)?;
            Ok(object)
        }
        Ok(_) => Err(Failure::invalid(format!("{what} are not an object"))),
        Err(error) => Err(Failure::invalid(format!("{what} cannot be read: {error}"))),
    }
}
