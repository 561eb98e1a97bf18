//! # BW312 an action that nobody can use
//!
//! ## What
//! A declared action is given to nobody: no account has it by a role, by rule or by itself, today or later, and no role that is `by claim`
//! gives it; or a `forbid` takes it from everybody. A site-wide action that an account has only behind a fence is not given. Every
//! feature is taken as on. Actions of one resource are told together; a resource of which nobody can use anything is told as a whole.
//!
//! ## Why
//! Either somebody was forgotten, or the platform does not have what is declared.
//!
//! ## Example
//! ```bw
//! resource reports on entity { view open; destroy delete }     // and no role allows `reports.delete`
//! ```
//!
//! ## How to fix
//! Give the action to a role that somebody holds, or delete its declaration. Nothing, if it is reserved on purpose.

use fixedbitset::FixedBitSet;

use super::Context;
use super::certain::Holders;
use super::privilege::actions_of;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::RowId;
use crate::model::id::{ActionId, ResourceId};
use crate::model::{Model, Resource, Signature};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW312");

/// Looks at every declared action.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let used = usable(context);
    let mut of_resource: Vec<Vec<ActionId>> = vec![vec![]; model.resources.len()];
    for (index, action) in model.actions.iter().enumerate() {
        if let Some(ResourceId(resource)) = action.resource {
            of_resource[resource as usize].push(ActionId::new(index));
        }
    }
    for (resource, actions) in model.resources.iter().zip(&of_resource) {
        let idle: Vec<ActionId> = actions.iter().copied().filter(|a| !used.contains(a.index())).collect();
        if !idle.is_empty() {
            findings.push(finding(model, resource, &idle, idle.len() == actions.len()));
        }
    }
}

/// The actions that somebody is given, and that no `forbid` takes from everybody.
fn usable(context: &Context<'_>) -> FixedBitSet {
    let model = context.model;
    let mut free = vec![false; context.most.rows.len()];
    let mut fenced = free.clone();
    for held in context.most.accounts.iter().flat_map(|a| &a.assignments).filter(|a| a.days.until >= context.at) {
        let RowId(row) = held.row;
        let restricted = context.most.fences[held.fence.0 as usize].restricted;
        if restricted { fenced[row as usize] = true } else { free[row as usize] = true }
    }
    for rule in &context.most.automatic {
        let restricted = context.most.fences[rule.fence.0 as usize].restricted;
        if restricted { fenced[rule.row.0 as usize] = true } else { free[rule.row.0 as usize] = true }
    }
    for (index, _) in model.roles.iter().enumerate().filter(|(_, r)| r.by_claim.is_some()) {
        free[index] = true;
    }
    let mut used = FixedBitSet::with_capacity(model.actions.len());
    for (index, row) in context.most.rows.iter().enumerate() {
        if free[index] {
            used.union_with(&actions_of(model, row));
        } else if fenced[index] {
            used.extend(actions_of(model, row).ones().filter(|a| model.actions[*a].signature != Signature::Site));
        }
    }
    if model.forbids.is_empty() {
        return used;
    }
    let holders = Holders::new(context);
    for forbid in model.forbids.iter().filter(|f| holders.binds_everybody(f)) {
        forbid.actions.members.ones().for_each(|a| used.difference_with(&model.actions[a].implied_by));
    }
    used
}

fn finding(model: &Model, resource: &Resource, idle: &[ActionId], whole: bool) -> Finding {
    let list = quoted_list(idle.iter().map(|a| model.actions[a.index()].path.as_str()), "or");
    let message = if whole {
        format!("nobody can use anything of `{}`", resource.name)
    } else {
        format!("nobody can use {list}")
    };
    let finding = Finding::new(CODE, Severity::Note, message)
        .help("give it to a role that somebody holds, or delete the declaration; nothing to do if it is reserved");
    if whole {
        return finding.at(resource.span, "usable by nobody");
    }
    idle.iter().take(8).fold(finding, |f, a| f.at(model.actions[a.index()].span, "usable by nobody"))
}
