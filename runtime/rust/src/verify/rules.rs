//! Prohibitions and automatic rules.

use super::nodes::refers;
use super::{accounts, exists, starts, string};
use crate::describe;
use crate::error::{LoadError, Problem, ensure};
use crate::id::ActionId;
use crate::layout::{action, section};
use crate::node::Ref;
use crate::raw::Raw;

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    for forbid in 0..raw.count(section::FORBIDS) {
        let [entities, users, actors, unless, origin] = raw.record(section::FORBIDS, forbid);
        for node in [entities, users, actors, unless] {
            refers(raw, Ref::of(node), section::FORBIDS, forbid)?;
        }
        string(raw, origin, section::FORBIDS, forbid)?;
    }
    let actions = raw.count(section::ACTIONS);
    starts(raw, section::FORBID_STARTS, actions, (0, raw.count(section::FORBID_LIST)))?;
    for action in 0..actions {
        let [start, next] = raw.words_from(section::FORBID_STARTS, action);
        let marked = describe::action_bits(raw, ActionId(action)).unwrap_or(0) & action::FORBIDDEN != 0;
        ensure(marked == (start < next), section::ACTIONS, action, Problem::Mismatch)?;
    }
    for entry in 0..raw.count(section::FORBID_LIST) {
        exists(raw, raw.word(section::FORBID_LIST, entry), section::FORBIDS, section::FORBID_LIST, entry)?;
    }
    for rule in 0..raw.count(section::AUTOMATIC) {
        let [who, row, entities, users, terms] = raw.record(section::AUTOMATIC, rule);
        refers(raw, Ref::of(who), section::AUTOMATIC, rule)?;
        accounts::assignment(raw, [row, entities, users, terms], section::AUTOMATIC, rule)?;
    }
    Ok(())
}
