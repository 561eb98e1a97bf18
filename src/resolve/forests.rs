//! Labels and units: flattens their trees and finds nodes by any unambiguous `ancestor.descendant`.

use rustc_hash::FxHashMap;

use crate::check::{bw105, bw106};
use crate::diagnostic::Findings;
use crate::model::forest::{Forest, Tree};
use crate::syntax::ast;
use crate::syntax::print::path_word;

/// A forest with its nodes by their last name.
#[derive(Debug, Default)]
pub(super) struct Grove {
    what: &'static str,
    pub(super) forest: Forest,
    by_name: FxHashMap<String, Vec<u32>>,
}

impl Grove {
    /// Flattens trees that may be declared in several places.
    pub(super) fn plant(what: &'static str, roots: Vec<&ast::Tree>, findings: &mut Findings) -> Self {
        let mut grove = Self { what, ..Self::default() };
        grove.add_siblings(roots, None, findings);
        for (id, node) in grove.forest.nodes.iter().enumerate() {
            let id = u32::try_from(id).unwrap_or(u32::MAX);
            grove.by_name.entry(node.name.clone()).or_default().push(id);
        }
        grove
    }

    fn add_siblings(&mut self, mut trees: Vec<&ast::Tree>, parent: Option<u32>, findings: &mut Findings) {
        trees.sort_by(|a, b| a.name.node.cmp(&b.name.node).then(a.name.span.cmp(&b.name.span)));
        let mut last: Option<&ast::Name> = None;
        for tree in trees {
            if let Some(first) = last.filter(|first| first.node == tree.name.node) {
                findings.push(bw106::finding(self.what, &tree.name.node, first.span, tree.name.span));
                continue;
            }
            last = Some(&tree.name);
            self.add(tree, parent, findings);
        }
    }

    /// Recursion is bounded by the nesting that the parser allows.
    fn add(&mut self, tree: &ast::Tree, parent: Option<u32>, findings: &mut Findings) {
        let own = path_word(&tree.name.node).into_owned();
        let path = match parent {
            Some(parent) => format!("{}.{own}", self.forest.nodes[parent as usize].path),
            None => own,
        };
        let id = self.forest.nodes.len();
        self.forest.nodes.push(Tree { name: tree.name.node.clone(), path, parent, end: 0, span: tree.name.span });
        let this = u32::try_from(id).unwrap_or(u32::MAX);
        self.add_siblings(tree.children.iter().collect(), Some(this), findings);
        self.forest.nodes[id].end = u32::try_from(self.forest.nodes.len()).unwrap_or(u32::MAX);
    }

    /// The names of all nodes.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.forest.nodes.iter().map(|n| n.name.as_str())
    }

    /// Whether any node bears this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The node of this name, where there is one only.
    pub(super) fn only(&self, name: &str) -> Option<u32> {
        match self.by_name.get(name)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The nodes that a path may mean: its last name is theirs, and those before it are ancestors, in order. A path that is whole,
    /// from the root on, means that node alone.
    pub(super) fn candidates(&self, path: &ast::Path) -> Vec<u32> {
        let names: Vec<&str> = path.names.iter().map(|n| n.node.as_str()).collect();
        let Some((last, before)) = names.split_last() else { return vec![] };
        let nodes = self.by_name.get(*last).map_or(&[][..], Vec::as_slice);
        let hits: Vec<u32> = nodes.iter().copied().filter(|n| self.has_ancestors(*n, before)).collect();
        let whole = hits.iter().copied().find(|n| self.depth(*n) == names.len());
        whole.map_or(hits, |n| vec![n])
    }

    fn has_ancestors(&self, node: u32, before: &[&str]) -> bool {
        let mut wanted = before.iter().rev().peekable();
        let mut at = self.forest.nodes[node as usize].parent;
        while let (Some(parent), Some(name)) = (at, wanted.peek()) {
            let tree = &self.forest.nodes[parent as usize];
            if tree.name == **name {
                wanted.next();
            }
            at = tree.parent;
        }
        wanted.peek().is_none()
    }

    fn depth(&self, node: u32) -> usize {
        std::iter::successors(Some(node), |n| self.forest.nodes[*n as usize].parent).count()
    }

    /// The node that a path means, or a finding.
    pub(super) fn find(&self, path: &ast::Path, findings: &mut Findings) -> Option<u32> {
        match self.candidates(path).as_slice() {
            [one] => Some(*one),
            [] => {
                findings.push(bw105::undeclared_path(self.what, path, self.names()));
                None
            }
            many => {
                let paths = many.iter().map(|n| self.forest.nodes[*n as usize].path.as_str());
                findings.push(bw105::ambiguous(self.what, path, paths));
                None
            }
        }
    }
}
