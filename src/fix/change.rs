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
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| these.difference(those).cloned().collect();
    Change::Rows { lost: only(&old, &new), gained: only(&new, &old) }
}

/// All rows of a table, and which roles tokens may present; none where it cannot be read back.
fn rows(compiled: &Compiled) -> Option<BTreeSet<String>> {
    let table = Table::from_bytes(compiled.table()).ok()?;
    let accounts = table.accounts().flat_map(|account| account_rows(&table, account));
    let roles = table.roles().flat_map(|role| role_rows(&table, role));
    let presented = compiled.model().roles.iter().filter(|role| role.by_claim.is_some());
    Some(
        (accounts.map(|row| text("", &row)))
            .chain(roles.map(|row| text("role ", &row)))
            .chain(presented.map(|role| format!("role {}: by claim", role.name)))
            .collect(),
    )
}

/// A row without the line it comes from.
fn text(what: &str, row: &Row) -> String {
    let Row { subject, action, effect, entities, users, from, until, via } = row;
    let part = |word: &str, said: &str| (said != "-").then(|| format!("{word} {said}"));
    let on: Vec<String> = [part("entities", entities), part("users", users)].into_iter().flatten().collect();
    let on = if on.is_empty() { String::new() } else { format!(" on {}", on.join(" and ")) };
    let day = |word: &str, day: &str| if day.is_empty() { String::new() } else { format!(" {word} {day}") };
    let forbids = if *effect == Effect::Forbid { "forbid " } else { "" };
    // Behind the line's own text stands a condition on the actor, which does change what is given.
    let condition = via.rfind(" (when the actor is in: ").map_or("", |at| &via[at..]);
    format!("{what}{subject}: {forbids}{action}{on}{}{}{condition}", day("from", from), day("until", until))
}
