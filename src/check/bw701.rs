//! # BW701 a quota is exceeded
//!
//! ## What
//! More accounts count towards a quota than it allows. `counting active` (the default) takes the largest number of active accounts on
//! any day from today on; `counting all` counts every account, inactive and expired ones too. An account that matches several items
//! of one quota counts once.
//!
//! ## Why
//! Seats are what the contract is about. The overrun should be known before the change is merged, not on the bill. A `soft` quota
//! bills the excess, so it warns; any other refuses.
//!
//! ## Example
//! ```bw
//! quota at most 2 role org_admin
//! ```
//! with three accounts that hold `org_admin`.
//!
//! ## How to fix
//! Take the role from somebody who does not need it (the holders are listed), or raise the limit with the contract.

use super::Context;
use super::holding::{Holding, active_holdings, peak, stretch_text};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::facts::{Known, Mode};
use crate::lower::tier_of_allow;
use crate::lower::rights::{Days, Gifts, Given, GivenWhat, Rights, RowId, role_tiers};
use crate::model::id::{AccountId, RoleId, TierId};
use crate::model::{Account, Model, Quota, QuotaItem};
use crate::text::{count, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW701");

/// Counts every quota.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let tiers = role_tiers(context.model, &context.most.rows);
    for quota in &context.model.quotas {
        let (days, holders) = used(context, &tiers, quota);
        if holders.len() > quota.most as usize {
            findings.push(exceeded(context, quota, days, &holders));
        }
    }
}

/// Who counts towards a quota; and, where active accounts are counted, the days on which there are the most of them.
#[must_use]
pub fn used(context: &Context<'_>, tiers: &[Option<TierId>], quota: &Quota) -> (Option<Days>, Vec<AccountId>) {
    if quota.counting_all {
        return (None, all_matching(context, tiers, quota));
    }
    match peak(&active_matching(context, tiers, quota), context.at) {
        Some((days, holders)) => (Some(days), holders),
        None => (None, vec![]),
    }
}

/// When active accounts count towards a quota.
#[must_use]
pub fn active_matching(context: &Context<'_>, tiers: &[Option<TierId>], quota: &Quota) -> Vec<Holding> {
    let mut holdings = vec![];
    for item in &quota.of {
        match item {
            QuotaItem::Role(role) => holdings.extend(active_holdings(context, *role)),
            QuotaItem::Unit(unit) => {
                let accounts = context.model.accounts.iter().enumerate();
                let here = accounts.filter(|(_, a)| a.active && in_unit(context.model, a, unit.0));
                holdings.extend(here.map(|(i, a)| Holding { account: AccountId::new(i), days: a.valid }));
            }
            QuotaItem::Tier(tier) => {
                for (index, account) in context.model.accounts.iter().enumerate() {
                    let id = AccountId::new(index);
                    let days = tier_days(context, account, id, tiers, *tier);
                    holdings.extend(days.into_iter().map(|days| Holding { account: id, days }));
                }
            }
        }
    }
    holdings.retain(|h| !h.days.is_empty());
    holdings
}

fn in_unit(model: &Model, account: &Account, unit: u32) -> bool {
    account.unit.as_ref().is_some_and(|u| model.units.within(u.node.0, unit))
}

/// What an account holds that has a tier, and when: (tier, days).
fn tiered(rights: &Rights, id: AccountId, tiers: &[Option<TierId>]) -> Vec<(TierId, Days)> {
    let own = &rights.accounts[id.index()];
    let roles = own.assignments.iter().filter_map(|a| {
        let RowId(row) = a.row;
        tiers.get(row as usize).copied().flatten().map(|t| (t, a.days))
    });
    let direct = own.given().iter().filter_map(|g| match g.what {
        GivenWhat::DirectTier(tier) if g.active => Some((tier, g.days)),
        _ => None,
    });
    roles.chain(direct).collect()
}

/// The days on which an account's tier, the highest of all that it holds, is this one.
fn tier_days(
    context: &Context<'_>,
    account: &Account,
    id: AccountId,
    tiers: &[Option<TierId>],
    wanted: TierId,
) -> Vec<Days> {
    if !account.active {
        return vec![];
    }
    let held = tiered(context.rights, id, tiers);
    let mut starts = vec![context.at];
    for (_, days) in &held {
        starts.push(days.from.max(context.at));
        starts.extend(days.until.checked_add(1).filter(|d| *d > context.at));
    }
    starts.sort_unstable();
    starts.dedup();
    let stretches = starts.iter().enumerate().map(|(i, from)| {
        let until = starts.get(i + 1).map_or(i32::MAX, |next| next - 1);
        Days { from: *from, until }
    });
    let highest = |day: i32| held.iter().filter(|(_, days)| days.contains(day)).map(|(tier, _)| *tier).max();
    stretches.filter(|days| highest(days.from) == Some(wanted)).collect()
}

