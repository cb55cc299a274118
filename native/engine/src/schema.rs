//! What has to be looked up in the database, when a call goes wrong, to tell
//! what it means: with the owner's rights, whoever calls.

use surrealdartb_bridge::Interrupt;
use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{Failure, Mistake, Run, Script};
use surrealdb_types::{Object, Value, Variables};

use crate::session::Snapshot;

/// Refuses a script that reads a parameter which nobody gives, beside a
/// binding that it does not use.
pub(crate) async fn check_parameters(
    session: &Snapshot,
    script: &Script,
    bindings: &Variables,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let set = &session.session.variables();
    let mut mistakes = script.mistakes(bindings);
    mistakes.retain(|Mistake { parameter, .. }| set.get(parameter).is_none());
    if mistakes.is_empty() {
        return Ok(());
    }
    let defined = read(session, "INFO FOR DB", "params", interrupt).await;
    mistakes.retain(|Mistake { parameter, .. }| defined.get(parameter).is_none());
    match mistakes.into_iter().next() {
        Some(mistake) => Err(mistake.into_failure()),
        None => Ok(()),
    }
}

/// Whether every table of the session's database has to be defined before it
/// is used.
pub(crate) async fn is_strict(session: &Snapshot, interrupt: &Interrupt) -> bool {
    let databases = read(session, "INFO FOR NS", "databases", interrupt).await;
    let name = session.session.database().unwrap_or_default();
    match databases.get(name) {
        Some(Value::String(definition)) => Script::defines_strict_database(definition),
        _ => false,
    }
}

/// Whether the session's database has the table `name`.
pub(crate) async fn has_table(
    session: &Snapshot,
    name: Option<&str>,
    interrupt: &Interrupt,
) -> bool {
    let tables = read(session, "INFO FOR DB", "tables", interrupt).await;
    name.is_some_and(|name| tables.get(name).is_some())
}

/// What the statement `info` lists as `part`; nothing if it cannot be read.
async fn read(session: &Snapshot, info: &str, part: &str, interrupt: &Interrupt) -> Object {
    let Some(owner) = session.session.as_owner() else { return Object::new() };
    let listed = async {
        let script = Script::parse(info)?;
        let run = Run {
            script,
            variables: Variables::new(),
            cancelled: interrupt.token(),
            attempt: Attempt::new(Standing::Fails, Vec::new()),
        };
        owner.run(run).await?.into_value()
    };
    match listed.await {
        Ok(Value::Object(mut info)) => match info.remove(part) {
            Some(Value::Object(part)) => part,
            _ => Object::new(),
        },
        _ => Object::new(),
    }
}
