//! Points of view: predicates as functions of facts, seen by an actor that looks at a kind of target.

use rustc_hash::FxHashMap;

use super::Algebra;
use super::diagram::{Diagram, Exact, Var};
use super::facts::{Lane, Party};
use super::guise::GuiseId;
use crate::lower::facts::{Known, Mode};
use crate::model::id::{AccountId, RoleId, UnitId};
use crate::region::{Node, NodeId, Nodes, Test};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// An account of the policy.
    Account(AccountId),
    /// Somebody whom the policy does not name, with roles from a token.
    Anybody,
    /// Whoever holds a role, where the role's own grants are spoken of: its conditions on the actor are taken as true.
    Holder,
    /// Somebody with more than it was given: see [`Guise`](super::guise::Guise).
    Guise(GuiseId),
}

impl Actor {
    /// The account of the policy that acts.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) | Self::Guise(GuiseId { account: Some(account), .. }) => Some(account),
            _ => None,
        }
    }
}

/// What kind of account the target is, where the action has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An account that the policy does not name, other than the actor. Also what stands for no account.
    Stranger,
    /// One of the policy's accounts, other than the actor.
    Named,
    /// This account of the policy.
    Exactly(AccountId),
    /// This account of the policy, in this guise.
    Changed(GuiseId),
    /// The actor, where it is no account of the policy.
    Myself,
    /// Somebody whom the policy does not name, in this guise, and who is looked at as an actor afterwards: its facts are those of the
    /// actor's party.
    Met(GuiseId),
    /// Anybody that there could be, other than the actor, with an account or without: what it is and was given is free, also where the
    /// policy names it. For questions about a scope by itself.
    Anyone,
}

/// What the entity part of a scope is judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityPart {
    /// On an entity; on the account, where the action is done to one.
    Usual,
    /// On the target account: for comparing an action on entities with one on accounts.
    OfAccount,
}

/// A point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lens {
    /// Who asks.
    pub actor: Actor,
    /// What is looked at.
    pub target: Target,
    /// On which day.
    pub day: i32,
    /// Which of two actors this is.
    pub lane: Lane,
    /// What the entity part is judged on.
    pub entity_part: EntityPart,
    /// Whether the action has an account as its target, so that the actor can be it.
    pub sees_self: bool,
}

impl Lens {
    /// One actor and a target.
    #[must_use]
    pub const fn new(actor: Actor, target: Target, day: i32) -> Self {
        Self { actor, target, day, lane: Lane::First, entity_part: EntityPart::Usual, sees_self: true }
    }

    /// Whether the target account is the actor.
    #[must_use]
    pub fn is_self(self) -> bool {
        match (self.actor.account(), self.target) {
            _ if !self.sees_self => false,
            (Some(actor), Target::Exactly(target)) => actor == target,
            (Some(actor), Target::Changed(target)) => Some(actor) == target.account,
            (_, target) => target == Target::Myself,
        }
    }
}

/// What a predicate depends on beside the facts of its party.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Traits {
    own_unit: bool,
    myself: bool,
    relation: bool,
    roles: bool,
}

impl Traits {
    fn of(test: &Test) -> Self {
        Self {
            own_unit: *test == Test::OwnUnit,
            myself: *test == Test::Myself,
            relation: matches!(test, Test::Relation(_)),
            roles: matches!(test, Test::Given(_) | Test::DirectTier(_)),
        }
    }

    /// Whether it asks for the actor's own unit.
    pub(super) const fn own_unit(self) -> bool {
        self.own_unit
    }

    const fn with(self, other: Self) -> Self {
        Self {
            own_unit: self.own_unit || other.own_unit,
            myself: self.myself || other.myself,
            relation: self.relation || other.relation,
            roles: self.roles || other.roles,
        }
    }

    /// Of every node; children stand before parents.
    pub(super) fn of_all(nodes: &Nodes) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::with_capacity(nodes.list().len());
        for node in nodes.list() {
            let traits = match node {
                Node::True | Node::False => Self::default(),
                Node::Test(test) => Self::of(test),
                Node::Not(inner) => all[inner.0 as usize],
                Node::And(list) | Node::Or(list) => list.iter().fold(Self::default(), |t, n| t.with(all[n.0 as usize])),
            };
            all.push(traits);
        }
        all
    }
}

/// All that the meaning of a node depends on: two points of view that agree in it see the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    node: NodeId,
    party: Party,
    target: Option<Target>,
    actor: Option<Actor>,
    own: Option<UnitId>,
    myself: bool,
    lane: Lane,
    day: i32,
}

/// What has been translated.
#[derive(Debug, Default)]
pub(super) struct Translated(FxHashMap<Seen, Diagram>);

