//! What an edit changes of the rights, as flat rows lost and gained.

use std::collections::BTreeSet;

use bailiwick_table::Table;

use crate::Compiled;
use crate::query::{Effect, Row, account_rows, role_rows};

/// A change of rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// There are none to compare with: the policy does not compile without the edit.
    NoneBefore,
    /// These rows, which is all.
    Rows {
        /// Those that are gone, as they are printed.
        lost: Vec<String>,
        /// Those that are new.
        gained: Vec<String>,
    },
    /// The rows are the same, but nobody could show that the rights are.
    NotShown,
}

/// What lies between two versions of a policy that were not shown to give the same rights.
///
/// Rows of accounts and of roles are compared by what they say, without the lines that they come from: a right that an account has by
/// another way as well is no change.
#[must_use]
pub fn between(before: Option<&Compiled>, after: &Compiled) -> Change {
    let Some(before) = before else { return Change::NoneBefore };
    let (Some(old), Some(new)) = (rows(before), rows(after)) else { return Change::NotShown };
    if old == new {
        return Change::NotShown;
    }
    let only = |these: &BTreeSet<Line>, those: &BTreeSet<Line>| these.difference(those).map(Line::text).collect();
    Change::Rows { lost: only(&old, &new), gained: only(&new, &old) }
}

/// A row without the line it comes from.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    role: bool,
    row: Row,
}

impl Line {
    fn text(&self) -> String {
        let Row { subject, action, effect, entities, users, from, until, .. } = &self.row;
        let part = |word: &str, said: &str| match said {
            "-" => None,
            _ => Some(format!("{word} {said}")),
        };
        let on: Vec<String> = [part("entities", entities), part("users", users)].into_iter().flatten().collect();
        let on = if on.is_empty() { String::new() } else { format!(" on {}", on.join(" and ")) };
        let day = |word: &str, day: &str| if day.is_empty() { String::new() } else { format!(" {word} {day}") };
        let subject = if self.role { format!("role {subject}") } else { subject.clone() };
        let forbids = if *effect == Effect::Forbid { "forbid " } else { "" };
        format!("{subject}: {forbids}{action}{on}{}{}", day("from", from), day("until", until))
    }
}

/// All rows of a table; none where it cannot be read back.
fn rows(compiled: &Compiled) -> Option<BTreeSet<Line>> {
    let table = Table::from_bytes(compiled.table()).ok()?;
    let mut all = BTreeSet::new();
    for account in table.accounts() {
        all.extend(account_rows(&table, account).into_iter().map(|row| line(false, row)));
    }
    for role in table.roles() {
        all.extend(role_rows(&table, role).into_iter().map(|row| line(true, row)));
    }
    Some(all)
}

fn line(role: bool, row: Row) -> Line {
    // Behind the line's own text stands a condition on the actor, which does change what is given.
    let condition = row.via.rfind(" (when the actor is in: ").map_or(String::new(), |at| row.via[at..].to_owned());
    Line { role, row: Row { via: condition, ..row } }
}
