//! Scopes, subjects and gates: the one shape of every set, to predicates.

use super::Resolver;
use crate::check::{bw105, bw110};
use crate::model::id::{AccountId, AttributeId, GroupId, RelationId, TierId};
use crate::model::{Gate, Subject, Subjects};
use crate::region::{Pred, Scope, Test, Value};
use crate::source::Spanned;
use crate::syntax::ast::{self, EntityItem, Items, Set, SubjectItem, UserItem};

/// Among how many accounts the one that was meant is looked for.
const MOST_SUGGESTED: usize = 100_000;

/// Where a set of users stands: some words mean something only beside a target.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The users that an action is done to.
    Target,
    /// Those who act: relations, `self` and `own unit` mean nothing here.
    Actor,
}

impl Resolver<'_> {
    /// A scope that may be absent.
    pub(super) fn scope(&mut self, scope: Option<&ast::Scope>) -> Scope {
        let Some(scope) = scope else { return Scope::default() };
        Scope {
            users: scope.users.as_ref().and_then(|set| self.set(set, |this, item| this.user_item(item, Place::Target))),
            entities: scope.entities.as_ref().and_then(|set| self.set(set, Self::entity_item)),
        }
    }

    /// A set of users as a predicate; none for all of them.
    pub(super) fn users(&mut self, set: &ast::UserSet, place: Place) -> Option<Pred> {
        self.set(set, |this, item| this.user_item(item, place))
    }

    fn set<T>(&mut self, set: &Set<T>, mut item: impl FnMut(&mut Self, &Spanned<T>) -> Pred) -> Option<Pred> {
        let positive = match &set.items {
            Items::All(_) => None,
            Items::Listed(items) => Some(Pred::Or(items.iter().map(|i| item(self, i)).collect())),
        };
        let out: Vec<Pred> = set.except.iter().map(|i| item(self, i)).collect();
        match (positive, out.is_empty()) {
            (positive, true) => positive,
            (positive, false) => Some(positive.unwrap_or(Pred::True).minus(out)),
        }
    }

    fn user_item(&mut self, item: &Spanned<UserItem>, place: Place) -> Pred {
        if place == Place::Actor && matches!(item.node, UserItem::OwnUnit | UserItem::Myself) {
            self.findings.push(bw110::relative_actor(item.span));
            return Pred::False;
        }
        match &item.node {
            UserItem::OwnUnit => Pred::Test(Test::OwnUnit),
            UserItem::Myself => Pred::Test(Test::Myself),
            UserItem::Holders(role) => self.holds(role),
            UserItem::Named(path) => self.named_users(path, place),
        }
    }

    /// A group, a unit or a relation: they share one namespace.
    fn named_users(&mut self, path: &ast::Path, place: Place) -> Pred {
        if let [name] = path.names.as_slice() {
            if let Some(group) = self.groups.get(&name.node) {
                return Pred::Test(Test::Group(GroupId(group)));
            }
            if let Some(relation) = self.relations.get(&name.node) {
                return self.relation_test(name, RelationId(relation), place, true);
            }
            if !self.units.has(&name.node) {
                let known: Vec<&str> =
                    self.groups.names().chain(self.units.names()).chain(self.relations.names()).collect();
                self.findings.push(bw105::undeclared("group, unit or relation", name, known));
                return Pred::False;
            }
        }
        self.unit(path).map_or(Pred::False, |u| Pred::Test(Test::Unit(u)))
    }

    fn relation_test(&mut self, name: &ast::Name, id: RelationId, place: Place, on_users: bool) -> Pred {
        let relation = &self.model.relations[id.index()];
        if place == Place::Actor {
            self.findings.push(bw110::relation_in_group(name));
        } else if (on_users && !relation.on_users) || (!on_users && !relation.on_entities) {
            self.findings.push(bw110::relation_on_other_side(name, on_users, relation.span));
        } else {
            return Pred::Test(Test::Relation(id));
        }
        Pred::False
    }

    fn entity_item(&mut self, item: &Spanned<EntityItem>) -> Pred {
        match &item.node {
            EntityItem::InUnit(path) => self.unit(path).map_or(Pred::False, |u| Pred::Test(Test::Unit(u))),
            EntityItem::InOwnUnit => Pred::Test(Test::OwnUnit),
            EntityItem::Id(id) => Pred::Test(Test::Is(AttributeId::ID, Value::Text(id.node.clone()))),
            EntityItem::Relation(name) => match self.relations.find(name, self.findings) {
                Some(id) => self.relation_test(name, RelationId(id), Place::Target, false),
                None => Pred::False,
            },
            EntityItem::Labelled { labels, all } => {
                let tests = labels.iter().map(|l| self.label_test(l)).collect();
                if *all { Pred::And(tests) } else { Pred::Or(tests) }
            }
        }
    }

    /// A gate of features and `actor in G`.
    pub(super) fn gates(&mut self, gates: &[ast::Gate]) -> Vec<Gate> {
        gates.iter().filter_map(|g| self.gate(g)).collect()
    }

    fn gate(&mut self, gate: &ast::Gate) -> Option<Gate> {
        match gate {
            ast::Gate::Feature(name) => self.feature(name).map(|f| Gate::Feature(f, name.span)),
            ast::Gate::ActorIn(path) => {
                let item = Spanned::new(UserItem::Named(path.clone()), path.span);
                Some(Gate::ActorIn(self.user_item(&item, Place::Actor), path.span))
            }
        }
    }

    /// The subjects of a `forbid`, as a predicate on the actor; everyone where none are written.
    pub(super) fn actors(&mut self, set: Option<&ast::SubjectSet>, otherwise: Pred) -> Pred {
        let Some(set) = set else { return otherwise };
        self.set(set, Self::actor_item).unwrap_or(Pred::True)
    }

    fn actor_item(&mut self, item: &Spanned<SubjectItem>) -> Pred {
        match &item.node {
            SubjectItem::Role(name) => {
                self.findings.push(bw110::role_as_actor(name, item.span));
                Pred::False
            }
            SubjectItem::Myself => Pred::Test(Test::Myself),
            SubjectItem::Everyone => Pred::True,
            SubjectItem::Holders(role) => self.holds(role),
            SubjectItem::UsersIn(users) => self.user_item(&Spanned::new(users.clone(), item.span), Place::Actor),
            SubjectItem::Tier(name) => self.tier(name).map_or(Pred::False, |t| Pred::Test(Test::OfTier(t))),
            SubjectItem::Admin(name) => self.account(name).map_or(Pred::False, |a| {
                let login = self.model.accounts[a.index()].login.to_string();
                Pred::Test(Test::Is(AttributeId::LOGIN, Value::Text(login)))
            }),
        }
    }

    pub(super) fn tier(&mut self, name: &ast::Name) -> Option<TierId> {
        self.tiers.find(name, self.findings).map(TierId)
    }

    pub(super) fn account(&mut self, name: &ast::Name) -> Option<AccountId> {
        if let Some(block) = self.blocks.get(&name.node) {
            return self.account_of_block[block as usize];
        }
        // The accounts of tables are named by their logins.
        let tabled = self.account_by_login(&crate::text::fold_login(&name.node));
        let tabled = tabled.filter(|id| self.model.accounts[id.index()].block == name.node);
        // Where a table cannot be had, that is what is wrong, and not each name that may stand in it.
        if tabled.is_none() && !self.lacks_a_table {
            let all = self.model.accounts.iter().map(|a| a.block.as_str()).take(MOST_SUGGESTED);
            self.findings.push(bw105::undeclared("admin", name, all));
        }
        tabled
    }

    /// A set of subjects that is asserted about, not decided by.
    pub(super) fn subjects(&mut self, set: &ast::SubjectSet) -> Subjects {
        let items = match &set.items {
            Items::All(span) => vec![Spanned::new(Subject::Everyone, *span)],
            Items::Listed(items) => items.iter().filter_map(|i| self.subject(i)).collect(),
        };
        let except = set.except.iter().filter_map(|i| self.subject(i)).collect();
        Subjects { items, except, span: set.span }
    }

    fn subject(&mut self, item: &Spanned<SubjectItem>) -> Option<Spanned<Subject>> {
        let subject = match &item.node {
            SubjectItem::Holders(role) => Subject::Holders(self.role(role)?),
            SubjectItem::Role(role) => Subject::Role(self.role(role)?),
            SubjectItem::UsersIn(users) => {
                Subject::Users(self.user_item(&Spanned::new(users.clone(), item.span), Place::Actor))
            }
            SubjectItem::Admin(name) => Subject::Account(self.account(name)?),
            SubjectItem::Tier(name) => Subject::Tier(self.tier(name)?),
            SubjectItem::Myself => Subject::Myself,
            SubjectItem::Everyone => Subject::Everyone,
        };
        Some(Spanned::new(subject, item.span))
    }
}
