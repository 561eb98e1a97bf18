//! Rules and requirements, lints and tests.

use super::lead::{Carried, alone_or_under, lead};
use crate::syntax::ast::{Decl, DeclKind, Exception, Lint, Test};
use crate::syntax::format::yaml::tree::{Entry, Remark, Value};
use crate::syntax::print::name::quoted;

/// A rule that is an item of a list: its text without the word that the section has.
pub(super) fn rule(kind: &DeclKind, decl: &Decl) -> Entry {
    let (word, text) = match kind {
        DeclKind::People(people) => return Entry::item(alone_or_under("from", Value::said(&*people.path.node), decl)),
        DeclKind::Responsible(name) => return Entry::item(alone_or_under("rule", Value::said(&*name.node), decl)),
        DeclKind::Forbid(it) => ("forbid ", it.to_string()),
        DeclKind::Transfer(it) => ("transfer ", it.to_string()),
        DeclKind::Quota(it) => ("quota ", it.to_string()),
        DeclKind::Separate(it) => ("separate ", it.to_string()),
        DeclKind::Assertion(it) if it.always => ("always ", it.to_string()),
        DeclKind::Assertion(it) => ("never ", it.to_string()),
        other => ("", other.to_string()),
    };
    let text = text.strip_prefix(word).unwrap_or(&text);
    Entry::item(alone_or_under("rule", Value::said(text), decl))
}

pub(super) fn exception(exception: &Exception, decl: &Decl) -> Entry {
    let text = exception.to_string();
    let head = format!("exception {} ", quoted(&exception.name.node));
    let text = text.strip_prefix(&head).unwrap_or(&text);
    Entry::named(&exception.name.node, alone_or_under("rule", Value::said(text), decl))
}

/// A lint, which has no place for documentation: that becomes a comment.
pub(super) fn lint(lint: &Lint, decl: &Decl) -> Entry {
    let before = decl.doc.iter().flat_map(|doc| doc.lines()).map(|line| Remark::alone(format!("# {line}")));
    let entry = Entry::named(&lint.code.node, Value::said(&*lint.level.node));
    Entry { before: before.collect(), ..entry }
}

pub(super) fn test(test: &Test, decl: &Decl, carried: &mut Carried) -> Entry {
    let lines = test.lines.iter().map(|line| carried.stated(Entry::item(Value::said(line.to_string())), line.span));
    let lines = Value::list(lines.collect());
    let mut fields = Vec::new();
    if let Some(at) = &test.at {
        fields.push(Entry::word("at", Value::said(at.node.to_string())));
    }
    if !test.with.is_empty() {
        let with = test
            .with
            .iter()
            .map(|(feature, on)| Entry::named(&feature.node, Value::word(if *on { "on" } else { "off" })));
        fields.push(Entry::word("with", Value::short_map(with.collect())));
    }
    let lead = lead(decl);
    if fields.is_empty() && lead.is_empty() {
        return Entry::named(&test.name.node, lines);
    }
    fields.push(Entry::word("lines", lines));
    fields.extend(lead);
    Entry::named(&test.name.node, Value::map(fields))
}
