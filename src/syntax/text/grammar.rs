//! The parser that pest makes of `grammar/bailiwick.pest`, and what it gives.

use pest::iterators::{Pair, Pairs};

/// Reads by the grammar's rules.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/bailiwick.pest"]
pub(super) struct Grammar;

/// A piece of text that a rule matched, with the pieces inside it.
pub(super) type Node<'i> = Pair<'i, Rule>;

/// The pieces inside a node, in order, taken one by one.
pub(super) struct Parts<'i>(Pairs<'i, Rule>);

impl<'i> Parts<'i> {
    /// The pieces of `node`.
    pub(super) fn of(node: Node<'i>) -> Self {
        Self(node.into_inner())
    }

    /// The next piece that `rule` matched; the keywords and comments before it are passed over.
    pub(super) fn next_of(&mut self, rule: Rule) -> Option<Node<'i>> {
        self.0.find(|part| part.as_rule() == rule)
    }
}

impl<'i> Iterator for Parts<'i> {
    type Item = Node<'i>;

    fn next(&mut self) -> Option<Node<'i>> {
        self.0.find(|part| part.as_rule() != Rule::comment)
    }
}
