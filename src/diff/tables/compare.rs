//! Two tables compared, exactly: for every account and for everybody whom neither names, which actions are allowed on one side and
//! not on the other, on which targets and days.
//!
//! What is equal by content is never looked at: an account is compared where its ways to rights, its facts, or a prohibition of what
//! it may do differ, or where a target that it reaches has other facts than before.

use std::collections::BTreeSet;

use bailiwick_table::{AccountId, Given, Login};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{self, Words};
use super::facts::{Party, subject};
use super::joint::{Bytes, Joint, When};
use super::people::{Mode, Person};
use super::rights::{Rights, Ways};
use super::rows::{Rows, Way, forbids};
use super::shapes::{Ask, Atom, Node, Shape, Shapes};
use super::view::{Lens, Target, View};
use crate::algebra::diagram::{Diagram, Exact, Var};

/// An account as both sides know it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its folded login.
    pub login: String,
    /// By side: its number there.
    pub ids: [Option<AccountId>; 2],
    /// By side: what is known of it.
    pub people: [Person; 2],
    /// By side: its ways to rights.
    pub ways: [Vec<Way>; 2],
}

/// Who differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// An account, by its place among [`Comparison::pairs`].
    Account(usize),
    /// Somebody whom neither policy names.
    Anybody,
}

/// That an action is allowed on one side and not on the other, on a region of targets for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// To whom.
    pub who: Who,
    /// The action's joint number.
    pub action: u32,
    /// The kind of target.
    pub target: Target,
    /// Whether it is allowed after and not before, not the other way round.
    pub more: bool,
    /// The first day and the last one.
    pub days: (i32, i32),
    /// On which targets: only cells that exist.
    pub region: Diagram,
    /// Whether anything at all is allowed of the action on these days: before, and after.
    pub any: [bool; 2],
}

/// What the cells that exist depend on: the facts, the kind of target, whether an account of a policy asks, and, where targets are looked
/// at by name, the day and whoever asks.
type Asked = (Vec<Var>, Target, bool, i32, Option<String>);

/// All that came of comparing two tables.
#[derive(Debug)]
pub struct Comparison<'t> {
    /// The rights of both.
    pub rights: Rights<'t>,
    /// The accounts that were looked at.
    pub pairs: Vec<Pair>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What could not be decided: who, and which action.
    pub undecided: Vec<(Who, u32)>,
    /// How many accounts there are: before, after, and on either side.
    pub counts: [usize; 3],
    /// The accounts whose facts differ, or that rules ask for by name or by what they were given, as they are on both sides.
    pub targets: Vec<[Person; 2]>,
    pub(super) possible: FxHashMap<Asked, Diagram>,
    at: i32,
    pub(super) supers: Option<Vec<[Person; 2]>>,
}

/// Compares two tables from a day on.
#[must_use]
pub fn compare<'t>(tables: [&'t Bytes<'t>; 2], renamed: &[(String, String)], at: i32) -> Comparison<'t> {
    let joint = Joint::of(tables, renamed);
    let (mut shapes, mut rows) = (Shapes::default(), Rows::default());
    let merged = merged(&joint);
    let mut pairs = vec![];
    let mut quiet = vec![];
    for ids in &merged {
        if let [Some(old), Some(new)] = *ids
            && rows.alike(&joint, &mut shapes, [old, new])
            && Person::is_alike(&joint, [old, new])
        {
            quiet.push(*ids);
            continue;
        }
        let ways = [When::Before, When::After].map(|when| match ids[when.index()] {
            Some(id) => rows.ways(&joint, &mut shapes, when, id),
            None => vec![],
        });
        let people = people(&joint, *ids);
        if ways[0] == ways[1] && people[0] == people[1] {
            quiet.push(*ids);
        } else {
            let login = people[1].login.clone();
            pairs.push(Pair { login, ids: *ids, people, ways });
        }
    }
    let counts = [tables[0].account_count() as usize, tables[1].account_count() as usize, merged.len()];
    let of_side = |when: When, shapes: &mut Shapes, rows: &mut Rows| {
        let table = joint.table(when);
        let by_claim = table.roles().filter(|r| table.role_of(*r).is_some_and(|r| r.by_claim));
        let claims: Vec<_> =
            by_claim.map(|r| (joint.roles.joint(when, r.0), rows.of(&joint, shapes, when, table.row_of(r)))).collect();
        (forbids(&joint, shapes, when), rows.rules(&joint, shapes, when), claims)
    };
    let before = of_side(When::Before, &mut shapes, &mut rows);
    let after = of_side(When::After, &mut shapes, &mut rows);
    let view = View::new(joint, shapes);
    let rights =
        Rights { view, rows, forbids: [before.0, after.0], rules: [before.1, after.1], claims: [before.2, after.2] };
    let mut comparison = Comparison {
        rights,
        pairs,
        differences: vec![],
        undecided: vec![],
        counts,
        targets: vec![],
        possible: FxHashMap::default(),
        at,
        supers: None,
    };
    comparison.run(&quiet);
    comparison
}

