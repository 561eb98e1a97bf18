//! Forests of labels and units, numbered by a walk: the subtree of a node is the range of ids from the node to its end.

use crate::source::Span;

/// A node.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Its own name.
    pub name: String,
    /// Its name behind those of its ancestors, joined by dots (names that need quotes have them).
    pub path: String,
    /// The node above.
    pub parent: Option<u32>,
    /// One past the last node below.
    pub end: u32,
    /// Where it is declared.
    pub span: Span,
}

/// The nodes in the order of a walk, siblings in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    /// The nodes.
    pub nodes: Vec<Tree>,
}

impl Forest {
    /// Whether `node` is `root` or stands below it.
    #[must_use]
    pub fn within(&self, node: u32, root: u32) -> bool {
        root <= node && node < self.nodes[root as usize].end
    }

    /// The name to write for a node: the shortest ending of its path that no other node has.
    #[must_use]
    pub fn short_name(&self, node: u32) -> &str {
        let path = &self.nodes[node as usize].path;
        let own = &self.nodes[node as usize].name;
        let clashes = self.nodes.iter().filter(|n| n.name == *own).count();
        if clashes == 1 && path.ends_with(own.as_str()) { &path[path.len() - own.len()..] } else { path }
    }
}
