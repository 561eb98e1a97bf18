//! # BW804 a feature that only the file sets
//!
//! ## What
//! A role, or a line of a role, waits for a feature (`when FEATURE`), and the feature has no `set by`: only the file says whether it is on.
//!
//! ## Why
//! A switch that limits people should say who turns it. Without `set by` the answer is: whoever edits the policy, and nobody else.
//!
//! ## Example
//! ```bw
//! feature goals off
//! role manager { allow goals.edit when goals }
//! ```
//!
//! ## How to fix
//! Nothing, if only the file is to set it. Otherwise name the roles that may: `feature goals off set by portal_admin`.

use super::Context;
use super::bw803::limits;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::FeatureId;

/// Its code.
pub const CODE: Code = Code("BW804");

/// Looks at every feature.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    for (index, feature) in model.features.iter().enumerate().filter(|(_, f)| f.set_by.is_empty()) {
        let Some(role) = model.roles.iter().find(|role| limits(role, FeatureId::new(index))) else { continue };
        findings.push(
            Finding::new(CODE, Severity::Note, format!("the feature `{}` has no `set by`: only the file sets it", feature.name))
                .at(feature.span, "set by nobody else")
                .at(role.span, "limited by it")
                .help("nothing to do if that is meant; otherwise write `set by` and the roles whose holders may"),
        );
    }
}
