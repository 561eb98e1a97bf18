//! Policies and questions as plain data, in the terms of the language: what the generator makes, the printer writes and the
//! interpreter reads. Names are references; no name is resolved beforehand.

use super::truth::Truth;

/// A whole policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Policy {
    pub(crate) features: Vec<Feature>,
    /// Lowest first.
    pub(crate) tiers: Vec<Tier>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) labels: Vec<Node>,
    pub(crate) units: Vec<Node>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) groups: Vec<Group>,
    /// Roles and profiles.
    pub(crate) roles: Vec<Role>,
    pub(crate) automatic: Vec<Automatic>,
    pub(crate) forbids: Vec<Forbid>,
    pub(crate) admins: Vec<Admin>,
    pub(crate) assertions: Vec<Assertion>,
    pub(crate) quotas: Vec<Quota>,
    pub(crate) separations: Vec<Separation>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Feature {
    pub(crate) name: String,
    pub(crate) on: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tier {
    pub(crate) name: String,
    pub(crate) covers: Set<ActionItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resource {
    pub(crate) name: String,
    pub(crate) on: Signature,
    pub(crate) when: Vec<String>,
    pub(crate) actions: Vec<Action>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) implies: Vec<ActionPath>,
}

/// What the actions of a resource are done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    Site,
    Entity,
    User,
    EntityAndUser,
    Account,
}

impl Signature {
    /// Whether a restriction of the entity part says anything about such an action.
    pub(crate) const fn uses_entities(self) -> bool {
        matches!(self, Self::Entity | Self::EntityAndUser | Self::Account)
    }

    /// Whether a restriction of the user part says anything about such an action.
    pub(crate) const fn uses_users(self) -> bool {
        matches!(self, Self::User | Self::EntityAndUser | Self::Account)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    View,
    Write,
    Destroy,
    Become,
    Assign,
}

/// `resource.action`; the resource of built-in delegation is `assign`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ActionPath {
    pub(crate) resource: String,
    pub(crate) action: String,
}

/// One item of a set of actions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ActionItem {
    /// `*`.
    All,
    /// `view *`; `assign *` means the built-in actions too.
    AllOf(Kind),
    /// `courses`.
    Resource(String),
    /// `view courses`.
    ResourceOf(Kind, String),
    /// `assign.*`.
    Assigning,
    /// `courses.create`, `assign.learner`.
    One(ActionPath),
}

/// `item, item except item`; no items is `*`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Set<T> {
    pub(crate) items: Option<Vec<T>>,
    pub(crate) except: Vec<T>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) values: Values,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Closed(Vec<String>),
    Text,
    Number,
    Flag,
}

/// A node of a forest; its parent stands before it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) parent: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Relation {
    pub(crate) name: String,
    pub(crate) on_users: bool,
    pub(crate) on_entities: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) condition: Condition,
}

/// A predicate on one account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Group(String),
    Unit {
        unit: String,
        only: bool,
    },
    Labelled(String),
    Holders(String),
    /// Only `is`, `in` and `is set` are negated here: the others have no negated words.
    Attribute {
        attribute: String,
        test: Test,
        negated: bool,
    },
}

/// A test of an attribute; constants are written as text whatever their type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Is(String),
    In(Vec<String>),
    Set,
    StartsWith(String),
    EndsWith(String),
    Contains(String),
    AtLeast(i64),
    AtMost(i64),
}

