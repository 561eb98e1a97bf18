//! The facts that a policy's predicates ask for, each with its place in the order of all diagrams.
//!
//! Facts that exclude or imply one another (the values of one attribute, the units, the labels) stand together, so that what is possible
//! is a small diagram. "Own unit" compares the units of two parties, so there the parties of one fact are neighbours: apart, a diagram
//! would have to remember every set of the one's units until it comes to the other's.

use rustc_hash::{FxHashMap, FxHashSet};

use super::diagram::Var;
use crate::lower::rights::Rights;
use crate::model::Model;
use crate::model::id::{RoleId, UnitId};
use crate::region::{Node, Test};

/// Whose fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Whoever asks, where it is not an account of the policy.
    Actor,
    /// The target entity.
    Entity,
    /// The target account.
    User,
    /// An account of the policy that acts, as far as its facts may be changed.
    Freed,
    /// Another such account, to which something is done; or the same one after a change.
    Aim,
    /// Somebody from whom one of them has a role, as it was when it gave it.
    Giver,
}

/// From whom a relation leads: a comparison of two accounts has two actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The one actor, or the first of two.
    First,
    /// The second.
    Second,
    /// Somebody from whom one of them has a role.
    Third,
}

/// What a test is about: tests of one subject depend on one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Units.
    Unit,
    /// Labels.
    Labels,
    /// An attribute.
    Attribute(crate::model::id::AttributeId),
    /// A role; independent of the others.
    Role(RoleId),
    /// Direct allows of a tier.
    Tier(crate::model::id::TierId),
    /// A relation.
    Relation(crate::model::id::RelationId),
    /// Tests that are never facts of their own.
    None,
}

/// What a test is about.
#[must_use]
pub const fn subject(test: &Test) -> Subject {
    match test {
        Test::Unit(_) | Test::UnitOnly(_) => Subject::Unit,
        Test::Label(_) => Subject::Labels,
        Test::Is(id, _)
        | Test::Set(id)
        | Test::StartsWith(id, _)
        | Test::EndsWith(id, _)
        | Test::Contains(id, _)
        | Test::AtLeast(id, _)
        | Test::AtMost(id, _) => Subject::Attribute(*id),
        Test::Given(role) => Subject::Role(*role),
        Test::DirectTier(tier) => Subject::Tier(*tier),
        Test::Relation(relation) => Subject::Relation(*relation),
        Test::OwnUnit | Test::Myself | Test::Group(_) | Test::Holds(_) | Test::OfTier(_) => Subject::None,
    }
}

/// A fact: a test of a party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// What it is about; facts are ordered by this first.
    pub subject: Subject,
    /// Whose.
    pub party: Party,
    /// From whom, for a relation.
    pub lane: Lane,
    /// The test.
    pub test: Test,
}

/// All facts, in order.
#[derive(Debug)]
pub struct Facts {
    list: Vec<Fact>,
    ids: FxHashMap<(Party, Lane, Test), Var>,
}

impl Facts {
    /// The facts that the predicates of these rights can ask for.
    #[must_use]
    pub fn new(model: &Model, rights: &Rights) -> Self {
        let mut tests: FxHashSet<Test> = FxHashSet::default();
        let mut relative = false;
        for node in rights.nodes.list() {
            if let Node::Test(test) = node {
                relative |= *test == Test::OwnUnit;
                tests.insert(test.clone());
            }
        }
        // "Own unit" is a matter of the actor's unit and the target's.
        if relative {
            let units = (0..model.units.nodes.len()).map(UnitId::new);
            tests.extend(units.flat_map(|u| [Test::Unit(u), Test::UnitOnly(u)]));
        }
        // Any of these may be presented.
        let claims = model.roles.iter().enumerate().filter(|(_, r)| r.by_claim.is_some());
        tests.extend(claims.map(|(r, _)| Test::Given(RoleId::new(r))));
        let mut list: Vec<Fact> = tests.iter().filter(|t| subject(t) != Subject::None).flat_map(facts_of).collect();
        list.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
        let var = |i: usize| Var(u32::try_from(i).unwrap_or(u32::MAX - 1));
        let ids = list.iter().enumerate().map(|(i, f)| ((f.party, f.lane, f.test.clone()), var(i))).collect();
        Self { list, ids }
    }

    /// The place of a fact.
    #[must_use]
    pub fn var(&self, party: Party, lane: Lane, test: &Test) -> Option<Var> {
        self.ids.get(&(party, lane, test.clone())).copied()
    }

    /// The facts that are of a kind, in order.
    pub fn of(&self, kind: impl Fn(&Fact) -> bool) -> Vec<Var> {
        (0..).zip(&self.list).filter(|(_, f)| kind(f)).map(|(i, _)| Var(i)).collect()
    }

    /// The same fact of another party.
    #[must_use]
    pub fn same(&self, var: Var, party: Party) -> Var {
        let fact = self.get(var);
        self.var(party, fact.lane, &fact.test).unwrap_or(var)
    }

    /// All of them.
    pub(super) fn list(&self) -> &[Fact] {
        &self.list
    }

    /// The fact at a place.
    #[must_use]
    pub fn get(&self, var: Var) -> &Fact {
        &self.list[var.0 as usize]
    }
}

/// Where a fact stands: beside those of its subject, and among the facts of units beside those of the same unit.
fn place(fact: &Fact) -> (Subject, Option<(UnitId, bool)>, Party, Lane, &Test) {
    let unit = match fact.test {
        Test::Unit(unit) => Some((unit, false)),
        Test::UnitOnly(unit) => Some((unit, true)),
        _ => None,
    };
    (fact.subject, unit, fact.party, fact.lane, &fact.test)
}

fn facts_of(test: &Test) -> Vec<Fact> {
    let subject = subject(test);
    let fact = |party, lane| Fact { subject, party, lane, test: test.clone() };
    let mut all = vec![];
    for party in [Party::Actor, Party::Entity, Party::User, Party::Freed, Party::Aim, Party::Giver] {
        all.push(fact(party, Lane::First));
        if matches!(test, Test::Relation(_)) {
            all.extend([fact(party, Lane::Second), fact(party, Lane::Third)]);
        }
    }
    all
}
