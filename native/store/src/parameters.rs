//! Which parameters a script reads, and who gives them.

use std::collections::BTreeSet;
use std::convert::Infallible;

use surrealdb_expr::expr::statements::alter::AlterStatement;
use surrealdb_expr::expr::statements::define::{
    DefineFunctionStatement, DefineParamStatement, DefineStatement,
};
use surrealdb_expr::expr::statements::{ForeachStatement, SetStatement};
use surrealdb_expr::expr::visit::{Visit, Visitor};
use surrealdb_expr::expr::{ClosureExpr, LogicalPlan, Param};
use surrealdb_sql::Ast;
use surrealdb_syn::lexer::Lexer;
use surrealdb_syn::token::{Delim, TokenKind};
use surrealdb_types::Variables;

use crate::failure::Failure;

/// What the engine gives, at one place or another.
const ENGINES: [&str; 15] = [
    "access",
    "action",
    "after",
    "auth",
    "before",
    "event",
    "input",
    "parent",
    "reference",
    "request",
    "self",
    "session",
    "this",
    "token",
    "value",
];

/// A parameter that a text reads and nobody gives, beside a binding that the
/// text does not use: most likely, one of the two is misspelt. The engine would
/// read NONE, and `n < NONE` holds for no record, `n > NONE` for all.
#[derive(Debug, PartialEq)]
pub struct Mistake {
    /// The parameter that is read.
    pub parameter: String,
    /// The binding that is not.
    pub binding: String,
}

impl Mistake {
    /// How a call fails that would make the mistake.
    pub fn into_failure(self) -> Failure {
        let Self { parameter, binding } = self;
        let reason = format!(
            "the text reads the parameter `${parameter}`, which nobody gives, and does not use \
             the binding `{binding}`: is `{parameter}` meant? Nothing of the text has run"
        );
        Failure::unknown_parameter(&parameter, reason)
    }
}

/// The mistakes in `text`, which `ast` is, with its `bindings`. What is given
/// elsewhere, by the session or by a `DEFINE PARAM`, the caller knows.
pub(crate) fn mistakes(text: &str, ast: &Ast, bindings: &Variables) -> Vec<Mistake> {
    let bound = |name: &str| bindings.get(name).is_some() || ENGINES.contains(&name);
    // Nearly all texts end here, or after their tokens.
    if bindings.is_empty() || names(text).all(bound) {
        return Vec::new();
    }
    let mut parameters = Parameters::default();
    parameters.read_text(text);
    if bindings.iter().all(|(name, _)| parameters.used.contains(name)) {
        return Vec::new();
    }
    parameters.read_plan(ast);
    let Parameters { used, read, given, .. } = parameters;
    let unused = bindings.iter().map(|(name, _)| name).filter(|name| !used.contains(*name));
    let unused: Vec<&String> = unused.collect();
    let unknown = read.into_iter().filter(|name| !bound(name) && !given.contains(name));
    let nearest = |name: &str| unused.iter().min_by_key(|binding| distance(name, binding));
    unknown
        .filter_map(|parameter| {
            let binding = (*nearest(&parameter)?).clone();
            Some(Mistake { parameter, binding })
        })
        .collect()
}

/// Whatever looks like the name of a parameter in `text`, be it in a string.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').map(|(at, _)| {
        let name = &text[at + 1..];
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        &name[..name.find(|c| !plain(c)).unwrap_or(name.len())]
    })
}

/// How many characters have to be added, taken away, changed, or swapped with
/// the next one, to make one name the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let same = usize::from(one[i - 1] != other[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[derive(Default)]
struct Parameters {
    /// Those that stand anywhere.
    used: BTreeSet<String>,
    /// Those that are read while the text runs: what a definition holds is
    /// read later, and gets others.
    read: BTreeSet<String>,
    /// Those that the text itself gives.
    given: BTreeSet<String>,
    /// In how many definitions the visitor is.
    definitions: usize,
}

impl Parameters {
    fn read_plan(&mut self, ast: &Ast) {
        for expression in LogicalPlan::from(ast.clone()).expressions {
            let Ok(()) = self.visit_top_level_expr(&expression);
        }
    }

    /// The engine's visitor does not look everywhere, such as at `START`. A
    /// regular expression, where a `$` is something else, looks like a division.
    fn read_text(&mut self, text: &str) {
        let (mut depth, mut defines) = (0_usize, false);
        let mut read = BTreeSet::new();
        let mut divides = false;
        for token in Lexer::new(text.as_bytes()) {
            let at = token.span.to_range();
            let word = &text[at.start as usize..at.end as usize];
            match token.kind {
                TokenKind::OpenDelim(Delim::Brace) => depth += 1,
                TokenKind::CloseDelim(Delim::Brace) => depth = depth.saturating_sub(1),
                TokenKind::SemiColon if depth == 0 => defines = false,
                TokenKind::ForwardSlash => divides = true,
                TokenKind::Parameter => {
                    let name = word.trim_start_matches('$').trim_matches(['`', '⟨', '⟩']);
                    self.used.insert(name.to_owned());
                    if !defines {
                        read.insert(name.to_owned());
                    }
                }
                _ => {
                    let definition = ["DEFINE", "ALTER"];
                    defines |= definition.iter().any(|it| word.eq_ignore_ascii_case(it));
                }
            }
        }
        if !divides {
            self.read.append(&mut read);
        }
    }

    fn define<V: Visit<Self>>(&mut self, definition: &V) -> Result<(), Infallible> {
        self.definitions += 1;
        definition.visit(self)?;
        self.definitions -= 1;
        Ok(())
    }
}

impl Visitor for Parameters {
    type Error = Infallible;

    fn visit_param(&mut self, parameter: &Param) -> Result<(), Infallible> {
        self.used.insert(parameter.as_str().to_owned());
        if self.definitions == 0 {
            self.read.insert(parameter.as_str().to_owned());
        }
        Ok(())
    }

    fn visit_set(&mut self, statement: &SetStatement) -> Result<(), Infallible> {
        self.given.insert(statement.name.to_string());
        statement.visit(self)
    }

    fn visit_foreach(&mut self, statement: &ForeachStatement) -> Result<(), Infallible> {
        self.given.insert(statement.param.as_str().to_owned());
        statement.visit(self)
    }

    fn visit_closure(&mut self, closure: &ClosureExpr) -> Result<(), Infallible> {
        self.given.extend(closure.args.iter().map(|(name, _)| name.as_str().to_owned()));
        closure.visit(self)
    }

    fn visit_define(&mut self, statement: &DefineStatement) -> Result<(), Infallible> {
        self.define(statement)
    }

    fn visit_alter(&mut self, statement: &AlterStatement) -> Result<(), Infallible> {
        self.define(statement)
    }

    fn visit_define_param(&mut self, statement: &DefineParamStatement) -> Result<(), Infallible> {
        self.given.insert(statement.name.to_string());
        statement.visit(self)
    }

    fn visit_define_function(
        &mut self,
        statement: &DefineFunctionStatement,
    ) -> Result<(), Infallible> {
        self.given.extend(statement.args.iter().map(|(name, _)| name.clone()));
        statement.visit(self)
    }
}
