//! Predicates as the table stores them: references that hold a test themselves, or lead to a composite node.

use crate::card::Entries;
use crate::id::{AttributeId, LabelId, RelationId, RoleId, TierId, UnitId};
use crate::layout::{card, node, operator, reference, section};
use crate::raw::Raw;
use crate::target::Value;

/// A reference to a predicate: its word, and of a list the units themselves, so that equal references are equal predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ref {
    pub(crate) word: u32,
    units: [u16; card::UNITS_EACH],
}

/// One question about a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test<'t> {
    /// The attribute has this value.
    Is(AttributeId, Value<'t>),
    /// The attribute is not absent.
    Set(AttributeId),
    /// The text begins so.
    StartsWith(AttributeId, &'t str),
    /// The text ends so.
    EndsWith(AttributeId, &'t str),
    /// The text contains this.
    Contains(AttributeId, &'t str),
    /// The number is this or greater.
    AtLeast(AttributeId, i64),
    /// The number is this or less.
    AtMost(AttributeId, i64),
    /// The party is in the unit or below it.
    Unit(UnitId),
    /// The party is in the unit itself.
    UnitOnly(UnitId),
    /// The party is in the actor's unit or below it.
    OwnUnit,
    /// The party bears the label or one below it.
    Label(LabelId),
    /// The relation leads from the actor to the party.
    Relation(RelationId),
    /// The target account is the actor.
    Myself,
    /// The party was given the role, directly or through its profile, or presents it.
    Given(RoleId),
    /// The party has a direct allow of this tier.
    DirectTier(TierId),
}

/// What a reference says, but for its negation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape<'t> {
    Const(bool),
    Test(Test<'t>),
    Join(Join<'t>),
}

/// A composite node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Join<'t> {
    raw: Raw<'t>,
    pub(crate) is_or: bool,
    pub(crate) count: u32,
    /// The word of the first child.
    first: u32,
    /// The units of a list.
    list: Option<[u16; card::UNITS_EACH]>,
}

impl Ref {
    pub(crate) const TRUE: Self = Self::of(reference::TRUE);

    /// The reference that a word of the table is.
    #[inline]
    pub(crate) const fn of(word: u32) -> Self {
        Self { word, units: [0; card::UNITS_EACH] }
    }

    /// Any of the units of so many entries of a card or a chunk, from one on.
    pub(crate) fn list(entries: Entries<'_>, first: u32, count: u32) -> Self {
        let mut units = [0; card::UNITS_EACH];
        for (unit, entry) in units.iter_mut().zip(first..first.saturating_add(count)) {
            *unit = entries.unit(entry) as u16;
        }
        Self { word: reference::LIST << reference::KIND_SHIFT | count.min(card::UNITS_EACH as u32), units }
    }

    /// The complement.
    pub(crate) const fn complement(self) -> Self {
        Self { word: self.word ^ reference::NEGATED, ..self }
    }

    /// Without a complement around it.
    pub(crate) const fn plain(self) -> Self {
        Self { word: self.word & !reference::NEGATED, ..self }
    }

    #[inline]
    pub(crate) const fn is_negated(self) -> bool {
        self.word & reference::NEGATED != 0
    }

    #[inline]
    pub(crate) const fn kind(self) -> u32 {
        (self.word & !reference::NEGATED) >> reference::KIND_SHIFT
    }

    #[inline]
    pub(crate) const fn payload(self) -> u32 {
        self.word & reference::PAYLOAD
    }

    /// What it says, but for its negation.
    #[inline]
    pub(crate) fn shape(self, raw: Raw<'_>) -> Shape<'_> {
        let payload = self.payload();
        Shape::Test(match self.kind() {
            reference::CONST => return Shape::Const(payload == reference::TRUE),
            reference::NODE => return Shape::Join(Join::new(raw, payload)),
            reference::LIST => return Shape::Join(Join::list(raw, self)),
            reference::CHOICE => {
                let value = payload & ((1 << reference::CHOICE_BITS) - 1);
                Test::Is(AttributeId(payload >> reference::CHOICE_BITS), Value::Choice(value))
            }
            reference::UNIT => Test::Unit(UnitId(payload)),
            reference::UNIT_ONLY => Test::UnitOnly(UnitId(payload)),
            reference::LABEL => Test::Label(LabelId(payload)),
            reference::RELATION => Test::Relation(RelationId(payload)),
            reference::GIVEN => Test::Given(RoleId(payload)),
            reference::DIRECT_TIER => Test::DirectTier(TierId(payload)),
            reference::OWN_UNIT => Test::OwnUnit,
            reference::MYSELF => Test::Myself,
            reference::SET => Test::Set(AttributeId(payload)),
            _ => stored_test(raw, payload),
        })
    }
}

/// A test that has a record of its own.
fn stored_test(raw: Raw<'_>, index: u32) -> Test<'_> {
    let [key, operand] = raw.record(section::TESTS, index);
    let attribute = AttributeId(key & ((1 << operator::SHIFT) - 1));
    match key >> operator::SHIFT {
        operator::IS => Test::Is(attribute, Value::Text(raw.string(operand))),
        operator::STARTS_WITH => Test::StartsWith(attribute, raw.string(operand)),
        operator::ENDS_WITH => Test::EndsWith(attribute, raw.string(operand)),
        operator::CONTAINS => Test::Contains(attribute, raw.string(operand)),
        operator::EQUALS => Test::Is(attribute, Value::Number(raw.number(operand))),
        operator::AT_LEAST => Test::AtLeast(attribute, raw.number(operand)),
        _ => Test::AtMost(attribute, raw.number(operand)),
    }
}

impl<'t> Join<'t> {
    #[inline]
    fn new(raw: Raw<'t>, at: u32) -> Self {
        let head = raw.word(section::NODES, at);
        let flat = depth_of(head) == 1;
        Self {
            raw,
            is_or: head & node::OR != 0,
            count: head & node::COUNT,
            first: at.wrapping_add(if flat { 1 } else { 2 }),
            list: None,
        }
    }

    /// Any of the units of a list.
    const fn list(raw: Raw<'t>, list: Ref) -> Self {
        Self { raw, is_or: true, count: list.payload(), first: 0, list: Some(list.units) }
    }

    #[inline]
    pub(crate) fn child(self, index: u32) -> Option<Ref> {
        if index >= self.count {
            return None;
        }
        Some(Ref::of(match self.list {
            Some(units) => reference::UNIT << reference::KIND_SHIFT | u32::from(*units.get(index as usize)?),
            None => self.raw.word(section::NODES, self.first.wrapping_add(index)),
        }))
    }

    #[inline]
    pub(crate) fn children(self) -> impl Iterator<Item = Ref> + 't {
        (0..self.count).map_while(move |i| self.child(i))
    }
}

/// The depth that a composite node's first word states.
#[inline]
pub(crate) const fn depth_of(head: u32) -> u32 {
    (head & reference::PAYLOAD) >> node::DEPTH_SHIFT
}
