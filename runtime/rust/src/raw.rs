//! Reading words out of the bytes. Nothing here can panic: what is outside the bytes reads as zero.

use crate::layout::{NONE, card, section};

/// Where the sections are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sections {
    pub(crate) at: [u32; section::COUNT],
    pub(crate) count: [u32; section::COUNT],
    /// The words that each action has among the holders.
    pub(crate) holders: u32,
}

/// The bytes of a table and where its sections are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'t> {
    pub(crate) bytes: &'t [u8],
    pub(crate) sections: &'t Sections,
}

/// A little-endian word of these bytes.
#[inline]
pub(crate) fn word_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(word) => u32::from_le_bytes(*word),
        None => 0,
    }
}

/// Two little-endian words of these bytes as one number.
#[inline]
pub(crate) fn long_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(long) => u64::from_le_bytes(*long),
        None => 0,
    }
}

impl<'t> Raw<'t> {
    /// How many records a section has.
    #[inline]
    pub(crate) const fn count(self, section: usize) -> u32 {
        self.sections.count[section]
    }

    #[inline]
    const fn offset(self, section: usize, index: u32, size: usize) -> usize {
        (self.sections.at[section] as usize).wrapping_add((index as usize).wrapping_mul(size))
    }

    /// One word of a section of words.
    #[inline]
    pub(crate) fn word(self, section: usize, index: u32) -> u32 {
        word_at(self.bytes, self.offset(section, index, 4))
    }

    /// A record of `N` words.
    #[inline]
    pub(crate) fn record<const N: usize>(self, section: usize, index: u32) -> [u32; N] {
        self.words(section, (index as usize).wrapping_mul(N * 4))
    }

    /// `N` words from a byte of a section on.
    #[inline]
    fn words<const N: usize>(self, section: usize, byte: usize) -> [u32; N] {
        let mut words = [0; N];
        let start = self.offset(section, 0, 0).wrapping_add(byte);
        if let Some(bytes) = self.bytes.get(start..).and_then(|rest| rest.get(..N * 4)) {
            for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *word = u32::from_le_bytes(*bytes);
            }
        }
        words
    }

    /// A record of `N` words, none where the bytes end before.
    #[inline]
    pub(crate) fn taken<const N: usize>(self, section: usize, index: u32) -> Option<[u32; N]> {
        let bytes = self.bytes.get(self.offset(section, index, 4 * N)..)?.get(..4 * N)?;
        let mut words = [0; N];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Some(words)
    }

    /// The card of an account; none for a number that no account has.
    #[inline]
    pub(crate) fn card(self, account: u32) -> Option<&'t [u8; card::SIZE]> {
        if account >= self.count(section::ACCOUNTS) {
            return None;
        }
        self.bytes.get(self.offset(section::ACCOUNTS, account, card::SIZE)..)?.first_chunk()
    }

    /// Everything from a word of a section of words on.
    #[inline]
    pub(crate) fn rest(self, section: usize, word: u32) -> Option<&'t [u8]> {
        self.bytes.get(self.offset(section, word, 4)..)
    }

    /// `N` words of a section of words from one on.
    #[inline]
    pub(crate) fn words_from<const N: usize>(self, section: usize, index: u32) -> [u32; N] {
        self.words(section, (index as usize).wrapping_mul(4))
    }

    /// All words of a section that has nothing but words.
    pub(crate) fn words_of(self, section: usize) -> &'t [[u8; 4]] {
        let start = self.offset(section, 0, 0);
        let length = self.sections.count[section] as usize * section::SIZES[section];
        self.bytes.get(start..).and_then(|rest| rest.get(..length)).unwrap_or(&[]).as_chunks().0
    }

    /// Bytes of a section of words, from a word on.
    #[inline]
    pub(crate) fn bytes_from(self, section: usize, word: u32, length: u32) -> &'t [u8] {
        let start = self.offset(section, word, 4);
        self.bytes.get(start..).and_then(|rest| rest.get(..length as usize)).unwrap_or(&[])
    }

    /// A string; empty for none.
    pub(crate) fn string(self, id: u32) -> &'t str {
        core::str::from_utf8(self.string_bytes(id)).unwrap_or("")
    }

    /// The bytes of a string; none for none.
    #[inline]
    pub(crate) fn string_bytes(self, id: u32) -> &'t [u8] {
        if id == NONE {
            return &[];
        }
        let [start, end] = self.words_from(section::STRINGS, id);
        let base = self.offset(section::TEXT, 0, 1);
        self.bytes.get(base.wrapping_add(start as usize)..base.wrapping_add(end as usize)).unwrap_or(&[])
    }

    /// A string, none for none.
    pub(crate) fn text(self, id: u32) -> Option<&'t str> {
        if id == NONE { None } else { Some(self.string(id)) }
    }

    /// A signed number.
    pub(crate) fn number(self, index: u32) -> i64 {
        long_at(self.bytes, self.offset(section::NUMBERS, index, 8)).cast_signed()
    }

    /// The first and the last day of a period.
    #[inline]
    pub(crate) fn days(self, index: u32) -> Days {
        let [from, until] = self.record(section::DAYS, index);
        Days { from: from.cast_signed(), until: until.cast_signed() }
    }
}

/// Days since 1970-01-01, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// The first day; `i32::MIN` when there is none.
    pub from: i32,
    /// The last day; `i32::MAX` when there is none.
    pub until: i32,
}

impl Days {
    /// Every day.
    pub const ALWAYS: Self = Self { from: i32::MIN, until: i32::MAX };

    /// The days in both.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Whether no day is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.from > self.until
    }

    /// Whether the day is in it.
    #[must_use]
    #[inline]
    pub const fn contains(self, day: i32) -> bool {
        self.from <= day && day <= self.until
    }
}
