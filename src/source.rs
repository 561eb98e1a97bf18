//! Sources and places in them: every item of a policy keeps its [`Span`].

use std::fmt;
use std::sync::OnceLock;

/// The number of a source in its [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes, `start..end`, in one source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source the range lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`; offsets past 4 GiB saturate (the loader refuses such files).
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { source, start: clip(start), end: clip(end) }
    }

    /// The smallest range that holds both (of the same source; otherwise `self`).
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as indices into the source's text.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.source.0, self.start, self.end)
    }
}

/// A value and the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub node: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `node`, written at `span`.
    pub const fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }
}

/// What a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// Declarations, as text or YAML.
    Policy,
    /// A table of people, which a policy names by `admins from`.
    People,
}

/// One file (or standard input), whole.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as the user gave it, with `/` between its parts; `<stdin>` for standard input.
    pub path: String,
    /// The text, without a byte-order mark.
    pub text: String,
    /// What it holds.
    pub kind: SourceKind,
    /// The policy's folder: no path that the source writes leads out of it. Empty for the one that all paths are relative to.
    pub folder: String,
    line_starts: Vec<u32>,
    drawn: OnceLock<Option<Box<str>>>,
}

impl Source {
    /// A source of this path and text that holds declarations.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let line_starts =
            std::iter::once(0).chain(newlines.map(|i| u32::try_from(i + 1).unwrap_or(u32::MAX))).collect();
        Self {
            path: path.into(),
            text,
            kind: SourceKind::Policy,
            folder: String::new(),
            line_starts,
            drawn: OnceLock::new(),
        }
    }

    /// A table of people.
    #[must_use]
    pub fn people(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind: SourceKind::People, ..Self::new(path, text) }
    }

    /// The same source as one of the policy in this folder.
    #[must_use]
    pub fn within(self, folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), ..self }
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let (line, before) = self.line_before(offset);
        (line, before.chars().count() + 1)
    }

    /// The same with a column that counts UTF-16 code units, as editors and SARIF do.
    #[must_use]
    pub fn line_column_utf16(&self, offset: u32) -> (usize, usize) {
        let (line, before) = self.line_before(offset);
        (line, before.encode_utf16().count() + 1)
    }

    /// The same for somebody who goes through the text: looks at line `near` first, and at the one behind it.
    #[must_use]
    pub fn line_column_near(&self, offset: u32, near: usize) -> (usize, usize) {
        let is_in = |line: usize| {
            let starts = (self.line_starts.get(line), self.line_starts.get(line + 1));
            starts.0.is_some_and(|start| *start <= offset) && starts.1.is_none_or(|next| offset < *next)
        };
        let line = [near.max(1) - 1, near].into_iter().find(|line| is_in(*line));
        let (line, before) = line.map_or_else(|| self.line_before(offset), |line| self.before(line, offset));
        (line, before.chars().count() + 1)
    }

    /// The line of a byte, from 1, and what stands before the byte's character on it.
    fn line_before(&self, offset: u32) -> (usize, &str) {
        self.before(self.line_starts.partition_point(|start| *start <= offset).max(1) - 1, offset)
    }

    /// The same where the line is known, from 0.
    fn before(&self, line: usize, offset: u32) -> (usize, &str) {
        let start = self.line_starts[line] as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        (line + 1, self.text.get(start..end).unwrap_or(""))
    }

    /// The text as it may be drawn on a terminal: where it has a character that a terminal would obey, another one of as many bytes
    /// stands for it, so that places are the same.
    #[must_use]
    pub fn drawn(&self) -> &str {
        self.drawn.get_or_init(|| stand_ins(&self.text)).as_deref().unwrap_or(&self.text)
    }

    /// The text of a line, counted from 1, without its end; empty where there is no such line.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index));
        let rest = start.and_then(|start| self.text.get(*start as usize..)).unwrap_or("");
        rest.lines().next().unwrap_or("")
    }
}

