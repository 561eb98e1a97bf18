//! A whole table as text, a line for each thing that it holds: the same for equal tables, and much alike for tables that are much
//! alike, so that a line-by-line comparison of two listings shows what differs.

use std::collections::BTreeSet;
use std::io::{self, Write};

use bailiwick_table::{
    Account, AccountId, AttributeType, Days, Fact, Prohibition, Right, Role, RoleId, Shown, Table, Value,
};

use super::rows::{Row, allow_row, forbid_row, role_rows};
use crate::dates::date_text;
use crate::text::visible;

/// Writes a table whole.
///
/// # Errors
/// When the output cannot be written.
pub fn write<D: AsRef<[u8]>>(table: &Table<D>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "platform {}", quoted(table.platform().unwrap_or("")))?;
    writeln!(out, "revision {}", table.revision())?;
    names(table, out)?;
    for (role, shown) in table.roles().filter_map(|role| Some((role, table.role_of(role)?))) {
        writeln!(out, "\n{}", visible(&head_of_role(table, role, &shown)))?;
        rows(out, 2, &role_rows(table, role))?;
    }
    let rules: BTreeSet<String> =
        table.rules().filter_map(|rule| Some(table.way_text(None, rule.way)?.to_string())).collect();
    section(out, rules)?;
    let forbids: BTreeSet<Row> = table.prohibitions().map(|forbid| prohibition(table, &forbid)).collect();
    if !forbids.is_empty() {
        writeln!(out)?;
    }
    rows(out, 0, &forbids.into_iter().collect::<Vec<_>>())?;
    table.accounts().try_for_each(|account| one_account(table, account, out))?;
    out.flush()
}

/// Everything that has a name.
fn names<D: AsRef<[u8]>>(table: &Table<D>, out: &mut impl Write) -> io::Result<()> {
    section(out, table.tiers().filter_map(|tier| Some(format!("tier {}", table.tier_name(tier)?))))?;
    let on = |on| if on { "on" } else { "off" };
    section(out, table.features().map(|(name, is_on)| format!("feature {name} {}", on(is_on))))?;
    section(
        out,
        table.attributes().filter_map(|attribute| {
            let (name, ty) = table.attribute_of(attribute)?;
            let values: Vec<String> =
                (0..table.value_count(attribute)).filter_map(|v| table.value_text(attribute, v)).map(quoted).collect();
            Some(match ty {
                AttributeType::Closed => format!("attribute {name} {{ {} }}", values.join(", ")),
                AttributeType::Text => format!("attribute {name} text"),
                AttributeType::Number => format!("attribute {name} number"),
            })
        }),
    )?;
    section(out, table.labels().filter_map(|label| Some(format!("label {}", table.label_path(label)?))))?;
    section(out, table.units().filter_map(|unit| Some(format!("unit {}", table.unit_path(unit)?))))?;
    section(
        out,
        table.relations().filter_map(|relation| {
            let relation = table.relation_of(relation)?;
            let to: Vec<&str> = [(relation.on_users, "users"), (relation.on_entities, "entities")]
                .iter()
                .filter_map(|(on, what)| on.then_some(*what))
                .collect();
            Some(format!("relation {} to {}", relation.name, to.join(" and ")))
        }),
    )?;
    section(
        out,
        table.actions().filter_map(|action| {
            let action = table.action_of(action)?;
            let on = match action.signature {
                bailiwick_table::Signature::Site => "the whole site",
                bailiwick_table::Signature::Entity => "an entity",
                bailiwick_table::Signature::User => "a user",
                bailiwick_table::Signature::Both => "an entity and a user",
                bailiwick_table::Signature::Account => "an account",
            };
            let signed = if action.signed { ", signed" } else { "" };
            Some(format!("action {} ({}) on {on}{signed}", action.path, action.kind.as_str()))
        }),
    )
}