/// The accounts of both sides by login.
fn merged(joint: &Joint<'_>) -> Vec<[Option<AccountId>; 2]> {
    let logins = |when: When| {
        let table = joint.table(when);
        table.accounts().filter_map(move |id| Some((table.account_of(id)?.login(), id)))
    };
    let (mut before, mut after) = (logins(When::Before).peekable(), logins(When::After).peekable());
    let mut all = vec![];
    loop {
        let order = match (before.peek(), after.peek()) {
            (Some((old, _)), Some((new, _))) => old.cmp(new),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return all,
        };
        let old = if order.is_le() { before.next().map(|(_, id)| id) } else { None };
        let new = if order.is_ge() { after.next().map(|(_, id)| id) } else { None };
        all.push([old, new]);
    }
}

/// What both sides know of an account. Where only one names it, the other sees the same somebody, who was given nothing.
pub(super) fn people(joint: &Joint<'_>, ids: [Option<AccountId>; 2]) -> [Person; 2] {
    let of = |when: When| ids[when.index()].map(|id| Person::of(joint, when, id));
    match (of(When::Before), of(When::After)) {
        (Some(old), Some(new)) => [old, new],
        (Some(old), None) => {
            let new = old.stranger();
            [old, new]
        }
        (None, Some(new)) => [new.stranger(), new],
        (None, None) => [Person::default(), Person::default()],
    }
}

