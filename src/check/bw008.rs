//! # BW008 a table of people that cannot be read
//!
//! ## What
//! The file behind `admins from` is not there, is no relative path, leads out of the policy's folder (also by a symbolic link), is no
//! UTF-8 text or has no header; a column has no name, a name that is not known, or one that another column has too; the column
//! `login` is missing; a row has more or fewer cells than the header, no login, or quotes that are not in order; `active` says
//! neither yes nor no; the tables of a policy name more than 4,000,000 people.
//!
//! A table with a header alone names nobody, and that is no mistake. Neither are a byte-order mark, line ends of any kind, empty
//! lines, rows of empty cells, and blanks around a cell.
//!
//! ## Why
//! A row that slips by one cell would give somebody the rights of the next column. So nothing in a table is guessed, and no row is
//! passed over.
//!
//! ## Example
//! ```csv
//! login,roles,departement
//! pat,learner,sales
//! ```
//! The attribute is called `department`.
//!
//! ## How to fix
//! Write the first row as `login,name,email,roles` and so on, with the columns `login`, `name`, `email`, `phone`, `id`, `photo`, `unit`,
//! `profile`, `roles`, `scope`, `labels`, `active`, `from`, `until` and the declared attributes in any order. A cell with a comma, a
//! quote or a line end stands in quotes, and a quote inside it is doubled. At most 100 mistakes of a table are shown, the others are
//! counted.

use super::bw003::shown;
use crate::diagnostic::{Code, Finding};
use crate::paths::Astray;
use crate::source::Span;
use crate::text::{count, did_you_mean, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW008");

/// A path that cannot be one of the policy's folder.
#[must_use]
pub fn astray(path: &str, why: Astray, span: Span) -> Finding {
    let (text, help) = match why {
        Astray::Absolute => {
            ("is not relative to this file", "write it relative to the file it stands in: `people.csv`")
        }
        Astray::Backslash => ("has a `\\` in it", "write `/` between folders, on every system"),
        Astray::Outside => (
            "leads out of the policy's folder",
            "keep the table beside the policy: what decides about rights is kept together",
        ),
    };
    Finding::fatal(CODE, format!("the path `{}` {text}", shown(path))).at(span, "").help(help)
}

/// A table that could not be had.
#[must_use]
pub fn absent(path: &str, why: Option<&str>, span: Span) -> Finding {
    let why = why.map_or(String::new(), |why| format!(": {why}"));
    Finding::fatal(CODE, format!("cannot read the table of people `{}`{why}", shown(path)))
        .at(span, "named here")
        .help("the path is relative to the file it stands in")
}

/// A table that two declarations name.
#[must_use]
pub fn twice(first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, "this table of people is read twice")
        .at(second, "named again")
        .at(first, "first named here")
        .help("keep one of the two declarations")
}

/// A table without any row.
#[must_use]
pub fn empty(span: Span) -> Finding {
    Finding::fatal(CODE, "this table of people has no header")
        .at(span, "empty")
        .help("name the columns in the first row, `login,name,roles`; a table that names nobody has that row alone")
}

/// No column `login`.
#[must_use]
pub fn no_login_column(header: &str, span: Span) -> Finding {
    let finding = Finding::fatal(CODE, "this table of people has no column `login`").at(span, "the columns");
    let other = [(';', "`;`"), ('\t', "tabs")].into_iter().find(|(sign, _)| header.contains(*sign));
    finding.help(match other {
        Some((_, name)) => format!("cells are separated by commas, and here {name} seem to separate them"),
        None => "name the columns in the first row; an account is known by its login, so that column must be there"
            .to_owned(),
    })
}

/// A column that is neither built in nor an attribute.
#[must_use]
pub fn unknown_column<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, span: Span) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    let near = did_you_mean(name, known.iter().copied());
    let help = if near.is_empty() {
        "declare it as an attribute, or take the column away".to_owned()
    } else {
        format!("did you mean {}?", quoted_list(near, "or"))
    };
    Finding::fatal(CODE, format!("a table of people has no column `{}`", shown(name)))
        .at(span, "neither a column nor a declared attribute")
        .help(help)
}

/// A column without a name.
#[must_use]
pub fn unnamed_column(number: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("column {number} has no name")).at(span, "empty").help("name it, or take it away")
}

/// Two columns of one name.
#[must_use]
pub fn column_twice(name: &str, first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, format!("the column `{}` is there twice", shown(name)))
        .at(second, "again")
        .at(first, "the first one")
        .help("keep one of the two")
}

/// A row with another number of cells than the header.
#[must_use]
pub fn cells(row: usize, has: usize, wanted: usize, span: Span) -> Finding {
    let text = format!("row {row} has {}, and the header names {wanted}", count(has, "cell", "cells"));
    Finding::fatal(CODE, text).at(span, if has > wanted { "one too many" } else { "too short" }).help(if has > wanted {
        "a cell with a comma in it stands in quotes"
    } else {
        "write every comma, also those between empty cells"
    })
}

/// A row without a login.
#[must_use]
pub fn no_login(row: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("row {row} has no login"))
        .at(span, "an account is known by its login")
        .help("fill the cell `login`, or delete the row")
}

/// More rows than the tables of a policy may have in all.
#[must_use]
pub fn too_many(row: usize, most: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("row {row} is one more than the {most} people that tables may name"))
        .at(span, "one too many")
        .help("name those who administer something; others present their roles with each question, by a role that is `by claim`")
}

/// A quote without its end.
#[must_use]
pub fn unclosed_quote(row: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("the quote that begins a cell in row {row} is never closed"))
        .at(span, "everything behind it would be this cell")
        .help(
            "write a quote behind the cell; a quote that belongs to the text is doubled and its cell stands in quotes",
        )
}

/// `"abc"d`.
#[must_use]
pub fn behind_quote(row: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("in row {row} there is text behind the closing quote of a cell"))
        .at(span, "closed here")
        .help("a comma or a line end follows a closing quote; a quote that belongs to the text is doubled")
}

/// ` "abc"`.
#[must_use]
pub fn before_quote(row: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("in row {row} there are blanks before the opening quote of a cell"))
        .at(span, "the comma must stand directly before the quote")
        .help("take the blanks away: the quotes would count as text, and a comma between them as the cell's end")
}

/// `active` with another word.
#[must_use]
pub fn neither_yes_nor_no(text: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` says neither yes nor no", shown(text)))
        .at(span, "not a flag")
        .help("write `yes`, `true` or `1`, or `no`, `false` or `0`; an empty cell means yes")
}

/// There is more to mend than is shown; `all` when every row was looked at.
#[must_use]
pub fn more(number: usize, all: bool, first: Span) -> Finding {
    let least = if all { "" } else { "at least " };
    let mistakes = count(number, "more mistake", "more mistakes");
    Finding::fatal(CODE, format!("{least}{mistakes} in this table of people")).at(first, "the next one").help(if all {
        "mend those above first: mostly they are alike"
    } else {
        "mend those above first: mostly they are alike; the rest of the table was not looked at"
    })
}
