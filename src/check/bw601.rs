//! # BW601 both sides of a separation in one hand
//!
//! ## What
//! `separate A from B`: an account has a right of A and a right of B on targets that overlap, on some day from now on. Targets overlap when
//! every part that both actions use overlaps; two actions without a common part always do. A role as a side means what that very role
//! gives, not what extends it. Prohibitions count: what is forbidden is not held. The holder of the super role is exempt.
//!
//! ## Why
//! Some things need two people: who creates a payment must not approve it. On different projects the same person may well do both.
//!
//! ## Example
//! ```bw
//! separate broadcasts.create from broadcasts.start
//! admin dana { role dialer_admin; role dialer_verified }
//! ```
//!
//! ## How to fix
//! Take one of the rights away, or fence them so that they do not meet.

use super::sides::{Overlap, Whose, overlap};
use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::AccountId;
use crate::model::{Model, Separate, Side};

/// Its code.
pub const CODE: Code = Code("BW601");

/// Looks at every account for every separation.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    for pair in &context.model.separations {
        for index in 0..context.model.accounts.len() {
            let account = AccountId::new(index);
            let algebra = &mut *context.algebra();
            let days = algebra.moments(account, context.at);
            match overlap(algebra, Whose::Account(account), pair, &days) {
                Ok(None) => {}
                Ok(Some(found)) => findings.push(both(context, pair, account, &found)),
                Err(_) => {
                    let block = &context.model.accounts[index].block;
                    findings.push(bw009::undecided(CODE, &format!("`{block}` has both sides"), pair.span));
                }
            }
        }
    }
}

fn both(context: &Context<'_>, pair: &Separate, account: AccountId, found: &Overlap) -> Finding {
    let model = context.model;
    let account = &model.accounts[account.index()];
    let message = format!("`{}` has both sides of a separation: {}", account.block, sides(model, pair, found));
    let mut finding = Finding::new(CODE, Severity::Error, message);
    for (origin, place) in found.given.iter().zip(["one side is given here", "the other one here"]) {
        finding = finding.at(context.rights.origins[origin.0 as usize].span, place);
    }
    if found.given.is_empty() {
        finding = finding.at(account.span, "this account");
    }
    finding = finding.at(pair.span, "kept apart here");
    if let Some(target) = found.target() {
        finding = finding.note(format!("for example on {target}"));
    }
    if found.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(found.day)));
    }
    finding.help("take one of the two away, or fence them so that they never meet")
}

/// The two sides as they are held: "`plans.change` and `reports.schedule`".
#[must_use]
pub fn sides(model: &Model, pair: &Separate, found: &Overlap) -> String {
    let side = |side: &Side, action: Option<crate::model::id::ActionId>| match (side, action) {
        (Side::Role(role), Some(action)) => {
            format!("`{}` of the role `{}`", model.actions[action.index()].path, model.roles[role.index()].name)
        }
        (Side::Role(role), None) => format!("the role `{}`", model.roles[role.index()].name),
        (Side::Actions(_), Some(action)) => format!("`{}`", model.actions[action.index()].path),
        (Side::Actions(_), None) => "nothing".to_owned(),
    };
    format!("{} and {}", side(&pair.left, found.left), side(&pair.right, found.right))
}
