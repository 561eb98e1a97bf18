//! Cuts a text into declarations before it is parsed.
//!
//! A declaration begins in a line of its own (or after `;`), outside of all brackets, with one of the declaring words. So a broken
//! one hides nothing of the next, a parser never sees more than it needs, and depth and length are limited before it runs. A cut
//! that is not made does no harm - the grammar reads several declarations at once - but one at a wrong place would; in doubt there
//! is none.

use std::ops::Range;

use super::words::{IGNORE, carries_on, continues, declaring_word};

/// How deep brackets may be nested.
pub(super) const MOST_DEEP: usize = 64;
/// How long a line may be.
pub(super) const LONGEST_LINE: usize = 1_000_000;
/// How long a declaration may be.
pub(super) const LONGEST_DECLARATION: usize = 16_000_000;

/// Why a slice is not worth parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It begins with no declaring word.
    NoDeclaration,
    /// It has `ignore` lines and nothing else.
    IgnoreAlone,
    /// A closing bracket that closes nothing.
    Stray(char),
    /// The bracket at this byte is nested too deeply.
    Deep(usize),
    /// The line that begins at this byte is too long.
    LongLine(usize),
    /// It has too many bytes.
    Long,
}

/// A piece of text between two cuts, without the space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) range: Range<usize>,
    pub(super) fault: Option<Fault>,
}

/// Finds the slices, one by one.
pub(super) struct Slices<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    line: usize,
}

/// What is known of the slice being read.
struct Open {
    start: usize,
    fault: Option<Fault>,
    braces: usize,
    rounds: usize,
    /// How many braces the declaration may have inside each other, where more of them would be raw text.
    structural: usize,
    /// Only `ignore` lines so far.
    lead: bool,
    /// The end of what has been read of it, without space and comments.
    content: usize,
    marked: usize,
}

impl<'t> Slices<'t> {
    /// The slices of `text[range]`.
    pub(super) fn of(text: &'t str, range: Range<usize>) -> Self {
        Self { text, at: range.start, end: range.end, line: range.start }
    }

    /// Where the next slice begins; none at the end of the text.
    pub(super) fn next_start(&mut self) -> Option<usize> {
        self.skip_space(true);
        (self.at < self.end).then_some(self.at)
    }

