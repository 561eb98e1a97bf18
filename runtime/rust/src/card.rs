//! Cards: what most decisions about an account need, in one line of a processor's cache. An assignment is a role and intervals of units,
//! its entries. What does not fit stands in chunks of the same shape in the account's block.

use crate::layout::{card, section};
use crate::raw::Raw;

/// The assignments of a card or a chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entries<'t> {
    bytes: &'t [u8; card::SIZE],
    /// The first word.
    pub(crate) head: u32,
}

impl<'t> Entries<'t> {
    #[inline]
    pub(crate) fn new(bytes: &'t [u8; card::SIZE]) -> Self {
        Self { bytes, head: bytes.first_chunk().map_or(0, |head| u32::from_le_bytes(*head)) }
    }

    /// The chunk that begins at a word of the blocks; none where the table ends before.
    #[inline]
    pub(crate) fn chunk(raw: Raw<'t>, word: u32) -> Option<Self> {
        // As much as a card follows at least, though not all of it is the chunk's.
        raw.rest(section::BLOCKS, word)?.first_chunk().map(Self::new)
    }

    /// How many entries an assignment has.
    #[inline]
    pub(crate) const fn length(self, assignment: u32) -> u32 {
        self.head >> (card::LENGTH_BITS * assignment) & ((1 << card::LENGTH_BITS) - 1)
    }

    /// How many entries the assignments before one have.
    #[inline]
    pub(crate) fn first(self, assignment: u32) -> u32 {
        (0..assignment).map(|before| self.length(before)).sum()
    }

    /// The assignment that an entry is of.
    #[inline]
    pub(crate) fn assignment_of(self, entry: u32) -> u32 {
        let before = |assignment: u32| u32::from(self.first(assignment) <= entry);
        before(1) + before(2) + before(3)
    }

    /// How many entries there are.
    #[inline]
    pub(crate) fn count(self) -> usize {
        ((self.head >> card::COUNT) as usize).min(card::ENTRIES)
    }

    /// How many assignments there are; none stands behind one without entries.
    #[inline]
    pub(crate) fn assignments(self) -> u32 {
        (0..card::ROLES as u32).map(|assignment| u32::from(self.length(assignment) > 0)).sum()
    }

    /// Whether the account was given the role of an assignment.
    pub(crate) const fn given(self, assignment: u32) -> bool {
        self.head >> (card::GIVEN + assignment) & 1 == 1
    }

    /// So many numbers of sixteen bits from a byte on.
    #[inline]
    pub(crate) fn numbers<const N: usize>(self, at: usize) -> [u16; N] {
        let bytes = self.bytes.get(at..).map_or(&[][..], |rest| rest.as_chunks::<2>().0);
        bytes.first_chunk().map_or([0; N], |numbers| numbers.map(u16::from_le_bytes))
    }

    /// The roles of the assignments; zeros behind the last.
    #[inline]
    pub(crate) fn roles(self) -> [u16; card::ROLES] {
        self.numbers(4)
    }

    #[inline]
    pub(crate) fn role(self, assignment: u32) -> u32 {
        self.roles().get(assignment as usize).map_or(0, |role| u32::from(*role))
    }

    /// The first unit of an entry.
    #[inline]
    pub(crate) fn unit(self, entry: u32) -> u32 {
        let [unit] = self.numbers(card::entries(0) + 2 * entry as usize);
        u32::from(unit)
    }

    /// The last unit of an entry, with a bit set above it.
    #[inline]
    pub(crate) fn last(self, entry: u32) -> u16 {
        let [last] = self.numbers(card::entries(0) + 2 * (self.count() + entry as usize));
        last
    }

    /// Which entries a unit is in: a bit each; behind the last anything.
    ///
    /// Four entries go at once, in the lanes of a word: with the highest bit of a lane set, a number minus another leaves the bit set if
    /// it is not less. Nothing is decided between them. Lanes behind the last entry hold anything, and can only borrow from each other.
    #[inline(always)]
    pub(crate) fn inside(self, unit: u32) -> u32 {
        const EACH: u64 = 0x0001_0001_0001_0001;
        const HIGH: u64 = EACH << 15;
        let units = u64::from(unit & 0x7fff) * EACH;
        let (first, last) = (card::entries(0), card::entries(0) + 2 * self.count());
        let within = |word: usize| {
            let not_before = (units | HIGH).wrapping_sub(self.long(first + 8 * word));
            let not_behind = self.long(last + 8 * word).wrapping_sub(units);
            not_before & not_behind & HIGH
        };
        let mut lanes = within(0) >> 15 | within(1) >> 11;
        if self.count() > 8 {
            lanes |= within(2) >> 7;
        }
        // Bit 16 l + 4 w, of lane l of word w, comes to stand at 48 + l + 4 w.
        (lanes.wrapping_mul(1 << 48 | 1 << 33 | 1 << 18 | 1 << 3) >> 48) as u32
    }

    #[inline]
    fn long(self, at: usize) -> u64 {
        self.bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |long| u64::from_le_bytes(*long))
    }

    /// The words of a chunk.
    #[inline]
    pub(crate) fn words(self) -> u32 {
        (card::entries(self.count()) / 4) as u32
    }

    /// The bytes of the login in the card; none when it stands in the block.
    #[inline]
    pub(crate) const fn login_length(self) -> usize {
        (self.head >> card::LOGIN) as usize & card::LONGEST
    }

    /// The login, when it stands in the card.
    #[inline]
    pub(crate) fn login(self) -> &'t [u8] {
        let at = card::entries(self.count());
        self.bytes.get(at..at + self.login_length()).unwrap_or(&[])
    }

    /// Where the card's block starts.
    #[inline]
    pub(crate) const fn link(self) -> u32 {
        let [.., a, b, c, d] = *self.bytes;
        u32::from_le_bytes([a, b, c, d])
    }

    /// All of the card.
    pub(crate) const fn bytes(self) -> &'t [u8; card::SIZE] {
        self.bytes
    }
}
