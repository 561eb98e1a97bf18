//! # BW509 removing somebody who has more
//!
//! ## What
//! An account may use an action of kind `destroy` on another account of the policy that has every right that it has itself, and more.
//! Compared is what may be done to others than the two, after prohibitions, with every feature on; a right by a relation is one that the
//! other has not. The super role's active holders are exempt. Accounts that the policy does not name are not looked at as targets.
//!
//! ## Why
//! Who can delete or disable those above him removes whoever could stop him.
//!
//! ## Example
//! ```bw
//! role helpdesk { allow accounts.open, accounts.delete }      // of everybody, the owner included
//! ```
//!
//! ## How to fix
//! Fence the right (`on users in ...`), or protect whoever has more: `forbid destroy accounts on users in holders of owner unless self`.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::lines::named;
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lane, Lens, Target, Turns};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::OriginId;
use crate::model::Action;
use crate::model::id::{AccountId, ActionId};
use crate::syntax::ast::Kind;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW509");

/// That an account may remove one that dominates it.
#[derive(Debug, Clone, Copy)]
struct Removal {
    by: AccountId,
    action: ActionId,
    on: AccountId,
    /// A right that the other has on top.
    right: ActionId,
    day: i32,
}

/// A finding for each line that lets somebody remove those above.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let days = context.algebra_of_most().moments_of_all(context.at);
    let mut lines: BTreeMap<Option<OriginId>, Vec<Removal>> = BTreeMap::new();
    let actions = context.model.actions.iter().enumerate();
    let mut destroy = FixedBitSet::with_capacity(context.model.actions.len());
    let removes = |a: &Action| a.kind == Kind::Destroy && a.signature.uses_users();
    destroy.extend(actions.filter(|(_, a)| removes(a)).map(|(index, _)| index));
    let holders = context.algebra_of_most().holders_of(&destroy);
    for account in holders {
        let algebra = &mut *context.algebra_of_most();
        match removals(algebra, &destroy, account, &days) {
            Ok(found) => {
                for one in found {
                    let origin = algebra.origin_of(account, one.action, one.day);
                    lines.entry(origin).or_default().push(one);
                }
            }
            Err(_) => {
                let account = &context.model.accounts[account.index()];
                let what = format!("`{}` may remove somebody who has more", account.block);
                findings.push(bw009::undecided(CODE, &what, account.span));
            }
        }
    }
    for (origin, all) in lines {
        findings.push(higher(context, origin, &all));
    }
}

/// For each action the first one above the account whom it may remove. Each account that removes others is held against all whom it may
/// remove, until one is above it: quadratic in accounts where many may remove many who are not above them.
fn removals(algebra: &mut Algebra<'_>, destroy: &FixedBitSet, account: AccountId, days: &[i32]) -> Exact<Vec<Removal>> {
    let mut found: Vec<Removal> = vec![];
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        if !algebra.is_acting(account, day) || algebra.is_root(account, day) {
            continue;
        }
        let mut above: BTreeMap<AccountId, Option<ActionId>> = BTreeMap::new();
        for action in algebra.ways_to(destroy, account, day) {
            if algebra.origin_of(account, action, day).is_none() || found.iter().any(|r| r.action == action) {
                continue;
            }
            let lens = Lens::new(Actor::Account(account), Target::Named, day);
            let region = algebra.allowed(action, lens)?;
            for on in algebra.accounts_in(region, lens)? {
                let known = above.get(&on).copied();
                let more = known.map_or_else(|| dominates(algebra, on, account, day), Ok)?;
                above.insert(on, more);
                if let Some(right) = more {
                    found.push(Removal { by: account, action, on, right, day });
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// A right that the one has on top of all that the other has; none where it has none, or not all of that.
fn dominates(algebra: &mut Algebra<'_>, one: AccountId, other: AccountId, day: i32) -> Exact<Option<ActionId>> {
    algebra.begin();
    let lens = |account| Lens { lane: Lane::Second, ..Lens::new(Actor::Account(account), Target::Stranger, day) };
    if !algebra.is_acting(one, day) || algebra.beyond(lens(other), Diagram::TRUE, one)?.is_some() {
        return Ok(None);
    }
    Ok(algebra.beyond(lens(one), Diagram::TRUE, other)?.map(|(action, _)| action))
}

fn higher(context: &Context<'_>, origin: Option<OriginId>, all: &[Removal]) -> Finding {
    let model = context.model;
    let first = all[0];
    let path = |action: ActionId| &model.actions[action.index()].path;
    let (by, on) = (&model.accounts[first.by.index()], &model.accounts[first.on.index()]);
    let message = format!(
        "`{}` may use `{}` on `{}`, who has all that it has, and `{}` too",
        by.block,
        path(first.action),
        on.block,
        path(first.right)
    );
    let mut finding = Finding::new(CODE, Severity::Error, message);
    finding = match origin {
        Some(origin) => finding.at(context.most.origins[origin.0 as usize].span, "reaches those above"),
        None => finding.at(by.span, "who removes"),
    };
    finding = finding.at(on.span, "has more");
    if first.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(first.day)));
    }
    let more: BTreeSet<ActionId> = all.iter().map(|r| r.action).filter(|a| *a != first.action).collect();
    if !more.is_empty() {
        finding = finding.note(format!("so it is with {}", named(model, &more.into_iter().collect::<Vec<_>>())));
    }
    let others: BTreeSet<AccountId> = all.iter().map(|r| r.by).filter(|a| *a != first.by).collect();
    if !others.is_empty() {
        let others = others.iter().map(|a| model.accounts[a.index()].block.as_str());
        finding = finding.note(format!("so it is for {}", quoted_list(others, "and")));
    }
    finding.help("fence the right with `on users in ...`, or protect whoever has more: `forbid destroy ... on users in holders of ... unless self`")
}
