//! The predicates of two tables as one hash-consed forest: what says the same on both sides is one shape.
//!
//! A test whose answer depends on the side it is asked on bears the side, so that equal shapes are equal predicates.

use bailiwick_table::parts::{Piece, PredId};
use bailiwick_table::{AttributeId, Test, Value};
use rustc_hash::FxHashMap;

use super::joint::{Joint, When};

/// The number of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(pub u32);

impl Shape {
    /// Nothing.
    pub const FALSE: Self = Self(0);
    /// Everything.
    pub const TRUE: Self = Self(1);
}

/// The number of a set of units or labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(pub u32);

/// A fact of one party that can be so or not, by itself; the numbers are joint ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// It is in one of these units.
    Unit(SetId),
    /// It bears one of these labels.
    Labels(SetId),
    /// The attribute has this text.
    Is(u32, String),
    /// The attribute has this number.
    Equals(u32, i64),
    /// The attribute is not absent.
    Set(u32),
    /// The text begins so.
    StartsWith(u32, String),
    /// The text ends so.
    EndsWith(u32, String),
    /// The text contains this.
    Contains(u32, String),
    /// The number is this or greater.
    AtLeast(u32, i64),
    /// The number is this or less.
    AtMost(u32, i64),
    /// The relation leads to it.
    Relation(u32),
    /// It was given the role, or a token presents it.
    Given(u32),
    /// It has direct allows of the tier.
    Tier(u32),
}

/// A test as a side means it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A fact. With a side, one that is unknown where the attribute has a value that this side does not know.
    Ask(Ask, Option<When>),
    /// The party is in the actor's unit or below; with a side where the forests differ.
    OwnUnit(Option<When>),
    /// The target is the actor.
    Myself,
    /// The role was given, or is presented with all it needs; with a side where tokens are read differently.
    Given(u32, Option<When>),
    /// It has direct allows of the tier.
    Tier(u32),
}

/// What a shape is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// Everything, or nothing.
    Const(bool),
    /// A test.
    Atom(Atom),
    /// The complement.
    Not(Shape),
    /// All of them.
    All(Vec<Shape>),
    /// Any of them.
    Any(Vec<Shape>),
}

/// All shapes, children before parents.
#[derive(Debug)]
pub struct Shapes {
    nodes: Vec<Node>,
    ids: FxHashMap<Node, Shape>,
    known: [FxHashMap<PredId, Shape>; 2],
    sets: Vec<Vec<u32>>,
    set_ids: FxHashMap<Vec<u32>, SetId>,
}

impl Default for Shapes {
    fn default() -> Self {
        let mut shapes = Self {
            nodes: vec![],
            ids: FxHashMap::default(),
            known: Default::default(),
            sets: vec![],
            set_ids: FxHashMap::default(),
        };
        shapes.intern(Node::Const(false));
        shapes.intern(Node::Const(true));
        shapes
    }
}

impl Shapes {
    /// What a shape is.
    #[must_use]
    pub fn node(&self, shape: Shape) -> &Node {
        &self.nodes[shape.0 as usize]
    }

    /// All of them, in the order of their numbers.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The members of a set, sorted.
    #[must_use]
    pub fn set(&self, id: SetId) -> &[u32] {
        &self.sets[id.0 as usize]
    }

    /// The set with these members, sorted.
    pub fn set_of(&mut self, members: Vec<u32>) -> SetId {
        if let Some(known) = self.set_ids.get(&members) {
            return *known;
        }
        let id = SetId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.sets.push(members.clone());
        self.set_ids.insert(members, id);
        id
    }

    fn intern(&mut self, node: Node) -> Shape {
        if let Some(known) = self.ids.get(&node) {
            return *known;
        }
        let id = Shape(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }

    /// The shape of a side's predicate. Recursion follows the table's predicates, whose depth the reader bounds.
    pub fn of(&mut self, joint: &Joint<'_>, when: When, pred: PredId) -> Shape {
        if let Some(known) = self.known[when.index()].get(&pred) {
            return *known;
        }
        let list = |shapes: &mut Self, all: &mut dyn Iterator<Item = PredId>| {
            let mut children: Vec<Shape> = all.map(|p| shapes.of(joint, when, p)).collect();
            children.sort_unstable();
            children
        };
        let node = match joint.table(when).piece(pred) {
            Piece::Const(truth) => Node::Const(truth),
            Piece::Test(test) => Node::Atom(self.atom(joint, when, test)),
            Piece::Not(inner) => Node::Not(self.of(joint, when, inner)),
            Piece::All(mut all) => Node::All(list(self, &mut all)),
            Piece::Any(mut all) => Node::Any(list(self, &mut all)),
        };
        let shape = self.intern(node);
        self.known[when.index()].insert(pred, shape);
        shape
    }

    fn atom(&mut self, joint: &Joint<'_>, when: When, test: Test<'_>) -> Atom {
        let attribute = |id: AttributeId| joint.attribute_names.joint(when, id.0);
        let of = |id: AttributeId, ask: &dyn Fn(u32) -> Ask| {
            let id = attribute(id);
            let guarded = joint.attributes.get(id as usize).is_some_and(|a| a.is_guarded(when));
            Atom::Ask(ask(id), guarded.then_some(when))
        };
        match test {
            Test::Is(id, Value::Choice(choice)) => {
                let text = joint.table(when).value_text(id, choice).unwrap_or("?").to_owned();
                of(id, &|id| Ask::Is(id, text.clone()))
            }
            Test::Is(id, Value::Text(text)) => of(id, &|id| Ask::Is(id, text.to_owned())),
            Test::Is(id, Value::Number(number)) => of(id, &|id| Ask::Equals(id, number)),
            // No table has such a test.
            Test::Is(id, Value::Outside) => of(id, &|id| Ask::Is(id, String::new())),
            Test::Set(id) => of(id, &Ask::Set),
            Test::StartsWith(id, text) => of(id, &|id| Ask::StartsWith(id, text.to_owned())),
            Test::EndsWith(id, text) => of(id, &|id| Ask::EndsWith(id, text.to_owned())),
            Test::Contains(id, text) => of(id, &|id| Ask::Contains(id, text.to_owned())),
            Test::AtLeast(id, number) => of(id, &|id| Ask::AtLeast(id, number)),
            Test::AtMost(id, number) => of(id, &|id| Ask::AtMost(id, number)),
            Test::Unit(unit) => Atom::Ask(Ask::Unit(self.set_of(joint.below(when, unit.0))), None),
            Test::UnitOnly(unit) => Atom::Ask(Ask::Unit(self.set_of(vec![joint.units.joint(when, unit.0)])), None),
            Test::Label(label) => Atom::Ask(Ask::Labels(self.set_of(joint.bearing(when, label.0))), None),
            Test::Relation(relation) => Atom::Ask(Ask::Relation(joint.relations.joint(when, relation.0)), None),
            Test::OwnUnit => Atom::OwnUnit((!joint.same_units).then_some(when)),
            Test::Myself => Atom::Myself,
            Test::Given(role) => Atom::Given(joint.roles.joint(when, role.0), (!joint.same_claims).then_some(when)),
            Test::DirectTier(tier) => Atom::Tier(joint.tiers.joint(when, tier.0)),
        }
    }
}
