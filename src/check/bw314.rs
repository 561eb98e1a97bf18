//! # BW314 a wildcard that will grow
//!
//! ## What
//! An `allow` or `assigns` line of a role or an account gives all actions of a kind other than `view` by a wildcard: `*`, `write *`,
//! `destroy *`, `become *`, `assign *`, `assigns *`; so it also gives those that are declared later. Kinds that the set takes out again are
//! not meant: `* except destroy *` does not grow by what destroys. The super role is not meant either, since it is to have everything.
//!
//! ## Why
//! Whoever declares a new action, or a new role, decides by that who may use it, mostly without knowing.
//!
//! ## Example
//! ```bw
//! role content_admin { allow write * except site }
//! ```
//!
//! ## How to fix
//! Name the resources: `allow courses, reports`. If the role is to grow with the platform, write `ignore BW314 "..."` before it.

use super::Context;
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Allow;
use crate::source::Span;
use crate::syntax::ast::Kind;

/// Its code.
pub const CODE: Code = Code("BW314");

/// Looks at every role but the super role, and at rights of accounts by themselves.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for role in model.roles.iter().filter(|r| !r.superuser) {
        let growing = growing(&role.allows);
        if !growing.is_empty() {
            let kind = if role.profile { "profile" } else { "role" };
            findings.push(finding(&format!("the {kind} `{}`", role.name), &growing));
        }
    }
    let mut crowd = Crowd::new(model);
    for account in &model.accounts {
        let growing = growing(&account.allows);
        if !growing.is_empty() {
            crowd.tell(account, (), || {
                finding(&format!("`{}`", account.block), &growing)
                    .alike(&account.block, "accounts will also have what is declared later, by a wildcard")
            });
        }
    }
    crowd.finish(findings);
}

/// The wildcards of these lines, with the kinds that each of them gives.
fn growing(allows: &[Allow]) -> Vec<(Span, Vec<Kind>)> {
    let mut all: Vec<(Span, Kind)> = allows
        .iter()
        .flat_map(|allow| &allow.actions.open)
        .filter(|(kind, _)| *kind != Kind::View)
        .map(|(kind, span)| (*span, *kind))
        .collect();
    all.sort_by_key(|(span, _)| *span);
    let mut growing: Vec<(Span, Vec<Kind>)> = vec![];
    for (span, kind) in all {
        match growing.last_mut().filter(|(last, _)| *last == span) {
            Some((_, kinds)) => kinds.push(kind),
            None => growing.push((span, vec![kind])),
        }
    }
    growing
}

fn finding(what: &str, growing: &[(Span, Vec<Kind>)]) -> Finding {
    let message = format!("{what} will also have what is declared later, by a wildcard");
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("name the resources or the roles; or say in an `ignore` that it is to grow with the platform");
    growing.iter().take(8).fold(finding, |f, (span, kinds)| {
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        f.at(*span, format!("all of kind {}", kinds.join(", ")))
    })
}
