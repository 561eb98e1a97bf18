//! # BW316 privileged actions for whoever comes
//!
//! ## What
//! A role that is `by claim`, or that a rule gives (`users in ... hold ROLE`), gives privileged actions: actions of kind `become`,
//! `destroy` or `assign`, and actions that only the last of several tiers covers. Every feature is taken as on.
//!
//! ## Why
//! Nobody was chosen for such a role. Whoever can put a role into a token, or edit the attribute or group behind the rule, hands out
//! all that it gives, and no review of the policy shows it.
//!
//! ## Example
//! ```bw
//! role helper by claim { allow accounts.reset_password }
//! users in contractors hold helper
//! ```
//!
//! ## How to fix
//! Give privileged actions by a role that is assigned by name. If the platform vouches for the claim and the role cannot do without,
//! write `ignore BW316 "..."` with the reason.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::Context;
use super::privilege::{actions_of_roles, paths, privileged};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Row;
use crate::model::Role;
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW316");
/// How many lines are shown.
const MOST_SHOWN: usize = 4;

/// Looks at roles that are not given by name.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let (privileged, mut given) = (privileged(model), actions_of_roles(context));
    given.iter_mut().for_each(|actions| actions.intersect_with(&privileged));
    for ((role, actions), row) in model.roles.iter().zip(&given).zip(&context.most.rows) {
        if let Some(span) = role.by_claim.filter(|_| !actions.is_clear()) {
            findings.push(finding(context, (role, row), actions, span, "which any token may present"));
        }
    }
    for rule in &model.automatic {
        let (role, actions) = (&model.roles[rule.role.index()], &given[rule.role.index()]);
        // One that is by claim too was told at its head.
        if !actions.is_clear() && role.by_claim.is_none() {
            let row = &context.most.rows[rule.role.index()];
            findings.push(finding(context, (role, row), actions, rule.span, "which a rule gives"));
        }
    }
}

fn finding(
    context: &Context<'_>,
    (role, row): (&Role, &Row),
    actions: &FixedBitSet,
    at: Span,
    why: &str,
) -> Finding {
    let list = quoted_list(paths(context.model, actions), "and");
    let message = format!("the role `{}`, {why}, gives privileged actions: {list}", role.name);
    let mut lines: BTreeMap<Span, FixedBitSet> = BTreeMap::new();
    for grant in row.grants.iter().filter(|g| actions.contains(g.action.index())) {
        let line = lines.entry(context.most.origins[grant.origin.0 as usize].span).or_default();
        line.grow_and_insert(grant.action.index());
    }
    let mut finding = Finding::new(CODE, Severity::Error, message).at(at, "given to nobody by name");
    for (span, some) in lines.iter().take(MOST_SHOWN) {
        finding = finding.at(*span, format!("gives {}", quoted_list(paths(context.model, some), "and")));
    }
    finding.help("give them by a role that is assigned by name, or take them away")
}
