//! Everything that an action can be done to in a tiny policy, and sets of it.

use std::collections::HashMap;

use super::tiny::{Dims, Facts, Item, On, Scope, ScopeId, Set, Thing, Tiny};

/// Who somebody is: an account of the policy, by its number, or one that it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Named(usize),
    Stranger,
}

/// From whom relations are told apart: the accounts, a stranger who acts, a stranger who gave a role.
const LEADERS: usize = 5;

/// As whom a scope is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Viewer {
    pub(crate) who: Who,
    pub(crate) unit: u8,
    /// Which relations are its own.
    pub(crate) leader: usize,
}

/// An account that is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    /// None where it is somebody else than all that act.
    pub(crate) who: Option<Who>,
    pub(crate) facts: Facts,
    /// The roles that it holds, as a target.
    pub(crate) held: u8,
    /// Who manages it.
    pub(crate) managers: u8,
}

/// A target.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Spot {
    Person(Person),
    Entity(Facts),
    Site,
}

/// A set of spots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spots(Vec<u64>);

impl Spots {
    pub(crate) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    pub(crate) fn minus(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    pub(crate) fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|i| self.0[i / 64] & (1 << (i % 64)) != 0)
    }

    fn of(count: usize, is: impl Fn(usize) -> bool) -> Self {
        let mut words = vec![0; count.div_ceil(64)];
        (0..count).filter(|i| is(*i)).for_each(|i| words[i / 64] |= 1 << (i % 64));
        Self(words)
    }
}

/// All targets of a policy, as its accounts are in the beginning.
pub(crate) struct World<'t> {
    pub(crate) tiny: &'t Tiny,
    people: Vec<Spot>,
    entities: Vec<Spot>,
    site: Vec<Spot>,
    seen: HashMap<(ScopeId, Viewer, On), Spots>,
    named: HashMap<(On, usize), Spots>,
}

/// Every combination of facts that the policy asks for.
pub(crate) fn all_facts(dims: Dims) -> Vec<Facts> {
    let countries = 0..if dims.country { 3 } else { 1 };
    let units = 0..if dims.unit { 4 } else { 1 };
    let labels: &[bool] = if dims.label { &[false, true] } else { &[false] };
    let mut all = vec![];
    for country in countries {
        for unit in units.clone() {
            all.extend(labels.iter().map(|label| Facts { country, unit, label: *label }));
        }
    }
    all
}

/// The sets of roles that somebody may present.
pub(crate) fn all_claims(tiny: &Tiny) -> Vec<u8> {
    let may = |r: u8| tiny.roles.get(usize::from(r)).is_some_and(|r| r.by_claim);
    (0..1_u8 << tiny.roles.len()).filter(|set| (0..8).all(|r| set & (1 << r) == 0 || may(r))).collect()
}

/// The sets of those whose relations lead to somebody.
pub(crate) fn all_managers(dims: Dims) -> std::ops::Range<u8> {
    0..if dims.relation { 1 << LEADERS } else { 1 }
}

/// Whether a test of facts is true.
pub(crate) fn fact(item: Item, facts: Facts) -> bool {
    match item {
        Item::Country(c) => facts.country == c,
        Item::NotCountry(c) => facts.country != c,
        Item::Unit(u) => within(facts.unit, u),
        Item::Labelled => facts.label,
        Item::NotLabelled => !facts.label,
        _ => false,
    }
}

/// The second unit is the first, or above it.
fn within(unit: u8, above: u8) -> bool {
    unit != 0 && (unit == above || (unit == 2 && above == 1))
}

fn in_users(set: &Set<Item>, viewer: Viewer, person: &Person) -> bool {
    let is = |item: &Item| match *item {
        Item::Holders(r) => person.held & (1 << r) != 0,
        Item::NotHolders(r) => person.held & (1 << r) == 0,
        Item::OwnUnit => within(person.facts.unit, viewer.unit),
        Item::Myself => person.who == Some(viewer.who),
        Item::Manages => person.managers & (1 << viewer.leader) != 0,
        other => fact(other, person.facts),
    };
    (set.0.is_empty() || set.0.iter().any(is)) && !set.1.iter().any(is)
}

