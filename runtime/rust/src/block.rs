//! Everything that the table knows of an account: its card, and the block of words behind it where the card is too small.

use crate::card::Entries;
use crate::id::{RoleId, TierId};
use crate::layout::{NONE, block, card, fact, reference, role, row, section};
use crate::node::Ref;
use crate::raw::{Days, Raw};

/// An account, its first words read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) index: u32,
    card: Entries<'t>,
    /// The block's first word; zero where there is no block.
    flags: u32,
    /// The word where the chunks start.
    first: u32,
    /// The word where the assignments start that are no entries.
    rest: u32,
    /// How many assignments are entries.
    entered: u32,
    pub(crate) assignments: u32,
}

/// A way to rights: a row behind a fence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assignment {
    pub(crate) row: u32,
    pub(crate) entities: Ref,
    pub(crate) users: Ref,
    pub(crate) days: Days,
    pub(crate) terms: u32,
}

static NOBODY: [u8; card::SIZE] = [0; card::SIZE];

impl<'t> Block<'t> {
    /// An account; an empty one for a handle that the table does not know.
    #[inline]
    pub(crate) fn new(raw: Raw<'t>, account: u32) -> Self {
        let (index, bytes) = match raw.card(account) {
            Some(card) => (account, card),
            None => (NONE, &NOBODY),
        };
        let card = Entries::new(bytes);
        let entered = card.assignments();
        let mut block = Self { raw, index, card, flags: 0, first: 0, rest: 0, entered, assignments: entered };
        if card.head & card::BLOCK != 0 {
            block.open(card.link());
        }
        block
    }

    /// Reads the head of the block and finds the end of the chunks.
    fn open(&mut self, start: u32) {
        self.flags = self.raw.word(section::BLOCKS, start);
        self.first = start.wrapping_add(1 + (self.flags & block::FLAGS).count_ones());
        self.rest = self.first;
        for _ in 0..self.chunk_count() {
            let Some(chunk) = Entries::chunk(self.raw, self.rest) else { break };
            self.entered += chunk.assignments();
            self.rest = self.rest.wrapping_add(chunk.words());
        }
        self.assignments = self.entered + (self.flags & 0xffff);
    }

    /// Whether another account's card, and its block, have the same words.
    pub(crate) fn is_stored_like(self, other: Block<'_>) -> bool {
        let (one, two) = (self.card.bytes(), other.card.bytes());
        if self.index == NONE || other.index == NONE || self.card.head != other.card.head {
            return false;
        }
        if self.card.head & card::BLOCK == 0 {
            return one == two;
        }
        one.get(..card::LINK) == two.get(..card::LINK) && self.words() == other.words()
    }