    /// Goes on from `at`, the end of a declaration that needs no slice.
    pub(super) fn jump(&mut self, at: usize) {
        self.at = at;
        self.line = at;
    }

    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.text.as_bytes()[at] } else { 0 }
    }

    /// The next line end from `at` on, or the end of the text.
    fn line_after(&self, at: usize) -> usize {
        self.text[at..self.end].find('\n').map_or(self.end, |n| at + n)
    }

    /// Goes to the next byte that is neither space nor comment.
    fn skip_space(&mut self, semicolons: bool) {
        while self.at < self.end {
            match self.byte(self.at) {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b';' if semicolons => self.at += 1,
                b'/' if self.byte(self.at + 1) == b'/' => self.at = self.line_after(self.at),
                _ => return,
            }
        }
    }

    /// The declaring word that stands at a byte, or `ignore`.
    fn word(&self, at: usize) -> Option<&'static str> {
        declaring_word(&self.text[at..self.end])
    }

    /// Goes past a text in quotes; past the quote alone where nothing closes it in its line.
    fn skip_text(&mut self) {
        let quote = self.at;
        self.at += 1;
        while self.at < self.end {
            match self.byte(self.at) {
                b'\n' => break,
                b'\\' if self.byte(self.at + 1) != b'\n' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = quote + 1;
    }

    fn open(&self) -> Open {
        let word = self.word(self.at);
        Open {
            start: self.at,
            fault: word.is_none().then_some(Fault::NoDeclaration),
            braces: 0,
            rounds: 0,
            structural: match word {
                Some("admin") => 1,
                Some("test") => 2,
                _ => usize::MAX,
            },
            lead: word == Some(IGNORE),
            content: self.at,
            marked: self.at,
        }
    }

    /// Reads one byte, or one token; true when the slice ends here.
    fn step(&mut self, open: &mut Open) -> bool {
        match self.byte(self.at) {
            b'\n' => return self.line_end(open),
            b'"' => self.skip_text(),
            b'/' if self.byte(self.at + 1) == b'/' => {
                open.mark(self.text, self.at);
                self.at = self.line_after(self.at);
                open.marked = self.at;
            }
            b'{' | b'(' => {
                self.opening(open);
                self.at += 1;
            }
            b'}' if open.braces == 0 => return true,
            b'}' => {
                open.braces -= 1;
                self.at += 1;
                if open.braces == 0 {
                    open.rounds = 0;
                }
            }
            b')' => {
                open.rounds = open.rounds.saturating_sub(1);
                self.at += 1;
            }
            b';' if open.outside() => {
                self.at += 1;
                if !open.lead {
                    self.at -= 1;
                    return true;
                }
                open.lead = false;
            }
            _ => self.at += 1,
        }
        false
    }

    fn opening(&self, open: &mut Open) {
        let brace = self.byte(self.at) == b'{';
        if open.braces >= open.structural {
            let before = self.text.as_bytes()[self.at - 1];
            let after = self.byte(self.at + 1);
            if !brace || !before.is_ascii_whitespace() || !(after.is_ascii_whitespace() || after == 0) {
                return;
            }
        }
        if brace {
            open.braces += 1;
        } else {
            open.rounds += 1;
        }
        if open.braces.saturating_add(open.rounds) > MOST_DEEP {
            open.fault.get_or_insert(Fault::Deep(self.at));
        }
    }

    /// Goes past a line end; true when the statement ends with it.
    fn line_end(&mut self, open: &mut Open) -> bool {
        self.check_line(open);
        if !open.outside() {
            self.at += 1;
            self.line = self.at;
            return false;
        }
        open.mark(self.text, self.at);
        self.skip_space(false);
        open.marked = self.at;
        let word = self.word(self.at);
        if open.lead {
            open.lead = word == Some(IGNORE) || self.at >= self.end;
            return false;
        }
        if open.fault == Some(Fault::NoDeclaration) {
            return word.is_some();
        }
        !continues(&self.text[open.start..open.content]) && !carries_on(&self.text[self.at..self.end])
    }

    fn check_line(&self, open: &mut Open) {
        if self.at - self.line > LONGEST_LINE {
            open.fault.get_or_insert(Fault::LongLine(self.line.max(open.start)));
        }
    }
}

impl Open {
    /// Outside of all brackets.
    fn outside(&self) -> bool {
        self.braces == 0 && self.rounds == 0
    }

    /// Notes that up to `at`, where space or a comment begins, everything has been read.
    fn mark(&mut self, text: &str, at: usize) {
        let fresh = text[self.marked..at].trim_end_matches([' ', '\t', '\r', '\n']);
        if !fresh.is_empty() {
            self.content = self.marked + fresh.len();
        }
        self.marked = at;
    }
}

impl Iterator for Slices<'_> {
    type Item = Slice;

    fn next(&mut self) -> Option<Slice> {
        self.skip_space(true);
        if self.at >= self.end {
            return None;
        }
        let first = self.byte(self.at);
        if matches!(first, b'}' | b')') {
            self.at += 1;
            return Some(Slice { range: self.at - 1..self.at, fault: Some(Fault::Stray(char::from(first))) });
        }
        let mut open = self.open();
        while self.at < self.end {
            if self.step(&mut open) {
                break;
            }
        }
        self.at = self.at.min(self.end);
        self.check_line(&mut open);
        open.mark(self.text, self.at);
        let range = open.start..open.content;
        if range.len() > LONGEST_DECLARATION {
            open.fault.get_or_insert(Fault::Long);
        } else if open.lead {
            open.fault.get_or_insert(Fault::IgnoreAlone);
        }
        Some(Slice { range, fault: open.fault })
    }
}

