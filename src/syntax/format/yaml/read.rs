//! Reads a file that is known to be right as entries, each with its comments, and everything written as it stands.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

use super::tree::{Entries, Entry, Remark, Text, Value};

/// The entries of a file; none where something is written in a way that has no place in the style.
pub(super) fn entries(text: &str) -> Option<Entries> {
    let mut events = Vec::new();
    let mut comments = Vec::new();
    for event in Parser::new_from_str_with_options(text, super::with_comments()) {
        let (event, span) = event.ok()?;
        let range = span.byte_range()?;
        match event {
            Event::Comment(..) => comments.push(range),
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => events.push((event, range)),
        }
    }
    comments.sort_unstable_by_key(|range| range.start);
    let mut reader = Reader { text, events, comments, at: 0, comment: 0, ended: 0 };
    let root = if reader.events.is_empty() { Entries::default() } else { reader.root()? };
    let end = reader.remarks(text.len(), true);
    Some(Entries { end: root.end.into_iter().chain(end).collect(), ..root })
}

struct Reader<'t> {
    text: &'t str,
    events: Vec<(Event<'t>, Range<usize>)>,
    comments: Vec<Range<usize>>,
    /// The next event.
    at: usize,
    /// The next comment.
    comment: usize,
    /// Where the last thing ended.
    ended: usize,
}

impl<'t> Reader<'t> {
    fn root(&mut self) -> Option<Entries> {
        match self.value(false)?.1 {
            Value::Entries(root) if !root.short => Some(root),
            Value::Entries(root) => Some(Entries { short: false, ..root }),
            Value::Nothing => Some(Entries::default()),
            Value::Text(_) | Value::Lines(..) => None,
        }
    }

    fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn peek(&self) -> Option<&(Event<'t>, Range<usize>)> {
        self.events.get(self.at)
    }

    /// Where a piece of the text itself begins.
    fn place(&self, piece: &str) -> usize {
        piece.as_ptr().addr() - self.text.as_ptr().addr()
    }

    /// Whether no line ends between two bytes.
    fn same_line(&self, from: usize, to: usize) -> bool {
        from <= to && !self.slice(&(from..to)).contains(['\n', '\r'])
    }

