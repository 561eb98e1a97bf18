//! The header of a table of people: what each column holds.

use rustc_hash::FxHashMap;

use super::Resolver;
use super::tables::Budget;
use crate::check::{bw007, bw008, bw107};
use crate::model::id::AttributeId;
use crate::source::Spanned;
use crate::syntax::rows::{Cell, Rows};
use crate::text::nfc;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Login,
    Name,
    Email,
    Phone,
    Id,
    Photo,
    Unit,
    Profile,
    Roles,
    Scope,
    Labels,
    Active,
    From,
    Until,
    Attribute(AttributeId),
    /// Something that was refused: its cells are passed over.
    Refused,
}

/// The columns that every table may have.
const BUILT_IN: [(&str, Column); 14] = [
    ("login", Column::Login),
    ("name", Column::Name),
    ("email", Column::Email),
    ("phone", Column::Phone),
    ("id", Column::Id),
    ("photo", Column::Photo),
    ("unit", Column::Unit),
    ("profile", Column::Profile),
    ("roles", Column::Roles),
    ("scope", Column::Scope),
    ("labels", Column::Labels),
    ("active", Column::Active),
    ("from", Column::From),
    ("until", Column::Until),
];

/// A column with its name.
#[derive(Debug)]
pub(super) struct Headed {
    pub(super) name: String,
    pub(super) column: Column,
}

impl Resolver<'_> {
    /// The columns that the first row names; none without the one for logins.
    pub(super) fn columns(&mut self, rows: &Rows<'_>, budget: &mut Budget) -> Option<Vec<Headed>> {
        if rows.len() == 1 && rows.cell(0).text.contains([';', '\t']) {
            budget.say(self.findings, bw008::no_login_column(rows.cell(0).text, rows.span()));
            return None;
        }
        let mut columns = Vec::with_capacity(rows.len());
        let mut seen = FxHashMap::default();
        for index in 0..rows.len() {
            let cell = rows.cell(index);
            let name = nfc(cell.text);
            let mut column = self.column(&name, index, &cell, budget);
            if column != Column::Refused
                && let Some(first) = seen.insert(name.clone(), cell.span())
            {
                budget.say(self.findings, bw008::column_twice(&name, first, cell.span()));
                column = Column::Refused;
            }
            columns.push(Headed { name, column });
        }
        if !columns.iter().any(|c| c.column == Column::Login) {
            budget.say(self.findings, bw008::no_login_column("", rows.span()));
            return None;
        }
        Some(columns)
    }

    fn column(&mut self, name: &str, index: usize, cell: &Cell<'_, '_>, budget: &mut Budget) -> Column {
        if let Some((_, column)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return *column;
        }
        let finding = if name.is_empty() {
            bw008::unnamed_column(index + 1, cell.span())
        } else if name.len() > bw007::NAME {
            bw007::long("name", name, bw007::NAME, cell.span())
        } else if bw107::is_secret(name) {
            bw107::in_admin(&Spanned::new(name.to_owned(), cell.span()))
        } else if let Some(id) = self.attributes.get(name) {
            return Column::Attribute(AttributeId(id));
        } else {
            let attributes = self.attributes.names().skip(4);
            bw008::unknown_column(name, BUILT_IN.iter().map(|(known, _)| *known).chain(attributes), cell.span())
        };
        budget.say(self.findings, finding);
        Column::Refused
    }
}
