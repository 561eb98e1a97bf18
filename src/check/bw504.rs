//! # BW504 acting as somebody who has more
//!
//! ## What
//! An account may use an action of kind `become` (or one that `changes recovery`) on an account that has a right which it has not itself:
//! it logs in as that one, resets the password or reads the credentials, and has the right. Compared is what may be done to others, after
//! prohibitions, with every feature on. Relations are told by the platform; an action that needs one is taken as possible. The super role's
//! active holders are exempt.
//!
//! ## Why
//! The usual way in: a regional helpdesk resets the owner's password.
//!
//! ## Example
//! ```bw
//! role helpdesk { allow accounts.reset_password }      // of everybody, the owner included
//! ```
//!
//! ## How to fix
//! Fence the right (`on users in ...`), or protect whoever has more: `forbid become accounts on users in holders of owner unless self`.

use std::collections::BTreeMap;

use super::Context;
use super::escalation::who;
use crate::algebra::potential::{Gain, How};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::OriginId;
use crate::model::id::AccountId;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW504");

/// Whether a gain is of this kind: by acting as somebody at once.
#[must_use]
pub fn is_direct(gain: &Gain) -> bool {
    matches!(gain.chain.as_slice(), [step] if step.how == How::Become)
}

/// A finding for each line that lets somebody act as another.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let found = context.escalation();
    let mut lines: BTreeMap<Option<OriginId>, Vec<&(AccountId, Gain, i32)>> = BTreeMap::new();
    for one in found.gains.iter().filter(|(_, gain, _)| is_direct(gain)) {
        lines.entry(one.1.chain[0].origin).or_default().push(one);
    }
    for all in lines.values() {
        findings.push(higher(context, all));
    }
}

fn higher(context: &Context<'_>, all: &[&(AccountId, Gain, i32)]) -> Finding {
    let model = context.model;
    let (account, gain, day) = all[0];
    let actor = &model.accounts[account.index()];
    let (by, right) = (&model.actions[gain.chain[0].action.index()].path, &model.actions[gain.action.index()].path);
    let on = who(model, gain.who);
    let message = format!("`{}` can act as {on} by `{by}`, and so has `{right}`, which it has not itself", actor.block);
    let mut finding = Finding::new(CODE, Severity::Error, message);
    finding = match gain.chain[0].origin {
        Some(origin) => finding.at(context.most.origins[origin.0 as usize].span, "lets it act as others"),
        None => finding.at(actor.span, "who acts"),
    };
    if let Some(on) = gain.who {
        finding = finding.at(model.accounts[on.index()].span, "has more");
    } else if let Some(text) = &gain.witness.actor_text {
        finding = finding.note(format!("for example {text}"));
    }
    if gain.witness.text != "the whole site" {
        finding = finding.note(format!("`{right}`, for example on {}", gain.witness.text));
    }
    if *day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(*day)));
    }
    if all.len() > 1 {
        let others = all[1..].iter().map(|(a, ..)| model.accounts[a.index()].block.as_str());
        finding = finding.note(format!("so it is for {}", quoted_list(others, "and")));
    }
    finding.help("fence the right with `on users in ...`, or protect whoever has more: `forbid become ... on users in holders of ... unless self`")
}
