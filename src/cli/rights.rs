//! `rights`: the flat rows, for people and for other systems.

use std::io::{self, Write};

use bailiwick_table::{AccountId, RoleId, Table};

use super::args::{RightsArgs, RowFormat};
use super::output::{Terminal, quiet};
use super::policy::Asked;
use super::{End, Ended, Failure};
use crate::query::{Row, account_rows, role_rows};
use crate::text::{did_you_mean, fold_login, quoted_list, visible};

/// Lists the rows of one account or role, or of all.
pub(super) fn run(args: &RightsArgs, terminal: &Terminal) -> Ended {
    let Some(asked) = Asked::open(&args.ask.policy, terminal)? else { return Ok(End::CouldNot) };
    let table = &asked.table;
    let mut out: Box<dyn Write> = match args.format {
        RowFormat::Text => Box::new(terminal.out()),
        RowFormat::Csv | RowFormat::Json => Box::new(terminal.exact_out()),
    };
    if args.roles {
        let roles = roles(table, args.who.as_deref())?;
        quiet(write(&mut out, args.format, roles.into_iter().map(|role| role_rows(table, role))))?;
    } else {
        let accounts = accounts(table, args.who.as_deref())?;
        quiet(write(&mut out, args.format, accounts.into_iter().map(|account| account_rows(table, account))))?;
    }
    Ok(End::Well)
}

fn roles(table: &Table<Vec<u8>>, who: Option<&str>) -> Result<Vec<RoleId>, Failure> {
    let Some(name) = who else { return Ok(table.roles().collect()) };
    let known = || table.roles().filter_map(|r| table.role_of(r)).map(|r| r.name);
    table.role(name).map(|role| vec![role]).ok_or_else(|| nobody("role", name, known()))
}

fn accounts(table: &Table<Vec<u8>>, who: Option<&str>) -> Result<Vec<AccountId>, Failure> {
    let Some(login) = who else { return Ok(table.accounts().collect()) };
    let folded = fold_login(login);
    let known = || table.accounts().filter_map(|a| table.account_of(a)).map(bailiwick_table::Account::login);
    let login_of = bailiwick_table::Login::ascii(&folded).or_else(|| bailiwick_table::Login::folded(&folded));
    let found = login_of.and_then(|l| table.account(l));
    found.map(|account| vec![account]).ok_or_else(|| nobody("account with the login", login, known()))
}

fn nobody<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let failure = Failure::new(format!("there is no {what} `{name}`"));
    let near = did_you_mean(name, known);
    if near.is_empty() { failure } else { failure.help(format!("did you mean {}?", quoted_list(near, "or"))) }
}

/// Writes rows as they come: a million accounts need no more memory than one.
fn write(out: &mut impl Write, format: RowFormat, rows: impl Iterator<Item = Vec<Row>>) -> io::Result<()> {
    if format == RowFormat::Csv {
        writeln!(out, "subject,action,effect,entities,users,from,until,via")?;
    }
    for (index, rows) in rows.enumerate() {
        match format {
            RowFormat::Text => text(out, index, &rows)?,
            RowFormat::Csv => rows.iter().try_for_each(|row| csv(out, row))?,
            RowFormat::Json => rows.iter().try_for_each(|row| {
                serde_json::to_writer(&mut *out, row)?;
                writeln!(out)
            })?,
        }
    }
    out.flush()
}

/// A block for each subject, its columns aligned.
fn text(out: &mut impl Write, index: usize, rows: &[Row]) -> io::Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    if index > 0 {
        writeln!(out)?;
    }
    writeln!(out, "{}", visible(&first.subject))?;
    let width = |column: fn(&Row) -> &str| rows.iter().map(|r| visible(column(r)).chars().count()).max().unwrap_or(0);
    let action = width(|r| &r.action);
    for row in rows {
        writeln!(out, "  {:<6} {:<action$}  {}", row.effect, visible(&row.action), visible(&on(row)))?;
        writeln!(out, "         {:<action$}    by {}", "", visible(&row.via))?;
    }
    Ok(())
}

/// The region and the days of a row, in words.
fn on(row: &Row) -> String {
    let mut parts = vec![];
    match row.entities.as_str() {
        "-" => {}
        "*" => parts.push("all entities".to_owned()),
        some => parts.push(format!("entities: {some}")),
    }
    match row.users.as_str() {
        "-" => {}
        "*" => parts.push("all users".to_owned()),
        some => parts.push(format!("users: {some}")),
    }
    let mut text = if parts.is_empty() { "the whole site".to_owned() } else { parts.join(" and ") };
    if !row.from.is_empty() {
        text += &format!(" from {}", row.from);
    }
    if !row.until.is_empty() {
        text += &format!(" until {}", row.until);
    }
    text
}

fn csv(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let effect = row.effect.to_string();
    let cells = [&row.subject, &row.action, &effect, &row.entities, &row.users, &row.from, &row.until, &row.via]
        .map(|c| cell(c));
    writeln!(out, "{}", cells.join(","))
}

/// A cell as RFC 4180 writes it.
fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
