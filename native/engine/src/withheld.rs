//! Parameters that a session has, and most of its calls do not read.

use surrealdartb_store::Script;
use surrealdb::types::{Value, Variables};
use surrealdb_core::dbs::Session;

/// What a parameter may weigh that every call is given. The engine (3.3.5) copies all
/// of them for each.
const HEAVY: usize = 256;

/// How many bytes weigh as much as a value.
const BYTES: usize = 64;

/// A session as it is given to one statement, and the names of the parameters that
/// it is given without.
///
/// A parameter that is withheld and read all the same is looked for in the store,
/// where definitions of parameters are: there it is seen, before the statement has an
/// effect, and the statement is run again with all of them.
pub(crate) struct Lighter {
    pub(crate) session: Session,
    pub(crate) withheld: Vec<String>,
}

impl Lighter {
    /// What `script` is given of `session`; nothing if that is all of it.
    pub(crate) fn of(session: &Session, script: &Script) -> Option<Self> {
        // Where there is no database, nothing is looked for in it.
        let may_miss = session.ns.is_some() && session.db.is_some() && script.may_be_repeated();
        if session.variables.is_empty() || !may_miss {
            return None;
        }
        let withheld = |name: &str, value| is_heavy(value) && !script.may_read(name);
        let withheld: Vec<_> = session
            .variables
            .iter()
            .filter(|(name, value)| withheld(name, value))
            .map(|(name, _)| name.clone())
            .collect();
        (!withheld.is_empty()).then(|| Self { session: without(session, &withheld), withheld })
    }
}

/// A copy of `session` that never holds what is withheld.
fn without(session: &Session, withheld: &[String]) -> Session {
    let mut variables = Variables::new();
    for (name, value) in session.variables.iter().filter(|(name, _)| !withheld.contains(name)) {
        variables.insert(name.clone(), value.clone());
    }
    Session {
        au: session.au.clone(),
        rt: session.rt,
        ip: session.ip.clone(),
        or: session.or.clone(),
        id: session.id,
        ns: session.ns.clone(),
        db: session.db.clone(),
        ac: session.ac.clone(),
        tk: session.tk.clone(),
        rd: session.rd.clone(),
        data: session.data.clone(),
        exp: session.exp,
        variables,
        new_planner_strategy: session.new_planner_strategy,
        redact_volatile_explain_attrs: session.redact_volatile_explain_attrs,
    }
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
