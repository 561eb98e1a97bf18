//! Prohibitions and automatic rules.

use super::nodes::refers;
use super::{accounts, exists, starts, string};
use crate::error::LoadError;
use crate::layout::section;
use crate::node::Ref;
use crate::raw::Raw;

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    for forbid in 0..raw.count(section::FORBIDS) {
        let [entities, users, actors, unless, origin] = raw.record(section::FORBIDS, forbid);
        for node in [entities, users, actors, unless] {
            refers(raw, Ref(node), section::FORBIDS, forbid)?;
        }
        string(raw, origin, section::FORBIDS, forbid)?;
    }
    let actions = raw.count(section::ACTIONS);
    starts(raw, section::FORBID_STARTS, actions, (0, raw.count(section::FORBID_LIST)))?;
    for entry in 0..raw.count(section::FORBID_LIST) {
        exists(raw, raw.word(section::FORBID_LIST, entry), section::FORBIDS, section::FORBID_LIST, entry)?;
    }
    for rule in 0..raw.count(section::AUTOMATIC) {
        let [who, row, entities, users, terms] = raw.record(section::AUTOMATIC, rule);
        refers(raw, Ref(who), section::AUTOMATIC, rule)?;
        accounts::assignment(raw, [row, entities, users, terms], section::AUTOMATIC, rule)?;
    }
    Ok(())
}
