//! Statements, as the engine reads them.

use std::sync::{Arc, OnceLock};

use surrealdb_sql::statements::define::DefineStatement;
use surrealdb_sql::{Ast, Expr, Function, FunctionCall, Param, TopLevelExpr};
use surrealdb_types::{ToSql, Value, Variables};

use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::parameters::{self, Mistake};
use crate::reading::read;
use crate::rebuilds::rebuilds;
use crate::secrets;
use crate::shown::Shown;

/// What can have an effect outside the store: requests, files, other
/// definitions' endpoints, scripts, extensions.
const OUTSIDE: [&str; 6] = ["http::", "file::", "api::", "function", "mod::", "silo::"];

const OPEN_END: &str = "the text begins a transaction and does not end it, so nothing of it would \
    be kept: put COMMIT (or CANCEL) behind its statements, or use transaction((tx) async {…}) to \
    spread one over several calls";

const LIVE: &str = "LIVE SELECT in query would have nobody to tell of changes: use live(resource) or \
    liveQuery(text) of the session, which give a stream of them";

const NESTED_BEGIN: &str = "the text begins a transaction inside another one, which SurrealDB does \
    not have: put COMMIT or CANCEL in front of the second BEGIN, or leave it out";

/// One or more statements, ready to run.
#[derive(Clone, Debug)]
pub struct Script {
    pub(crate) ast: Ast,
    pub(crate) statements: Statements,
    /// Whether the text is one of ours: then all of its parameters are given.
    pub(crate) is_ours: bool,
}

impl Script {
    /// Reads SurrealQL as every store does that was opened without further options: a text of
    /// ours.
    ///
    /// # Errors
    ///
    /// As for [`Script::read`].
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, Failure> {
        Self::read(text, &Grammar::default())
    }

    /// Reads SurrealQL as a store of this `grammar` does.
    ///
    /// # Errors
    ///
    /// When the text cannot be parsed, with the line and the column, or holds
    /// a path that would overflow the engine's stack.
    pub fn read(text: impl Into<Arc<str>>, grammar: &Grammar) -> Result<Self, Failure> {
        let text = text.into();
        let ast = read(&text, grammar)?;
        let kinds = ast.expressions.iter().map(kind_of).collect();
        let rebuilds = rebuilds(&text, &ast);
        let statements = Statements::new(text, kinds, rebuilds, grammar);
        Ok(Self { ast, statements, is_ours: false })
    }

    /// What looks misspelt among the parameters that the text reads and the
    /// `bindings` that it is given. Not of a text that selects another
    /// database, which may define them.
    pub fn mistakes(&self, bindings: &Variables) -> Vec<Mistake> {
        if self.is_ours || self.statements.kinds.contains(&"use") {
            return Vec::new();
        }
        parameters::mistakes(&self.statements.text, &self.ast, bindings)
    }

