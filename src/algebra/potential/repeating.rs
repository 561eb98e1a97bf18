//! Steps taken one after the other, exactly: what everybody who is controlled has become after them.
//!
//! The search asks to what each could come at all, whatever else became of it on the way; a role or a value that takes a right away takes
//! nothing from it there. Here an account has what it was given and is no longer what it was before a change. The strangers are of some
//! kinds, and there are as many of each as one likes: one who is changed leaves another one behind. An account that may have been brought
//! to several states is in any of them, and whatever it does tells which of them it can be in.

use std::collections::{BTreeMap, BTreeSet};

use super::{How, Means, Search, Step, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact, Var};
use crate::algebra::facts::{Lane, Party, Subject};
use crate::algebra::guise::{Extra, Guise, GuiseWay};
use crate::algebra::lens::Lens;
use crate::model::id::{AccountId, RoleId};

/// How many states of whoever takes a step are told apart, as far as it matters what comes of it; the others are not followed.
const MOST_CASES: usize = 64;

/// What everybody who is controlled has become.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// The accounts of the policy.
    named: BTreeMap<AccountId, Guise>,
    /// The others, by what they were given on top.
    strangers: BTreeMap<BTreeSet<Extra>, Diagram>,
}

impl State {
    /// The beginning: an account controls itself.
    pub(super) fn of(account: AccountId) -> Self {
        let named = BTreeMap::from([(account, Guise::of(Some(account)))]);
        Self { named, strangers: BTreeMap::new() }
    }

    /// Somebody who is controlled; one of each kind of those that the policy does not name.
    fn all(&self, who: Who) -> Vec<Guise> {
        if let Some(account) = who {
            return self.named.get(&account).cloned().into_iter().collect();
        }
        let kind = |(extra, within): (&BTreeSet<Extra>, &Diagram)| Guise {
            extra: extra.clone(),
            within: *within,
            has_all: true,
            ..Guise::of(None)
        };
        self.strangers.iter().map(kind).collect()
    }
}

/// One who takes a step, and one on whom it is taken, as they are then.
#[derive(Debug)]
struct Made {
    by: Guise,
    on: Guise,
}

