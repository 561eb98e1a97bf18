//! Strings that are statements of the text form: read by its rules, with the places of their characters in this file.

use super::front::Front;
use super::node::{Node, Scalar};
use super::scalar;
use crate::source::Spanned;
use crate::syntax::ast::{Name, Path};
use crate::syntax::places::Places;
use crate::syntax::text::{Fragment, Origin};

/// How a string is read.
pub(super) struct Statement<'w> {
    /// What it is, as "`allow`".
    pub(super) what: &'w str,
    /// An example of it.
    pub(super) example: &'w str,
    /// The words before it in the text form.
    pub(super) before: &'w str,
    /// What a single unusual word is.
    pub(super) alone: Alone,
    /// Whether several of them make a list.
    pub(super) many: bool,
}

/// What a word is that stands alone and would need quotes in the text form, as `017` and `no` sometimes do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// A name.
    Name,
    /// Names joined by dots.
    Path,
    /// Nothing in particular.
    Neither,
}

impl<'t> Front<'t, '_> {
    /// Reads a string as a statement.
    pub(super) fn say<T>(
        &mut self,
        node: &Node<'t>,
        statement: &Statement<'_>,
        read: impl FnOnce(Fragment<'_>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let expected = if statement.many { "a text, or a list of texts" } else { "a text" };
        let scalar = self.words_of(node, statement.what, expected, statement.example)?;
        let (text, places) = self.compose(node, scalar, statement);
        let span = self.span(node);
        let said = read(Fragment::new(Origin::in_places(self.source, &places), &text, self.findings));
        self.broken |= said.is_none();
        said.map(|said| Spanned::new(said, span))
    }

    /// The statement as the text form has it, with its places.
    fn compose(&self, node: &Node<'t>, scalar: &Scalar<'t>, statement: &Statement<'_>) -> (String, Places) {
        let written = scalar::places(self.source, self.text, node.range.clone(), scalar.style, &scalar.text);
        let text = scalar.text.trim_end();
        let start = text.len() - text.trim_start().len();
        let at = |n: usize| written.span(n, n).start as usize;
        let mut said = Said { text: String::new(), places: Places::new(self.source, at(start)) };
        said.put(statement.before, at(start));
        for (from, to, quoted) in pieces(&text[start..], statement.alone) {
            let (from, to) = (start + from, start + to);
            if quoted {
                said.put("\"", at(from));
            }
            said.text.push_str(&text[from..to]);
            said.places.part_of(&written, from, to);
            if quoted {
                said.put("\"", at(to));
            }
        }
        (said.text, said.places)
    }

    /// Names: one, several with commas between them, or a list.
    pub(super) fn names(&mut self, node: &Node<'t>, what: &str, example: &str) -> Vec<Name> {
        self.each(node).iter().flat_map(|item| self.names_in(item, what, example)).collect()
    }

    /// The names in a text: one, or several with commas between them.
    pub(super) fn names_in(&mut self, node: &Node<'t>, what: &str, example: &str) -> Vec<Name> {
        let statement = Statement { what, example, before: "", alone: Alone::Name, many: true };
        self.say(node, &statement, |it| it.names()).map(|names| names.node).unwrap_or_default()
    }

    /// Paths: one, several with commas between them, or a list.
    pub(super) fn paths(&mut self, node: &Node<'t>, what: &str, example: &str) -> Vec<Path> {
        let statement = Statement { what, example, before: "", alone: Alone::Path, many: true };
        let mut paths = Vec::new();
        for item in self.each(node) {
            paths.extend(self.say(item, &statement, |it| it.paths()).map(|paths| paths.node).unwrap_or_default());
        }
        paths
    }
}

/// A text that is put together, with the places of its bytes.
struct Said {
    text: String,
    places: Places,
}

impl Said {
    /// Adds words that do not stand in the source.
    fn put(&mut self, words: &str, at: usize) {
        self.text.push_str(words);
        self.places.written_as(words.len(), at, 0);
    }
}

/// The pieces of a text, each with whether it is put in quotes.
fn pieces(text: &str, alone: Alone) -> Vec<(usize, usize, bool)> {
    let one = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\",(){};*\\".contains(c));
    let usual = text.split('.').enumerate().all(|(i, piece)| is_identifier(piece) && (i > 0 || !is_reserved(piece)));
    if alone == Alone::Neither || !one || usual || text.is_empty() {
        return vec![(0, text.len(), false)];
    }
    if alone == Alone::Name {
        return vec![(0, text.len(), true)];
    }
    let mut pieces = Vec::new();
    let mut at = 0;
    for piece in text.split('.') {
        let end = at + piece.len();
        if at > 0 {
            pieces.push((at - 1, at, false));
        }
        pieces.push((at, end, !piece.is_empty() && (!is_identifier(piece) || is_reserved(piece))));
        at = end + 1;
    }
    pieces
}

/// Whether a text can stand as a name without quotes.
fn is_identifier(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    first && !text.ends_with('-') && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Whether the text form takes a word for one of its own.
fn is_reserved(word: &str) -> bool {
    const RESERVED: [&str; 14] =
        ["and", "or", "not", "is", "in", "own", "self", "except", "on", "view", "write", "destroy", "become", "assign"];
    RESERVED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str, alone: Alone) -> String {
        let piece = |(from, to, quoted): (usize, usize, bool)| {
            if quoted { format!("\"{}\"", &text[from..to]) } else { text[from..to].to_owned() }
        };
        pieces(text, alone).into_iter().map(piece).collect()
    }

    #[test]
    fn a_single_unusual_word_is_put_in_quotes() {
        for (text, name) in [("017", "\"017\""), ("on", "\"on\""), ("a/b", "\"a/b\""), ("1.0", "\"1.0\"")] {
            assert_eq!(quoted(text, Alone::Name), name);
        }
        assert_eq!(quoted("acme.017", Alone::Path), "acme.\"017\"");
        assert_eq!(quoted("on.off", Alone::Path), "\"on\".off");
    }

    #[test]
    fn everything_else_is_left_to_the_text_form() {
        for text in
            ["no", "operator", "fi.nordics", "a, 017", "\"017\"", "* except x", "operator until 2026-01-01", "a.b-c"]
        {
            assert_eq!(quoted(text, Alone::Name), text);
            assert_eq!(quoted(text, Alone::Path), text);
        }
        assert_eq!(quoted("017", Alone::Neither), "017");
    }
}