    /// Whether every transaction that the text begins ends in it, and the other way round: what
    /// it left open would end with the call, and what it ends was never begun.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub fn check_transactions(&self) -> Result<(), Failure> {
        let mut is_open = false;
        for kind in &self.statements.kinds {
            match (*kind, is_open) {
                ("begin", false) => is_open = true,
                ("commit" | "cancel", true) => is_open = false,
                ("begin", true) => return Err(Failure::invalid(NESTED_BEGIN)),
                ("live", _) => return Err(Failure::invalid(LIVE)),
                ("commit" | "cancel", false) => {
                    let end = kind.to_ascii_uppercase();
                    return Err(Failure::invalid(format!(
                        "the text ends a transaction, with {end}, that it did not begin: put BEGIN \
                         in front of its statements, or use transaction((tx) async {{…}})"
                    )));
                }
                _ => {}
            }
        }
        if is_open { Err(Failure::invalid(OPEN_END)) } else { Ok(()) }
    }

    /// Whether the text can run in a transaction of several calls.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub fn check_in_transaction(&self) -> Result<(), Failure> {
        for kind in &self.statements.kinds {
            let reason = match *kind {
                "begin" => "a transaction has no other inside it",
                "commit" => "it is committed with commit(), or when the body of transaction ends",
                "cancel" => "it is cancelled with cancel(), or when the body of transaction throws",
                "live" => "a live query belongs to a session, and would begin only with the commit",
                _ => continue,
            };
            let kind = kind.to_ascii_uppercase();
            return Err(Failure::invalid(format!("{kind} cannot stand here: {reason}")));
        }
        Ok(())
    }

    /// Whether it may be run again when it was rolled back: it is one statement,
    /// and has no effect outside the store.
    pub fn may_be_repeated(&self) -> bool {
        self.statements.len() == 1 && !self.statements.reach_outside()
    }

    /// Whether the text may read the parameter `name`, as far as it tells: what it
    /// calls may read it all the same.
    pub fn may_read(&self, name: &str) -> bool {
        self.statements.text.contains(name)
    }

    /// Whether this is one `SELECT`, whose rows the engine can give one by one.
    pub fn streams(&self) -> bool {
        self.statements.kinds == ["select"]
    }

    /// Whether this is one `SELECT … FROM ONLY`, which gives no array of rows.
    pub fn selects_only(&self) -> bool {
        matches!(&self.ast.expressions[..], [TopLevelExpr::Expr(Expr::Select(it))] if it.only)
    }

    /// Whether this is one `SELECT` from the table `name` itself.
    pub fn selects_from(&self, name: &str, variables: &Variables) -> bool {
        let [TopLevelExpr::Expr(Expr::Select(select))] = &self.ast.expressions[..] else {
            return false;
        };
        select.what.iter().any(|what| match what {
            Expr::Table(table) => table.as_str() == name,
            Expr::Param(param) => {
                let value = variables.get(param.as_str());
                matches!(value, Some(Value::Table(table)) if table.as_str() == name)
            }
            _ => false,
        })
    }

    /// Whether this is one `LIVE SELECT`.
    pub fn is_live(&self) -> bool {
        self.statements.kinds == ["live"]
    }

    /// The call of a function by its name, such as `fn::greet` or
    /// `math::max`, with the variables `$argument0`, `$argument1`, ... as its
    /// arguments. The name cannot become anything else than a name.
    ///
    /// # Errors
    ///
    /// When `name` is not a function's name.
    pub fn call(name: &str, arguments: usize, grammar: &Grammar) -> Result<Self, Failure> {
        let receiver = function(name, grammar).ok_or_else(|| {
            let name = Shown::unreadable(name).beginning();
            Failure::invalid(format!("`{name}` is not the name of a function"))
        })?;
        let arguments = (0..arguments).map(|i| Expr::Param(Param::new(Self::argument(i))));
        let call = FunctionCall { receiver, arguments: arguments.collect() };
        let ast = Ast::single_expr(Expr::FunctionCall(Box::new(call)));
        let text = ast.expressions[0].to_sql().into();
        let statements = Statements::new(text, vec!["other"], Vec::new(), grammar);
        Ok(Self { ast, statements, is_ours: true })
    }

    /// Whether `definition`, as the engine writes it, defines a strict database.
    pub fn defines_strict_database(definition: &str) -> bool {
        let read = read(definition, &Grammar::default());
        let expressions = read.map(|ast| ast.expressions).unwrap_or_default();
        matches!(&expressions[..], [TopLevelExpr::Expr(Expr::Define(definition))]
            if matches!(&**definition, DefineStatement::Database(database) if database.strict))
    }

    /// The name of the variable for the argument at `index` of a
    /// [`Script::call`].
    pub fn argument(index: usize) -> String {
        format!("argument{index}")
    }
}

/// The function called `name`: the engine reads names only where they are
/// called, so a call has to be all that there is.
fn function(name: &str, grammar: &Grammar) -> Option<Function> {
    let mut statements = read(&format!("{name}()"), grammar).ok()?.expressions;
    match (statements.pop()?, statements.is_empty()) {
        (TopLevelExpr::Expr(Expr::FunctionCall(call)), true) if call.arguments.is_empty() => {
            Some(call.receiver)
        }
        _ => None,
    }
}

