//! Who holds a role, and when: what the checks about holders share.

use super::Context;
use crate::lower::rights::{Days, GivenWhat, RowId};
use crate::model::id::{AccountId, RoleId};

/// An account's active holding of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub account: AccountId,
    /// On which days.
    pub days: Days,
}

/// The active holdings of a role, by assignment, profile or rule; one account may have several.
#[must_use]
pub fn active_holdings(context: &Context<'_>, role: RoleId) -> Vec<Holding> {
    let row = RowId(role.0);
    let accounts = context.rights.accounts.iter();
    accounts
        .flat_map(|a| {
            let held = a.assignments.iter().filter(move |s| s.row == row);
            held.map(|s| Holding { account: a.account, days: s.days })
        })
        .collect()
}

/// Everybody whom the policy gives the role by name, also inactive, future and expired holders.
#[must_use]
pub fn given_to(context: &Context<'_>, role: RoleId) -> Vec<AccountId> {
    let accounts = context.model.accounts.iter().enumerate();
    accounts.filter(|(_, a)| a.assignments.iter().any(|s| s.role == role)).map(|(i, _)| AccountId::new(i)).collect()
}

/// How many distinct accounts there are on each stretch of days from `at` on; neighbouring stretches differ.
///
/// Quadratic in the dates of these holdings, since each stretch lists its holders: for the few holders of a role that counts them. For
/// many there is [`peak`].
#[must_use]
pub fn counts_over_time(holdings: &[Holding], at: i32) -> Vec<(Days, Vec<AccountId>)> {
    let mut starts = vec![at];
    for holding in holdings {
        starts.push(holding.days.from);
        starts.extend(holding.days.until.checked_add(1));
    }
    starts.retain(|day| *day >= at);
    starts.sort_unstable();
    starts.dedup();
    let mut stretches: Vec<(Days, Vec<AccountId>)> = vec![];
    for (i, from) in starts.iter().enumerate() {
        let until = starts.get(i + 1).map_or(i32::MAX, |next| next - 1);
        let mut now: Vec<AccountId> = holdings.iter().filter(|h| h.days.contains(*from)).map(|h| h.account).collect();
        now.sort_unstable();
        now.dedup();
        match stretches.last_mut().filter(|(_, last)| *last == now) {
            Some((days, _)) => days.until = until,
            None => stretches.push((Days { from: *from, until }, now)),
        }
    }
    stretches
}

/// The first stretch of days, from `at` on, on which the most accounts hold something, and who they are, in order.
///
/// A sweep over the ends of the holdings, so `n log n` in their number; an account with several counts once a day.
#[must_use]
pub fn peak(holdings: &[Holding], at: i32) -> Option<(Days, Vec<AccountId>)> {
    let mut own: Vec<Holding> = holdings.iter().filter(|h| h.days.until >= at && !h.days.is_empty()).copied().collect();
    own.sort_unstable_by_key(|h| (h.account, h.days));
    let mut steps: Vec<(i32, i32)> = vec![];
    let mut open: Option<Holding> = None;
    for holding in own.iter().copied().map(Some).chain([None]) {
        match (&mut open, holding) {
            (Some(last), Some(next)) if last.account == next.account && next.days.from <= last.days.until => {
                last.days.until = last.days.until.max(next.days.until);
            }
            _ => {
                if let Some(last) = std::mem::replace(&mut open, holding) {
                    steps.push((last.days.from.max(at), 1));
                    steps.extend(last.days.until.checked_add(1).map(|end| (end, -1)));
                }
            }
        }
    }
    // On one day what ends goes before what begins.
    steps.sort_unstable();
    let (mut now, mut most, mut day) = (0, 0, None);
    for (index, (step, change)) in steps.iter().enumerate() {
        now += change;
        if now > most && steps.get(index + 1).is_none_or(|(next, _)| next > step) {
            (most, day) = (now, Some((*step, steps.get(index + 1).map_or(i32::MAX, |(next, _)| next - 1))));
        }
    }
    let (from, until) = day?;
    let mut holders: Vec<AccountId> = own.iter().filter(|h| h.days.contains(from)).map(|h| h.account).collect();
    holders.dedup();
    Some((Days { from, until }, holders))
}

/// A stretch of days in words: "from 2026-01-01 until 2026-12-31", "from 2027-01-01 on", "today and later".
#[must_use]
pub fn stretch_text(days: Days, at: i32) -> String {
    let date = crate::dates::date_text;
    match (days.from <= at, days.until == i32::MAX) {
        (true, true) => format!("from {} on", date(at)),
        (true, false) => format!("from {} until {}", date(at), date(days.until)),
        (false, true) => format!("from {} on", date(days.from)),
        (false, false) => format!("from {} until {}", date(days.from), date(days.until)),
    }
}

/// Whether the account was given the role and is inactive.
#[must_use]
pub fn is_inactive_holder(context: &Context<'_>, account: AccountId, role: RoleId) -> bool {
    let rights = &context.rights.accounts[account.index()];
    rights.given().iter().any(|g| g.what == GivenWhat::Role(role) && !g.active)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(account: u32, from: i32, until: i32) -> Holding {
        Holding { account: AccountId(account), days: Days { from, until } }
    }

    #[test]
    fn counts_change_only_at_boundaries() {
        let counts = counts_over_time(&[holding(0, i32::MIN, 10), holding(1, 11, i32::MAX), holding(1, 5, 6)], 3);
        let shape: Vec<_> = counts.iter().map(|(d, who)| (d.from, d.until, who.len())).collect();
        assert_eq!(shape, [(3, 4, 1), (5, 6, 2), (7, 10, 1), (11, i32::MAX, 1)]);
    }

    #[test]
    fn the_peak_counts_an_account_once() {
        let all =
            [holding(0, i32::MIN, 10), holding(0, 8, 20), holding(1, 21, i32::MAX), holding(2, 5, 6), holding(3, 0, 2)];
        let (days, who) = peak(&all, 3).expect("somebody");
        assert_eq!((days, who), (Days { from: 5, until: 6 }, vec![AccountId(0), AccountId(2)]));
        assert_eq!(peak(&[holding(0, 0, 2)], 3), None);
        let handed_over = [holding(0, i32::MIN, 10), holding(1, 11, i32::MAX)];
        assert_eq!(peak(&handed_over, 3).map(|(_, who)| who), Some(vec![AccountId(0)]));
    }

    #[test]
    fn what_is_past_does_not_count() {
        let counts = counts_over_time(&[holding(0, 0, 2)], 3);
        assert_eq!(counts, [(Days { from: 3, until: i32::MAX }, vec![])]);
    }
}
