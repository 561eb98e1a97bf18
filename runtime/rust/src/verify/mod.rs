//! The structure of a table: every number leads somewhere, everything stands in its order, nothing exceeds a limit.
//!
//! Each section is passed once, from its first record to its last, without memory of its own but for a few look-ups that wait. What holds afterwards is what the rest
//! of the crate relies on; it would not panic without it, but its answers would mean nothing.

mod accounts;
mod entries;
mod index;
mod names;
mod nodes;
mod rows;
mod rules;

use crate::error::{LoadError, Problem, ensure};
use crate::layout::{NONE, section};
use crate::raw::Raw;

/// Verifies everything behind the header.
pub(crate) fn everything(raw: Raw<'_>) -> Result<(), LoadError> {
    names::verify(raw)?;
    nodes::verify(raw)?;
    rows::verify(raw)?;
    accounts::verify(raw)?;
    rules::verify(raw)
}

/// The string must exist.
fn string(raw: Raw<'_>, id: u32, section: usize, record: u32) -> Result<(), LoadError> {
    let there = id < raw.count(section::STRINGS).saturating_sub(1);
    ensure(there, section, record, Problem::Dangling)
}

/// The string must exist, or there is none.
fn string_or_none(raw: Raw<'_>, id: u32, section: usize, record: u32) -> Result<(), LoadError> {
    if id == NONE { Ok(()) } else { string(raw, id, section, record) }
}

/// A record of another section must exist.
fn exists(raw: Raw<'_>, index: u32, of: usize, section: usize, record: u32) -> Result<(), LoadError> {
    ensure(index < raw.count(of), section, record, Problem::Dangling)
}

/// A run of records of another section must exist.
fn run(raw: Raw<'_>, (first, count): (u32, u32), of: usize, section: usize, record: u32) -> Result<(), LoadError> {
    let inside = first.checked_add(count).is_some_and(|end| end <= raw.count(of));
    ensure(inside, section, record, Problem::Dangling)
}

/// A section of starts: from zero to the number of the records they lead to, never falling; one more than what they belong to.
fn starts(raw: Raw<'_>, section: usize, owners: u32, (first, end): (u32, u32)) -> Result<(), LoadError> {
    let count = raw.count(section);
    ensure(owners.checked_add(1) == Some(count), section, 0, Problem::Count)?;
    ensure(raw.word(section, 0) == first, section, 0, Problem::Mismatch)?;
    for owner in 0..owners {
        let [start, next] = raw.words_from(section, owner);
        ensure(start <= next, section, owner, Problem::Order)?;
    }
    ensure(raw.word(section, owners) == end, section, owners, Problem::Mismatch)
}

/// No more records than the format allows.
fn at_most(raw: Raw<'_>, section: usize, most: u32) -> Result<(), LoadError> {
    ensure(raw.count(section) <= most, section, raw.count(section), Problem::Limit)
}
