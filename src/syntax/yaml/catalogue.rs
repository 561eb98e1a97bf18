//! What there is to administer: platform, features, tiers, resources, attributes, relations and groups.

use super::fields::Block;
use super::front::{Front, Lead};
use super::node::{Entry, Kind, Node};
use super::statements::{Alone, Statement};
use crate::check::bw001;
use crate::source::Span;
use crate::syntax::ast::{
    ActionDecl, Attribute, AttributeType, DeclKind, Feature, Granularity, Group, Name, Platform, Relation, Resource,
    RolesPerAccount, Tier,
};
use crate::syntax::text::Fragment;

const PLATFORM: Block = Block {
    what: "`platform`",
    example: "platform: { name: acme, languages: [en, pl] }",
    keys: &["name", "label", "languages", "granularity", "roles per account", "super", "doc", "ignore"],
};
const FEATURES: Block = Block {
    what: "`features`",
    example: "features: { ecommerce: on, resell: { state: off, set by: owner } }",
    keys: &[],
};
const FEATURE: Block = Block {
    what: "a feature",
    example: "resell: { state: off, set by: owner }",
    keys: &["state", "set by", "doc", "ignore"],
};
const TIERS: Block = Block {
    what: "a tier",
    example: "tiers: [{ name: viewer, covers: view * }]",
    keys: &["name", "covers", "doc", "ignore"],
};
const RESOURCES: Block =
    Block { what: "`resources`", example: "resources: { courses: { on: entity, view: [list, open] } }", keys: &[] };
const RESOURCE: Block = Block {
    what: "a resource",
    example: "courses: { on: entity, view: [list, open] }",
    keys: &["label", "on", "when", "view", "write", "destroy", "become", "assign", "doc", "ignore"],
};
const ATTRIBUTES: Block =
    Block { what: "`attributes`", example: "attributes: { country: [fi, se], department: text }", keys: &[] };
const ATTRIBUTE: Block =
    Block { what: "an attribute", example: "country: { is: [fi, se] }", keys: &["is", "doc", "ignore"] };
const RELATIONS: Block = Block { what: "`relations`", example: "relations: { manages: user }", keys: &[] };
const RELATION: Block = Block { what: "a relation", example: "manages: { on: user }", keys: &["on", "doc", "ignore"] };
const GROUPS: Block = Block { what: "`groups`", example: "groups: { finland: country is fi }", keys: &[] };
const GROUP: Block =
    Block { what: "a group", example: "finland: { is: country is fi }", keys: &["is", "doc", "ignore"] };

const ON_OR_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];

