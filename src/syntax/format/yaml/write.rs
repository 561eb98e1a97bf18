//! Lays out a tree of entries: in brackets what is short, an entry a line otherwise.

use super::super::lines::{Out, Sort};
use super::super::{INDENT, WIDTH};
use super::scalar::scalar;
use super::tree::{Entries, Entry, Remark, Text, Value};

/// The longest key that every reader of YAML takes in the line of its value, in characters; the quotes and the `:` count.
const LONGEST_KEY: usize = 1_000;

/// The lines of a file.
pub(in crate::syntax) fn lines(root: &Entries) -> Vec<Out<'_>> {
    let mut writer = Writer { lines: Vec::new() };
    writer.entries(root, 0);
    writer.lines
}

fn text(text: &Text, flow: bool) -> String {
    match text {
        Text::Said(said) => scalar(said, flow),
        Text::Written(written) => written.clone(),
    }
}

/// Joins words with blanks, leaving out those that are empty.
fn words(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// An entry in brackets; none where it cannot stand there.
fn short_entry(entry: &Entry) -> Option<String> {
    let quiet = entry.before.is_empty() && entry.tail.is_none() && !entry.blank;
    let value = match &entry.value {
        Value::Nothing => String::new(),
        Value::Text(it) => text(it, true),
        Value::Entries(it) => short(it)?,
        Value::Lines(..) => return None,
    };
    let key = entry.key.as_ref().map_or(String::new(), |key| text(key, true) + ":");
    quiet.then(|| words(&[&key, &entry.properties, &value]))
}

/// A list or map in brackets; none where it is not meant to stand in them, or cannot.
fn short(entries: &Entries) -> Option<String> {
    let (open, close) = if entries.list { ("[", "]") } else { ("{ ", " }") };
    if entries.entries.is_empty() && entries.end.is_empty() {
        return Some(format!("{}{}", open.trim(), close.trim()));
    }
    if !entries.short || !entries.end.is_empty() {
        return None;
    }
    let all: Option<Vec<_>> = entries.entries.iter().map(short_entry).collect();
    let all = all?;
    // Between brackets nothing can be seen of a value that is not there.
    let unseen = |text: &String| text.is_empty() || text.ends_with(':');
    (!all.iter().any(unseen)).then(|| format!("{open}{}{close}", all.join(", ")))
}

struct Writer<'t> {
    lines: Vec<Out<'t>>,
}

impl<'t> Writer<'t> {
    fn push(&mut self, indent: usize, code: String, sort: Sort, comment: Option<&'t str>, blank: bool) {
        self.lines.push(Out { indent, code, sort, comment, blank });
    }

    fn remarks(&mut self, remarks: &'t [Remark], indent: usize) {
        for remark in remarks {
            self.push(indent, remark.text.clone(), Sort::Alone, None, remark.blank);
        }
    }

    fn entries(&mut self, entries: &'t Entries, indent: usize) {
        for entry in &entries.entries {
            self.remarks(&entry.before, indent);
            self.entry(entry, indent);
        }
        self.remarks(&entries.end, indent);
    }

    fn entry(&mut self, entry: &'t Entry, indent: usize) {
        let mut blank = entry.blank;
        let key = self.key(entry, indent, &mut blank);
        let head = words(&[&key, &entry.properties]);
        let tail = entry.tail.as_deref();
        let one = match &entry.value {
            Value::Nothing => Some(head.clone()),
            Value::Text(it) => Some(words(&[&head, &text(it, false)])),
            Value::Lines(first, lines) => {
                // Only the head of a block has room for a comment.
                let apart = tail.is_some() && !first.starts_with(['|', '>']);
                let behind = if apart { "" } else { first.as_str() };
                self.push(indent, words(&[&head, behind]), Sort::Code, tail, blank);
                if apart {
                    self.below(std::slice::from_ref(first), indent + INDENT);
                }
                return self.below(lines, indent + INDENT);
            }
            Value::Entries(it) => {
                let fits = |text: &String| indent + head.chars().count() + 1 + text.chars().count() <= WIDTH;
                short(it).filter(|text| fits(text) || it.entries.is_empty()).map(|text| words(&[&head, &text]))
            }
        };
        match (one, &entry.value) {
            (None, Value::Entries(it)) => self.long(entry, it, head, indent, blank),
            (code, _) => self.push(indent, code.unwrap_or(head), Sort::Code, tail, blank),
        }
    }

    /// A key with its `:`, or a dash. A key that some reader would find too long stands behind a `?`, in the line before.
    fn key(&mut self, entry: &'t Entry, indent: usize, blank: &mut bool) -> String {
        let Some(key) = &entry.key else { return "-".to_owned() };
        let key = text(key, false);
        if key.chars().count() <= LONGEST_KEY {
            return key + ":";
        }
        self.push(indent, format!("? {key}"), Sort::Code, None, std::mem::take(blank));
        ":".to_owned()
    }

    /// The lines of a text of several lines.
    fn below(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            let indent = if line.is_empty() { 0 } else { indent };
            self.push(indent, line.clone(), Sort::Alone, None, false);
        }
    }

    /// A list or a map with an entry a line. In a list its first entry stands behind the dash.
    fn long(&mut self, entry: &'t Entry, inner: &'t Entries, head: String, indent: usize, mut blank: bool) {
        let first = inner.entries.first();
        let mut tail = entry.tail.as_deref();
        if let (None, Some(remark)) = (&entry.key, tail) {
            // Behind a dash it would belong to what stands below.
            self.push(indent, remark.to_owned(), Sort::Alone, None, std::mem::take(&mut blank));
            tail = None;
        }
        if head != "-" || first.is_none_or(|first| !first.before.is_empty()) {
            self.push(indent, head, Sort::Code, tail, blank);
            return self.entries(inner, indent + INDENT);
        }
        let start = self.lines.len();
        self.entries(inner, indent + INDENT);
        if let Some(line) = self.lines.get_mut(start) {
            line.code = format!("- {}", line.code);
            line.indent = indent;
            line.blank = blank;
        }
    }
}
