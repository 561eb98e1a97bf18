//! What stands where something else was expected.

use crate::check::bw003::shown;

/// A token as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Nothing more: the end of the line, or of the text.
    End,
    /// A name, a keyword, a number.
    Word,
    /// A whole text in quotes.
    Quoted,
    /// A quote that nothing closes.
    OpenQuote,
    /// A sign that the language, or a habit from another one, has.
    Sign,
    /// A character that stands for nothing.
    Odd(char),
}

/// A token and where it stands.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) token: Token,
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'t> Found<'t> {
    /// The token at a byte, or behind the blanks and the comment that stand there.
    pub(super) fn at(text: &'t str, at: usize) -> Self {
        let rest = text.get(at..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let rest = &rest[blanks..];
        let start = at + blanks;
        let (token, length) = if rest.starts_with("//") { (Token::End, 0) } else { token(rest) };
        // The end of a line is shown at the token before it.
        let start =
            if token == Token::End { text.get(..start).map_or(start, |before| before.trim_end().len()) } else { start };
        Self { token, text: &text[start..start + length], start, end: start + length }
    }

    /// How a message names it.
    pub(super) fn shown(&self) -> String {
        match self.token {
            Token::End => "the end of the statement".to_owned(),
            _ => format!("`{}`", shown(self.text)),
        }
    }

    /// The word, where it is one.
    pub(super) fn word(&self) -> Option<&'t str> {
        (self.token == Token::Word).then_some(self.text)
    }
}

fn token(rest: &str) -> (Token, usize) {
    let Some(first) = rest.chars().next() else { return (Token::End, 0) };
    match first {
        '\n' => (Token::End, 0),
        '"' => {
            quoted(rest).map_or((Token::OpenQuote, rest.find('\n').unwrap_or(rest.len())), |end| (Token::Quoted, end))
        }
        _ if is_word(first) => (Token::Word, rest.find(|c| !is_word(c) && c != '-').unwrap_or(rest.len())),
        '=' | '!' | '<' | '>' | '&' | '|' => (Token::Sign, rest.find(|c| !"=!<>&|".contains(c)).unwrap_or(rest.len())),
        '-' if rest[1..].starts_with(is_word) => {
            (Token::Word, 1 + rest[1..].find(|c| !is_word(c) && c != '-').unwrap_or(rest.len() - 1))
        }
        '{' | '}' | '(' | ')' | '[' | ']' | ',' | '.' | ':' | ';' | '*' | '-' | '+' | '/' | '?' | '@' | '%' | '$'
        | '^' | '~' | '\\' => (Token::Sign, 1),
        other => (Token::Odd(other), other.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a text in quotes that is closed in its line.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (i, b) in text.bytes().enumerate().skip(1) {
        match b {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// Where the innermost bracket stands that is still open at the end of a text.
pub(super) fn last_open(text: &str, open: char, close: char) -> Option<usize> {
    let mut opened = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '"' => at += quoted(&text[at..]).map_or(0, |length| length - 1),
            '/' if text[at..].starts_with("//") => at += text[at..].find('\n').unwrap_or(text.len() - at) - 1,
            _ if c == open => opened.push(at),
            _ if c == close => {
                opened.pop();
            }
            _ => {}
        }
        at += if text.is_char_boundary(at + 1) { 1 } else { c.len_utf8() };
    }
    opened.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_people_see() {
        let found = |text, at| {
            let found = Found::at(text, at);
            (found.token, found.text)
        };
        assert_eq!(found("a  alow-x y", 1), (Token::Word, "alow-x"));
        assert_eq!(found("a // b", 1), (Token::End, ""));
        assert_eq!(found("\"a\\\"b\" c", 0), (Token::Quoted, "\"a\\\"b\""));
        assert_eq!(found("\"a\nb\"", 0), (Token::OpenQuote, "\"a"));
        assert_eq!(found("=> x", 0), (Token::Sign, "=>"));
        assert_eq!(found("\u{a0}", 0), (Token::Odd('\u{a0}'), "\u{a0}"));
    }

    #[test]
    fn the_innermost_open_bracket_is_found() {
        assert_eq!(last_open("a ( b ) ( \"(\" // (\n c", '(', ')'), Some(8));
        assert_eq!(last_open("a ( b )", '(', ')'), None);
    }
}
