//! # BW313 an `except` that removes nothing, a `forbid` that never applies
//!
//! ## What
//! An `except` line of a role names actions that the role does not give, in its own lines or through what it extends; or an item behind
//! `except` in a set of actions names nothing that is in the set. A `forbid` names actions that no role and no account is given at all;
//! or it is for, or protects, holders of a role that nobody holds, with nobody else beside them; or it is `unless everyone`. Every
//! feature is taken as on. A `spare` profile counts as held.
//!
//! ## Why
//! The line looks like a safeguard and guards nothing. Mostly a name is meant that has changed, or the right that it took away is gone.
//!
//! ## Example
//! ```bw
//! role teacher { allow courses; except reports }
//! forbid reports.delete                            // and nobody is given `reports.delete`
//! ```
//!
//! ## How to fix
//! Name what is meant, or delete the line. If a `forbid` is there for what is still to come, write `ignore BW313 "..."` before it.

use fixedbitset::FixedBitSet;

use super::Context;
use super::certain::Holders;
use super::privilege::{actions_of, actions_of_roles};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{ActionSet, Forbid, Model, Role};
use crate::region::Scope;
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW313");

/// Looks at every `except` and every `forbid`.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let given = actions_of_roles(context);
    for role in &model.roles {
        let whole = before_excepts(model, role, &given);
        for except in &role.excepts {
            if hit(model, &except.actions, &except.on).is_disjoint(&whole) {
                findings.push(idle_line(role, except.span));
            }
        }
    }
    sets(model, findings);
    if model.forbids.is_empty() {
        return;
    }
    let holders = Holders::new(context);
    let mut anything = FixedBitSet::with_capacity(model.actions.len());
    context.most.rows.iter().for_each(|row| anything.union_with(&actions_of(model, row)));
    // Rows have no rights of inactive accounts.
    for action in model.accounts.iter().flat_map(|a| &a.allows).flat_map(|allow| allow.actions.iter()) {
        anything.union_with(&model.actions[action.index()].implies);
    }
    for forbid in &model.forbids {
        if let Some(why) = never_applies(model, forbid, &holders, &anything) {
            findings.push(idle_forbid(forbid, why));
        }
    }
}

/// What a role would give without its `except`s.
fn before_excepts(model: &Model, role: &Role, given: &[FixedBitSet]) -> FixedBitSet {
    let mut whole = FixedBitSet::with_capacity(model.actions.len());
    for action in role.allows.iter().flat_map(|allow| allow.actions.iter()) {
        whole.union_with(&model.actions[action.index()].implies);
    }
    role.extends.iter().for_each(|extends| whole.union_with(&given[extends.role.index()]));
    whole
}

/// The actions that such a line takes away: its members that use every part it restricts, and what implies one of them.
fn hit(model: &Model, actions: &ActionSet, on: &Scope) -> FixedBitSet {
    let uses = |action: usize| {
        let signature = model.actions[action].signature;
        (on.entities.is_none() || signature.uses_entities()) && (on.users.is_none() || signature.uses_users())
    };
    let mut hit = FixedBitSet::with_capacity(model.actions.len());
    for member in actions.members.ones().filter(|a| uses(*a)) {
        hit.union_with(&model.actions[member].implied_by);
    }
    let unused: Vec<usize> = hit.ones().filter(|a| !uses(*a)).collect();
    unused.into_iter().for_each(|a| hit.set(a, false));
    hit
}

/// Items behind `except` in the sets of roles, accounts and prohibitions.
fn sets(model: &Model, findings: &mut Findings) {
    let of_roles = model.roles.iter().flat_map(|r| {
        let allows = r.allows.iter().map(|a| &a.actions);
        allows.chain(r.excepts.iter().chain(&r.nevers).map(|e| &e.actions))
    });
    let of_accounts = model.accounts.iter().flat_map(|a| a.allows.iter().map(|a| &a.actions));
    let of_forbids = model.forbids.iter().map(|f| &f.actions);
    for item in of_roles.chain(of_accounts).chain(of_forbids).flat_map(|set| &set.idle) {
        findings.push(
            Finding::new(CODE, Severity::Warning, "nothing of this is in the set that it is taken out of")
                .at(*item, "takes nothing out")
                .help("name what is meant, or take the item away"),
        );
    }
}

/// Why a `forbid` can never apply, if it cannot.
fn never_applies(model: &Model, forbid: &Forbid, holders: &Holders<'_>, given: &FixedBitSet) -> Option<&'static str> {
    let nobody = |part: Option<&crate::region::Pred>| part.is_some_and(|p| holders.of_anybody(p) == Some(false));
    if hit(model, &forbid.actions, &forbid.on).is_disjoint(given) {
        Some("nobody is given what it takes away")
    } else if holders.of_anybody(&forbid.subjects) == Some(false) {
        Some("it is for nobody")
    } else if holders.of_anybody(&forbid.unless) == Some(true) {
        Some("everybody is excepted")
    } else if nobody(forbid.on.users.as_ref()) {
        Some("it protects nobody")
    } else {
        None
    }
}

fn idle_line(role: &Role, line: Span) -> Finding {
    Finding::new(CODE, Severity::Warning, format!("this `except` of the role `{}` removes nothing", role.name))
        .at(line, "the role gives nothing of this")
        .help("name what is meant, or delete the line")
}

fn idle_forbid(forbid: &Forbid, why: &str) -> Finding {
    Finding::new(CODE, Severity::Warning, format!("this `forbid` can never apply: {why}"))
        .at(forbid.span, why.to_owned())
        .help("name what is meant, or delete the line; it may stay, with an `ignore`, if it is there for what is to come")
}
