//! # BW502 a chain that leads to more
//!
//! ## What
//! By a chain of steps an account can come to a right that it does not have: it acts as somebody who may act as somebody else; it gives a
//! role to an account that it can act as; it changes an attribute, the unit, the labels, the scope or the roles of such an account, or of
//! itself, and a group, an automatic rule or a fence depends on that. The finding prints a shortest chain, each step with the line that
//! makes it possible; the steps can be taken in this order, each as those before it have left everybody. What BW501, BW504 or BW510 say
//! of the account already is not said again. A change of facts needs the right on the state before and on the state after. The search
//! looks first for all that each could come to, as if gaining a role or changing a fact took nothing away, as through `not holders of`.
//! Where no order of its steps is found in which each can be taken, the finding says that the chain is possible, not certain. What
//! accounts that the policy does not name could do to one another is not followed: BW316 reports the roles by claim and by rule that
//! could.
//!
//! ## Why
//! No single line of such a policy is wrong. An administrator who manages users, and a group that carries a role: together they are a way
//! to that role.
//!
//! ## Example
//! ```bw
//! role helpdesk { allow accounts.edit }                 // edit changes country
//! users in finland hold admin_fi                        // and country decides who is one
//! ```
//!
//! ## How to fix
//! Break the chain at its cheapest step: fence it, take the holder out with `except self`, or protect the target with `forbid`.

use super::Context;
use super::bw504::is_direct;
use super::escalation::{Escalation, doubt, told, who};
use crate::algebra::potential::Gain;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::AccountId;

/// Its code.
pub const CODE: Code = Code("BW502");

/// Whether this gain of an account is told here: no other finding speaks of it.
#[must_use]
pub fn is_told(found: &Escalation, account: AccountId, gain: &Gain) -> bool {
    let amplifies = found.amplified.binary_search_by_key(&account, |a| a.account).is_ok();
    !is_direct(gain) && !amplifies && found.own.binary_search_by_key(&account, |(a, ..)| *a).is_err()
}

/// A finding for each account of which no other one speaks.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let found = context.escalation();
    for (account, gain, day) in &found.gains {
        if is_told(found, *account, gain) {
            findings.push(reaches(context, *account, gain, *day));
        }
    }
}

fn reaches(context: &Context<'_>, account: AccountId, gain: &Gain, day: i32) -> Finding {
    let model = context.model;
    let (account, right) = (&model.accounts[account.index()], &model.actions[gain.action.index()].path);
    let can = if gain.certain { "can come" } else { "can possibly come" };
    let message = format!("`{}` {can} to `{right}`, which it does not have", account.block);
    let mut finding = Finding::new(CODE, Severity::Error, message).at(account.span, "who");
    for (number, step) in gain.chain.iter().enumerate() {
        if let Some(origin) = step.origin {
            finding = finding.at(context.most.origins[origin.0 as usize].span, format!("step {}", number + 1));
        }
    }
    for (number, line) in told(model, context.most, &gain.chain).iter().enumerate() {
        finding = finding.note(format!("{}. {line}", number + 1));
    }
    let on = if gain.witness.text == "the whole site" { String::new() } else { format!(", for example on {}", gain.witness.text) };
    let end = gain.chain.len() + 1;
    finding = finding.note(format!("{end}. {} may then use `{right}`{on}", who(model, gain.who)));
    if let Some(doubt) = doubt(gain) {
        finding = finding.note(doubt.to_owned());
    }
    if day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(day)));
    }
    finding.help("break the chain where it is cheapest: fence a step, take the holder out with `except self`, or forbid it on whoever has more")
}
