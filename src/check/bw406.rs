//! # BW406 a site-wide action behind a fence
//!
//! ## What
//! An account's only ways to a site-wide action (one that is done to nothing in particular) go through a fence: on the account, on the
//! assignment, on a role or on the line. It is an error where a line names the action by its full path, and a note where it comes in
//! a set.
//!
//! ## Why
//! Inside a fence there is no "whole site", so the right is never effective. Whoever wrote the line believes otherwise.
//!
//! ## Example
//! ```bw
//! resource site { destroy delete }
//! role janitor { scope users in finland; allow site.delete }
//! admin pat { role janitor }
//! ```
//!
//! ## How to fix
//! Give the action by a way without a fence, or take it away.

use std::collections::BTreeMap;

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, RowId};
use crate::model::id::{ActionId, RoleId};
use crate::model::{Account, Allow, Model, Signature};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW406");

/// A line that gives a site-wide action: whether it names it, and where it stands.
type Lines = BTreeMap<ActionId, (bool, Span)>;

/// Looks at what every active account is given, and at what of it is effective.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let of_roles = lines_of_roles(model);
    // What comes in sets is told once a line, however many accounts there are.
    let mut told = std::collections::BTreeSet::new();
    for (account, rights) in model.accounts.iter().zip(&context.most.accounts) {
        let mut given = Lines::new();
        for row in rights.assignments.iter().map(|a| a.row) {
            if let Some(lines) = of_roles.get(row.0 as usize) {
                merge(&mut given, lines);
            }
        }
        if account.active {
            merge(&mut given, &lines_of(model, &account.allows));
        }
        for (action, (named, line)) in given {
            if is_effective(context, rights, action) || (!named && !told.insert((action, line))) {
                continue;
            }
            findings.push(finding(model, account, action, named, line));
        }
    }
}

/// The site-wide actions that each role gives, fences left aside.
fn lines_of_roles(model: &Model) -> Vec<Lines> {
    let mut lines: Vec<Lines> = model.roles.iter().map(|r| lines_of(model, &r.allows)).collect();
    let order = parents_first(model);
    for role in order {
        for parent in model.roles[role.index()].extends.iter().map(|e| e.role) {
            let inherited = lines[parent.index()].clone();
            merge(&mut lines[role.index()], &inherited);
        }
        for except in model.roles[role.index()].excepts.iter().filter(|e| !e.on.is_restricted()) {
            let gone = |a: &ActionId| model.actions[a.index()].implies.intersection(&except.actions.members).next().is_some();
            lines[role.index()].retain(|action, _| !gone(action));
        }
    }
    lines
}

/// The roles, each behind all that it extends.
fn parents_first(model: &Model) -> Vec<RoleId> {
    let mut graph = petgraph::graph::DiGraph::<(), ()>::with_capacity(model.roles.len(), 0);
    model.roles.iter().for_each(|_| {
        graph.add_node(());
    });
    for (child, role) in model.roles.iter().enumerate() {
        for extends in &role.extends {
            graph.add_edge(extends.role.0.into(), petgraph::graph::NodeIndex::new(child), ());
        }
    }
    petgraph::algo::toposort(&graph, None).map_or_else(|_| vec![], |order| order.into_iter().map(|n| RoleId::new(n.index())).collect())
}

fn lines_of(model: &Model, allows: &[Allow]) -> Lines {
    let mut lines = Lines::new();
    for allow in allows {
        for action in allow.actions.iter().filter(|a| model.actions[a.index()].signature == Signature::Site) {
            let named = allow.actions.named.iter().find(|(id, _)| *id == action);
            let one = Lines::from([(action, (named.is_some(), named.map_or(allow.actions.span, |(_, span)| *span)))]);
            merge(&mut lines, &one);
        }
    }
    lines
}

/// A line that names the action tells more than one that gives it in a set.
fn merge(into: &mut Lines, from: &Lines) {
    for (action, (named, span)) in from {
        let known = into.entry(*action).or_insert((*named, *span));
        if *named && !known.0 {
            *known = (true, *span);
        }
    }
}

/// Whether some way gives the action with no fence on it. Grants behind a fence within a role were dropped when it was lowered.
fn is_effective(context: &Context<'_>, rights: &AccountRights, action: ActionId) -> bool {
    rights.assignments.iter().any(|a| {
        let RowId(row) = a.row;
        let free = !context.most.fences[a.fence.0 as usize].restricted;
        free && context.most.rows[row as usize].grants.iter().any(|g| g.action == action)
    })
}

fn finding(model: &Model, account: &Account, action: ActionId, named: bool, line: Span) -> Finding {
    let action = &model.actions[action.index()];
    let severity = if named { Severity::Error } else { Severity::Note };
    let message = format!("`{}` never gets the site-wide `{}`: every way to it is fenced", account.block, action.path);
    Finding::new(CODE, severity, message)
        .at(line, "given here")
        .at(account.span, "fenced on every way to this account")
        .at(action.span, "done to the whole site")
        .help("give it by a way with no `scope` and no `on`, or take it away")
}