impl Algebra<'_> {
    /// A predicate on a party, as this lens sees it.
    ///
    /// # Errors
    /// When there are too many cases. Recursion follows the nesting of predicates, which the language bounds.
    pub fn node(&mut self, node: NodeId, party: Party, lens: Lens) -> Exact<Diagram> {
        match node {
            Nodes::TRUE => return Ok(Diagram::TRUE),
            Nodes::FALSE => return Ok(Diagram::FALSE),
            _ => {}
        }
        let seen = self.seen(node, party, lens);
        if let Some(known) = self.translated.0.get(&seen) {
            return Ok(*known);
        }
        let rights = self.rights;
        let found = match rights.nodes.get(node) {
            Node::True => Diagram::TRUE,
            Node::False => Diagram::FALSE,
            Node::Test(test) => self.test(test, party, lens)?,
            Node::Not(inner) => {
                let inner = self.node(*inner, party, lens)?;
                self.diagrams.not(inner)?
            }
            Node::And(all) => self.join(all, Diagram::TRUE, party, lens)?,
            Node::Or(any) => self.join(any, Diagram::FALSE, party, lens)?,
        };
        self.translated.0.insert(seen, found);
        Ok(found)
    }

    fn join(&mut self, list: &[NodeId], neutral: Diagram, party: Party, lens: Lens) -> Exact<Diagram> {
        let mut joined = neutral;
        for node in list {
            let next = self.node(*node, party, lens)?;
            joined = match neutral {
                Diagram::TRUE => self.diagrams.and(joined, next)?,
                _ => self.diagrams.or(joined, next)?,
            };
        }
        Ok(joined)
    }

    fn seen(&self, node: NodeId, party: Party, lens: Lens) -> Seen {
        let traits = self.traits[node.0 as usize];
        // An account's facts are known, so what is seen of it depends on which one it is.
        let known = matches!(
            (party, lens.actor, lens.target),
            (Party::Actor, Actor::Account(_), _) | (Party::User, _, Target::Exactly(_) | Target::Changed(_))
        );
        let relative = traits.own_unit.then_some(lens.actor);
        let own = match relative {
            Some(Actor::Account(account)) => self.model.accounts[account.index()].unit.as_ref().map(|u| u.node),
            _ => None,
        };
        let of_actor = matches!(lens.target, Target::Myself | Target::Met(_));
        let actor = match (party, lens.actor) {
            (Party::Actor, actor) => Some(actor),
            (_, Actor::Account(_)) => None,
            (_, free) => (traits.own_unit || of_actor).then_some(free),
        };
        Seen {
            node,
            party,
            target: (party == Party::User).then_some(lens.target),
            actor,
            own,
            myself: traits.myself && lens.is_self(),
            lane: if traits.relation { lens.lane } else { Lane::First },
            day: if traits.roles && known { self.lasting.turn(lens.day) } else { 0 },
        }
    }

    fn fact(&mut self, party: Party, lens: Lens, test: &Test) -> Exact<Diagram> {
        let lane = if matches!(test, Test::Relation(_)) { lens.lane } else { Lane::First };
        match self.facts.var(party, lane, test) {
            Some(var) => self.diagrams.var(var),
            // Only tests of the policy's own predicates are asked for, and all of those are facts.
            None => Ok(Diagram::FALSE),
        }
    }

    fn test(&mut self, test: &Test, party: Party, lens: Lens) -> Exact<Diagram> {
        match test {
            Test::Myself => return Ok(Diagram::of(party != Party::Entity && lens.is_self())),
            Test::OwnUnit => return self.own_unit(party, lens),
            Test::Group(_) | Test::Holds(_) | Test::OfTier(_) => return Ok(Diagram::FALSE),
            _ => {}
        }
        let plain = self.plain_test(test, party, lens)?;
        match (test, self.gifted(test, party, lens)) {
            (Test::Given(_), Some((guise, _))) if self.has_all(guise) => Ok(Diagram::TRUE),
            // What was given on top may be there, or not.
            (Test::Given(_), Some((_, whose))) => {
                let gift = self.fact(whose, lens, test)?;
                self.diagrams.or(plain, gift)
            }
            _ => Ok(plain),
        }
    }

    /// To whom a role was given on top, and as whose fact it is told whether it was; none where it was not.
    fn gifted(&self, test: &Test, party: Party, lens: Lens) -> Option<(GuiseId, Party)> {
        let of_actor = |actor| if let Actor::Guise(guise) = actor { Some(guise) } else { None };
        let (guise, whose) = match (party, lens.target) {
            (Party::Actor, _) => (of_actor(lens.actor)?, Party::Freed),
            (Party::User, Target::Changed(guise) | Target::Met(guise)) => (guise, self.gifts_of(guise)),
            _ => return None,
        };
        self.is_gift(guise, test).then_some((guise, whose))
    }

    /// A test without what was given on top.
    fn plain_test(&mut self, test: &Test, party: Party, lens: Lens) -> Exact<Diagram> {
        let account = match (party, lens.actor, lens.target) {
            (Party::Actor, Actor::Guise(guise), _) => {
                guise.account.filter(|_| !self.is_freed(guise, test)).map(|a| (a, Mode::Actor))
            }
            (Party::Actor, Actor::Account(account), _) => Some((account, Mode::Actor)),
            (Party::User, _, Target::Exactly(account)) => Some((account, Mode::Target)),
            (Party::User, _, Target::Changed(guise)) => {
                guise.account.filter(|_| self.told_of(guise, test).is_none()).map(|a| (a, Mode::Target))
            }
            _ => None,
        };
        if let Some((account, mode)) = account
            && !matches!(test, Test::Relation(_))
        {
            return Ok(Diagram::of(self.known(account, mode, lens.day).test(test)));
        }
        let unnamed = |actor| match actor {
            Actor::Guise(GuiseId { account: None, .. }) => Actor::Anybody,
            other => other,
        };
        let (party, free) = match (party, lens.target, lens.actor) {
            (Party::User, Target::Changed(guise), _) if !matches!(test, Test::Relation(_)) => {
                (self.told_of(guise, test).unwrap_or(Party::Aim), None)
            }
            (Party::User, Target::Met(_), _) if !matches!(test, Test::Relation(_)) => {
                (Party::Actor, Some(Actor::Anybody))
            }
            (Party::Actor, _, Actor::Guise(guise)) if self.gives(guise) => (Party::Giver, None),
            (Party::Actor, _, Actor::Guise(guise)) if guise.account.is_some() => (Party::Freed, None),
            (Party::User, Target::Myself, actor) | (Party::Actor, _, actor) => (Party::Actor, Some(unnamed(actor))),
            (Party::User, Target::Stranger, _) => (Party::User, Some(Actor::Anybody)),
            (party, ..) => (party, None),
        };
        // A relation leads to the target, also where the target is the actor.
        let led = matches!(test, Test::Relation(_)) && lens.target == Target::Myself;
        let party = if led && party == Party::Actor { Party::User } else { party };
        match (test, free) {
            (Test::Given(role), Some(Actor::Anybody)) => self.presented(*role, party, lens),
            (Test::DirectTier(_), Some(Actor::Anybody)) => Ok(Diagram::FALSE),
            _ => self.fact(party, lens, test),
        }
    }

    /// A role that is presented counts together with every role that it needs, or one that extends that.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn presented(&mut self, role: RoleId, party: Party, lens: Lens) -> Exact<Diagram> {
        let model = self.model;
        if model.roles[role.index()].by_claim.is_none() {
            return Ok(Diagram::FALSE);
        }
        let mut counts = self.fact(party, lens, &Test::Given(role))?;
        for needed in &model.roles[role.index()].needs {
            let mut met = Diagram::FALSE;
            for (other, declared) in model.roles.iter().enumerate() {
                if declared.by_claim.is_some() && model.is_or_extends(RoleId::new(other), needed.node) {
                    let told = self.fact(party, lens, &Test::Given(RoleId::new(other)))?;
                    met = self.diagrams.or(met, told)?;
                }
            }
            counts = self.diagrams.and(counts, met)?;
        }
        Ok(counts)
    }

    /// The party is in the actor's unit or below it.
    fn own_unit(&mut self, party: Party, lens: Lens) -> Exact<Diagram> {
        let model = self.model;
        let known = match lens.actor {
            Actor::Guise(guise) if self.is_freed(guise, &Test::OwnUnit) => None,
            actor => actor.account(),
        };
        if let Some(account) = known {
            let Some(unit) = &model.accounts[account.index()].unit else { return Ok(Diagram::FALSE) };
            return if party == Party::Actor {
                Ok(Diagram::TRUE)
            } else {
                self.test(&Test::Unit(unit.node), party, lens)
            };
        }
        let of_actor = match lens.actor {
            Actor::Guise(guise) if self.gives(guise) => Party::Giver,
            actor if actor.account().is_some() => Party::Freed,
            _ => Party::Actor,
        };
        let of_itself = party == Party::Actor || (party == Party::User && lens.target == Target::Myself);
        let mut any = Diagram::FALSE;
        for (index, node) in model.units.nodes.iter().enumerate() {
            let unit = UnitId::new(index);
            let here = if !of_itself {
                let actor = self.fact(of_actor, lens, &Test::UnitOnly(unit))?;
                let target = self.test(&Test::Unit(unit), party, lens)?;
                self.diagrams.and(actor, target)?
            } else if node.parent.is_none() {
                self.fact(of_actor, lens, &Test::Unit(unit))?
            } else {
                continue;
            };
            any = self.diagrams.or(any, here)?;
        }
        Ok(any)
    }

    /// An account of the policy, whose facts are known.
    pub(super) fn known(&self, account: AccountId, mode: Mode, day: i32) -> Known<'_> {
        let given = self.rights.accounts[account.index()].given();
        Known::new(self.model, &self.rights.nodes, &self.model.accounts[account.index()], given, day, mode)
    }

    /// The facts of a party that a function asks for.
    pub(super) fn asked(&self, support: &[Var], party: Party) -> Vec<(Var, super::facts::Fact)> {
        let facts = support.iter().map(|v| (*v, self.facts.get(*v)));
        facts.filter(|(_, f)| f.party == party).map(|(v, f)| (v, f.clone())).collect()
    }
}
