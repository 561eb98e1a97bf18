//! The block of an account: everything that the table knows of it, in one run of words.

use crate::id::{RoleId, TierId};
use crate::layout::{NONE, block, fact, row, section};
use crate::raw::{Days, Raw};

/// An account's block, its first words read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) index: u32,
    flags: u32,
    login_length: u32,
    pub(crate) assignments: u32,
    /// The word where the assignments start.
    first: u32,
}

/// A way to rights: a row behind a fence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assignment {
    pub(crate) row: u32,
    pub(crate) entities: u32,
    pub(crate) users: u32,
    pub(crate) terms: u32,
}

impl<'t> Block<'t> {
    /// The block of an account; an empty one for a handle that the table does not know.
    #[inline]
    pub(crate) fn new(raw: Raw<'t>, account: u32) -> Self {
        if account.saturating_add(1) >= raw.count(section::ACCOUNTS) {
            return Self { raw, index: NONE, flags: 0, login_length: 0, assignments: 0, first: 0 };
        }
        let start = raw.word(section::ACCOUNTS, account);
        let [sizes, flags] = raw.words_from(section::BLOCKS, start);
        let optional = (flags & (block::DATED | block::NAMED | block::FACTS)).count_ones();
        Self {
            raw,
            index: account,
            flags,
            login_length: sizes & 0xffff,
            assignments: sizes >> 16,
            first: start.wrapping_add(2 + optional),
        }
    }

    /// The optional word that this flag announces; they stand in the order of the flags.
    #[inline]
    fn optional(self, flag: u32) -> Option<u32> {
        if self.flags & flag == 0 {
            return None;
        }
        let from_here = self.flags & block::FLAGS & !(flag - 1) & !block::ACTIVE;
        Some(self.raw.word(section::BLOCKS, self.first.wrapping_sub(from_here.count_ones())))
    }

    #[inline]
    pub(crate) const fn is_active(self) -> bool {
        self.flags & block::ACTIVE != 0
    }

    /// The days it is valid, when not all.
    #[inline]
    pub(crate) fn valid(self) -> Option<Days> {
        self.optional(block::DATED).map(|days| self.raw.days(days))
    }

    /// The string of its signature, when it has one of its own.
    pub(crate) fn signature(self) -> Option<u32> {
        self.optional(block::NAMED)
    }

    #[inline]
    pub(crate) fn fact_count(self) -> u32 {
        self.optional(block::FACTS).unwrap_or(0)
    }

    pub(crate) const fn tier(self) -> Option<TierId> {
        let tier = self.flags & 0xff;
        if tier == block::NO_TIER || self.index == NONE { None } else { Some(TierId(tier)) }
    }

    pub(crate) const fn primary(self) -> Option<RoleId> {
        let role = self.flags >> 16;
        if role == block::NO_PRIMARY || self.index == NONE { None } else { Some(RoleId(role)) }
    }

    /// The word where the login starts.
    const fn login_word(self) -> u32 {
        self.first.wrapping_add(self.assignments * block::ASSIGNMENT)
    }

    #[inline]
    pub(crate) fn login_bytes(self) -> &'t [u8] {
        self.raw.bytes_from(section::BLOCKS, self.login_word(), self.login_length)
    }

    pub(crate) fn login(self) -> &'t str {
        core::str::from_utf8(self.login_bytes()).unwrap_or("")
    }

    #[inline]
    pub(crate) fn assignment(self, index: u32) -> Option<Assignment> {
        if index >= self.assignments {
            return None;
        }
        let at = self.first.wrapping_add(index * block::ASSIGNMENT);
        let [row, entities, users, terms] = self.raw.words_from(section::BLOCKS, at);
        Some(Assignment { row, entities, users, terms })
    }

    /// Key and value of a fact.
    #[inline]
    pub(crate) fn fact(self, index: u32) -> [u32; 2] {
        let first = self.login_word().wrapping_add(self.login_length.div_ceil(4));
        self.raw.words_from(section::BLOCKS, first.wrapping_add(index.wrapping_mul(2)))
    }

    /// Key and value of all its facts.
    #[inline]
    pub(crate) fn facts(self) -> impl Iterator<Item = [u32; 2]> + 't {
        (0..self.fact_count()).map(move |i| self.fact(i))
    }

    /// The value of the fact with this kind and id.
    pub(crate) fn fact_value(self, kind: u32, id: u32) -> Option<u32> {
        self.facts().find(|[key, _]| *key == (kind << fact::SHIFT | id)).map(|[_, value]| value)
    }

    /// The days on which it was given each role: (role, days), perhaps the same one more than once.
    pub(crate) fn given(self) -> impl Iterator<Item = (RoleId, Days)> + 't {
        let with_rows = (0..self.assignments).filter_map(move |i| {
            let assignment = self.assignment(i)?;
            if assignment.row & row::GIVEN == 0 {
                return None;
            }
            Some((RoleId(assignment.row & row::NUMBER), assignment.days(self.raw)))
        });
        let alone = self.facts().filter_map(move |[key, days]| {
            if key >> fact::SHIFT == fact::GIVEN { Some((RoleId(key & fact::ID), self.raw.days(days))) } else { None }
        });
        with_rows.chain(alone)
    }

    /// The days on which it has direct allows: (tier, days).
    pub(crate) fn direct_tiers(self) -> impl Iterator<Item = (TierId, Days)> + 't {
        self.facts().filter_map(move |[key, days]| {
            let here = key >> fact::SHIFT == fact::DIRECT_TIER;
            if here { Some((TierId(key & fact::ID), self.raw.days(days))) } else { None }
        })
    }
}

impl Assignment {
    /// The days on which it is valid.
    #[inline]
    pub(crate) fn days(self, raw: Raw<'_>) -> Days {
        if self.row & row::DATED == 0 {
            return Days::ALWAYS;
        }
        let [days, _] = raw.record(section::TERMS, self.terms);
        raw.days(days)
    }
}
