//! Cells of a table of people to what an account has.

use std::ops::Range;

use jiff::civil::Date;

use super::Resolver;
use super::columns::Column;
use super::tables::Table;
use crate::check::{bw003, bw007, bw008};
use crate::model::id::{LabelId, UnitId};
use crate::model::{Account, Assignment, FactValue};
use crate::region::Scope;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{AdminItem, Name, Period};
use crate::syntax::places::Places;
use crate::syntax::rows::{Cell, Rows};
use crate::syntax::text::{Fragment, Origin};
use crate::text::nfc;

/// How many different cells of a column are kept.
const MOST_KNOWN: usize = 65_536;

/// What a cell that was read means, wherever it stands.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// So many findings.
    Refused(usize),
    Unit(UnitId),
    Labels(Vec<LabelId>),
    Scope(Scope),
    Day(Date),
    /// Roles; their places count from the beginning of what the cell says.
    Given(Vec<Assignment>),
}

impl Resolver<'_> {
    /// What one cell says about an account.
    pub(super) fn cell<'t>(
        &mut self,
        table: &mut Table<'t>,
        rows: &Rows<'t>,
        column: usize,
        account: &mut Account,
        period: &mut Period,
    ) {
        let span = rows.cell(column).span();
        let spanned = |text: Option<String>| text.map(|text| Box::new(Spanned::new(text, span)));
        match table.columns[column].column {
            Column::Login | Column::Refused => {}
            Column::Name => account.name = self.value_of(table, rows, column),
            Column::Photo => account.photo = self.value_of(table, rows, column),
            Column::Email => account.email = spanned(self.value_of(table, rows, column)),
            Column::Phone => account.phone = spanned(self.value_of(table, rows, column)),
            Column::Id => account.id = spanned(self.value_of(table, rows, column)),
            Column::Active => account.active = self.flag(table, rows, column),
            Column::Attribute(attribute) => {
                let Some(text) = self.value_of(table, rows, column) else { return };
                let value = self.told(table, rows, column, |this| this.value(attribute, &Name::new(text, span)));
                account.attributes.extend(value.map(|value| FactValue { attribute, value }));
            }
            Column::Roles if self.plain_roles(&rows.cell(column), account) => {}
            _ => self.known_cell(table, rows, column, account, period),
        }
    }

    /// The roles of a cell, if they are plain ones; of a million cells hardly two may be alike.
    fn plain_roles(&self, cell: &Cell<'_, '_>, account: &mut Account) -> bool {
        let Some((source, start)) = cell.beside().filter(|_| !cell.text.contains('"')) else { return false };
        let before = account.assignments.len();
        account.assignments.reserve_exact(1 + memchr::memchr_iter(b';', cell.text.as_bytes()).count());
        for piece in cell.text.split(';') {
            let text = piece.trim();
            if text.is_empty() {
                continue;
            }
            let at = start + (text.as_ptr().addr() - cell.text.as_ptr().addr());
            let Some(given) = self.plain_role(text, (source, at)) else {
                account.assignments.truncate(before);
                return false;
            };
            account.assignments.push(given);
        }
        true
    }

    /// A cell that many rows may have alike: read once, then looked up.
    fn known_cell<'t>(
        &mut self,
        table: &mut Table<'t>,
        rows: &Rows<'t>,
        column: usize,
        account: &mut Account,
        period: &mut Period,
    ) {
        let cell = rows.cell(column);
        let met = table.known[column].contains_key(cell.written);
        let again =
            matches!(table.known[column].get(cell.written), Some(Known::Refused(_))) && !table.budget.is_spent();
        if !met || again {
            let known = self.read_cell(table, rows, column);
            let memo = &mut table.known[column];
            if memo.len() >= MOST_KNOWN {
                memo.clear();
            }
            memo.insert(cell.written, known);
        }
        let span = cell.span();
        match table.known[column].get(cell.written) {
            None => {}
            Some(Known::Refused(findings)) if met && !again => table.budget.count(*findings, Some(span)),
            Some(Known::Refused(_)) => {}
            Some(Known::Unit(unit)) => account.unit = Some(Spanned::new(*unit, span)),
            Some(Known::Labels(labels)) => account.labels.clone_from(labels),
            Some(Known::Scope(scope)) => account.scope = Some(Box::new(Spanned::new(scope.clone(), span))),
            Some(Known::Day(day)) if table.columns[column].column == Column::From => {
                period.from = Some(Spanned::new(*day, span));
            }
            Some(Known::Day(day)) => period.until = Some(Spanned::new(*day, span)),
            Some(Known::Given(given)) => {
                account.assignments.reserve_exact(given.len());
                account.assignments.extend(given.iter().map(|one| at(one, span.start)));
            }
        }
    }

    /// Reads a cell in the words of the language.
    fn read_cell<'t>(&mut self, table: &mut Table<'t>, rows: &Rows<'t>, column: usize) -> Known {
        let before = table.budget.total();
        let cell = rows.cell(column);
        let headed = table.columns[column].column;
        let known = self.told(table, rows, column, |this| match headed {
            Column::Unit => this.unit_cell(&cell),
            Column::Labels => this.labels_cell(&cell),
            Column::Scope => this.scope_cell(&cell),
            Column::Roles => this.given_cell(&cell, "role "),
            Column::Profile => this.given_cell(&cell, "profile "),
            _ => this.read(&cell, "", 0..cell.text.len(), |it| it.day()).map(|day| Known::Day(day.node)),
        });
        let findings = table.budget.total() - before;
        known.filter(|_| findings == 0).unwrap_or(Known::Refused(findings))
    }

    fn unit_cell(&mut self, cell: &Cell<'_, '_>) -> Option<Known> {
        let item = self.read(cell, "unit ", 0..cell.text.len(), |it| it.admin_items())?.pop()?;
        let AdminItem::Unit(path) = item else { return None };
        self.unit(&path).map(Known::Unit)
    }

    /// Labels, with `;` or `,` between them.
    fn labels_cell(&mut self, cell: &Cell<'_, '_>) -> Option<Known> {
        let mut labels = vec![];
        for piece in pieces(cell.text) {
            for path in self.read(cell, "", piece, |it| it.paths())? {
                labels.extend(self.label(&path));
            }
        }
        Some(Known::Labels(labels))
    }

    fn scope_cell(&mut self, cell: &Cell<'_, '_>) -> Option<Known> {
        let scope = self.read(cell, "", 0..cell.text.len(), |it| it.scope())?;
        Some(Known::Scope(self.scope(Some(&scope))))
    }

    /// Roles with `;` between them, or a profile, as in a line of a block.
    fn given_cell(&mut self, cell: &Cell<'_, '_>, word: &str) -> Option<Known> {
        let mut given = vec![];
        let whole = 0..cell.text.len();
        let pieces = if word == "role " { pieces(cell.text) } else { std::iter::once(whole).collect() };
        for piece in pieces {
            for item in self.read(cell, word, piece, |it| it.admin_items())? {
                let (AdminItem::Role(one) | AdminItem::Profile(one)) = &item else { continue };
                given.extend(self.assignment(one, item.to_string()));
            }
        }
        let start = cell.span().start;
        for one in &mut given {
            (one.span.start, one.span.end) = (one.span.start.saturating_sub(start), one.span.end.saturating_sub(start));
        }
        Some(Known::Given(given))
    }

    /// Reads a piece of a cell, with a word before it that the language wants there.
    fn read<T>(
        &mut self,
        cell: &Cell<'_, '_>,
        word: &str,
        piece: Range<usize>,
        read: impl FnOnce(Fragment<'_>) -> Option<T>,
    ) -> Option<T> {
        let text = format!("{word}{}", cell.text.get(piece.clone()).unwrap_or(""));
        let places: Places = cell.places(word.len(), piece.start, piece.end);
        read(Fragment::new(Origin::in_places(cell.span().source, &places), &text, self.findings))
    }

    /// What a cell says, as it stands.
    pub(super) fn value_of<'t>(&mut self, table: &mut Table<'t>, rows: &Rows<'t>, column: usize) -> Option<String> {
        let cell = rows.cell(column);
        let longest = if table.columns[column].column == Column::Name { bw007::TEXT } else { bw007::NAME };
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if cell.text.len() <= longest && plain(cell.text) {
            return Some(cell.text.to_owned());
        }
        self.told(table, rows, column, |this| {
            let unseen = cell.text.char_indices().find(|(_, c)| c.is_control() && *c != '\t');
            if let Some((start, c)) = unseen {
                let place = cell.places(0, start, start + c.len_utf8()).span(0, c.len_utf8());
                this.findings.push(bw003::character(c, place));
                return None;
            }
            if cell.text.len() > longest {
                let place = cell.span();
                let first = Span { end: place.start + 1, ..place };
                this.findings.push(bw007::long("value", cell.text, longest, first));
                return None;
            }
            Some(nfc(cell.text))
        })
    }

    fn flag<'t>(&mut self, table: &mut Table<'t>, rows: &Rows<'t>, column: usize) -> bool {
        let cell = rows.cell(column);
        let any = |words: [&str; 3]| words.iter().any(|word| cell.text.eq_ignore_ascii_case(word));
        if any(["no", "false", "0"]) {
            return false;
        }
        if !any(["yes", "true", "1"]) {
            self.told(table, rows, column, |this| {
                this.findings.push(bw008::neither_yes_nor_no(cell.text, cell.span()));
                Some(())
            });
        }
        true
    }

    /// Reads something, and says with each finding of it in which row and column it is.
    pub(super) fn told<'t, T>(
        &mut self,
        table: &mut Table<'t>,
        rows: &Rows<'t>,
        column: usize,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let others = std::mem::take(self.findings);
        let value = read(self);
        let own = std::mem::replace(self.findings, others);
        for finding in own {
            let (row, name) = (rows.number(), bw003::shown(&table.columns[column].name));
            let note = format!("row {row}, column `{name}`: `{}`", bw003::shown(rows.cell(column).text));
            table.budget.say(self.findings, finding.note(note));
        }
        value
    }
}

/// An assignment of a cell that begins at byte `start`.
fn at(given: &Assignment, start: u32) -> Assignment {
    let mut given = given.clone();
    (given.span.start, given.span.end) = (given.span.start.saturating_add(start), given.span.end.saturating_add(start));
    given
}

/// The pieces between `;`, without blanks around them and without empty ones; a `;` in quotes divides nothing.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (vec![], 0, false, false);
    let ends = text.bytes().enumerate().filter(|(_, byte)| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' => return !quoted,
            _ => {}
        }
        false
    });
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let piece = &text[start..end];
        let from = start + (piece.len() - piece.trim_start().len());
        let to = from + piece.trim().len();
        if from < to {
            pieces.push(from..to);
        }
        start = end + 1;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn semicolons_divide_outside_of_quotes() {
        let cut = |text: &'static str| pieces(text).into_iter().map(|p| &text[p]).collect::<Vec<_>>();
        assert_eq!(cut("a; b until 2026-01-01 ;;"), ["a", "b until 2026-01-01"]);
        assert_eq!(cut(r#"a reason "x; \"y;"; b"#), [r#"a reason "x; \"y;""#, "b"]);
        assert_eq!(cut(" ; "), Vec::<&str>::new());
    }
}
