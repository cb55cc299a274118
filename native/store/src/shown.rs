//! What a failure shows of a text: nothing that may be secret in it.
//!
//! The text is read with the engine's own lexer, so that neither a line break
//! nor a comment nor another spelling hides a password from it.

use std::ops::Range;

use surrealdb_syn::lexer::Lexer;
use surrealdb_syn::token::{Delim, TokenKind};

/// How much of a statement's text a failure carries.
const LONGEST_TEXT: usize = 200;

/// How much of a text is read to show its beginning.
const LONGEST_READ: usize = 64 * LONGEST_TEXT;

/// What comes before a secret. Without its quotes it is a name to the lexer.
const BEFORE_SECRETS: [&str; 4] = ["PASSWORD", "PASSHASH", "PASSSCRAM", "KEY"];

/// What is in a text that may hold one.
const SIGNS: [&str; 7] = ["access", "crypto", "key", "pass", "secret", "token", "user"];

/// A text in its pieces, and which of them are not shown.
pub(crate) struct Shown<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
}

struct Piece {
    at: Range<usize>,
    kind: Kind,
    hidden: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Space,
    Comment,
    Literal,
    /// A name, a number or a parameter.
    Word,
    /// A keyword, an operator, a delimiter.
    Own,
    /// What opens a string, a name or a comment that never ends.
    Broken,
    Slash,
    Begin,
    End,
    Semicolon,
}

