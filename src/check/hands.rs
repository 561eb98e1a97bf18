//! Roles that change hands: who held one before, who holds it after, and which `transfer` lines speak of it.

use crate::diff::transition::{Seen, Transition};
use crate::lower::rights::{Days, GivenWhat, RowId};
use crate::model::id::{AccountId, RoleId, TierId};
use crate::model::{Account, Transfer};

/// The `transfer` lines that the change adds: one that stood in the old policy has been used up.
pub(crate) fn transfers<'t>(transition: &'t Transition<'_>) -> Vec<&'t Transfer> {
    let (old, new) = (&transition.old, &transition.new);
    let mut before: Vec<_> = old.model().transfers.iter().map(|it| told(old, it)).collect();
    let all = new.model().transfers.iter();
    all.filter(|it| {
        let told = told(new, it);
        match before.iter().position(|known| *known == told) {
            Some(index) => {
                before.swap_remove(index);
                false
            }
            None => true,
        }
    })
    .collect()
}

/// What a line says, by names that both policies understand.
fn told<'s>(seen: &'s Seen<'_>, it: &'s Transfer) -> (&'s str, &'s str, &'s str, Option<&'s str>) {
    let to = &seen.model().accounts[it.to.node.index()].block;
    (&seen.model().roles[it.role.index()].name, &it.from.node, to, it.reason.as_deref())
}

/// The account of the old policy that a line takes the role from.
pub(crate) fn giver(transition: &Transition<'_>, it: &Transfer) -> Option<AccountId> {
    transition.old.account_named(&it.from.node)
}

/// Whether a line takes this role from that account.
pub(crate) fn takes(transition: &Transition<'_>, it: &Transfer, role: Option<RoleId>, from: AccountId) -> bool {
    Some(it.role) == role && giver(transition, it) == Some(from)
}

/// Whether an account holds a role actively on that day, by what was given to it.
pub(crate) fn holds_on(seen: &Seen<'_>, account: AccountId, role: RoleId, day: i32) -> bool {
    let account = &seen.model().accounts[account.index()];
    seen.holds_actively(account, role, day).iter().any(|days| days.contains(day))
}

/// The roles that only a transfer hands on, on both sides: super or `ungrantable` in either policy.
pub(crate) fn kept_roles(transition: &Transition<'_>) -> Vec<(Option<RoleId>, RoleId)> {
    let old = transition.old.model();
    let kept = |role: &crate::model::Role| role.superuser || role.ungrantable;
    let roles = transition.new.roles().map(|(id, role)| (transition.role_before(id), id, role));
    let roles = roles.filter(|(before, _, role)| kept(role) || before.is_some_and(|b| kept(&old.roles[b.index()])));
    roles.map(|(before, id, _)| (before, id)).collect()
}

/// Whether an account was an administrator in the old policy: active, and of the last tier; without tiers, with a role that the super
/// role extends.
pub(crate) fn was_administrator(transition: &Transition<'_>, account: AccountId) -> bool {
    let (old, at) = (&transition.old, transition.at);
    let model = old.model();
    if !is_active(&model.accounts[account.index()], at) {
        return false;
    }
    let Some((last, _)) = model.tiers.split_last() else {
        let supers = old.roles().filter(|(_, role)| role.superuser);
        let below: Vec<RoleId> = supers.flat_map(|(_, role)| role.extends.iter().map(|e| e.role)).collect();
        return held_by_any_way(old, account, at).iter().any(|role| below.contains(role));
    };
    let position = model.tiers.iter().position(|tier| std::ptr::eq(tier, last)).map(TierId::new);
    let Some(rights) = old.rights() else { return false };
    let by_role = held_by_any_way(old, account, at).iter().any(|role| rights.role_tiers[role.index()] == position);
    let given = rights.accounts[account.index()].given();
    let direct = given.iter().filter(|it| it.active && it.days.contains(at)).filter_map(|it| match it.what {
        GivenWhat::DirectTier(tier) => Some(tier),
        GivenWhat::Role(_) => None,
    });
    by_role || direct.into_iter().any(|tier| Some(tier) == position)
}

/// Whether an account may act on a day.
pub(crate) fn is_active(account: &Account, day: i32) -> bool {
    account.active && account.valid.contains(day)
}

/// The roles that an account actively holds on a day, given or by a rule.
pub(crate) fn held_by_any_way(seen: &Seen<'_>, account: AccountId, day: i32) -> Vec<RoleId> {
    let Some(rights) = seen.rights() else { return vec![] };
    let ways = rights.accounts[account.index()].assignments.iter().filter(|way| way.days.contains(day));
    ways.filter_map(|way| {
        let RowId(row) = way.row;
        rights.rows[row as usize].role
    })
    .collect()
}

/// The first day from `at` on on which the one list of days holds and the other does not.
pub(crate) fn first_lost(before: &[Days], after: &[Days], at: i32) -> Option<i32> {
    let mut moments = vec![at];
    for days in before.iter().chain(after) {
        moments.push(days.from);
        moments.extend(days.until.checked_add(1));
    }
    moments.retain(|day| *day >= at);
    moments.sort_unstable();
    let on = |list: &[Days], day: i32| list.iter().any(|days| days.contains(day));
    moments.into_iter().find(|day| on(before, *day) && !on(after, *day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_go_are_found() {
        let days = |from, until| Days { from, until };
        assert_eq!(first_lost(&[Days::ALWAYS], &[], 5), Some(5));
        assert_eq!(first_lost(&[Days::ALWAYS], &[days(0, 9)], 5), Some(10));
        assert_eq!(first_lost(&[days(0, 4)], &[], 5), None, "that is past");
        assert_eq!(first_lost(&[days(0, 20)], &[days(0, 9), days(10, 30)], 5), None);
    }
}
