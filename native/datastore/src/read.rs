//! Reading pieces of SurrealQL that are no statements.

use anyhow::Result;
use surrealdb::types::RecordId;
use surrealdb_core::syn::parse_with;

/// Reads a record id whose key is a literal, and nothing behind it.
///
/// # Errors
///
/// The parser's, when `text` is something else.
pub fn read_record_id(text: &str) -> Result<RecordId> {
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
pub fn read_identifier(text: &str) -> Result<String> {
    parse_with(text.as_bytes(), async |parser, _| {
        let name = parser.parse_ident()?.into_string();
        parser.assert_finished()?;
        Ok(name)
    })
}