/// What is known of a script's statements after it has run.
#[derive(Clone, Debug)]
pub(crate) struct Statements {
    text: Arc<str>,
    kinds: Vec<&'static str>,
    /// Whether each rebuilds an index; empty, if none does.
    rebuilds: Vec<bool>,
    /// The text of each, once a failure has asked for one: the whole is parsed
    /// again for it.
    texts: OnceLock<Vec<String>>,
    grammar: Grammar,
}

impl Statements {
    fn new(
        text: Arc<str>,
        kinds: Vec<&'static str>,
        rebuilds: Vec<bool>,
        grammar: &Grammar,
    ) -> Self {
        Self { text, kinds, rebuilds, texts: OnceLock::new(), grammar: grammar.clone() }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether one of them rebuilds an index.
    pub(crate) fn any_rebuilds(&self) -> bool {
        self.rebuilds.contains(&true)
    }

    /// Whether the statement at `index` does.
    pub(crate) fn rebuilds(&self, index: usize) -> bool {
        self.rebuilds.get(index).is_some_and(|it| *it)
    }

    /// What kind of statement stands at `index`: the engine's name for it.
    pub(crate) fn kind(&self, index: usize) -> &'static str {
        self.kinds[index]
    }

    /// Whether something in the text can have an effect outside the store, as
    /// far as the text tells: it also says so of a string that looks like it.
    pub(crate) fn reach_outside(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        let file = |(at, _): (usize, &str)| {
            !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        };
        OUTSIDE.iter().any(|name| text.contains(name))
            || text.match_indices("f\"").chain(text.match_indices("f'")).any(file)
    }

    /// The text of the statement at `index`, shortened, and without what may be
    /// secret in it.
    pub(crate) fn text(&self, index: usize) -> Option<&str> {
        let texts = self.texts.get_or_init(|| {
            let Ok(script) = Script::read(Arc::clone(&self.text), &self.grammar) else {
                // The call of a function, with the names of its arguments.
                return vec![Shown::readable(&self.text, false).beginning()];
            };
            let one = self.len() == 1;
            let statements = script.ast.expressions.into_iter();
            statements
                .map(|statement| {
                    let text = if one { self.text.to_string() } else { statement.to_sql() };
                    let secret = secrets::may_hold(statement, &text);
                    Shown::readable(&text, secret).beginning()
                })
                .collect()
        });
        texts.get(index).map(String::as_str)
    }
}

/// The engine's own classification (`surrealdb-core`, `dbs/top_level.rs`),
/// which it keeps to itself.
fn kind_of(statement: &TopLevelExpr) -> &'static str {
    match statement {
        TopLevelExpr::Begin => "begin",
        TopLevelExpr::Cancel => "cancel",
        TopLevelExpr::Commit => "commit",
        TopLevelExpr::Access(_) => "access",
        TopLevelExpr::Kill(_) => "kill",
        TopLevelExpr::Live(_) => "live",
        TopLevelExpr::Option(_) => "option",
        TopLevelExpr::Use(_) => "use",
        TopLevelExpr::Show(_) => "show",
        TopLevelExpr::Expr(expression) => match expression {
            Expr::Select(_) => "select",
            Expr::Create(_) => "create",
            Expr::Update(_) => "update",
            Expr::Upsert(_) => "upsert",
            Expr::Delete(_) => "delete",
            Expr::Relate(_) => "relate",
            Expr::Insert(_) => "insert",
            Expr::Define(_) => "define",
            Expr::Remove(_) => "remove",
            Expr::Rebuild(_) => "rebuild",
            Expr::Alter(_) => "alter",
            Expr::Info(_) => "info",
            Expr::Foreach(_) => "for",
            Expr::IfElse(_) => "if",
            Expr::Sleep(_) => "sleep",
            Expr::Explain { .. } => "explain",
            Expr::Let(_) => "let",
            Expr::Return(_) => "return",
            Expr::Break => "break",
            Expr::Continue => "continue",
            Expr::Throw(_) => "throw",
            Expr::Block(_) => "block",
            _ => "other",
        },
    }
}
