//! The facts that the shapes of two tables ask for, each with its place in the order of all diagrams.
//!
//! As in the algebra of one policy, facts of one subject stand together, and those of one unit beside each other. What is asked of a
//! target account whose facts the change alters are two facts: before, and after.

use rustc_hash::FxHashMap;

use super::joint::{Joint, When};
use super::shapes::{Ask, Atom, Node, Shapes};
use crate::algebra::diagram::Var;

/// Whose fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Whoever asks, where neither policy names it.
    Actor,
    /// The target entity.
    Entity,
    /// The target account; before the change, where that matters.
    User,
    /// The target account after the change.
    Later,
}

impl Party {
    const ALL: [Self; 4] = [Self::Actor, Self::Entity, Self::User, Self::Later];
}

/// What facts of one party depend on one another by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Units.
    Unit,
    /// Labels.
    Labels,
    /// An attribute.
    Attribute(u32),
    /// A role, a tier or a relation: independent of all others.
    Alone,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Whose.
    pub party: Party,
    /// What.
    pub ask: Ask,
}

/// All facts, in order.
#[derive(Debug, Default)]
pub struct Facts {
    list: Vec<Fact>,
    /// Of what is asked: the place of the first party's fact.
    places: FxHashMap<Ask, u32>,
}

/// What a question is about.
#[must_use]
pub const fn subject(ask: &Ask) -> Subject {
    match ask {
        Ask::Unit(_) => Subject::Unit,
        Ask::Labels(_) => Subject::Labels,
        Ask::Is(id, _)
        | Ask::Equals(id, _)
        | Ask::Set(id)
        | Ask::StartsWith(id, _)
        | Ask::EndsWith(id, _)
        | Ask::Contains(id, _)
        | Ask::AtLeast(id, _)
        | Ask::AtMost(id, _) => Subject::Attribute(*id),
        Ask::Relation(_) | Ask::Given(_) | Ask::Tier(_) => Subject::Alone,
    }
}

impl Facts {
    /// The facts that these shapes ask for.
    pub fn of(joint: &Joint<'_>, shapes: &mut Shapes) -> Self {
        let mut asks: Vec<Ask> = asked(joint, shapes);
        asks.sort_unstable();
        asks.dedup();
        // Of units, the smallest number in a set is the topmost unit of a subtree.
        asks.sort_by_cached_key(|ask| {
            let unit = match ask {
                Ask::Unit(set) => Some((shapes.set(*set).first().copied(), shapes.set(*set).len())),
                _ => None,
            };
            (subject(ask), unit)
        });
        let list = asks.iter().flat_map(|ask| Party::ALL.map(|party| Fact { party, ask: ask.clone() })).collect();
        let places = asks.into_iter().zip((0..).step_by(Party::ALL.len())).collect();
        Self { list, places }
    }

    /// The place of a fact.
    #[must_use]
    pub fn var(&self, party: Party, ask: &Ask) -> Option<Var> {
        self.places.get(ask).map(|first| Var(first + party as u32))
    }

    /// The fact at a place.
    #[must_use]
    pub fn get(&self, var: Var) -> &Fact {
        &self.list[var.0 as usize]
    }
}

fn asked(joint: &Joint<'_>, shapes: &mut Shapes) -> Vec<Ask> {
    let mut asks = vec![];
    let mut own_unit = false;
    for node in shapes.nodes() {
        let Node::Atom(atom) = node else { continue };
        match atom {
            Atom::Ask(ask, guard) => {
                asks.push(ask.clone());
                if let (Subject::Attribute(id), Some(when)) = (subject(ask), guard) {
                    asks.extend(guards(joint, id, *when));
                }
            }
            Atom::OwnUnit(_) => own_unit = true,
            Atom::Given(role, _) => asks.push(Ask::Given(*role)),
            Atom::Tier(tier) => asks.push(Ask::Tier(*tier)),
            Atom::Myself => {}
        }
    }
    if own_unit {
        for when in When::BOTH {
            for unit in joint.table(when).units() {
                let alone = shapes.set_of(vec![joint.units.joint(when, unit.0)]);
                let below = shapes.set_of(joint.below(when, unit.0));
                asks.extend([Ask::Unit(alone), Ask::Unit(below)]);
            }
        }
    }
    for when in When::BOTH {
        let table = joint.table(when);
        let claims = table.roles().filter(|r| table.role_of(*r).is_some_and(|r| r.by_claim));
        asks.extend(claims.map(|r| Ask::Given(joint.roles.joint(when, r.0))));
    }
    asks
}

/// The facts that tell whether the value of an attribute is one that a side knows.
pub fn guards(joint: &Joint<'_>, attribute: u32, when: When) -> Vec<Ask> {
    let values = joint.attributes.get(attribute as usize).and_then(|a| a.closed[when.index()].as_ref());
    let values = values.into_iter().flatten().map(|v| Ask::Is(attribute, v.clone()));
    std::iter::once(Ask::Set(attribute)).chain(values).collect()
}
