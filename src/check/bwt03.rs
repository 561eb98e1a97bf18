//! # BWT03 a transfer that cannot be
//!
//! ## What
//! A `transfer` that this change adds takes a role from somebody who did not hold it actively in the old policy, or hands it to
//! somebody who may not get it; or the new policy does not do what it says. The super role goes only to somebody who was an
//! administrator before: active, and of the last tier in the old policy; without tiers, with a role that the super role extends. Each
//! holder hands a role on once. Where it is known who asks for the change, it must be that holder.
//!
//! ## Why
//! A transfer is the holder's own act, and the only way in which the most powerful role changes hands. If anybody could write one, or
//! hand the role to an account made for the purpose, it would protect nothing.
//!
//! ## Example
//! ```bw
//! transfer owner from nina to otto        // otto is a learner
//! ```
//!
//! ## How to fix
//! Name the present holder behind `from`. First make the new one an administrator, in a change of its own; then transfer. Give the role
//! to the new holder in the same change, and take it from the former one.

use super::hands::{giver, holds_on, transfers, was_administrator};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::{Requester, Transition};
use crate::model::Transfer;

/// Its code.
pub const CODE: Code = Code("BWT03");

/// Looks at every transfer that is new.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let all = transfers(transition);
    for (index, it) in all.iter().enumerate() {
        let again = all[..index].iter().any(|other| other.role == it.role && other.from.node == it.from.node);
        let fault = if again {
            Some((format!("`{}` hands the role on more than once", it.from.node), it.from.span, "once is all"))
        } else {
            of_giver(transition, it).or_else(|| of_taker(transition, it)).or_else(|| undone(transition, it))
        };
        if let Some((fault, span, place)) = fault {
            findings.push(wrong(transition, it, &fault).at(span, place));
        }
    }
}

type Fault = (String, crate::source::Span, &'static str);

fn of_giver(transition: &Transition<'_>, it: &Transfer) -> Option<Fault> {
    let from = &it.from;
    let role = transition.role_before(it.role);
    let fault = match (giver(transition, it), role) {
        (None, _) => "is no account of the old policy",
        (Some(_), None) => "cannot have held a role that the old policy does not have",
        (Some(account), Some(role)) if !holds_on(&transition.old, account, role, transition.at) => {
            "does not hold it in the old policy"
        }
        (Some(account), Some(_)) => {
            return match &transition.requester {
                None => None,
                Some(Requester::Account(requester)) if *requester == account => None,
                Some(_) => {
                    let fault = format!("`{}` asks for it, not `{}`", transition.requester_name(), from.node);
                    Some((fault, from.span, "the holder alone hands it on"))
                }
            };
        }
    };
    Some((format!("`{}` {fault}", from.node), from.span, "not its holder"))
}

fn of_taker(transition: &Transition<'_>, it: &Transfer) -> Option<Fault> {
    let (old, new) = (&transition.old, &transition.new);
    let role = &new.model().roles[it.role.index()];
    let was_super = transition.role_before(it.role).is_some_and(|before| old.model().roles[before.index()].superuser);
    if !role.superuser && !was_super {
        return None;
    }
    let name = &new.model().accounts[it.to.node.index()].block;
    let fault = match transition.account_before(it.to.node) {
        None => "is a new account",
        Some(before) if !was_administrator(transition, before) => "was no administrator in the old policy",
        Some(_) => return None,
    };
    Some((format!("`{name}` {fault}"), it.to.span, "not an administrator before"))
}

fn undone(transition: &Transition<'_>, it: &Transfer) -> Option<Fault> {
    let new = &transition.new;
    let to = &new.model().accounts[it.to.node.index()];
    if !new.holds(to, it.role, transition.at) {
        return Some((format!("`{}` does not hold it in the new policy", to.block), it.to.span, "not its holder after"));
    }
    let from = giver(transition, it).and_then(|account| transition.account_after(account))?;
    let from = &new.model().accounts[from.index()];
    let keeps = new.holds(from, it.role, transition.at) && !std::ptr::eq(from, to);
    keeps.then(|| (format!("`{}` still holds it in the new policy", from.block), it.from.span, "keeps it"))
}

fn wrong(transition: &Transition<'_>, it: &Transfer, fault: &str) -> Finding {
    let new = &transition.new;
    let (role, to) = (&new.model().roles[it.role.index()].name, &new.model().accounts[it.to.node.index()].block);
    let message = format!("`{role}` cannot pass from `{}` to `{to}`: {fault}", it.from.node);
    let mut finding = Finding::new(CODE, Severity::Error, message);
    if let Some(before) = transition.role_before(it.role) {
        let holders = transition.old.accounts().filter(|(id, _)| holds_on(&transition.old, *id, before, transition.at));
        let holders: Vec<&str> = holders.map(|(_, account)| account.block.as_str()).collect();
        if !holders.is_empty() {
            finding = finding.note(format!("held in the old policy by {}", crate::text::quoted_list(holders, "and")));
        }
    }
    finding.help("a transfer leads from the active holder to somebody who was an administrator before, and the roles follow it")
}
