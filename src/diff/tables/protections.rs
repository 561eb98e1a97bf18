//! Prohibitions of the old side that the new one does not cover any more, whether or not anybody gains a right by it.
//!
//! Both sides are asked of the accounts as they are after the change: who comes to hold what a prohibition speaks of, or no longer does,
//! is not what is looked for.

use bailiwick_table::parts::Forbidden;
use bailiwick_table::{AccountId, ActionId};
use rustc_hash::FxHashSet;

use super::compare::Comparison;
use super::joint::When;
use super::people::Person;
use super::rows::{Forbid, forbid};
use super::say::Regions;
use super::view::{Lens, Target};
use crate::algebra::diagram::{Diagram, Exact};

/// What a prohibition took away and no prohibition takes away now, of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The statement.
    pub text: String,
    /// The action's joint number.
    pub action: u32,
    /// The login of an account that it no longer binds, where it never bound everybody.
    pub who: Option<String>,
    /// A target.
    pub witness: String,
    /// It protected a holder of the super role.
    pub over_super: bool,
}

impl Comparison<'_> {
    /// Every prohibition of the old side that is lost, by action, and the actions of which that could not be decided.
    ///
    /// This is asked last of a comparison: its targets are then known as they are after the change alone. For each prohibition that is
    /// not written on both sides it is linear in the accounts, and asks what it is about once for all to whom it is the same.
    pub fn protections_lost(&mut self) -> (Vec<Lost>, Vec<u32>) {
        let as_after = |[_, after]: [Person; 2]| [after.clone(), after];
        self.supers = Some(self.supers().into_iter().map(as_after).collect());
        self.targets = std::mem::take(&mut self.targets).into_iter().map(as_after).collect();
        self.possible.clear();
        let (mut lost, mut undecided) = (vec![], vec![]);
        for action in 0..self.rights.view.joint.action_names.count() {
            for (old, text) in self.only_before(action) {
                match self.lost(action, &old, &text) {
                    Ok(found) => lost.extend(found),
                    Err(_) => undecided.push(action),
                }
            }
        }
        undecided.dedup();
        (lost, undecided)
    }

    /// The prohibitions of an action that only the old side has, with their statements; none where the action is gone.
    fn only_before(&mut self, action: u32) -> Vec<(Forbid, String)> {
        let names = &self.rights.view.joint.action_names;
        let (Some(own), Some(_)) = (names.own(When::Before, action), names.own(When::After, action)) else {
            return vec![];
        };
        if self.rights.same_forbids(action) {
            return vec![];
        }
        let view = &mut self.rights.view;
        let table = view.joint.table(When::Before);
        let after = &self.rights.forbids[When::After.index()][action as usize];
        let all: Vec<Forbidden> = table.forbids(ActionId(own)).collect();
        let mut found: Vec<(Forbid, String)> = vec![];
        for it in &all {
            let content = forbid(&view.joint, &mut view.shapes, When::Before, it);
            if !after.contains(&content) {
                found.push((content, table.forbid_text(it.id).unwrap_or("?").to_owned()));
            }
        }
        found
    }

    fn lost(&mut self, action: u32, old: &Forbid, text: &str) -> Exact<Option<Lost>> {
        let found = match self.regions_lost(action, old, None)? {
            Some(regions) => Some((None, regions)),
            None => self.lost_to_accounts(action, old)?.map(|(person, regions)| (Some(person), regions)),
        };
        let Some((who, regions)) = found else { return Ok(None) };
        let (day, own) = (self.at(), who.clone().map(|person| [person.clone(), person]));
        let uses_users = self.rights.view.joint.actions[action as usize].signature.uses_users();
        let over_super = uses_users && self.reaches_super(regions, day)?;
        let witness = self.example(action, regions, own.as_ref(), day)?;
        let who = who.map(|person| person.login);
        Ok(Some(Lost { text: text.to_owned(), action, who, witness, over_super }))
    }

    /// Where it is lost to somebody: an account, or whoever no policy names.
    fn regions_lost(&mut self, action: u32, old: &Forbid, actor: Option<&Person>) -> Exact<Option<Regions>> {
        let mut regions = Regions::default();
        self.rights.view.diagrams.begin();
        for target in self.kinds_of_targets(action) {
            regions = self.lost_on(action, old, (actor, *target), regions)?;
        }
        Ok((regions != Regions::default()).then_some(regions))
    }

    fn lost_on(
        &mut self,
        action: u32,
        old: &Forbid,
        (actor, target): (Option<&Person>, Target),
        mut regions: Regions,
    ) -> Exact<Regions> {
        let day = self.at();
        let lenses = When::BOTH.map(|when| Lens { when, actor, target, day });
        let region = self.rights.no_longer_forbidden(action, old, lenses)?;
        let region = self.possible(region, target, day, actor.map(|person| person.login.as_str()))?;
        if region != Diagram::FALSE {
            regions.set(target, region);
        }
        Ok(regions)
    }

    /// The first account to which it is lost.
    fn lost_to_accounts(&mut self, action: u32, old: &Forbid) -> Exact<Option<(Person, Regions)>> {
        let accounts: Vec<AccountId> = self.rights.view.joint.table(When::After).accounts().collect();
        let known: FxHashSet<String> = self.targets.iter().map(|people| people[1].login.clone()).collect();
        let mut seen: FxHashSet<(Option<u32>, Vec<Diagram>)> = FxHashSet::default();
        for id in accounts {
            let person = Person::of(&self.rights.view.joint, When::After, id);
            if !person.active {
                continue;
            }
            self.rights.view.diagrams.begin();
            if self.kinds_of_targets(action).contains(&Target::Myself) {
                let own = self.lost_on(action, old, (Some(&person), Target::Myself), Regions::default())?;
                if own != Regions::default() {
                    return Ok(Some((person, own)));
                }
            }
            let bound = self.bound(action, old, &person)?;
            let new = known.contains(&person.login) || seen.insert((person.unit, bound.clone()));
            if bound.first() == Some(&Diagram::FALSE) || !new {
                continue;
            }
            if let Some(regions) = self.regions_lost(action, old, Some(&person))? {
                return Ok(Some((person, regions)));
            }
        }
        Ok(None)
    }

    /// Which prohibitions are for an account that asks about others: the old one, then all of the new side.
    fn bound(&mut self, action: u32, old: &Forbid, person: &Person) -> Exact<Vec<Diagram>> {
        let day = self.at();
        let lens = |when| Lens { when, actor: Some(person), target: Target::Stranger, day };
        let mut all = vec![self.rights.binds(old, lens(When::Before))?];
        for new in self.rights.forbids[When::After.index()][action as usize].clone() {
            all.push(self.rights.binds(&new, lens(When::After))?);
        }
        Ok(all)
    }

    fn kinds_of_targets(&self, action: u32) -> &'static [Target] {
        if self.rights.view.joint.actions[action as usize].signature.uses_users() {
            &[Target::Stranger, Target::Named, Target::Myself]
        } else {
            &[Target::Stranger]
        }
    }
}
