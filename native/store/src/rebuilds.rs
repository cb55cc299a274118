//! Which statements rebuild an index.

use surrealdb_expr::expr::TopLevelExpr;
use surrealdb_expr::expr::statements::rebuild::RebuildStatement;
use surrealdb_expr::expr::visit::Visitor;
use surrealdb_sql::Ast;

/// Whether each statement of `ast`, which was read from `text`, rebuilds an index,
/// at whatever depth: in a block, a condition, a loop. (What a function does that it
/// calls is not seen.)
pub(crate) fn rebuilds(text: &str, ast: &Ast) -> Vec<bool> {
    const WORD: &[u8] = b"rebuild";
    // Nearly all texts end here.
    if !text.as_bytes().windows(WORD.len()).any(|it| it.eq_ignore_ascii_case(WORD)) {
        return Vec::new();
    }
    let rebuilds = |statement: &surrealdb_sql::TopLevelExpr| {
        let statement = TopLevelExpr::from(statement.clone());
        Finder.visit_top_level_expr(&statement).is_err()
    };
    ast.expressions.iter().map(rebuilds).collect()
}

/// Goes through a statement until one rebuilds an index.
struct Finder;

/// One does.
struct Found;

impl Visitor for Finder {
    type Error = Found;

    fn visit_rebuild(&mut self, _: &RebuildStatement) -> Result<(), Found> {
        Err(Found)
    }
}
