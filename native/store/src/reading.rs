//! Reading SurrealQL from outside, so that no text overflows a stack.

use std::io;

use surrealdb_sql::Ast;
use surrealdb_syn::{ParseError, parse_with};
use surrealdb_types::{Error, RecordId, ValidationError};

use crate::failure::Failure;
use crate::grammar::Grammar;
use crate::paths::{LONGEST_PATH, MOST_FANS, has_endless_path};
use crate::room::with_room_for;
use crate::shown::Shown;

/// Reads `text` as a store of this `grammar` does.
///
/// # Errors
///
/// When it cannot be parsed, or holds a path that the engine would overflow
/// its stack with.
pub(crate) fn read(text: &str, grammar: &Grammar) -> Result<Ast, Failure> {
    with_room_for(text, || {
        let ast =
            grammar.statements(text).map_err(|error| Failure::unreadable(&error, text, grammar))?;
        if has_endless_path(text, &ast) {
            let shown = Shown::unreadable(text).beginning();
            return Err(Failure::endless_path(LONGEST_PATH, MOST_FANS).in_statement(&shown));
        }
        Ok(ast)
    })
    .unwrap_or_else(|error| Err(no_room(&error)))
}

/// The system has no memory for the stack that a text could take.
fn no_room(error: &io::Error) -> Failure {
    let message = format!(
        "the text has so many braces that it could take more memory to be read than the system \
         gives ({error}): give it in parts, or bind its values"
    );
    Error::validation(message, ValidationError::Parse).into()
}

/// Reads a record id whose key is a literal, and nothing behind it.
///
/// # Errors
///
/// The parser's, when `text` is something else.
pub(crate) fn read_record_id(text: &str) -> Result<RecordId, ParseError> {
    parse_with(text.as_bytes(), async |parser, stk| {
        let id = parser.parse_value_record_id(stk).await?;
        parser.assert_finished()?;
        Ok(id)
    })
}

/// Reads an identifier, and nothing behind it.
///
/// # Errors
///
/// The parser's, when `text` is something else.
pub(crate) fn read_identifier(text: &str) -> Result<String, ParseError> {
    parse_with(text.as_bytes(), async |parser, _| {
        let name = parser.parse_ident()?.into_string();
        parser.assert_finished()?;
        Ok(name)
    })
}
