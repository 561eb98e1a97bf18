//! # BW204 a grant that a prohibition always takes away
//!
//! ## What
//! An `allow` or `assigns` line names an action by its full path, and a `forbid` without a scope takes this action away from everybody to
//! whom the line can give it: every account that holds the role, or a role that extends it, today or later, named here, by rule or by
//! claim. Whom a `forbid` binds is decided by the roles and logins that it names; where it depends on other facts, nothing is said. A
//! `forbid` with `on` is not looked at.
//!
//! ## Why
//! A `forbid` is final, so the line gives nothing. Whoever reads it believes otherwise, and whoever takes the `forbid` away one day does
//! not know what he opens.
//!
//! ## Example
//! ```bw
//! role portal_admin { allow site.delete }
//! forbid site.delete unless holders of owner
//! admin pat { role portal_admin }
//! ```
//!
//! ## How to fix
//! Take the action out of the line; or let the `forbid` except those who are meant to have it.

use super::Context;
use super::certain::{Holders, Way};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::{ActionId, RoleId};
use crate::model::{Allow, Forbid, Model};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW204");

/// Looks at every line that names an action which some `forbid` takes away.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete || !model.forbids.iter().any(|f| !f.on.is_restricted()) {
        return;
    }
    let holders = Holders::new(context);
    let heirs = heirs(model);
    for (role, heirs) in model.roles.iter().zip(&heirs) {
        for (named, forbids) in role.allows.iter().flat_map(|allow| named_and_forbidden(model, allow)) {
            let mut ways = heirs.iter().flat_map(|heir| holders.ways(*heir)).peekable();
            if ways.peek().is_some() && ways.all(|way| forbids.iter().any(|f| holders.binds(f, way))) {
                findings.push(finding(model, &format!("the role `{}`", role.name), named, &forbids));
            }
        }
    }
    for account in &model.accounts {
        for allow in &account.allows {
            let way = Way { account: Some(account), role: None, days: allow.days.meet(account.valid) };
            if way.days.is_empty() || way.days.until < context.at {
                continue;
            }
            for (named, forbids) in named_and_forbidden(model, allow) {
                if forbids.iter().any(|f| holders.binds(f, way)) {
                    findings.push(finding(model, &format!("`{}`", account.block), named, &forbids));
                }
            }
        }
    }
}

/// For each role, those whose holders have what it gives: itself and all that extend it.
fn heirs(model: &Model) -> Vec<Vec<RoleId>> {
    let mut children: Vec<Vec<RoleId>> = vec![vec![]; model.roles.len()];
    for (index, role) in model.roles.iter().enumerate() {
        role.extends.iter().for_each(|e| children[e.role.index()].push(RoleId::new(index)));
    }
    let all = |start: usize| {
        let mut seen = vec![false; model.roles.len()];
        let (mut stack, mut found) = (vec![RoleId::new(start)], vec![]);
        while let Some(at) = stack.pop() {
            if !std::mem::replace(&mut seen[at.index()], true) {
                found.push(at);
                stack.extend(&children[at.index()]);
            }
        }
        found
    };
    (0..model.roles.len()).map(all).collect()
}

/// The actions that a line names by their full path, each with the `forbid`s without a scope that are about it, if there are any.
fn named_and_forbidden<'m>(model: &'m Model, allow: &Allow) -> Vec<((ActionId, Span), Vec<&'m Forbid>)> {
    let about = |action: ActionId| {
        let implies = &model.actions[action.index()].implies;
        let open = model.forbids.iter().filter(|f| !f.on.is_restricted());
        open.filter(|f| !f.actions.members.is_disjoint(implies)).collect::<Vec<_>>()
    };
    let named = allow.actions.named.iter().map(|named| (*named, about(named.0)));
    named.filter(|(_, forbids)| !forbids.is_empty()).collect()
}

fn finding(model: &Model, what: &str, (action, place): (ActionId, Span), forbids: &[&Forbid]) -> Finding {
    let path = &model.actions[action.index()].path;
    let finding =
        Finding::new(CODE, Severity::Warning, format!("{what} is given `{path}`, which a `forbid` always takes away"))
            .at(place, "gives nothing")
            .help("take the action out of the line, or except those who are meant to have it: `unless holders of ...`");
    forbids.iter().take(3).fold(finding, |f, forbid| f.at(forbid.span, "taken away here"))
}
