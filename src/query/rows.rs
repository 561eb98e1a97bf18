//! The flat rows of a table: every right and every prohibition, one action on one rectangle a row.

use std::fmt;

use bailiwick_table::{AccountId, ForbidId, Pred, RoleId, Shown, Table};
use serde::Serialize;

use crate::dates::date_text;

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It gives.
    Allow,
    /// It takes away, whatever else gives.
    Forbid,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Allow => "allow",
            Self::Forbid => "forbid",
        })
    }
}

/// A flat row. `entities` and `users` say on what, in the words of a scope: `*` is everything; `-` stands where the action is not
/// done to such a thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// A login, or with roles the name of a role.
    pub subject: String,
    /// The action's path.
    pub action: String,
    /// What the row does.
    pub effect: Effect,
    /// The entity part.
    pub entities: String,
    /// The user part.
    pub users: String,
    /// The first day; empty when there is none.
    pub from: String,
    /// The last day; empty when there is none.
    pub until: String,
    /// Where it comes from, and under which condition on the actor.
    pub via: String,
}

/// The rows of an account on any day: what it is given, and the prohibitions that may take of that away.
#[must_use]
pub fn account_rows<D: AsRef<[u8]>>(table: &Table<D>, account: AccountId) -> Vec<Row> {
    let Some(shown) = table.account_of(account) else { return vec![] };
    let mut rows: Vec<Row> = vec![];
    let mut actions = std::collections::BTreeSet::new();
    for right in table.rights(account) {
        actions.insert(right.action);
        let way = table.way_text(Some(account), right.path.way).map(|way| way.to_string()).unwrap_or_default();
        rows.push(allow_row(table, shown.login(), &right, &way));
    }
    for forbid in table.prohibitions().filter(|f| actions.contains(&f.action)) {
        if may_concern(table, forbid.forbid, account) {
            rows.push(forbid_row(table, shown.login(), &forbid));
        }
    }
    rows.sort();
    rows.dedup();
    rows
}

/// Whether a prohibition can concern an account on some day: its actors are asked on each day that anything about it changes.
fn may_concern<D: AsRef<[u8]>>(table: &Table<D>, forbid: ForbidId, account: AccountId) -> bool {
    let days =
        table.account_of(account).map(|a| a.given().map(|(_, days)| days).collect::<Vec<_>>()).unwrap_or_default();
    let starts = days.iter().flat_map(|d| [Some(d.from), d.until.checked_add(1)]).flatten();
    std::iter::once(i32::MIN).chain(starts).any(|day| table.forbid_may_apply(forbid, account, day))
}

/// What a role gives by itself.
#[must_use]
pub fn role_rows<D: AsRef<[u8]>>(table: &Table<D>, role: RoleId) -> Vec<Row> {
    let Some(shown) = table.role_of(role) else { return vec![] };
    let mut rows: Vec<Row> = table.role_rights(role).map(|right| allow_row(table, shown.name, &right, "")).collect();
    rows.sort();
    rows.dedup();
    rows
}

/// The row of a right.
pub(super) fn allow_row<D: AsRef<[u8]>>(
    table: &Table<D>,
    subject: &str,
    right: &bailiwick_table::Right<'_>,
    way: &str,
) -> Row {
    let grant = table.grant_text(table.grant(right.path.grant)).unwrap_or("").to_owned();
    let mut via = if way.is_empty() || way == "admin" { grant } else { format!("{way} -> {grant}") };
    if !matches!(right.gate.shown(), Shown::All) {
        via = format!("{via} (when the actor is in: {})", right.gate);
    }
    Row {
        effect: Effect::Allow,
        from: bound(right.days.from, i32::MIN),
        until: bound(right.days.until, i32::MAX),
        via,
        ..row(table, subject, right.action, (&right.entities, &right.users))
    }
}

/// The row of a prohibition.
pub(super) fn forbid_row<D: AsRef<[u8]>>(
    table: &Table<D>,
    subject: &str,
    forbid: &bailiwick_table::Prohibition<'_>,
) -> Row {
    Row {
        effect: Effect::Forbid,
        via: table.forbid_text(forbid.forbid).unwrap_or("").to_owned(),
        ..row(table, subject, forbid.action, (&forbid.entities, &forbid.users))
    }
}

fn row<D: AsRef<[u8]>>(
    table: &Table<D>,
    subject: &str,
    action: bailiwick_table::ActionId,
    (entities, users): (&Pred<'_>, &Pred<'_>),
) -> Row {
    let shown = table.action_of(action);
    let part = |used: bool, pred: &Pred<'_>| if used { pred.to_string() } else { "-".to_owned() };
    Row {
        subject: subject.to_owned(),
        action: shown.map_or("?", |a| a.path).to_owned(),
        effect: Effect::Allow,
        entities: part(shown.is_some_and(|a| a.signature.uses_entities()), entities),
        users: part(shown.is_some_and(|a| a.signature.uses_users()), users),
        from: String::new(),
        until: String::new(),
        via: String::new(),
    }
}

fn bound(day: i32, none: i32) -> String {
    if day == none { String::new() } else { date_text(day) }
}
