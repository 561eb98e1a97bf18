//! The entries of cards and chunks.

use crate::card::Entries;
use crate::error::{LoadError, Problem, ensure};
use crate::layout::{card, limit, section};
use crate::raw::Raw;

/// What the entries of an account come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entered {
    /// Some of them are for units.
    fenced: bool,
    assignments: u32,
}

impl Entered {
    /// Units are for entities or for users, and not too many assignments are entries.
    pub(super) fn finish(self, card: Entries<'_>, account: u32) -> Result<(), LoadError> {
        let told = card.head & (card::ENTITIES | card::USERS) != 0;
        ensure(told == self.fenced, section::ACCOUNTS, account, Problem::Mismatch)?;
        ensure(self.assignments as usize <= limit::ENTERED, section::ACCOUNTS, account, Problem::Limit)
    }
}

/// Verifies the first word of a card and its entries.
pub(super) fn entries(raw: Raw<'_>, card: Entries<'_>, account: u32) -> Result<Entered, LoadError> {
    let needs_block = card.head & (card::DATED | card::CHUNKS | card::REST) != 0;
    let has_block = card.head & card::BLOCK != 0;
    ensure(has_block || !needs_block, section::ACCOUNTS, account, Problem::Value)?;
    some(raw, card, account)
}

/// Verifies the chunk that begins at a word of the blocks; tells how many words it has.
pub(super) fn chunk(raw: Raw<'_>, word: u32, entered: &mut Entered, account: u32) -> Result<u32, LoadError> {
    let wrong = LoadError::Malformed { section: section::ACCOUNTS, record: account, problem: Problem::Place };
    let chunk = Entries::chunk(raw, word).ok_or(wrong)?;
    let flags = chunk.head & !(0xffff | 0xf << card::COUNT);
    ensure(flags == 0 && chunk.count() > 0, section::ACCOUNTS, account, Problem::Value)?;
    let here = some(raw, chunk, account)?;
    entered.fenced |= here.fenced;
    entered.assignments += here.assignments;
    Ok(chunk.words())
}

/// Every role exists, every interval is the subtree of a unit or everything; the entries of an assignment ascend.
fn some(raw: Raw<'_>, entries: Entries<'_>, account: u32) -> Result<Entered, LoadError> {
    let roles = raw.count(section::ROLES);
    let forest: &[[[u8; 4]; 2]] = raw.words_of(section::UNITS).as_chunks().0;
    let assignments = entries.assignments();
    let mut wrong = entries.first(card::ROLES as u32) != entries.head >> card::COUNT;
    wrong |= entries.head >> card::COUNT > card::ENTRIES as u32;
    let (firsts, lasts) = columns(entries);
    let mut columns = firsts.into_iter().zip(lasts);
    let mut fenced = false;
    for (assignment, role) in (0..).zip(entries.roles()) {
        let length = entries.length(assignment);
        // Assignments are the first ones, each with an entry; behind them everything is zero.
        let empty = role == 0 && !entries.given(assignment) && length == 0;
        wrong |= if assignment < assignments { u32::from(role) >= roles || length == 0 } else { !empty };
        let mut least = 0;
        for (first, last) in columns.by_ref().take(length as usize) {
            let everywhere = last == card::EVERYWHERE;
            let end = forest.get(usize::from(first)).map_or(0, |[_, end]| u32::from_le_bytes(*end));
            let subtree = (u32::from(last) == (end.wrapping_sub(1) | u32::from(card::LAST))) & (end <= card::UNITS);
            wrong |= if everywhere { (first != 0) | (length != 1) } else { !subtree | (u32::from(first) < least) };
            fenced |= !everywhere;
            least = u32::from(first) + 1;
        }
    }
    ensure(!wrong, section::ACCOUNTS, account, Problem::Mismatch)?;
    Ok(Entered { fenced, assignments })
}

/// The first and the last units; behind the last entry anything.
fn columns(entries: Entries<'_>) -> ([u16; card::ENTRIES], [u16; card::ENTRIES]) {
    let first = card::entries(0);
    (entries.numbers(first), entries.numbers(first + 2 * entries.count()))
}
