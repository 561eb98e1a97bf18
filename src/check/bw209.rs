//! # BW209 `own unit` for somebody without a unit
//!
//! ## What
//! An account holds a role, or has a right or a fence, that speaks of `own unit`, but it has no `unit`.
//!
//! ## Why
//! Its own unit is then empty: a fence keeps out everything, so the right is never effective, and an `except` takes nothing away.
//!
//! ## Example
//! ```bw
//! role org_admin { scope users in own unit; allow accounts.edit }
//! admin pat { role org_admin }
//! ```
//!
//! ## How to fix
//! Give the account a `unit`, or a role that is not fenced by one.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::RoleId;
use crate::model::{Account, Allow, Model, On};
use crate::region::{Pred, Scope, Test};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW209");

/// Looks at every account without a unit.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let relative = relative_roles(model);
    for (account, rights) in model.accounts.iter().zip(&context.rights.accounts) {
        if account.unit.is_some() {
            continue;
        }
        let is_relative = |role: u32| relative.get(role as usize).is_some_and(Option::is_some);
        let held = || account.assignments.iter().map(|a| a.role.0).chain(rights.assignments.iter().map(|a| a.row.0));
        if account.is_bare() && !account.assignments.iter().any(|a| matches!(a.on, On::Scope(_))) && !held().any(is_relative) {
            continue;
        }
        let by_rule = rights.assignments.iter().filter(|a| (a.row.0 as usize) < model.roles.len());
        let roles = account
            .assignments
            .iter()
            .map(|a| (a.role, a.span))
            .chain(by_rule.map(|a| (RoleId(a.row.0), account.span)));
        let own = own_lines(account).into_iter().map(|span| (span, span));
        let mut hits: Vec<(Span, Span)> =
            own.chain(roles.filter_map(|(r, span)| relative[r.index()].map(|line| (span, line)))).collect();
        hits.sort_unstable();
        hits.dedup_by_key(|(_, line)| *line);
        findings.extend(hits.into_iter().map(|(held, line)| without_unit(account, held, line)).collect());
    }
}

/// For each role, a line of it or of what it extends that speaks of `own unit`.
fn relative_roles(model: &Model) -> Vec<Option<Span>> {
    let mut lines: Vec<Option<Span>> = model.roles.iter().map(own_unit_line).collect();
    // What a role extends has no cycle, so each pass carries the line one step further down.
    loop {
        let mut changed = false;
        for (index, role) in model.roles.iter().enumerate() {
            let inherited = role.extends.iter().find_map(|e| lines[e.role.index()]);
            if lines[index].is_none() && inherited.is_some() {
                lines[index] = inherited;
                changed = true;
            }
        }
        if !changed {
            return lines;
        }
    }
}

fn own_unit_line(role: &crate::model::Role) -> Option<Span> {
    let scope = role.scope.iter().map(|s| (&s.node, s.span));
    let extends = role.extends.iter().map(|e| (&e.on, e.span));
    let allows = role.allows.iter().map(|a| (&a.on, a.span));
    let excepts = role.excepts.iter().map(|e| (&e.on, e.span));
    scope.chain(extends).chain(allows).chain(excepts).find(|(scope, _)| speaks(scope)).map(|(_, span)| span)
}

fn own_lines(account: &Account) -> Vec<Span> {
    let scope = account.scope.iter().map(|s| (&s.node, s.span));
    let allows = account.allows.iter().map(|a: &Allow| (&a.on, a.span));
    let given = account.assignments.iter().filter(|a| matches!(&a.on, On::Scope(scope) if speaks(scope))).map(|a| a.span);
    scope.chain(allows).filter(|(scope, _)| speaks(scope)).map(|(_, span)| span).chain(given).collect()
}

fn speaks(scope: &Scope) -> bool {
    [&scope.entities, &scope.users].into_iter().flatten().any(mentions_own_unit)
}

fn mentions_own_unit(pred: &Pred) -> bool {
    match pred {
        Pred::Test(test) => *test == Test::OwnUnit,
        Pred::Not(inner) => mentions_own_unit(inner),
        Pred::And(all) | Pred::Or(all) => all.iter().any(mentions_own_unit),
        Pred::True | Pred::False => false,
    }
}

fn without_unit(account: &Account, held: Span, line: Span) -> Finding {
    let message = format!("`{}` has no unit, so its `own unit` is empty", account.block);
    let finding = Finding::new(CODE, Severity::Error, message).at(held, "reaches nothing");
    let finding = if held == line { finding } else { finding.at(line, "`own unit` stands here") };
    finding.help(format!("write `unit ...` in the block of `{}`, or give it a role without this fence", account.block))
}