/// Lines behind an empty one; nothing where there are none.
fn section(out: &mut impl Write, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    for (index, line) in lines.into_iter().enumerate() {
        if index == 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(())
}

fn head_of_role<D: AsRef<[u8]>>(table: &Table<D>, id: RoleId, role: &Role<'_>) -> String {
    let mut head = format!("{} {}", if role.profile { "profile" } else { "role" }, role.name);
    let flags = [
        (role.by_claim, "by claim"),
        (role.superuser, "super"),
        (role.ungrantable, "ungrantable"),
        (role.primary, "primary"),
    ];
    flags.iter().filter(|(set, _)| *set).for_each(|(_, word)| head += &format!(", {word}"));
    if let Some(tier) = role.tier.and_then(|tier| table.tier_name(tier)) {
        head += &format!(", tier {tier}");
    }
    for need in table.needs(id).filter_map(|need| table.role_of(need)) {
        head += &format!(", needs {}", need.name);
    }
    head
}

/// The row of a prohibition, with whom it is for: its statement may say that by the name of a group.
fn prohibition<D: AsRef<[u8]>>(table: &Table<D>, forbid: &Prohibition<'_>) -> Row {
    let row = forbid_row(table, "", forbid);
    let mut via = row.via;
    if !matches!(forbid.actors.shown(), Shown::All) {
        via += &format!(" (for actors: {})", forbid.actors);
    }
    if !matches!(forbid.unless.shown(), Shown::Nothing) {
        via += &format!(" (unless: {})", forbid.unless);
    }
    Row { via, ..row }
}

/// Rows, each on a line.
fn rows(out: &mut impl Write, indent: usize, rows: &[Row]) -> io::Result<()> {
    for row in rows {
        let part = |word: &str, text: &str| match text {
            "-" => String::new(),
            "*" => format!("; all {word}"),
            some => format!("; {word}: {some}"),
        };
        let (entities, users) = (part("entities", &row.entities), part("users", &row.users));
        let from = if row.from.is_empty() { String::new() } else { format!("; from {}", row.from) };
        let until = if row.until.is_empty() { String::new() } else { format!("; until {}", row.until) };
        let (effect, action) = (row.effect, &row.action);
        let line = format!("{effect} {action}{entities}{users}{from}{until}; by {}", row.via);
        writeln!(out, "{:indent$}{}", "", visible(&line))?;
    }
    Ok(())
}

/// An account: what is known of it, and the ways by which it has rights. What a role gives stands with the role.
fn one_account<D: AsRef<[u8]>>(table: &Table<D>, id: AccountId, out: &mut impl Write) -> io::Result<()> {
    let Some(account) = table.account_of(id) else { return Ok(()) };
    writeln!(out, "\naccount {}{}", quoted(account.login()), visible(&facts(table, account)))?;
    for way in table.ways(id) {
        let text = table.way_text(Some(id), way.way).map(|text| text.to_string()).unwrap_or_default();
        writeln!(out, "  {}", visible(&text))?;
        if table.role_of_row(way.row).is_none() {
            let own = |right: &Right<'_>| right.path.way == way.way;
            let list = table.rights(id).filter(own).map(|right| allow_row(table, "", &right, ""));
            rows(out, 4, &list.collect::<BTreeSet<Row>>().into_iter().collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

fn facts<D: AsRef<[u8]>>(table: &Table<D>, account: Account<'_>) -> String {
    let mut text = format!(", signs as {}", quoted(account.signature()));
    if !account.is_active() {
        text += ", inactive";
    }
    let Days { from, until } = account.valid();
    if from != i32::MIN {
        text += &format!(", from {}", date_text(from));
    }
    if until != i32::MAX {
        text += &format!(", until {}", date_text(until));
    }
    if let Some(unit) = account.unit().and_then(|unit| table.unit_path(unit)) {
        text += &format!(", unit {unit}");
    }
    for label in account.labels().filter_map(|label| table.label_path(label)) {
        text += &format!(", label {label}");
    }
    for attribute in table.attributes().filter(|attribute| *attribute != bailiwick_table::AttributeId::LOGIN) {
        let Some((name, _)) = table.attribute_of(attribute) else { continue };
        let value = match account.attribute(attribute) {
            Fact::Known(Value::Text(text)) => quoted(text),
            Fact::Known(Value::Number(number)) => number.to_string(),
            Fact::Known(Value::Choice(value)) => quoted(table.value_text(attribute, value).unwrap_or("?")),
            Fact::Known(Value::Outside) => "outside its values".to_owned(),
            Fact::Unset | Fact::Unknown | Fact::Absent => continue,
        };
        text += &format!(", {name} {value}");
    }
    text
}

/// A text in quotes, on one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}
