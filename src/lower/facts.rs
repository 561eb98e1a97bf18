//! What is true of a named account, decided when the policy is compiled.

use rustc_hash::FxHashMap;

use super::rights::{Gifts, Given, GivenWhat};
use crate::model::id::AttributeId;
use crate::model::{Account, Model};
use crate::region::{Node, NodeId, Nodes, Test, Value};

/// In which part an account stands: what was given to it counts differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mode {
    /// As somebody who acts: what was given counts while the account is active and the assignment valid now.
    Actor,
    /// As somebody it is done to: what has not expired counts.
    Target,
}

/// A named account on a day. All its facts are known, so every predicate on it is true or false.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    model: &'a Model,
    nodes: &'a Nodes,
    account: &'a Account,
    given: Gifts<'a>,
    day: i32,
    mode: Mode,
    memo: FxHashMap<NodeId, bool>,
}

impl<'a> Known<'a> {
    /// The account with what it was given.
    #[must_use]
    pub(crate) fn new(
        model: &'a Model,
        nodes: &'a Nodes,
        account: &'a Account,
        given: Gifts<'a>,
        day: i32,
        mode: Mode,
    ) -> Self {
        Self { model, nodes, account, given, day, mode, memo: FxHashMap::default() }
    }

    /// Whether the predicate holds. Each node is decided once.
    pub(crate) fn holds(&mut self, id: NodeId) -> bool {
        if let Some(known) = self.memo.get(&id) {
            return *known;
        }
        let nodes = self.nodes;
        let value = match nodes.get(id) {
            Node::True => true,
            Node::False => false,
            Node::Test(test) => self.test(test),
            Node::Not(inner) => !self.holds(*inner),
            Node::And(all) => all.iter().all(|n| self.holds(*n)),
            Node::Or(any) => any.iter().any(|n| self.holds(*n)),
        };
        self.memo.insert(id, value);
        value
    }

    /// Whether one test holds; those that need another party do not.
    pub(crate) fn test(&self, test: &Test) -> bool {
        match test {
            Test::Is(attribute, value) => self.value(*attribute).is_some_and(|told| told.is(value)),
            Test::Set(attribute) => self.value(*attribute).is_some(),
            Test::StartsWith(attribute, text) => self.text(*attribute, |v| v.starts_with(text)),
            Test::EndsWith(attribute, text) => self.text(*attribute, |v| v.ends_with(text)),
            Test::Contains(attribute, text) => self.text(*attribute, |v| v.contains(text)),
            Test::AtLeast(attribute, n) => self.number(*attribute).is_some_and(|v| v >= *n),
            Test::AtMost(attribute, n) => self.number(*attribute).is_some_and(|v| v <= *n),
            Test::Unit(unit) => self.account.unit.as_ref().is_some_and(|u| self.model.units.within(u.node.0, unit.0)),
            Test::UnitOnly(unit) => self.account.unit.as_ref().is_some_and(|u| u.node == *unit),
            Test::Label(label) => self.account.labels.iter().any(|l| self.model.labels.within(l.0, label.0)),
            Test::Given(role) => self.given(GivenWhat::Role(*role)),
            Test::DirectTier(tier) => self.given(GivenWhat::DirectTier(*tier)),
            // Relative to another account, or expanded when the predicate was lowered.
            Test::OwnUnit | Test::Relation(_) | Test::Myself | Test::Group(_) | Test::Holds(_) | Test::OfTier(_) => {
                false
            }
        }
    }

    fn given(&self, what: GivenWhat) -> bool {
        let counts = |g: &Given| match self.mode {
            Mode::Actor => g.active && g.days.contains(self.day),
            Mode::Target => self.day <= g.days.until,
        };
        self.given.iter().any(|g| g.what == what && counts(&g))
    }

    fn value(&self, attribute: AttributeId) -> Option<Told<'a>> {
        match attribute {
            AttributeId::EMAIL => self.account.email.as_ref().map(|t| Told::Text(&t.node)),
            AttributeId::ID => self.account.id.as_ref().map(|t| Told::Text(&t.node)),
            AttributeId::LOGIN => Some(Told::Text(&self.account.login)),
            AttributeId::NAME => self.account.name.as_deref().map(Told::Text),
            other => self.account.attributes.iter().find(|f| f.attribute == other).map(|f| Told::Value(&f.value)),
        }
    }

    fn text(&self, attribute: AttributeId, matches: impl Fn(&str) -> bool) -> bool {
        match self.value(attribute) {
            Some(Told::Text(text)) => matches(text),
            Some(Told::Value(Value::Text(text))) => matches(text),
            _ => false,
        }
    }

    fn number(&self, attribute: AttributeId) -> Option<i64> {
        match self.value(attribute) {
            Some(Told::Value(Value::Number(number))) => Some(*number),
            _ => None,
        }
    }
}

/// The value of an attribute, where it stands.
#[derive(Debug, Clone, Copy)]
enum Told<'a> {
    /// One that every account can have.
    Text(&'a str),
    /// One that the policy declares.
    Value(&'a Value),
}

impl Told<'_> {
    fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(told), Value::Text(text)) => told == text,
            (Self::Text(_), _) => false,
            (Self::Value(told), value) => told == value,
        }
    }
}