impl<'a> Shown<'a> {
    /// A text that the engine can read. Of one that is `secret` only the
    /// engine's own words and the names are shown.
    pub(crate) fn readable(text: &'a str, secret: bool) -> Self {
        let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST_READ);
        let mut shown = Self::read(&text[..end.unwrap_or(text.len())]);
        let unsure = shown.is_unsure();
        shown.hide(|kind| match kind {
            Kind::Comment => true,
            Kind::Literal | Kind::Broken => secret,
            Kind::Word => secret && unsure,
            _ => false,
        });
        if secret {
            shown.hide_words_of_definitions(0..shown.pieces.len(), false);
        }
        shown
    }

    /// A text that the engine cannot read. None of its literals is shown, and
    /// of the definition of a user or an access none of its words.
    pub(crate) fn unreadable(text: &'a str) -> Self {
        let mut shown = Self::read(text);
        let unsure = shown.is_unsure();
        shown.hide(|kind| match kind {
            Kind::Comment | Kind::Literal | Kind::Broken => true,
            Kind::Word => unsure,
            _ => false,
        });
        for statement in shown.statements() {
            shown.hide_words_of_definitions(statement, true);
        }
        shown
    }

    fn read(text: &'a str) -> Self {
        let mut pieces = Vec::new();
        let mut end = 0;
        let mut add = |at: Range<usize>, kind| {
            if !at.is_empty() {
                pieces.push(Piece { at, kind, hidden: false });
            }
        };
        // The lexer counts in 32 bits.
        let readable = if text.len() > u32::MAX as usize { "" } else { text };
        let mut lexer = Lexer::new(readable.as_bytes());
        loop {
            let token = lexer.next_token();
            if token.kind == TokenKind::Eof {
                break;
            }
            let at = token.span.to_range();
            let at = at.start as usize..at.end as usize;
            add(end..at.start, gap(&text[end..at.start]));
            end = at.end;
            add(at.clone(), kind_of(token.kind, &text[at]));
        }
        let rest = if readable.is_empty() { Kind::Broken } else { gap(&text[end..]) };
        add(end..text.len(), rest);
        Self { text, pieces }
    }

    /// Whether a text that may hold a secret does not tell where its strings
    /// begin: one does not end, a quote stands in what is a comment because
    /// another is missing, or what looks like a division is a regular expression
    /// with a quote.
    fn is_unsure(&self) -> bool {
        let has = |kind| self.pieces.iter().any(|piece| piece.kind == kind);
        let quoted = |piece: &Piece| {
            piece.kind == Kind::Comment
                && self.text[piece.at.clone()].contains(['\'', '"', '`', '⟨'])
        };
        let unsure = has(Kind::Broken)
            || (has(Kind::Slash) && has(Kind::Literal))
            || self.pieces.iter().any(quoted);
        unsure && {
            let text = self.text.to_ascii_lowercase();
            SIGNS.iter().any(|sign| text.contains(sign))
        }
    }

    fn hide(&mut self, is_hidden: impl Fn(Kind) -> bool) {
        for piece in &mut self.pieces {
            piece.hidden = is_hidden(piece.kind);
        }
    }

    /// Hides each word that stands where a secret does, and, of one that cannot
    /// be read and is `broken`, all words of the definition of a user or an
    /// access, if `statement` holds one.
    fn hide_words_of_definitions(&mut self, statement: Range<usize>, broken: bool) {
        let text = self.text;
        let is = |piece: &Piece, words: &[&str]| {
            words.iter().any(|word| text[piece.at.clone()].eq_ignore_ascii_case(word))
        };
        let tokens: Vec<usize> = statement
            .filter(|at| !matches!(self.pieces[*at].kind, Kind::Space | Kind::Comment))
            .collect();
        let pairs = tokens.windows(2).enumerate();
        let mut begin = None;
        for (index, pair) in pairs {
            let (first, second) = (&self.pieces[pair[0]], &self.pieces[pair[1]]);
            // A first word that the engine does not know may be a misspelt one.
            let defines =
                is(first, &["DEFINE", "ALTER"]) || (index == 0 && first.kind == Kind::Word);
            if broken && defines && is(second, &["USER", "ACCESS"]) {
                begin = begin.or(Some(index + 2));
            }
        }
        for index in 0..tokens.len() {
            let before = index.checked_sub(1).map(|it| &self.pieces[tokens[it]]);
            let secret = before.is_some_and(|it| is(it, &BEFORE_SECRETS));
            let name = before.is_some_and(|it| is(it, &["USER", "ACCESS", "ON", "EXISTS"]));
            let defined = begin.is_some_and(|begin| index >= begin) && !name;
            let piece = &mut self.pieces[tokens[index]];
            piece.hidden |= piece.kind == Kind::Word && (secret || defined);
        }
    }

    /// The pieces of each statement, with its semicolon.
    fn statements(&self) -> Vec<Range<usize>> {
        let (mut statements, mut start, mut depth) = (Vec::new(), 0, 0_usize);
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece.kind {
                Kind::Begin => depth += 1,
                Kind::End => depth = depth.saturating_sub(1),
                Kind::Semicolon if depth == 0 => {
                    statements.push(start..index + 1);
                    start = index + 1;
                }
                _ => {}
            }
        }
        statements.push(start..self.pieces.len());
        statements
    }

    /// The text with a mark of the same length for each character that is not
    /// shown, so that all the others stay where they are.
    pub(crate) fn masked(&self) -> String {
        let mut masked = String::with_capacity(self.text.len());
        for piece in &self.pieces {
            let text = &self.text[piece.at.clone()];
            if !piece.hidden {
                masked.push_str(text);
            } else if piece.kind == Kind::Literal {
                let quotes = text.len() - unquoted(text).len() - 1;
                masked.push_str(&text[..quotes]);
                masked.extend(unquoted(text).chars().map(mark));
                masked.push_str(&text[text.len() - 1..]);
            } else {
                masked.extend(text.chars().map(mark));
            }
        }
        masked
    }

    /// Whatever is not shown.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter(|piece| piece.hidden).map(|piece| {
            let text = &self.text[piece.at.clone()];
            if piece.kind == Kind::Literal { unquoted(text) } else { text }
        })
    }

    /// The beginning of the text.
    pub(crate) fn beginning(&self) -> String {
        self.shorten(0..self.pieces.len())
    }

    /// The beginning of the statement that holds the byte at `offset`.
    pub(crate) fn statement_at(&self, offset: usize) -> String {
        let statements = self.statements().into_iter().filter(|statement| {
            let mut pieces = self.pieces[statement.clone()].iter();
            pieces.any(|it| !matches!(it.kind, Kind::Space | Kind::Comment | Kind::Semicolon))
        });
        let mut last = 0..0;
        for statement in statements {
            last = statement.clone();
            if self.pieces[statement.end - 1].at.end > offset {
                break;
            }
        }
        if self.pieces[last.clone()].last().is_some_and(|it| it.kind == Kind::Semicolon) {
            last.end -= 1;
        }
        self.shorten(last)
    }

    fn shorten(&self, pieces: Range<usize>) -> String {
        let mut shown = String::new();
        for piece in &self.pieces[pieces] {
            let text = &self.text[piece.at.clone()];
            match piece.kind {
                _ if !piece.hidden => shown.push_str(text),
                Kind::Comment => shown.push(' '),
                Kind::Literal => {
                    let (quotes, quote) = text.split_at(text.find(['\'', '"']).unwrap_or(0));
                    let quote = &quote[..quote.len().min(1)];
                    shown.extend([quotes, quote, "…", quote]);
                }
                _ => shown.push('…'),
            }
            if shown.chars().nth(2 * LONGEST_TEXT).is_some() {
                break;
            }
        }
        let shown = shown.trim();
        match shown.char_indices().nth(LONGEST_TEXT) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown.to_owned(),
        }
    }
}

fn kind_of(token: TokenKind, text: &str) -> Kind {
    match token {
        TokenKind::String(_) => Kind::Literal,
        TokenKind::Identifier | TokenKind::Digits | TokenKind::Parameter => Kind::Word,
        TokenKind::Invalid if text.contains(['\'', '"', '`', '⟨', '/']) => Kind::Broken,
        TokenKind::ForwardSlash => Kind::Slash,
        TokenKind::OpenDelim(Delim::Brace) => Kind::Begin,
        TokenKind::CloseDelim(Delim::Brace) => Kind::End,
        TokenKind::SemiColon => Kind::Semicolon,
        _ => Kind::Own,
    }
}

fn gap(text: &str) -> Kind {
    if text.trim().is_empty() { Kind::Space } else { Kind::Comment }
}

/// A mark that is as long as `c`; a line stays a line.
fn mark(c: char) -> char {
    match c.len_utf8() {
        _ if c.is_whitespace() => c,
        1 => '*',
        2 => '·',
        3 => '•',
        _ => '\u{1f512}',
    }
}

fn unquoted(literal: &str) -> &str {
    let inner = literal.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    inner.get(1..inner.len().saturating_sub(1)).unwrap_or(inner)
}
