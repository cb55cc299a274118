//! Parameters that a session has, and most of its calls do not read.

use surrealdartb_store::{Script, Session};
use surrealdb_types::Value;

/// What a parameter may weigh that every call is given. The engine (3.3.5) copies all
/// of them for each.
const HEAVY: usize = 256;

/// How many bytes weigh as much as a value.
const BYTES: usize = 64;

/// The names of the parameters of `session` that `script` is run without.
///
/// A parameter that is withheld and read all the same is looked for in the store,
/// where definitions of parameters are: there it is seen, before the statement has an
/// effect, and the statement is run again with all of them.
pub(crate) fn withheld(session: &dyn Session, script: &Script) -> Vec<String> {
    let variables = session.variables();
    // Where there is no database, nothing is looked for in it.
    let may_miss =
        session.namespace().is_some() && session.database().is_some() && script.may_be_repeated();
    if variables.is_empty() || !may_miss {
        return Vec::new();
    }
    let is_withheld = |name: &str, value| is_heavy(value) && !script.may_read(name);
    let withheld = variables.iter().filter(|(name, value)| is_withheld(name, value));
    withheld.map(|(name, _)| name.clone()).collect()
}

fn is_heavy(value: &Value) -> bool {
    weigh(value, HEAVY).is_none()
}

/// What is left of `budget` beside `value`; nothing if that weighs more. It looks at
/// no more than the budget allows.
fn weigh(value: &Value, budget: usize) -> Option<usize> {
    let budget = budget.checked_sub(1)?;
    match value {
        Value::String(text) => budget.checked_sub(text.len() / BYTES),
        Value::Array(items) => items.iter().try_fold(budget, |left, it| weigh(it, left)),
        Value::Set(items) => items.iter().try_fold(budget, |left, it| weigh(it, left)),
        Value::Object(fields) => fields
            .iter()
            .try_fold(budget, |left, (name, it)| weigh(it, left.checked_sub(name.len() / BYTES)?)),
        // A geometry of any size is rare, and costs what it costs.
        _ => Some(budget),
    }
}
