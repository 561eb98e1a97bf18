//! Where the characters of a scalar stand in its source: the scalar as YAML reads it, laid beside the scalar as it is written.
//!
//! The parser says what a scalar means and from where to where it is written; here both are walked through side by side. Where they
//! part (an escape, a doubled quote, a fold), the piece of the text belongs to the piece of the source as a whole. Should they
//! ever part in a way that is not known here, the rest of the text belongs to the rest of the source.

use std::ops::Range;

use granit_parser::ScalarStyle;

use crate::source::SourceId;
use crate::syntax::places::Places;

/// The places of `value`, which is written in `range` of the source `text`.
pub(super) fn places(source: SourceId, text: &str, range: Range<usize>, style: ScalarStyle, value: &str) -> Places {
    let mut range = range;
    if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) && range.len() >= 2 {
        range = range.start + 1..range.end - 1;
    }
    let written = text.get(range.clone()).unwrap_or("");
    let mut walk = Walk { written, value, base: range.start, at: 0, said: 0, places: Places::new(source, range.start) };
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => walk.block(text),
        ScalarStyle::DoubleQuoted => while walk.flow(escape) {},
        ScalarStyle::SingleQuoted => while walk.flow(doubled) {},
        ScalarStyle::Plain => while walk.flow(|_| 0) {},
    }
    walk.rest();
    walk.places
}

/// How far both have been walked through.
struct Walk<'t> {
    written: &'t str,
    value: &'t str,
    /// Where `written` stands in the source.
    base: usize,
    /// Bytes of `written` walked through.
    at: usize,
    /// Bytes of `value` walked through.
    said: usize,
    places: Places,
}

impl Walk<'_> {
    /// One step in a scalar without an indentation of its own; false at the end, or where nothing fits.
    fn flow(&mut self, escaped: impl Fn(&str) -> usize) -> bool {
        let (written, value) = (&self.written[self.at..], &self.value[self.said..]);
        let (Some(c), false) = (written.chars().next(), value.is_empty()) else { return false };
        let escape = escaped(written);
        if escape > 0 {
            return self.escape(escape);
        }
        let fold = fold(written);
        if fold > 0 {
            return self.fold(fold);
        }
        // Runs of plain text are most of it.
        let plain = written.bytes().zip(value.bytes()).take_while(|(a, b)| a == b && is_plain(*a)).count();
        let len = if plain > 0 { plain } else { c.len_utf8() };
        if !value.starts_with(&written[..len]) {
            return false;
        }
        self.places.copied(len, self.base + self.at);
        self.step(len, len);
        true
    }

    fn step(&mut self, said: usize, written: usize) {
        self.said += said;
        self.at += written;
    }

    /// An escape stands for one character, or for none where it joins two lines.
    fn escape(&mut self, len: usize) -> bool {
        let joins = self.written[self.at..].starts_with("\\\n") || self.written[self.at..].starts_with("\\\r");
        let said = if joins { 0 } else { self.value[self.said..].chars().next().map_or(0, char::len_utf8) };
        self.places.written_as(said, self.base + self.at, len);
        self.step(said, len);
        true
    }

    /// A line end with the blanks around it is a blank, or as many line ends as there are empty lines.
    fn fold(&mut self, len: usize) -> bool {
        let value = &self.value[self.said..];
        let ends = value.bytes().take_while(|b| *b == b'\n').count();
        let said = if ends > 0 { ends } else { usize::from(value.starts_with(' ')) };
        self.places.written_as(said, self.base + self.at, len);
        self.step(said, len);
        true
    }

    /// A block: its lines stand in the text as they are, behind their indentation.
    fn block(&mut self, text: &str) {
        let line = text[..self.base].rfind('\n').map_or(0, |end| end + 1);
        let Some(first) = self.value.split('\n').find(|line| !line.trim().is_empty()) else { return };
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let end = self.base + self.written.len();
        let lines = || text[line..end].split_inclusive('\n');
        let Some(written) = lines().find(|line| !line.trim().is_empty()) else { return };
        let indent = indent(written).saturating_sub(indent(first));
        let mut at = line;
        for line in lines() {
            let content = line.trim_end_matches(['\n', '\r']).get(indent..).unwrap_or("");
            if !content.trim().is_empty() && !self.block_line(content, at + indent) {
                return;
            }
            at += line.len();
        }
    }

    /// One line of a block, whose content stands at byte `at` of the source.
    fn block_line(&mut self, content: &str, at: usize) -> bool {
        let value = &self.value[self.said..];
        let Some(skipped) = value.find(content).filter(|n| value[..*n].trim().is_empty()) else { return false };
        let here = self.base + self.at;
        self.places.written_as(skipped, here.min(at), at.saturating_sub(here));
        self.places.copied(content.len(), at);
        self.said += skipped + content.len();
        self.at = (at + content.len()).saturating_sub(self.base);
        true
    }

    /// What is left of the text belongs to what is left of the source.
    fn rest(&mut self) {
        let left = self.written.len().saturating_sub(self.at);
        self.places.written_as(self.value.len() - self.said, self.base + self.at, left);
    }
}

