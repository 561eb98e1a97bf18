//! # BW310 a grant finer than the platform's granularity
//!
//! ## What
//! The platform says `granularity resource`, and a grant, an `except` or a `forbid` names a single action, a kind of action, or a part
//! of the entities.
//!
//! ## Why
//! On such a platform a right opens a whole section. A finer line would promise a difference that the platform cannot make.
//!
//! ## Example
//! ```bw
//! platform lms { granularity resource }
//! role editor { allow training_programs.view }
//! ```
//!
//! ## How to fix
//! Name the whole resource, and fence by users; or say `granularity action` if the platform can tell actions apart.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::region::Scope;
use crate::source::Span;
use crate::syntax::ast::Granularity;

/// Its code.
pub const CODE: Code = Code("BW310");

/// Looks at every grant, `except` and `forbid`.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.platform.granularity == Granularity::Action {
        return;
    }
    for role in &model.roles {
        let allows = role.allows.iter().map(|a| (&a.actions, &a.on, a.span));
        let excepts = role.excepts.iter().map(|e| (&e.actions, &e.on, e.span));
        for (actions, on, span) in allows.chain(excepts) {
            line(&actions.finer, on, span, findings);
        }
        if let Some(scope) = &role.scope {
            line(&[], &scope.node, scope.span, findings);
        }
        for extends in &role.extends {
            line(&[], &extends.on, extends.span, findings);
        }
    }
    for account in &model.accounts {
        for allow in &account.allows {
            line(&allow.actions.finer, &allow.on, allow.span, findings);
        }
        if let Some(scope) = &account.scope {
            line(&[], &scope.node, scope.span, findings);
        }
        for given in &account.assignments {
            line(&[], &given.on.scope(), given.span, findings);
        }
    }
    for forbid in &model.forbids {
        line(&forbid.actions.finer, &forbid.on, forbid.span, findings);
    }
}

fn line(finer: &[Span], on: &Scope, span: Span, findings: &mut Findings) {
    for part in finer {
        findings.push(
            Finding::new(CODE, Severity::Error, "this names less than a whole resource, and the platform cannot tell the rest apart")
                .at(*part, "finer than `granularity resource`")
                .help("name the whole resource, or write `granularity action` in the `platform` block"),
        );
    }
    if on.entities.is_some() {
        findings.push(
            Finding::new(CODE, Severity::Error, "a right opens all of a resource here, so it cannot be fenced by entities")
                .at(span, "finer than `granularity resource`")
                .help("fence by `users in ...`, or write `granularity action` in the `platform` block"),
        );
    }
}
