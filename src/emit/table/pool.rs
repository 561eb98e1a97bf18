//! What is stored once however often it is used, numbered in the order of first use.

use std::borrow::Cow;
use std::hash::Hash;

use bailiwick_table::layout::section;
use rustc_hash::FxHashMap;

use super::Writer;
use crate::lower::rights::Days;

/// Distinct values with their numbers.
#[derive(Debug)]
pub(super) struct Pool<T> {
    list: Vec<T>,
    ids: FxHashMap<T, u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { list: vec![], ids: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    /// The value's number.
    pub(super) fn id(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let id = *self.ids.entry(value.clone()).or_insert(next);
        if id == next {
            self.list.push(value);
        }
        id
    }

    /// The values in the order of their numbers.
    pub(super) fn list(&self) -> &[T] {
        &self.list
    }
}

/// On what, when and for whom a grant holds, as references.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Condition {
    pub(super) entities: u32,
    pub(super) users: u32,
    pub(super) gate: u32,
    pub(super) days: Days,
    pub(super) holes: Vec<[u32; 2]>,
}

/// All that is stored once.
#[derive(Debug, Default)]
pub(super) struct Pools<'m> {
    pub(super) strings: Pool<Cow<'m, str>>,
    pub(super) numbers: Pool<i64>,
    pub(super) days: Pool<Days>,
    pub(super) conditions: Pool<Condition>,
    /// Days and the text of a rule, or none.
    pub(super) terms: Pool<(u32, u32)>,
}

impl<'m> Writer<'m> {
    /// The number of a string.
    pub(super) fn string(&mut self, text: &'m str) -> u32 {
        self.pools.strings.id(Cow::Borrowed(text))
    }

    /// Writes the pools behind everything that uses them.
    pub(super) fn pooled(&mut self) {
        let pools = std::mem::take(&mut self.pools);
        for condition in pools.conditions.list() {
            self.condition(condition, &pools);
        }
        for days in pools.days.list() {
            self.sections.push(section::DAYS, &[days.from.cast_unsigned(), days.until.cast_unsigned()]);
        }
        for (days, text) in pools.terms.list() {
            self.sections.push(section::TERMS, &[*days, *text]);
        }
        for number in pools.numbers.list() {
            self.sections.push_bytes(section::NUMBERS, &number.to_le_bytes());
        }
        let mut end = 0;
        self.sections.push(section::STRINGS, &[0]);
        for text in pools.strings.list() {
            self.sections.push_bytes(section::TEXT, text.as_bytes());
            end += text.len();
            // Text of more bytes makes the file too large, which is refused.
            self.sections.push(section::STRINGS, &[u32::try_from(end).unwrap_or(u32::MAX)]);
        }
    }

    fn condition(&mut self, condition: &Condition, pools: &Pools<'m>) {
        let first = self.sections.next(section::HOLES);
        for hole in &condition.holes {
            self.sections.push(section::HOLES, hole);
        }
        let days = pools.days.ids.get(&condition.days).copied().unwrap_or(0);
        let count = u32::try_from(condition.holes.len()).unwrap_or(u32::MAX);
        let Condition { entities, users, gate, .. } = *condition;
        self.sections.push(section::CONDITIONS, &[entities, users, gate, days, first, count]);
    }
}
