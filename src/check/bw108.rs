//! # BW108 an account with no role, or with more than it may hold
//!
//! ## What
//! An account has neither a role nor a profile nor a direct `allow`, and no automatic rule gives it one; or it has two profiles; or
//! two roles where the platform says `roles per account one`; or two roles that are `primary`.
//!
//! ## Why
//! An account that may do nothing is a mistake or a leftover. A profile is the one bundle by which an account is known, and the
//! primary role decides which interface a person meets: two of them decide nothing.
//!
//! ## Example
//! ```bw
//! admin pat { email pat@acme.example }
//! ```
//!
//! ## How to fix
//! Give the account a role or a profile, or delete its block; take the second one away.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::AccountRights;
use crate::model::{Account, Assignment, Model};
use crate::syntax::ast::RolesPerAccount;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW108");

/// Looks at every account.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    for (account, rights) in context.model.accounts.iter().zip(&context.rights.accounts) {
        if !context.model.incomplete && has_nothing(context, account, rights) {
            findings.push(nothing(account));
        }
        too_many(context.model, account, findings);
    }
}

fn has_nothing(context: &Context<'_>, account: &Account, rights: &AccountRights) -> bool {
    let automatic = &context.rights.automatic;
    let by_rule = rights.assignments.iter().any(|a| automatic.iter().any(|rule| rule.row == a.row));
    account.assignments.is_empty() && account.allows.is_empty() && !by_rule
}

fn nothing(account: &Account) -> Finding {
    Finding::new(CODE, Severity::Error, format!("the account `{}` has no role, no profile and no right", account.block))
        .at(account.span, "may do nothing")
        .help("give it a `role` or a `profile`, or delete the block")
}

fn too_many(model: &Model, account: &Account, findings: &mut Findings) {
    let role = |a: &Assignment| &model.roles[a.role.index()];
    let number = |wanted: &dyn Fn(&Assignment) -> bool| account.assignments.iter().filter(|a| wanted(a)).count();
    let one = model.platform.roles_per_account == RolesPerAccount::One;
    if number(&|a| role(a).profile) < 2 && number(&|a| role(a).primary) < 2 && !(one && account.assignments.len() > 1) {
        return;
    }
    let distinct = |wanted: &dyn Fn(&&Assignment) -> bool| {
        let mut some: Vec<&Assignment> = account.assignments.iter().filter(wanted).collect();
        some.sort_by_key(|a| (a.role, a.span));
        some.dedup_by_key(|a| a.role);
        some.sort_by_key(|a| a.span);
        some
    };
    let profiles = distinct(&|a| role(a).profile);
    let primary = distinct(&|a| role(a).primary);
    let all = distinct(&|_| true);
    if profiles.len() > 1 {
        findings.push(several(model, account, &profiles, "profiles, and an account holds one", "keep one profile"));
    } else if one && all.len() > 1 {
        let text = "roles, and this platform gives each account one";
        findings.push(several(model, account, &all, text, "keep one role, or write `roles per account many`"));
    }
    if primary.len() > 1 {
        let text = "primary roles, and one decides the interface";
        findings.push(several(model, account, &primary, text, "keep one of them, or take `primary` off one"));
    }
}

fn several(model: &Model, account: &Account, given: &[&Assignment], text: &str, help: &str) -> Finding {
    let names = given.iter().map(|a| model.roles[a.role.index()].name.as_str());
    let message = format!("the account `{}` holds {} {text}", account.block, given.len());
    let finding = Finding::new(CODE, Severity::Error, message)
        .help(help)
        .note(format!("it holds {}", quoted_list(names, "and")));
    given.iter().rev().fold(finding, |f, a| f.at(a.span, "held here"))
}