/// A pair of parts; what is not written is not restricted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scope {
    pub(crate) users: Option<Set<UserItem>>,
    pub(crate) entities: Option<Set<EntityItem>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UserItem {
    Group(String),
    Unit(String),
    OwnUnit,
    Relation(String),
    Myself,
    Holders(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum EntityItem {
    InUnit(String),
    InOwnUnit,
    Id(String),
    Relation(String),
    /// Any of them, or all of them.
    Labelled {
        labels: Vec<String>,
        all: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Gate {
    Feature(String),
    ActorIn(String),
}

/// Days since 1970-01-01, both inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Option<i32>,
    pub(crate) until: Option<i32>,
}

/// A role, or a profile.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) profile: bool,
    pub(crate) superuser: bool,
    pub(crate) ungrantable: bool,
    pub(crate) by_claim: bool,
    pub(crate) spare: bool,
    pub(crate) needs: Vec<String>,
    pub(crate) when: Vec<Gate>,
    pub(crate) scope: Option<Scope>,
    pub(crate) extends: Vec<Extends>,
    pub(crate) allows: Vec<Allow>,
    pub(crate) excepts: Vec<Except>,
    pub(crate) assigns: Vec<Assigns>,
    /// What it asserts of its own grants.
    pub(crate) nevers: Vec<Except>,
    /// `holders at most`.
    pub(crate) at_most: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extends {
    pub(crate) role: String,
    pub(crate) on: Option<Scope>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allow {
    pub(crate) actions: Set<ActionItem>,
    pub(crate) on: Option<Scope>,
    pub(crate) when: Vec<Gate>,
    pub(crate) period: Period,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Except {
    pub(crate) actions: Set<ActionItem>,
    pub(crate) on: Option<Scope>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assigns {
    pub(crate) roles: Set<String>,
    pub(crate) on: Option<Scope>,
    pub(crate) when: Vec<Gate>,
}

/// `users in G hold R on S`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Automatic {
    pub(crate) users: Set<UserItem>,
    pub(crate) role: String,
    pub(crate) on: Option<Scope>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forbid {
    pub(crate) actions: Set<ActionItem>,
    pub(crate) on: Option<Scope>,
    pub(crate) subjects: Option<Subjects>,
    pub(crate) unless: Option<Subjects>,
}

/// Who: any of the items, and none of the others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subjects {
    pub(crate) items: Vec<Subject>,
    pub(crate) except: Vec<Subject>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Subject {
    Everyone,
    Holders(String),
    UsersIn(UserItem),
    Admin(String),
    Tier(String),
    Myself,
    /// The role's own grants; in assertions only.
    Role(String),
}

/// `never W can A on S`, or `always`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assertion {
    pub(crate) always: bool,
    pub(crate) subjects: Subjects,
    pub(crate) actions: Set<ActionItem>,
    pub(crate) on: Option<Scope>,
}

/// `separate A from B`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Separation {
    pub(crate) left: Side,
    pub(crate) right: Side,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Side {
    Role(String),
    Actions(Set<ActionItem>),
}

/// `quota at most N ITEMS`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quota {
    pub(crate) most: u32,
    pub(crate) of: Vec<QuotaItem>,
    /// Whether it counts all, not only the active.
    pub(crate) all: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum QuotaItem {
    Tier(String),
    Role(String),
    Unit(String),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Admin {
    /// The name of the block.
    pub(crate) name: String,
    /// The login, where it is not the name of the block.
    pub(crate) login: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) labels: Vec<String>,
    /// Attribute and value.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) scope: Option<Scope>,
    /// Roles and at most one profile.
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) allows: Vec<Allow>,
    pub(crate) valid: Period,
    pub(crate) inactive: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) role: String,
    pub(crate) on: Option<Scope>,
    pub(crate) period: Period,
}

/// May this actor do this to that, on this day?
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    pub(crate) actor: Actor,
    pub(crate) action: ActionPath,
    /// The target entity, of actions on entities.
    pub(crate) entity: Option<Facts>,
    /// The target user, of actions on users; the account, of actions on accounts.
    pub(crate) user: Option<Facts>,
    /// Days since 1970-01-01.
    pub(crate) day: i32,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Actor {
    /// An admin, by the name of its block.
    Named(String),
    /// An account that the policy does not name; its facts give its login and the roles that it presents.
    Unnamed(Facts),
}

/// What is told of one fact.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Told<T> {
    /// Nothing: absent in a closed description, unknown in an open one.
    #[default]
    Nothing,
    /// That there is none.
    Absent,
    /// That it cannot be told.
    Unknown,
    /// This.
    Is(T),
}

/// What is told of labels, relations or roles: things of which somebody may have several.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Marks {
    /// Nothing: none in a closed description, unknown in an open one.
    #[default]
    Nothing,
    /// These and no others.
    Only(Vec<String>),
    /// One by one; nothing of the others.
    Each(Vec<(String, Truth)>),
}

/// What a question tells of an account or entity.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// Whether what is not told is absent, rather than unknown.
    pub(crate) closed: bool,
    pub(crate) login: Option<String>,
    pub(crate) id: Told<String>,
    pub(crate) unit: Told<String>,
    pub(crate) labels: Marks,
    /// Attribute (`name` and `email` too) and value.
    pub(crate) attributes: Vec<(String, Told<String>)>,
    /// The relations that lead from the actor to this.
    pub(crate) relations: Marks,
    /// The roles that it presents.
    pub(crate) roles: Marks,
}
