//! Which statements hold a secret.

use surrealdb_expr::expr::statements::AccessStatement;
use surrealdb_expr::expr::statements::alter::{AlterAccessStatement, AlterUserStatement};
use surrealdb_expr::expr::statements::define::{
    DefineAccessStatement, DefineBucketStatement, DefineUserStatement,
};
use surrealdb_expr::expr::visit::Visitor;
use surrealdb_expr::expr::{Function, TopLevelExpr};

/// What is in the text of each that does: no other is worth a look.
const SIGNS: [&str; 5] = ["access", "bucket", "crypto", "http", "user"];

/// What is called with passwords, hashes or the headers of a request.
const FUNCTIONS: [&str; 2] = ["crypto::", "http::"];

/// Whether `statement`, whose text is `text`, defines or changes a user, an
/// access or a bucket, or calls a function with what may be secret.
pub(crate) fn may_hold(statement: surrealdb_sql::TopLevelExpr, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
        && Search.visit_top_level_expr(&TopLevelExpr::from(statement)).is_err()
}

/// That something was found.
struct Found;

struct Search;

impl Visitor for Search {
    type Error = Found;

    fn visit_access(&mut self, _: &AccessStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_define_user(&mut self, _: &DefineUserStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_alter_user(&mut self, _: &AlterUserStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_define_access(&mut self, _: &DefineAccessStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_alter_access(&mut self, _: &AlterAccessStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_define_bucket(&mut self, _: &DefineBucketStatement) -> Result<(), Found> {
        Err(Found)
    }

    fn visit_function(&mut self, function: &Function) -> Result<(), Found> {
        match function {
            Function::Normal(name) if FUNCTIONS.iter().any(|it| name.starts_with(it)) => Err(Found),
            _ => Ok(()),
        }
    }
}
