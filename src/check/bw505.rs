//! # BW505 putting people into a group that carries a role
//!
//! ## What
//! An account may change an attribute, the unit or the labels of somebody, and an automatic rule asks for that fact: it can put him into
//! the group, and he holds the rule's role. The account may not give this role by itself, or the role has more than the account has. Asked
//! is for somebody who is not in the group before and can be afterwards, by a right that reaches him both before and after, with every
//! feature on. The super role's active holders are exempt, and so is an account of which BW502 speaks.
//!
//! ## Why
//! Who may manage users then decides who has the role, although nobody gave him a right to.
//!
//! ## Example
//! ```bw
//! role manager { allow users.edit }          // edit changes country
//! users in finland hold editor_fi            // and country decides who is one
//! ```
//!
//! ## How to fix
//! Leave the fact to those who may give the role, or fence the right to edit it; or let the account give the role (`assigns`), if that is
//! meant.

use std::collections::BTreeMap;

use super::escalation::Escalation;
use super::{Context, bw009, bw502};
use crate::algebra::potential::How;
use crate::algebra::{Actor, Algebra, Exact, Lane, Lens, Party, Target, Turns, Witness};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::OriginId;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::region::Test;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW505");

/// That an account can put somebody into a rule's group.
#[derive(Debug)]
struct Way {
    by: AccountId,
    action: ActionId,
    rule: usize,
    /// A right that the role has and the account has not; none where it merely may not give the role.
    more: Option<ActionId>,
    witness: Witness,
    day: i32,
}

/// A finding for each line that lets somebody put others into a group, and each rule.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete || context.most.automatic.is_empty() {
        return;
    }
    let told: Vec<AccountId> = told_of(context.escalation());
    let days = context.algebra_of_most().moments_of_all(context.at);
    let mut lines: BTreeMap<(Option<OriginId>, usize), Vec<Way>> = BTreeMap::new();
    for index in 0..context.model.accounts.len() {
        let account = AccountId::new(index);
        if told.binary_search(&account).is_ok() {
            continue;
        }
        let algebra = &mut *context.algebra_of_most();
        match ways(algebra, account, &days) {
            Ok(found) => {
                for way in found {
                    let origin = algebra.origin_of(account, way.action, way.day);
                    lines.entry((origin, way.rule)).or_default().push(way);
                }
            }
            Err(_) => {
                let account = &context.model.accounts[index];
                let what = format!("`{}` can put somebody into a group that carries a role", account.block);
                findings.push(bw009::undecided(CODE, &what, account.span));
            }
        }
    }
    for ((origin, _), all) in lines {
        findings.push(into_group(context, origin, &all));
    }
}

/// The accounts of which BW502 speaks, in order.
fn told_of(found: &Escalation) -> Vec<AccountId> {
    found.gains.iter().filter(|(account, gain, _)| bw502::is_told(found, *account, gain)).map(|(a, ..)| *a).collect()
}

/// The first way of an account to put somebody into the group of each rule.
fn ways(algebra: &mut Algebra<'_>, account: AccountId, days: &[i32]) -> Exact<Vec<Way>> {
    let mut found: Vec<Way> = vec![];
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        if !algebra.is_acting(account, day) || algebra.is_root(account, day) {
            continue;
        }
        for action in algebra.ways_to_others(account, day) {
            let changed = algebra.changed_by(action);
            if changed.is_empty() {
                continue;
            }
            for rule in 0..algebra.rights.automatic.len() {
                let users = algebra.rights.automatic[rule].users;
                if found.iter().any(|w| w.rule == rule) || !algebra.asks_for(users, &changed) {
                    continue;
                }
                algebra.begin();
                let Some(more) = beyond(algebra, account, rule, day)? else { continue };
                if let Some(witness) = puts(algebra, account, action, rule, day)? {
                    found.push(Way { by: account, action, rule, more, witness, day });
                }
            }
        }
    }
    Ok(found)
}

