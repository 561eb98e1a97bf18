//! # BW801 a feature that is off
//!
//! ## What
//! A role that exists only with a feature is given to somebody, or by a rule, while the feature is off (an error). A grant is dead
//! because it, its role or its resource waits for a feature that is off (a note).
//!
//! ## Why
//! Whoever holds such a role has nothing, and believes otherwise. A dead grant may be meant so: it comes to life with the feature.
//!
//! ## Example
//! ```bw
//! feature resell off
//! role partial_admin when resell { allow courses.edit }
//! admin pat { role partial_admin }
//! ```
//!
//! ## How to fix
//! Turn the feature on, or take the role away.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::{FeatureId, RoleId};
use crate::model::{Allow, Gate, Model};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW801");

/// Looks at assignments and at grants.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for account in &model.accounts {
        for given in &account.assignments {
            if let Some(off) = off_gate(model, &model.roles[given.role.index()].when) {
                findings.push(assigned(model, given.role, off, given.span, "given here"));
            }
        }
        dead_lines(model, &account.allows, findings);
    }
    for rule in &model.automatic {
        if let Some(off) = off_gate(model, &model.roles[rule.role.index()].when) {
            findings.push(assigned(model, rule.role, off, rule.span, "given by this rule"));
        }
    }
    for role in &model.roles {
        if off_gate(model, &role.when).is_none() {
            dead_lines(model, &role.allows, findings);
        }
    }
}

/// The first feature among these gates that is off.
fn off_gate(model: &Model, gates: &[Gate]) -> Option<FeatureId> {
    gates.iter().find_map(|gate| match gate {
        Gate::Feature(feature, _) if !model.features[feature.index()].on => Some(*feature),
        _ => None,
    })
}

fn assigned(model: &Model, role: RoleId, off: FeatureId, span: Span, place: &str) -> Finding {
    let (role, feature) = (&model.roles[role.index()], &model.features[off.index()]);
    let message = format!("the role `{}` exists only with the feature `{}`, which is off", role.name, feature.name);
    Finding::new(CODE, Severity::Error, message)
        .at(span, place)
        .at(feature.span, "off")
        .at(role.span, "the role")
        .help(format!("turn `{}` on, or take the role away", feature.name))
}

fn dead_lines(model: &Model, allows: &[Allow], findings: &mut Findings) {
    for allow in allows {
        if let Some(off) = off_gate(model, &allow.when).or_else(|| off_resource(model, allow)) {
            let feature = &model.features[off.index()];
            findings.push(
                Finding::new(CODE, Severity::Note, format!("this grant gives nothing while the feature `{}` is off", feature.name))
                    .at(allow.span, "dead for now")
                    .at(feature.span, "off")
                    .help("nothing to do if that is meant; otherwise turn the feature on"),
            );
        }
    }
}

/// A feature that is off and without which none of the line's actions exists.
fn off_resource(model: &Model, allow: &Allow) -> Option<FeatureId> {
    let mut found = None;
    for action in allow.actions.iter() {
        let resource = &model.resources[model.actions[action.index()].resource?.index()];
        let off = resource.when.iter().copied().find(|f| !model.features[f.index()].on)?;
        found = found.or(Some(off));
    }
    found
}