fn in_things(set: &Set<Thing>, viewer: Viewer, facts: Facts) -> bool {
    let is = |thing: &Thing| match *thing {
        Thing::Unit(u) => within(facts.unit, u),
        Thing::OwnUnit => within(facts.unit, viewer.unit),
        Thing::Labelled => facts.label,
    };
    (set.0.is_empty() || set.0.iter().any(is)) && !set.1.iter().any(is)
}

/// Whether a scope holds a target of an action: parts that the action does not use are ignored, and a site-wide one passes by what
/// restricts nothing.
pub(crate) fn covers(scope: &Scope, on: On, viewer: Viewer, spot: &Spot) -> bool {
    let users = |person: &Person| scope.users.as_ref().is_none_or(|set| in_users(set, viewer, person));
    let things = |facts: Facts| scope.entities.as_ref().is_none_or(|set| in_things(set, viewer, facts));
    match (on, spot) {
        (On::Site, _) => scope.users.is_none() && scope.entities.is_none(),
        (On::Entity, Spot::Entity(facts)) => things(*facts),
        (On::User, Spot::Person(person)) => users(person),
        (On::Account, Spot::Person(person)) => users(person) && things(person.facts),
        _ => false,
    }
}

impl<'t> World<'t> {
    pub(crate) fn new(tiny: &'t Tiny, named: &[Person]) -> Self {
        let mut people: Vec<Person> = named.to_vec();
        for facts in all_facts(tiny.dims) {
            for claims in all_claims(tiny) {
                let held = claims | by_rule(tiny, facts);
                people.push(Person { who: None, facts, held, managers: 0 });
            }
        }
        let with = |p: &Person| -> Vec<Spot> {
            let spot = |managers| Spot::Person(Person { managers, ..*p });
            all_managers(tiny.dims).map(spot).collect()
        };
        let people: Vec<Spot> = people.iter().flat_map(with).collect();
        let dims = Dims { country: false, ..tiny.dims };
        let entities = all_facts(dims).into_iter().map(Spot::Entity).collect();
        Self { tiny, people, entities, site: vec![Spot::Site], seen: HashMap::new(), named: HashMap::new() }
    }

    pub(crate) fn list(&self, on: On) -> &[Spot] {
        match on {
            On::Account | On::User => &self.people,
            On::Entity => &self.entities,
            On::Site => &self.site,
        }
    }

    /// Every target, or none.
    pub(crate) fn all(&self, on: On, is: bool) -> Spots {
        Spots::of(self.list(on).len(), |_| is)
    }

    /// The targets in a scope.
    pub(crate) fn seen(&mut self, scope: ScopeId, viewer: Viewer, on: On) -> &Spots {
        if !self.seen.contains_key(&(scope, viewer, on)) {
            let list = self.list(on);
            let spots = Spots::of(list.len(), |i| covers(&self.tiny.scopes[scope], on, viewer, &list[i]));
            self.seen.insert((scope, viewer, on), spots);
        }
        &self.seen[&(scope, viewer, on)]
    }

    /// The account of the policy, as a target.
    pub(crate) fn account(&mut self, on: On, index: usize) -> &Spots {
        let people = &self.people;
        let is = |i: usize| matches!(&people[i], Spot::Person(p) if p.who == Some(Who::Named(index)));
        self.named.entry((on, index)).or_insert_with(|| match on {
            On::Account | On::User => Spots::of(people.len(), is),
            On::Entity | On::Site => Spots(vec![]),
        })
    }
}

/// The roles that the rules give to whom these are the facts.
pub(crate) fn by_rule(tiny: &Tiny, facts: Facts) -> u8 {
    tiny.rules.iter().filter(|r| fact(r.group, facts)).fold(0, |held, r| held | (1 << r.role))
}
