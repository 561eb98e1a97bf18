//! What somebody may do in a state of a tiny policy: the sentences of the semantics, way by way.

use super::spots::{Person, Spot, Spots, Viewer, Who, World, all_managers, by_rule, covers, fact};
use super::tiny::{Facts, Forbid, Item, Line, ScopeId, Tiny};

/// A scope as somebody saw it.
pub(crate) type Fence = (ScopeId, Viewer);

/// A role that was given on top, with all the fences that it carries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Gift {
    pub(crate) role: usize,
    pub(crate) fences: Vec<Fence>,
}

/// Somebody in a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Somebody {
    pub(crate) who: Who,
    pub(crate) facts: Facts,
    /// Of a stranger: the roles that it presents.
    pub(crate) claims: u8,
    pub(crate) unscoped: bool,
    pub(crate) gifts: Vec<Gift>,
}

/// One way to an action.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// All of these hold the target.
    pub(crate) within: Vec<Fence>,
    /// None of these does.
    pub(crate) holes: Vec<Fence>,
    /// What a role that is given by this way carries.
    pub(crate) handed_on: Vec<Fence>,
}

impl Somebody {
    pub(crate) fn stranger(facts: Facts, claims: u8) -> Self {
        Self { who: Who::Stranger, facts, claims, unscoped: false, gifts: vec![] }
    }

    pub(crate) fn named(tiny: &Tiny, index: usize) -> Self {
        let facts = tiny.accounts[index].facts;
        Self { who: Who::Named(index), facts, claims: 0, unscoped: false, gifts: vec![] }
    }

    /// As it looks at others.
    pub(crate) fn viewer(&self) -> Viewer {
        let leader = if let Who::Named(i) = self.who { i } else { 3 };
        Viewer { who: self.who, unit: self.facts.unit, leader }
    }

    /// The roles that it holds, whether it acts or something is done to it: nothing here has dates, and who is inactive does not act.
    pub(crate) fn held(&self, tiny: &Tiny) -> u8 {
        let given = match self.who {
            Who::Named(i) => tiny.accounts[i].roles.iter().fold(0, |held, (r, _)| held | (1 << r)),
            Who::Stranger => self.claims,
        };
        let gifts = self.gifts.iter().fold(0, |held, g| held | (1 << g.role));
        given | gifts | by_rule(tiny, self.facts)
    }

    /// As a target.
    pub(crate) fn person(&self, tiny: &Tiny) -> Person {
        Person { who: Some(self.who), facts: self.facts, held: self.held(tiny), managers: 0 }
    }

    /// Gives a role; a gift with more fences than one that is there adds nothing.
    pub(crate) fn with(&self, gift: &Gift) -> Self {
        let within =
            |one: &Gift, other: &Gift| one.role == other.role && other.fences.iter().all(|f| one.fences.contains(f));
        let mut with = self.clone();
        if !with.gifts.iter().any(|g| within(gift, g)) {
            with.gifts.retain(|g| !within(g, gift));
            with.gifts.push(gift.clone());
            with.gifts.sort();
        }
        with
    }

    fn is(&self, tiny: &Tiny, item: Item) -> bool {
        match item {
            Item::Holders(r) => self.held(tiny) & (1 << r) != 0,
            Item::NotHolders(r) => self.held(tiny) & (1 << r) == 0,
            other => fact(other, self.facts),
        }
    }

    /// Every way to an action whose conditions on the actor are met.
    pub(crate) fn ways(&self, tiny: &Tiny, action: usize) -> Vec<Way> {
        let me = self.viewer();
        let mut found = vec![];
        let scope = match self.who {
            Who::Named(i) if tiny.accounts[i].inactive => return found,
            Who::Named(i) if !self.unscoped => tiny.accounts[i].scope,
            _ => None,
        };
        let mine: Vec<Fence> = scope.iter().map(|s| (*s, me)).collect();
        let with = |more: &[Fence]| [mine.as_slice(), more].concat();
        if let Who::Named(i) = self.who {
            let account = &tiny.accounts[i];
            for (role, on) in &account.roles {
                let on: Vec<Fence> = on.iter().map(|s| (*s, me)).collect();
                self.of_role(tiny, *role, action, &with(&on), &mut found);
            }
            for line in account.lines.iter().filter(|l| self.gives(tiny, l, action)) {
                let on: Vec<Fence> = line.on.iter().map(|s| (*s, me)).collect();
                found.push(Way { within: with(&on), holes: vec![], handed_on: mine.clone() });
            }
        }
        for role in (0..tiny.roles.len()).filter(|r| self.claims & (1 << r) != 0) {
            self.of_role(tiny, role, action, &[], &mut found);
        }
        for rule in tiny.rules.iter().filter(|r| fact(r.group, self.facts)) {
            let on: Vec<Fence> = rule.on.iter().map(|s| (*s, me)).collect();
            self.of_role(tiny, rule.role, action, &with(&on), &mut found);
        }
        for gift in &self.gifts {
            self.of_role(tiny, gift.role, action, &with(&gift.fences), &mut found);
        }
        found
    }

