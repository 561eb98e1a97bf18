//! Predicates, numbered by content.
//!
//! A test, or a constant, is one word wherever it stands, and so is its complement. Composite nodes are put in order by their height,
//! then by what they join; equal predicates get equal numbers in whatever order they were lowered, and unused ones get none.

use bailiwick_table::layout::{limit, node, operator, reference, section};

use super::{Refused, Writer};
use crate::lower::rights::{FenceId, Rect, Rights};
use crate::region::{Node, NodeId, Nodes, Test, Value};

/// The words that stand for predicates.
#[derive(Debug)]
pub(super) struct Canonical {
    /// By the number of a node; of a node that is not used, nothing sensible.
    references: Vec<u32>,
    /// The section of composite nodes.
    words: Vec<u32>,
    /// The tests that need a record, in order.
    stored: Vec<Test>,
}

/// A composite node that is used.
#[derive(Debug)]
struct Composite {
    id: u32,
    height: u32,
}

/// The bit of a [`beginning`] that says whether it is one of an `or`.
const IS_OR: u32 = 127;

/// Which operator a composite node has and its first words, as a number in the order of (operator, words) as far as it goes: a word that
/// is not there stands before all others.
fn beginning(is_or: bool, words: &[u32]) -> u128 {
    let first = |at: usize| words.get(at).map_or(0, |word| u128::from(*word) + 1);
    u128::from(is_or) << IS_OR | first(0) << 66 | first(1) << 33 | first(2)
}

/// The operator of a composite node, and what it joins.
fn children(nodes: &Nodes, id: u32) -> (bool, &[NodeId]) {
    match nodes.get(NodeId(id)) {
        Node::And(all) => (false, all),
        Node::Or(any) => (true, any),
        Node::Not(_) | Node::True | Node::False | Node::Test(_) => (false, &[]),
    }
}

impl Canonical {
    /// Numbers every predicate that these fences and the rest of the rights use.
    pub(super) fn of(rights: &Rights, fences: &[FenceId]) -> Result<Self, Refused> {
        let nodes = &rights.nodes;
        let used = used(rights, fences);
        let mut stored: Vec<Test> = vec![];
        for (node, _) in nodes.list().iter().zip(&used).filter(|(_, used)| **used) {
            if let Node::Test(test) = node
                && needs_record(test)
            {
                stored.push(test.clone());
            }
        }
        stored.sort_unstable();
        Refused::over("tests of attributes", stored.len(), reference::PAYLOAD)?;
        let mut canonical = Self { references: vec![0; nodes.list().len()], words: vec![], stored };
        canonical.leaves(nodes, &used)?;
        canonical.composites(nodes, &used)?;
        Ok(canonical)
    }

    /// The word for a predicate.
    pub(super) fn reference(&self, id: NodeId) -> u32 {
        self.references[id.0 as usize]
    }

    /// The words for a rectangle.
    pub(super) fn rect(&self, rect: Rect) -> [u32; 2] {
        [self.reference(rect.entities), self.reference(rect.users)]
    }

    fn leaves(&mut self, nodes: &Nodes, used: &[bool]) -> Result<(), Refused> {
        for (id, node) in nodes.list().iter().enumerate().filter(|(id, _)| used[*id]) {
            self.references[id] = match node {
                Node::False => reference::FALSE,
                Node::True => reference::TRUE,
                Node::Test(test) => self.leaf(test)?,
                Node::Not(_) | Node::And(_) | Node::Or(_) => continue,
            };
        }
        Ok(())
    }

    fn leaf(&self, test: &Test) -> Result<u32, Refused> {
        let (kind, payload) = match test {
            Test::Is(attribute, Value::Closed(value)) => {
                Refused::over("values of one attribute", *value as usize + 1, limit::VALUES)?;
                (reference::CHOICE, attribute.0 << reference::CHOICE_BITS | value)
            }
            Test::Set(attribute) => (reference::SET, attribute.0),
            Test::Unit(unit) => (reference::UNIT, unit.0),
            Test::UnitOnly(unit) => (reference::UNIT_ONLY, unit.0),
            Test::OwnUnit => (reference::OWN_UNIT, 0),
            Test::Label(label) => (reference::LABEL, label.0),
            Test::Relation(relation) => (reference::RELATION, relation.0),
            Test::Myself => (reference::MYSELF, 0),
            Test::Given(role) => (reference::GIVEN, role.0),
            Test::DirectTier(tier) => (reference::DIRECT_TIER, tier.0),
            // Groups, holding and tiers were expanded when the predicates were lowered.
            Test::Group(_) | Test::Holds(_) | Test::OfTier(_) => return Ok(reference::FALSE),
            Test::Is(..)
            | Test::StartsWith(..)
            | Test::EndsWith(..)
            | Test::Contains(..)
            | Test::AtLeast(..)
            | Test::AtMost(..) => (reference::TEST, number(self.stored.binary_search(test).unwrap_or(0))),
        };
        Ok(kind << reference::KIND_SHIFT | payload & reference::PAYLOAD)
    }

