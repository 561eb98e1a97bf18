//! Roles of the plainest shape in a table of people, read by hand: `operator on entities in unit helsinki, in unit oulu`.
//!
//! A table may have millions of rows, hardly two of them alike. What is not quite plain is left to the grammar, which alone decides
//! what is right and says what is wrong; a test holds the two against each other.

use rustc_hash::FxHashMap;

use super::Resolver;
use super::forests::Grove;
use super::names::Namespace;
use crate::lower::rights::Days;
use crate::model::id::{RoleId, UnitId};
use crate::model::units::Units;
use crate::model::{Assignment, On};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, EntityItem, Items, Name, Path, Set, UserItem};
use crate::syntax::text::plain_word;

/// Names of few characters by one number each: what a million rows look up.
#[derive(Debug, Default)]
pub(super) struct Short {
    roles: ShortNames,
    units: ShortNames,
}

#[derive(Debug, Default)]
struct ShortNames(FxHashMap<u128, u32>);

impl Short {
    /// The roles and the units that have a name of their own.
    pub(super) fn new(roles: &Namespace, units: &Grove) -> Self {
        let roles = (0_u32..).zip(roles.names()).map(|(id, name)| (name, id));
        let units = units.names().filter_map(|name| Some((name, units.only(name)?)));
        Self { roles: ShortNames::of(roles), units: ShortNames::of(units) }
    }
}

impl ShortNames {
    fn of<'n>(names: impl Iterator<Item = (&'n str, u32)>) -> Self {
        Self(names.filter_map(|(name, id)| Some((packed(name)?, id))).collect())
    }

    fn get(&self, name: &str, long: impl FnOnce() -> Option<u32>) -> Option<u32> {
        packed(name).map_or_else(long, |name| self.0.get(&name).copied())
    }
}

/// A name of at most fifteen bytes and its length as a number.
fn packed(name: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    let (length, characters) = bytes.split_first_mut()?;
    *length = u8::try_from(name.len()).ok()?;
    characters.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

impl Resolver<'_> {
    /// The assignment that a text says which begins at this byte of a source, if it is a plain one: a role, and few units, each by its
    /// own name, in the spacing of the canonical text.
    pub(super) fn plain_role(&self, text: &str, (source, at): (SourceId, usize)) -> Option<Assignment> {
        let (name, rest) = plain_word(text)?;
        let role = RoleId(self.short.roles.get(name, || self.roles.get(name))?);
        let on = match rest {
            "" => On::Everywhere,
            rest => self.plain_units(rest)?,
        };
        let span = Span::new(source, at, at + name.len());
        let profile = self.model.roles.get(role.index())?.profile;
        (!profile).then_some(Assignment { role, on, days: Days::ALWAYS, said: None, span })
    }

    /// The same from the tree, where its text is the canonical one of a plain assignment.
    pub(super) fn plain_given(&self, given: &ast::Assignment) -> Option<Assignment> {
        let ast::Assignment { role, on, period, reason } = given;
        let id = RoleId(self.roles.get(plain(role)?)?);
        let limited = period.from.is_some() || period.until.is_some() || reason.is_some();
        if limited || self.model.roles.get(id.index())?.profile {
            return None;
        }
        let on = match on.as_deref() {
            None => On::Everywhere,
            Some(ast::Scope { users: None, entities: Some(set), .. }) => {
                self.plain_set(set, false, |item| match item {
                    EntityItem::InUnit(path) => Some(path),
                    _ => None,
                })?
            }
            Some(ast::Scope { users: Some(set), entities: None, .. }) => {
                self.plain_set(set, true, |item| match item {
                    UserItem::Named(path) => Some(path),
                    _ => None,
                })?
            }
            Some(_) => return None,
        };
        Some(Assignment { role: id, on, days: Days::ALWAYS, said: None, span: role.span })
    }

    fn plain_set<T>(&self, set: &Set<T>, users: bool, path: impl Fn(&T) -> Option<&Path>) -> Option<On> {
        let Items::Listed(items) = &set.items else { return None };
        if !set.except.is_empty() {
            return None;
        }
        let mut units = Units::NONE;
        for item in items {
            let [name] = path(&item.node)?.names.as_slice() else { return None };
            units = units.with(self.plain_unit(plain(name)?, users)?)?;
        }
        Some(On::Units { users, units })
    }

    /// The unit of this name, if nothing else can be meant.
    fn plain_unit(&self, name: &str, users: bool) -> Option<UnitId> {
        let shared = users && (self.groups.get(name).is_some() || self.relations.get(name).is_some());
        if shared { None } else { self.short.units.get(name, || self.units.only(name)).map(UnitId) }
    }

    fn plain_units(&self, text: &str) -> Option<On> {
        let (users, mut rest) = match text.strip_prefix(" on entities in unit ") {
            Some(rest) => (false, rest),
            None => (true, text.strip_prefix(" on users in ")?),
        };
        let between = if users { ", " } else { ", in unit " };
        let mut units = Units::NONE;
        loop {
            let (name, behind) = plain_word(rest)?;
            units = units.with(self.plain_unit(name, users)?)?;
            if behind.is_empty() {
                return Some(On::Units { users, units });
            }
            rest = behind.strip_prefix(between)?;
        }
    }
}

/// A name that is written as it is.
fn plain(name: &Name) -> Option<&str> {
    plain_word(&name.node).filter(|(_, rest)| rest.is_empty()).map(|(word, _)| word)
}
