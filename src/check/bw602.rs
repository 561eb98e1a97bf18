//! # BW602 a role that has both sides of a separation
//!
//! ## What
//! `separate A from B`: a role by itself gives a right of A and a right of B on targets that overlap, with every feature on and whatever its
//! conditions on the actor are. A role as a side means that very role: then it is this role that gives something of the other side.
//! The super role is exempt.
//!
//! ## Why
//! Nobody can hold such a role without breaking the separation, so it is the role that is wrong, not its holders.
//!
//! ## Example
//! ```bw
//! separate plans.change from reports.schedule
//! role manager { allow plans.change; allow reports.schedule }
//! ```
//!
//! ## How to fix
//! Split the role, or fence its lines so that their targets do not meet.

use super::bw601::sides;
use super::sides::{Overlap, Whose, overlap};
use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Separate;
use crate::model::id::RoleId;

/// Its code.
pub const CODE: Code = Code("BW602");

/// Looks at every role for every separation.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let days = context.algebra_of_most().moments_of_rows(context.at);
    for pair in &context.model.separations {
        for (index, role) in context.model.roles.iter().enumerate() {
            match overlap(&mut context.algebra_of_most(), Whose::Role(RoleId::new(index)), pair, &days) {
                Ok(None) => {}
                Ok(Some(found)) => findings.push(both(context, pair, RoleId::new(index), &found)),
                Err(_) => findings.push(bw009::undecided(CODE, &format!("`{}` has both sides", role.name), pair.span)),
            }
        }
    }
}

fn both(context: &Context<'_>, pair: &Separate, role: RoleId, found: &Overlap) -> Finding {
    let role = &context.model.roles[role.index()];
    let message = format!("the role `{}` has both sides of a separation: {}", role.name, sides(context.model, pair, found));
    let mut finding = Finding::new(CODE, Severity::Error, message).at(role.span, "gives both").at(pair.span, "kept apart here");
    if let Some(target) = found.target() {
        finding = finding.note(format!("for example on {target}"));
    }
    finding.help("split the role in two, or fence its lines so that their targets never meet")
}
