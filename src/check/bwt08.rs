//! # BWT08 one side of a separation moves an account to the other
//!
//! ## What
//! Two roles are kept apart by `separate role A from role B`, such as full and partial administrators. The change takes one of them from
//! an account and gives it the other, and whoever asks for the change (`--requested-by`) holds one of the two in the old policy. An
//! active holder of the super role may ask for it.
//!
//! ## Why
//! Which of the two somebody is, is decided above both. A partial administrator who makes others full ones, or full ones partial, has
//! taken that decision over.
//!
//! ## Example
//! ```bw
//! separate role full_admin from role partial_admin
//! admin pat { role full_admin }           // was `partial_admin`, and another partial administrator asks for it
//! ```
//!
//! ## How to fix
//! Let the holder of the super role, a `responsible`, or somebody with neither of the two roles ask for it.

use super::hands::held_by_any_way;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::{Requester, Transition};
use crate::model::id::{AccountId, RoleId};
use crate::model::{Separate, Side};

/// Its code.
pub const CODE: Code = Code("BWT08");

/// Looks at every pair of roles that the old policy keeps apart, where it is known who asks.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let (old, at) = (&transition.old, transition.at);
    let Some(Requester::Account(requester)) = transition.requester else { return };
    if old.is_root(requester, at) {
        return;
    }
    let held = held_by_any_way(old, requester, at);
    for pair in &old.model().separations {
        let Some((left, right)) = roles(pair) else { continue };
        let Some(own) = [left, right].into_iter().find(|role| held.contains(role)) else { continue };
        for (id, _) in old.accounts() {
            let moved = [(left, right), (right, left)].into_iter().find(|pair| moves(transition, id, *pair));
            if let Some((from, to)) = moved {
                findings.push(moved_by(transition, id, (from, to), own));
            }
        }
    }
}

/// The two roles of a pair of roles.
fn roles(pair: &Separate) -> Option<(RoleId, RoleId)> {
    match (&pair.left, &pair.right) {
        (Side::Role(left), Side::Role(right)) => Some((*left, *right)),
        _ => None,
    }
}

/// Whether an account held the one and holds the other in its place.
fn moves(transition: &Transition<'_>, account: AccountId, (from, to): (RoleId, RoleId)) -> bool {
    let (old, new, at) = (&transition.old, &transition.new, transition.at);
    let before = &old.model().accounts[account.index()];
    let Some(after) = transition.account_after(account) else { return false };
    let after = &new.model().accounts[after.index()];
    let holds_after = |role| transition.role_after(role).is_some_and(|role| new.holds(after, role, at));
    old.holds(before, from, at) && !old.holds(before, to, at) && holds_after(to) && !holds_after(from)
}

fn moved_by(transition: &Transition<'_>, account: AccountId, (from, to): (RoleId, RoleId), own: RoleId) -> Finding {
    let (old, new) = (&transition.old, &transition.new);
    let name = |role: RoleId| &old.model().roles[role.index()].name;
    let requester = transition.requester_name();
    let block = &old.model().accounts[account.index()].block;
    let message = format!(
        "`{requester}`, who holds `{}`, may not ask for `{block}` to pass from `{}` to `{}`",
        name(own),
        name(from),
        name(to)
    );
    let mut finding = Finding::new(CODE, Severity::Error, message);
    if let Some(after) = transition.account_after(account) {
        let after = &new.model().accounts[after.index()];
        let given = after.assignments.iter().find(|given| Some(given.role) == transition.role_after(to));
        finding = finding.at(given.map_or(after.span, |given| given.span), "given in its place");
    }
    finding.help("let the holder of the super role, a `responsible`, or somebody with neither of the two roles ask for it")
}
