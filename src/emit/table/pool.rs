//! What is stored once however often it is used, numbered in the order of first use.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hash};

use bailiwick_table::layout::section;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::Writer;
use crate::lower::rights::Days;

/// Distinct values with their numbers.
#[derive(Debug)]
pub(super) struct Pool<T> {
    list: Vec<T>,
    /// The numbers, by the hash of the value.
    ids: HashTable<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { list: vec![], ids: HashTable::new() }
    }
}

impl<T: Eq + Hash> Pool<T> {
    /// The value's number.
    pub(super) fn id(&mut self, value: T) -> u32 {
        let hash = FxBuildHasher.hash_one(&value);
        let list = &self.list;
        if let Some(id) = self.ids.find(hash, |id| list[*id as usize] == value) {
            return *id;
        }
        let next = u32::try_from(list.len()).unwrap_or(u32::MAX);
        self.ids.insert_unique(hash, next, |id| FxBuildHasher.hash_one(&list[*id as usize]));
        self.list.push(value);
        next
    }

    /// The number of a value that is there.
    pub(super) fn find(&self, value: &T) -> Option<u32> {
        let list = &self.list;
        self.ids.find(FxBuildHasher.hash_one(value), |id| list[*id as usize] == *value).copied()
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
        let days = pools.days.find(&condition.days).unwrap_or(0);
        let count = u32::try_from(condition.holes.len()).unwrap_or(u32::MAX);
        let Condition { entities, users, gate, .. } = *condition;
        self.sections.push(section::CONDITIONS, &[entities, users, gate, days, first, count]);
    }
}
