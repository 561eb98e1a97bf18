//! Shapes as functions of facts, seen on one side by an actor that looks at a kind of target.
//!
//! A decision allows only what is surely so, and a fact can be unknown (a value that one side does not know), so each shape has two
//! functions: where it is surely true, and where it is surely false.

use bailiwick_table::RoleId;
use rustc_hash::FxHashMap;

use super::facts::{Facts, Party, Subject, guards, subject};
use super::joint::{Joint, When};
use super::people::{Mode, Person};
use super::shapes::{Ask, Atom, Node, SetId, Shape, Shapes};
use crate::algebra::diagram::{Diagram, Diagrams, Exact};

/// What kind of account the target is, where the action has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// One that neither policy names, other than the actor; also what stands for none.
    Stranger,
    /// One that a policy names, other than the actor, as it is before and after.
    Named,
    /// The actor.
    Myself,
}

/// A point of view.
#[derive(Debug, Clone, Copy)]
pub struct Lens<'p> {
    /// On which side.
    pub when: When,
    /// Who asks, as this side knows it; none for somebody whom neither policy names.
    pub actor: Option<&'p Person>,
    /// What is looked at.
    pub target: Target,
    /// On which day.
    pub day: i32,
}

/// Which party of a question a shape is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Whoever asks.
    Actor,
    /// The target entity.
    Entity,
    /// The target account.
    User,
}

/// All that the function of a shape depends on, where it is asked of somebody whose facts are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    shape: Shape,
    place: Place,
    target: Target,
    when: When,
    /// The unit of an actor that is known.
    own: Option<Option<u32>>,
    wanted: bool,
}

/// The translation, with what it knows so far.
#[derive(Debug)]
pub struct View<'t> {
    /// The words of both tables.
    pub joint: Joint<'t>,
    /// Their predicates.
    pub shapes: Shapes,
    /// What these ask for.
    pub facts: Facts,
    /// The functions.
    pub diagrams: Diagrams,
    known: FxHashMap<Seen, Diagram>,
    /// By side and joint number of a unit: the unit alone, and with those below it.
    subtrees: [FxHashMap<u32, (SetId, SetId)>; 2],
}

impl<'t> View<'t> {
    /// The translation of these shapes.
    pub fn new(joint: Joint<'t>, mut shapes: Shapes) -> Self {
        let facts = Facts::of(&joint, &mut shapes);
        let mut subtrees = [FxHashMap::default(), FxHashMap::default()];
        if shapes.nodes().iter().any(|node| matches!(node, Node::Atom(Atom::OwnUnit(_)))) {
            for when in When::BOTH {
                for unit in joint.table(when).units() {
                    let id = joint.units.joint(when, unit.0);
                    let sets = (shapes.set_of(vec![id]), shapes.set_of(joint.below(when, unit.0)));
                    subtrees[when.index()].insert(id, sets);
                }
            }
        }
        Self { joint, shapes, facts, diagrams: Diagrams::default(), known: FxHashMap::default(), subtrees }
    }

