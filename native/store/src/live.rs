//! The statements of live queries.

use surrealdb_sql::statements::SelectStatement;
use surrealdb_sql::{Ast, Cond, Expr, Fields, TopLevelExpr};
use surrealdb_types::{RecordId, RecordIdKey, RecordIdKeyRange, Table, ToSql, Value, Variables};

use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::reading::read;
use crate::resource::Resource;
use crate::script::Script;

const TABLE: &str = "surrealdartb_table";
const FROM: &str = "surrealdartb_from";
const TO: &str = "surrealdartb_to";

/// What a live query tells of.
#[derive(Clone, Debug, Default)]
pub struct LiveParts {
    /// Whether an update is told as what has changed.
    pub diff: bool,
    /// What is told of a record; all of it if there is none.
    pub fields: Vec<String>,
    /// Of which records; of all if there is none.
    pub condition: Option<String>,
    /// Which links are followed.
    pub fetch: Vec<String>,
}

impl LiveParts {
    /// The statement that tells of `resource`, with its `variables`, to which those are added
    /// that stand for the resource.
    ///
    /// # Errors
    ///
    /// When a text is not what it has to be: nothing of one part can become a part of another.
    pub fn script(
        self,
        resource: Resource,
        variables: &mut Variables,
        grammar: &Grammar,
    ) -> Result<Script, Failure> {
        let (table, from, to) = match resource {
            Resource::Table(table) => (table, None, None),
            Resource::Record(id) => {
                let table = id.table.clone();
                variables.insert(FROM, Value::RecordId(id));
                (table, Some("id = $surrealdartb_from"), None)
            }
            Resource::Range(RecordId { table, key }) => {
                let RecordIdKey::Range(range) = key else {
                    return Err(Failure::invalid("a range of records has a range as its key"));
                };
                let RecordIdKeyRange { start, end } = *range;
                let mut bound = |name, bound, including, excluding| {
                    use std::ops::Bound::{Excluded, Included, Unbounded};
                    let (key, text) = match bound {
                        Included(key) => (key, including),
                        Excluded(key) => (key, excluding),
                        Unbounded => return None,
                    };
                    variables.insert(name, Value::RecordId(RecordId::new(table.clone(), key)));
                    Some(text)
                };
                let from =
                    bound(FROM, start, "id >= $surrealdartb_from", "id > $surrealdartb_from");
                let to = bound(TO, end, "id <= $surrealdartb_to", "id < $surrealdartb_to");
                (table, from, to)
            }
        };
        variables.insert(TABLE, Value::Table(table));
        let fields = match (self.diff, &self.fields[..]) {
            (true, _) => "DIFF".to_owned(),
            (false, []) => "*".to_owned(),
            (false, fields) => shown(fields, |it| field(it, grammar))?,
        };
        let condition = self.condition.as_deref().map(|it| condition(it, grammar)).transpose()?;
        let all = [from.map(str::to_owned), to.map(str::to_owned), condition];
        let all: Vec<_> = all.into_iter().flatten().map(|it| format!("({it})")).collect();
        let mut text = format!("LIVE SELECT {fields} FROM ${TABLE}");
        if !all.is_empty() {
            text = format!("{text} WHERE {}", all.join(" AND "));
        }
        if !self.fetch.is_empty() {
            text = format!("{text} FETCH {}", shown(&self.fetch, |it| fetched(it, grammar))?);
        }
        Script::read(text, grammar)
    }
}

impl Script {
    /// The statement that defines a table as the first record of it does.
    ///
    /// # Errors
    ///
    /// When the name of the table cannot be read again.
    pub fn define_table(table: &Table) -> Result<Self, Failure> {
        let table = table.to_sql();
        Self::parse(format!(
            "DEFINE TABLE IF NOT EXISTS {table} TYPE ANY SCHEMALESS PERMISSIONS NONE"
        ))
    }

    /// The table of a `LIVE SELECT`, as far as it is known without running it.
    pub fn live_table(&self, variables: &Variables) -> Option<String> {
        let [TopLevelExpr::Live(live)] = &self.ast.expressions[..] else { return None };
        match &live.what {
            Expr::Table(name) => Some(name.to_string()),
            Expr::Param(param) => match variables.get(param.as_str()) {
                Some(Value::Table(table)) => Some(table.as_str().to_owned()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Checks that `text` is one expression of SurrealQL, as it can stand behind `WHERE`.
///
/// # Errors
///
/// When it cannot be parsed, or is more than that.
pub fn check_expression(text: &str) -> Result<(), Failure> {
    condition(text, &Grammar::default()).map(drop)
}

fn shown(
    texts: &[String],
    read: impl Fn(&str) -> Result<String, Failure>,
) -> Result<String, Failure> {
    Ok(texts.iter().map(|it| read(it)).collect::<Result<Vec<_>, _>>()?.join(", "))
}

fn condition(text: &str, grammar: &Grammar) -> Result<String, Failure> {
    let select = select(["SELECT * FROM t WHERE ", text, ""], grammar, |plain, it| {
        plain.cond.clone_from(&it.cond);
    })?;
    match select.and_then(|it| it.cond) {
        Some(Cond(expression)) => Ok(expression.to_sql()),
        None => Err(unfit(text, "one condition, such as `age > $least`")),
    }
}

fn field(text: &str, grammar: &Grammar) -> Result<String, Failure> {
    let select = select(["SELECT ", text, "\nFROM t"], grammar, |plain, it| {
        plain.fields.clone_from(&it.fields);
    })?;
    match select.map(|it| it.fields) {
        Some(fields @ Fields::Select(_)) if count(&fields) == 1 => Ok(fields.to_sql()),
        _ => Err(unfit(text, "one field, such as `name` or `address.city AS city`")),
    }
}

fn fetched(text: &str, grammar: &Grammar) -> Result<String, Failure> {
    let select = select(["SELECT * FROM t FETCH ", text, ""], grammar, |plain, it| {
        plain.fetch.clone_from(&it.fetch);
    })?;
    match select.and_then(|it| it.fetch) {
        Some(fetch) if fetch.0.len() == 1 => Ok(fetch.0[0].to_sql()),
        _ => Err(unfit(text, "one link to fetch, such as `author`")),
    }
}

fn count(fields: &Fields) -> usize {
    match fields {
        Fields::Value(_) => 1,
        Fields::Select(fields) => fields.len(),
    }
}

/// The statement `before`, `text`, `behind`, if it differs from `SELECT * FROM t` only in what
/// `take` takes over from it.
fn select(
    [before, text, behind]: [&str; 3],
    grammar: &Grammar,
    take: impl Fn(&mut SelectStatement, &SelectStatement),
) -> Result<Option<SelectStatement>, Failure> {
    let one = |ast: Ast| {
        let [TopLevelExpr::Expr(Expr::Select(select))] = &ast.expressions[..] else { return None };
        Some(SelectStatement::clone(select))
    };
    if text.trim_end().ends_with(';') {
        return Ok(None);
    }
    let read_whole = read(&format!("{before}{text}{behind}"), grammar)?;
    let (Some(select), Some(mut plain)) = (one(read_whole), one(read("SELECT * FROM t", grammar)?))
    else {
        return Ok(None);
    };
    take(&mut plain, &select);
    Ok((plain == select).then_some(select))
}

fn unfit(text: &str, needed: &str) -> Failure {
    Failure::invalid(format!("`{text}` is not {needed}"))
}
