//! What to take out of a YAML text so that one statement of it is gone and the rest is YAML as before.
//!
//! A statement is an item of a list, or a key with its value. In the block style its line goes; in the flow style the text up to the
//! next comma. The last item of a list goes with the key that the list stands below. Where that leaves a map without keys, or where
//! anything else stands in the line, nothing is sure.

use std::ops::Range;

use super::load::{Piece, load};
use super::node::{Kind, Node};
use crate::diagnostic::Findings;
use crate::source::SourceId;

/// A text that was read for taking statements out of it.
#[derive(Debug)]
pub struct Statements<'t> {
    text: &'t str,
    root: Option<Node<'t>>,
}

impl<'t> Statements<'t> {
    /// Those of a text; there are none in one that is no YAML.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let piece = Piece { source: SourceId(0), text, base: 0, part: false };
        Self { text, root: load(piece, &mut Findings::new()).ok().flatten() }
    }

    /// The bytes to take away with the statement at `place`, which is a whole text or a key; none where no piece is sure.
    #[must_use]
    pub fn removal(&self, place: Range<usize>) -> Option<Range<usize>> {
        match seek(self.text, self.root.as_ref()?, &place)? {
            Found::Gone(range) => Some(range),
            Found::Whole | Found::Empty => None,
        }
    }
}

/// What a search in a node came to.
enum Found {
    /// These bytes may go.
    Gone(Range<usize>),
    /// All that the node says goes: it has to go itself.
    Whole,
    /// It would be a map without keys.
    Empty,
}

/// Looks for the statement in a node; the depth of a document bounds the recursion.
fn seek(text: &str, node: &Node<'_>, place: &Range<usize>) -> Option<Found> {
    if node.range.end < place.start || place.end < node.range.start {
        return None;
    }
    match &node.kind {
        Kind::Scalar(_) => is_all(text, &node.range, place).then_some(Found::Whole),
        Kind::Broken => None,
        Kind::List(items) => {
            let found = items.iter().find_map(|item| Some((item, seek(text, item, place)?)));
            let (item, found) = found?;
            match found {
                Found::Whole if items.len() == 1 => Some(Found::Whole),
                Found::Whole if is_flow(text, node) => flow(text, item.range.clone()).map(Found::Gone),
                Found::Whole => dashed(text, &item.range).map(Found::Gone),
                other => Some(other),
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                let whole = entry.key.range.start == place.start && entry.value.range.end == place.end;
                let key = whole || is_all(text, &entry.key.range, place);
                let found = if key { Some(Found::Whole) } else { seek(text, &entry.value, place) };
                // A map of codes to ignore says nothing without one; a role without statements is a role.
                let found = match found {
                    Some(Found::Empty) if entry.key.text() == "ignore" => Some(Found::Whole),
                    Some(Found::Empty) => return None,
                    found => found,
                };
                let range = || Some(entry.key.range.start..end(text, &entry.key, &entry.value)?);
                match found {
                    None => {}
                    Some(Found::Whole) if entries.len() == 1 => return Some(Found::Empty),
                    Some(Found::Whole) if is_flow(text, node) => return flow(text, range()?).map(Found::Gone),
                    Some(Found::Whole) => return block(text, range()?).map(Found::Gone),
                    gone => return gone,
                }
            }
            None
        }
    }
}

/// Whether a place is all that is said in a scalar, with its quotes or without.
fn is_all(text: &str, scalar: &Range<usize>, place: &Range<usize>) -> bool {
    let Some(written) = text.get(scalar.clone()) else { return false };
    let inner = written.trim_matches(['"', '\'']).trim();
    !inner.is_empty()
        && text.get(place.clone()).is_some_and(|said| said.trim_matches(['"', '\'']).trim() == inner)
        && scalar.start <= place.start
        && place.end <= scalar.end
}

fn is_flow(text: &str, node: &Node<'_>) -> bool {
    text[node.range.start..].starts_with(['[', '{'])
}

/// The end of a key with its value.
fn end(text: &str, key: &Node<'_>, value: &Node<'_>) -> Option<usize> {
    if value.range.is_empty() {
        let behind = text.get(key.range.end..)?;
        let colon = behind.trim_start().strip_prefix(':')?;
        return Some(text.len() - colon.len());
    }
    (value.range.start >= key.range.end).then_some(value.range.end)
}

