//! What there is to administer.

use super::lead::{Carried, alone_or_under, lead};
use crate::source::Spanned;
use crate::syntax::ast::{
    ActionDecl, Attribute, AttributeType, Decl, DeclKind, Feature, Group, Kind, Name, Platform, Relation, Resource,
    TargetKind, Tier, Tree,
};
use crate::syntax::format::yaml::tree::{Entries, Entry, Text, Value};
use crate::syntax::print::name::{word, word_in_head};

pub(super) fn platform(decl: &Decl, carried: &mut Carried) -> Entry {
    let fields = if let DeclKind::Platform(it) = &decl.kind { platform_fields(it, decl, carried) } else { vec![] };
    carried.declared(Entry::word("platform", Value::map(fields)), decl)
}

fn platform_fields(platform: &Platform, decl: &Decl, carried: &mut Carried) -> Vec<Entry> {
    let mut fields = vec![Entry::word("name", Value::said(&*platform.name.node))];
    if let Some(label) = &platform.label {
        fields.push(Entry::word("label", Value::said(&*label.node)));
    }
    if let Some(first) = platform.languages.first() {
        fields.push(carried.stated(Entry::word("languages", names(&platform.languages)), first.span));
    }
    if let Some(granularity) = &platform.granularity {
        let entry = Entry::word("granularity", Value::word(granularity.node.to_string()));
        fields.push(carried.stated(entry, granularity.span));
    }
    if let Some(roles) = &platform.roles_per_account {
        let entry = Entry::word("roles per account", Value::word(roles.node.to_string()));
        fields.push(carried.stated(entry, roles.span));
    }
    if let Some(span) = platform.super_none {
        fields.push(carried.stated(Entry::word("super", Value::word("none")), span));
    }
    fields.extend(lead(decl));
    fields
}

/// Names that are referred to: one, or a list.
pub(super) fn names(names: &[Name]) -> Value {
    let name = |name: &Name| Value::said(word_in_head(&name.node));
    if let [one] = names { name(one) } else { Value::short_list(names.iter().map(name)) }
}

pub(super) fn feature(feature: &Feature, decl: &Decl) -> Entry {
    let state = Value::word(if feature.on { "on" } else { "off" });
    let mut more = lead(decl);
    if !feature.set_by.is_empty() {
        more.insert(0, Entry::word("set by", names(&feature.set_by)));
    }
    if more.is_empty() {
        return Entry::named(&feature.name.node, state);
    }
    more.insert(0, Entry::word("state", state));
    Entry::named(&feature.name.node, Value::short_map(more))
}

pub(super) fn tier(tier: &Tier, decl: &Decl) -> Entry {
    let name = Entry::word("name", Value::said(&*tier.name.node));
    let covers = Entry::word("covers", Value::said(tier.covers.to_string()));
    Entry::item(Value::short_map([name, covers].into_iter().chain(lead(decl)).collect()))
}

pub(super) fn resource(resource: &Resource, decl: &Decl, carried: &mut Carried) -> Entry {
    let mut fields = Vec::new();
    if let Some(label) = &resource.label {
        fields.push(Entry::word("label", Value::said(&*label.node)));
    }
    if !resource.on.is_empty() {
        fields.push(Entry::word("on", kinds(&resource.on)));
    }
    if !resource.when.is_empty() {
        let features: Vec<_> = resource.when.iter().map(|it| word(&it.node)).collect();
        fields.push(Entry::word("when", Value::said(features.join(" and "))));
    }
    for kind in [Kind::View, Kind::Write, Kind::Destroy, Kind::Become, Kind::Assign] {
        let actions: Vec<_> = resource.actions.iter().filter(|action| action.kind == kind).collect();
        fields.extend(actions_of(&kind.to_string(), &actions, carried));
    }
    fields.extend(lead(decl));
    Entry::named(&resource.name.node, Value::map(fields))
}

/// Actions of one kind: one, or a list, which is short where they say nothing but their names.
fn actions_of(kind: &str, actions: &[&ActionDecl], carried: &mut Carried) -> Option<Entry> {
    let mut action = |it: &&ActionDecl| carried.stated(Entry::item(Value::said(it.to_string())), it.name.span);
    if let [one] = actions {
        return Some(Entry { key: Some(Text::Written(kind.to_owned())), ..action(one) });
    }
    let plain = |it: &&ActionDecl| it.implies.is_empty() && it.needs.is_empty() && it.changes.is_empty();
    let entries: Vec<_> = actions.iter().map(&mut action).collect();
    let short = actions.iter().all(plain);
    let list = Entries { list: true, short, entries, end: vec![] };
    (!actions.is_empty()).then(|| Entry::word(kind, Value::Entries(list)))
}

/// `entity`, or a list.
fn kinds(kinds: &[Spanned<TargetKind>]) -> Value {
    match kinds {
        [one] => Value::word(one.node.to_string()),
        _ => Value::short_list(kinds.iter().map(|kind| Value::word(kind.node.to_string()))),
    }
}

pub(super) fn attribute(attribute: &Attribute, decl: &Decl) -> Entry {
    let ty = match &attribute.ty {
        AttributeType::Closed(values) => Value::short_list(values.iter().map(|it| Value::said(&*it.node))),
        AttributeType::Text => Value::word("text"),
        AttributeType::Number => Value::word("number"),
        AttributeType::Flag => Value::word("flag"),
    };
    Entry::named(&attribute.name.node, alone_or_under("is", ty, decl))
}

pub(super) fn relation(relation: &Relation, decl: &Decl) -> Entry {
    Entry::named(&relation.name.node, alone_or_under("on", kinds(&relation.on), decl))
}

pub(super) fn group(group: &Group, decl: &Decl) -> Entry {
    let condition = Value::said(group.condition.to_string());
    Entry::named(&group.name.node, alone_or_under("is", condition, decl))
}

/// A section of trees: a map, or a list where more is to be said of one than what is below it.
pub(super) fn trees(decls: &[&Decl], carried: &mut Carried) -> Vec<Entry> {
    let listed = decls.iter().any(|decl| decl.doc.is_some() || !decl.ignores.is_empty());
    let tree = |decl: &&Decl| {
        let (DeclKind::Label(tree) | DeclKind::Unit(tree)) = &decl.kind else { return Entry::default() };
        let entry = if listed { listed_tree(tree, decl) } else { Entry::named(&tree.name.node, below(tree)) };
        carried.declared(entry, decl)
    };
    decls.iter().map(tree).collect()
}

fn listed_tree(tree: &Tree, decl: &Decl) -> Entry {
    let mut fields = vec![Entry::word("name", Value::said(&*tree.name.node))];
    fields.extend(lead(decl));
    if !tree.children.is_empty() {
        fields.push(Entry::word("below", below(tree)));
    }
    Entry::item(Value::map(fields))
}

/// Nothing, a list of leaves, or a map; every step of the recursion is a level that the tree itself nests.
fn below(tree: &Tree) -> Value {
    if tree.children.is_empty() {
        return Value::Nothing;
    }
    if tree.children.iter().all(|child| child.children.is_empty()) {
        return Value::short_list(tree.children.iter().map(|child| Value::said(&*child.name.node)));
    }
    Value::map(tree.children.iter().map(|child| Entry::named(&child.name.node, below(child))).collect())
}
