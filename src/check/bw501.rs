//! # BW501 giving more than one has
//!
//! ## What
//! An account may give somebody else a role that carries a right which the account itself does not have. What it gives carries the fences
//! on its own way to the right to give (its scope, the assignment's, its role's; not the `on` of the `assigns` line, which says to
//! whom), so a fenced administrator gives fenced roles. An action that `changes roles` gives every role that is not `ungrantable`, without a
//! fence. Compared is what may be done to others, after prohibitions, with every feature on. The super role's active holders are exempt.
//!
//! ## Why
//! Who can give more than he has can have it given to him, by a friend or by a second account.
//!
//! ## Example
//! ```bw
//! role helpdesk { allow accounts.open; assigns auditor }
//! role auditor { allow reports }
//! ```
//!
//! ## How to fix
//! Take the role out of `assigns`, fence the administrator's own role so that what it gives is fenced too, or give it the rights itself.

use std::collections::BTreeMap;

use super::escalation::Amplified;
use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::OriginId;
use crate::model::id::RoleId;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW501");

/// A finding for each role and line that lets it be given.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let found = context.escalation();
    let mut lines: BTreeMap<(Option<OriginId>, RoleId), Vec<&Amplified>> = BTreeMap::new();
    for one in &found.amplified {
        lines.entry((one.origin, one.role)).or_default().push(one);
    }
    for all in lines.values() {
        findings.push(more(context, all));
    }
    for account in &found.undecided {
        let account = &context.model.accounts[account.index()];
        let what = format!("`{}` could come to more than it has", account.block);
        findings.push(bw009::undecided(CODE, &what, account.span));
    }
}

fn more(context: &Context<'_>, all: &[&Amplified]) -> Finding {
    let model = context.model;
    let first = all[0];
    let (giver, role) = (&model.accounts[first.account.index()], &model.roles[first.role.index()]);
    let right = &model.actions[first.action.index()].path;
    let message = format!("`{}` may give the role `{}`, which has `{right}`: more than it has itself", giver.block, role.name);
    let mut finding = Finding::new(CODE, Severity::Error, message);
    finding = match first.origin {
        Some(origin) => finding.at(context.most.origins[origin.0 as usize].span, "lets it be given"),
        None => finding.at(giver.span, "the giver"),
    };
    finding = finding.at(role.span, "gives more");
    if first.witness.text != "the whole site" {
        finding = finding.note(format!("for example on {}", first.witness.text));
    }
    if first.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(first.day)));
    }
    if all.len() > 1 {
        let others = all[1..].iter().map(|a| model.accounts[a.account.index()].block.as_str());
        finding = finding.note(format!("so may {}", quoted_list(others, "and")));
    }
    finding.help("take the role out of `assigns`, fence the giver's role, or give the giver these rights too")
}