/// The text with stand-ins for controls but tabs and line ends, and for marks that turn the direction of writing; none where there
/// are none.
fn stand_ins(text: &str) -> Option<Box<str>> {
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let obeyed = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || turns(c);
    let plain =
        |part: &[u8]| part.iter().fold(true, |all, b| all & (matches!(b, b' '..=b'~') | (*b == b'\n') | (*b == b'\t')));
    // Of a hundred megabytes of people each is.
    if text.as_bytes().chunks(256).all(plain) {
        return None;
    }
    let ends_line = |at: usize| text[at..].starts_with("\r\n");
    if !text.char_indices().any(|(at, c)| obeyed(c) && !ends_line(at)) {
        return None;
    }
    let shown = text.char_indices().map(|(at, c)| match c.len_utf8() {
        _ if !obeyed(c) || ends_line(at) => c,
        1 => '?',
        2 => '\u{bf}',
        _ => char::REPLACEMENT_CHARACTER,
    });
    Some(shown.collect::<String>().into_boxed_str())
}

/// All sources of one policy, in the order of their paths.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
    absent: Vec<(String, String)>,
}

impl SourceMap {
    /// The sources, put in the order of their paths: findings and ids never depend on the order of reading.
    #[must_use]
    pub fn new(mut sources: Vec<Source>) -> Self {
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        Self { sources, absent: vec![] }
    }

    /// One source under a path, for tests and programs.
    #[must_use]
    pub fn single(path: &str, text: &str) -> Self {
        Self::new(vec![Source::new(path, text)])
    }

    /// Adds a source behind the others, for text that is no file (a command-line target), and returns its number.
    pub fn push(&mut self, source: Source) -> SourceId {
        self.sources.push(source);
        SourceId(u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX))
    }

    /// Puts another text in a source's place; its path, its kind and its folder stay.
    pub fn replace(&mut self, id: SourceId, text: impl Into<String>) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            let new = Source::new(std::mem::take(&mut source.path), text);
            *source = Source { kind: source.kind, folder: std::mem::take(&mut source.folder), ..new };
        }
    }

    /// Puts a source at its place in the order of the paths, instead of the one with its path where there is one.
    pub fn put(&mut self, source: Source) {
        match self.sources.iter().position(|other| other.path >= source.path) {
            Some(at) if self.sources[at].path == source.path => self.sources[at] = source,
            Some(at) => self.sources.insert(at, source),
            None => self.sources.push(source),
        }
    }

    /// The paths of sources that were put in, taken out or changed, and of tables of which something else is known, in order.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let same = |a: &Source, b: &Source| a.text == b.text && a.kind == b.kind && a.folder == b.folder;
        let gone_or_other = |these: &Self, others: &Self| -> Vec<String> {
            let known = |s: &&Source| others.sources.iter().any(|other| other.path == s.path && same(s, other));
            let absent = these.absent.iter().filter(|told| !others.absent.contains(told));
            let sources = these.sources.iter().filter(|s| !known(s)).map(|s| s.path.clone());
            sources.chain(absent.map(|(path, _)| path.clone())).collect()
        };
        let mut all = gone_or_other(self, before);
        all.extend(gone_or_other(before, self));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Takes the source with this path out; whether there was one.
    pub fn remove(&mut self, path: &str) -> bool {
        let before = self.sources.len();
        self.sources.retain(|source| source.path != path);
        self.sources.len() < before
    }

    /// Says why there is no source of this path, although the policy names it.
    pub fn without(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.absent.push((path.into(), why.into()));
    }

    /// The table of people with this path, or why there is none.
    ///
    /// # Errors
    /// When no table has the path: the reason, where one is known.
    pub fn people(&self, path: &str) -> Result<SourceId, Option<&str>> {
        let same = |(_, source): &(SourceId, &Source)| {
            source.kind == SourceKind::People && crate::paths::plain(&source.path) == path
        };
        let absent = || self.absent.iter().find(|(known, _)| known == path).map(|(_, why)| why.as_str());
        self.iter().find(same).map(|(id, _)| id).ok_or_else(absent)
    }

    /// The source with this number.
    ///
    /// # Panics
    /// When the number belongs to another map.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Every source with its number.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(i, s)| (SourceId(u32::try_from(i).unwrap_or(u32::MAX)), s))
    }

    /// The text at a place, empty where the place is not whole.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or("")
    }

    /// The same as [`Self::locate`] for places that stand one after the other; `near` is the line of the last one.
    #[must_use]
    pub fn locate_near(&self, span: Span, near: usize) -> Location<'_> {
        let source = self.get(span.source);
        let (line, column) = source.line_column_near(span.start, near);
        Location { path: &source.path, line, column }
    }

    /// `path:line:column` of a place's first byte.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location<'_> {
        let source = self.get(span.source);
        let (line, column) = source.line_column(span.start);
        Location { path: &source.path, line, column }
    }
}

