//! # BW404 a privileged right past the fences
//!
//! ## What
//! An account other than an active holder of the super role may do a privileged action on everything, by a way that no scope restricts,
//! although its fences say otherwise: it has the same action by another way behind a fence; or most of those who hold the role have it
//! behind a fence, and this account has not. Privileged are actions of kind `become`, `destroy` or `assign`, and those that only the
//! last tier covers; site-wide ones are left out, since no fence lets them through. The finding names the way without a fence, the fenced
//! ones, and a target that only the former reaches. All days from today on are looked at.
//!
//! ## Why
//! Ways add up: one without a fence makes nine with fences worthless. The usual cause is an account whose scope was to be set later.
//!
//! ## Example
//! ```bw
//! role helpdesk { allow accounts.reset_password }
//! admin aino { role helpdesk on users in finns }
//! admin bo   { role helpdesk on users in swedes }
//! admin cy   { role helpdesk }                                          // everybody
//! ```
//!
//! ## How to fix
//! Fence the way that the finding names, or take it away. Where it is meant, take the fences away that are in vain.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::lines::named;
use super::privilege::{actions_of, privileged};
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Assignment, Fence, Grant, RowId};
use crate::model::id::{AccountId, ActionId};
use crate::model::{Model, Signature};
use crate::region::Nodes;

/// Its code.
pub const CODE: Code = Code("BW404");

/// How many fenced ways are shown.
const MOST_SHOWN: usize = 4;

/// A way without a fence past the others: an action, and a target that only it reaches.
struct Past<'c> {
    action: ActionId,
    way: &'c Assignment,
    fenced: Vec<&'c Assignment>,
    on: String,
}

/// How many accounts have a row, by what they have it behind.
#[derive(Default)]
struct Held {
    free: usize,
    /// With a fence on entities, on users, on either.
    fenced: [usize; 3],
    examples: Vec<Assignment>,
    /// Who was counted last.
    last: Option<AccountId>,
}

impl Held {
    /// How many have an action of this signature behind a fence.
    const fn fenced_for(&self, signature: Signature) -> usize {
        match (signature.uses_entities(), signature.uses_users()) {
            (true, true) => self.fenced[2],
            (true, false) => self.fenced[0],
            (false, true) => self.fenced[1],
            (false, false) => 0,
        }
    }
}

/// Looks at every account that is not the root.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let model = context.model;
    let mut privileged = privileged(model);
    for (index, action) in model.actions.iter().enumerate() {
        if action.signature == Signature::Site {
            privileged.set(index, false);
        }
    }
    // Only rows with a privileged action are looked at again, and only accounts that have one.
    let rows: Vec<FixedBitSet> = context.rights.rows.iter().map(|row| actions_of(model, row)).collect();
    let risky: Vec<bool> = rows.iter().map(|row| !row.is_disjoint(&privileged)).collect();
    let held = held(context, &risky);
    for account in &context.rights.accounts {
        let ways: Vec<&Assignment> =
            account.assignments.iter().filter(|w| risky[w.row.0 as usize] && w.days.until >= context.at).collect();
        if ways.is_empty() || is_root(context, account) {
            continue;
        }
        match past(context, account, &ways, &privileged, &held) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => findings.push(finding(context, account.account, &found, &held)),
            Err(_) => {
                let declared = &model.accounts[account.account.index()];
                let what = format!("`{}` has a privileged right past its fences", declared.block);
                findings.push(bw009::undecided(CODE, &what, declared.span));
            }
        }
    }
}

fn held(context: &Context<'_>, risky: &[bool]) -> BTreeMap<RowId, Held> {
    let mut held: BTreeMap<RowId, Held> = BTreeMap::new();
    for account in &context.rights.accounts {
        for way in account.assignments.iter().filter(|w| risky[w.row.0 as usize] && w.days.until >= context.at) {
            let of = held.entry(way.row).or_default();
            // Of several assignments of one account the first counts.
            if of.last.replace(account.account) == Some(account.account) {
                continue;
            }
            let fence = &context.rights.fences[way.fence.0 as usize];
            let parts = [fence.rect.entities != Nodes::TRUE, fence.rect.users != Nodes::TRUE];
            of.free += usize::from(parts == [false, false]);
            of.fenced[0] += usize::from(parts[0]);
            of.fenced[1] += usize::from(parts[1]);
            of.fenced[2] += usize::from(parts != [false, false]);
            if parts != [false, false] && of.examples.len() < 2 {
                of.examples.push(*way);
            }
        }
    }
    held
}

fn is_root(context: &Context<'_>, account: &AccountRights) -> bool {
    let is_super = |row: RowId| context.model.roles.get(row.0 as usize).is_some_and(|r| r.superuser);
    account.assignments.iter().any(|w| is_super(w.row) && w.days.until >= context.at)
}

/// Whether a scope restricts a part that an action of this signature uses.
const fn restricts(fence: &Fence, signature: Signature) -> bool {
    (signature.uses_entities() && fence.rect.entities.0 != Nodes::TRUE.0)
        || (signature.uses_users() && fence.rect.users.0 != Nodes::TRUE.0)
}

