//! What is told of accounts: as far as a role that changed explains what differs, that is told of the role.

use std::sync::Arc;

use super::{Held, Item, OfAccount, Told, Writer, direction};
use crate::algebra::diagram::{Diagram, Exact};
use crate::diff::Whose;
use crate::diff::tables::compare::Pair;
use crate::diff::tables::joint::When;
use crate::diff::tables::people::Person;
use crate::diff::tables::rights::Ways;
use crate::diff::tables::rows::Way;
use crate::diff::tables::say::{Regions, Speaker};
use crate::diff::tables::view::{Lens, Target};

impl Writer<'_, '_, '_> {
    /// What differs for an account: as far as a role that changed explains it, it is told of the role.
    pub(super) fn account(&mut self, index: usize, item: &Item) -> Exact<()> {
        let pair = Arc::clone(&self.found.pairs[index]);
        self.out.touched.insert(index);
        let held = When::BOTH.map(|when| self.found.held(&pair, when));
        let explaining = self.explaining(item, &held);
        let mut left: Vec<((i32, i32), Regions)> = vec![];
        for days in self.stretches(item, &pair, &explaining) {
            let rest = self.unexplained(&Item { days, ..*item }, index, &explaining)?;
            match left.last_mut() {
                Some((before, same)) if *same == rest => before.1 = days.1,
                _ => left.push((days, rest)),
            }
        }
        for (days, rest) in left {
            if rest != Regions::default() {
                self.tell_account(index, &Item { days, ..*item }, &held, rest)?;
            }
        }
        Ok(())
    }

    /// The days of a difference, cut where what explains it can begin or end.
    fn stretches(&self, item: &Item, pair: &Pair, explaining: &[(usize, [Ways; 2])]) -> Vec<(i32, i32)> {
        if explaining.is_empty() {
            return vec![item.days];
        }
        let ways = [0, 1].map(|side| self.found.rights.ways_to(item.action, &pair.ways[side]));
        let mut starts = self.found.moments(pair, &ways);
        for (place, _) in explaining {
            let (from, until) = self.roles[*place].days;
            starts.extend([Some(from), until.checked_add(1)].into_iter().flatten());
        }
        starts.retain(|day| item.days.0 < *day && *day <= item.days.1);
        starts.push(item.days.0);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([item.days.1]);
        starts.iter().copied().zip(ends).collect()
    }

    /// What no role explains of a difference, on days on which nothing changes.
    fn unexplained(&mut self, item: &Item, index: usize, explaining: &[(usize, [Ways; 2])]) -> Exact<Regions> {
        let pair = Arc::clone(&self.found.pairs[index]);
        let (day, login) = (item.days.0, Some(pair.login.as_str()));
        let mut rest = Regions::default();
        let kinds = [
            (Target::Stranger, item.regions.stranger),
            (Target::Named, item.regions.named),
            (Target::Myself, item.regions.own),
        ];
        for (target, region) in kinds {
            let Some(region) = region else { continue };
            let mut left = region;
            for (place, ways) in explaining {
                let (from, until) = self.roles[*place].days;
                if day < from || until < day {
                    continue;
                }
                let given = self.explained(item, &pair.people, target, ways)?;
                let here = self.found.rights.view.diagrams.and(region, given)?;
                if self.found.possible(here, target, day, login)? != Diagram::FALSE {
                    self.roles[*place].touched.insert(index);
                    left = self.found.rights.view.diagrams.minus(left, given)?;
                }
            }
            // What the role asks for may be so of all who are left, and is then a fact that the difference by itself did not look at.
            let left = self.found.possible(left, target, day, login)?;
            if left != Diagram::FALSE {
                rest.set(target, left);
            }
        }
        Ok(rest)
    }

    fn tell_account(&mut self, index: usize, item: &Item, held: &[Vec<Held>; 2], rest: Regions) -> Exact<()> {
        let pair = Arc::clone(&self.found.pairs[index]);
        let speaker = Speaker { people: Some(&pair.people), day: item.days.0 };
        let region = self.found.said(item.action, rest, speaker)?;
        let witness = self.found.example(item.action, rest, Some(&pair.people), item.days.0)?;
        let through = self.through(item, &pair.people, held, rest)?;
        let told = Told {
            direction: direction(item.more, item.any),
            region,
            days: item.days,
            causes: self.causes_of(Whose::Account(&pair.login), item.action),
            over_super: self.found.reaches_super(rest, item.days.0)?,
        };
        self.accounts.push(OfAccount { told, account: index, action: item.action, through, witness });
        Ok(())
    }

    /// The role items of this action, direction and time, each with the ways by which the account has the role, before and after.
    fn explaining(&self, item: &Item, held: &[Vec<Held>; 2]) -> Vec<(usize, [Ways; 2])> {
        let mut all = vec![];
        for place in self.role_items.get(&(item.action, item.more)).into_iter().flatten().copied() {
            let of_role = &self.roles[place];
            if of_role.days.0 > item.days.1 || item.days.0 > of_role.days.1 {
                continue;
            }
            let ways = |side: usize| held[side].iter().filter(|(r, _)| *r == Some(of_role.role)).map(|(_, way)| *way);
            let alike = |a: &Way, b: &Way| (a.fence, a.restricted, a.days) == (b.fence, b.restricted, b.days);
            let names = &self.found.rights.view.joint.roles;
            let both_know = When::BOTH.iter().all(|when| names.own(*when, of_role.role).is_some());
            let stays = |side: usize| -> Vec<Way> {
                ways(side).filter(|way| !both_know || ways(1 - side).any(|other| alike(way, &other))).collect()
            };
            let found = [0, 1].map(|side| self.found.rights.ways_to(item.action, &stays(side)));
            if found.iter().any(|ways| !ways.is_empty()) {
                all.push((place, found));
            }
        }
        all
    }

    /// What these ways give on the one side and not on the other.
    fn explained(&mut self, item: &Item, people: &[Person; 2], target: Target, ways: &[Ways; 2]) -> Exact<Diagram> {
        let mut given = [Diagram::FALSE; 2];
        for when in When::BOTH {
            let lens = Lens { when, actor: Some(&people[when.index()]), target, day: item.days.0 };
            for way in &ways[when.index()] {
                let more = self.found.rights.by_way(item.action, *way, lens)?;
                given[when.index()] = self.found.rights.view.diagrams.or(given[when.index()], more)?;
            }
        }
        let [old, new] = given;
        if item.more {
            self.found.rights.view.diagrams.minus(new, old)
        } else {
            self.found.rights.view.diagrams.minus(old, new)
        }
    }

    /// The first role that gives what differs, on the side that has it.
    fn through(
        &mut self,
        item: &Item,
        people: &[Person; 2],
        held: &[Vec<Held>; 2],
        regions: Regions,
    ) -> Exact<Option<String>> {
        let when = if item.more { When::After } else { When::Before };
        let regions =
            [(Target::Stranger, regions.stranger), (Target::Named, regions.named), (Target::Myself, regions.own)];
        for (role, way) in &held[when.index()] {
            for way in self.found.rights.ways_to(item.action, &[*way]) {
                for (target, region) in regions {
                    let Some(region) = region else { continue };
                    let lens = Lens { when, actor: Some(&people[when.index()]), target, day: item.days.0 };
                    let given = self.found.rights.by_way(item.action, way, lens)?;
                    if self.found.rights.view.diagrams.and(given, region)? != Diagram::FALSE {
                        return Ok(role.map(|role| self.found.rights.view.joint.roles.name(role).to_owned()));
                    }
                }
            }
        }
        Ok(None)
    }
}
