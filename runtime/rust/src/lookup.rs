//! From names to handles and back.

use crate::block::Block;
use crate::describe::{AttributeType, relation_of, role};
use crate::id::{AttributeId, RoleId, TierId};
use crate::layout::section;
use crate::raw::Raw;
use crate::reason::FactName;
use crate::target::{Fact, Value};

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
    match fact {
        FactName::Login => ("", "login"),
        FactName::Unit => ("", "unit"),
        FactName::Attribute(attribute) => ("", attribute_name(raw, attribute)),
        FactName::Label(label) => ("label ", short_path(raw, section::LABELS, label.0)),
        FactName::Relation(id) => ("relation ", relation_of(raw, id).map_or("?", |r| r.name)),
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