    /// The words of its block.
    fn words(self) -> &'t [u8] {
        let facts = self.optional(block::FACTS).unwrap_or(0).wrapping_mul(2);
        let login = self.optional(block::LOGIN).unwrap_or(0).div_ceil(4);
        let end = self.login_word().wrapping_add(login).wrapping_add(facts);
        let start = self.card.link();
        self.raw.bytes_from(section::BLOCKS, start, end.wrapping_sub(start).wrapping_mul(4))
    }

    const fn chunk_count(self) -> u32 {
        self.flags >> block::CHUNKS & 0xff
    }

    /// The optional word that this flag announces; they stand in the order of the flags.
    #[inline]
    fn optional(self, flag: u32) -> Option<u32> {
        if self.flags & flag == 0 {
            return None;
        }
        let from_here = self.flags & block::FLAGS & !(flag - 1);
        Some(self.raw.word(section::BLOCKS, self.first.wrapping_sub(from_here.count_ones())))
    }

    #[inline]
    pub(crate) const fn is_active(self) -> bool {
        self.card.head & card::ACTIVE != 0
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

    /// The highest tier of what it was given: as the block says, else that of its roles.
    pub(crate) fn tier(self) -> Option<TierId> {
        let tier = match self.optional(block::STANDING) {
            Some(standing) => Some(standing & 0xff).filter(|tier| *tier != block::NO_TIER),
            None => self.roles().filter_map(|[_, tier]| if tier == NONE { None } else { Some(tier) }).max(),
        };
        tier.map(TierId)
    }

    /// The role that decides the interface: as the block says, else the first of its roles that does.
    pub(crate) fn primary(self) -> Option<RoleId> {
        let primary = match self.optional(block::STANDING) {
            Some(standing) => Some(standing >> 16).filter(|role| *role != block::NO_PRIMARY),
            None => {
                let decides = |role: &u32| {
                    let [_, flags]: [u32; 2] = self.raw.words_from(section::ROLES, role.wrapping_mul(8));
                    flags & role::PRIMARY != 0
                };
                self.roles().map(|[role, _]| role).filter(decides).min()
            }
        };
        primary.map(RoleId)
    }

    /// The rows of its assignments.
    #[inline]
    pub(crate) fn rows(self) -> impl Iterator<Item = u32> + 't {
        let here = self.card.assignments();
        let behind = (here..self.assignments).filter_map(move |i| Some(self.assignment(i)?.row & row::NUMBER));
        self.card.roles().into_iter().take(here as usize).map(u32::from).chain(behind)
    }

    /// The roles of its assignments, and their tiers.
    fn roles(self) -> impl Iterator<Item = [u32; 2]> + 't {
        self.rows().filter(move |row| *row < self.raw.count(section::ROLES)).map(move |role| {
            let [_, _, tier]: [u32; 3] = self.raw.words_from(section::ROLES, role.wrapping_mul(8));
            [role, tier]
        })
    }

    /// The word where the login starts, when it stands in the block.
    const fn login_word(self) -> u32 {
        self.rest.wrapping_add((self.flags & 0xffff) * block::ASSIGNMENT)
    }

    #[inline]
    pub(crate) fn login_bytes(self) -> &'t [u8] {
        match self.optional(block::LOGIN) {
            Some(length) => self.raw.bytes_from(section::BLOCKS, self.login_word(), length),
            None => self.card.login(),
        }
    }

    pub(crate) fn login(self) -> &'t str {
        core::str::from_utf8(self.login_bytes()).unwrap_or("")
    }

    pub(crate) fn assignment(self, index: u32) -> Option<Assignment> {
        if index >= self.assignments {
            return None;
        }
        if index >= self.entered {
            let at = self.rest.wrapping_add((index - self.entered) * block::ASSIGNMENT);
            let [row, entities, users, terms] = self.raw.words_from(section::BLOCKS, at);
            let (entities, users) = (Ref::of(entities), Ref::of(users));
            return Some(Assignment { row, entities, users, days: days_of(self.raw, row, terms), terms });
        }
        let mut left = index;
        let mut entries = self.card;
        let mut word = self.first;
        while left >= entries.assignments() {
            left -= entries.assignments();
            entries = Entries::chunk(self.raw, word)?;
            word = word.wrapping_add(entries.words());
        }
        Some(self.entered(entries, left))
    }

    /// An assignment that consists of entries.
    fn entered(self, entries: Entries<'t>, index: u32) -> Assignment {
        let (first, count) = (entries.first(index), entries.length(index));
        let mut row = entries.role(index);
        if entries.given(index) {
            row |= row::GIVEN;
        }
        if self.card.head & card::DATED != 0 {
            row |= row::DATED;
        }
        let units = match count {
            _ if entries.last(first) == card::EVERYWHERE => Ref::TRUE,
            1 => Ref::of(reference::UNIT << reference::KIND_SHIFT | entries.unit(first)),
            _ => Ref::list(entries, first, count),
        };
        if units != Ref::TRUE {
            row |= row::RESTRICTED;
        }
        let part = |flag| if self.card.head & flag != 0 { units } else { Ref::TRUE };
        let days = self.valid().unwrap_or(Days::ALWAYS);
        Assignment { row, entities: part(card::ENTITIES), users: part(card::USERS), days, terms: NONE }
    }

    /// Key and value of a fact.
    #[inline]
    pub(crate) fn fact(self, index: u32) -> [u32; 2] {
        let login = self.optional(block::LOGIN).unwrap_or(0).div_ceil(4);
        let first = self.login_word().wrapping_add(login);
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
            Some((RoleId(assignment.row & row::NUMBER), assignment.days))
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

/// The days that the terms beside a row word say.
#[inline]
pub(crate) fn days_of(raw: Raw<'_>, row: u32, terms: u32) -> Days {
    if row & row::DATED == 0 {
        return Days::ALWAYS;
    }
    let [days, _] = raw.record(section::TERMS, terms);
    raw.days(days)
}
