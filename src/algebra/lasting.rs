//! How long an answer lasts: until which day all that was looked at for it is the same.
//!
//! Rights change on few days, and each of these concerns few accounts. What is asked of an account for every day on which anything in
//! the policy changes has mostly the answer of the day before. So whoever asks for a day lets the algebra note until when the dates that
//! it reads say the same; up to that day nothing has to be asked again.

use std::cell::Cell;

use super::{Algebra, people};
use crate::lower::rights::{Days, Given, GivenWhat, Rights, RowId};
use crate::model::Model;

/// What was noted since somebody began to ask.
#[derive(Debug)]
pub(super) struct Lasting {
    /// For which day is asked, and the last one for which everything so far is the same.
    noted: Cell<(i32, i32)>,
    /// The days on which anything changes that predicates ask of accounts, in order.
    turns: Vec<i32>,
    /// The days of each row's grants that are not there on every day.
    of_rows: Vec<Vec<Days>>,
}

impl Lasting {
    pub(super) fn of(model: &Model, rights: &Rights) -> Self {
        let asked = people::asked_given(rights);
        let by_claim = |role: usize| model.roles[role].by_claim.is_some();
        let is_asked = |given: &Given| {
            asked.contains(&given.what) || matches!(given.what, GivenWhat::Role(role) if by_claim(role.index()))
        };
        let given = rights.accounts.iter().flat_map(|a| a.given().iter()).filter(is_asked);
        let mut turns: Vec<i32> =
            given.flat_map(|g| [Some(g.days.from), g.days.until.checked_add(1)]).flatten().collect();
        turns.sort_unstable();
        turns.dedup();
        let dated = |row: &crate::lower::rights::Row| {
            let mut days: Vec<Days> = row.grants.iter().map(|g| g.days).filter(|d| *d != Days::ALWAYS).collect();
            days.dedup();
            days
        };
        Self { noted: Cell::new((i32::MAX, i32::MAX)), turns, of_rows: rights.rows.iter().map(dated).collect() }
    }

    /// The first of the days, up to this one, on which all that predicates ask of accounts is as on this one.
    pub(super) fn turn(&self, day: i32) -> i32 {
        let after = self.turns.partition_point(|turn| *turn <= day);
        after.checked_sub(1).map_or(i32::MIN, |last| self.turns[last])
    }

    /// The days of a row's grants, but for those that are there on every day.
    pub(super) fn of_row(&self, row: RowId) -> &[Days] {
        &self.of_rows[row.0 as usize]
    }
}

/// The days to ask for, one after the other: those among some on which the answer can be another one than on the day before.
#[derive(Debug)]
pub struct Turns<'d> {
    /// What is left of the days, in order.
    days: &'d [i32],
    /// The answer to the last one was asked for.
    begun: bool,
}

impl<'d> Turns<'d> {
    /// Those among these days, which are in order.
    #[must_use]
    pub const fn of(days: &'d [i32]) -> Self {
        Self { days, begun: false }
    }

    /// The next day. Whatever was asked of the algebra since the last one was asked for that day.
    pub fn next(&mut self, algebra: &Algebra<'_>) -> Option<i32> {
        if std::mem::replace(&mut self.begun, true) {
            let until = algebra.same_until();
            self.days = &self.days[self.days.partition_point(|day| *day <= until)..];
        }
        let (day, rest) = self.days.split_first()?;
        self.days = rest;
        algebra.ask_for(*day);
        Some(*day)
    }
}