/// A place as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location<'a> {
    /// The source's path.
    pub path: &'a str,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Location<'_> {
    /// Adds it to a text as it is shown; for millions of places, which the machinery of formats is slow for.
    pub(crate) fn write(&self, text: &mut String) {
        text.push_str(self.path);
        for number in [self.line, self.column] {
            text.push(':');
            let mut digits = [b'0'; 20];
            let mut at = digits.len();
            let mut left = number;
            while at > 0 && (left > 0 || at == digits.len()) {
                at -= 1;
                digits[at] = b'0' + (left % 10) as u8;
                left /= 10;
            }
            text.push_str(std::str::from_utf8(&digits[at..]).unwrap_or(""));
        }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_not_drawn() {
        let text = "a\u{1b}[2J\tb\r\nc\rd\u{9b}\u{202e}\u{200d}é\n";
        let drawn = Source::new("a.bw", text).drawn().to_owned();
        assert_eq!(drawn, "a?[2J\tb\r\nc?d\u{bf}\u{fffd}\u{200d}é\n");
        assert_eq!(drawn.len(), text.len());
    }

    #[test]
    fn changes_are_told_by_path() {
        let map = |files: &[(&str, &str)]| SourceMap::new(files.iter().map(|(p, t)| Source::new(*p, *t)).collect());
        let before = map(&[("a.bw", "1"), ("b.bw", "2"), ("c.bw", "3")]);
        assert_eq!(before.changed_since(&before.clone()), Vec::<String>::new());
        let mut after = before.clone();
        assert!(after.remove("b.bw") && !after.remove("b.bw"));
        after.put(Source::new("aa.bw", "4"));
        after.put(Source::new("c.bw", "5"));
        after.without("people.csv", "there is no such file");
        assert_eq!(after.changed_since(&before), ["aa.bw", "b.bw", "c.bw", "people.csv"]);
        assert_eq!(before.changed_since(&after), ["aa.bw", "b.bw", "c.bw", "people.csv"]);
        assert_eq!(after.iter().map(|(_, s)| s.path.as_str()).collect::<Vec<_>>(), ["a.bw", "aa.bw", "c.bw"]);
    }

    #[test]
    fn a_place_near_the_last_one_is_the_same_place() {
        let source = Source::new("a.bw", "äö x\nb\n\ncde");
        for offset in 0..16 {
            for near in 0..7 {
                assert_eq!(source.line_column_near(offset, near), source.line_column(offset), "{offset} {near}");
            }
        }
        for (line, column) in [(1, 1), (10, 90), (1_234_567, 1_000)] {
            let place = Location { path: "a b.bw", line, column };
            let mut text = String::new();
            place.write(&mut text);
            assert_eq!(text, place.to_string());
        }
    }

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.bw", "äö x\nb");
        assert_eq!(source.line_column(5), (1, 4), "two letters of two bytes and a blank stand before");
        assert_eq!(source.line_column(6), (1, 5), "the end of the line");
        assert_eq!(source.line_column(7), (2, 1));
        assert_eq!((source.line_column(3), source.line_column(99)), ((1, 2), (2, 2)), "inside a letter, past the end");
        let beyond = Source::new("a.bw", "\u{1f512}x");
        assert_eq!((beyond.line_column(4), beyond.line_column_utf16(4)), ((1, 2), (1, 3)), "a pair of surrogates");
        assert_eq!((source.line(1), source.line(2), source.line(3), source.line(0)), ("äö x", "b", "", ""));
    }
}
