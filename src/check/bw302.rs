//! # BW302 a role or profile that nobody holds
//!
//! ## What
//! No account holds a profile, no automatic rule gives it, and it is neither `spare` nor `by claim` (an error); or the same of a role
//! that no other role extends either (a warning). Inactive holders count.
//!
//! ## Why
//! An orphan is either a mistake in the name of another one or a leftover that somebody will one day assign without reading it.
//!
//! ## Example
//! ```bw
//! profile fi_analyst { extends analyst }       // and no admin has `profile fi_analyst`
//! ```
//!
//! ## How to fix
//! Assign it, delete it, or write `spare` in its head if it is kept for later.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Role;
use crate::model::id::RoleId;

/// Its code.
pub const CODE: Code = Code("BW302");

/// Looks at every role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let mut used = vec![false; model.roles.len()];
    let held = model.accounts.iter().flat_map(|a| a.assignments.iter().map(|s| s.role));
    let by_rule = model.automatic.iter().map(|a| a.role);
    for role in held.chain(by_rule) {
        used[role.index()] = true;
    }
    let mut extended = vec![false; model.roles.len()];
    for parent in model.roles.iter().flat_map(|r| r.extends.iter().map(|e| e.role)) {
        extended[parent.index()] = true;
    }
    for (index, role) in model.roles.iter().enumerate() {
        let id = RoleId::new(index).index();
        let kept = used[id] || role.spare || role.by_claim.is_some() || role.superuser;
        if !kept && (role.profile || !extended[id]) {
            findings.push(orphan(role));
        }
    }
}

fn orphan(role: &Role) -> Finding {
    let (kind, severity, also) = if role.profile {
        ("profile", Severity::Error, "")
    } else {
        ("role", Severity::Warning, ", and no other role extends it")
    };
    let keep = if role.profile { "`spare` to keep it for later" } else { "`by claim` if tokens present it" };
    Finding::new(CODE, severity, format!("nobody holds the {kind} `{}`{also}", role.name))
        .at(role.span, "held by nobody")
        .help(format!("assign it, delete it, or write {keep}"))
}
