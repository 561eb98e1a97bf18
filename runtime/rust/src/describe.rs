//! What a table says of its actions, attributes, roles and relations.

use crate::id::{ActionId, RelationId, RoleId, TierId};
use crate::layout::{NONE, action, relation, role, section};
use crate::raw::Raw;

/// What an action amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It shows something.
    View,
    /// It alters something.
    Write,
    /// It removes something.
    Destroy,
    /// It acts as, or takes over, another account.
    Become,
    /// It gives rights to others.
    Assign,
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

impl Kind {
    const ALL: [Self; 5] = [Self::View, Self::Write, Self::Destroy, Self::Become, Self::Assign];

    /// The kind with this number in a table.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// Its number in a table.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// Its keyword.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Write => "write",
            Self::Destroy => "destroy",
            Self::Become => "become",
            Self::Assign => "assign",
        }
    }
}

impl Signature {
    const ALL: [Self; 5] = [Self::Site, Self::Entity, Self::User, Self::Both, Self::Account];

    /// The signature with this number in a table.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// Its number in a table.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// Whether the entity part of a scope counts.
    #[must_use]
    #[inline]
    pub const fn uses_entities(self) -> bool {
        matches!(self, Self::Entity | Self::Both | Self::Account)
    }

    /// Whether the user part of a scope counts.
    #[must_use]
    #[inline]
    pub const fn uses_users(self) -> bool {
        matches!(self, Self::User | Self::Both | Self::Account)
    }
}

/// The values of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeType {
    /// One of a list.
    Closed,
    /// Any text.
    Text,
    /// A whole number.
    Number,
}

impl AttributeType {
    pub(crate) const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Closed),
            1 => Some(Self::Text),
            2 => Some(Self::Number),
            _ => None,
        }
    }

    /// Its number in a table.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }
}

/// An action, as the table describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action<'t> {
    /// `resource.action`.
    pub path: &'t str,
    /// Its resource; none for `assign.ROLE`.
    pub resource: Option<&'t str>,
    /// The role it gives, for `assign.ROLE`.
    pub assigns: Option<RoleId>,
    /// What doing it amounts to.
    pub kind: Kind,
    /// What it is done to.
    pub signature: Signature,
    /// Whether it publishes under the author's signature.
    pub signed: bool,
}

/// The fields of an action.
pub(crate) fn action(raw: Raw<'_>, id: ActionId) -> Option<Action<'_>> {
    if id.0 >= raw.count(section::ACTIONS) {
        return None;
    }
    let [path, resource, assigns, bits] = raw.record(section::ACTIONS, id.0);
    Some(Action {
        path: raw.string(path),
        resource: raw.text(resource),
        assigns: if assigns == NONE { None } else { Some(RoleId(assigns)) },
        kind: Kind::from_number(bits & 0xff)?,
        signature: Signature::from_number(bits >> 8 & 0xff)?,
        signed: bits & action::SIGNED != 0,
    })
}

/// What an action is done to.
#[inline]
pub(crate) fn signature(raw: Raw<'_>, id: ActionId) -> Option<Signature> {
    action_bits(raw, id).and_then(signature_of)
}

/// Kind, signature and flags of an action.
#[inline]
pub(crate) fn action_bits(raw: Raw<'_>, id: ActionId) -> Option<u32> {
    if id.0 >= raw.count(section::ACTIONS) {
        return None;
    }
    Some(raw.word(section::ACTIONS, id.0.wrapping_mul(4).wrapping_add(3)))
}

/// The signature among these bits.
#[inline]
pub(crate) const fn signature_of(bits: u32) -> Option<Signature> {
    match bits >> 8 & 0xff {
        0 => Some(Signature::Site),
        1 => Some(Signature::Entity),
        2 => Some(Signature::User),
        3 => Some(Signature::Both),
        4 => Some(Signature::Account),
        _ => None,
    }
}

/// A role or profile, as the table describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role<'t> {
    /// Its name.
    pub name: &'t str,
    /// It is a profile.
    pub profile: bool,
    /// A token may present it.
    pub by_claim: bool,
    /// It is the super role.
    pub superuser: bool,
    /// Nobody may give it.
    pub ungrantable: bool,
    /// It decides the interface of who holds it.
    pub primary: bool,
    /// Its tier.
    pub tier: Option<TierId>,
}

/// The fields of a role.
pub(crate) fn role(raw: Raw<'_>, id: RoleId) -> Option<Role<'_>> {
    if id.0 >= raw.count(section::ROLES) {
        return None;
    }
    let [name, flags, tier]: [u32; 3] = first_words(raw, id.0);
    Some(Role {
        name: raw.string(name),
        profile: flags & role::PROFILE != 0,
        by_claim: flags & role::BY_CLAIM != 0,
        superuser: flags & role::SUPER != 0,
        ungrantable: flags & role::UNGRANTABLE != 0,
        primary: flags & role::PRIMARY != 0,
        tier: if tier == NONE { None } else { Some(TierId(tier)) },
    })
}

fn first_words(raw: Raw<'_>, role: u32) -> [u32; 3] {
    let [name, flags, tier, ..]: [u32; 8] = raw.record(section::ROLES, role);
    [name, flags, tier]
}

/// A relation, as the table describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation<'t> {
    /// Its name.
    pub name: &'t str,
    /// Whether it leads to users.
    pub on_users: bool,
    /// Whether it leads to entities.
    pub on_entities: bool,
}

/// The fields of a relation.
pub(crate) fn relation_of(raw: Raw<'_>, id: RelationId) -> Option<Relation<'_>> {
    if id.0 >= raw.count(section::RELATIONS) {
        return None;
    }
    let [name, flags] = raw.record(section::RELATIONS, id.0);
    Some(Relation {
        name: raw.string(name),
        on_users: flags & relation::USERS != 0,
        on_entities: flags & relation::ENTITIES != 0,
    })
}
