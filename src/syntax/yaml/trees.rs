//! Labels and units: trees of names, as nested maps, lists and nothing.

use super::fields::Block;
use super::front::{Front, Lead};
use super::node::{Kind, Node};
use crate::syntax::ast::{DeclKind, Tree};

/// The section `labels`.
pub(super) const LABELS: Block =
    Block { what: "`labels`", example: "labels: { region: { nordics: [fi, se] }, mandatory: }", keys: &[] };
/// The section `units`.
pub(super) const UNITS: Block =
    Block { what: "`units`", example: "units: { acme: { north: [helsinki, oulu], south: } }", keys: &[] };
/// The keys of a tree that has more to say than its name.
const TREE: Block = Block {
    what: "a tree in a list",
    example: "- { name: region, doc: where somebody is, below: { nordics: [fi, se] } }",
    keys: &["name", "below", "doc", "ignore"],
};

impl<'t> Front<'t, '_> {
    /// A section of trees: a map of them, or a list.
    pub(super) fn forest(&mut self, section: &Node<'t>, block: &Block, kind: fn(Tree) -> DeclKind) {
        match &section.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    let Some(name) = self.name(&entry.key) else { continue };
                    let span = self.entry_span(entry);
                    let tree = Tree { name, children: self.children(&entry.value, block) };
                    self.declare(Lead::default(), kind(tree), span);
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.listed(item, block, kind)),
            _ => self.misshapen(section, block.what, "a map or a list", block.example).unwrap_or_default(),
        }
    }

    /// A tree in a list: its name, or a map that says more.
    fn listed(&mut self, item: &Node<'t>, block: &Block, kind: fn(Tree) -> DeclKind) {
        let span = self.span(item);
        if !matches!(item.kind, Kind::Map(_)) {
            if let Some(name) = self.name(item) {
                self.declare(Lead::default(), kind(Tree { name, children: vec![] }), span);
            }
            return;
        }
        let (mut lead, mut name, mut children) = (Lead::default(), None, Vec::new());
        for entry in self.fields(item, &TREE) {
            match entry.key.text() {
                "name" => name = self.name(&entry.value),
                "below" => children = self.children(&entry.value, block),
                _ => drop(self.lead(entry, &mut lead)),
            }
        }
        match name {
            Some(name) => self.declare(lead, kind(Tree { name, children }), span),
            None => self.missing(item, "name", &TREE, span),
        }
    }

    /// The nodes below one: nothing, a list of leaves, or a map of trees. The depth of the file bounds the recursion.
    fn children(&mut self, node: &Node<'t>, block: &Block) -> Vec<Tree> {
        match &node.kind {
            _ if node.is_null() => Vec::new(),
            Kind::Map(entries) => {
                let tree = |front: &mut Self, key, value| {
                    Some(Tree { name: front.name(key)?, children: front.children(value, block) })
                };
                entries.iter().filter_map(|entry| tree(self, &entry.key, &entry.value)).collect()
            }
            Kind::List(items) => items.iter().flat_map(|item| self.child(item, block)).collect(),
            _ => self.misshapen(node, "what stands below", "a list or a map", block.example).unwrap_or_default(),
        }
    }

    /// An item of a list of nodes: a leaf, or a map of trees.
    fn child(&mut self, item: &Node<'t>, block: &Block) -> Vec<Tree> {
        match item.kind {
            Kind::Map(_) => self.children(item, block),
            _ => self.name(item).map(|name| Tree { name, children: vec![] }).into_iter().collect(),
        }
    }
}
