//! Where the bytes of a text stand in its source, when the two do not run side by side.
//!
//! A text in a YAML string is written with escapes, or folded over lines, or has words put before it. Its [`Places`] say for each of
//! its bytes where in the source it comes from, so that a finding inside the text points at the very characters in the file.

use crate::source::{SourceId, Span};

/// A piece of the text and the piece of the source it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    text: usize,
    text_len: usize,
    source: usize,
    source_len: usize,
}

impl Run {
    /// Whether byte `n` of the one is byte `n` of the other.
    const fn side_by_side(&self) -> bool {
        self.text_len == self.source_len
    }
}

/// The places of the bytes of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    source: SourceId,
    runs: Vec<Run>,
    text_len: usize,
    /// Where an empty text stands.
    nowhere: usize,
}

impl Places {
    /// An empty text that stands at byte `at` of the source.
    #[must_use]
    pub const fn new(source: SourceId, at: usize) -> Self {
        Self { source, runs: Vec::new(), text_len: 0, nowhere: at }
    }

    /// Adds `len` bytes of text that stand at byte `at` of the source, as they are.
    pub fn copied(&mut self, len: usize, at: usize) {
        self.push(len, at, len);
    }

    /// Adds `len` bytes of text for which `source_len` bytes at `at` stand in the source; perhaps none.
    pub fn written_as(&mut self, len: usize, at: usize, source_len: usize) {
        self.push(len, at, source_len);
    }

    fn push(&mut self, text_len: usize, source: usize, source_len: usize) {
        let text = self.text_len;
        self.text_len += text_len;
        if text_len == 0 {
            return;
        }
        let run = Run { text, text_len, source, source_len };
        if let Some(last) = self.runs.last_mut()
            && last.side_by_side()
            && run.side_by_side()
            && last.source + last.source_len == source
        {
            last.text_len += text_len;
            last.source_len += source_len;
            return;
        }
        self.runs.push(run);
    }

    /// Adds the bytes `start..end` of another text.
    pub fn part_of(&mut self, other: &Self, start: usize, end: usize) {
        let first = other.runs.partition_point(|run| run.text + run.text_len <= start);
        for run in &other.runs[first..] {
            if run.text >= end {
                break;
            }
            let from = start.max(run.text) - run.text;
            let to = end.min(run.text + run.text_len) - run.text;
            if run.side_by_side() {
                self.push(to - from, run.source + from, to - from);
            } else {
                self.push(to - from, run.source, run.source_len);
            }
        }
    }

    /// How many bytes the text has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.text_len
    }

    /// Whether the text is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text_len == 0
    }

    /// The place of the text's bytes `start..end`.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.start_of(start);
        let to = if end > start { self.end_of(end) } else { from };
        Span::new(self.source, from.min(to), from.max(to))
    }

    /// Where byte `at` of the text begins in the source.
    fn start_of(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|run| run.text + run.text_len <= at);
        match self.runs.get(next) {
            Some(run) if run.side_by_side() => run.source + (at - run.text),
            Some(run) => run.source,
            None => self.end_of(self.text_len),
        }
    }

    /// Where the byte before `at` ends in the source.
    fn end_of(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|run| run.text < at);
        match next.checked_sub(1).and_then(|last| self.runs.get(last)) {
            Some(run) if run.side_by_side() => run.source + (at - run.text).min(run.source_len),
            Some(run) => run.source + run.source_len,
            None => self.nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `say a"b` for the source `xx: 'a\"b'`, with the word `say ` put before it.
    fn example() -> Places {
        let mut places = Places::new(SourceId(0), 5);
        places.written_as(4, 5, 0);
        places.copied(1, 5);
        places.written_as(1, 6, 2);
        places.copied(1, 8);
        places
    }

    fn range(places: &Places, start: usize, end: usize) -> std::ops::Range<usize> {
        places.span(start, end).range()
    }

    #[test]
    fn words_put_before_a_text_stand_at_its_beginning() {
        let places = example();
        assert_eq!(range(&places, 0, 4), 5..5);
        assert_eq!(range(&places, 0, 7), 5..9);
    }

    #[test]
    fn an_escape_is_one_piece() {
        let places = example();
        assert_eq!(range(&places, 4, 5), 5..6);
        assert_eq!(range(&places, 5, 6), 6..8);
        assert_eq!(range(&places, 6, 7), 8..9);
        assert_eq!(range(&places, 7, 7), 9..9, "the end of the text");
        assert_eq!(range(&places, 50, 60), 9..9, "nothing lies behind it");
    }

    #[test]
    fn a_part_keeps_its_places() {
        let mut part = Places::new(SourceId(0), 0);
        part.part_of(&example(), 5, 7);
        assert_eq!((part.len(), part.span(0, 1).range(), part.span(1, 2).range()), (2, 6..8, 8..9));
    }

    #[test]
    fn neighbours_are_joined() {
        let mut places = Places::new(SourceId(0), 0);
        places.copied(3, 10);
        places.copied(2, 13);
        assert_eq!(places.runs.len(), 1);
        assert_eq!(range(&places, 1, 5), 11..15);
    }
}
