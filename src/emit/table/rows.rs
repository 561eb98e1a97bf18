//! Rows: for each role bits over all actions, for direct allows a short list; both lead to grants.

use bailiwick_table::layout::{action, limit, reference, section};

use rustc_hash::FxHashMap;

use super::pool::Condition;
use super::{Refused, Writer};
use crate::lower::rights::{Days, Grant, OriginId, RowId};

/// A grant by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key<'m> {
    action: u32,
    /// Not unconditional; so the unconditional grant comes first.
    conditional: bool,
    condition: Condition,
    text: &'m str,
}

impl Condition {
    fn is_plain(&self) -> bool {
        let everywhere = self.entities == reference::TRUE && self.users == reference::TRUE;
        everywhere && self.gate == reference::TRUE && self.days == Days::ALWAYS && self.holes.is_empty()
    }
}

impl<'m> Writer<'m> {
    /// The rows of all roles, and what every table has in front: all days, and no condition.
    pub(super) fn role_rows(&mut self) -> Result<(), Refused> {
        self.pools.days.id(Days::ALWAYS);
        let (entities, users, gate) = (reference::TRUE, reference::TRUE, reference::TRUE);
        self.pools.conditions.id(Condition { entities, users, gate, days: Days::ALWAYS, holes: vec![] });
        let mut holders = vec![0; self.holder_words() * self.model.actions.len()];
        for role in 0..self.model.roles.len() {
            let keys = match self.rights.rows.get(role) {
                Some(row) => self.keys(&row.grants, None)?,
                None => vec![],
            };
            self.role_row(role, &keys, &mut holders);
        }
        self.sections.push(section::HOLDERS, &holders);
        let end = self.sections.next(section::GRANTS);
        self.sections.push(section::RUNS, &[end]);
        self.direct_starts.push(end);
        Ok(())
    }

    /// The grants by content, sorted, each only once.
    fn keys(&self, grants: &[Grant], account: Option<&str>) -> Result<Vec<(Key<'m>, OriginId)>, Refused> {
        let mut keys = vec![];
        for grant in grants {
            let mut holes: Vec<[u32; 2]> = grant.holes.iter().map(|hole| self.nodes.rect(*hole)).collect();
            holes.sort_unstable();
            holes.dedup();
            Refused::over("`except` lines with both parts for one action of a role", holes.len(), limit::HOLES)?;
            let [entities, users] = self.nodes.rect(grant.rect);
            let gate = self.nodes.reference(grant.gate);
            let condition = Condition { entities, users, gate, days: grant.days, holes };
            let conditional = !condition.is_plain();
            let text = self.text(grant.origin, account);
            keys.push((Key { action: grant.action.0, conditional, condition, text }, grant.origin));
        }
        keys.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        keys.dedup_by(|b, a| (a.0.action, &a.0.condition) == (b.0.action, &b.0.condition));
        Ok(keys)
    }

    /// The words that an action's holders have.
    const fn holder_words(&self) -> usize {
        self.model.roles.len().div_ceil(32)
    }

    fn role_row(&mut self, role: usize, keys: &[(Key<'m>, OriginId)], holders: &mut [u32]) {
        let width = self.holder_words();
        // A line of a role may be long and give thousands of actions: its text is looked up once.
        let mut texts = FxHashMap::default();
        let mut grants = keys.iter().peekable();
        for word in 0..self.model.actions.len().div_ceil(32) {
            let base = self.sections.next(section::RUNS);
            let (mut bits, mut plain) = (0_u32, 0_u32);
            while let Some((key, origin)) = grants.next_if(|(key, _)| key.action as usize / 32 == word) {
                let bit = 1 << (key.action % 32);
                if bits & bit == 0 {
                    bits |= bit;
                    let start = self.sections.next(section::GRANTS);
                    self.sections.push(section::RUNS, &[start]);
                }
                if !key.conditional {
                    plain |= bit;
                }
                let text = *texts.entry(*origin).or_insert_with(|| self.string(key.text));
                self.grant(key, text, *origin);
            }
            self.sections.push(section::ROLE_ROWS, &[bits, plain, base]);
            for action in (0..32).filter(|bit| bits >> bit & 1 == 1).map(|bit| 32 * word + bit) {
                if plain >> (action % 32) & 1 == 1 {
                    holders[action * width + role / 32] |= 1 << (role % 32);
                } else {
                    self.marks[action] |= action::CONDITIONAL;
                }
            }
        }
    }

    /// A grant whose text has this number.
    fn grant(&mut self, key: &Key<'m>, text: u32, origin: OriginId) {
        self.pools.days.id(key.condition.days);
        let condition = self.pools.conditions.id(key.condition.clone());
        self.sections.push(section::GRANTS, &[key.action, condition, text]);
        self.provenance.grants.push(origin);
    }

    /// The number of a row of direct allows, which is written when it is first used.
    pub(super) fn direct_row(&mut self, row: RowId, account: &str) -> Result<u32, Refused> {
        let keys = self.keys(&self.rights.rows[row.0 as usize].grants, Some(account))?;
        let content: Vec<Key<'m>> = keys.iter().map(|(key, _)| key.clone()).collect();
        if let Some(known) = self.direct.get(&content) {
            return Ok(*known);
        }
        for (key, origin) in &keys {
            let text = self.string(key.text);
            self.grant(key, text, *origin);
        }
        let number = u32::try_from(self.model.roles.len() + self.direct.len()).unwrap_or(u32::MAX);
        self.direct.insert(content, number);
        self.direct_starts.push(self.sections.next(section::GRANTS));
        Ok(number)
    }
}
