//! A text that the engine cannot read, as its failure shows it.

use surrealdb_syn::error::RenderedError;

use crate::grammar::Grammar;
use crate::shown::Shown;

/// Shorter pieces of a text are not looked for in a message: what is hidden is
/// hardly a secret, and would be found in the engine's own words.
const SHORTEST_SECRET: usize = 4;

/// What is shown of a text that the engine cannot read on at a line and a
/// column, counted from 1.
pub(crate) struct Unreadable<'a> {
    text: &'a str,
    shown: Shown<'a>,
    at: Option<(i64, i64)>,
}

impl<'a> Unreadable<'a> {
    pub(crate) fn of(text: &'a str, at: Option<(i64, i64)>) -> Self {
        Self { text, shown: Shown::unreadable(text), at }
    }

    /// The engine's message, with the line that it is about.
    ///
    /// The engine shows that line of the text that it is given. So it says where
    /// it stands once more, and is given the text without its secrets to show.
    pub(crate) fn message(&self, told: &RenderedError, grammar: &Grammar) -> String {
        let again = grammar.reason(self.text, &self.shown.masked());
        let mut message = match again {
            Some(again) => format!("Parse error: {again}"),
            None => format!("Parse error: {}", told.errors.join("\n")),
        };
        for secret in self.shown.hidden().filter(|it| it.len() >= SHORTEST_SECRET) {
            if message.contains(secret) {
                message = message.replace(secret, "…");
            }
        }
        message
    }

    /// The beginning of the statement that cannot be read.
    pub(crate) fn statement(&self) -> String {
        self.shown.statement_at(self.offset().unwrap_or(0))
    }

    /// Which byte of the text stands there.
    fn offset(&self) -> Option<usize> {
        let (line, column) = self.at?;
        let (line, column) = (usize::try_from(line - 1).ok()?, usize::try_from(column - 1).ok()?);
        let mut lines = self.text.split_inclusive('\n');
        let start: usize = lines.by_ref().take(line).map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        let inside = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        Some(start + inside)
    }
}
