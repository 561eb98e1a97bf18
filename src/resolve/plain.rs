//! Roles of the plainest shape in a table of people, read by hand: `operator on entities in unit helsinki, in unit oulu`.
//!
//! A table may have millions of rows, hardly two of them alike. What is not quite plain is left to the grammar, which alone decides
//! what is right and says what is wrong; a test holds the two against each other.

use super::Resolver;
use crate::lower::rights::Days;
use crate::model::id::{RoleId, UnitId};
use crate::model::units::Units;
use crate::model::{Assignment, On};
use crate::source::{SourceId, Span};
use crate::syntax::text::plain_word;

impl Resolver<'_> {
    /// The assignment that a text says which begins at this byte of a source, if it is a plain one: a role, and few units, each by its
    /// own name, in the spacing of the canonical text.
    pub(super) fn plain_role(&self, text: &str, (source, at): (SourceId, usize)) -> Option<Assignment> {
        let (name, rest) = plain_word(text)?;
        let role = RoleId(self.roles.get(name)?);
        let on = match rest {
            "" => On::Everywhere,
            rest => self.plain_units(rest)?,
        };
        let span = Span::new(source, at, at + name.len());
        let profile = self.model.roles.get(role.index())?.profile;
        (!profile).then_some(Assignment { role, on, days: Days::ALWAYS, reason: None, said: None, span })
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
            let shared = users && (self.groups.get(name).is_some() || self.relations.get(name).is_some());
            let unit = self.units.only(name).filter(|_| !shared)?;
            units = units.with(UnitId(unit))?;
            if behind.is_empty() {
                return Some(On::Units { users, units });
            }
            rest = behind.strip_prefix(between)?;
        }
    }
}
