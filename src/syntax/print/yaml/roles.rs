//! Roles and profiles.

use super::catalogue::names;
use super::lead::{Carried, lead};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Decl, Role, RoleItem, Text};
use crate::syntax::format::yaml::tree::{Entry, Value};
use crate::syntax::print::name::word_in_head;

/// The words of a role's statements, in the order in which they are written.
const STATEMENTS: [&str; 8] = ["scope", "extends", "allow", "except", "assigns", "never", "holders", "primary"];

pub(super) fn role(role: &Role, decl: &Decl, carried: &mut Carried) -> Entry {
    let mut fields = Vec::new();
    if !role.labels.is_empty() {
        fields.push(Entry::word("label", titles(&role.labels)));
    }
    let flags = [
        ("super", role.superuser),
        ("ungrantable", role.ungrantable),
        ("by claim", role.by_claim),
        ("spare", role.spare),
    ];
    let set = flags.into_iter().filter(|(_, set)| set.is_some());
    fields.extend(set.map(|(flag, _)| Entry::word(flag, Value::word("true"))));
    if let Some(tier) = &role.tier {
        fields.push(Entry::word("tier", Value::said(word_in_head(&tier.node))));
    }
    if let Some(read_only) = &role.read_only {
        let text = read_only.to_string();
        let except = text.strip_prefix("read only ");
        fields.push(Entry::word("read only", except.map_or_else(|| Value::word("true"), Value::said)));
    }
    if !role.needs.is_empty() {
        fields.push(Entry::word("needs", names(&role.needs)));
    }
    if !role.when.is_empty() {
        let gates: Vec<_> = role.when.iter().map(ToString::to_string).collect();
        fields.push(Entry::word("when", Value::said(gates.join(" and "))));
    }
    let statements = role.body.iter().map(|Spanned { node, span }| (keyword(node), node.to_string(), *span));
    fields.extend(grouped(&STATEMENTS, &statements.collect::<Vec<_>>(), carried));
    fields.extend(lead(decl));
    let value = if fields.is_empty() { Value::Nothing } else { Value::map(fields) };
    Entry::named(&role.name.node, value)
}

/// A text, a map from languages, or a list of these.
fn titles(labels: &[Text]) -> Value {
    let in_language = |text: &Text| {
        let language = text.language.as_ref()?;
        Some(Entry::named(&language.node, Value::said(&*text.text.node)))
    };
    if let [Text { language: None, text }] = labels {
        return Value::said(&*text.node);
    }
    let languages: Vec<_> =
        labels.iter().filter_map(|text| text.language.as_ref().map(|it| it.node.as_str())).collect();
    let distinct = (1..languages.len()).all(|i| !languages[..i].contains(&languages[i]));
    if languages.len() == labels.len() && distinct {
        return Value::short_map(labels.iter().filter_map(in_language).collect());
    }
    let one =
        |text: &Text| in_language(text).map_or_else(|| Value::said(&*text.text.node), |it| Value::short_map(vec![it]));
    Value::short_list(labels.iter().map(one))
}

const fn keyword(item: &RoleItem) -> &'static str {
    match item {
        RoleItem::Scope(_) => "scope",
        RoleItem::Extends(_) => "extends",
        RoleItem::Allow(_) => "allow",
        RoleItem::Except(_) => "except",
        RoleItem::Assigns(_) => "assigns",
        RoleItem::Never(_) => "never",
        RoleItem::Holders(_) => "holders",
        RoleItem::Primary => "primary",
    }
}

/// Statements by their words: one stands alone, several are a list. Each comes with its word, its text, and its place.
pub(super) fn grouped(words: &[&str], statements: &[(&str, String, Span)], carried: &mut Carried) -> Vec<Entry> {
    let mut fields = Vec::new();
    for word in words {
        let of_word = || statements.iter().filter(|(other, ..)| other == word);
        let key = if *word == "role" && of_word().count() > 1 { "roles" } else { word };
        let value = |text: &str| match text.strip_prefix(word) {
            Some("") => Value::word("true"),
            rest => Value::said(rest.unwrap_or(text).trim_start()),
        };
        let mut all = of_word();
        match (all.next(), all.next()) {
            (Some((_, text, span)), None) => fields.push(carried.stated(Entry::word(key, value(text)), *span)),
            (Some(_), Some(_)) => {
                let items = of_word().map(|(_, text, span)| carried.stated(Entry::item(value(text)), *span));
                fields.push(Entry::word(key, Value::list(items.collect())));
            }
            (None, _) => {}
        }
    }
    fields
}