    fn gives(&self, tiny: &Tiny, line: &Line, action: usize) -> bool {
        line.action == action && line.when.is_none_or(|w| self.is(tiny, w))
    }

    /// The ways that a role is to an action, behind these fences.
    pub(crate) fn of_role(&self, tiny: &Tiny, role: usize, action: usize, fences: &[Fence], found: &mut Vec<Way>) {
        let me = self.viewer();
        let role = &tiny.roles[role];
        if role.when.is_some_and(|w| !self.is(tiny, w)) {
            return;
        }
        if role.excepts.iter().any(|(a, on)| *a == action && on.is_none()) {
            return;
        }
        let own: Vec<Fence> = role.scope.iter().map(|s| (*s, me)).collect();
        let fences = [fences, &own].concat();
        let first = found.len();
        for line in role.lines.iter().filter(|l| self.gives(tiny, l, action)) {
            let on: Vec<Fence> = line.on.iter().map(|s| (*s, me)).collect();
            let within = [fences.as_slice(), &on].concat();
            found.push(Way { within, holes: vec![], handed_on: fences.clone() });
        }
        for (other, on) in &role.extends {
            let on: Vec<Fence> = on.iter().map(|s| (*s, me)).collect();
            self.of_role(tiny, *other, action, &[fences.as_slice(), &on].concat(), found);
        }
        let holes = role.excepts.iter().filter(|(a, _)| *a == action).filter_map(|(_, on)| on.map(|s| (s, me)));
        let holes: Vec<Fence> = holes.collect();
        found[first..].iter_mut().for_each(|w| w.holes.extend(&holes));
    }

    /// Where an action is forbidden to it.
    pub(crate) fn forbids<'t>(&self, tiny: &'t Tiny, action: usize) -> impl Iterator<Item = &'t Forbid> {
        let binds = |f: &&Forbid| {
            f.action == action && f.whom.is_none_or(|w| self.is(tiny, w)) && !f.unless.is_some_and(|u| self.is(tiny, u))
        };
        tiny.forbids.iter().filter(binds).collect::<Vec<_>>().into_iter()
    }
}

/// The ways by which somebody may use an action on somebody, as both are, whatever the relations.
pub(crate) fn ways_to(tiny: &Tiny, by: &Somebody, action: usize, on: &Person) -> Vec<Way> {
    ways_among(tiny, by, action, all_managers(tiny.dims).map(|managers| Person { managers, ..*on }))
}

/// The same, with the relations that lead to it.
pub(crate) fn ways_on(tiny: &Tiny, by: &Somebody, action: usize, on: &Person) -> Vec<Way> {
    ways_among(tiny, by, action, [*on].into_iter())
}

fn ways_among(tiny: &Tiny, by: &Somebody, action: usize, on: impl Iterator<Item = Person>) -> Vec<Way> {
    let kind = tiny.actions[action].on;
    let me = by.viewer();
    let ways = by.ways(tiny, action);
    if ways.is_empty() {
        return ways;
    }
    let forbids: Vec<&Forbid> = by.forbids(tiny, action).collect();
    let spots: Vec<Spot> = on.map(Spot::Person).collect();
    let holds = |(scope, viewer): &Fence, spot: &Spot| covers(&tiny.scopes[*scope], kind, *viewer, spot);
    let free = |spot: &&Spot| !forbids.iter().any(|f| f.on.is_none_or(|s| covers(&tiny.scopes[s], kind, me, spot)));
    let free: Vec<&Spot> = spots.iter().filter(free).collect();
    let reaches = |way: &Way| {
        free.iter().any(|s| way.within.iter().all(|f| holds(f, s)) && !way.holes.iter().any(|f| holds(f, s)))
    };
    ways.into_iter().filter(reaches).collect()
}

/// Everything on which somebody may use an action, as the accounts of the policy are in the beginning.
pub(crate) fn region(world: &mut World<'_>, by: &Somebody, action: usize) -> Spots {
    let ways = by.ways(world.tiny, action);
    region_of(world, by, action, &ways)
}

/// The same by some ways alone.
pub(crate) fn region_of(world: &mut World<'_>, by: &Somebody, action: usize, ways: &[Way]) -> Spots {
    let tiny = world.tiny;
    let on = tiny.actions[action].on;
    let mut region = world.all(on, false);
    for way in ways {
        let mut part = world.all(on, true);
        way.within.iter().for_each(|(scope, viewer)| part.and(world.seen(*scope, *viewer, on)));
        way.holes.iter().for_each(|(scope, viewer)| part.minus(world.seen(*scope, *viewer, on)));
        region.or(&part);
    }
    if region.is_empty() {
        return region;
    }
    for forbid in by.forbids(tiny, action) {
        match forbid.on {
            Some(scope) => region.minus(world.seen(scope, by.viewer(), on)),
            None => region = world.all(on, false),
        }
    }
    region
}
