//! # BW510 changing one's own scope or roles
//!
//! ## What
//! An account may use an action that `changes scope` or `changes roles` on itself, with every feature on. The super role's active holders
//! are exempt.
//!
//! ## Why
//! A fence that its owner can move is none.
//!
//! ## Example
//! ```bw
//! resource admins on account { write edit changes scope, roles }
//! role regional { allow admins.edit on users in own unit }       // and it is in its own unit
//! ```
//!
//! ## How to fix
//! Take oneself out: `on users in own unit except self`.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::text::quoted_list;
use std::collections::BTreeMap;

/// Its code.
pub const CODE: Code = Code("BW510");

/// A finding for each line that reaches its holder.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let found = context.escalation();
    let algebra = context.algebra_of_most();
    let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (account, power, day) in &found.own {
        lines.entry((algebra.origin_of(*account, *power, *day), *power)).or_default().push((*account, *day));
    }
    for ((origin, power), all) in lines {
        let model = context.model;
        let action = &model.actions[power.index()];
        let names = all.iter().map(|(a, _)| model.accounts[a.index()].block.as_str());
        let changes: Vec<&str> =
            action.changes.iter().map(String::as_str).filter(|c| ["scope", "roles"].contains(c)).collect();
        let who = quoted_list(names, "and");
        let message = format!("{who} may change {} of itself, by `{}`", quoted_list(changes, "and"), action.path);
        let mut finding = Finding::new(CODE, Severity::Error, message);
        if let Some(origin) = origin {
            finding = finding.at(context.most.origins[origin.0 as usize].span, "reaches its own holder");
        }
        finding = finding.at(action.span, "changes it");
        if let Some(day) = all.iter().map(|(_, day)| *day).min().filter(|day| *day > context.at) {
            finding = finding.note(format!("from {} on", crate::dates::date_text(day)));
        }
        findings.push(finding.help("take the holder out, as in `on users in ... except self`, or forbid it `on users in self`"));
    }
}
