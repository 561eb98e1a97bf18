//! # BW203 a protection with a gap
//!
//! ## What
//! A `forbid` with a user part protects accounts from an action by which an account is taken over or lost. Somebody whom it binds may
//! do another such action to an account that it protects, and no other `forbid` is in the way. Such actions are those with a user part
//! that are of kind `become` or `changes` roles, scope or recovery; and those of kind `destroy` that are done to accounts, or belong to
//! a resource that has one of the former. Asked are every account of the policy and everybody with roles from a token, on all days from
//! today on. What somebody may do to the own account is not looked at, nor who may assign roles to whom.
//!
//! ## Why
//! Who may not log in as the owner, but may reset the owner's password, is the owner in a minute. The usual gap is the recovery e-mail,
//! or `delete`.
//!
//! ## Example
//! ```bw
//! forbid accounts.login_as on users in holders of owner unless self     // and accounts.reset_password?
//! ```
//!
//! ## How to fix
//! Name the whole class: `forbid become accounts, destroy accounts, accounts.edit on ...`; or take the right away from whoever has it.

use fixedbitset::FixedBitSet;

use super::lines::{all_named, named};
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Exact, Lens, Target, Witness};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, ForbidRow};
use crate::model::{Model, Signature};
use crate::model::id::ActionId;
use crate::region::Nodes;
use crate::source::Span;
use crate::syntax::ast::Kind;

/// Its code.
pub const CODE: Code = Code("BW203");

/// What `changes` names that gives an account away.
const TAKES_OVER: [&str; 3] = ["roles", "scope", "recovery"];

/// How many gaps are shown.
const MOST_SHOWN: usize = 4;

/// An action that is left open: to whom, and on whom.
struct Gap {
    action: ActionId,
    by: String,
    witness: Witness,
}

/// Looks at every `forbid` that protects somebody from an action of the class.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let class = class(model);
    let rows: Vec<FixedBitSet> =
        context.rights.rows.iter().map(|row| super::privilege::actions_of(model, row)).collect();
    for (index, forbid) in context.rights.forbids.iter().enumerate() {
        let listed: Vec<ActionId> = forbid.actions.iter().filter(|a| class.contains(a.index())).copied().collect();
        if forbid.rect.users == Nodes::TRUE || listed.is_empty() {
            continue;
        }
        let span = context.rights.origins[forbid.origin.0 as usize].span;
        match gaps(context, index, forbid, &class, &rows) {
            Ok(gaps) if gaps.is_empty() => {}
            Ok(gaps) => findings.push(finding(model, &listed, &gaps, span)),
            Err(_) => findings.push(bw009::undecided(CODE, "this protection has a gap", span)),
        }
    }
}

/// The actions by which an account is taken over or lost.
fn class(model: &Model) -> FixedBitSet {
    let mut class = FixedBitSet::with_capacity(model.actions.len());
    let mut about_accounts = vec![false; model.resources.len()];
    let candidates = || model.actions.iter().enumerate().filter(|(_, a)| a.signature.uses_users() && a.assigns.is_none());
    for (index, action) in candidates() {
        if action.kind == Kind::Become || action.changes.iter().any(|c| TAKES_OVER.contains(&c.as_str())) {
            class.insert(index);
            action.resource.iter().for_each(|r| about_accounts[r.index()] = true);
        }
    }
    for (index, action) in candidates().filter(|(_, a)| a.kind == Kind::Destroy) {
        if action.signature == Signature::Account || action.resource.is_some_and(|r| about_accounts[r.index()]) {
            class.insert(index);
        }
    }
    class
}

fn gaps(
    context: &Context<'_>,
    index: usize,
    forbid: &ForbidRow,
    class: &FixedBitSet,
    rows: &[FixedBitSet],
) -> Exact<Vec<Gap>> {
    let fenced = forbid.rect.entities != Nodes::TRUE;
    let mut gaps = vec![];
    for action in class.ones().map(ActionId::new) {
        let uses = !fenced || context.model.actions[action.index()].signature.uses_entities();
        if uses && forbid.actions.binary_search(&action).is_err() {
            gaps.extend(gap(context, index, action, rows)?);
        }
    }
    Ok(gaps)
}

/// Asks every account that has the action at all, until one has it where it should not; then those whom the policy does not name.
fn gap(context: &Context<'_>, forbid: usize, action: ActionId, rows: &[FixedBitSet]) -> Exact<Option<Gap>> {
    let has = |a: &&AccountRights| a.assignments.iter().any(|w| rows[w.row.0 as usize].contains(action.index()));
    for account in context.rights.accounts.iter().filter(has) {
        let mut algebra = context.algebra();
        let days = algebra.moments(account.account, context.at);
        if let Some(witness) = open_to(&mut algebra, forbid, action, Actor::Account(account.account), &days)? {
            let by = format!("`{}`", context.model.accounts[account.account.index()].block);
            return Ok(Some(Gap { action, by, witness }));
        }
    }
    let mut algebra = context.algebra();
    let days = algebra.moments_of_rows(context.at);
    let witness = open_to(&mut algebra, forbid, action, Actor::Anybody, &days)?;
    Ok(witness.map(|witness| {
        let somebody = witness.actor_text.as_deref().unwrap_or("somebody");
        let by = format!("{somebody}{}", if somebody.contains(',') { "," } else { "" });
        Gap { action, by, witness }
    }))
}

/// Another account that the `forbid` protects from this actor, and on which the actor may do the action all the same.
fn open_to(
    algebra: &mut Algebra<'_>,
    forbid: usize,
    action: ActionId,
    actor: Actor,
    days: &[i32],
) -> Exact<Option<Witness>> {
    let signature = algebra.signature(action);
    for day in days {
        for target in [Target::Named, Target::Stranger] {
            let lens = Lens::new(actor, target, *day);
            let protected = algebra.forbidden_by(forbid, action, lens)?;
            let allowed = algebra.allowed(action, lens)?;
            let open = algebra.and(protected, allowed)?;
            if let Some(witness) = algebra.witness(open, signature, lens)? {
                return Ok(Some(witness));
            }
        }
    }
    Ok(None)
}

fn finding(model: &Model, listed: &[ActionId], gaps: &[Gap], span: Span) -> Finding {
    let open: Vec<ActionId> = gaps.iter().map(|g| g.action).collect();
    let message = format!("this protects accounts from {}, and leaves {} open", named(model, listed), named(model, &open));
    let mut finding = Finding::new(CODE, Severity::Error, message).at(span, "a protection with a gap");
    for gap in gaps.iter().take(MOST_SHOWN) {
        let action = &model.actions[gap.action.index()];
        finding = finding
            .at(action.span, "left open")
            .note(format!("for example {} may `{}` on {}", gap.by, action.path, gap.witness.text));
    }
    finding.help(format!("name {} in this `forbid` too, or take the right away from whoever has it", all_named(model, &open)))
}
