//! # BW603 both sides of a separation, by a detour
//!
//! ## What
//! `separate A from B`: an account has at most one side itself, but can come to the other, or to both, by acting as somebody, by giving a
//! role to an account that it can act as, or by changing such an account. On targets that overlap, as for BW601; compared is what may
//! be done to others than the accounts on the way, on some day from now on, with every feature on. The super role's active holders are
//! exempt. A chain through `not holders of` is followed as if gaining a role took nothing away.
//!
//! ## Why
//! Two people are none where one of them can act as the other.
//!
//! ## Example
//! ```bw
//! separate payments.create from payments.approve
//! role clerk { allow payments.create, accounts.login_as }     // of the approvers too
//! ```
//!
//! ## How to fix
//! Fence the right to act as others, or protect the holders of the other side: `forbid become ... on users in holders of ...`.

use super::escalation::told;
use super::bw601::sides;
use super::sides::{Detour, Overlap, Whose, detours, overlap};
use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Separate;
use crate::model::id::AccountId;

/// Its code.
pub const CODE: Code = Code("BW603");

/// Looks at every account that can act as another, for every separation.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete || context.model.separations.is_empty() {
        return;
    }
    let days = context.algebra_of_most().moments_of_all(context.at);
    for index in 0..context.model.accounts.len() {
        let account = AccountId::new(index);
        let algebra = &mut *context.algebra_of_most();
        let mut pairs = vec![];
        for pair in &context.model.separations {
            match overlap(algebra, Whose::Account(account), pair, &days) {
                Ok(None) => pairs.push(pair),
                Ok(Some(_)) => {}
                Err(_) => findings.push(undecided(context, pair, account)),
            }
        }
        for (pair, found) in pairs.iter().zip(detours(algebra, account, &pairs, &days)) {
            match found {
                Ok(None) => {}
                Ok(Some(found)) => findings.push(both(context, pair, account, &found)),
                Err(_) => findings.push(undecided(context, pair, account)),
            }
        }
    }
}

fn undecided(context: &Context<'_>, pair: &Separate, account: AccountId) -> Finding {
    let block = &context.model.accounts[account.index()].block;
    bw009::undecided(CODE, &format!("`{block}` can come to both sides"), pair.span)
}

fn both(context: &Context<'_>, pair: &Separate, account: AccountId, found: &Detour) -> Finding {
    let model = context.model;
    let account = &model.accounts[account.index()];
    let (left, right) = (Some(found.left), Some(found.right));
    let held = Overlap { left, right, witness: found.witness.clone(), given: vec![], day: found.day };
    let message = format!("`{}` can come to both sides of a separation: {}", account.block, sides(model, pair, &held));
    let mut finding = Finding::new(CODE, Severity::Warning, message).at(pair.span, "kept apart here");
    finding = finding.at(account.span, "who");
    for (number, step) in found.chain.iter().enumerate() {
        if let Some(origin) = step.origin {
            finding = finding.at(context.most.origins[origin.0 as usize].span, format!("step {}", number + 1));
        }
    }
    for (number, line) in told(model, context.most, &found.chain).iter().enumerate() {
        finding = finding.note(format!("{}. {line}", number + 1));
    }
    if found.witness.text != "the whole site" {
        finding = finding.note(format!("for example on {}", found.witness.text));
    }
    if found.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(found.day)));
    }
    finding.help("fence the right to act as others, or forbid it on whoever has the other side")
}