    /// The text before a byte in its line.
    fn line_before(&self, at: usize) -> &'t str {
        let before = self.text.get(..at).unwrap_or("");
        &before[before.rfind('\n').map_or(0, |end| end + 1)..]
    }

    /// Whether the line above that of a byte is empty.
    fn blank_above(&self, at: usize) -> bool {
        let above = self.text.get(..at - self.line_before(at).len()).unwrap_or("");
        let above = above.strip_suffix('\n').unwrap_or("x");
        above.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
    }

    /// The comments before a byte that have not been taken; `first` where nothing stands before them in their collection.
    fn remarks(&mut self, until: usize, first: bool) -> Vec<Remark> {
        let mut remarks = Vec::new();
        while let Some(range) = self.comments.get(self.comment).filter(|range| range.start < until).cloned() {
            self.comment += 1;
            let blank = self.blank_above(range.start) && !(first && remarks.is_empty() && self.ended == 0);
            remarks.push(Remark { text: self.slice(&range).trim_end().to_owned(), blank });
        }
        remarks
    }

    /// Where the next comment begins; behind everything where there is none.
    fn next_comment(&self) -> usize {
        self.comments.get(self.comment).map_or(usize::MAX, |range| range.start)
    }

    /// Takes the next comment, which stands behind something in its line.
    fn tail(&mut self) -> Option<String> {
        let range = self.comments.get(self.comment)?;
        self.comment += 1;
        Some(self.slice(range).trim_end().to_owned())
    }

    /// The words between the last thing and a byte, without comments.
    fn words_before(&self, start: usize) -> Vec<&'t str> {
        let covered = |at: usize| {
            let next = self.comments.partition_point(|range| range.start <= at);
            next.checked_sub(1).is_some_and(|last| self.comments[last].contains(&at))
        };
        let between = self.slice(&(self.ended.min(start)..start));
        let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | '{');
        between.split(apart).filter(|word| !word.is_empty() && !covered(self.place(word))).collect()
    }

    /// Takes the anchors and tags between the last thing and the next.
    fn properties(&mut self, start: usize) -> String {
        let words = self.words_before(start).into_iter().map(|word| word.trim_start_matches([':', '\u{feff}']));
        let words: Vec<_> = words.filter(|word| word.starts_with(['&', '!'])).collect();
        if let Some(last) = words.last() {
            self.ended = self.place(last) + last.len();
        }
        words.join(" ")
    }

    /// The next node: its properties and its value.
    fn value(&mut self, flow: bool) -> Option<(String, Value)> {
        let (event, range) = self.events.get(self.at)?.clone();
        self.at += 1;
        let start = range.start;
        let marked = |anchor: usize, tagged: bool| anchor > 0 || tagged;
        let properties = match &event {
            Event::Scalar(_, _, anchor, tag) if marked(*anchor, tag.is_some()) => self.properties(start),
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag)
                if marked(*anchor, tag.is_some()) =>
            {
                self.properties(start)
            }
            _ => String::new(),
        };
        let value = match event {
            Event::Scalar(said, ScalarStyle::Literal | ScalarStyle::Folded, ..) => self.block_scalar(&said, range)?,
            Event::Scalar(..) => self.scalar(&range),
            Event::SequenceStart(..) => Value::Entries(self.collection(true, start, flow)?),
            Event::MappingStart(..) => Value::Entries(self.collection(false, start, flow)?),
            Event::Alias(_) => {
                self.ended = range.end;
                Value::word(self.slice(&range).trim_end())
            }
            _ => return None,
        };
        Some((properties, value))
    }

    /// A text without quotes or in them, in one line or several.
    fn scalar(&mut self, range: &Range<usize>) -> Value {
        let written = self.slice(range).trim_end();
        self.ended = range.start + written.len();
        let mut lines = written.lines().map(str::trim);
        let first = lines.next().unwrap_or("").to_owned();
        let lines: Vec<_> = lines.map(str::to_owned).collect();
        match (written.is_empty(), lines.is_empty()) {
            (true, _) => Value::Nothing,
            (_, true) => Value::word(first),
            _ => Value::Lines(first, lines),
        }
    }

    /// A text below its `|` or `>`, which keeps its lines or folds them.
    fn block_scalar(&mut self, said: &str, range: Range<usize>) -> Option<Value> {
        let header = self.words_before(range.start).into_iter().rfind(|word| word.starts_with(['|', '>']))?;
        let at = self.place(header);
        let line_end = self.text.get(at..)?.find('\n').map_or(self.text.len(), |end| at + end + 1);
        let content = self.slice(&(line_end.min(range.end)..range.end));
        self.ended = range.start + self.slice(&range).trim_end().len();
        // Behind the last line end stands the indentation of what comes next.
        let content = match content.rfind('\n') {
            Some(end) if content[end..].trim().is_empty() => &content[..=end],
            _ => content,
        };
        let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let first = |text: &str| text.lines().find(|line| !line.trim().is_empty()).map_or(0, blanks);
        let indent = first(content).checked_sub(first(said))?;
        let mut lines: Vec<_> = content.lines().map(|line| line.get(indent..).unwrap_or("").to_owned()).collect();
        // Whether the empty lines behind it belong to it does not matter to any text of a policy.
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        // An indentation that is written out is counted from that of the key.
        let header = header.chars().filter(|c| *c != '+').map(|c| if c.is_ascii_digit() { '2' } else { c }).collect();
        Some(Value::Lines(header, lines))
    }

    /// The entries of a list or map that begins at a byte. One in brackets stays in them if it was written in one line.
    fn collection(&mut self, list: bool, start: usize, flow: bool) -> Option<Entries> {
        let bracket = self.slice(&(start..start + 1));
        let flow = flow || matches!(bracket, "[" | "{") && self.peek().is_none_or(|(_, next)| next.start > start);
        let mut entries: Vec<Entry> = Vec::new();
        let column = self.line_before(start).chars().count();
        loop {
            let (event, range) = self.peek()?.clone();
            let ends = matches!(event, Event::SequenceEnd | Event::MappingEnd);
            if ends {
                self.at += 1;
                let end = if flow { self.remarks(range.start, false) } else { self.inner_remarks(column) };
                if !range.is_empty() {
                    self.ended = range.end;
                }
                let short = flow && self.same_line(start, self.ended);
                return Some(Entries { list, short, entries, end });
            }
            let mut before = self.remarks(range.start, entries.is_empty());
            let first = entries.is_empty() && before.is_empty();
            let mut blank = !first && self.blank_before(range.start);
            let mut entry = if list { self.item(flow)? } else { self.pair(flow)? };
            if let (true, Value::Entries(inner)) = (list, &mut entry.value)
                && let Some(first) = inner.entries.first_mut().filter(|first| !first.before.is_empty())
            {
                // Between a dash and the first entry behind it there is no room.
                entry.before.append(&mut first.before);
                entry.blank = std::mem::take(&mut first.blank);
            }
            if let Some(moved) = entry.before.first_mut() {
                moved.blank = blank;
                blank = entry.blank;
            }
            before.append(&mut entry.before);
            entries.push(Entry { before, blank, ..entry });
        }
    }

    /// Whether an empty line stands between the last thing, or the last comment that was taken, and a byte.
    fn blank_before(&self, at: usize) -> bool {
        let comment = self.comment.checked_sub(1).map_or(0, |last| self.comments[last].end);
        let between = self.slice(&(self.ended.max(comment).min(at)..at));
        let mut lines = between.split('\n').rev();
        // The last is the line of the byte, the first the rest of that of the last thing.
        lines.next();
        lines.rev().skip(1).any(|line| line.trim().is_empty())
    }

    /// The comments behind the last entry of a block that stand in as far as its entries.
    fn inner_remarks(&mut self, column: usize) -> Vec<Remark> {
        let next =
            self.events[self.at..].iter().find(|(event, _)| !matches!(event, Event::SequenceEnd | Event::MappingEnd));
        let next = next.map_or(self.text.len(), |(_, range)| range.start);
        let inner = |range: &&Range<usize>| {
            let before = self.line_before(range.start);
            let inside = !before.trim().is_empty() || before.chars().count() >= column;
            range.start < next && column > 0 && inside
        };
        let until = self.comments[self.comment..].iter().take_while(inner).last().map_or(0, |range| range.end);
        self.remarks(until, false)
    }

    fn item(&mut self, flow: bool) -> Option<Entry> {
        self.entry(None, flow)
    }

    fn pair(&mut self, flow: bool) -> Option<Entry> {
        let said = match self.peek()?.0.clone() {
            Event::Scalar(said, ..) => said,
            // A `:` that followed at once would belong to the alias.
            Event::Alias(_) => {
                let (_, Value::Text(Text::Written(alias))) = self.value(flow)? else { return None };
                return self.entry(Some(Text::Written(alias + " ")), flow);
            }
            _ => return None,
        };
        let key = match self.value(flow)? {
            (properties, Value::Text(Text::Written(key))) if properties.is_empty() => Text::Written(key),
            (properties, Value::Text(Text::Written(key))) => Text::Written(format!("{properties} {key}")),
            // A key of several lines, or one below `|`: it fits into one.
            (properties, _) if properties.is_empty() => Text::Said(said.into_owned()),
            (properties, _) => Text::Written(format!("{properties} {}", super::scalar::scalar(&said, true))),
        };
        self.entry(Some(key), flow)
    }

    /// What stands behind a key or a dash, with the comment behind its first line.
    fn entry(&mut self, key: Option<Text>, flow: bool) -> Option<Entry> {
        let head = self.ended;
        let start = self.peek()?.1.start;
        let next = self.next_comment();
        let mut tail = if next < start && self.same_line(head, next) { self.tail() } else { None };
        let mut before = Vec::new();
        if !self.begins_with_its_first_entry() && self.next_comment() < start {
            // Between a key and its text there is no room.
            before.extend(tail.take().map(Remark::alone));
            before.extend(self.remarks(start, false));
        }
        let (properties, value) = self.value(flow)?;
        // Behind the first of several lines it would stand in a text, or before the comments of a list.
        let one_line = match &value {
            Value::Lines(..) => false,
            Value::Entries(entries) => entries.short,
            Value::Text(_) | Value::Nothing => true,
        };
        let next = self.next_comment();
        let further = self.peek().map_or(self.text.len(), |(_, range)| range.start);
        if tail.is_none() && one_line && next < further && self.same_line(self.ended, next) {
            tail = self.tail();
        }
        Some(Entry { before, key, properties, value, tail, ..Entry::default() })
    }

    /// Whether a list or a map without brackets comes next.
    fn begins_with_its_first_entry(&self) -> bool {
        let mut next = self.events[self.at..].iter();
        match (next.next(), next.next()) {
            (Some((Event::SequenceStart(..) | Event::MappingStart(..), range)), Some((_, first))) => {
                !self.slice(&(range.start..first.start)).starts_with(['[', '{'])
            }
            _ => false,
        }
    }
}