/// What the account has past its fences; of every way without a fence, the actions that it gives so.
fn past<'c>(
    context: &Context<'_>,
    account: &AccountRights,
    ways: &[&'c Assignment],
    privileged: &FixedBitSet,
    held: &BTreeMap<RowId, Held>,
) -> Exact<Vec<Past<'c>>> {
    let mut found = vec![];
    for (free, way) in ways.iter().enumerate() {
        let grants = &context.rights.rows[way.row.0 as usize].grants;
        for grant in grants.iter().filter(|g| privileged.contains(g.action.index()) && is_open(context, way, g)) {
            let others = ways.iter().enumerate().filter(|(i, _)| *i != free).map(|(_, w)| *w);
            let fenced: Vec<&Assignment> = others.filter(|w| is_fenced(context, w, grant.action)).collect();
            let strays = held.get(&way.row).is_some_and(|held| strays(context, held, grant.action));
            if fenced.is_empty() && !strays {
                continue;
            }
            if let Some(on) = reached(&mut context.algebra(), account.account, (way, grant), &fenced, context.at)? {
                found.push(Past { action: grant.action, way, fenced, on });
            }
        }
    }
    found.dedup_by_key(|p| p.action);
    Ok(found)
}

/// Whether nothing restricts the grant on this way.
fn is_open(context: &Context<'_>, way: &Assignment, grant: &Grant) -> bool {
    let fence = &context.rights.fences[way.fence.0 as usize];
    let free = grant.rect == crate::lower::rights::Rect::ALL && grant.holes.is_empty();
    free && !restricts(fence, context.model.actions[grant.action.index()].signature)
}

/// Whether the way gives the action, and only behind a fence.
fn is_fenced(context: &Context<'_>, way: &Assignment, action: ActionId) -> bool {
    let mut given = crate::algebra::reach::grants(&context.rights.rows[way.row.0 as usize].grants, action).iter().peekable();
    given.peek().is_some() && given.all(|grant| !is_open(context, way, grant))
}

/// Whether most of those who hold the row have the action behind a fence.
fn strays(context: &Context<'_>, held: &Held, action: ActionId) -> bool {
    held.fenced_for(context.model.actions[action.index()].signature) > held.free
}

/// A target that only the way without a fence reaches, in words.
fn reached(
    algebra: &mut Algebra<'_>,
    account: AccountId,
    (way, grant): (&Assignment, &Grant),
    fenced: &[&Assignment],
    at: i32,
) -> Exact<Option<String>> {
    let (action, signature) = (grant.action, algebra.signature(grant.action));
    let days = way.days.meet(grant.days);
    for day in algebra.moments(account, at).into_iter().filter(|day| days.contains(*day)) {
        let now: Vec<&&Assignment> = fenced.iter().filter(|w| w.days.contains(day)).collect();
        if now.is_empty() && !fenced.is_empty() {
            continue;
        }
        for target in algebra.targets(signature, Actor::Account(account)) {
            let lens = Lens::new(Actor::Account(account), target, day);
            let gate = algebra.node(grant.gate, Party::Actor, lens)?;
            let forbidden = algebra.forbidden(action, lens)?;
            let mut region = algebra.minus(gate, forbidden)?;
            for other in &now {
                let less = algebra.way(other, action, lens)?;
                region = algebra.minus(region, less)?;
            }
            if region == Diagram::TRUE && now.is_empty() {
                return Ok(Some("anything".to_owned()));
            }
            if let Some(witness) = algebra.witness(region, signature, lens)? {
                return Ok(Some(witness.text));
            }
        }
    }
    Ok(None)
}

fn finding(context: &Context<'_>, account: AccountId, found: &[Past<'_>], held: &BTreeMap<RowId, Held>) -> Finding {
    let model: &Model = context.model;
    let span = |way: &Assignment| context.rights.origins[way.origin.0 as usize].span;
    let mut actions: Vec<ActionId> = found.iter().map(|p| p.action).collect();
    actions.sort_unstable();
    actions.dedup();
    let name = &model.accounts[account.index()].block;
    let message = format!("`{name}` may {} on everything, past the fences", named(model, &actions));
    let ways: BTreeSet<_> = found.iter().map(|p| span(p.way)).collect();
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    for way in &ways {
        finding = finding.at(*way, "by this way, which no scope restricts");
    }
    let own: BTreeSet<_> = found.iter().flat_map(|p| &p.fenced).map(|w| span(w)).filter(|s| !ways.contains(s)).collect();
    for other in own.iter().take(MOST_SHOWN) {
        finding = finding.at(*other, "fenced on this way, in vain");
    }
    let strays = found.iter().find(|p| p.fenced.is_empty()).and_then(|p| held.get(&p.way.row));
    if let Some(Held { examples, .. }) = strays {
        for way in examples {
            finding = finding.at(span(way), "others have it behind a fence");
        }
    }
    if let Some(past) = found.iter().find(|p| p.on != "anything") {
        finding = finding.note(format!("for example `{}` on {}", model.actions[past.action.index()].path, past.on));
    }
    finding.help("fence that way or take it away; where it is meant, take away the fences that are in vain")
}
