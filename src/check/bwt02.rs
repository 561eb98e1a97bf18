//! # BWT02 the holder of the super role loses it without a transfer
//!
//! ## What
//! Somebody who held the super role actively in the old policy is deleted in the new one, made inactive, stripped of the role, or holds
//! it for fewer days to come, and no `transfer` that this change adds takes the role from it. Moving `super` to another role takes it
//! away too.
//!
//! ## Why
//! The account of the super administrator cannot be deleted by anybody, itself included: first it hands the role on, then it may go.
//! Whoever edits files must not be able to do by the way what no administrator can do on the platform.
//!
//! ## Example
//! ```bw
//! super role owner { allow * }
//! admin maria { role owner }              // in the old policy `nina` held it, and nothing says that she handed it on
//! ```
//!
//! ## How to fix
//! Say that the role is handed on: `transfer owner from nina to maria reason "..."`, to somebody who is an administrator already; or
//! leave the role where it is.

use super::hands::{first_lost, takes, transfers};
use crate::dates::date_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::Transition;
use crate::lower::rights::Days;
use crate::model::id::{AccountId, RoleId};

/// Its code.
pub const CODE: Code = Code("BWT02");

/// Looks at every active holder of the old super role.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let (old, new, at) = (&transition.old, &transition.new, transition.at);
    let transfers = transfers(transition);
    for (role, _) in old.roles().filter(|(_, role)| role.superuser) {
        for (account, before) in old.accounts() {
            let held = old.holds_actively(before, role, at);
            let after = transition.account_after(account);
            let keeps: Vec<Days> = after.map_or_else(Vec::new, |id| {
                let supers = new.roles().filter(|(_, role)| role.superuser);
                supers.flat_map(|(role, _)| new.holds_actively(&new.model().accounts[id.index()], role, at)).collect()
            });
            let Some(day) = first_lost(&held, &keeps, at) else { continue };
            let now = transition.role_after(role);
            if !transfers.iter().any(|it| takes(transition, it, now, account)) {
                findings.push(lost(transition, role, account, after, day));
            }
        }
    }
}

fn lost(
    transition: &Transition<'_>,
    role: RoleId,
    account: AccountId,
    after: Option<AccountId>,
    day: i32,
) -> Finding {
    let (old, new) = (&transition.old, &transition.new);
    let given = old.model().accounts[account.index()].assignments.iter().find(|given| given.role == role);
    let (role, before) = (&old.model().roles[role.index()], &old.model().accounts[account.index()]);
    let now = after.map(|id| &new.model().accounts[id.index()]);
    let why = match now {
        None => "is deleted",
        Some(account) if !account.active => "is made inactive",
        Some(_) if day > transition.at => "loses it",
        Some(_) => "is stripped of it",
    };
    let when = if day > transition.at { format!(" from {} on", date_text(day)) } else { String::new() };
    let message = format!("`{}`, who holds the super role `{}`, {why}{when} without a transfer", before.block, role.name);
    let mut finding = Finding::new(CODE, Severity::Error, message);
    if let Some(account) = now {
        finding = finding.at(account.span, "held it in the old policy");
    }
    let supers = new.roles().filter(|(_, role)| role.superuser);
    for (id, _) in supers {
        let holders = new.accounts().filter(|(_, a)| !new.holds_actively(a, id, transition.at).is_empty());
        for (_, holder) in holders.filter(|(id, _)| Some(*id) != after).take(4) {
            finding = finding.at(holder.span, "holds the super role now");
        }
    }
    let given = given.map_or(before.span, |given| given.span);
    finding
        .note(format!("held in the old policy, in {}", old.line(given)))
        .help(format!("hand it on by `transfer {} from {} to ...`, or leave it where it is", role.name, before.block))
}