/// Every account that matches, whatever its state: as if nothing that was given began or ended.
fn all_matching(context: &Context<'_>, tiers: &[Option<TierId>], quota: &Quota) -> Vec<AccountId> {
    let matches = |index: usize, account: &Account| {
        let own = |role: RoleId| account.assignments.iter().any(|a| a.role == role);
        quota.of.iter().any(|item| match item {
            QuotaItem::Unit(unit) => in_unit(context.model, account, unit.0),
            QuotaItem::Role(role) => own(*role) || by_rule(context, index).contains(role),
            QuotaItem::Tier(tier) => {
                let own = account.assignments.iter().map(|a| a.role);
                let held = own.chain(by_rule(context, index)).filter_map(|role| tiers[role.index()]);
                let given = always(context.model, account);
                let direct = given.iter().filter_map(|g| match g.what {
                    GivenWhat::DirectTier(tier) => Some(tier),
                    GivenWhat::Role(_) => None,
                });
                held.chain(direct).max() == Some(*tier)
            }
        })
    };
    let accounts = context.model.accounts.iter().enumerate();
    accounts.filter(|(i, a)| matches(*i, a)).map(|(i, _)| AccountId::new(i)).collect()
}

/// What an account was given, as if nothing of it began or ended: also what never holds, since it ends before it begins.
fn always(model: &Model, account: &Account) -> Vec<Given> {
    let roles = account.assignments.iter().map(|a| GivenWhat::Role(a.role));
    let tiers = account.allows.iter().filter_map(|allow| tier_of_allow(model, account, allow));
    let all = roles.chain(tiers.map(GivenWhat::DirectTier));
    all.map(|what| Given { what, days: Days::ALWAYS, active: true }).collect()
}

/// The roles that rules give an account, whatever its state: as if all that it was given counted.
fn by_rule(context: &Context<'_>, index: usize) -> Vec<RoleId> {
    let (model, rights) = (context.model, context.rights);
    if rights.automatic.is_empty() {
        return vec![];
    }
    let given = always(model, &model.accounts[index]);
    let mut known = Known::new(model, &rights.nodes, &model.accounts[index], Gifts::Listed(&given), context.at, Mode::Actor);
    let rules = rights.automatic.iter().filter(|rule| known.holds(rule.users));
    rules.map(|rule| RoleId(rule.row.0)).collect()
}

fn exceeded(context: &Context<'_>, quota: &Quota, days: Option<Days>, holders: &[AccountId]) -> Finding {
    let model = context.model;
    let excess = holders.len() - quota.most as usize;
    let what = quota.of.iter().map(|item| item_text(model, item)).collect::<Vec<_>>().join(", ");
    let when = days.map_or(String::new(), |days| format!(" {}", stretch_text(days, context.at)));
    let used = count(holders.len(), "seat is", "seats are");
    let message = format!("{used} used of {} for {what}{when}: {excess} too many", quota.most);
    let severity = if quota.soft { Severity::Warning } else { Severity::Error };
    let names = holders.iter().map(|h| model.accounts[h.index()].block.as_str());
    let mut finding = Finding::new(CODE, severity, message)
        .at(quota.span, format!("at most {}", quota.most))
        .note(format!("counted: {}", quoted_list(names, "and")));
    if let Some((cents, currency)) = &quota.price {
        let total = cents.saturating_mul(excess as u64);
        finding = finding.note(format!("the excess costs {}.{:02} {currency}", total / 100, total % 100));
    }
    finding.help(if quota.soft {
        "free a seat, raise the limit, or accept the price"
    } else {
        "free a seat, raise the limit, or write `soft` if the contract bills the excess"
    })
}

/// An item in the words of the policy: "role `org_admin`".
#[must_use]
pub fn item_text(model: &Model, item: &QuotaItem) -> String {
    match item {
        QuotaItem::Tier(tier) => format!("tier `{}`", model.tiers[tier.index()].name),
        QuotaItem::Role(role) => format!("role `{}`", model.roles[role.index()].name),
        QuotaItem::Unit(unit) => format!("unit `{}`", model.units.short_name(unit.0)),
    }
}