/// Cuts a slice that cannot be read at the lines that begin a declaration no further to the right than the slice itself: somebody
/// forgot to close a bracket, and the lines say where.
pub(super) fn by_lines(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let indent = indent(text, range.start);
    let mut pieces = vec![range.clone()];
    let mut at = range.start;
    for (number, line) in text[range.clone()].split_inclusive('\n').enumerate() {
        let body = line.trim_start_matches([' ', '\t']);
        let blanks = line.len() - body.len();
        let start = at + blanks;
        at += line.len();
        let body = body.trim_end();
        if body.is_empty() || body.starts_with("//") {
            continue;
        }
        let so_far = pieces.last().map_or("", |piece| &text[piece.clone()]);
        let begins = number > 0 && blanks <= indent && declaring_word(body).is_some();
        if begins && !continues(so_far) && !ends_in_ignore(so_far) {
            pieces.push(start..start);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.end = start + body.len();
        }
    }
    pieces
}

/// How many bytes stand before this one in its line, as far as it matters.
fn indent(text: &str, at: usize) -> usize {
    const FAR: usize = 256;
    let before = &text.as_bytes()[at.saturating_sub(FAR)..at];
    before.iter().rev().take_while(|b| **b != b'\n').count()
}

/// Whether a piece has only come to an `ignore` line, which belongs to the declaration behind it.
fn ends_in_ignore(piece: &str) -> bool {
    piece.lines().next_back().is_some_and(|line| declaring_word(line.trim_start()) == Some(IGNORE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, Option<Fault>)> {
        Slices::of(text, 0..text.len()).map(|s| (&text[s.range], s.fault)).collect()
    }

    #[test]
    fn cuts_stand_between_declarations() {
        let text = "label a // x\n/// doc\nrole b {\nrole c }\n  ; unit d; unit e\n";
        let slices = ["label a", "role b {\nrole c }", "unit d", "unit e"];
        assert_eq!(cut(text), slices.map(|slice| (slice, None)));
    }

    #[test]
    fn a_statement_that_goes_on_is_not_cut() {
        for text in [
            "group x = unit a or // y\nunit b",
            "quota at most 3 role a,\n\nrole b",
            "group g = (\nunit b)",
            "ignore BW302 \"x\"\nignore BW303 \"y\"; role a",
        ] {
            assert_eq!(cut(text), [(text, None)]);
        }
    }

    #[test]
    fn faults_are_found_before_parsing() {
        let deep = format!("label a {}", "{".repeat(100));
        assert_eq!(cut(&deep), [(deep.as_str(), Some(Fault::Deep(8 + MOST_DEEP)))]);
        assert_eq!(cut("}\nlabel x"), [("}", Some(Fault::Stray('}'))), ("label x", None)]);
        assert_eq!(cut("rol x {\n}\nlabel x"), [("rol x {\n}", Some(Fault::NoDeclaration)), ("label x", None)]);
        let long = format!("label {}\nlabel b", "a".repeat(LONGEST_LINE));
        assert_eq!(cut(&long)[0].1, Some(Fault::LongLine(0)));
        assert_eq!(cut(&long)[1], ("label b", None));
    }

    #[test]
    fn raw_braces_do_not_count() {
        let text = "admin a { department a{b; x }\nlabel b";
        assert_eq!(cut(text).len(), 2);
    }

    #[test]
    fn lines_say_where_a_brace_is_missing() {
        let text = "role a {\n  allow x\n// doc\nrole b { }\nlabel c";
        let pieces = by_lines(text, &(0..text.len()));
        let pieces: Vec<_> = pieces.into_iter().map(|range| &text[range]).collect();
        assert_eq!(pieces, ["role a {\n  allow x", "role b { }", "label c"]);
    }
}
