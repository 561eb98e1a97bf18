//! Cuts a source that is no YAML into the pieces that can be read each for itself.
//!
//! A section begins in the first column, and what it holds stands below it, evenly indented: lines say where one thing ends and the
//! next begins, whatever is wrong inside it.

use std::ops::Range;

/// A section as its lines show it.
pub(super) struct Section {
    /// All of it.
    pub(super) whole: Range<usize>,
    /// Its first line, where nothing but the key stands in it.
    pub(super) head: Range<usize>,
    /// What stands below the key, thing by thing.
    pub(super) parts: Vec<Range<usize>>,
}

/// The sections of a source.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let whole = cut(text, 0..text.len(), 0);
    whole.into_iter().map(|range| section(text, range)).collect()
}

fn section(text: &str, whole: Range<usize>) -> Section {
    let first = text[whole.clone()].find('\n').map_or(whole.end, |n| whole.start + n + 1);
    let head = text[whole.start..first].trim_end();
    let bare = head.split_once(" #").map_or(head, |(key, _)| key).trim_end();
    let body = first..whole.end;
    let indent = lines(text, &body).find(|line| has_content(&text[line.clone()])).map(|line| indent(&text[line]));
    let parts = match indent {
        Some(indent) if bare.ends_with(':') => cut(text, body, indent),
        _ => Vec::new(),
    };
    Section { head: whole.start..whole.start + bare.len(), whole, parts }
}

/// Cuts a range before each line that is indented by so much and begins something.
fn cut(text: &str, range: Range<usize>, wanted: usize) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for line in lines(text, &range) {
        let content = &text[line.clone()];
        // A tab is no indentation, and a closing bracket begins nothing.
        let closing = content.trim_start_matches(' ').starts_with([']', '}', '\t']);
        if pieces.is_empty() || (has_content(content) && indent(content) == wanted && !closing) {
            pieces.push(line);
        } else if let Some(last) = pieces.last_mut() {
            last.end = line.end;
        }
    }
    pieces
}

fn lines(text: &str, range: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let start = range.start;
    text[range.clone()].split_inclusive('\n').scan(start, |at, line| {
        let begin = *at;
        *at += line.len();
        Some(begin..*at)
    })
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line is neither empty nor a comment nor the mark of a document.
fn has_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && line != "---" && line != "..."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_where_things_end() {
        let text = "---\nroles: # who\n  a:\n    allow: x\n  # of b\n  b: {\n  }\nunits: [a,\n  b]\n";
        let sections = sections(text);
        let shown: Vec<_> = sections.iter().map(|section| (&text[section.head.clone()], section.parts.len())).collect();
        assert_eq!(shown, [("---", 0), ("roles:", 2), ("units: [a,", 0)]);
        let parts: Vec<_> = sections[1].parts.iter().map(|part| &text[part.clone()]).collect();
        assert_eq!(parts, ["  a:\n    allow: x\n  # of b\n", "  b: {\n  }\n"]);
    }
}
