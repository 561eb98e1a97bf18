//! Comparing over time: the days on which anything can change, and both sides on each of them.

use super::compare::{Comparison, Difference, Pair, Who};
use super::joint::When;
use super::rights::Ways;
use super::view::{Lens, Target};
use crate::algebra::diagram::{Diagram, Exact};

impl Comparison<'_> {
    /// The days on which what an account may do can change.
    pub fn moments(&self, pair: &Pair, ways: &[Ways; 2]) -> Vec<i32> {
        let mut days = self.endings.clone();
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

    pub(super) fn tidy(&self, mut days: Vec<i32>) -> Vec<i32> {
        days.push(self.at);
        days.retain(|day| *day >= self.at);
        days.sort_unstable();
        days.dedup();
        days
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
                let cells = [self.possible(old, *target, *day, login)?, self.possible(new, *target, *day, login)?];
                any[0] |= cells[0] != Diagram::FALSE;
                any[1] |= cells[1] != Diagram::FALSE;
                for (more, (here, there), cells) in [(true, (new, old), cells[1]), (false, (old, new), cells[0])] {
                    let region = self.rights.view.diagrams.minus(here, there)?;
                    let region = if region == here { cells } else { self.possible(region, *target, *day, login)? };
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
}

/// The first day of a period, and the first one after it.
pub(super) fn starts(from: i32, until: i32) -> impl Iterator<Item = i32> {
    [Some(from), until.checked_add(1)].into_iter().flatten()
}
