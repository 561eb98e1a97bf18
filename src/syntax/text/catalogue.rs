//! What there is to administer: platform, features, tiers, resources, attributes, labels, units, relations and groups.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use super::sets::kind;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ActionDecl, Attribute, AttributeType, Feature, Granularity, Group, Kind, Name, Platform, Relation, Resource,
    RolesPerAccount, TargetKind, Tier, Tree,
};

/// One line of the `platform` block.
enum PlatformItem {
    Languages(Vec<Name>),
    Granularity(Granularity),
    RolesPerAccount(RolesPerAccount),
    SuperNone,
}

impl PlatformItem {
    fn word(&self) -> &'static str {
        match self {
            Self::Languages(_) => "languages",
            Self::Granularity(_) => "granularity",
            Self::RolesPerAccount(_) => "roles per account",
            Self::SuperNone => "super none",
        }
    }
}

impl Reader<'_> {
    pub(super) fn platform(&mut self, node: Node<'_>) -> Option<Platform> {
        let mut parts = Parts::of(node);
        let mut platform = Platform {
            name: self.maybe_name(parts.next_of(Rule::name))?,
            label: None,
            languages: vec![],
            granularity: None,
            roles_per_account: None,
            super_none: None,
        };
        for part in parts {
            match part.as_rule() {
                Rule::text => platform.label = Some(self.text(&part)),
                _ => self.platform_body(part, &mut platform),
            }
        }
        Some(platform)
    }

    fn platform_body(&mut self, body: Node<'_>, platform: &mut Platform) {
        let items = self.block(body, Rule::one_platform_item, Self::platform_item);
        self.only_once(items.iter().map(|item| (item.node.word(), item.span)));
        for Spanned { node, span } in items {
            match node {
                PlatformItem::Languages(languages) => platform.languages = languages,
                PlatformItem::Granularity(fine) => platform.granularity = Some(Spanned::new(fine, span)),
                PlatformItem::RolesPerAccount(many) => platform.roles_per_account = Some(Spanned::new(many, span)),
                PlatformItem::SuperNone => platform.super_none = Some(span),
            }
        }
    }

    fn platform_item(&mut self, node: Node<'_>) -> Option<PlatformItem> {
        let mut parts = Parts::of(node.clone());
        Some(match node.as_rule() {
            Rule::languages => PlatformItem::Languages(self.next_names(&mut parts)?),
            Rule::granularity if parts.any(|part| part.as_rule() == Rule::kw_resource) => {
                PlatformItem::Granularity(Granularity::Resource)
            }
            Rule::granularity => PlatformItem::Granularity(Granularity::Action),
            Rule::roles_per_account if parts.any(|part| part.as_rule() == Rule::kw_one) => {
                PlatformItem::RolesPerAccount(RolesPerAccount::One)
            }
            Rule::roles_per_account => PlatformItem::RolesPerAccount(RolesPerAccount::Many),
            _ => PlatformItem::SuperNone,
        })
    }

    pub(super) fn feature(&mut self, node: Node<'_>) -> Option<Feature> {
        let mut parts = Parts::of(node);
        let mut feature = Feature { name: self.maybe_name(parts.next_of(Rule::name))?, on: true, set_by: vec![] };
        for part in parts {
            match part.as_rule() {
                Rule::kw_off => feature.on = false,
                Rule::set_by => feature.set_by = self.next_names(&mut Parts::of(part))?,
                _ => {}
            }
        }
        Some(feature)
    }

    pub(super) fn tier(&mut self, node: Node<'_>) -> Option<Tier> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let covers = parts.next_of(Rule::actions)?;
        Some(Tier { name, covers: self.actions(covers)? })
    }

    pub(super) fn resource(&mut self, node: Node<'_>) -> Option<Resource> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let mut resource = Resource { name, label: None, on: vec![], when: vec![], actions: vec![] };
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::text => {
                    resource.label = Some(self.text(&part));
                    seen.push(("title", span));
                }
                Rule::done_to => {
                    resource.on = self.done_to(part);
                    seen.push(("on", span));
                }
                Rule::features => {
                    resource.when = self.names(part);
                    seen.push(("when", span));
                }
                _ => {
                    let lines = self.block(part, Rule::one_resource_item, Self::resource_item);
                    resource.actions = lines.into_iter().flat_map(|line| line.node).collect();
                }
            }
        }
        self.only_once(seen.iter().copied());
        Some(resource)
    }

    /// `on entity, user`.
    pub(super) fn done_to(&mut self, node: Node<'_>) -> Vec<Spanned<TargetKind>> {
        Parts::of(node).filter_map(|part| Some(Spanned::new(target_kind(part.as_rule())?, self.span(&part)))).collect()
    }

    /// `write create, edit changes country`.
    pub(super) fn resource_item(&mut self, node: Node<'_>) -> Option<Vec<ActionDecl>> {
        let mut parts = Parts::of(node);
        let kind = kind(&parts.next()?)?;
        parts.filter(|part| part.as_rule() == Rule::action_decl).map(|part| self.action_decl(part, kind)).collect()
    }

    fn action_decl(&mut self, node: Node<'_>, kind: Kind) -> Option<ActionDecl> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::any_name))?;
        let mut action = ActionDecl { name, kind, signed: None, implies: vec![], needs: vec![], changes: vec![] };
        for part in parts {
            match part.as_rule() {
                Rule::kw_signed => action.signed = Some(self.span(&part)),
                Rule::implies => action.implies.extend(self.paths(part)),
                Rule::needs => action.needs.extend(self.paths(part)),
                Rule::changes => action.changes.extend(self.names(part)),
                _ => {}
            }
        }
        Some(action)
    }

    pub(super) fn attribute(&mut self, node: Node<'_>) -> Option<Attribute> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let values = parts.next()?;
        let ty = match values.as_rule() {
            Rule::kw_text => AttributeType::Text,
            Rule::kw_number => AttributeType::Number,
            Rule::kw_flag => AttributeType::Flag,
            _ => AttributeType::Closed(self.values(values)),
        };
        Some(Attribute { name, ty })
    }

    /// The tree in `label ...` or `unit ...`.
    pub(super) fn tree_in(&mut self, node: Node<'_>) -> Option<Tree> {
        let tree = Parts::of(node).next_of(Rule::tree)?;
        self.tree(tree)
    }

    /// The grammar's depth limit bounds the recursion.
    fn tree(&mut self, node: Node<'_>) -> Option<Tree> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let children = parts.filter(|part| part.as_rule() == Rule::tree).map(|part| self.tree(part));
        Some(Tree { name, children: children.collect::<Option<_>>()? })
    }

    pub(super) fn relation(&mut self, node: Node<'_>) -> Option<Relation> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let on = parts.next_of(Rule::done_to)?;
        Some(Relation { name, on: self.done_to(on) })
    }

    pub(super) fn group(&mut self, node: Node<'_>) -> Option<Group> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let condition = parts.next_of(Rule::condition)?;
        Some(Group { name, condition: self.condition(condition)? })
    }
}

/// The target that a keyword names.
pub(super) fn target_kind(keyword: Rule) -> Option<TargetKind> {
    Some(match keyword {
        Rule::kw_entity => TargetKind::Entity,
        Rule::kw_user => TargetKind::User,
        Rule::kw_account => TargetKind::Account,
        _ => return None,
    })
}
