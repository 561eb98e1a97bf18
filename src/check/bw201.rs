//! # BW201 the number of holders is wrong
//!
//! ## What
//! There is no `super` role (and the platform does not say `super none`), or there are two; the super role has no active holder, or
//! more than one, at some moment from today on; a role has fewer or more holders than its `holders` line says; a role whose holders
//! are counted is `by claim`.
//!
//! ## Why
//! The super role is the root of all trust: with no holder nobody can mend anything, with two nobody is responsible. Holders are
//! counted over time, because an assignment that begins or ends next month makes the same gap.
//!
//! ## Example
//! ```bw
//! super role owner ungrantable { allow * }
//! admin maria { role owner }
//! admin nina  { role owner }
//! ```
//!
//! ## How to fix
//! Give the role to exactly one active account (or to as many as its `holders` line says), with dates that leave no gap.

use super::Context;
use super::holding::{Holding, active_holdings, counts_over_time, stretch_text};
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::lower::rights::Days;
use crate::model::id::{AccountId, RoleId};
use crate::model::{HolderLimit, Role};
use crate::source::Span;
use crate::text::{count, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW201");

/// Counts holders over time.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    supers(context, findings);
    for (index, role) in context.model.roles.iter().enumerate() {
        let id = RoleId::new(index);
        if let Some(span) = role.by_claim.filter(|_| role.superuser || role.ungrantable || !role.holders.is_empty()) {
            findings.push(counted_by_claim(role, span));
        }
        if role.superuser {
            let holdings = active_holdings(context, id);
            let one = Limit { least: Some(1), most: Some(1), span: role.span };
            limit(context, role, &one, &holdings, "", findings);
        }
        for written in &role.holders {
            limits(context, role, written, &active_holdings(context, id), findings);
        }
    }
}

fn supers(context: &Context<'_>, findings: &mut Findings) {
    let supers: Vec<&Role> = context.model.roles.iter().filter(|r| r.superuser).collect();
    let platform = &context.model.platform;
    match supers.as_slice() {
        [] if platform.super_none || context.model.incomplete => {}
        [] => {
            let finding = Finding::new(CODE, Severity::Error, "no role is `super`: nobody is the root of all rights")
                .help("mark one role `super`, or write `super none` in the `platform` block if that is on purpose");
            findings.push(match platform.span {
                Some(span) => finding.at(span, "this platform"),
                None => finding,
            });
        }
        [only] => {
            if platform.super_none {
                findings.push(
                    Finding::new(CODE, Severity::Error, format!("the platform says `super none`, but `{}` is super", only.name))
                        .at(only.span, "a super role")
                        .help("take `super none` away, or `super` off the role"),
                );
            }
        }
        [first, second, ..] => findings.push(
            Finding::new(CODE, Severity::Error, format!("`{}` and `{}` are both `super`", first.name, second.name))
                .at(second.span, "the second super role")
                .at(first.span, "the first one")
                .help("keep one super role; the other can extend it, fenced or not"),
        ),
    }
}

fn counted_by_claim(role: &Role, span: Span) -> Finding {
    let why = if role.superuser {
        "it is the super role"
    } else if role.ungrantable {
        "it is `ungrantable`"
    } else {
        "its holders are counted"
    };
    Finding::new(CODE, Severity::Error, format!("the role `{}` cannot be `by claim`: {why}", role.name))
        .at(span, "any token could present it")
        .help("take `by claim` away: such a role is given by name")
        .fix("take `by claim` away", Mend::Flag(span))
}

/// A number of holders to keep to.
struct Limit {
    least: Option<u32>,
    most: Option<u32>,
    span: Span,
}

fn limits(context: &Context<'_>, role: &Role, written: &HolderLimit, all: &[Holding], findings: &mut Findings) {
    let bounds = Limit { least: written.least, most: written.most, span: written.span };
    if !written.per_unit {
        return limit(context, role, &bounds, all, "", findings);
    }
    let unit_of = |account: AccountId| context.model.accounts[account.index()].unit.as_ref().map(|u| u.node);
    for index in 0..context.model.units.nodes.len() {
        let node = u32::try_from(index).unwrap_or(u32::MAX);
        let here: Vec<Holding> =
            all.iter().filter(|h| unit_of(h.account).is_some_and(|u| u.0 == node)).copied().collect();
        let place = format!(" in the unit `{}`", context.model.units.short_name(node));
        limit(context, role, &bounds, &here, &place, findings);
    }
}

fn limit(
    context: &Context<'_>,
    role: &Role,
    bounds: &Limit,
    holdings: &[Holding],
    place: &str,
    findings: &mut Findings,
) {
    if context.model.incomplete {
        return;
    }
    for (days, holders) in counts_over_time(holdings, context.at) {
        let n = u32::try_from(holders.len()).unwrap_or(u32::MAX);
        if bounds.least.is_some_and(|least| n < least) || bounds.most.is_some_and(|most| n > most) {
            findings.push(violated(context, role, bounds, days, &holders, place));
            return;
        }
    }
}

fn violated(
    context: &Context<'_>,
    role: &Role,
    bounds: &Limit,
    days: Days,
    holders: &[AccountId],
    place: &str,
) -> Finding {
    let wanted = match (bounds.least, bounds.most) {
        (Some(a), Some(b)) if a == b => format!("exactly {a}"),
        (Some(a), None) => format!("at least {a}"),
        (None, Some(b)) => format!("at most {b}"),
        (a, b) => format!("{} to {}", a.unwrap_or(0), b.unwrap_or(u32::MAX)),
    };
    let kind = if role.superuser { "super role" } else { "role" };
    let has = match holders.len() {
        0 => "no active holder".to_owned(),
        n => count(n, "active holder", "active holders"),
    };
    let message = format!(
        "the {kind} `{}` has {has}{place} {}, and must have {wanted}",
        role.name,
        stretch_text(days, context.at)
    );
    let accounts: Vec<_> = holders.iter().map(|h| &context.model.accounts[h.index()]).collect();
    let mut finding = Finding::new(CODE, Severity::Error, message).at(bounds.span, format!("{wanted} asked for here"));
    for account in accounts.iter().take(8) {
        finding = finding.at(account.span, "an active holder");
    }
    if !accounts.is_empty() {
        finding = finding.note(format!("held by {}", quoted_list(accounts.iter().map(|a| a.block.as_str()), "and")));
    }
    let few = bounds.least.is_some_and(|least| u32::try_from(holders.len()).unwrap_or(u32::MAX) < least);
    finding.help(if few {
        format!("give `{}` to an active account for those days", role.name)
    } else {
        format!("take `{}` away from all but {}, or let the assignments end before the next begins", role.name, bounds.most.unwrap_or(1))
    })
}