impl Algebra<'_> {
    /// Begins to note until when the answer to what is asked for this day is the same.
    pub fn ask_for(&self, day: i32) {
        let turn = self.lasting.turns.partition_point(|turn| *turn <= day);
        let until = self.lasting.turns.get(turn).map_or(i32::MAX, |turn| turn - 1);
        self.lasting.noted.set((day, until));
    }

    /// The last day for which everything that was asked for since [`Self::ask_for`] has the same answer.
    #[must_use]
    pub const fn same_until(&self) -> i32 {
        self.lasting.noted.get().1
    }

    /// Notes that the answer is unknown: the next day may have one.
    pub fn ask_again(&self) {
        let (day, _) = self.lasting.noted.get();
        self.lasting.noted.set((day, day));
    }

    /// Whether a day is among these; and it is noted until when that is so.
    pub fn is_on(&self, days: Days, day: i32) -> bool {
        let (asked, until) = self.lasting.noted.get();
        if days != Days::ALWAYS && day == asked {
            let end = match day {
                _ if day < days.from => days.from - 1,
                _ if day <= days.until => days.until,
                _ => i32::MAX,
            };
            self.lasting.noted.set((asked, until.min(end)));
        }
        days.contains(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{Actor, Exact, Lens, Target};
    use crate::diagnostic::Findings;
    use crate::lower::{Switches, lower};
    use crate::model::id::{AccountId, ActionId};
    use crate::source::SourceMap;
    use crate::{dates, resolve, syntax};

    /// Dates everywhere: on accounts, assignments and lines, on what `holders of` asks, and on those whom others can act as.
    const POLICY: &str = r"
resource books on user { view list; write edit changes country }
resource accounts on account { view open; become login }
attribute country { fi, se }
role clerk { allow books.list on users in holders of cook until 2026-08-31; allow books.edit from 2026-10-01 }
role cook { allow books.list; assigns clerk }
role head { allow accounts.login on users in holders of clerk; allow books.edit on users in finns }
super role owner { allow * }
group finns = country is fi
users in finns hold cook
forbid books.edit on users in holders of head unless holders of owner
admin pat { role clerk until 2026-09-15; role head from 2026-07-01 until 2026-07-31; country fi }
admin sam { role cook from 2026-06-20; valid from 2026-06-10 until 2027-01-31 }
admin kim { role head; role owner until 2026-06-14 }
admin lee { role clerk from 2026-11-01; role cook until 2026-06-09 }
admin max { role cook }
";

    /// All that is asked of an account for a day, in words.
    fn all(algebra: &mut Algebra<'_>, account: AccountId, day: i32) -> Exact<String> {
        algebra.begin();
        let (acts, root) = (algebra.is_acting(account, day), algebra.is_root(account, day));
        let mut told = format!("{acts} {root} {:?}", algebra.ways_to_others(account, day));
        for action in (0..algebra.model.actions.len()).map(ActionId::new) {
            for target in [Target::Stranger, Target::Named, Target::Exactly(account)] {
                let lens = Lens::new(Actor::Account(account), target, day);
                // Of somebody who does not act nothing is asked.
                let region = if acts { algebra.allowed(action, lens)? } else { crate::algebra::Diagram::FALSE };
                let who = if target == Target::Named { algebra.accounts_in(region, lens)? } else { vec![] };
                told += &format!(" {region:?} {} {who:?}", algebra.is_empty(region, lens)?);
            }
            told += &format!(" {:?}", algebra.origin_of(account, action, day));
        }
        let gain = if acts { algebra.gain(account, day)? } else { None };
        told +=
            &gain.map_or(String::new(), |gain| format!(" {:?} {:?} {:?}", gain.action, gain.who, gain.witness.text));
        Ok(told)
    }

    #[test]
    fn a_day_that_is_passed_over_has_the_answer_of_the_day_before() -> Exact<()> {
        let sources = SourceMap::single("a.bw", POLICY);
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let model = resolve::resolve(&files, &sources, &mut findings);
        assert!(!model.incomplete, "{:?}", findings.sorted());
        let rights = lower(&model, &Switches::as_written(&model));
        let at = dates::parse_date("2026-06-01").expect("a date");
        let mut algebra = Algebra::new(&model, &rights);
        let days = algebra.moments_of_all(at);
        let (mut asked, mut others) = (0, 0);
        for account in (0..model.accounts.len()).map(AccountId::new) {
            let mut answers: Vec<(i32, String)> = vec![];
            let mut turns = Turns::of(&days);
            while let Some(day) = turns.next(&algebra) {
                answers.push((day, all(&mut algebra, account, day)?));
            }
            asked += answers.len();
            others += answers.windows(2).filter(|two| two[0].1 != two[1].1).count();
            for day in &days {
                let (_, known) =
                    answers.iter().rev().find(|(asked, _)| asked <= day).expect("the first day is asked for");
                algebra.ask_for(i32::MIN);
                assert_eq!(*known, all(&mut algebra, account, *day)?, "account {account:?} on {day}");
            }
        }
        let possible = days.len() * model.accounts.len();
        assert!(others > 10 && asked < possible, "{asked} of {possible}, {others} with another answer than before");
        Ok(())
    }
}
