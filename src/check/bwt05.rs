//! # BWT05 an ungrantable role gains a holder
//!
//! ## What
//! An account of the new policy is given the super role or an `ungrantable` one and was not in the old policy, and no `transfer` that
//! this change adds brings it. A role counts that is super or `ungrantable` in either policy, under whatever name; of a role that the
//! old policy does not have, holders count who thereby come to an older one of these that it extends. Inactive accounts count, and
//! rules that give the role to whole groups.
//!
//! ## Why
//! Nobody can give such a role on the platform. A change of the policy that gives it would be the way around.
//!
//! ## Example
//! ```bw
//! role auditor ungrantable { allow view * }
//! admin otto { role auditor }             // the old policy gave it to `nina` alone
//! ```
//!
//! ## How to fix
//! Let its holder hand it on: `transfer auditor from nina to otto`; then nina holds it no more. Otherwise give another role.

use super::hands::{kept_roles, transfers};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::Transition;
use crate::model::id::{AccountId, RoleId};

/// Its code.
pub const CODE: Code = Code("BWT05");

/// Looks at every holder of every such role.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let (old, new, at) = (&transition.old, &transition.new, transition.at);
    let transfers = transfers(transition);
    let kept = kept_roles(transition);
    for (before, role) in &kept {
        let guarded = guarded(transition, *before, *role, &kept);
        if guarded.is_empty() {
            continue;
        }
        for (id, _) in new.accounts().filter(|(_, account)| new.holds(account, *role, at)) {
            let former = transition.account_before(id).map(|id| &old.model().accounts[id.index()]);
            let had = |role: &RoleId| former.is_some_and(|account| old.holds(account, *role, at));
            let handed = transfers.iter().any(|it| it.role == *role && it.to.node == id);
            if !handed && !guarded.iter().any(had) {
                findings.push(gained(transition, id, *role));
            }
        }
        for rule in new.model().automatic.iter().filter(|rule| rule.role == *role) {
            if !old.model().automatic.iter().any(|known| known.text == rule.text) {
                findings.push(by_rule(transition, rule, *role));
            }
        }
    }
}

/// The roles of the old policy of which somebody must have held one. None for a role that is new and gives nothing of an older one.
fn guarded(
    transition: &Transition<'_>,
    before: Option<RoleId>,
    role: RoleId,
    kept: &[(Option<RoleId>, RoleId)],
) -> Vec<RoleId> {
    let model = transition.new.model();
    let others = kept.iter().filter(|(_, other)| model.is_or_extends(role, *other)).filter_map(|(before, _)| *before);
    let supers = transition.old.roles().filter(|(_, old)| old.superuser && model.roles[role.index()].superuser);
    match before {
        Some(before) => vec![before],
        None => others.chain(supers.map(|(id, _)| id)).collect(),
    }
}

fn kind(transition: &Transition<'_>, role: RoleId) -> &'static str {
    let role = &transition.new.model().roles[role.index()];
    if role.superuser { "super role" } else { "ungrantable role" }
}

fn gained(transition: &Transition<'_>, account: AccountId, role: RoleId) -> Finding {
    let model = transition.new.model();
    let (account, name) = (&model.accounts[account.index()], &model.roles[role.index()].name);
    let given = account.assignments.iter().find(|given| given.role == role).map_or(account.span, |given| given.span);
    let message = format!("`{}` gains the {} `{name}` without a transfer", account.block, kind(transition, role));
    Finding::new(CODE, Severity::Error, message)
        .at(given, "new here")
        .at(model.roles[role.index()].span, "changes hands by `transfer` alone")
        .help(format!("let its holder hand it on, by `transfer {name} from ... to {}`, or give another role", account.block))
}

fn by_rule(transition: &Transition<'_>, rule: &crate::model::Automatic, role: RoleId) -> Finding {
    let name = &transition.new.model().roles[role.index()].name;
    let message = format!("a new rule gives the {} `{name}`", kind(transition, role));
    Finding::new(CODE, Severity::Error, message)
        .at(rule.span, "whoever comes into the group holds it")
        .help("name its holders instead, each by a `transfer`")
}
