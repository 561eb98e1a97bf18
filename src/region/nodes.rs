//! Lowered predicates: a hash-consed arena, so that equal predicates are one node wherever they stand.
//!
//! Only laws of Kleene's logic are applied when a node is made: neutral and absorbing elements, idempotence, associativity,
//! commutativity (children stand in a canonical order), double negation.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::pred::Test;

/// A node of an arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What a node joins: mostly few, which have no list of their own.
pub type Children = SmallVec<[NodeId; 4]>;

/// A lowered predicate. [`Test::Group`] and [`Test::Holds`] do not occur: they were expanded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// Everything.
    True,
    /// Nothing.
    False,
    /// One test.
    Test(Test),
    /// The complement.
    Not(NodeId),
    /// All of at least two.
    And(Children),
    /// Any of at least two.
    Or(Children),
}

/// The arena. A node's children have smaller ids than the node.
#[derive(Debug, Clone)]
pub struct Nodes {
    list: Vec<Node>,
    /// The ids, by the hash of the node: nodes stand in the list alone.
    ids: HashTable<NodeId>,
}

impl Default for Nodes {
    fn default() -> Self {
        let mut nodes = Self { list: vec![], ids: HashTable::new() };
        nodes.intern(Node::False);
        nodes.intern(Node::True);
        nodes
    }
}

impl Nodes {
    /// Nothing.
    pub const FALSE: NodeId = NodeId(0);
    /// Everything.
    pub const TRUE: NodeId = NodeId(1);

    /// The node with this id.
    #[must_use]
    pub fn get(&self, id: NodeId) -> &Node {
        &self.list[id.0 as usize]
    }

    /// All nodes, children before parents.
    #[must_use]
    pub fn list(&self) -> &[Node] {
        &self.list
    }

    /// Makes room for so many more nodes.
    pub fn reserve(&mut self, more: usize) {
        self.list.reserve(more);
        let list = &self.list;
        self.ids.reserve(more, |id| FxBuildHasher.hash_one(&list[id.0 as usize]));
    }

    fn intern(&mut self, node: Node) -> NodeId {
        let hash = FxBuildHasher.hash_one(&node);
        let list = &self.list;
        let same = |id: &NodeId| list[id.0 as usize] == node;
        let place = match self.ids.entry(hash, same, |id| FxBuildHasher.hash_one(&list[id.0 as usize])) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => place,
        };
        let id = NodeId(u32::try_from(list.len()).unwrap_or(u32::MAX));
        place.insert(id);
        self.list.push(node);
        id
    }

    /// A test.
    pub fn test(&mut self, test: Test) -> NodeId {
        self.intern(Node::Test(test))
    }

    /// The complement.
    pub fn not(&mut self, id: NodeId) -> NodeId {
        match *self.get(id) {
            Node::True => Self::FALSE,
            Node::False => Self::TRUE,
            Node::Not(inner) => inner,
            _ => self.intern(Node::Not(id)),
        }
    }

    /// All of them.
    pub fn and(&mut self, children: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut flat = Children::new();
        for child in children {
            match self.get(child) {
                Node::True => {}
                Node::False => return Self::FALSE,
                Node::And(inner) => flat.extend_from_slice(inner),
                _ => flat.push(child),
            }
        }
        self.join(flat, Self::TRUE, Node::And)
    }

    /// Any of them.
    pub fn or(&mut self, children: impl IntoIterator<Item = NodeId>) -> NodeId {
        let mut flat = Children::new();
        for child in children {
            match self.get(child) {
                Node::False => {}
                Node::True => return Self::TRUE,
                Node::Or(inner) => flat.extend_from_slice(inner),
                _ => flat.push(child),
            }
        }
        self.join(flat, Self::FALSE, Node::Or)
    }

    fn join(&mut self, mut flat: Children, neutral: NodeId, make: fn(Children) -> Node) -> NodeId {
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [] => neutral,
            [one] => *one,
            _ => self.intern(make(flat)),
        }
    }
}
