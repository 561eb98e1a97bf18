//! # BW303 a role without permissions
//!
//! ## What
//! A role or profile gives nothing, with every feature on: it has no `allow`, no `assigns` and extends nothing that has; or all that it
//! gives is taken out again by its `except`s, or is site-wide behind a fence of its own.
//!
//! ## Why
//! Such a role may be meant as a mark ("the billing contact"), or the lines that should fill it are missing.
//!
//! ## Example
//! ```bw
//! role initial "Newcomer"
//! ```
//!
//! ## How to fix
//! Nothing, if it is a mark; then say so in its documentation, and write `ignore BW303 "a mark"` before it. Otherwise write what it
//! allows, or delete it.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Its code.
pub const CODE: Code = Code("BW303");

/// Looks at every role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    for (role, row) in model.roles.iter().zip(&context.most.rows) {
        if !row.grants.is_empty() {
            continue;
        }
        let kind = if role.profile { "profile" } else { "role" };
        let written = !role.allows.is_empty();
        let place = if written { "nothing remains of what it allows" } else { "allows nothing" };
        findings.push(
            Finding::new(CODE, Severity::Note, format!("the {kind} `{}` gives nothing", role.name))
                .at(role.span, place)
                .help("nothing to do if it only marks its holders; otherwise write what it allows, or delete it"),
        );
    }
}
