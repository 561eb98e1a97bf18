//! # BW902 an inactive account that keeps privileged roles
//!
//! ## What
//! An account is `inactive` and still has the super role, a role that gives privileged actions, or such actions by itself: actions of
//! kind `become`, `destroy` or `assign`, and actions that only the last of several tiers covers. What has ended by today does not count.
//! Every feature is taken as on.
//!
//! ## Why
//! It can do nothing today. But one word brings it all back, perhaps years later, when nobody remembers what the account had.
//!
//! ## Example
//! ```bw
//! admin pat { role owner; inactive }
//! ```
//!
//! ## How to fix
//! Take the privileged roles away; an account that comes back is given them anew. If the account is gone for good, delete its block.

use fixedbitset::FixedBitSet;

use super::Context;
use super::crowd::Crowd;
use super::privilege::{actions_of_roles, privileged};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Days;
use crate::model::{Account, Allow, Model};
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW902");

/// Looks at every inactive account.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let privileged = privileged(model);
    let given = actions_of_roles(context);
    let grave: Vec<bool> =
        model.roles.iter().zip(&given).map(|(r, actions)| r.superuser || !actions.is_disjoint(&privileged)).collect();
    let mut crowd = Crowd::new(model);
    for account in model.accounts.iter().filter(|a| !a.active) {
        let lasts = |days: Days| !days.is_empty() && days.until >= context.at;
        let roles = account.assignments.iter().filter(|a| lasts(a.days) && grave[a.role.index()]);
        let mut kept: Vec<(String, Span)> =
            roles.map(|a| (format!("the role `{}`", model.roles[a.role.index()].name), a.span)).collect();
        let own = account.allows.iter().filter(|a| lasts(a.days.meet(account.valid)));
        kept.extend(own.filter_map(|allow| Some((own_actions(model, allow, &privileged)?, allow.span))));
        if !kept.is_empty() {
            crowd.tell(account, (), || finding(account, &kept));
        }
    }
    crowd.finish(findings);
}

/// The privileged actions of a line, with what they imply.
fn own_actions(model: &Model, allow: &Allow, privileged: &FixedBitSet) -> Option<String> {
    let mut actions = FixedBitSet::with_capacity(model.actions.len());
    allow.actions.iter().for_each(|a| actions.union_with(&model.actions[a.index()].implies));
    actions.intersect_with(privileged);
    let list = quoted_list(super::privilege::paths(model, &actions), "and");
    (!actions.is_clear()).then_some(list)
}

fn finding(account: &Account, kept: &[(String, Span)]) -> Finding {
    let list: Vec<&str> = kept.iter().map(|(what, _)| what.as_str()).collect();
    let message = format!("the inactive account `{}` keeps {}", account.block, list.join(" and "));
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("take what is privileged away until the account is active again, or delete the account")
        .alike(&account.block, "inactive accounts keep privileged roles or actions");
    kept.iter().take(8).fold(finding, |f, (_, span)| f.at(*span, "privileged"))
}
