//! # BW803 a feature that those whom it limits may set
//!
//! ## What
//! A role named after `set by` is limited by the same feature: the role itself exists only `when` the feature is on, or it has actions
//! only while the feature is on, since every line that gives them waits for it, in the role or in what it extends. An action that the
//! role has by another line too is not limited, and neither is one whose whole resource exists only with the feature. What an account
//! holds beside the role is not looked at: as a holder of both it was trusted with both.
//!
//! ## Why
//! A limit that its subject can lift is none.
//!
//! ## Example
//! ```bw
//! feature reports_for_teachers off set by teacher
//! role teacher { allow reports.open when reports_for_teachers }
//! ```
//!
//! ## How to fix
//! Let a role set the feature that it does not limit: `set by portal_admin`.

use super::Context;
use super::privilege::{actions_of, paths};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::{Switches, rows_of};
use crate::model::id::{FeatureId, RoleId};
use crate::model::{Allow, Feature, Gate, Model, Role};
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW803");

/// Looks at every feature and those who may set it.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for (index, feature) in model.features.iter().enumerate().filter(|(_, f)| !f.set_by.is_empty()) {
        let id = FeatureId::new(index);
        if !model.roles.iter().any(|role| limits(role, id)) {
            continue;
        }
        let off = rows_of(model, &Switches::all_on(model).with(&[(id, false)]), &feature.set_by);
        for setter in &feature.set_by {
            let mut lost = actions_of(model, &context.most.rows[setter.index()]);
            lost.difference_with(&actions_of(model, &off[setter.index()]));
            let of_resource = |a: usize| model.actions[a].resource.is_some_and(|r| model.resources[r.index()].when.contains(&id));
            let whole: Vec<usize> = lost.ones().filter(|a| of_resource(*a)).collect();
            whole.into_iter().for_each(|a| lost.set(a, false));
            let role = &model.roles[setter.index()];
            if waits(&role.when, id).is_some() || !lost.is_clear() {
                let list = quoted_list(paths(model, &lost), "and");
                findings.push(finding(model, (feature, id), *setter, &list));
            }
        }
    }
}

/// Whether a role, or a line of it, waits for the feature.
#[must_use]
pub fn limits(role: &Role, feature: FeatureId) -> bool {
    waits(&role.when, feature).is_some() || role.allows.iter().any(|allow| waits(&allow.when, feature).is_some())
}

/// Where these gates wait for the feature.
fn waits(gates: &[Gate], feature: FeatureId) -> Option<Span> {
    gates.iter().find_map(|gate| match gate {
        Gate::Feature(wanted, span) if *wanted == feature => Some(*span),
        _ => None,
    })
}

fn finding(model: &Model, (feature, id): (&Feature, FeatureId), setter: RoleId, lost: &str) -> Finding {
    let (name, role) = (&feature.name, &model.roles[setter.index()]);
    let message = format!("the role `{}` may set the feature `{name}`, which limits it", role.name);
    let finding = Finding::new(CODE, Severity::Error, message).at(feature.span, format!("set by `{}`", role.name));
    let finding = match waits(&role.when, id) {
        Some(span) => finding.at(span, "the role exists only with the feature"),
        None => match lines(model, setter, id).first() {
            Some(span) => finding.at(*span, "waits for the feature"),
            None => finding,
        },
    };
    let finding = if lost.is_empty() { finding } else { finding.note(format!("only while `{name}` is on: {lost}")) };
    finding.help("let a role set it that it does not limit")
}

/// The lines of a role, and of what it extends, that wait for the feature.
fn lines(model: &Model, role: RoleId, feature: FeatureId) -> Vec<Span> {
    let mut seen = vec![false; model.roles.len()];
    let (mut stack, mut lines) = (vec![role], vec![]);
    while let Some(at) = stack.pop() {
        let role = &model.roles[at.index()];
        if !std::mem::replace(&mut seen[at.index()], true) {
            stack.extend(role.extends.iter().map(|e| e.role));
            lines.extend(waits(&role.when, feature));
            lines.extend(role.allows.iter().filter_map(|allow: &Allow| waits(&allow.when, feature)));
        }
    }
    lines.sort_unstable();
    lines
}