impl Comparison<'_> {
    fn run(&mut self, quiet: &[[Option<AccountId>; 2]]) {
        self.find_targets(quiet);
        let moved = self.moved();
        for index in 0..self.pairs.len() {
            let actions = self.actions_of(&self.pairs[index], &moved);
            self.account(index, &actions);
        }
        let stirred = self.stirred(&moved);
        if !stirred.is_empty() {
            let mut known = FxHashMap::default();
            for ids in quiet {
                self.quiet(*ids, &stirred, &moved, &mut known);
            }
        }
        self.anybody(&moved);
    }

    /// The targets that are looked at by name.
    fn find_targets(&mut self, quiet: &[[Option<AccountId>; 2]]) {
        let joint = &self.rights.view.joint;
        let (mut roles, mut tiers, mut by_login) = (FxHashSet::default(), FxHashSet::default(), false);
        for node in self.rights.view.shapes.nodes() {
            match node {
                Node::Atom(Atom::Given(role, _)) => _ = roles.insert(*role),
                Node::Atom(Atom::Tier(tier)) => _ = tiers.insert(*tier),
                Node::Atom(Atom::Ask(ask, _)) => {
                    by_login |=
                        matches!(subject(ask), super::facts::Subject::Attribute(id) if cells::is_login(joint, id));
                }
                _ => {}
            }
        }
        let asked = |p: &Person| {
            by_login || p.roles.iter().any(|r| roles.contains(&r.0)) || p.tiers.iter().any(|t| tiers.contains(&t.0))
        };
        let differ = |p: &[Person; 2]| !p[0].is_same_target(&p[1]) || p.iter().any(asked);
        let mut targets: Vec<[Person; 2]> =
            self.pairs.iter().filter(|p| differ(&p.people)).map(|p| p.people.clone()).collect();
        if !roles.is_empty() || !tiers.is_empty() || by_login {
            // What both sides know of these is the same.
            let table = joint.table(When::After);
            let asked = |given: Given| match given {
                Given::Role(role) => roles.contains(&joint.roles.joint(When::After, role.0)),
                Given::DirectTier(tier) => tiers.contains(&joint.tiers.joint(When::After, tier.0)),
            };
            let holds = |id| table.account_of(id).is_some_and(|account| account.given().any(|(given, _)| asked(given)));
            let looked_at = quiet.iter().filter(|ids| by_login || ids[1].is_some_and(holds));
            targets.extend(looked_at.map(|ids| people(joint, *ids)));
        }
        self.targets = targets;
    }

    /// The facts that are so of some target on one side only.
    fn moved(&self) -> Moved {
        let view = &self.rights.view;
        let changed: Vec<&[Person; 2]> = self.targets.iter().filter(|p| !p[0].is_same_target(&p[1])).collect();
        let days = self.endings();
        let differs = |ask: &Ask| {
            changed.iter().any(|[old, new]| {
                let so = |p: &Person, day| p.passes(&view.shapes, ask, Mode::Target, day);
                let dated = matches!(ask, Ask::Given(_) | Ask::Tier(_));
                let days = if dated { days.as_slice() } else { &days[..1] };
                days.iter().any(|day| so(old, *day) != so(new, *day))
            })
        };
        let units = changed.iter().any(|[old, new]| old.unit != new.unit);
        let mut shapes: Vec<bool> = vec![];
        for node in view.shapes.nodes() {
            let moved = |s: &Shape| shapes[s.0 as usize];
            let here = match node {
                Node::Const(_) | Node::Atom(Atom::Myself) => false,
                Node::Atom(Atom::Ask(ask, guard)) => differs(ask) || guard.is_some() && !changed.is_empty(),
                Node::Atom(Atom::OwnUnit(_)) => units,
                Node::Atom(Atom::Given(role, _)) => differs(&Ask::Given(*role)),
                Node::Atom(Atom::Tier(tier)) => differs(&Ask::Tier(*tier)),
                Node::Not(inner) => moved(inner),
                Node::All(list) | Node::Any(list) => list.iter().any(moved),
            };
            shapes.push(here);
        }
        Moved { shapes }
    }

    /// The day from which on is compared, and the days on which a target stops to hold what rules may ask for.
    fn endings(&self) -> Vec<i32> {
        let given = self.targets.iter().flatten().flat_map(|p| p.roles.iter().chain(&p.tiers));
        let mut days: Vec<i32> = given.filter_map(|(_, _, until)| until.checked_add(1)).collect();
        days.push(self.at);
        days.retain(|day| *day >= self.at);
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The actions of an account that could differ.
    fn actions_of(&self, pair: &Pair, moved: &Moved) -> Vec<u32> {
        let rights = &self.rights;
        let all: BTreeSet<u32> =
            pair.ways.iter().flatten().flat_map(|way| rights.row(way.row).iter().map(|(action, _)| *action)).collect();
        let same_facts = pair.people[0] == pair.people[1];
        let differs = |action: &u32| {
            let [old, new] = [0, 1].map(|side| rights.ways_to(*action, &pair.ways[side]));
            !same_facts || old != new || !rights.same_forbids(*action) || self.is_moved(*action, &new, moved)
        };
        all.into_iter().filter(differs).collect()
    }

    /// Whether a predicate that decides about the action asks for a fact that moved.
    fn is_moved(&self, action: u32, ways: &Ways, moved: &Moved) -> bool {
        let of_rect = |r: &super::rows::Rect| moved.has(r.entities) || moved.has(r.users);
        let by_way = ways.iter().any(|(cell, fence, _)| {
            of_rect(fence) || self.rights.grants(*cell).iter().any(|g| of_rect(&g.on) || g.holes.iter().any(of_rect))
        });
        let forbids = &self.rights.forbids[When::After.index()][action as usize];
        by_way || forbids.iter().any(|f| of_rect(&f.on))
    }

    /// The actions that could differ for accounts whose ways and facts do not: their prohibitions differ, or something moved.
    fn stirred(&self, moved: &Moved) -> FxHashSet<u32> {
        let any = moved.shapes.contains(&true);
        (0..self.rights.view.joint.action_names.count()).filter(|a| any || !self.rights.same_forbids(*a)).collect()
    }

    /// An account whose ways and facts are the same on both sides. `known` has for ways the actions that could differ.
    fn quiet(
        &mut self,
        ids: [Option<AccountId>; 2],
        stirred: &FxHashSet<u32>,
        moved: &Moved,
        known: &mut FxHashMap<Vec<Way>, Vec<u32>>,
    ) {
        let [Some(_), Some(id)] = ids else { return };
        let rights = &mut self.rights;
        let ways = rights.rows.ways(&rights.view.joint, &mut rights.view.shapes, When::After, id);
        if !known.contains_key(&ways) {
            let found = self.stirred_of(&ways, stirred, moved);
            known.insert(ways.clone(), found);
        }
        let actions = known.get(&ways).map_or(&[][..], Vec::as_slice);
        if actions.is_empty() {
            return;
        }
        let people = people(&self.rights.view.joint, ids);
        let pair = Pair { login: people[1].login.clone(), ids, people, ways: [ways.clone(), ways] };
        self.pairs.push(pair);
        let before = self.differences.len() + self.undecided.len();
        self.account(self.pairs.len() - 1, actions);
        if self.differences.len() + self.undecided.len() == before {
            self.pairs.pop();
        }
    }

    /// The actions of ways that could differ although the ways do not.
    fn stirred_of(&self, ways: &[Way], stirred: &FxHashSet<u32>, moved: &Moved) -> Vec<u32> {
        let rights = &self.rights;
        let all: BTreeSet<u32> = ways.iter().flat_map(|w| rights.rows.row(w.row)).map(|(a, _)| *a).collect();
        let differs = |action: &u32| {
            stirred.contains(action)
                && (!rights.same_forbids(*action) || self.is_moved(*action, &rights.ways_to(*action, ways), moved))
        };
        all.into_iter().filter(differs).collect()
    }

    /// Compares these actions of an account.
    fn account(&mut self, index: usize, actions: &[u32]) {
        if actions.is_empty() {
            return;
        }
        let pair = self.pairs[index].clone();
        for action in actions {
            let ways = [0, 1].map(|side| self.rights.ways_to(*action, &pair.ways[side]));
            let days = self.moments(&pair, &ways);
            let found = self.over_time(
                *action,
                &days,
                |this, lens| match lens.when {
                    When::Before => {
                        this.rights.allowed(*action, &ways[0], Lens { actor: Some(&pair.people[0]), ..lens })
                    }
                    When::After => {
                        this.rights.allowed(*action, &ways[1], Lens { actor: Some(&pair.people[1]), ..lens })
                    }
                },
                Some(&pair.login),
            );
            self.keep(Who::Account(index), *action, found);
        }
    }

    /// Compares what anybody may do whom neither policy names.
    fn anybody(&mut self, moved: &Moved) {
        let rights = &self.rights;
        let rows = |when: usize| {
            rights.claims[when].iter().map(|(_, row)| *row).chain(rights.rules[when].iter().map(|r| r.way.row))
        };
        let all: BTreeSet<u32> =
            [0, 1].into_iter().flat_map(rows).flat_map(|row| rights.row(row).iter().map(|(a, _)| *a)).collect();
        let same =
            rights.claims[0] == rights.claims[1] && rights.rules[0] == rights.rules[1] && rights.view.joint.same_claims;
        let any_moved = moved.shapes.contains(&true);
        let actions: Vec<u32> = all.into_iter().filter(|a| !same || any_moved || !rights.same_forbids(*a)).collect();
        let mut days = self.endings();
        for row in [0, 1].into_iter().flat_map(rows).collect::<BTreeSet<_>>() {
            let cells = rights.row(row).iter().map(|(_, cell)| *cell);
            days.extend(cells.flat_map(|c| rights.grants(c)).flat_map(|g| starts(g.days.from, g.days.until)));
        }
        let days = self.tidy(days);
        for action in actions {
            let found = self.over_time(action, &days, |this, lens| this.rights.allowed_to_anybody(action, lens), None);
            self.keep(Who::Anybody, action, found);
        }
    }

    /// The days on which what an account may do can change.
    fn moments(&self, pair: &Pair, ways: &[Ways; 2]) -> Vec<i32> {
        let mut days = self.endings();
        for person in &pair.people {
            days.extend(starts(person.valid.0, person.valid.1));
            days.extend(person.roles.iter().chain(&person.tiers).flat_map(|(_, from, until)| starts(*from, *until)));
        }
        for (cell, _, open) in ways.iter().flatten() {
            days.extend(starts(open.from, open.until));
            days.extend(self.rights.grants(*cell).iter().flat_map(|g| starts(g.days.from, g.days.until)));
        }
        self.tidy(days)
    }

    /// The days on which what some ways give can change.
    #[must_use]
    pub fn days_of_cells(&self, ways: &[Ways; 2]) -> Vec<i32> {
        let cells = ways.iter().flatten().map(|(cell, ..)| *cell);
        let grants = cells.flat_map(|cell| self.rights.grants(cell));
        self.tidy(grants.flat_map(|g| starts(g.days.from, g.days.until)).collect())
    }

    /// The day from which on the tables are compared.
    #[must_use]
    pub const fn at(&self) -> i32 {
        self.at
    }

    fn tidy(&self, mut days: Vec<i32>) -> Vec<i32> {
        days.push(self.at);
        days.retain(|day| *day >= self.at);
        days.sort_unstable();
        days.dedup();
        days
    }

    fn keep(&mut self, who: Who, action: u32, found: Exact<Vec<Difference>>) {
        match found {
            Ok(found) => self.differences.extend(found.into_iter().map(|d| Difference { who, ..d })),
            Err(_) => self.undecided.push((who, action)),
        }
    }

    /// Both sides on every one of these days, what is alike on neighbouring ones as one.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn over_time(
        &mut self,
        action: u32,
        days: &[i32],
        mut allowed: impl FnMut(&mut Self, Lens<'_>) -> Exact<Diagram>,
        login: Option<&str>,
    ) -> Exact<Vec<Difference>> {
        let uses_users = self.rights.view.joint.actions[action as usize].signature.uses_users();
        let targets: &[Target] =
            if uses_users { &[Target::Stranger, Target::Named, Target::Myself] } else { &[Target::Stranger] };
        let mut all: Vec<Difference> = vec![];
        for (place, day) in days.iter().enumerate() {
            let until = days.get(place + 1).map_or(i32::MAX, |next| next - 1);
            self.rights.view.diagrams.begin();
            let mut any = [false; 2];
            let mut found = vec![];
            for target in targets {
                let lens = |when| Lens { when, actor: None, target: *target, day: *day };
                let (old, new) = (allowed(self, lens(When::Before))?, allowed(self, lens(When::After))?);
                any[0] |= self.possible(old, *target, *day, login)? != Diagram::FALSE;
                any[1] |= self.possible(new, *target, *day, login)? != Diagram::FALSE;
                for (more, region) in [(true, (new, old)), (false, (old, new))] {
                    let region = self.rights.view.diagrams.minus(region.0, region.1)?;
                    let region = self.possible(region, *target, *day, login)?;
                    if region != Diagram::FALSE {
                        found.push((*target, more, region));
                    }
                }
            }
            for (target, more, region) in found {
                let days = (*day, until);
                let new = Difference { who: Who::Anybody, action, target, more, days, region, any };
                let goes_on =
                    |d: &&mut Difference| d.days.1.checked_add(1) == Some(*day) && Difference { days, ..**d } == new;
                match all.iter_mut().find(goes_on) {
                    Some(earlier) => earlier.days.1 = until,
                    None => all.push(new),
                }
            }
        }
        Ok(all)
    }

    /// Whether a case is in a region: `so` tells of each fact whether it is so.
    #[must_use]
    pub fn contains(&self, region: Diagram, so: impl Fn(&super::facts::Fact) -> bool) -> bool {
        let mut at = region;
        while let Some((var, low, high)) = self.rights.view.diagrams.branch(at) {
            at = if so(self.rights.view.facts.get(var)) { high } else { low };
        }
        at == Diagram::TRUE
    }

    /// The cells of a region that exist. `login` is whoever asks, and so no other account.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible(&mut self, region: Diagram, target: Target, day: i32, login: Option<&str>) -> Exact<Diagram> {
        if region == Diagram::FALSE {
            return Ok(region);
        }
        let support = self.rights.view.diagrams.support(region)?;
        let cells = self.possible_cells(support, target, day, login)?;
        self.rights.view.diagrams.and(region, cells)
    }

    /// The combinations of these facts that exist.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible_cells(
        &mut self,
        support: Vec<Var>,
        target: Target,
        day: i32,
        login: Option<&str>,
    ) -> Exact<Diagram> {
        let named = target == Target::Named;
        let without = login.filter(|_| named && self.targets.iter().any(|p| Some(p[0].login.as_str()) == login));
        let key = (support, target, login.is_some(), if named { day } else { 0 }, without.map(str::to_owned));
        if let Some(known) = self.possible.get(&key) {
            return Ok(*known);
        }
        let view = &mut self.rights.view;
        let words = Words { joint: &view.joint, shapes: &view.shapes };
        let tables = view.joint.tables;
        let taken = |text: &str| tables.iter().any(|t| is_named(t, text));
        let free = |_: &str| false;
        let party = |party| cells::of_party(&view.facts, &key.0, party);
        let (actor, entity, user) = (party(Party::Actor), party(Party::Entity), party(Party::User));
        let mut cells = cells::free(words, &mut view.diagrams, &entity, &free, false)?;
        let actors = cells::free(words, &mut view.diagrams, &actor, &taken, true)?;
        cells = view.diagrams.and(cells, actors)?;
        if target == Target::Stranger {
            let users = cells::free(words, &mut view.diagrams, &user, &taken, false)?;
            cells = view.diagrams.and(cells, users)?;
            cells = self.apart(cells, &actor, &user)?;
        } else if named {
            let here = self.named(&key.0, day, without)?;
            cells = self.rights.view.diagrams.and(cells, here)?;
        }
        self.possible.insert(key, cells);
        Ok(cells)
    }

    /// The combinations that are so of some target that is looked at by name.
    fn named(&mut self, support: &[Var], day: i32, without: Option<&str>) -> Exact<Diagram> {
        let view = &mut self.rights.view;
        let asked: Vec<(Var, &super::facts::Fact)> = support
            .iter()
            .map(|v| (*v, view.facts.get(*v)))
            .filter(|(_, f)| matches!(f.party, Party::User | Party::Later) && !matches!(f.ask, Ask::Relation(_)))
            .collect();
        let others = self.targets.iter().filter(|p| Some(p[0].login.as_str()) != without);
        let truths = |people: &[Person; 2]| -> Vec<Var> {
            let so = |(_, fact): &&(Var, &super::facts::Fact)| {
                let person = if fact.party == Party::Later { &people[1] } else { &people[0] };
                person.passes(&view.shapes, &fact.ask, Mode::Target, day)
            };
            asked.iter().filter(so).map(|(var, _)| *var).collect()
        };
        let cells: Vec<Vec<Var>> = others.map(truths).collect::<FxHashSet<_>>().into_iter().collect();
        let vars: Vec<Var> = asked.iter().map(|(var, _)| *var).collect();
        crate::algebra::cells::one_of(&mut view.diagrams, &vars, cells)
    }

    /// Two accounts have two logins: where one is known by a test, the other's is not the same.
    fn apart(
        &mut self,
        mut cells: Diagram,
        actor: &[(Var, super::facts::Fact)],
        user: &[(Var, super::facts::Fact)],
    ) -> Exact<Diagram> {
        let view = &mut self.rights.view;
        for (one, fact) in actor {
            let Ask::Is(attribute, _) = &fact.ask else { continue };
            if !cells::is_login(&view.joint, *attribute) {
                continue;
            }
            for (other, _) in user.iter().filter(|(_, f)| f.ask == fact.ask) {
                let (one, other) = (view.diagrams.var(*one)?, view.diagrams.var(*other)?);
                let both = view.diagrams.and(one, other)?;
                cells = view.diagrams.minus(cells, both)?;
            }
        }
        Ok(cells)
    }
}

/// The first day of a period, and the first one after it.
fn starts(from: i32, until: i32) -> impl Iterator<Item = i32> {
    [Some(from), until.checked_add(1)].into_iter().flatten()
}

/// The account of a table with this folded login.
pub(super) fn account_of(table: &Bytes<'_>, login: &str) -> Option<AccountId> {
    Login::ascii(login).or_else(|| Login::folded(login)).and_then(|login| table.account(login))
}

/// Whether a table names this folded login.
pub(super) fn is_named(table: &Bytes<'_>, login: &str) -> bool {
    account_of(table, login).is_some()
}

/// Which shapes ask for a fact that is so of some target on one side only.
#[derive(Debug)]
struct Moved {
    shapes: Vec<bool>,
}

impl Moved {
    fn has(&self, shape: Shape) -> bool {
        self.shapes.get(shape.0 as usize).copied().unwrap_or(true)
    }
}
