//! # BW202 the only holder of the super role cannot act
//!
//! ## What
//! One account alone was given the super role, and it is inactive, not yet valid, or its assignment ends with no successor.
//!
//! ## Why
//! From that day on nobody can give access back: the platform is locked out of itself.
//!
//! ## Example
//! ```bw
//! super role owner ungrantable { allow * }
//! admin maria { role owner until 2026-12-31 }
//! ```
//!
//! ## How to fix
//! Make the account active, lengthen its dates, or give the role to a successor whose assignment begins when this one ends.

use super::Context;
use super::holding::{active_holdings, counts_over_time, given_to};
use crate::dates::date_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::RoleId;

/// Its code.
pub const CODE: Code = Code("BW202");

/// Looks at the sole holder of the super role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let roles = context.model.roles.iter().enumerate().filter(|(_, r)| r.superuser);
    for (index, role) in roles {
        let id = RoleId::new(index);
        let [only] = given_to(context, id)[..] else { continue };
        let account = &context.model.accounts[only.index()];
        let stretches = counts_over_time(&active_holdings(context, id), context.at);
        let Some((days, _)) = stretches.iter().find(|(_, holders)| holders.is_empty()) else { continue };
        let why = if !account.active {
            "is inactive".to_owned()
        } else if days.from <= context.at && stretches.len() > 1 {
            format!("cannot act before {}", date_text(days.until.saturating_add(1)))
        } else if days.from <= context.at {
            "has held it only until a day that is past".to_owned()
        } else {
            format!("holds it only until {}, with no successor", date_text(days.from - 1))
        };
        let message = format!("`{}`, the only holder of the super role `{}`, {why}", account.block, role.name);
        let assignment = account.assignments.iter().find(|a| a.role == id).map_or(account.span, |a| a.span);
        findings.push(
            Finding::new(CODE, Severity::Error, message)
                .at(assignment, "held here, by nobody else")
                .at(role.span, "the super role")
                .help("make the account active for all days to come, or give the role to a successor in time"),
        );
    }
}
