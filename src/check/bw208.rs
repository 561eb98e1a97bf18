//! # BW208 a role without the role that it needs
//!
//! ## What
//! An account holds a role that says `needs role R`, but holds neither R nor a role that extends R on all of those days. An automatic
//! rule gives such a role, although it cannot see to it that R is held.
//!
//! ## Why
//! `needs` says who may hold a role at all: only an administrator can be the billing contact.
//!
//! ## Example
//! ```bw
//! role billing_contact needs role portal_admin { allow plans.open }
//! admin pat { role instructor; role billing_contact }
//! ```
//!
//! ## How to fix
//! Give the account the role that is needed, for the same days, or take the other one away.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Days, RowId};
use crate::model::id::RoleId;
use crate::model::{Account, Assignment, Model};
use crate::source::Spanned;

/// Its code.
pub const CODE: Code = Code("BW208");

/// Looks at every assignment of a role that needs another.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for (account, rights) in model.accounts.iter().zip(&context.rights.accounts) {
        for given in &account.assignments {
            for needed in &model.roles[given.role.index()].needs {
                if let Some(day) = unmet_from(model, account, rights, given, needed.node) {
                    findings.push(unmet(model, account, given, needed, day));
                }
            }
        }
    }
    for rule in &model.automatic {
        if let Some(needed) = model.roles[rule.role.index()].needs.first() {
            findings.push(by_rule(model, rule.role, rule.span, needed));
        }
    }
}

/// The first day of the assignment on which the needed role is not held; also of an inactive account.
fn unmet_from(model: &Model, account: &Account, rights: &AccountRights, given: &Assignment, needed: RoleId) -> Option<i32> {
    let by_name = account.assignments.iter().filter(|a| model.is_or_extends(a.role, needed)).map(|a| a.days);
    let by_rule = rights.assignments.iter().filter(|a| {
        (a.row.0 as usize) < model.roles.len() && model.is_or_extends(RoleId(a.row.0), needed) && a.row != RowId(given.role.0)
    });
    first_gap(by_name.chain(by_rule.map(|a| a.days)).collect(), given.days)
}

/// The first of those days that these stretches do not cover.
fn first_gap(mut held: Vec<Days>, wanted: Days) -> Option<i32> {
    held.sort_unstable();
    let mut next = wanted.from;
    for days in held {
        if days.from > next {
            return Some(next);
        }
        if days.until >= wanted.until {
            return None;
        }
        next = next.max(days.until.saturating_add(1));
    }
    (!wanted.is_empty()).then_some(next)
}

fn unmet(model: &Model, account: &Account, given: &Assignment, needed: &Spanned<RoleId>, day: i32) -> Finding {
    let (role, other) = (&model.roles[given.role.index()].name, &model.roles[needed.node.index()].name);
    let message = format!("`{}` holds `{role}`, which needs the role `{other}`", account.block);
    Finding::new(CODE, Severity::Error, message)
        .at(given.span, if day == i32::MIN {
            format!("held without `{other}`")
        } else {
            format!("held without `{other}` from {} on", crate::dates::date_text(day))
        })
        .at(needed.span, "needed here")
        .help(format!("give `{}` the role `{other}` (or one that extends it) for the same days, or take `{role}` away", account.block))
}

fn by_rule(model: &Model, role: RoleId, span: crate::source::Span, needed: &Spanned<RoleId>) -> Finding {
    let (role, other) = (&model.roles[role.index()].name, &model.roles[needed.node.index()].name);
    Finding::new(CODE, Severity::Error, format!("a rule gives `{role}`, which needs the role `{other}`"))
        .at(span, "given by rule")
        .at(needed.span, "needed here")
        .help("give the role by name: a rule cannot see to it that the needed one is held")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_cover_without_a_gap() {
        let days = |from, until| Days { from, until };
        assert_eq!(first_gap(vec![days(5, 9), days(0, 4)], days(1, 9)), None);
        assert_eq!(first_gap(vec![days(0, 4), days(6, 9)], days(1, 9)), Some(5));
        assert_eq!(first_gap(vec![], Days::ALWAYS), Some(i32::MIN));
        assert_eq!(first_gap(vec![Days::ALWAYS], Days::ALWAYS), None);
    }
}
