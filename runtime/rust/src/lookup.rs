//! From names to handles and back.

use crate::block::Block;
use crate::id::{ActionId, AttributeId, RelationId, RoleId, TierId};
use crate::layout::{NONE, relation, role, section};
use crate::raw::Raw;
use crate::reason::FactName;
use crate::target::{Fact, Value};

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
        signed: bits >> 16 & 1 == 1,
    })
}

/// What an action is done to.
#[inline]
pub(crate) fn signature(raw: Raw<'_>, id: ActionId) -> Option<Signature> {
    if id.0 >= raw.count(section::ACTIONS) {
        return None;
    }
    let [_, _, _, bits]: [u32; 4] = raw.record(section::ACTIONS, id.0);
    Signature::from_number(bits >> 8 & 0xff)
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

/// Whether a token may present the role.
pub(crate) fn is_by_claim(raw: Raw<'_>, id: RoleId) -> bool {
    role(raw, id).is_some_and(|r| r.by_claim)
}

/// A run of the list of roles.
fn listed(raw: Raw<'_>, first: u32, count: u32) -> impl Iterator<Item = RoleId> + '_ {
    (0..count).map(move |i| RoleId(raw.word(section::ROLE_LIST, first.wrapping_add(i))))
}

/// The roles without which a role does not count.
pub(crate) fn needs(raw: Raw<'_>, role: RoleId) -> impl Iterator<Item = RoleId> + '_ {
    let [_, _, _, first, count, _, _, _] = raw.record(section::ROLES, role.0);
    listed(raw, first, count)
}

/// Whether a role is one that is needed, or extends it.
pub(crate) fn meets(raw: Raw<'_>, role: RoleId, need: RoleId) -> bool {
    let [_, _, _, _, _, first, count, _] = raw.record(section::ROLES, role.0);
    role == need || listed(raw, first, count).any(|extended| extended == need)
}

/// The roles that a token may present.
pub(crate) fn claimable(raw: Raw<'_>) -> impl Iterator<Item = RoleId> + '_ {
    (0..raw.count(section::ROLES)).map(RoleId).filter(move |role| is_by_claim(raw, *role))
}

/// Whether a role is presented and counts: by claim, and together with every role that it needs (or one that extends that).
pub(crate) fn presented(raw: Raw<'_>, roles: &[RoleId], role: RoleId) -> bool {
    let counting = || roles.iter().filter(|r| is_by_claim(raw, **r));
    let met = |need| counting().any(|r| meets(raw, *r, need));
    counting().any(|r| *r == role) && needs(raw, role).all(met)
}

/// One past the last node below a label or unit.
#[inline]
pub(crate) fn end(raw: Raw<'_>, forest: usize, node: u32) -> u32 {
    if node >= raw.count(forest) {
        return 0;
    }
    let [_, end] = raw.record(forest, node);
    end
}

/// The node of a forest with this path, or with a path that alone ends so.
pub(crate) fn in_forest(raw: Raw<'_>, forest: usize, path: &str) -> Option<u32> {
    if path.is_empty() {
        return None;
    }
    let mut found = None;
    let mut several = false;
    for node in 0..raw.count(forest) {
        let [full, _] = raw.record(forest, node);
        let full = raw.string(full);
        if full == path {
            return Some(node);
        }
        if full.strip_suffix(path).is_some_and(|above| above.ends_with('.')) {
            several |= found.is_some();
            found = Some(node);
        }
    }
    found.filter(|_| !several)
}

/// The record of a sorted section whose first word is this name.
pub(crate) fn sorted<const N: usize>(raw: Raw<'_>, section: usize, name: &str) -> Option<u32> {
    let (mut low, mut high) = (0, raw.count(section));
    while low < high {
        let middle = low + (high - low) / 2;
        let words: [u32; N] = raw.record(section, middle);
        match raw.string(words[0]).cmp(name) {
            core::cmp::Ordering::Less => low = middle + 1,
            core::cmp::Ordering::Equal => return Some(middle),
            core::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The attribute's type, its first value and how many it has.
#[inline]
pub(crate) fn attribute_type(raw: Raw<'_>, attribute: AttributeId) -> Option<(AttributeType, u32, u32)> {
    if attribute.0 >= raw.count(section::ATTRIBUTES) {
        return None;
    }
    let [_, ty, first, count] = raw.record(section::ATTRIBUTES, attribute.0);
    Some((AttributeType::from_number(ty)?, first, count))
}

/// The text of a closed attribute's value.
pub(crate) fn value_text(raw: Raw<'_>, attribute: AttributeId, value: u32) -> Option<&str> {
    let (ty, first, count) = attribute_type(raw, attribute)?;
    let known = ty == AttributeType::Closed && value < count;
    if known { Some(raw.string(raw.word(section::VALUES, first.wrapping_add(value)))) } else { None }
}

/// The value as the table compares it; unknown where it cannot be a value of the attribute.
pub(crate) fn settle<'t>(raw: Raw<'_>, attribute: AttributeId, value: Value<'t>) -> Fact<Value<'t>> {
    let Some((ty, _, count)) = attribute_type(raw, attribute) else { return Fact::Unknown };
    match (ty, value) {
        (AttributeType::Closed, Value::Choice(choice)) if choice < count => Fact::Known(value),
        (AttributeType::Closed, Value::Text(text)) => match choice(raw, attribute, text) {
            Some(choice) => Fact::Known(Value::Choice(choice)),
            None => Fact::Unknown,
        },
        (AttributeType::Text, Value::Text(_)) | (AttributeType::Number, Value::Number(_)) => Fact::Known(value),
        _ => Fact::Unknown,
    }
}

/// The number of a closed attribute's value.
pub(crate) fn choice(raw: Raw<'_>, attribute: AttributeId, text: &str) -> Option<u32> {
    let (_, _, count) = attribute_type(raw, attribute)?;
    (0..count).find(|value| value_text(raw, attribute, *value) == Some(text))
}

/// A unit or label by its shortest ending that is no other's; its path where there is none.
pub(crate) fn short_path(raw: Raw<'_>, forest: usize, node: u32) -> &str {
    if node >= raw.count(forest) {
        return "?";
    }
    let [path, _] = raw.record(forest, node);
    let path = raw.string(path);
    let own = own_name(path);
    if in_forest(raw, forest, own) == Some(node) { own } else { path }
}

/// The last name of a dotted path; quoted names may have dots in them.
fn own_name(path: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    let mut start = 0;
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'.' if !quoted => start = at + 1,
            _ => {}
        }
    }
    path.get(start..).unwrap_or(path)
}

/// The name of a fact, as policies write it.
pub(crate) fn fact_words<'t>(raw: Raw<'t>, fact: FactName) -> (&'static str, &'t str) {
    let name = |section, id| {
        let [name, _]: [u32; 2] = raw.record(section, id);
        raw.string(name)
    };
    match fact {
        FactName::Login => ("", "login"),
        FactName::Unit => ("", "unit"),
        FactName::Attribute(attribute) => ("", attribute_name(raw, attribute)),
        FactName::Label(label) => ("label ", short_path(raw, section::LABELS, label.0)),
        FactName::Relation(id) if id.0 < raw.count(section::RELATIONS) => ("relation ", name(section::RELATIONS, id.0)),
        FactName::Relation(_) => ("relation ", "?"),
        FactName::Role(id) => ("role ", role(raw, id).map_or("?", |r| r.name)),
    }
}

/// The name of an attribute.
pub(crate) fn attribute_name(raw: Raw<'_>, attribute: AttributeId) -> &str {
    if attribute.0 >= raw.count(section::ATTRIBUTES) {
        return "?";
    }
    let [name, _, _, _] = raw.record(section::ATTRIBUTES, attribute.0);
    raw.string(name)
}

/// The name of an account's tier, and the like: the first word of a record of one word.
pub(crate) fn tier_name(raw: Raw<'_>, tier: TierId) -> Option<&str> {
    if tier.0 < raw.count(section::TIERS) { Some(raw.string(raw.word(section::TIERS, tier.0))) } else { None }
}

/// The text under which an account publishes.
pub(crate) fn signature_text<'t>(block: Block<'t>) -> &'t str {
    let [_, usual, _, _]: [u32; 4] = block.raw.record(section::META, 0);
    block.raw.string(block.signature().unwrap_or(usual))
}

/// The full path of a label.
pub(crate) fn path_of<'t>(raw: Raw<'t>, forest: usize, node: u32) -> Option<&'t str> {
    if node >= raw.count(forest) {
        return None;
    }
    let [path, _] = raw.record(forest, node);
    Some(raw.string(path))
}