/// An element between commas, with one of them.
fn flow(text: &str, element: Range<usize>) -> Option<Range<usize>> {
    let behind = text.get(element.end..)?.trim_start();
    if let Some(next) = behind.strip_prefix(',') {
        return Some(element.start..text.len() - next.trim_start_matches([' ', '\t']).len());
    }
    let before = text[..element.start].trim_end().strip_suffix(',')?;
    Some(before.len()..element.end)
}

/// An item of a block list, from its dash on.
fn dashed(text: &str, item: &Range<usize>) -> Option<Range<usize>> {
    let before = text[..item.start].trim_end_matches([' ', '\t']).strip_suffix('-')?;
    block(text, before.len()..item.end)
}

/// The lines of an element that has lines of its own; a comment behind it stays, and one within it keeps it from going.
fn block(text: &str, element: Range<usize>) -> Option<Range<usize>> {
    let line = text[..element.start].rfind('\n').map_or(0, |at| at + 1);
    let said = text.get(element.clone())?;
    let comment_within = said.lines().skip(1).any(|line| line.trim_start().starts_with('#')) || said.contains(" #");
    if !text[line..element.start].trim().is_empty() || comment_within {
        return None;
    }
    let rest = text[element.end..].split('\n').next().unwrap_or("");
    if rest.trim().is_empty() {
        return Some(line..text[element.end..].find('\n').map_or(text.len(), |at| element.end + at + 1));
    }
    let blanks = rest.len() - rest.trim_start().len();
    rest.trim_start().starts_with('#').then_some(element.start..element.end + blanks)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without the statement.
    fn without(text: &str, statement: &str) -> Option<String> {
        let at = text.find(statement)?;
        let mut left = text.to_owned();
        left.replace_range(Statements::of(text).removal(at..at + statement.len())?, "");
        Some(left)
    }

    #[test]
    fn block_elements_go_with_their_lines() {
        let text = "a:\n  - x  # why\n  - \"y z\"\nb: q\nc:\nd: 1\n";
        assert_eq!(without(text, "y z").as_deref(), Some("a:\n  - x  # why\nb: q\nc:\nd: 1\n"));
        assert_eq!(without(text, "x").as_deref(), Some("a:\n  # why\n  - \"y z\"\nb: q\nc:\nd: 1\n"));
        assert_eq!(without(text, "q").as_deref(), Some("a:\n  - x  # why\n  - \"y z\"\nc:\nd: 1\n"));
        assert_eq!(without(text, "c").as_deref(), Some("a:\n  - x  # why\n  - \"y z\"\nb: q\nd: 1\n"), "a key");
        assert_eq!(without("a:\r\n  - x\r\n  - y\r\n", "x").as_deref(), Some("a:\r\n  - y\r\n"));
    }

    #[test]
    fn the_last_item_goes_with_its_key() {
        assert_eq!(without("a:\n  - x\nb: q\n", "x").as_deref(), Some("b: q\n"));
        assert_eq!(without("r: { a: [x], b: q }\n", "x").as_deref(), Some("r: { b: q }\n"));
        assert_eq!(without("r:\n  s: { a: x }\n", "x"), None, "a map without keys says something else");
        assert_eq!(without("r: { a: x, ignore: { c: y } }\n", "c").as_deref(), Some("r: { a: x }\n"));
        assert_eq!(without("a:\n  # why\n  - x\nb: q\n", "x"), None, "a comment would go with it");
    }

    #[test]
    fn flow_elements_go_with_a_comma() {
        assert_eq!(without("{ a: 'x y', b: [q, r, s] }", "x y").as_deref(), Some("{ b: [q, r, s] }"));
        assert_eq!(without("{ a: 'x y', b: [q, r, s] }", "r").as_deref(), Some("{ a: 'x y', b: [q, s] }"));
        assert_eq!(without("{ a: 'x y', b: [q, r, s] }", "s").as_deref(), Some("{ a: 'x y', b: [q, r] }"));
        assert_eq!(without("{ a: 'x y', b: q }", "q").as_deref(), Some("{ a: 'x y' }"));
        assert_eq!(without("{ a: x y, b: q }", "x"), None, "a part of a text");
    }
}