impl Algebra<'_> {
    /// The states after a step, each with the one on whom it was taken; none where it cannot be taken, or changes nothing. For each two
    /// between whom it is tried one is taken off what is left.
    pub(super) fn after(
        &mut self,
        of: (AccountId, i32),
        state: &State,
        step: &Step,
        left: &mut usize,
    ) -> Exact<Vec<(State, Guise)>> {
        let mut found = vec![];
        for by in state.all(step.by) {
            for on in self.aims(state, step, of.1) {
                let Some(fewer) = left.checked_sub(1) else { return Ok(found) };
                *left = fewer;
                let search = Search::between(of, &by, &on);
                for made in self.made(&search, step)? {
                    if let Some(next) = self.put(state, &made)? {
                        found.push((next, made.on));
                    }
                }
            }
        }
        Ok(found)
    }

    /// On whom a step can be taken.
    fn aims(&self, state: &State, step: &Step, day: i32) -> Vec<Guise> {
        let taken = |account: AccountId| state.named.contains_key(&account) || !self.is_acting(account, day);
        match (step.how == How::Become, step.on) {
            // What strangers could do to one another is not followed.
            (_, None) if step.by.is_none() => vec![],
            (true, Some(account)) if taken(account) => vec![],
            (true, on) => vec![Guise { has_all: true, ..Guise::of(on) }],
            (false, on) => state.all(on),
        }
    }

    /// The state in which these two have become this; none where nothing is new.
    fn put(&mut self, state: &State, made: &Made) -> Exact<Option<State>> {
        let mut next = state.clone();
        if let Some(by) = made.by.account {
            next.named.insert(by, made.by.clone());
        }
        let Some(on) = made.on.account else {
            let before = state.strangers.get(&made.on.extra).copied().unwrap_or(Diagram::FALSE);
            let within = self.or(before, made.on.within)?;
            next.strangers.insert(made.on.extra.clone(), within);
            return Ok((within != before).then_some(next));
        };
        next.named.insert(on, made.on.clone());
        Ok((state.named.get(&on) != Some(&made.on)).then_some(next))
    }

    /// What can come of a step between these two.
    fn made(&mut self, search: &Search, step: &Step) -> Exact<Vec<Made>> {
        match &step.how {
            How::Become => self.met(search, step, |on| on),
            How::Unscope => {
                let has = step.on.is_some_and(|account| self.has_scope(account));
                if has { self.met(search, step, |on| Guise { unscoped: true, ..on }) } else { Ok(vec![]) }
            }
            How::Give(role) => self.made_by_gift(search, step, *role),
            How::Free(facts) => self.made_by_change(search, step, facts),
        }
    }

    /// By a step that leaves the facts and the roles on top as they are.
    fn met(&mut self, search: &Search, step: &Step, becomes: impl Fn(Guise) -> Guise) -> Exact<Vec<Made>> {
        let (region, lens) = self.meets(search, step.by, step.action, step.on)?;
        let mut found = vec![];
        for (cases, rest) in self.by_cases((region, lens), moving(search, step), false)? {
            let (by, on) = self.two(search, step, cases, rest)?;
            found.push(Made { by, on: becomes(on) });
        }
        Ok(found)
    }

    /// By each way to the right to give a role.
    fn made_by_gift(&mut self, search: &Search, step: &Step, role: RoleId) -> Exact<Vec<Made>> {
        // Nobody assigns to itself; a change of roles may well be one of oneself.
        if step.on == step.by && self.model.actions[step.action.index()].assigns.is_some() {
            return Ok(vec![]);
        }
        let giver = search.held[&step.by].0.clone();
        let lane = search.lane(step.by, Lane::Third);
        let (target, within) = self.target(search, step.by, step.on)?;
        let only = self.only(&giver)?;
        let within = self.and(within, only)?;
        let lens = self.lens(search, step.by, target);
        let mut found = vec![];
        for way in self.ways_that_reach(&giver, (step.action, lens), within)? {
            // A fence that the giver's unit decides is one that it had.
            let apart =
                self.model.actions[step.action.index()].assigns.is_some() && self.tells_its_unit(&giver, &way.own);
            let party = if apart { Some(party_of(step.by)) } else { moving(search, step) };
            for (cases, rest) in self.by_cases((way.region, lens), party, apart)? {
                let region = self.and(way.region, cases)?;
                let fences = self.carried(&giver, step.action, lane, &GuiseWay { region, ..way.clone() })?;
                let (by, mut on) = self.two(search, step, cases, rest)?;
                let before = on.extra.clone();
                self.add(&mut on, Extra { role, fences, whom: Diagram::TRUE })?;
                if on.extra != before {
                    found.push(Made { by, on });
                }
            }
        }
        Ok(found)
    }

    /// By a change of facts.
    fn made_by_change(&mut self, search: &Search, step: &Step, facts: &[String]) -> Exact<Vec<Made>> {
        let changed: BTreeSet<Subject> = facts.iter().filter_map(|f| self.subject_named(f)).collect();
        let before = search.held[&step.on].0.clone();
        let freed: BTreeSet<Subject> = before.freed.union(&changed).copied().collect();
        let (region, lens) = match step.on {
            Some(account) if step.by == step.on => {
                let within = self.moved_by_itself(search, account, step.action, &changed)?;
                let on = Guise { freed, within, ..before };
                return Ok(if within == Diagram::FALSE { vec![] } else { vec![Made { by: on.clone(), on }] });
            }
            Some(account) => self.moves(search, step.by, step.action, account, &changed)?,
            None => {
                let (within, may, lens) = self.strangers_met(search, step.by, step.action)?;
                (self.strangers_moves(within, (may, lens), &changed)?, lens)
            }
        };
        let mut found = vec![];
        for (cases, rest) in self.by_cases((region, lens), moving(search, step), false)? {
            let (by, _) = self.two(search, step, cases, rest)?;
            let within = self.of_the_other(step, rest)?;
            let freed = if step.on.is_some() { freed.clone() } else { BTreeSet::new() };
            found.push(Made { by, on: Guise { freed, within, ..before.clone() } });
        }
        Ok(found)
    }

    /// The two of a step, where the one is in these cases and the other in the rest.
    fn two(&mut self, search: &Search, step: &Step, cases: Diagram, rest: Diagram) -> Exact<(Guise, Guise)> {
        let (by, on) = (search.held[&step.by].0.clone(), search.held[&step.on].0.clone());
        let part = self.of_the_other(step, rest)?;
        let within = self.and(on.within, part)?;
        let on = Guise { within, ..on };
        if step.by == step.on {
            return Ok((on.clone(), on));
        }
        let within = if step.by.is_some() { self.and(by.within, cases)? } else { by.within };
        Ok((Guise { within, ..by }, on))
    }

    /// The cases of the one on whom a step is taken.
    fn of_the_other(&mut self, step: &Step, region: Diagram) -> Exact<Diagram> {
        if step.on.is_none() || step.by == step.on {
            return self.of_party(region, party_of(step.on));
        }
        let part = self.of_party(region, Party::Aim)?;
        self.renamed(part, Party::Aim, Party::Freed)
    }

    /// The cases of whoever takes a step, each with what is left of a region then: those of which the same is left are one, except that
    /// units are told apart where they are asked for.
    fn by_cases(
        &mut self,
        (region, lens): (Diagram, Lens),
        party: Option<Party>,
        apart: bool,
    ) -> Exact<Vec<(Diagram, Diagram)>> {
        if region == Diagram::FALSE {
            return Ok(vec![]);
        }
        let mut groups = vec![(Diagram::TRUE, region)];
        let Some(party) = party else { return Ok(groups) };
        let support = self.diagrams.support(region)?;
        let is_unit = |v: Var| self.facts.get(v).subject == Subject::Unit;
        let asked = self.asked(&support, party).into_iter().map(|(v, _)| v);
        let asked: Vec<Var> = asked.filter(|v| !apart || !is_unit(*v)).collect();
        let units = self.facts.of(|f| apart && f.party == party && f.subject == Subject::Unit);
        for var in asked {
            groups = self.merged(groups, var)?;
        }
        for var in units {
            groups = self.split(groups, var, lens)?;
        }
        Ok(groups)
    }

    /// Cases told apart by one more fact, as far as something else is left then.
    fn merged(&mut self, groups: Vec<(Diagram, Diagram)>, var: Var) -> Exact<Vec<(Diagram, Diagram)>> {
        // In the order in which they are found: the numbers of diagrams depend on what was asked before.
        let mut all: Vec<(Diagram, Diagram)> = vec![];
        for (cases, region) in groups {
            for (cases, region) in self.halves(cases, region, var)? {
                let rest = self.diagrams.exists(region, &|v| v == var)?;
                match all.iter().position(|(_, known)| *known == rest) {
                    Some(at) => all[at].0 = self.or(all[at].0, cases)?,
                    None if all.len() < MOST_CASES => all.push((cases, rest)),
                    None => {}
                }
            }
        }
        Ok(all)
    }

    /// Cases told apart by one more fact, whatever is left.
    fn split(&mut self, groups: Vec<(Diagram, Diagram)>, var: Var, lens: Lens) -> Exact<Vec<(Diagram, Diagram)>> {
        let mut all = vec![];
        for (cases, region) in groups {
            for (cases, region) in self.halves(cases, region, var)? {
                if all.len() < MOST_CASES && !self.is_empty(region, lens)? {
                    all.push((cases, region));
                }
            }
        }
        Ok(all)
    }

    /// Where a fact is, and where it is not.
    fn halves(&mut self, cases: Diagram, region: Diagram, var: Var) -> Exact<Vec<(Diagram, Diagram)>> {
        let fact = self.diagrams.var(var)?;
        let with = (self.and(cases, fact)?, self.and(region, fact)?);
        let without = (self.minus(cases, fact)?, self.minus(region, fact)?);
        Ok([with, without].into_iter().filter(|(_, region)| *region != Diagram::FALSE).collect())
    }
}

impl Search {
    /// A search in which these two are controlled, or looked at.
    pub(super) fn between((account, day): (AccountId, i32), by: &Guise, on: &Guise) -> Self {
        let held = BTreeMap::from([(on.account, (on.clone(), None)), (by.account, (by.clone(), None))]);
        Self { held, ..Self::of(account, day, Means::All) }
    }
}

/// Whose facts may differ from case to case of an account that takes a step on another one.
fn moving(search: &Search, step: &Step) -> Option<Party> {
    let moves = step.by != step.on && step.by.is_some() && !search.held[&step.by].0.freed.is_empty();
    moves.then_some(Party::Freed)
}

const fn party_of(who: Who) -> Party {
    if who.is_some() { Party::Freed } else { Party::Actor }
}
