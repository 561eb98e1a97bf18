//! # BW205 nobody can change access
//!
//! ## What
//! On some day from today on nobody can change who may do what: no active account holds the super role, none is given an action of kind
//! `assign` (by `assigns`, or `allow assign ...`), and no `responsible` is named. An `assign` action that a `forbid` takes from everybody
//! does not count; one that a token may bring, or a rule gives, does. Features are as written.
//!
//! ## Why
//! From that day on the policy is frozen: nobody may ask for a change of it, not even for the change that would help.
//!
//! ## Example
//! ```bw
//! platform acme { super none }
//! role editor { allow courses }
//! admin pat { role editor }                     // and nobody `assigns` anything
//! ```
//!
//! ## How to fix
//! Give the super role, or a role with `assigns`, to an active account for all days to come; or name who may ask for changes:
//! `responsible "Works council"`.

use super::Context;
use super::certain::Holders;
use super::holding::stretch_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Days, Row, RowId};
use crate::region::Nodes;
use crate::syntax::ast::Kind;

/// Its code.
pub const CODE: Code = Code("BW205");

/// Looks for a day on which nobody can.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete || !model.responsible.is_empty() {
        return;
    }
    let holders = Holders::new(context);
    let changes: Vec<bool> = context.rights.rows.iter().map(|row| gives_assign(context, &holders, row)).collect();
    let by_token = model.roles.iter().zip(&changes).any(|(role, changes)| *changes && role.by_claim.is_some());
    let by_rule = context.rights.automatic.iter().any(|rule| changes[rule.row.0 as usize]);
    if by_token || by_rule {
        return;
    }
    let is_super = |RowId(row): RowId| model.roles.get(row as usize).is_some_and(|r| r.superuser);
    let open = |fence: &crate::lower::rights::Fence| fence.rect.entities != Nodes::FALSE && fence.rect.users != Nodes::FALSE;
    let mut held: Vec<Days> = vec![];
    for assignment in context.rights.accounts.iter().flat_map(|a| &a.assignments) {
        let changes = changes[assignment.row.0 as usize] && open(&context.rights.fences[assignment.fence.0 as usize]);
        if changes || is_super(assignment.row) {
            held.push(assignment.days);
        }
    }
    if let Some(days) = first_gap(held, context.at) {
        findings.push(locked(context, days));
    }
}

/// Whether a row gives the right to give some role.
fn gives_assign(context: &Context<'_>, holders: &Holders<'_, '_>, row: &Row) -> bool {
    let model = context.model;
    let assigns = row.grants.iter().map(|g| &model.actions[g.action.index()]).filter(|a| a.kind == Kind::Assign);
    let mut open = assigns.filter(|action| {
        let mut hit = model.forbids.iter().filter(|f| !f.actions.members.is_disjoint(&action.implies));
        !hit.any(|forbid| holders.binds_everybody(forbid))
    });
    open.next().is_some()
}

/// The first days, from that day on, that no stretch covers.
fn first_gap(mut held: Vec<Days>, at: i32) -> Option<Days> {
    held.retain(|days| days.until >= at);
    held.sort_unstable();
    let mut next = at;
    for days in held {
        if days.from > next {
            return Some(Days { from: next, until: days.from - 1 });
        }
        next = next.max(days.until.checked_add(1)?);
    }
    Some(Days { from: next, until: i32::MAX })
}

fn locked(context: &Context<'_>, days: Days) -> Finding {
    let model = context.model;
    let when = stretch_text(days, context.at);
    let holder = if model.roles.iter().any(|r| r.superuser) { "an active holder of the super role, or of" } else { "an active holder of" };
    let finding = Finding::new(CODE, Severity::Error, format!("nobody can change access {when}"))
        .note(format!("there is neither {holder} a right to assign roles, nor anybody `responsible`"))
        .help("give such a role to an active account for those days, or name who may ask for changes: `responsible \"...\"`");
    match model.platform.span {
        Some(span) => finding.at(span, "the policy of this platform cannot be changed"),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_before_between_and_behind() {
        let days = |from, until| Days { from, until };
        assert_eq!(first_gap(vec![], 5), Some(days(5, i32::MAX)));
        assert_eq!(first_gap(vec![Days::ALWAYS], 5), None);
        assert_eq!(first_gap(vec![days(7, i32::MAX)], 5), Some(days(5, 6)));
        assert_eq!(first_gap(vec![days(0, 9), days(12, i32::MAX)], 5), Some(days(10, 11)));
        assert_eq!(first_gap(vec![days(0, 9), days(8, 20)], 5), Some(days(21, i32::MAX)));
    }
}
