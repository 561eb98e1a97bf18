//! # BW109 a title that misses a language, or that another role has too
//!
//! ## What
//! A role or profile has titles in some of the languages that the platform declares and none for another. A title without a language
//! serves all of them; a role without any title is shown by its name, in every language. Or two roles, or two profiles, are shown with
//! the same title in one language; titles compare exactly, after Unicode NFC and without blanks around them.
//!
//! ## Why
//! Whoever gives a role to an account picks it by its title. One that is missing cannot be read, and of two equal ones the wrong one is
//! picked sooner or later.
//!
//! ## Example
//! ```bw
//! platform acme { languages en, pl }
//! profile analyst { label en "Analyst" }                           // and in Polish?
//! profile analyst_fi { label en "Analyst"; label pl "Analityk" }   // two "Analyst"s
//! ```
//!
//! ## How to fix
//! Write `label pl "..."`, or one title for all languages behind the name; give each role a title of its own.

use std::collections::BTreeMap;

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Model, Role};
use crate::source::Span;
use crate::text::{nfc, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW109");

/// Looks at the titles of every role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    for role in &model.roles {
        let absent: Vec<&str> = languages(model).into_iter().flatten().filter(|l| title(role, Some(l)).is_none()).collect();
        if !role.labels.is_empty() && !absent.is_empty() {
            findings.push(missing(role, &absent));
        }
    }
    for ((text, [first, second]), seen) in equal(model) {
        findings.push(twice(model, &text, (first, second), &seen));
    }
}

/// The languages to look at: those of the platform, else those of the titles; none stands for a title without a language.
fn languages(model: &Model) -> Vec<Option<&str>> {
    let declared = &model.platform.languages;
    if !declared.is_empty() {
        return declared.iter().map(|l| Some(l.as_str())).collect();
    }
    let used = model.roles.iter().flat_map(|r| r.labels.iter().filter_map(|(l, _)| l.as_deref()));
    let mut all: Vec<&str> = used.collect();
    all.sort_unstable();
    all.dedup();
    std::iter::once(None).chain(all.into_iter().map(Some)).collect()
}

/// What a role is shown as in a language, and where that is written.
fn title<'m>(role: &'m Role, language: Option<&str>) -> Option<(&'m str, Span)> {
    let of = |wanted: Option<&str>| role.labels.iter().find(|(l, _)| l.as_deref() == wanted);
    let (_, text) = of(language).or_else(|| of(None))?;
    Some((text.node.trim(), text.span))
}

/// Where a title stands twice: (the title, two places), and in which languages. Of more than two each is told with the one before.
fn equal(model: &Model) -> BTreeMap<(String, [Span; 2]), Vec<Option<&str>>> {
    let mut equal: BTreeMap<(String, [Span; 2]), Vec<Option<&str>>> = BTreeMap::new();
    for language in languages(model) {
        let mut shown: Vec<(bool, String, Span)> = vec![];
        for role in &model.roles {
            shown.extend(title(role, language).map(|(text, span)| (role.profile, nfc(text), span)));
        }
        shown.sort();
        for pair in shown.windows(2) {
            if let [(kind, text, first), (other, same, second)] = pair
                && (kind, text) == (other, same)
            {
                equal.entry((text.clone(), [*first, *second])).or_default().push(language);
            }
        }
    }
    equal
}

fn missing(role: &Role, absent: &[&str]) -> Finding {
    let kind = if role.profile { "profile" } else { "role" };
    let place = role.labels.first().map_or(role.span, |(_, text)| text.span);
    let list = quoted_list(absent.iter().copied(), "and");
    Finding::new(CODE, Severity::Warning, format!("the {kind} `{}` has no title in {list}", role.name))
        .at(role.span, format!("no title in {list}"))
        .at(place, "a title in another language")
        .help("write `label LANGUAGE \"...\"` for each, or one title for all languages behind the name")
}

fn twice(model: &Model, text: &str, (first, second): (Span, Span), seen: &[Option<&str>]) -> Finding {
    let named = |span: Span| model.roles.iter().find(|r| r.labels.iter().any(|(_, t)| t.span == span));
    let names = [first, second].into_iter().filter_map(named).map(|r| r.name.as_str());
    let list = quoted_list(names, "and");
    let kind = if named(first).is_some_and(|r| r.profile) { "profiles" } else { "roles" };
    let within = match seen.iter().copied().collect::<Option<Vec<&str>>>() {
        Some(some) if some.len() < model.platform.languages.len() || model.platform.languages.is_empty() => {
            format!(" in {}", quoted_list(some, "and"))
        }
        _ => String::new(),
    };
    Finding::new(CODE, Severity::Warning, format!("the {kind} {list} are both called `{text}`{within}"))
        .at(second, "the same title")
        .at(first, "as here")
        .help("give one of them a title of its own: people pick a role by its title")
}
