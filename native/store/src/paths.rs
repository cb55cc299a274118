//! How long the paths in texts and in data are.
//!
//! The engine (3.3.5) bounds how deep a text is nested, but not how many parts
//! a path has, such as `a->b->c`, `a.b.c` or `a.{ b.{ c } }`; it plans and runs
//! some parts by recursion, and prints some at the cost of their square. Strings
//! become paths too: `type::field($x)`, `FETCH $x`. What a part takes of the
//! stack is in `doc/decisions/0015-a-path-has-an-end.md`, and what a part that stands
//! for all items takes of the memory.

use surrealdb_expr::expr::part::{DestructurePart, Part};
use surrealdb_expr::expr::visit::{Visit, Visitor};
use surrealdb_expr::expr::{Idiom, Literal, TopLevelExpr};
use surrealdb_sql::Ast;
use surrealdb_types::{Object, Value};

use crate::failure::Failure;
use crate::room::with_room_for;

/// The most parts that a path may have, with the parts that lead to it: those
/// of a path in brackets of another one count on.
pub(crate) const LONGEST_PATH: usize = 500;

/// The fewest bytes that a longer one takes: a part is at least `.b`.
const SHORTEST_TEXT: usize = 2 * LONGEST_PATH;

/// How many of the parts may stand for all items, or all that fit, of what leads to
/// them. Over records that link in a circle each multiplies what the engine holds in
/// memory, at least by two: 33 of them fill any.
pub(crate) const MOST_FANS: usize = 16;

/// Whether a path in `text` can be one that is refused. Nearly all texts are too
/// short, and have too few of the signs.
fn may_be_endless(text: &str) -> bool {
    text.len() > SHORTEST_TEXT
        || text.bytes().filter(|it| matches!(it, b'*' | b'[')).nth(MOST_FANS).is_some()
}

/// Whether a path of `ast`, which was read from `text`, is longer, or one that
/// is in a string of it.
pub(crate) fn has_endless_path(text: &str, ast: &Ast) -> bool {
    may_be_endless(text)
        && ast.expressions.iter().any(|statement| {
            // The engine's visitor goes through what it lowers a text to.
            let statement = TopLevelExpr::from(statement.clone());
            Parts::default().visit_top_level_expr(&statement).is_err()
        })
}

/// Checks data from outside, which `what` names: statements can read a string
/// as a path, now or when it has been stored.
///
/// # Errors
///
/// When a string of it begins with a path that is longer.
pub fn check_data(data: &Object, what: &str) -> Result<(), Failure> {
    if data.iter().any(|(_, value)| holds_endless_path(value)) {
        return Err(Failure::endless_string(what, LONGEST_PATH, MOST_FANS));
    }
    Ok(())
}

fn holds_endless_path(value: &Value) -> bool {
    match value {
        Value::String(text) => is_endless_path(text),
        Value::Array(items) => items.iter().any(holds_endless_path),
        Value::Set(items) => items.iter().any(holds_endless_path),
        Value::Object(entries) => entries.values().any(holds_endless_path),
        _ => false,
    }
}

/// Whether `text` begins with a path that is longer. The engine ignores what
/// follows a path in a string.
fn is_endless_path(text: &str) -> bool {
    if !may_be_endless(text) {
        return false;
    }
    // The path of a sentence ends with its first word, without an error to be
    // worded; nearly all else that is long begins with none of these.
    let begin = text.trim_start().chars().next();
    if !begin.is_some_and(|it| it.is_ascii_alphabetic() || !it.is_ascii() || "_`-</#".contains(it))
    {
        return false;
    }
    with_room_for(text, || {
        surrealdb_syn::idiom(text)
            .is_ok_and(|path| Parts::default().visit_idiom(&Idiom::from(path)).is_err())
    })
    // Without the memory to read it, nobody can.
    .unwrap_or(true)
}

/// Goes through a statement until a path is too long.
#[derive(Clone, Copy, Default)]
struct Parts {
    /// How many parts lead to where it is.
    outer: usize,
    /// How many of them stand for all items.
    fans: usize,
}

/// A path has more parts than [`LONGEST_PATH`], or more than [`MOST_FANS`] of them
/// stand for all items.
struct Endless;

impl Parts {
    fn next(&mut self) -> Result<(), Endless> {
        self.outer += 1;
        if self.outer > LONGEST_PATH { Err(Endless) } else { Ok(()) }
    }
}

impl Visitor for Parts {
    type Error = Endless;

    fn visit_idiom(&mut self, path: &Idiom) -> Result<(), Endless> {
        let outer = *self;
        for part in &path.0 {
            self.next()?;
            if matches!(part, Part::All | Part::Where(_)) {
                self.fans += 1;
                if self.fans > MOST_FANS {
                    return Err(Endless);
                }
            }
            self.visit_part(part)?;
        }
        *self = outer;
        Ok(())
    }

    fn visit_destructure_part(&mut self, part: &DestructurePart) -> Result<(), Endless> {
        let outer = *self;
        self.next()?;
        self.fans += usize::from(matches!(part, DestructurePart::All(_)));
        part.visit(self)?;
        *self = outer;
        Ok(())
    }

    fn visit_literal(&mut self, literal: &Literal) -> Result<(), Endless> {
        match literal {
            Literal::String(text) if is_endless_path(text) => Err(Endless),
            _ => literal.visit(self),
        }
    }
}
