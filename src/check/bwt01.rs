//! # BWT01 deleted while it is held or used
//!
//! ## What
//! A profile, role, group, label or feature that the old policy declares is gone from the new one, and something there still names it:
//! an account that holds it (inactive ones count), another role, a rule, a condition. Every holder is named.
//!
//! ## Why
//! Deleting is for good. Whoever still holds what is deleted would be left with nothing, or with what nobody decided on; and the new
//! policy cannot be compiled, since it names what is not there.
//!
//! ## Example
//! ```bw
//! admin pat { profile viewer }            // the block `profile viewer { ... }` has been taken out
//! ```
//!
//! ## How to fix
//! First give each holder another profile or role, and take the name out of the rules; then delete. If it was only renamed, write the
//! new name in these places.

use super::bw105;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::change::Declared;
use crate::diff::declared::{Word, words};
use crate::diff::transition::Transition;
use crate::source::{SourceKind, Span};
use crate::syntax::ast::{AdminItem, DeclKind};
use crate::syntax::print::word;
use crate::syntax::rows::Rows;

/// Its code.
pub const CODE: Code = Code("BWT01");
/// The nouns of what is looked for.
const NOUNS: [&str; 5] = ["role", "profile", "group", "label", "feature"];
/// How many places are shown; all holders are named all the same.
const MOST_SHOWN: usize = 8;

/// A place that names something which is gone.
struct Use {
    /// Who or what names it.
    who: String,
    inactive: bool,
    /// An account holds it, by a role or a label.
    held: bool,
    span: Span,
}

/// Looks for uses of every name that is gone.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let gone = transition.declared.iter().filter(|it| NOUNS.contains(&it.noun));
    let gone: Vec<(&Declared, &str)> = gone.filter_map(|it| Some((it, it.before.as_deref()?))).collect();
    if gone.is_empty() {
        return;
    }
    let mut uses: Vec<Vec<Use>> = gone.iter().map(|_| vec![]).collect();
    in_declarations(transition, &gone, &mut uses);
    in_tables(transition, &gone, &mut uses);
    for ((declared, name), mut uses) in gone.iter().zip(uses) {
        uses.sort_by(|a, b| a.who.cmp(&b.who));
        if !uses.is_empty() {
            findings.push(finding(transition, declared, name, &uses));
        }
    }
}

/// The last name of a path.
fn own(path: &str) -> String {
    words(path).into_iter().filter_map(Word::name).next_back().unwrap_or_default()
}

/// Names in declarations that compiling did not find.
fn in_declarations(transition: &Transition<'_>, gone: &[(&Declared, &str)], uses: &mut [Vec<Use>]) {
    let view = &transition.new.view;
    let unknown = view.outcome.findings.iter().filter(|f| f.code == bw105::CODE);
    for finding in unknown {
        let Some(span) = finding.span().filter(|span| !view.is_row(*span)) else { continue };
        let Some((what, name)) = named(&finding.message) else { continue };
        for (place, (declared, gone)) in gone.iter().enumerate() {
            let noun = if declared.noun == "profile" { "role" } else { declared.noun };
            let wanted = if noun == "label" { own(gone) } else { (*gone).to_owned() };
            let written = if noun == "label" { own(name) } else { name.to_owned() };
            if what.split([',', ' ']).any(|word| word == noun) && wanted == written {
                uses[place].push(used(transition, span));
            }
        }
    }
}

/// What was looked for, and its name, of a message such as "there is no role `x`".
fn named(message: &str) -> Option<(&str, &str)> {
    let (what, rest) = message.strip_prefix("there is no ")?.split_once(" `")?;
    Some((what, rest.strip_suffix('`')?))
}

/// Who names something at this place.
fn used(transition: &Transition<'_>, span: Span) -> Use {
    let within = |outer: Span| outer.source == span.source && outer.start <= span.start && span.end <= outer.end;
    let decl = transition.new.view.decls().find(|decl| within(decl.span));
    match decl.map(|decl| &decl.kind) {
        Some(DeclKind::Admin(admin)) => {
            let item = admin.body.iter().find(|item| within(item.span)).map(|item| &item.node);
            let held = matches!(item, Some(AdminItem::Role(_) | AdminItem::Profile(_) | AdminItem::Labels(_)));
            let inactive = admin.body.iter().any(|item| matches!(item.node, AdminItem::Inactive));
            Use { who: admin.name.node.clone(), inactive, held, span }
        }
        Some(kind) => {
            let who = match kind {
                DeclKind::Role(role) if role.profile => format!("profile {}", word(&role.name.node)),
                DeclKind::Role(role) => format!("role {}", word(&role.name.node)),
                kind => kind.to_string().lines().next().unwrap_or("").trim_end_matches(" {").to_owned(),
            };
            Use { who, inactive: false, held: false, span }
        }
        None => Use { who: transition.new.line(span), inactive: false, held: false, span },
    }
}

