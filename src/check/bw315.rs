//! # BW315 a role that lacks rights of the role it extends
//!
//! ## What
//! A role or profile extends exactly one other and does not give all of its actions, because of an `except`, or because a fence leaves no
//! site-wide action. The note lists what it has less, and what it has more. Every feature is taken as on; fences are not compared. A
//! role that only adds is not told, since its own lines say what it adds.
//!
//! ## Why
//! Whoever reads "extends instructor" takes the role for an instructor and something more. The list shows in which way it is not one.
//!
//! ## Example
//! ```bw
//! role guest_teacher { extends teacher; except destroy courses; allow reports.open }
//! ```
//!
//! ## How to fix
//! Nothing, if the list is what is meant.

use fixedbitset::FixedBitSet;

use super::Context;
use super::privilege::{actions_of_roles, paths};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Extends, Model, Role};

/// Its code.
pub const CODE: Code = Code("BW315");

/// Looks at every role that extends one other.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let given = actions_of_roles(context);
    for (role, own) in model.roles.iter().zip(&given) {
        let Some((first, others)) = role.extends.split_first() else { continue };
        let parent = &given[first.role.index()];
        if others.iter().all(|e| e.role == first.role) && !parent.is_subset(own) {
            findings.push(finding(model, role, first, own, parent));
        }
    }
}

fn finding(model: &Model, role: &Role, extends: &Extends, own: &FixedBitSet, parent: &FixedBitSet) -> Finding {
    let name = &model.roles[extends.role.index()].name;
    let difference = |a: &FixedBitSet, b: &FixedBitSet| {
        let mut some = a.clone();
        some.difference_with(b);
        let list: Vec<String> = paths(model, &some).map(|p| format!("`{p}`")).collect();
        list.join(", ")
    };
    let (less, more) = (difference(parent, own), difference(own, parent));
    let kind = if role.profile { "profile" } else { "role" };
    let finding = Finding::new(CODE, Severity::Note, format!("the {kind} `{}` is not all of `{name}`", role.name))
        .at(extends.span, "extended here")
        .at(role.span, "differs from it")
        .note(format!("less than `{name}`: {less}"))
        .help("nothing to do if that is meant");
    if more.is_empty() { finding } else { finding.note(format!("more than `{name}`: {more}")) }
}
