//! Strings, and everything that has a name.

use super::{at_most, exists, run, starts, string, string_or_none};
use crate::describe::{AttributeType, Kind, Signature};
use crate::error::{LoadError, Problem, ensure};
use crate::layout::{NONE, action, limit, relation, role, section};
use crate::raw::Raw;

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    strings(raw)?;
    meta(raw)?;
    actions(raw)?;
    attributes(raw)?;
    forest(raw, section::LABELS)?;
    forest(raw, section::UNITS)?;
    relations(raw)?;
    roles(raw)?;
    switches(raw)
}

fn strings(raw: Raw<'_>) -> Result<(), LoadError> {
    let count = raw.count(section::STRINGS);
    ensure(count > 0, section::STRINGS, 0, Problem::Count)?;
    starts(raw, section::STRINGS, count - 1, (0, raw.count(section::TEXT)))?;
    let at = raw.sections.at[section::TEXT] as usize;
    let bytes = raw.bytes.get(at..).and_then(|rest| rest.get(..raw.count(section::TEXT) as usize)).unwrap_or(&[]);
    let Ok(text) = core::str::from_utf8(bytes) else {
        return ensure(false, section::TEXT, 0, Problem::Text);
    };
    for id in 0..count {
        let start = raw.word(section::STRINGS, id) as usize;
        ensure(text.is_char_boundary(start), section::STRINGS, id, Problem::Text)?;
    }
    Ok(())
}

fn meta(raw: Raw<'_>) -> Result<(), LoadError> {
    ensure(raw.count(section::META) == 1, section::META, 0, Problem::Count)?;
    let [platform, signature, probes, reserved] = raw.record(section::META, 0);
    string_or_none(raw, platform, section::META, 0)?;
    string(raw, signature, section::META, 0)?;
    ensure(probes <= limit::PROBE, section::META, 0, Problem::Limit)?;
    ensure(reserved == 0, section::META, 0, Problem::Value)
}

fn actions(raw: Raw<'_>) -> Result<(), LoadError> {
    at_most(raw, section::ACTIONS, limit::NAMES)?;
    for id in 0..raw.count(section::ACTIONS) {
        let [path, resource, assigns, bits] = raw.record(section::ACTIONS, id);
        string(raw, path, section::ACTIONS, id)?;
        string_or_none(raw, resource, section::ACTIONS, id)?;
        if assigns != NONE {
            exists(raw, assigns, section::ROLES, section::ACTIONS, id)?;
        }
        let known = Kind::from_number(bits & 0xff).is_some()
            && Signature::from_number(bits >> 8 & 0xff).is_some()
            && bits & !action::ALL == 0;
        ensure(known, section::ACTIONS, id, Problem::Value)?;
        sorted::<4>(raw, section::ACTIONS, id)?;
    }
    Ok(())
}

/// The name in a record's first word comes behind that of the record before.
fn sorted<const N: usize>(raw: Raw<'_>, section: usize, index: u32) -> Result<(), LoadError> {
    let name = |index| {
        let words: [u32; N] = raw.record(section, index);
        raw.string(words[0])
    };
    ensure(index == 0 || name(index - 1) < name(index), section, index, Problem::Order)
}

fn attributes(raw: Raw<'_>) -> Result<(), LoadError> {
    at_most(raw, section::ATTRIBUTES, limit::ATTRIBUTES)?;
    let built_in = ["email", "id", "login", "name"];
    ensure(raw.count(section::ATTRIBUTES) >= 4, section::ATTRIBUTES, 0, Problem::Count)?;
    let mut values = 0;
    for attribute in 0..raw.count(section::ATTRIBUTES) {
        let [name, ty, first, count] = raw.record(section::ATTRIBUTES, attribute);
        string(raw, name, section::ATTRIBUTES, attribute)?;
        let known = AttributeType::from_number(ty);
        ensure(known.is_some(), section::ATTRIBUTES, attribute, Problem::Value)?;
        let expected = built_in.get(attribute as usize);
        let as_expected = expected.is_none_or(|e| *e == raw.string(name) && known == Some(AttributeType::Text));
        ensure(as_expected, section::ATTRIBUTES, attribute, Problem::Mismatch)?;
        let closed = known == Some(AttributeType::Closed);
        ensure(first == values && (closed || count == 0), section::ATTRIBUTES, attribute, Problem::Mismatch)?;
        ensure(count <= limit::VALUES, section::ATTRIBUTES, attribute, Problem::Limit)?;
        run(raw, (first, count), section::VALUES, section::ATTRIBUTES, attribute)?;
        values = first + count;
    }
    ensure(values == raw.count(section::VALUES), section::VALUES, values, Problem::Count)?;
    for value in 0..raw.count(section::VALUES) {
        string(raw, raw.word(section::VALUES, value), section::VALUES, value)?;
    }
    Ok(())
}

/// Subtrees are nested: what begins in one ends in it.
fn forest(raw: Raw<'_>, section: usize) -> Result<(), LoadError> {
    at_most(raw, section, limit::NAMES)?;
    let count = raw.count(section);
    for node in 0..count {
        let [path, end] = raw.record(section, node);
        string(raw, path, section, node)?;
        ensure(node < end && end <= count, section, node, Problem::Order)?;
    }
    for node in 0..count {
        let [_, end] = raw.record(section, node);
        let mut child = node + 1;
        while child < end {
            let [_, next] = raw.record(section, child);
            ensure(next <= end, section, child, Problem::Order)?;
            child = next;
        }
    }
    Ok(())
}

fn relations(raw: Raw<'_>) -> Result<(), LoadError> {
    at_most(raw, section::RELATIONS, limit::NAMES)?;
    for index in 0..raw.count(section::RELATIONS) {
        let [name, flags] = raw.record(section::RELATIONS, index);
        string(raw, name, section::RELATIONS, index)?;
        let known = flags & !(relation::USERS | relation::ENTITIES) == 0;
        ensure(known, section::RELATIONS, index, Problem::Value)?;
        sorted::<2>(raw, section::RELATIONS, index)?;
    }
    Ok(())
}

fn roles(raw: Raw<'_>) -> Result<(), LoadError> {
    at_most(raw, section::ROLES, limit::ROLES)?;
    for index in 0..raw.count(section::ROLES) {
        let [name, flags, tier, needs, need_count, extends, extend_count, reserved] = raw.record(section::ROLES, index);
        string(raw, name, section::ROLES, index)?;
        ensure(flags & !role::ALL == 0 && reserved == 0, section::ROLES, index, Problem::Value)?;
        if tier != NONE {
            exists(raw, tier, section::TIERS, section::ROLES, index)?;
        }
        run(raw, (needs, need_count), section::ROLE_LIST, section::ROLES, index)?;
        run(raw, (extends, extend_count), section::ROLE_LIST, section::ROLES, index)?;
        sorted::<8>(raw, section::ROLES, index)?;
    }
    for index in 0..raw.count(section::ROLE_LIST) {
        exists(raw, raw.word(section::ROLE_LIST, index), section::ROLES, section::ROLE_LIST, index)?;
    }
    Ok(())
}

fn switches(raw: Raw<'_>) -> Result<(), LoadError> {
    at_most(raw, section::TIERS, limit::TIERS)?;
    for tier in 0..raw.count(section::TIERS) {
        string(raw, raw.word(section::TIERS, tier), section::TIERS, tier)?;
    }
    for feature in 0..raw.count(section::FEATURES) {
        let [name, on] = raw.record(section::FEATURES, feature);
        string(raw, name, section::FEATURES, feature)?;
        ensure(on <= 1, section::FEATURES, feature, Problem::Value)?;
    }
    Ok(())
}