impl<'t> Front<'t, '_> {
    pub(super) fn platform(&mut self, section: &Entry<'t>) {
        let (mut lead, mut name) = (Lead::default(), None);
        let mut platform = Platform {
            name: Name::new(String::new(), self.span(&section.key)),
            label: None,
            languages: vec![],
            granularity: None,
            roles_per_account: None,
            super_none: None,
        };
        if let Kind::Map(_) = section.value.kind {
            for entry in self.fields(&section.value, &PLATFORM) {
                if entry.key.text() == "name" {
                    name = self.name(&entry.value);
                } else if !self.lead(entry, &mut lead) {
                    self.platform_field(entry, &mut platform);
                }
            }
        } else {
            name = self.name(&section.value);
        }
        let Some(name) = name else {
            let span = self.span(&section.key);
            return self.missing(&section.value, "name", &PLATFORM, span);
        };
        let span = self.entry_span(section);
        self.declare(lead, DeclKind::Platform(Platform { name, ..platform }), span);
    }

    fn platform_field(&mut self, entry: &Entry<'t>, platform: &mut Platform) {
        let value = &entry.value;
        match entry.key.text() {
            "label" => platform.label = self.title(value, "`label`", "label: Acme Learning"),
            "languages" => platform.languages = self.names(value, "`languages`", "languages: [en, pl]"),
            "granularity" => {
                let words = [("action", Granularity::Action), ("resource", Granularity::Resource)];
                platform.granularity = self.choice(value, "`granularity`", &words);
            }
            "roles per account" => {
                let words = [("many", RolesPerAccount::Many), ("one", RolesPerAccount::One)];
                platform.roles_per_account = self.choice(value, "`roles per account`", &words);
            }
            _ => {
                let none = self.choice(value, "`super`", &[("none", ())]);
                platform.super_none = none.map(|_| self.entry_span(entry));
            }
        }
    }

    pub(super) fn features(&mut self, section: &Node<'t>) {
        self.named(section, &FEATURES, |front, name, value, lead| {
            let mut feature = Feature { name, on: true, set_by: vec![] };
            if !matches!(value.kind, Kind::Map(_)) {
                feature.on = front.choice(value, "a feature", &ON_OR_OFF)?.node;
                return Some(DeclKind::Feature(feature));
            }
            for entry in front.fields(value, &FEATURE) {
                match entry.key.text() {
                    "state" => feature.on = front.choice(&entry.value, "`state`", &ON_OR_OFF)?.node,
                    "set by" => feature.set_by = front.names(&entry.value, "`set by`", "set by: owner"),
                    _ => drop(front.lead(entry, lead)),
                }
            }
            Some(DeclKind::Feature(feature))
        });
    }

    pub(super) fn tiers(&mut self, section: &Node<'t>) {
        let Kind::List(items) = &section.kind else {
            let expected = "a list, lowest tier first";
            return self.misshapen(section, "`tiers`", expected, TIERS.example).unwrap_or_default();
        };
        for item in items {
            let (mut lead, mut name, mut covers) = (Lead::default(), None, None);
            for entry in self.fields(item, &TIERS) {
                match entry.key.text() {
                    "name" => name = self.name(&entry.value),
                    "covers" => {
                        let statement = line("`covers`", "covers: view *, alerts.process", "");
                        covers = self.say(&entry.value, &statement, |it| it.actions());
                    }
                    _ => drop(self.lead(entry, &mut lead)),
                }
            }
            match (name, covers) {
                (Some(name), Some(covers)) => {
                    let span = self.span(item);
                    self.declare(lead, DeclKind::Tier(Tier { name, covers: covers.node }), span);
                }
                (None, _) if matches!(item.kind, Kind::Map(_)) => {
                    let span = self.span(item);
                    self.missing(item, "name", &TIERS, span);
                }
                (Some(name), None) => self.missing(item, "covers", &TIERS, name.span),
                (None, _) => {}
            }
        }
    }

    /// Reports that a map lacks a key that it must have; where it has been reported for another key, that one may be misspelt.
    pub(super) fn missing(&mut self, item: &Node<'t>, key: &str, block: &Block, span: Span) {
        let known = |name: &str| name != key && block.keys.contains(&name);
        let absent = !matches!(&item.kind, Kind::Map(entries) if entries.iter().any(|e| !known(e.key.text())));
        self.broken = true;
        if absent {
            self.report(bw001::missing_key(key, block.what, block.example, span));
        }
    }

    pub(super) fn resources(&mut self, section: &Node<'t>) {
        self.named(section, &RESOURCES, |front, name, value, lead| {
            let mut resource = Resource { name, label: None, on: vec![], when: vec![], actions: vec![] };
            front.entries(value, &RESOURCE)?;
            for entry in front.fields(value, &RESOURCE) {
                let value = &entry.value;
                match entry.key.text() {
                    "label" => resource.label = front.title(value, "`label`", "label: Reports"),
                    "on" => {
                        let said = front.say_each(value, &line("`on`", "on: [entity, user]", "on "), |it| it.done_to());
                        resource.on = said.into_iter().flatten().collect();
                    }
                    "when" => {
                        let statement = Statement { alone: Alone::Name, ..line("`when`", "when: ecommerce", "when ") };
                        resource.when =
                            front.say_each(value, &statement, |it| it.features()).into_iter().flatten().collect();
                    }
                    "doc" | "ignore" => drop(front.lead(entry, lead)),
                    kind => resource.actions.extend(front.actions_of(kind, value)),
                }
            }
            Some(DeclKind::Resource(resource))
        });
    }

    /// The actions of one kind: `view: [list, open]`.
    fn actions_of(&mut self, kind: &str, node: &Node<'t>) -> Vec<ActionDecl> {
        let (what, example, before) = (format!("`{kind}`"), format!("{kind}: [list, open]"), format!("{kind} "));
        let statement = Statement { alone: Alone::Name, ..line(&what, &example, &before) };
        self.say_each(node, &statement, |it| it.resource_item()).into_iter().flatten().collect()
    }

    /// The statements of a list; a single one needs no list.
    pub(super) fn say_each<T>(
        &mut self,
        node: &Node<'t>,
        statement: &Statement<'_>,
        read: impl Fn(Fragment<'_>) -> Option<T>,
    ) -> Vec<T> {
        let items = self.each(node);
        let statement = Statement { many: true, ..*statement };
        items.iter().filter_map(|item| self.say(item, &statement, &read).map(|said| said.node)).collect()
    }

    pub(super) fn attributes(&mut self, section: &Node<'t>) {
        self.named(section, &ATTRIBUTES, |front, name, value, lead| {
            let Kind::Map(_) = value.kind else {
                return Some(DeclKind::Attribute(Attribute { name, ty: front.attribute_type(value)? }));
            };
            let mut ty = None;
            for entry in front.fields(value, &ATTRIBUTE) {
                if !front.lead(entry, lead) {
                    ty = front.attribute_type(&entry.value);
                }
            }
            if ty.is_none() {
                front.missing(value, "is", &ATTRIBUTE, name.span);
            }
            Some(DeclKind::Attribute(Attribute { name, ty: ty? }))
        });
    }

    fn attribute_type(&mut self, node: &Node<'t>) -> Option<AttributeType> {
        #[derive(Clone, Copy)]
        enum Open {
            Text,
            Number,
            Flag,
        }
        if let Kind::List(items) = &node.kind {
            let values = items.iter().filter_map(|item| self.value(item, "a value", ATTRIBUTES.example));
            return Some(AttributeType::Closed(values.collect()));
        }
        if !matches!(&node.kind, Kind::Scalar(scalar) if !scalar.null) {
            let expected = "a list of values, or `text`, `number` or `flag`";
            return self.misshapen(node, "an attribute", expected, ATTRIBUTES.example);
        }
        let words = [("text", Open::Text), ("number", Open::Number), ("flag", Open::Flag)];
        Some(match self.choice(node, "an attribute", &words)?.node {
            Open::Text => AttributeType::Text,
            Open::Number => AttributeType::Number,
            Open::Flag => AttributeType::Flag,
        })
    }

    pub(super) fn relations(&mut self, section: &Node<'t>) {
        let on = line("`on`", "manages: user", "on ");
        self.named(section, &RELATIONS, |front, name, value, lead| {
            let mut target = Some(value);
            if let Kind::Map(_) = value.kind {
                target = None;
                for entry in front.fields(value, &RELATION) {
                    if !front.lead(entry, lead) {
                        target = Some(&entry.value);
                    }
                }
            }
            let Some(target) = target else {
                front.missing(value, "on", &RELATION, name.span);
                return None;
            };
            let on = front.say_each(target, &on, |it| it.done_to()).into_iter().flatten().collect();
            Some(DeclKind::Relation(Relation { name, on }))
        });
    }

    pub(super) fn groups(&mut self, section: &Node<'t>) {
        let is = line("a group", "finland: country is fi", "");
        self.named(section, &GROUPS, |front, name, value, lead| {
            let mut condition = Some(value);
            if let Kind::Map(_) = value.kind {
                condition = None;
                for entry in front.fields(value, &GROUP) {
                    if !front.lead(entry, lead) {
                        condition = Some(&entry.value);
                    }
                }
            }
            let Some(condition) = condition else {
                front.missing(value, "is", &GROUP, name.span);
                return None;
            };
            let condition = front.say(condition, &is, |it| it.condition())?.node;
            Some(DeclKind::Group(Group { name, condition }))
        });
    }
}

/// A statement that stands behind some words.
pub(super) const fn line<'w>(what: &'w str, example: &'w str, before: &'w str) -> Statement<'w> {
    Statement { what, example, before, alone: Alone::Neither, many: false }
}