    /// Composite nodes from the lowest to the highest; of those of one height, each is known by the words of its children.
    fn composites(&mut self, nodes: &Nodes, used: &[bool]) -> Result<(), Refused> {
        let composites = sorted_by_height(nodes, used);
        let mut rest = composites.as_slice();
        self.complements(nodes, used);
        let (mut words, mut level) = (vec![], vec![]);
        while let Some(height) = rest.first().map(|c| c.height) {
            let here;
            (here, rest) = rest.split_at(rest.partition_point(|c| c.height == height));
            words.clear();
            level.clear();
            for composite in here {
                let start = words.len();
                let (is_or, children) = children(nodes, composite.id);
                words.extend(children.iter().map(|c| self.reference(*c)));
                let own = &mut words[start..];
                own.sort_unstable_by_key(|c| c.rotate_left(1));
                level.push((beginning(is_or, own), number(start), number(words.len()), composite.id));
            }
            let joined = |start: u32, end: u32| &words[start as usize..end as usize];
            level.sort_unstable_by(|(x, a, b, id), (y, c, d, other)| {
                x.cmp(y).then_with(|| joined(*a, *b).cmp(joined(*c, *d))).then(id.cmp(other))
            });
            for (beginning, start, end, id) in &level {
                self.references[*id as usize] = self.composite(beginning >> IS_OR != 0, joined(*start, *end))?;
            }
            self.complements(nodes, used);
        }
        Ok(())
    }

    /// The complements of what is known so far. There is at most one for each node, and it stands behind it.
    fn complements(&mut self, nodes: &Nodes, used: &[bool]) {
        for (id, node) in nodes.list().iter().enumerate().filter(|(id, _)| used[*id]) {
            if let Node::Not(inner) = node {
                self.references[id] = self.reference(*inner) ^ reference::NEGATED;
            }
        }
    }

    fn composite(&mut self, is_or: bool, children: &[u32]) -> Result<u32, Refused> {
        let at = self.words.len();
        let (mut deepest, mut size) = (0, 1_u32);
        for child in children {
            let (depth, visits) = self.measure(*child);
            deepest = deepest.max(depth);
            size = size.saturating_add(visits);
        }
        let depth = deepest + 1;
        Refused::over("conditions nested in one another", depth as usize, limit::DEPTH)?;
        Refused::over("tests in one condition", size as usize, limit::SIZE)?;
        Refused::over("items in one condition", children.len(), node::COUNT)?;
        Refused::over("conditions in all", at, reference::PAYLOAD)?;
        let or = if is_or { node::OR } else { 0 };
        let head = reference::HEAD << reference::KIND_SHIFT | depth << node::DEPTH_SHIFT | number(children.len());
        self.words.push(or | head);
        if depth > 1 {
            self.words.push(size);
        }
        self.words.extend_from_slice(children);
        Ok(reference::NODE << reference::KIND_SHIFT | number(at))
    }

    /// Depth and size of what a word stands for.
    fn measure(&self, word: u32) -> (u32, u32) {
        if (word & !reference::NEGATED) >> reference::KIND_SHIFT != reference::NODE {
            return (0, 1);
        }
        let at = (word & reference::PAYLOAD) as usize;
        let head = self.words[at];
        match (head & reference::PAYLOAD) >> node::DEPTH_SHIFT {
            1 => (1, (head & node::COUNT) + 1),
            depth => (depth, self.words[at + 1]),
        }
    }
}

/// A number of a record; limits were compared before.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Whether a test does not fit into a word.
const fn needs_record(test: &Test) -> bool {
    matches!(
        test,
        Test::Is(_, Value::Text(_) | Value::Number(_))
            | Test::StartsWith(..)
            | Test::EndsWith(..)
            | Test::Contains(..)
            | Test::AtLeast(..)
            | Test::AtMost(..)
    )
}

/// The composite nodes that are used, lowest first. A complement is as high as what it is the complement of.
fn sorted_by_height(nodes: &Nodes, used: &[bool]) -> Vec<Composite> {
    let mut heights = vec![0_u32; nodes.list().len()];
    let mut composites = vec![];
    for (id, node) in nodes.list().iter().enumerate() {
        let children = match node {
            Node::And(children) | Node::Or(children) => children,
            Node::Not(inner) => {
                heights[id] = heights[inner.0 as usize];
                continue;
            }
            Node::True | Node::False | Node::Test(_) => continue,
        };
        let highest = children.iter().map(|c| heights[c.0 as usize]).max().unwrap_or(0);
        heights[id] = highest.saturating_add(1);
        if used[id] {
            composites.push(Composite { id: number(id), height: heights[id] });
        }
    }
    composites.sort_by_key(|c| c.height);
    composites
}

