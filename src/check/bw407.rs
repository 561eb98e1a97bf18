//! # BW407 a fence that the action does not feel
//!
//! ## What
//! A bundle (an account, an assignment, a role, or a line with a set of actions) is fenced in one part only, and gives an action that is
//! done to the other part alone, so that the fence does not touch it: behind a fence on entities an action of another kind than `view` on
//! users, or behind a fence on users an action of kind `destroy` on entities. Nothing else on the way restricts it.
//!
//! ## Why
//! Each part of a scope fences what is done to it. Whoever fences an administrator by the labels of contents mostly believes that people
//! are fenced too.
//!
//! ## Example
//! ```bw
//! role helper { scope entities labelled fi; allow users, courses }      // courses of fi, and users everywhere
//! ```
//!
//! ## How to fix
//! Fence the other part as well (`scope users in finns and entities labelled fi`), or give the action elsewhere, by a line of its own.

use std::collections::BTreeSet;

use super::Context;
use super::lines::named;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Grant, OriginId, Row};
use crate::model::id::ActionId;
use crate::model::{Allow, Model, Signature};
use crate::region::{Nodes, Scope};
use crate::source::Span;
use crate::syntax::ast::Kind;

/// Its code.
pub const CODE: Code = Code("BW407");

/// Looks at the scopes of roles and of their lines, then at those of accounts, their assignments and lines.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let (model, rights) = (context.model, context.most);
    for (role, row) in model.roles.iter().zip(&rights.rows) {
        if let Some(scope) = &role.scope {
            tell(model, &role.name, &scope.node, scope.span, unfelt(model, row, &scope.node, |_| true), findings);
        }
        let outer = role.scope.as_ref().map(|s| &s.node);
        for allow in role.allows.iter().filter(|a| one_part(&a.on).is_some() && !outer.is_some_and(Scope::is_restricted)) {
            let own = |g: &Grant| gives(model, allow, g.action);
            tell(model, &role.name, &allow.on, allow.span, unfelt(model, row, &allow.on, own), findings);
        }
    }
    // A scope of either part leaves most rows with nothing untouched.
    let parts = [Part::Entities, Part::Users];
    let some = |row: &Row| row.grants.iter().any(|g| parts.iter().any(|part| leaves(model, g, *part)));
    let some: Vec<bool> = rights.rows.iter().map(some).collect();
    for (account, held) in model.accounts.iter().zip(&rights.accounts) {
        let mut scoped: BTreeSet<ActionId> = BTreeSet::new();
        for way in held.assignments.iter().filter(|w| some[w.row.0 as usize] && w.days.until >= context.at) {
            let row = &rights.rows[way.row.0 as usize];
            let fence = rights.fences[way.fence.0 as usize];
            // What the role's own scope does not touch was told there.
            let own = row.role.and_then(|r| model.roles[r.index()].scope.as_ref());
            let known = |g: &Grant| own.is_none_or(|s| !is_unfelt(model, g, &s.node));
            if let Some(scope) = account.scope.as_ref().filter(|_| is_open(fence.rect, &account.scope)) {
                scoped.extend(unfelt(model, row, &scope.node, known));
            }
            let at = span(context, way.origin);
            if let Some(given) = account.assignments.iter().find(|a| a.span == at && account.scope.is_none()) {
                let on = given.on.scope();
                tell(model, &account.block, &on, given.span, unfelt(model, row, &on, known), findings);
            }
            for allow in account.allows.iter().filter(|a| row.role.is_none() && account.scope.is_none() && one_part(&a.on).is_some()) {
                let own = |g: &Grant| gives(model, allow, g.action);
                tell(model, &account.block, &allow.on, allow.span, unfelt(model, row, &allow.on, own), findings);
            }
        }
        if let Some(scope) = &account.scope {
            tell(model, &account.block, &scope.node, scope.span, scoped, findings);
        }
    }
}

fn span(context: &Context<'_>, origin: OriginId) -> Span {
    context.most.origins[origin.0 as usize].span
}

/// Whether a line gives an action, by itself: another line may give it too, and then a grant tells of one of them only.
fn gives(model: &Model, allow: &Allow, action: ActionId) -> bool {
    let implied = |member: usize| model.actions[member].implies.contains(action.index());
    !allow.days.is_empty() && allow.actions.members.ones().any(implied)
}

/// Whether the account's scope is all that fences the part that it leaves open.
fn is_open(fence: crate::lower::rights::Rect, scope: &Option<Box<crate::source::Spanned<Scope>>>) -> bool {
    scope.as_ref().is_some_and(|s| match one_part(&s.node) {
        Some(Part::Entities) => fence.users == Nodes::TRUE,
        Some(Part::Users) => fence.entities == Nodes::TRUE,
        None => false,
    })
}

/// The part that a scope restricts, where it restricts one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Entities,
    Users,
}

fn one_part(scope: &Scope) -> Option<Part> {
    match (&scope.entities, &scope.users) {
        (Some(_), None) => Some(Part::Entities),
        (None, Some(_)) => Some(Part::Users),
        _ => None,
    }
}

/// The actions of a row that a scope does not touch, of those grants that are asked for.
fn unfelt(model: &Model, row: &Row, scope: &Scope, asked: impl Fn(&Grant) -> bool) -> BTreeSet<ActionId> {
    row.grants.iter().filter(|g| is_unfelt(model, g, scope) && asked(g)).map(|g| g.action).collect()
}

/// Whether a scope of one part leaves a grant on the other part as it is.
pub(super) fn is_unfelt(model: &Model, grant: &Grant, scope: &Scope) -> bool {
    one_part(scope).is_some_and(|part| leaves(model, grant, part))
}

/// Whether a scope of this part alone leaves a grant on the other part as it is.
fn leaves(model: &Model, grant: &Grant, part: Part) -> bool {
    let action = &model.actions[grant.action.index()];
    match part {
        Part::Entities => action.signature == Signature::User && action.kind != Kind::View && grant.rect.users == Nodes::TRUE,
        Part::Users => {
            action.signature == Signature::Entity && action.kind == Kind::Destroy && grant.rect.entities == Nodes::TRUE
        }
    }
}

fn tell(model: &Model, holder: &str, scope: &Scope, at: Span, actions: BTreeSet<ActionId>, findings: &mut Findings) {
    if actions.is_empty() {
        return;
    }
    let actions: Vec<ActionId> = actions.into_iter().collect();
    let (fenced, open) = match one_part(scope) {
        Some(Part::Users) => ("users", "entities"),
        _ => ("entities", "users"),
    };
    let message = format!("`{holder}` is fenced by {fenced} here, which leaves {} open on all {open}", named(model, &actions));
    let mut finding = Finding::new(CODE, Severity::Warning, message).at(at, format!("fences {fenced} only"));
    for action in actions.iter().take(3) {
        finding = finding.at(model.actions[action.index()].span, format!("done to {open}"));
    }
    findings.push(finding.help(format!("fence {open} as well, or give the action by a line of its own")));
}
