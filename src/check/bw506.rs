//! # BW506 moving something into one's own fence
//!
//! ## What
//! An account may change the unit, the labels or an attribute of something (an entity, or an account) where another of its rights does not
//! reach, and after the change both reach: it brings the thing into its own fence. Asked is for one that there can be, after
//! prohibitions, with every feature on. Compared are rights over the same kind of thing: entities, or accounts. The super role's active
//! holders are exempt.
//!
//! ## Why
//! A fence by a fact that its owner may write is a fence with a gate.
//!
//! ## Example
//! ```bw
//! resource courses on entity { write tag changes labels; destroy delete }
//! role north { allow courses.tag; allow courses.delete on entities labelled north }
//! ```
//!
//! ## How to fix
//! Fence the right to change the fact as the others are fenced, or leave it to somebody else.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::lines::named;
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Exact, Lens, Party, Target, Turns, Witness};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::OriginId;
use crate::model::Signature;
use crate::model::id::{AccountId, ActionId};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW506");

/// That an account can bring something into the fence of its rights.
#[derive(Debug)]
struct Move {
    by: AccountId,
    action: ActionId,
    /// The rights that reach it afterwards.
    reached: Vec<ActionId>,
    witness: Witness,
    day: i32,
}

/// A finding for each line that lets its holders move things.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let days = context.algebra_of_most().moments_of_all(context.at);
    let mut lines: BTreeMap<(Option<OriginId>, ActionId), Vec<Move>> = BTreeMap::new();
    let mut changing = FixedBitSet::with_capacity(context.model.actions.len());
    let all = 0..context.model.actions.len();
    changing.extend(all.filter(|a| !context.algebra_of_most().changed_by(ActionId::new(*a)).is_empty()));
    let holders = context.algebra_of_most().holders_of(&changing);
    for account in holders {
        let algebra = &mut *context.algebra_of_most();
        match moves(algebra, &changing, account, &days) {
            Ok(found) => {
                for one in found {
                    let origin = algebra.origin_of(account, one.action, one.day);
                    lines.entry((origin, one.action)).or_default().push(one);
                }
            }
            Err(_) => {
                let account = &context.model.accounts[account.index()];
                let what = format!("`{}` can move something into its own fence", account.block);
                findings.push(bw009::undecided(CODE, &what, account.span));
            }
        }
    }
    for ((origin, _), all) in lines {
        findings.push(moved(context, origin, &all));
    }
}

/// What an account can move, by each action that changes facts: on the first day on which it can.
fn moves(algebra: &mut Algebra<'_>, changing: &FixedBitSet, account: AccountId, days: &[i32]) -> Exact<Vec<Move>> {
    let mut found: Vec<Move> = vec![];
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        if !algebra.is_acting(account, day) || algebra.is_root(account, day) {
            continue;
        }
        for action in algebra.ways_to(changing, account, day) {
            if found.iter().any(|m| m.action == action) {
                continue;
            }
            let mut reached = vec![];
            let mut first = None;
            for other in others(algebra, account, action, day) {
                algebra.begin();
                if let Some(witness) = brings(algebra, account, action, other, day)? {
                    reached.push(other);
                    first.get_or_insert(witness);
                }
            }
            if let Some(witness) = first {
                found.push(Move { by: account, action, reached, witness, day });
            }
        }
    }
    Ok(found)
}

/// The other rights of an account over the same kind of thing, the gravest first.
fn others(algebra: &Algebra<'_>, account: AccountId, action: ActionId, day: i32) -> Vec<ActionId> {
    let of_account = |s: Signature| matches!(s, Signature::User | Signature::Account);
    let signature = algebra.signature(action);
    let alike = |s: Signature| s == signature || (of_account(s) && of_account(signature));
    let mut all = algebra.actions_of(Actor::Account(account));
    all.retain(|other| {
        *other != action
            && alike(algebra.signature(*other))
            && algebra.origin_of(account, *other, day).is_some()
    });
    all
}

/// Something that the one right reaches and the other does not, until a fact of it is changed: then both do.
fn brings(
    algebra: &mut Algebra<'_>,
    account: AccountId,
    action: ActionId,
    other: ActionId,
    day: i32,
) -> Exact<Option<Witness>> {
    let signature = algebra.signature(action);
    let changed = algebra.changed_by(action);
    let (party, targets): (Party, &[Target]) = if signature.uses_users() {
        (Party::User, &[Target::Stranger, Target::Named])
    } else {
        (Party::Entity, &[Target::Stranger])
    };
    for target in targets {
        let lens = Lens::new(Actor::Account(account), *target, day);
        let writes = algebra.allowed(action, lens)?;
        let reaches = algebra.allowed(other, lens)?;
        let both = algebra.and(writes, reaches)?;
        let after = algebra.after_change(both, party, &changed)?;
        let before = algebra.minus(writes, reaches)?;
        let region = algebra.and(before, after)?;
        if let Some(witness) = algebra.witness(region, signature, lens)? {
            return Ok(Some(witness));
        }
    }
    Ok(None)
}

fn moved(context: &Context<'_>, origin: Option<OriginId>, all: &[Move]) -> Finding {
    let model = context.model;
    let first = &all[0];
    let by = &model.accounts[first.by.index()];
    let action = &model.actions[first.action.index()];
    let changes = quoted_list(action.changes.iter().map(String::as_str), "and");
    let message = format!(
        "`{}` can bring what is outside into its own fence: `{}` changes {changes}, and then it has {}",
        by.block,
        action.path,
        named(model, &first.reached)
    );
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    finding = match origin {
        Some(origin) => finding.at(context.most.origins[origin.0 as usize].span, "reaches further than the others"),
        None => finding.at(by.span, "who changes"),
    };
    let fenced = context.algebra_of_most().origin_of(first.by, first.reached[0], first.day);
    if let Some(fenced) = fenced.filter(|f| Some(*f) != origin) {
        let path = &model.actions[first.reached[0].index()].path;
        finding = finding.at(context.most.origins[fenced.0 as usize].span, format!("gives `{path}`"));
    }
    finding = finding.note(format!("for example {}, which it then moves", first.witness.text));
    if first.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(first.day)));
    }
    let others: BTreeSet<AccountId> = all[1..].iter().map(|m| m.by).collect();
    if !others.is_empty() {
        let others = others.iter().map(|a| model.accounts[a.index()].block.as_str());
        finding = finding.note(format!("so can {}", quoted_list(others, "and")));
    }
    finding.help("fence the right to change the fact as the others are fenced, or leave it to somebody else")
}