/// Names in tables of people, where compiling shows some of many.
fn in_tables(transition: &Transition<'_>, gone: &[(&Declared, &str)], uses: &mut [Vec<Use>]) {
    let sources = transition.new.view.sources;
    for (id, source) in sources.iter().filter(|(_, source)| source.kind == SourceKind::People) {
        if !transition.new.model().tables.contains(&id) {
            continue;
        }
        let mut rows = Rows::of(id, source);
        if !matches!(rows.advance(), Ok(true)) {
            continue;
        }
        let heads: Vec<String> = (0..rows.len()).map(|column| rows.cell(column).text.to_ascii_lowercase()).collect();
        let column = |name: &str| heads.iter().position(|head| head == name);
        let (login, active) = (column("login").unwrap_or(0), column("active"));
        while matches!(rows.advance(), Ok(true)) {
            for (place, (declared, name)) in gone.iter().enumerate() {
                let columns: &[&str] = match declared.noun {
                    "role" | "profile" => &["roles", "profile"],
                    "label" => &["labels", "scope"],
                    "group" => &["scope", "roles", "profile"],
                    _ => &[],
                };
                let cells = columns.iter().filter_map(|name| column(name)).map(|column| rows.cell(column));
                if let Some(cell) = cells.into_iter().find(|cell| names(cell.text, declared.noun, &own(name))) {
                    let off = active.is_some_and(|column| {
                        ["no", "false", "0"].iter().any(|word| rows.cell(column).text.eq_ignore_ascii_case(word))
                    });
                    let who = rows.cell(login).text.to_owned();
                    uses[place].push(Use { who, inactive: off, held: declared.noun != "group", span: cell.span() });
                }
            }
        }
    }
}

/// Whether a cell names it: a role where one is given, anything else anywhere.
fn names(cell: &str, noun: &str, own: &str) -> bool {
    if !cell.contains(own) {
        return false;
    }
    let has = |piece: &str, first: bool| {
        let names = words(piece).into_iter().filter_map(Word::name);
        names.take(if first { 1 } else { usize::MAX }).any(|name| name == own)
    };
    if matches!(noun, "role" | "profile") { cell.split(';').any(|piece| has(piece, true)) } else { has(cell, false) }
}

fn finding(transition: &Transition<'_>, declared: &Declared, name: &str, uses: &[Use]) -> Finding {
    let noun = declared.noun;
    let holders: Vec<String> = uses.iter().filter(|it| it.held).map(shown).collect();
    let others: Vec<String> = uses.iter().filter(|it| !it.held).map(shown).collect();
    let role = matches!(noun, "role" | "profile");
    let mut parts = vec![];
    if !holders.is_empty() {
        let verb = match (role, holders.len()) {
            (true, 1) => "holds",
            (true, _) => "hold",
            (false, 1) => "bears",
            (false, _) => "bear",
        };
        parts.push(format!("{} still {verb} it", some(&holders)));
    }
    if !others.is_empty() {
        let verb = if others.len() == 1 { "names" } else { "name" };
        parts.push(format!("{} still {verb} it", some(&others)));
    }
    let now = declared.after.as_deref();
    let what = if now.is_some() { "renamed" } else { "deleted" };
    let message = format!("the {noun} `{name}` is {what}, but {}", parts.join(" and "));
    let mut finding = Finding::new(CODE, Severity::Error, message);
    for one in uses.iter().take(MOST_SHOWN) {
        finding = finding.at(one.span, if one.held { "held here" } else { "named here" });
    }
    if uses.len() > MOST_SHOWN {
        let all: Vec<String> = holders.iter().chain(&others).cloned().collect();
        finding = finding.note(format!("all of them: {}", all.join(", ")));
    }
    if let Some(line) = declared_at(transition, noun, name) {
        finding = finding.note(format!("declared in the old policy, in {line}"));
    }
    finding.help(match now {
        Some(now) => format!("write `{now}` in these places, or keep the name"),
        None if role && !holders.is_empty() => {
            format!("keep the {noun} until each of them has another, or take it away from them in the same change")
        }
        None => format!("keep the {noun} until nothing names it, or take its name out of these places too"),
    })
}

/// Three of many.
fn some(all: &[String]) -> String {
    match all {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        many => format!("{}, {}, {} and {} more", many[0], many[1], many[2], many.len() - 3),
    }
}

fn shown(one: &Use) -> String {
    format!("`{}`{}", one.who, if one.inactive { " (inactive)" } else { "" })
}

/// Where the old policy declares it.
fn declared_at(transition: &Transition<'_>, noun: &str, name: &str) -> Option<String> {
    let model = transition.old.model();
    let span = match noun {
        "role" | "profile" => model.roles.iter().find(|it| it.name == name)?.span,
        "group" => model.groups.iter().find(|it| it.name == name)?.span,
        "label" => model.labels.nodes.iter().find(|it| it.path == name)?.span,
        _ => model.features.iter().find(|it| it.name == name)?.span,
    };
    Some(transition.old.line(span))
}
