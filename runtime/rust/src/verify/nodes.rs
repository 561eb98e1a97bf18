//! Predicates: tests, composite nodes, references to them.

use super::{exists, string};
use crate::describe::AttributeType;
use crate::error::{LoadError, Problem, ensure};
use crate::id::AttributeId;
use crate::layout::{limit, node, operator, reference, section};
use crate::lookup;
use crate::node::{Ref, depth_of};
use crate::raw::Raw;

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    for test in 0..raw.count(section::TESTS) {
        stored_test(raw, test)?;
    }
    let mut at = 0;
    while at < raw.count(section::NODES) {
        at = composite(raw, at)?;
    }
    Ok(())
}

fn stored_test(raw: Raw<'_>, test: u32) -> Result<(), LoadError> {
    let [key, operand] = raw.record(section::TESTS, test);
    let attribute = AttributeId(key & ((1 << operator::SHIFT) - 1));
    let ty = lookup::attribute_type(raw, attribute).map(|(ty, _, _)| ty);
    ensure(ty.is_some(), section::TESTS, test, Problem::Dangling)?;
    match key >> operator::SHIFT {
        operator::IS | operator::STARTS_WITH | operator::ENDS_WITH | operator::CONTAINS => {
            ensure(ty == Some(AttributeType::Text), section::TESTS, test, Problem::Mismatch)?;
            string(raw, operand, section::TESTS, test)
        }
        operator::EQUALS | operator::AT_LEAST | operator::AT_MOST => {
            ensure(ty == Some(AttributeType::Number), section::TESTS, test, Problem::Mismatch)?;
            exists(raw, operand, section::NUMBERS, section::TESTS, test)
        }
        _ => ensure(false, section::TESTS, test, Problem::Value),
    }
}

/// A composite node: its children come before it, and its depth and size are what follows from theirs. Returns the word behind it.
fn composite(raw: Raw<'_>, at: u32) -> Result<u32, LoadError> {
    let nodes = raw.count(section::NODES);
    let head = raw.word(section::NODES, at);
    ensure(is_head(head), section::NODES, at, Problem::Value)?;
    let (count, depth) = (head & node::COUNT, depth_of(head));
    ensure(count >= 2 && depth >= 1, section::NODES, at, Problem::Value)?;
    ensure(depth <= limit::DEPTH, section::NODES, at, Problem::Limit)?;
    let first = at + if depth == 1 { 1 } else { 2 };
    let end = first.checked_add(count).filter(|end| *end <= nodes);
    let Some(end) = end else { return ensure(false, section::NODES, at, Problem::Place).map(|()| at) };
    let mut deepest = 0;
    let mut size = 1_u32;
    for word in first..end {
        let child = Ref::of(raw.word(section::NODES, word));
        ensure(child.kind() != reference::CONST, section::NODES, word, Problem::Value)?;
        refers(raw, child, section::NODES, word)?;
        if child.kind() == reference::NODE {
            ensure(child.payload() < at, section::NODES, word, Problem::Order)?;
        }
        let (below, visits) = measure(raw, child);
        deepest = deepest.max(below);
        size = size.saturating_add(visits);
    }
    ensure(depth == deepest + 1, section::NODES, at, Problem::Mismatch)?;
    ensure(size <= limit::SIZE, section::NODES, at, Problem::Limit)?;
    let stated = depth == 1 || raw.word(section::NODES, at + 1) == size;
    ensure(stated, section::NODES, at, Problem::Mismatch)?;
    Ok(end)
}

/// Whether a word starts a composite node: no reference and no size looks like it.
const fn is_head(word: u32) -> bool {
    Ref::of(word).kind() == reference::HEAD
}

/// Depth and size of what a reference leads to. A node that comes before was measured already.
fn measure(raw: Raw<'_>, child: Ref) -> (u32, u32) {
    if child.kind() != reference::NODE {
        return (0, 1);
    }
    let [head, size] = raw.words_from(section::NODES, child.payload());
    match depth_of(head) {
        1 => (1, (head & node::COUNT) + 1),
        depth => (depth, size),
    }
}

/// How many references wait for one another. They lead to random places; together the machine fetches several at a time.
const BATCH: usize = 64;

/// References of many records, those to composite nodes looked up a batch at a time.
pub(super) struct Heads<'t> {
    raw: Raw<'t>,
    section: usize,
    nodes: &'t [[u8; 4]],
    /// Where a composite node should be, and the record that says so.
    waiting: [(u32, u32); BATCH],
    count: usize,
}

impl<'t> Heads<'t> {
    /// For the references of a section's records.
    pub(super) fn new(raw: Raw<'t>, section: usize) -> Self {
        Self { raw, section, nodes: raw.words_of(section::NODES), waiting: [(0, 0); BATCH], count: 0 }
    }

    /// As [`refers`], perhaps told later.
    #[inline]
    pub(super) fn refers(&mut self, node: Ref, record: u32) -> Result<(), LoadError> {
        if node == Ref::TRUE {
            return Ok(());
        }
        if node.kind() != reference::NODE {
            return refers(self.raw, node, self.section, record);
        }
        if self.count == BATCH {
            self.look()?;
        }
        if let Some(place) = self.waiting.get_mut(self.count) {
            *place = (node.payload(), record);
            self.count += 1;
        }
        Ok(())
    }

    /// Looks up those that are left.
    pub(super) fn finish(mut self) -> Result<(), LoadError> {
        self.look()
    }

    fn look(&mut self) -> Result<(), LoadError> {
        let waiting = self.waiting.get(..self.count).unwrap_or(&[]);
        for (at, record) in waiting {
            let head = self.nodes.get(*at as usize).is_some_and(|word| is_head(u32::from_le_bytes(*word)));
            ensure(head, self.section, *record, Problem::Dangling)?;
        }
        self.count = 0;
        Ok(())
    }
}

/// A reference must lead somewhere; to a composite node only by its first word.
pub(super) fn refers(raw: Raw<'_>, node: Ref, section: usize, record: u32) -> Result<(), LoadError> {
    let payload = node.payload();
    let of = match node.kind() {
        reference::CONST => {
            return ensure(payload <= reference::TRUE && !node.is_negated(), section, record, Problem::Value);
        }
        reference::OWN_UNIT | reference::MYSELF => return ensure(payload == 0, section, record, Problem::Value),
        reference::CHOICE => return choice(raw, payload, section, record),
        reference::NODE => {
            let head = payload < raw.count(section::NODES) && is_head(raw.word(section::NODES, payload));
            return ensure(head, section, record, Problem::Dangling);
        }
        reference::UNIT | reference::UNIT_ONLY => section::UNITS,
        reference::LABEL => section::LABELS,
        reference::RELATION => section::RELATIONS,
        reference::GIVEN => section::ROLES,
        reference::DIRECT_TIER => section::TIERS,
        reference::SET => section::ATTRIBUTES,
        reference::TEST => section::TESTS,
        _ => return ensure(false, section, record, Problem::Value),
    };
    exists(raw, payload, of, section, record)
}

fn choice(raw: Raw<'_>, payload: u32, section: usize, record: u32) -> Result<(), LoadError> {
    let attribute = AttributeId(payload >> reference::CHOICE_BITS);
    let value = payload & ((1 << reference::CHOICE_BITS) - 1);
    ensure(lookup::value_text(raw, attribute, value).is_some(), section, record, Problem::Dangling)
}
