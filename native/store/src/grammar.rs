//! How a store reads texts.

use surrealdb_sql::Ast;
use surrealdb_syn::error::RenderedError;
use surrealdb_syn::{ParseError, ParserConfig, ParserSettings, parse_with_settings};

/// How a store reads texts: what may stand in them, and how deep it may be nested. Without
/// further options it is as every store has it that was opened without them.
#[derive(Clone, Debug)]
pub struct Grammar(ParserSettings);

impl From<ParserSettings> for Grammar {
    fn from(settings: ParserSettings) -> Self {
        Self(settings)
    }
}

impl Default for Grammar {
    fn default() -> Self {
        Self(ParserSettings::from_config(&ParserConfig::default()))
    }
}

impl Grammar {
    /// The statements of `text`.
    pub(crate) fn statements(&self, text: &str) -> Result<Ast, ParseError> {
        parse_with_settings(text.as_bytes(), self.0.clone(), async |parser, stk| {
            parser.parse_query(stk).await
        })
    }

    /// Why `text` cannot be read, with the line of `shown` where that is.
    pub(crate) fn reason(&self, text: &str, shown: &str) -> Option<RenderedError> {
        let read = parse_with_settings(text.as_bytes(), self.0.clone(), async |parser, stk| {
            Ok(parser.parse_query(stk).await.err())
        });
        Some(read.ok()??.render_on(shown))
    }
}
