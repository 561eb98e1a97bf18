//! The one shape of every set - actions, users, entities, subjects, roles - and scopes.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::source::Spanned;
use crate::syntax::ast::{
    ActionItem, ActionSet, EntityItem, EntitySet, Items, Kind, Name, Scope, Set, SubjectItem, SubjectSet, UserItem,
    UserSet,
};

impl Reader<'_> {
    /// `accounts, courses except become accounts`.
    pub(super) fn actions(&mut self, node: Node<'_>) -> Option<ActionSet> {
        self.set(node, Rule::excepted_actions, Self::action)
    }

    /// The actions after `except`.
    pub(super) fn action_items(&mut self, node: Node<'_>) -> Vec<Spanned<ActionItem>> {
        self.items(node, Self::action)
    }

    /// `learner, manager`, or `* except portal_admin`.
    pub(super) fn role_set(&mut self, node: Node<'_>) -> Option<Set<Name>> {
        self.set(node, Rule::excepted_roles, |reader, role| Some(reader.name(&role)))
    }

    /// What stands after `users in`.
    pub(super) fn users(&mut self, node: Node<'_>) -> Option<UserSet> {
        self.set(node, Rule::excepted_users, Self::user)
    }

    /// What stands after `entities`.
    pub(super) fn entities(&mut self, node: Node<'_>) -> Option<EntitySet> {
        self.set(node, Rule::excepted_entities, Self::entity)
    }

    /// `holders of manager, users in finland except self`.
    pub(super) fn subjects(&mut self, node: Node<'_>) -> Option<SubjectSet> {
        self.set(node, Rule::excepted_subjects, Self::subject)
    }

    /// `users in ... and entities ...`.
    pub(super) fn scope(&mut self, node: Node<'_>) -> Option<Scope> {
        let mut scope = Scope { users: None, entities: None, span: self.span(&node) };
        for part in Parts::of(node) {
            match part.as_rule() {
                Rule::users => scope.users = Some(self.users(part)?),
                Rule::entities => scope.entities = Some(self.entities(part)?),
                _ => {}
            }
        }
        Some(scope)
    }

    /// The scope in a node: `on users in finland`.
    pub(super) fn scope_in(&mut self, node: Node<'_>) -> Option<Scope> {
        let scope = Parts::of(node).next_of(Rule::scope)?;
        self.scope(scope)
    }

    fn set<T>(
        &mut self,
        node: Node<'_>,
        excepted: Rule,
        read: impl Fn(&mut Self, Node<'_>) -> Option<T>,
    ) -> Option<Set<T>> {
        let span = self.span(&node);
        let (mut star, mut listed, mut except) = (None, Vec::new(), Vec::new());
        for part in Parts::of(node) {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::kw_except => {}
                Rule::star => star = Some(place),
                rule if rule == excepted => except = self.items(part, &read),
                _ => listed.push(Spanned::new(read(self, part)?, place)),
            }
        }
        let items = star.map_or(Items::Listed(listed), Items::All);
        Some(Set { items, except, span })
    }

    fn items<T>(&mut self, node: Node<'_>, read: impl Fn(&mut Self, Node<'_>) -> Option<T>) -> Vec<Spanned<T>> {
        Parts::of(node)
            .filter_map(|part| {
                let span = self.span(&part);
                read(self, part).map(|item| Spanned::new(item, span))
            })
            .collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the readers of all sets have one shape")]
    fn action(&mut self, node: Node<'_>) -> Option<ActionItem> {
        let mut item = ActionItem { kind: None, path: None };
        for part in Parts::of(node) {
            match part.as_rule() {
                Rule::kind => item.kind = kind(&part).map(|kind| Spanned::new(kind, self.span(&part))),
                Rule::path | Rule::assign_path => item.path = Some(self.path(&part)),
                Rule::every_assign => item.kind = Some(Spanned::new(Kind::Assign, self.span(&part))),
                _ => {}
            }
        }
        Some(item)
    }

    fn user(&mut self, node: Node<'_>) -> Option<UserItem> {
        let part = Parts::of(node).next()?;
        Some(match part.as_rule() {
            Rule::own_unit => UserItem::OwnUnit,
            Rule::kw_self => UserItem::Myself,
            Rule::holders_of => UserItem::Holders(self.name_in(part)?),
            _ => UserItem::Named(self.path(&part)),
        })
    }

    fn entity(&mut self, node: Node<'_>) -> Option<EntityItem> {
        let part = Parts::of(node).next()?;
        Some(match part.as_rule() {
            Rule::in_own_unit => EntityItem::InOwnUnit,
            Rule::in_unit => EntityItem::InUnit(self.paths(part).pop()?),
            Rule::entity_id => EntityItem::Id(self.name_in(part)?),
            Rule::labelled => {
                let all = Parts::of(part.clone()).any(|piece| piece.as_rule() == Rule::kw_and);
                EntityItem::Labelled { labels: self.paths(part), all }
            }
            _ => EntityItem::Relation(self.name(&part)),
        })
    }

    fn subject(&mut self, node: Node<'_>) -> Option<SubjectItem> {
        Some(match node.as_rule() {
            Rule::holders_of => SubjectItem::Holders(self.name_in(node)?),
            Rule::users_in_one => {
                let user = Parts::of(node).next_of(Rule::user)?;
                SubjectItem::UsersIn(self.user(user)?)
            }
            Rule::one_admin => SubjectItem::Admin(self.name_in(node)?),
            Rule::one_tier => SubjectItem::Tier(self.name_in(node)?),
            Rule::one_role => SubjectItem::Role(self.name_in(node)?),
            Rule::kw_self => SubjectItem::Myself,
            _ => SubjectItem::Everyone,
        })
    }

    /// The first name in a node: `holders of manager`.
    pub(super) fn name_in(&mut self, node: Node<'_>) -> Option<Name> {
        let name = Parts::of(node).next_of(Rule::name);
        self.maybe_name(name)
    }
}

/// The kind that a keyword names.
pub(super) fn kind(node: &Node<'_>) -> Option<Kind> {
    Some(match node.as_str() {
        "view" => Kind::View,
        "write" => Kind::Write,
        "destroy" => Kind::Destroy,
        "become" => Kind::Become,
        "assign" => Kind::Assign,
        _ => return None,
    })
}