/// Whether a rule's role is none that the account may give, or has more than it has (then which right); none where it is neither.
fn beyond(algebra: &mut Algebra<'_>, account: AccountId, rule: usize, day: i32) -> Exact<Option<Option<ActionId>>> {
    let rule = &algebra.rights.automatic[rule];
    let role = RoleId(rule.row.0);
    let fence = algebra.rights.fences[rule.fence.0 as usize];
    let fences = vec![(Actor::Anybody, Lane::Second, fence)];
    if let Some((action, _)) = algebra.more_in(role, fences, account, day)? {
        return Ok(Some(Some(action)));
    }
    for power in algebra.powers().ones().map(ActionId::new).collect::<Vec<_>>() {
        let gives = algebra.outcomes(power).contains(&How::Give(role));
        if gives && algebra.reaches_others(account, power, day)? {
            return Ok(None);
        }
    }
    Ok(Some(None))
}

/// Somebody who is not in the rule's group and whom the account can change so that he is. Each account that changes others is held
/// against all of them that it may change: quadratic in accounts where many may change many.
fn puts(
    algebra: &mut Algebra<'_>,
    account: AccountId,
    action: ActionId,
    rule: usize,
    day: i32,
) -> Exact<Option<Witness>> {
    let users = algebra.rights.automatic[rule].users;
    let changed = algebra.changed_by(action);
    let signature = algebra.signature(action);
    // What a rule asks of its members is nothing relative to another account.
    if algebra.tests_of(users).iter().any(|t| matches!(t, Test::OwnUnit | Test::Relation(_) | Test::Myself)) {
        return Err(crate::algebra::TooManyCases);
    }
    for target in [Target::Stranger, Target::Named] {
        let lens = Lens::new(Actor::Account(account), target, day);
        let edit = algebra.allowed(action, lens)?;
        let member = algebra.node(users, Party::User, lens)?;
        // A change needs the right on the state before and on the state after.
        let allowed_member = algebra.and(edit, member)?;
        let after = algebra.after_change(allowed_member, Party::User, &changed)?;
        let after = algebra.whatever_leads(after)?;
        let outside = algebra.minus(edit, member)?;
        let region = algebra.and(outside, after)?;
        if target == Target::Stranger {
            if let Some(witness) = algebra.witness(region, signature, lens)? {
                return Ok(Some(witness));
            }
            continue;
        }
        for on in algebra.accounts_in(region, lens)? {
            if algebra.is_acting(on, day) && algebra.is_same_as_actor(users, on, day) {
                let exactly = Lens { target: Target::Exactly(on), ..lens };
                let edit = algebra.allowed(action, exactly)?;
                return algebra.witness(edit, signature, exactly);
            }
        }
    }
    Ok(None)
}

fn into_group(context: &Context<'_>, origin: Option<OriginId>, all: &[Way]) -> Finding {
    let model = context.model;
    let first = &all[0];
    let rule = &context.most.automatic[first.rule];
    let (by, role) = (&model.accounts[first.by.index()], &model.roles[rule.row.0 as usize]);
    let path = |action: ActionId| &model.actions[action.index()].path;
    let why = first.more.map_or_else(
        || "which it may not give".to_owned(),
        |more| format!("which has `{}`: more than it has itself", path(more)),
    );
    let message = format!(
        "`{}` can put people into a group by `{}`, and so give them the role `{}`, {why}",
        by.block,
        path(first.action),
        role.name
    );
    let changes = quoted_list(model.actions[first.action.index()].changes.iter().map(String::as_str), "and");
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    finding = match origin {
        Some(origin) => {
            finding.at(context.most.origins[origin.0 as usize].span, format!("lets it change {changes} of others"))
        }
        None => finding.at(by.span, "who changes"),
    };
    finding = finding.at(context.most.origins[rule.origin.0 as usize].span, "makes this decide who holds the role");
    finding = finding.note(format!("for example on {}", first.witness.text));
    if first.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(first.day)));
    }
    if all.len() > 1 {
        let others = all[1..].iter().map(|w| model.accounts[w.by.index()].block.as_str());
        finding = finding.note(format!("so can {}", quoted_list(others, "and")));
    }
    finding.help("leave the fact to those who may give the role, fence the right to change it, or let them give the role with `assigns`")
}
