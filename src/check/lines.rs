//! The lines that give something, for findings that point at them.

use std::collections::BTreeMap;

use crate::diagnostic::Finding;
use crate::lower::rights::{Grant, Rights};
use crate::model::Model;
use crate::model::id::ActionId;
use crate::source::Span;
use crate::text::quoted_list;

/// How many lines are shown.
const MOST_SHOWN: usize = 8;

/// How many actions [`named`] names before it counts the rest.
pub const MOST_NAMED: usize = 8;

/// The lines that these grants come from, with what each of them gives.
#[must_use]
pub fn lines<'g>(rights: &Rights, grants: impl IntoIterator<Item = &'g Grant>) -> BTreeMap<Span, Vec<ActionId>> {
    let mut lines: BTreeMap<Span, Vec<ActionId>> = BTreeMap::new();
    for grant in grants {
        let actions = lines.entry(rights.origins[grant.origin.0 as usize].span).or_default();
        if !actions.contains(&grant.action) {
            actions.push(grant.action);
        }
    }
    lines
}

/// Shows these lines, at most eight of them.
#[must_use]
pub fn shown(mut finding: Finding, model: &Model, lines: BTreeMap<Span, Vec<ActionId>>) -> Finding {
    for (span, actions) in lines.into_iter().take(MOST_SHOWN) {
        finding = finding.at(span, format!("gives {}", named(model, &actions)));
    }
    finding
}

/// "`a`, `b` and `c`", at most eight of them.
#[must_use]
pub fn named(model: &Model, actions: &[ActionId]) -> String {
    quoted_list(actions.iter().map(|a| model.actions[a.index()].path.as_str()), "and")
}

/// "`a`, `b`, `c`": every one.
#[must_use]
pub fn all_named(model: &Model, actions: &[ActionId]) -> String {
    let all: Vec<String> = actions.iter().map(|a| format!("`{}`", model.actions[a.index()].path)).collect();
    all.join(", ")
}
