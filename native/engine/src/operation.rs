//! The table of operations: what Dart can ask of a session by number.
//!
//! A new one is a row at the end of [`TABLE`], its number and its arguments in `NativeVerb`
//! (`lib/src/ffi/native_types.dart`), its command in `lib/src/isolate/verb_commands.dart`, and
//! its method. (`connect`, the selection of namespace and database, `query`, `stream` and
//! `close` have entries of their own: their arguments are no object.)

use std::sync::Arc;

use surrealdartb_bridge::{Handle, Refusal};
use surrealdartb_store::Grammar;

use crate::request::Request;
use crate::scope::Scope;

mod expected;
mod function;
mod records;

pub(crate) use expected::Expected;
use records::Gives::{Count, Made, MadeOrRecords, Nothing, RecordOrNull, RecordOrRecords, Value};
use records::On::{Any, Record, RecordOrAll, TableOrRecord};
use records::Records;
use records::Takes::{Change, Edge, NewRecords};

/// One operation: a row of the table.
#[derive(Clone, Copy)]
pub struct Operation(&'static Row);

struct Row {
    /// As failures carry it; `NativeVerb` in Dart has the same.
    name: &'static str,
    work: Work,
}

#[expect(clippy::large_enum_variant, reason = "there are twenty of them, in a static")]
enum Work {
    /// A statement about records.
    Records(Records),
    /// Calls the function `function` with `arguments`, an array. Answers what it returns.
    Function,
    /// What a session does itself.
    Own(fn(&Arc<Scope>, Asked) -> Result<(), Refusal>),
}

/// What Dart hands in with the number of an operation.
pub struct Asked {
    /// Of the session.
    pub handle: Handle,
    /// Whose answer it is.
    pub request: Request,
    /// JSON of an object.
    pub arguments: Vec<u8>,
}

/// In the order of their numbers, from zero on.
///
/// Statements about records have an argument `resource`: a table, a record id, or text in
/// SurrealQL's form of them. It is bound, never spliced: nothing in it can become a part of
/// the statement.
static TABLE: [Row; 33] = [
    row("set", Work::Own(|scope, it| scope.set(it.request.id, it.arguments))),
    row("unset", Work::Own(|scope, it| scope.unset(it.request.id, it.arguments))),
    row("select", records(Records::reading("SELECT * FROM $resource", Any, Value))),
    row("get", records(Records::reading("SELECT * FROM ONLY $resource", Record, RecordOrNull))),
    row(
        "create",
        records(Records::writing(
            "CREATE ONLY $resource CONTENT $data",
            TableOrRecord,
            NewRecords,
            Made,
        )),
    ),
    row(
        "insert",
        records(Records::inserting(
            "INSERT INTO $resource $data",
            "INSERT IGNORE INTO $resource $data",
        )),
    ),
    row(
        "insertRelation",
        records(Records::inserting(
            "INSERT RELATION INTO $resource $data",
            "INSERT RELATION IGNORE INTO $resource $data",
        )),
    ),
    row("update", changing("UPDATE $resource CONTENT $data")),
    row("merge", changing("UPDATE $resource MERGE $data")),
    row("patch", changing("UPDATE $resource PATCH $data")),
    row(
        "upsert",
        records(Records::writing(
            "UPSERT $resource CONTENT $data",
            RecordOrAll,
            Change,
            MadeOrRecords,
        )),
    ),
    row("delete", records(Records::reading("DELETE $resource", Any, Nothing))),
    row(
        "relate",
        records(Records::writing(
            "RELATE ONLY $from->$resource->$to CONTENT $data",
            TableOrRecord,
            Edge,
            Made,
        )),
    ),
    row("run", Work::Function),
    row("salvage", Work::Own(|scope, it| scope.salvage(it.request, it.arguments))),
    row("fork", Work::Own(|scope, it| scope.fork(it.request.id))),
    row("newSession", Work::Own(|scope, it| scope.new_session(it.request.id))),
    row("closeSession", Work::Own(|scope, it| scope.end_session(it.handle, it.request.id))),
    row("version", Work::Own(|scope, it| scope.version(it.request.id))),
    row("health", Work::Own(|scope, it| scope.health(it.request.id))),
    row(
        "count",
        records(Records::reading(
            "RETURN (SELECT count() FROM $resource GROUP ALL)[0].count ?? 0",
            Any,
            Count,
        )),
    ),
    row("beginTransaction", Work::Own(|scope, it| scope.begin(it.request.id, it.arguments))),
    row("commit", Work::Own(|scope, it| scope.commit(it.handle, it.request.id))),
    row("cancel", Work::Own(|scope, it| scope.cancel_all(it.handle, it.request.id))),
    row("signin", Work::Own(|scope, it| scope.sign_in(it.request.id, it.arguments))),
    row("signup", Work::Own(|scope, it| scope.sign_up(it.request.id, it.arguments))),
    row("authenticate", Work::Own(|scope, it| scope.authenticate(it.request.id, it.arguments))),
    row("refresh", Work::Own(|scope, it| scope.refresh(it.request.id, it.arguments))),
    row("revoke", Work::Own(|scope, it| scope.revoke(it.request.id, it.arguments))),
    row("invalidate", Work::Own(|scope, it| scope.invalidate(it.request.id))),
    row("auth", Work::Own(|scope, it| scope.auth(it.request.id))),
    row("live", Work::Own(|scope, it| scope.live(it.request, it.arguments))),
    row("watch", Work::Own(|scope, it| scope.watch(it.request, it.arguments))),
];

const fn row(name: &'static str, work: Work) -> Row {
    Row { name, work }
}

const fn records(records: Records) -> Work {
    Work::Records(records)
}

const fn changing(statement: &'static str) -> Work {
    Work::Records(Records::writing(statement, RecordOrAll, Change, RecordOrRecords))
}

impl Operation {
    /// The operation with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        TABLE.get(usize::try_from(number).ok()?).map(Self)
    }

    /// The operation called `name`.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(Self)
    }

    /// The name that failures carry.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Hands it over to `scope`.
    ///
    /// # Errors
    ///
    /// When the session is closed.
    pub fn ask(self, scope: &Arc<Scope>, asked: Asked) -> Result<(), Refusal> {
        match &self.0.work {
            Work::Own(own) => own(scope, asked),
            Work::Records(records) => {
                let name = self.name();
                let prepare = move |json: &[u8], _: &Grammar| records.prepare(name, json);
                scope.run(name, asked.request, asked.arguments, prepare)
            }
            Work::Function => {
                scope.run(self.name(), asked.request, asked.arguments, function::prepare)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    /// Dart knows operations by their place in the same list.
    #[test]
    fn dart_has_the_same_table() {
        const DART: &str = include_str!("../../../lib/src/ffi/native_types.dart");
        let names = DART
            .split_once("enum NativeVerb {")
            .and_then(|(_, rest)| rest.split_once('}'))
            .map(|(names, _)| names.lines().map(str::trim))
            .expect("the enum is there")
            .filter(|line| !line.is_empty() && !line.starts_with("///"));
        let names: Vec<_> = names.map(|name| name.trim_end_matches([',', ';'])).collect();
        assert_eq!(names, TABLE.iter().map(|row| row.name).collect::<Vec<_>>());
    }
}
