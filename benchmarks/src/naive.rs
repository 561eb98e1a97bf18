//! The naive evaluator: what the model says, read off it without any preparation.

use crate::model::Model;

/// Whether an administrator may use a permission on something in a group.
#[must_use]
pub fn allows(model: &Model, admin: u32, permission: u32, group: u32) -> bool {
    let reaches = |fence: u32| {
        let mut at = Some(group);
        while let Some(here) = at.filter(|here| *here != fence) {
            at = model.groups[here as usize].parent;
        }
        at.is_some()
    };
    model.admins[admin as usize].iter().any(|assignment| {
        let inside = assignment.groups.is_empty() || assignment.groups.iter().any(|fence| reaches(*fence));
        inside && gives(model, assignment.role, permission)
    })
}

/// Whether a role gives a permission, by itself or by a role that it extends; layers bound the depth.
fn gives(model: &Model, role: u32, permission: u32) -> bool {
    let role = &model.roles[role as usize];
    role.own.contains(&permission) || role.extends.iter().any(|lower| gives(model, *lower, permission))
}
