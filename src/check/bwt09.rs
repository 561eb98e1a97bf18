//! # BWT09 the last holder of an action is gone
//!
//! ## What
//! In the old policy somebody held an action, from today on or later; in the new one the action is declared still, and nobody holds it:
//! no active account, no role that a token may bring, no rule. Every feature is taken as on, so turning one off is no such change.
//! What a `forbid` takes from everybody is held by nobody.
//!
//! ## Why
//! Taking a role from its last holder is done in a moment and noticed when somebody needs it: no one can unlock an account, close a
//! report, give a role. What at least one could do, at least one should be able to do.
//!
//! ## Example
//! ```bw
//! resource accounts on account { destroy delete }
//! role registrar { allow accounts.delete }
//! admin pat { role registrar; inactive }          // was active, and is the only one
//! ```
//!
//! ## How to fix
//! Give the action to somebody else in the same change. If nobody is to have it any more, take the action out of its resource.

use std::collections::BTreeMap;

use super::Context;
use super::certain::Holders;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::Transition;
use crate::lower::rights::{Days, Fence, Grant, Row};
use crate::model::Signature;
use crate::region::Nodes;

/// Its code.
pub const CODE: Code = Code("BWT09");

/// Compares which actions anybody holds.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let (Some(old), Some(new)) = (transition.old.context(transition.at), transition.new.context(transition.at)) else {
        return;
    };
    let (before, after) = (held(&old), held(&new));
    for (path, holder) in &before {
        let Some(action) = new.model.action(path).filter(|_| !after.contains_key(path)) else { continue };
        let action = &new.model.actions[action.index()];
        let message = format!("nobody can do `{path}` any more");
        findings.push(
            Finding::new(CODE, Severity::Error, message)
                .at(action.span, "declared, and held by nobody")
                .note(format!("in the old policy {holder}"))
                .help("give it to somebody in the same change, or take the action out of the policy")
                .alike(path, "actions are held by nobody any more"),
        );
    }
}

/// The actions that somebody holds from that day on, each with one who does.
fn held<'m>(context: &Context<'m>) -> BTreeMap<&'m str, String> {
    let (model, rights) = (context.model, context.most);
    let holders = Holders::new(context);
    let forbidden = |action: &crate::model::Action| {
        let mut hit = model.forbids.iter().filter(|forbid| !forbid.actions.members.is_disjoint(&action.implies));
        hit.any(|forbid| holders.binds_everybody(forbid))
    };
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    let mut add = |row: &Row, fence: Fence, days: Days, who: &dyn Fn() -> String| {
        for grant in &row.grants {
            let action = &model.actions[grant.action.index()];
            let lasts = days.meet(grant.days);
            let is_held = !lasts.is_empty() && lasts.until >= context.at && is_open(grant, fence, action.signature);
            if is_held && !all.contains_key(action.path.as_str()) && !forbidden(action) {
                all.insert(&action.path, who());
            }
        }
    };
    for account in &rights.accounts {
        for way in &account.assignments {
            let fence = rights.fences[way.fence.0 as usize];
            let who = || format!("`{}` had it", model.accounts[account.account.index()].block);
            add(&rights.rows[way.row.0 as usize], fence, way.days, &who);
        }
    }
    for (role, row) in model.roles.iter().zip(&rights.rows).filter(|(role, _)| role.by_claim.is_some()) {
        add(row, Fence::OPEN, Days::ALWAYS, &|| format!("a token could bring it by the role `{}`", role.name));
    }
    for rule in &rights.automatic {
        let who = || format!("a rule gave it: {}", rights.text(rule.origin, model));
        add(&rights.rows[rule.row.0 as usize], rights.fences[rule.fence.0 as usize], Days::ALWAYS, &who);
    }
    all
}

/// Whether a grant behind a fence may reach anything.
fn is_open(grant: &Grant, fence: Fence, signature: Signature) -> bool {
    let entities = [grant.rect.entities, fence.rect.entities];
    let users = [grant.rect.users, fence.rect.users];
    grant.gate != Nodes::FALSE
        && !(signature == Signature::Site && fence.restricted)
        && !(signature.uses_entities() && entities.contains(&Nodes::FALSE))
        && !(signature.uses_users() && users.contains(&Nodes::FALSE))
}
