//! Cuts a text that is known to be right into words, signs and comments.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A name, a path, a number, a quoted text, `*` or `=`.
    Word,
    /// A value as it is written.
    Raw,
    Comma,
    Semicolon,
    Open,
    Close,
    RoundOpen,
    RoundClose,
    /// From `//` to the end of the line.
    Comment,
}

/// A piece of text and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) sort: Sort,
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Its line, from 0. No token has two.
    pub(super) line: usize,
    /// The characters before it in its line, for comments.
    pub(super) column: usize,
}

/// The texts of the comments.
pub(super) fn comments<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = &'a str> {
    tokens.iter().filter(|token| token.sort == Sort::Comment).map(|token| token.text)
}

/// The tokens of a text with raw values at these places.
pub(super) fn tokens<'t>(text: &'t str, raws: &[Range<usize>]) -> Vec<Token<'t>> {
    let mut cutter = Cutter { text, at: 0, line: 0, line_start: 0 };
    let mut raws = raws.iter().peekable();
    let mut tokens = Vec::new();
    while cutter.skip_blanks() {
        let at = cutter.at;
        let raw = raws.next_if(|raw| raw.start == at);
        let (sort, end) = raw.map_or_else(|| cutter.token(), |raw| (Sort::Raw, raw.end.max(at + 1)));
        let column = if sort == Sort::Comment { text[cutter.line_start..at].chars().count() } else { 0 };
        tokens.push(Token {
            sort,
            text: text[at..end].trim_end_matches([' ', '\t', '\r']),
            at,
            line: cutter.line,
            column,
        });
        cutter.at = end;
    }
    tokens
}

struct Cutter<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl Cutter<'_> {
    /// Goes to the next token, if there is one.
    fn skip_blanks(&mut self) -> bool {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                b' ' | b'\t' | b'\r' => {}
                _ => return true,
            }
            self.at += 1;
        }
        false
    }

    /// What stands here, and where it ends.
    fn token(&self) -> (Sort, usize) {
        let rest = &self.text[self.at..];
        let sort = match rest.as_bytes().first() {
            Some(b',') => Sort::Comma,
            Some(b';') => Sort::Semicolon,
            Some(b'{') => Sort::Open,
            Some(b'}') => Sort::Close,
            Some(b'(') => Sort::RoundOpen,
            Some(b')') => Sort::RoundClose,
            Some(b'=' | b'*') => Sort::Word,
            _ if rest.starts_with("//") => {
                return (Sort::Comment, self.at + rest.find('\n').unwrap_or(rest.len()));
            }
            _ => return (Sort::Word, self.at + word(rest)),
        };
        (sort, self.at + 1)
    }
}

/// The length of a word: pieces with dots between them.
fn word(text: &str) -> usize {
    let mut at = piece(text);
    while text[at..].starts_with('.') {
        at += 1;
        at += if text[at..].starts_with('*') { 1 } else { piece(&text[at..]) };
    }
    // Whatever it is, one character of it is taken.
    at.max(text.chars().next().map_or(0, char::len_utf8))
}

/// The length of a text in quotes, or of anything up to the next sign.
fn piece(text: &str) -> usize {
    if !text.starts_with('"') {
        let sign = |(at, c): &(usize, char)| {
            matches!(c, ' ' | '\t' | '\r' | '\n' | '"' | '{' | '}' | '(' | ')' | ',' | ';' | '=' | '*' | '.')
                || text[*at..].starts_with("//")
        };
        return text.char_indices().find(sign).map_or(text.len(), |(at, _)| at);
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_whatever_its_names_are() {
        let text = "allow a.\"b. c\".d,assign.* , view*//c\n  (x)\"y\"9.00 -3 // d \r\n";
        let cut: Vec<_> = tokens(text, &[]).iter().map(|token| (token.text, token.line)).collect();
        let first = ["allow", "a.\"b. c\".d", ",", "assign.*", ",", "view", "*", "//c"].map(|word| (word, 0));
        let second = ["(", "x", ")", "\"y\"", "9.00", "-3", "// d"].map(|word| (word, 1));
        assert_eq!(cut, [first.as_slice(), &second].concat());
    }

    #[test]
    fn a_raw_value_is_one_token() {
        let text = "email a.b, \"c\" {x; y";
        let raw = std::iter::once(6..17).collect::<Vec<_>>();
        let cut: Vec<_> = tokens(text, &raw).iter().map(|token| token.text).collect();
        assert_eq!(cut, ["email", "a.b, \"c\" {x", ";", "y"]);
    }
}
