//! Sets in their one shape, and the scopes made of them.

use std::borrow::Cow;
use std::fmt;

use super::list;
use super::name::{path_after, quoted, word, word_in_head, word_of_action};
use crate::syntax::ast::{ActionItem, EntityItem, Items, Kind, Name, Scope, Set, SubjectItem, UserItem};

/// Writes `item, item except item`, or `* except item`.
fn set<T>(
    f: &mut fmt::Formatter<'_>,
    set: &Set<T>,
    one: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    match &set.items {
        Items::All(_) => f.write_str("*")?,
        Items::Listed(items) => list(f, items, |f, item| one(f, &item.node))?,
    }
    if set.except.is_empty() {
        return Ok(());
    }
    f.write_str(" except ")?;
    list(f, &set.except, |f, item| one(f, &item.node))
}

impl<T: fmt::Display> fmt::Display for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        set(f, self, |f, item| item.fmt(f))
    }
}

/// Writes a set of names.
pub(super) fn set_of_names(f: &mut fmt::Formatter<'_>, names: &Set<Name>) -> fmt::Result {
    set(f, names, |f, name| f.write_str(&word(&name.node)))
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view",
            Self::Write => "write",
            Self::Destroy => "destroy",
            Self::Become => "become",
            Self::Assign => "assign",
        })
    }
}

impl fmt::Display for ActionItem {
    /// `courses.create`, `view courses`, `*`; `assign.*` is written `assign *`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(kind) = &self.kind {
            write!(f, "{} ", kind.node)?;
        }
        match &self.path {
            None => f.write_str("*"),
            Some(path) if path.names.len() == 1 => path_after(f, path, word_of_action),
            Some(path) => path_after(f, path, first_of_action),
        }
    }
}

/// The first name of a longer path of actions: the dot behind it keeps it from being mistaken.
fn first_of_action(name: &str) -> Cow<'_, str> {
    if name == "assign" { Cow::Borrowed(name) } else { word_in_head(name) }
}

impl fmt::Display for UserItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(path) => path.fmt(f),
            Self::OwnUnit => f.write_str("own unit"),
            Self::Myself => f.write_str("self"),
            Self::Holders(role) => holders_of(f, role),
        }
    }
}

impl fmt::Display for EntityItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUnit(unit) => write!(f, "in unit {unit}"),
            Self::InOwnUnit => f.write_str("in own unit"),
            Self::Id(id) => write!(f, "id {}", quoted(&id.node)),
            Self::Relation(relation) => f.write_str(&word(&relation.node)),
            Self::Labelled { labels, all } => {
                f.write_str("labelled ")?;
                for (i, label) in labels.iter().enumerate() {
                    let between = match (i, *all) {
                        (0, _) => "",
                        (_, true) => " and ",
                        (_, false) => ", ",
                    };
                    write!(f, "{between}{label}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for SubjectItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holders(role) => holders_of(f, role),
            Self::UsersIn(users) => write!(f, "users in {users}"),
            Self::Admin(admin) => write!(f, "admin {}", word(&admin.node)),
            Self::Tier(tier) => write!(f, "tier {}", word(&tier.node)),
            Self::Role(role) => write!(f, "role {}", word(&role.node)),
            Self::Myself => f.write_str("self"),
            Self::Everyone => f.write_str("everyone"),
        }
    }
}

/// Writes `holders of ROLE`.
pub(super) fn holders_of(f: &mut fmt::Formatter<'_>, role: &Name) -> fmt::Result {
    write!(f, "holders of {}", word(&role.node))
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(users) = &self.users {
            write!(f, "users in {users}")?;
        }
        if self.users.is_some() && self.entities.is_some() {
            f.write_str(" and ")?;
        }
        if let Some(entities) = &self.entities {
            write!(f, "entities {entities}")?;
        }
        Ok(())
    }
}
