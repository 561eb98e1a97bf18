//! Names, paths, texts and raw values: quotes, escapes and what may stand in them.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::check::{bw003, bw007};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, Path};
use crate::text::nfc;

impl Reader<'_> {
    /// A name, quoted or not.
    pub(super) fn name(&mut self, node: &Node<'_>) -> Name {
        let span = self.span(node);
        let text = node.as_str();
        self.name_at(text, span, node.as_span().start())
    }

    /// A name, where it may have been left out.
    pub(super) fn maybe_name(&mut self, node: Option<Node<'_>>) -> Option<Name> {
        node.map(|node| self.name(&node))
    }

    /// The names among the pieces of a node.
    pub(super) fn names(&mut self, node: Node<'_>) -> Vec<Name> {
        Parts::of(node)
            .filter(|part| matches!(part.as_rule(), Rule::name | Rule::any_name))
            .map(|part| self.name(&part))
            .collect()
    }

    /// The paths among the pieces of a node.
    pub(super) fn paths(&mut self, node: Node<'_>) -> Vec<Path> {
        Parts::of(node)
            .filter(|part| matches!(part.as_rule(), Rule::path | Rule::any_path))
            .map(|part| self.path(&part))
            .collect()
    }

    /// Names joined by dots, which the grammar takes as one piece.
    pub(super) fn path(&mut self, node: &Node<'_>) -> Path {
        let text = node.as_str();
        let start = node.as_span().start();
        let mut names = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let length = first_name(&text[at..]);
            let span = self.origin.span(start + at, start + at + length);
            names.push(self.name_at(&text[at..at + length], span, start + at));
            at += length + 1;
        }
        Path { names, span: self.span(node) }
    }

    /// A quoted text: a title, a reason.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Spanned<String> {
        let span = self.span(node);
        let text = self.unquoted(node.as_str(), node.as_span().start());
        if text.len() > bw007::TEXT {
            self.report(bw007::long("text", &text, bw007::TEXT, self.first(node)));
        }
        Spanned::new(text, span)
    }

    /// A value, raw or quoted; it may be empty when quoted.
    pub(super) fn value(&mut self, node: &Node<'_>) -> Name {
        let text = node.as_str().trim_end();
        let start = node.as_span().start();
        let span = self.origin.span(start, start + text.len());
        let value = self.plain(text, start);
        if value.len() > bw007::NAME {
            self.report(bw007::long("value", &value, bw007::NAME, self.first(node)));
        }
        Spanned::new(value, span)
    }

    /// The place of a node's first character, which stands for one that is too long to be shown.
    fn first(&self, node: &Node<'_>) -> Span {
        let start = node.as_span().start();
        self.origin.span(start, start + node.as_str().chars().next().map_or(0, char::len_utf8))
    }

    fn name_at(&mut self, text: &str, span: Span, start: usize) -> Name {
        let name = self.plain(text, start);
        if name.is_empty() {
            self.report(bw003::empty(span));
        } else if name.len() > bw007::NAME {
            let first = text.chars().next().map_or(0, char::len_utf8);
            let finding = bw007::long("name", &name, bw007::NAME, self.origin.span(start, start + first));
            self.report(finding);
        }
        Spanned::new(name, span)
    }

    /// What a quoted or bare piece of text says, in NFC.
    fn plain(&mut self, text: &str, start: usize) -> String {
        if text.starts_with('"') {
            return self.unquoted(text, start);
        }
        self.refuse_controls(text, start);
        if text.is_ascii() { text.to_owned() } else { nfc(text) }
    }

    /// What a quoted text says, in NFC; a bad escape is reported and left as it is.
    fn unquoted(&mut self, text: &str, start: usize) -> String {
        let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        self.refuse_controls(inside, start + 1);
        if !inside.contains('\\') {
            return if inside.is_ascii() { inside.to_owned() } else { nfc(inside) };
        }
        let mut said = String::with_capacity(inside.len());
        let mut rest = inside;
        while let Some(at) = rest.find('\\') {
            said.push_str(&rest[..at]);
            let escape = &rest[at..];
            let length = match escaped(escape) {
                Ok((c, length)) => {
                    said.push(c);
                    length
                }
                Err(length) => {
                    let from = start + 1 + (inside.len() - escape.len());
                    let span = self.origin.span(from, from + length);
                    self.report(bw003::escape(&escape[..length], span));
                    said.push_str(&escape[..length]);
                    length
                }
            };
            rest = &escape[length..];
        }
        said.push_str(rest);
        nfc(&said)
    }

    /// Reports the first control character, which nobody could see.
    fn refuse_controls(&mut self, text: &str, start: usize) {
        let unseen = |b: u8| (b < b' ' && b != b'\t') || b == 0x7f || b == 0xc2;
        if !text.bytes().any(unseen) {
            return;
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_control() && *c != '\t') {
            let span = self.origin.span(start + at, start + at + c.len_utf8());
            self.report(bw003::character(c, span));
        }
    }
}

/// The bytes of the first name of a path.
fn first_name(text: &str) -> usize {
    if !text.starts_with('"') {
        return text.find('.').unwrap_or(text.len());
    }
    let mut escaped = false;
    for (i, b) in text.bytes().enumerate().skip(1) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

/// The character that an escape stands for and the escape's length, or the length of one that stands for none.
fn escaped(text: &str) -> Result<(char, usize), usize> {
    match text[1..].chars().next() {
        Some('"') => Ok(('"', 2)),
        Some('\\') => Ok(('\\', 2)),
        Some('n') => Ok(('\n', 2)),
        Some('u') => by_number(text),
        Some(other) => Err(1 + other.len_utf8()),
        None => Err(1),
    }
}

/// Reads `\u{1F600}`.
fn by_number(text: &str) -> Result<(char, usize), usize> {
    let Some(digits) = text.strip_prefix("\\u{") else { return Err(2) };
    let Some(length) = digits.find('}') else { return Err(3) };
    let whole = 3 + length + 1;
    if length == 0 || length > 6 {
        return Err(whole);
    }
    u32::from_str_radix(&digits[..length], 16).ok().and_then(char::from_u32).map(|c| (c, whole)).ok_or(whole)
}
