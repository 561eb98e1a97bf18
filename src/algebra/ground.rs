//! What can be of somebody of whom the policy says nothing, kept from one version of a policy to the next.
//!
//! Which facts can be true together is a matter of the facts that there are, of the units and labels, and of the values of attributes:
//! the ground that a policy stands on, which hardly a change touches. Of the accounts nothing is asked, but where somebody is one of
//! them, or must not have the login of one; such answers are of one version alone.

use rustc_hash::FxHashMap;

use super::diagram::{Diagram, Diagrams, Support, Var};
use super::facts::{Fact, Facts, Subject};
use super::{Algebra, Question, Target, View};
use crate::model::id::AttributeId;
use crate::model::{AttributeType, Forest, Model};

/// All that decides what can be of somebody of whom nothing is known. Two are equal where the same numbers mean the same.
#[derive(Debug, PartialEq, Eq)]
struct Ground {
    facts: Vec<Fact>,
    /// Of each fact whether it is that somebody presents a role.
    presented: Vec<bool>,
    units: Vec<u32>,
    labels: Vec<u32>,
    attributes: Vec<AttributeType>,
}

impl Ground {
    fn of(model: &Model, facts: &Facts) -> Self {
        let ends = |forest: &Forest| forest.nodes.iter().map(|node| node.end).collect();
        let by_claim = |fact: &Fact| match fact.subject {
            Subject::Role(role) => model.roles[role.index()].by_claim.is_some(),
            _ => false,
        };
        Self {
            facts: facts.list().to_vec(),
            presented: facts.list().iter().map(by_claim).collect(),
            units: ends(&model.units),
            labels: ends(&model.labels),
            attributes: model.attributes.iter().map(|attribute| attribute.ty.clone()).collect(),
        }
    }
}

/// The answers that stand as long as the ground does.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The combinations of facts about units that exist.
    pub(super) units: FxHashMap<Vec<Var>, Diagram>,
    /// The combinations of facts that exist.
    pub(super) possible: FxHashMap<Question, Diagram>,
    /// The parts of regions that can be.
    pub(super) parts: FxHashMap<(Diagram, View), Diagram>,
    /// Whether there is any such part, where that alone was asked.
    pub(super) empty: FxHashMap<(Diagram, View), bool>,
}

/// What one algebra makes that another one can use.
#[derive(Debug, Default)]
pub struct Made {
    /// The diagrams: what they are is a matter of numbers alone, whatever facts these stand for.
    pub diagrams: Diagrams,
    ground: Option<Ground>,
    standing: Standing,
}

impl Made {
    /// The same for this policy: what stands on another ground is gone.
    pub(super) fn on_ground_of(self, model: &Model, facts: &Facts) -> (Diagrams, Standing) {
        let same = self.ground.is_some_and(|ground| ground == Ground::of(model, facts));
        (self.diagrams, if same { self.standing } else { Standing::default() })
    }
}

impl Algebra<'_> {
    /// What it made, for another algebra.
    #[must_use]
    pub fn into_made(self) -> Made {
        let ground = Some(Ground::of(self.model, &self.facts));
        Made { diagrams: self.diagrams, ground, standing: self.standing }
    }

    /// Whether what can be of this target, as far as these facts go, is the same whatever accounts there are: nobody has to be one of
    /// them, and no login of theirs is asked for.
    pub(super) fn stands(&self, support: Support, target: Target) -> bool {
        let login = |var: &Var| self.facts.get(*var).subject == Subject::Attribute(AttributeId::LOGIN);
        target != Target::Named && !self.diagrams.vars(support).iter().any(login)
    }
}
