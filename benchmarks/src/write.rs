//! The model as a policy: in the text form, in YAML, and its people as a table.

mod people;
mod text;
mod yaml;

pub use people::people;
pub use text::text;
pub use yaml::yaml;

use std::fmt::Write as _;

use crate::model::Assignment;

/// How many actions a resource has.
const EACH: u32 = 20;

/// Where the people stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// In the policy itself.
    Blocks,
    /// In a table beside it, `people.csv`.
    Table,
}

/// An administrator's login.
#[must_use]
pub fn login(admin: u32) -> String {
    format!("user{admin:07}")
}

/// The path of the action that a permission is.
#[must_use]
pub fn action(permission: u32) -> String {
    format!("p{:04}.a{:02}", permission / EACH, permission % EACH)
}

/// The name of the unit that a group is.
#[must_use]
pub fn unit(group: u32) -> String {
    format!("g{group:05}")
}

/// A role's name.
#[must_use]
pub fn role(role: u32) -> String {
    format!("r{role:04}")
}

/// A role as it is assigned: `r0003 on entities in unit g00001, in unit g00007`.
fn assignment(assignment: &Assignment) -> String {
    let mut words = role(assignment.role);
    for (number, group) in assignment.groups.iter().enumerate() {
        let before = if number == 0 { " on entities" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(words, "{before} in unit {}", unit(*group));
    }
    words
}

/// Names with commas between them.
fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
