//! # BW308 a read-only role that does more than read
//!
//! ## What
//! A role says `read only` and gives actions of another kind than `view`, in its own lines or through what it extends or an action
//! implies, that it does not name after `read only except`. Every feature is taken as on. The finding names exactly those actions.
//!
//! ## Why
//! `read only` is a promise to whoever gives the role without reading it.
//!
//! ## Example
//! ```bw
//! role monitor read only { allow view *; allow courses.enrol_self }
//! ```
//!
//! ## How to fix
//! Take the actions away, or say that they are meant: `read only except courses.enrol_self`.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Row;
use crate::model::id::ActionId;
use crate::model::Role;
use crate::source::Span;
use crate::syntax::ast::Kind;
use crate::text::{count, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW308");
/// How many lines are shown.
const MOST_SHOWN: usize = 8;

/// Looks at every role that says `read only`.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for (role, row) in model.roles.iter().zip(&context.most.rows) {
        let Some(except) = &role.read_only else { continue };
        let writes = |a: &ActionId| model.actions[a.index()].kind != Kind::View;
        let meant = |a: &ActionId| except.members.contains(a.index());
        let more: BTreeSet<ActionId> =
            row.grants.iter().map(|g| g.action).filter(|a| writes(a) && !meant(a)).collect();
        if !more.is_empty() {
            findings.push(finding(context, role, row, &more));
        }
    }
}

fn finding(context: &Context<'_>, role: &Role, row: &Row, more: &BTreeSet<ActionId>) -> Finding {
    let model = context.model;
    let path = |a: &ActionId| model.actions[a.index()].path.as_str();
    let number = count(more.len(), "action that does more than read", "actions that do more than read");
    let message = format!("the read-only role `{}` gives {number}", role.name);
    let all: Vec<String> = more.iter().map(|a| format!("`{}` ({})", path(a), model.actions[a.index()].kind)).collect();
    let mut finding = Finding::new(CODE, Severity::Error, message)
        .at(role.read_only.as_ref().map_or(role.span, |r| r.span), "promised here")
        .note(format!("not read only: {}", all.join(", ")));
    for (span, actions) in lines(context, row, more).into_iter().take(MOST_SHOWN) {
        finding = finding.at(span, format!("gives {}", quoted_list(actions.iter().map(path), "and")));
    }
    let list: Vec<&str> = more.iter().map(path).collect();
    finding.help(format!("take them away, or say that they are meant: `read only except {}`", list.join(", ")))
}

/// The lines that give these actions, with what each of them gives.
fn lines(context: &Context<'_>, row: &Row, more: &BTreeSet<ActionId>) -> BTreeMap<Span, Vec<ActionId>> {
    let mut lines: BTreeMap<Span, Vec<ActionId>> = BTreeMap::new();
    for grant in row.grants.iter().filter(|g| more.contains(&g.action)) {
        let span = context.most.origins[grant.origin.0 as usize].span;
        let actions = lines.entry(span).or_default();
        if actions.last() != Some(&grant.action) {
            actions.push(grant.action);
        }
    }
    lines
}