/// Which nodes these fences and the rest of the rights use.
fn used(rights: &Rights, fences: &[FenceId]) -> Vec<bool> {
    let mut used = vec![false; rights.nodes.list().len()];
    let mut mark = |id: NodeId| used[id.0 as usize] = true;
    mark(Nodes::TRUE);
    let mut rects: Vec<Rect> = fences.iter().map(|f| rights.fences[f.0 as usize].rect).collect();
    for grant in rights.rows.iter().flat_map(|row| &row.grants) {
        rects.push(grant.rect);
        rects.extend_from_slice(&grant.holes);
        mark(grant.gate);
    }
    for forbid in &rights.forbids {
        rects.push(forbid.rect);
        mark(forbid.actors);
        mark(forbid.unless);
    }
    rights.automatic.iter().for_each(|rule| mark(rule.users));
    for rect in rects {
        mark(rect.entities);
        mark(rect.users);
    }
    for (id, node) in rights.nodes.list().iter().enumerate().rev().filter(|(id, _)| *id > 1) {
        if !used[id] {
            continue;
        }
        match node {
            Node::Not(inner) => used[inner.0 as usize] = true,
            Node::And(all) | Node::Or(all) => all.iter().for_each(|c| used[c.0 as usize] = true),
            Node::True | Node::False | Node::Test(_) => {}
        }
    }
    used
}

impl<'m> Writer<'m> {
    /// Writes the composite nodes and the tests that need a record.
    pub(super) fn tests(&mut self) -> Result<(), Refused> {
        let words = std::mem::take(&mut self.nodes.words);
        self.sections.push(section::NODES, &words);
        let stored = std::mem::take(&mut self.nodes.stored);
        for test in stored {
            let (op, attribute, operand) = match test {
                Test::Is(attribute, Value::Number(n)) => (operator::EQUALS, attribute, self.pools.numbers.id(n)),
                Test::AtLeast(attribute, n) => (operator::AT_LEAST, attribute, self.pools.numbers.id(n)),
                Test::AtMost(attribute, n) => (operator::AT_MOST, attribute, self.pools.numbers.id(n)),
                Test::Is(attribute, Value::Text(text)) => (operator::IS, attribute, self.owned(text)),
                Test::StartsWith(attribute, text) => (operator::STARTS_WITH, attribute, self.owned(text)),
                Test::EndsWith(attribute, text) => (operator::ENDS_WITH, attribute, self.owned(text)),
                Test::Contains(attribute, text) => (operator::CONTAINS, attribute, self.owned(text)),
                _ => continue,
            };
            self.sections.push(section::TESTS, &[op << operator::SHIFT | attribute.0, operand]);
        }
        Ok(())
    }

    fn owned(&mut self, text: String) -> u32 {
        self.pools.strings.id(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::rights::Fence;
    use crate::model::id::{AttributeId, LabelId, UnitId};

    fn rights(nodes: Nodes, fences: &[(NodeId, NodeId)]) -> Rights {
        let fence = |(entities, users): &(NodeId, NodeId)| Fence {
            rect: Rect { entities: *entities, users: *users },
            restricted: true,
        };
        Rights {
            nodes,
            origins: vec![],
            statements: vec![],
            fences: fences.iter().map(fence).collect(),
            rows: vec![],
            role_tiers: vec![],
            accounts: vec![],
            forbids: vec![],
            automatic: vec![],
            asserted: vec![],
            excepts: vec![],
            groups: vec![],
            nested: vec![],
        }
    }

    fn words(rights: &Rights) -> Result<(Vec<u32>, Vec<[u32; 2]>), Refused> {
        let all: Vec<FenceId> = (0..).map(FenceId).take(rights.fences.len()).collect();
        let canonical = Canonical::of(rights, &all)?;
        let rects = rights.fences.iter().map(|f| canonical.rect(f.rect)).collect();
        Ok((canonical.words, rects))
    }

    #[test]
    fn the_order_of_lowering_does_not_matter() -> Result<(), Refused> {
        let leaf = |nodes: &mut Nodes, n| match n {
            0 => nodes.test(Test::Unit(UnitId(3))),
            1 => nodes.test(Test::Label(LabelId(1))),
            2 => nodes.test(Test::StartsWith(AttributeId::EMAIL, "a".into())),
            _ => nodes.test(Test::Is(AttributeId::NAME, Value::Text("b".into()))),
        };
        let mut results = vec![];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
            let mut nodes = Nodes::default();
            let junk = order.map(|n| leaf(&mut nodes, n));
            nodes.and(junk);
            let either = [[0, 1], [2, 3]].map(|pair| {
                let pair = pair.map(|n| leaf(&mut nodes, n));
                nodes.or(pair)
            });
            let neither = nodes.not(either[order[0] % 2]);
            nodes.or([neither, junk[0]]);
            let not = either.map(|e| nodes.not(e));
            let email = leaf(&mut nodes, 2);
            let first = nodes.and([either[0], not[1]]);
            let second = nodes.and([email, not[0], either[1]]);
            results.push(words(&rights(nodes, &[(first, second), (Nodes::TRUE, either[1])]))?);
        }
        let (nodes, _) = &results[0];
        assert_eq!(nodes.len(), 3 + 3 + 4 + 5, "two flat nodes, two above them, nothing that is not used");
        assert!(results.iter().all(|r| r == &results[0]), "{results:?}");
        Ok(())
    }
}
