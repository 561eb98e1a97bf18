//! The model's nouns: what there is to administer, and by which words.

use fixedbitset::FixedBitSet;

use super::forest::Forest;
use super::id::{ActionId, AttributeId, FeatureId, ResourceId, RoleId};
use super::{Account, Assertion, Automatic, Exception, Forbid, Lints, Quota, Role, Separate, Test, Transfer};
use crate::region::Pred;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Granularity, Kind, RolesPerAccount};

/// The resolved policy.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The platform's settings.
    pub platform: Platform,
    /// The features.
    pub features: Vec<Feature>,
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// The resources.
    pub resources: Vec<Resource>,
    /// The actions, by path; `assign.R` included.
    pub actions: Vec<Action>,
    /// The attributes; the built-in ones first (see [`AttributeId`]).
    pub attributes: Vec<Attribute>,
    /// The labels.
    pub labels: Forest,
    /// The units.
    pub units: Forest,
    /// The relations.
    pub relations: Vec<Relation>,
    /// The groups.
    pub groups: Vec<Group>,
    /// The roles and profiles.
    pub roles: Vec<Role>,
    /// The automatic rules.
    pub automatic: Vec<Automatic>,
    /// The prohibitions.
    pub forbids: Vec<Forbid>,
    /// The accounts that the policy names, by folded login.
    pub accounts: Vec<Account>,
    /// The quotas.
    pub quotas: Vec<Quota>,
    /// The separations of duties.
    pub separations: Vec<Separate>,
    /// `never` and `always`.
    pub assertions: Vec<Assertion>,
    /// Contacts that may request access changes.
    pub responsible: Vec<(String, Span)>,
    /// Agreed exceptions.
    pub exceptions: Vec<Exception>,
    /// Declared transfers.
    pub transfers: Vec<Transfer>,
    /// What the policy says about the severity of codes.
    pub lints: Lints,
    /// The policy's own tests.
    pub tests: Vec<Test>,
    /// The tables of people that were read, sorted.
    pub tables: Vec<SourceId>,
    /// Whether something was left out because it could not be read or resolved: what is *absent* from such a model proves nothing.
    pub incomplete: bool,
}

/// The platform's settings.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Its name.
    pub name: Option<String>,
    /// Its title.
    pub label: Option<String>,
    /// The languages its texts are shown in.
    pub languages: Vec<String>,
    /// How fine a grant may be.
    pub granularity: Granularity,
    /// How many roles an account may hold.
    pub roles_per_account: RolesPerAccount,
    /// Whether there is no super role, on purpose.
    pub super_none: bool,
    /// Where it is declared.
    pub span: Option<Span>,
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            name: None,
            label: None,
            languages: vec![],
            granularity: Granularity::Action,
            roles_per_account: RolesPerAccount::Many,
            super_none: false,
            span: None,
        }
    }
}

/// A switch.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// As written.
    pub on: bool,
    /// Whose holders may turn it.
    pub set_by: Vec<RoleId>,
    /// Where it is declared.
    pub span: Span,
}

/// A class of seats.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// The actions it pays for.
    pub covers: FixedBitSet,
    /// Where it is declared.
    pub span: Span,
}

/// A resource.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its name.
    pub name: String,
    /// Its title.
    pub label: Option<String>,
    /// Its documentation.
    pub doc: Option<String>,
    /// The features it exists with.
    pub when: Vec<FeatureId>,
    /// Where it is declared.
    pub span: Span,
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signature {
    /// Nothing in particular: the whole site.
    Site,
    /// An entity.
    Entity,
    /// A user.
    User,
    /// An entity and a user.
    Both,
    /// One account, judged by both parts.
    Account,
}

impl Signature {
    /// Whether the entity part of a scope counts.
    #[must_use]
    pub const fn uses_entities(self) -> bool {
        matches!(self, Self::Entity | Self::Both | Self::Account)
    }

    /// Whether the user part of a scope counts.
    #[must_use]
    pub const fn uses_users(self) -> bool {
        matches!(self, Self::User | Self::Both | Self::Account)
    }
}

/// An action.
#[derive(Debug, Clone)]
pub struct Action {
    /// `resource.action` as it is written (quoted where needed); `assign.role` for the built-in ones.
    pub path: String,
    /// Its resource; none for `assign.R`.
    pub resource: Option<ResourceId>,
    /// The role it gives, for `assign.R`.
    pub assigns: Option<RoleId>,
    /// What doing it amounts to.
    pub kind: Kind,
    /// What it is done to.
    pub signature: Signature,
    /// Whether it publishes under the author's signature.
    pub signed: bool,
    /// The actions that it names after `implies`.
    pub implies_directly: Vec<ActionId>,
    /// All actions that it implies, itself included.
    pub implies: FixedBitSet,
    /// All actions that imply it, itself included.
    pub implied_by: FixedBitSet,
    /// Its prerequisites.
    pub needs: Vec<ActionId>,
    /// The facts it alters.
    pub changes: Vec<String>,
    /// Where it is declared.
    pub span: Span,
}

/// A set of actions as a rule names it.
#[derive(Debug, Clone)]
pub struct ActionSet {
    /// The members; what a set takes out is out, with everything that implies it.
    pub members: FixedBitSet,
    /// Those of them that are written by their full path, with the place.
    pub named: Vec<(ActionId, Span)>,
    /// Items that name less than a whole resource, taken out or not.
    pub finer: Vec<Span>,
    /// The kinds of which an action declared tomorrow, in whatever resource, would be a member, with the wildcard that says so.
    pub open: Vec<(Kind, Span)>,
    /// Items after `except` that take nothing out.
    pub idle: Vec<Span>,
    /// All of it.
    pub span: Span,
}

impl ActionSet {
    /// The members, in order.
    pub fn iter(&self) -> impl Iterator<Item = ActionId> + '_ {
        self.members.ones().map(ActionId::new)
    }
}

/// An attribute of accounts.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values.
    pub ty: AttributeType,
    /// Where it is declared; none for the built-in ones.
    pub span: Option<Span>,
}

/// The values of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeType {
    /// One of these, sorted; a flag is `false`, `true`.
    Closed(Vec<String>),
    /// Any text.
    Text,
    /// A whole number.
    Number,
}

/// A relation.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// Whether it leads to users.
    pub on_users: bool,
    /// Whether it leads to entities.
    pub on_entities: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A named predicate on accounts.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub pred: Pred,
    /// Its documentation.
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Model {
    /// The action with this path.
    #[must_use]
    pub fn action(&self, path: &str) -> Option<ActionId> {
        self.actions.binary_search_by(|a| a.path.as_str().cmp(path)).ok().map(ActionId::new)
    }

    /// The attribute with this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<AttributeId> {
        self.attributes.iter().position(|a| a.name == name).map(AttributeId::new)
    }

    /// Whether a role is another, or extends it.
    #[must_use]
    pub fn is_or_extends(&self, role: RoleId, wanted: RoleId) -> bool {
        let mut seen = vec![false; self.roles.len()];
        let mut stack = vec![role];
        while let Some(at) = stack.pop() {
            if at == wanted {
                return true;
            }
            if !std::mem::replace(&mut seen[at.index()], true) {
                stack.extend(self.roles[at.index()].extends.iter().map(|e| e.role));
            }
        }
        false
    }
}