/// Text that means itself in every style.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'\\' && byte != b'\''
}

/// The length of the escape of a text in double quotes.
fn escape(written: &str) -> usize {
    let Some(rest) = written.strip_prefix('\\') else { return 0 };
    let len = match rest.bytes().next() {
        Some(b'x') => 4,
        Some(b'u') if high_surrogate(rest) => 12,
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(b'\n' | b'\r') => return 1 + line_start(rest),
        _ => 1 + rest.chars().next().map_or(0, char::len_utf8),
    };
    if written.is_char_boundary(len) { len } else { written.len() }
}

/// Whether `u` and its four digits are the first half of a character.
fn high_surrogate(rest: &str) -> bool {
    rest.get(1..5)
        .and_then(|digits| u16::from_str_radix(digits, 16).ok())
        .is_some_and(|n| (0xd800..0xdc00).contains(&n))
}

/// The length of the escape of a text in single quotes.
fn doubled(written: &str) -> usize {
    if written.starts_with("''") { 2 } else { 0 }
}

/// The bytes of a line end, and of the blanks at the beginning of the next line.
fn line_start(written: &str) -> usize {
    let end = if written.starts_with("\r\n") { 2 } else { 1 };
    let rest = &written[end..];
    end + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

/// The bytes of a fold: blanks before a line end, line ends, blanks behind them. None where no line ends.
fn fold(written: &str) -> usize {
    let rest = written.trim_start_matches([' ', '\t']);
    if !rest.starts_with(['\n', '\r']) {
        return 0;
    }
    written.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

#[cfg(test)]
mod tests {
    use granit_parser::{Event, Parser};

    use super::*;

    /// Reads the first scalar of a text, and gives what stands in the source for each of these words of it.
    fn written<'t>(text: &'t str, words: &[&str]) -> Vec<&'t str> {
        for event in Parser::new_from_str(text) {
            let Ok((Event::Scalar(value, style, ..), span)) = event else { continue };
            let range = span.byte_range().unwrap_or_default();
            let places = places(SourceId(0), text, range, style, &value);
            assert_eq!(places.len(), value.len(), "every byte has its place");
            return words
                .iter()
                .map(|word| {
                    let at = value.find(word).unwrap_or_else(|| panic!("`{word}` is not in `{value}`"));
                    &text[places.span(at, at + word.len()).range()]
                })
                .collect();
        }
        panic!("no scalar in `{text}`")
    }

    #[test]
    fn plain_scalars_fold() {
        let text = "- users in ä and\n    entities   labelled\n\n    fi";
        assert_eq!(written(text, &["users", "ä", "entities", "labelled\nfi"])[..3], ["users", "ä", "entities"]);
        assert_eq!(written(text, &["and entities"]), ["and\n    entities"]);
        assert_eq!(written(text, &["fi"]), ["fi"]);
    }

    #[test]
    fn double_quotes_escape() {
        let text = r#"- "a \"b\" \u00e9t\x41 \U0001F600 \t c \ud83d\ude00 d""#;
        let words = ["\"b\"", "étA", "\u{1f600}", "c", "d"];
        assert_eq!(written(text, &words), [r#"\"b\""#, r"\u00e9t\x41", r"\U0001F600", "c", "d"]);
    }

    #[test]
    fn double_quotes_go_over_lines() {
        let text = "- \"one\\\n    two  \n\n   three\r\n   four\"";
        assert_eq!(written(text, &["two", "three", "four"]), ["two", "three", "four"]);
    }

    #[test]
    fn single_quotes_are_doubled() {
        let text = "- 'it''s \"x\" \n   and ''y'''";
        assert_eq!(written(text, &["it's", "\"x\"", "and", "'y'"]), ["it''s", "\"x\"", "and", "''y''"]);
    }

    #[test]
    fn blocks_have_an_indentation() {
        for header in ["|", ">", "|-", ">+", "|2", ">2-"] {
            let text = format!("a: {header}\n  first ä\n   second\n\n  third\n");
            let found = written(&text[3..], &["first ä", "second", "third"]);
            assert_eq!(found, ["first ä", "second", "third"], "{header}");
        }
    }

    #[test]
    fn blocks_may_begin_with_an_empty_line_and_have_any_line_end() {
        let text = "- >\r\n\r\n   one\r\n   two\r\n\r\n   three\r\n";
        assert_eq!(written(text, &["one", "two", "three"]), ["one", "two", "three"]);
        let text = "- |\n\n  \n   one\n     \n   two\n";
        assert_eq!(written(text, &["one", "two"]), ["one", "two"]);
    }
}
