//! How long the paths in a text are.
//!
//! The engine (3.3.5) bounds how deep a text is nested, but not how many parts
//! a path has, such as `a->b->c` or `a.b.c`; it plans and runs some parts by
//! recursion, and one path of 1,531 parts (`.{ a.{ a`), of 1,906 (`->b->c`) or
//! 4,656 (`.?.b`) overflows a stack of 10 MiB, which ends the process.

/// The most parts that a path may have.
pub(crate) const LONGEST_PATH: usize = 1_000;

/// Whether a path in `text` has more parts than the engine stands.
///
/// It reads the text as the engine's lexer would, without regular expressions:
/// a quote in one hides what follows it up to the next quote.
pub(crate) fn has_endless_path(text: &str) -> bool {
    // A part takes two bytes: nearly all texts are not worth a look.
    text.len() > 2 * LONGEST_PATH && Reader::new(text).longest() > LONGEST_PATH
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many parts the path has that is being read.
    parts: usize,
    /// How many of them an enclosing path has: `a.b.{` begins with three.
    outer: usize,
    /// `parts` and `outer` of what encloses this.
    enclosing: Vec<(usize, usize)>,
    longest: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let rest = text.as_bytes();
        Self { rest, parts: 0, outer: 0, enclosing: Vec::new(), longest: 0 }
    }

    fn longest(mut self) -> usize {
        while let Some(&byte) = self.rest.first() {
            match byte {
                b'\'' | b'"' | b'`' => self.skip_quoted(byte),
                b'#' => self.skip_past(b"\n"),
                b'-' if self.starts_with(b"--") => self.skip_past(b"\n"),
                b'/' if self.starts_with(b"//") => self.skip_past(b"\n"),
                b'/' if self.starts_with(b"/*") => self.skip_past(b"*/"),
                b'-' if self.starts_with(b"->") => self.part(2),
                b'<' if self.starts_with(b"<->") => self.part(3),
                b'<' if self.starts_with(b"<-") => self.part(2),
                b'.' if self.starts_with(b"..") => self.new_path(2),
                b'.' if self.starts_with(b".?") => self.part(2),
                b'.' if self.starts_with(b".{") => {
                    self.part(2);
                    self.enter(self.parts);
                }
                b'.' => self.part(1),
                b'(' | b'[' | b'{' => {
                    self.skip(1);
                    self.enter(0);
                }
                b')' | b']' | b'}' => {
                    self.skip(1);
                    (self.parts, self.outer) = self.enclosing.pop().unwrap_or_default();
                }
                _ if byte.is_ascii_alphanumeric() => self.word(),
                b' ' | b'\t' | b'\r' | b'\n' | b'_' | b'$' | b':' | b'?' | 0x80.. => self.skip(1),
                _ => self.new_path(1), // An operator, a comma, the end of a statement.
            }
        }
        self.longest
    }

    fn starts_with(&self, begin: &[u8]) -> bool {
        self.rest.starts_with(begin)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes.min(self.rest.len())..];
    }

    fn part(&mut self, bytes: usize) {
        self.skip(bytes);
        self.parts += 1;
        self.longest = self.longest.max(self.parts);
    }

    fn new_path(&mut self, bytes: usize) {
        self.skip(bytes);
        self.parts = self.outer;
    }

    fn enter(&mut self, outer: usize) {
        self.enclosing.push((self.parts, self.outer));
        (self.parts, self.outer) = (outer, outer);
    }

    /// Names belong to paths; these do so nowhere but in rare names of fields.
    fn word(&mut self) {
        let end = self.rest.iter().position(|it| !it.is_ascii_alphanumeric() && *it != b'_');
        let word = &self.rest[..end.unwrap_or(self.rest.len())];
        let between = ["and", "or", "where", "from", "in", "is", "contains"];
        if between.iter().any(|it| word.eq_ignore_ascii_case(it.as_bytes())) {
            self.parts = self.outer;
        }
        self.skip(word.len());
    }

    fn skip_quoted(&mut self, quote: u8) {
        self.skip(1);
        while let Some(&byte) = self.rest.first() {
            self.skip(if byte == b'\\' { 2 } else { 1 });
            if byte == quote {
                return;
            }
        }
    }

    fn skip_past(&mut self, end: &[u8]) {
        let at = self.rest.windows(end.len()).position(|it| it == end);
        self.skip(at.map_or(self.rest.len(), |at| at + end.len()));
    }
}