    /// Where a shape is surely true (or, if not `wanted`, surely false) of a party.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn sure(&mut self, shape: Shape, place: Place, lens: Lens<'_>, wanted: bool) -> Exact<Diagram> {
        if let Node::Const(truth) = self.shapes.node(shape) {
            return Ok(Diagram::of(*truth == wanted));
        }
        let target = if place == Place::Entity { Target::Stranger } else { lens.target };
        let key = Seen { shape, place, target, when: lens.when, own: lens.actor.map(|a| a.unit), wanted };
        // Of a known account every fact is known: nothing is gained by remembering.
        let of_person = lens.actor.is_some() && (place == Place::Actor || lens.target == Target::Myself);
        if !of_person && let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let (all, children) = match self.shapes.node(shape) {
            Node::Const(_) => (true, vec![]),
            Node::Atom(atom) => {
                let atom = atom.clone();
                let found = self.atom(&atom, place, lens, wanted)?;
                return Ok(self.remember(key, found, of_person));
            }
            Node::Not(inner) => {
                let inner = *inner;
                return self.sure(inner, place, lens, !wanted);
            }
            Node::All(list) => (wanted, list.clone()),
            Node::Any(list) => (!wanted, list.clone()),
        };
        let mut found = Diagram::of(all);
        for child in children {
            let child = self.sure(child, place, lens, wanted)?;
            found = if all { self.diagrams.and(found, child)? } else { self.diagrams.or(found, child)? };
        }
        Ok(self.remember(key, found, of_person))
    }

    fn remember(&mut self, key: Seen, found: Diagram, of_person: bool) -> Diagram {
        if !of_person {
            self.known.insert(key, found);
        }
        found
    }

    fn atom(&mut self, atom: &Atom, place: Place, lens: Lens<'_>, wanted: bool) -> Exact<Diagram> {
        let truth = match atom {
            Atom::Myself => Diagram::of(place != Place::Entity && lens.target == Target::Myself),
            Atom::OwnUnit(side) => self.own_unit(side.unwrap_or(lens.when), place, lens)?,
            Atom::Given(role, _) => self.given(*role, place, lens)?,
            Atom::Tier(tier) => match self.party(place, lens) {
                Seat::Free(Party::User | Party::Later) if lens.target == Target::Named => {
                    self.fact(&Ask::Tier(*tier), place, lens)?
                }
                Seat::Free(_) => Diagram::FALSE,
                Seat::Person(..) => self.fact(&Ask::Tier(*tier), place, lens)?,
            },
            Atom::Ask(ask, None) => self.fact(ask, place, lens)?,
            Atom::Ask(ask, Some(side)) => {
                let fact = self.fact(ask, place, lens)?;
                let fact = if wanted { fact } else { self.diagrams.not(fact)? };
                let known = self.is_known(ask, *side, place, lens)?;
                return self.diagrams.and(fact, known);
            }
        };
        if wanted { Ok(truth) } else { self.diagrams.not(truth) }
    }

    /// Where the value of the fact's attribute is one that the side knows, or there is none.
    fn is_known(&mut self, ask: &Ask, side: When, place: Place, lens: Lens<'_>) -> Exact<Diagram> {
        let Subject::Attribute(id) = subject(ask) else { return Ok(Diagram::TRUE) };
        let mut known = Diagram::FALSE;
        for ask in guards(&self.joint, id, side) {
            let fact = self.fact(&ask, place, lens)?;
            let fact = if matches!(ask, Ask::Set(_)) { self.diagrams.not(fact)? } else { fact };
            known = self.diagrams.or(known, fact)?;
        }
        Ok(known)
    }

    /// Whose facts are asked for.
    fn party<'p>(&self, place: Place, lens: Lens<'p>) -> Seat<'p> {
        match (place, lens.target, lens.actor) {
            (Place::Entity, ..) => Seat::Free(Party::Entity),
            (Place::Actor, _, Some(person)) => Seat::Person(person, Mode::Actor),
            (Place::User, Target::Myself, Some(person)) => Seat::Person(person, Mode::Target),
            (Place::Actor, _, None) | (Place::User, Target::Myself, None) => Seat::Free(Party::Actor),
            (Place::User, Target::Named, _) if lens.when == When::After => Seat::Free(Party::Later),
            (Place::User, ..) => Seat::Free(Party::User),
        }
    }

    fn fact(&mut self, ask: &Ask, place: Place, lens: Lens<'_>) -> Exact<Diagram> {
        if matches!(ask, Ask::Relation(_)) {
            // It leads to the target, whoever that is, and is the same before and after.
            let party = if place == Place::Entity { Party::Entity } else { Party::User };
            return if place == Place::Actor { Ok(Diagram::FALSE) } else { self.var(party, ask) };
        }
        match self.party(place, lens) {
            Seat::Person(person, mode) => Ok(Diagram::of(person.passes(&self.shapes, ask, mode, lens.day))),
            Seat::Free(party) => self.var(party, ask),
        }
    }

    fn var(&mut self, party: Party, ask: &Ask) -> Exact<Diagram> {
        match self.facts.var(party, ask) {
            Some(var) => self.diagrams.var(var),
            // Only what shapes ask for is asked, and all of that has a place.
            None => Ok(Diagram::FALSE),
        }
    }

    fn given(&mut self, role: u32, place: Place, lens: Lens<'_>) -> Exact<Diagram> {
        match self.party(place, lens) {
            Seat::Free(Party::Actor) => self.presented(role, place, lens),
            Seat::Free(Party::User) if lens.target == Target::Stranger => self.presented(role, place, lens),
            Seat::Free(Party::Entity) => Ok(Diagram::FALSE),
            _ => self.fact(&Ask::Given(role), place, lens),
        }
    }

    /// A role that is presented counts together with every role that it needs, or one that extends that.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn presented(&mut self, role: u32, place: Place, lens: Lens<'_>) -> Exact<Diagram> {
        let table = self.joint.table(lens.when);
        let by_claim = |role: RoleId| table.role_of(role).is_some_and(|r| r.by_claim);
        let Some(own) = self.joint.roles.own(lens.when, role).map(RoleId).filter(|r| by_claim(*r)) else {
            return Ok(Diagram::FALSE);
        };
        let mut counts = self.fact(&Ask::Given(role), place, lens)?;
        for need in table.needs(own) {
            let mut met = Diagram::FALSE;
            for other in table.roles().filter(|r| by_claim(*r) && table.meets(*r, need)) {
                let told = Ask::Given(self.joint.roles.joint(lens.when, other.0));
                let told = self.fact(&told, place, lens)?;
                met = self.diagrams.or(met, told)?;
            }
            counts = self.diagrams.and(counts, met)?;
        }
        Ok(counts)
    }

    /// The party is in the actor's unit or below it, as the side sees the units.
    fn own_unit(&mut self, side: When, place: Place, lens: Lens<'_>) -> Exact<Diagram> {
        if let Some(person) = lens.actor {
            let sets = person.unit.and_then(|unit| self.subtrees[side.index()].get(&unit).copied());
            let Some((_, below)) = sets else { return Ok(Diagram::FALSE) };
            return self.fact(&Ask::Unit(below), place, lens);
        }
        let of_itself = place == Place::Actor || (place == Place::User && lens.target == Target::Myself);
        let mut units: Vec<(u32, (SetId, SetId))> = self.subtrees[side.index()].iter().map(|(u, s)| (*u, *s)).collect();
        units.sort_unstable();
        let mut any = Diagram::FALSE;
        for (_, (alone, below)) in units {
            let mut here = self.var(Party::Actor, &Ask::Unit(alone))?;
            if !of_itself {
                let target = self.fact(&Ask::Unit(below), place, lens)?;
                here = self.diagrams.and(here, target)?;
            }
            any = self.diagrams.or(any, here)?;
        }
        Ok(any)
    }
}

/// Whose facts are asked for: those of a party that may be anybody, or of somebody who is known.
enum Seat<'p> {
    Free(Party),
    Person(&'p Person, Mode),
}
