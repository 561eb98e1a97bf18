//! Accounts: their blocks fill the section without a gap, and the index leads to each of them.

use super::index::Index;
use super::nodes::{Heads, refers};
use super::{exists, starts, string};
use crate::describe::AttributeType;
use crate::error::{LoadError, Problem, ensure};
use crate::id::AttributeId;
use crate::layout::{block, fact, row, section};
use crate::login;
use crate::lookup;
use crate::node::Ref;
use crate::raw::Raw;

/// A word as it stands in the table.
type Word = [u8; 4];

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    let count = raw.count(section::ACCOUNTS);
    ensure(count >= 1, section::ACCOUNTS, 0, Problem::Count)?;
    starts(raw, section::ACCOUNTS, count - 1, (0, raw.count(section::BLOCKS)))?;
    let words = raw.words_of(section::BLOCKS);
    let mut heads = Heads::new(raw, section::ACCOUNTS);
    let mut index = Index::new(raw, count - 1)?;
    let mut before: &[u8] = &[];
    for account in 0..count - 1 {
        let [start, end] = raw.words_from(section::ACCOUNTS, account);
        let words = words.get(start as usize..end as usize).unwrap_or(&[]);
        let block = Parts::of(words, account)?;
        head(raw, &block, account)?;
        for [word, entities, users, terms] in block.assignments {
            let fence = [Ref(number(entities)), Ref(number(users))];
            for part in fence {
                heads.refers(part, account)?;
            }
            way(raw, number(word), number(terms), section::ACCOUNTS, account)?;
        }
        facts(raw, block.facts, account)?;
        let login = login_of(&block, account)?;
        ensure(before < login, section::ACCOUNTS, account, Problem::Order)?;
        before = login;
        index.expect(login::hash(login), account)?;
    }
    heads.finish()?;
    index.finish()
}

const fn number(word: &Word) -> u32 {
    u32::from_le_bytes(*word)
}

/// What a block consists of.
struct Parts<'t> {
    /// The bytes of the login.
    length: usize,
    flags: u32,
    /// Days, signature, number of facts, as far as the flags announce them.
    optional: &'t [Word],
    assignments: &'t [[Word; block::ASSIGNMENT as usize]],
    login: &'t [Word],
    facts: &'t [[Word; 2]],
}

impl<'t> Parts<'t> {
    /// The words of a block are exactly what its head announces.
    fn of(words: &'t [Word], account: u32) -> Result<Self, LoadError> {
        const PLACE: Problem = Problem::Place;
        let wrong = |problem| LoadError::Malformed { section: section::ACCOUNTS, record: account, problem };
        let [sizes, flags, rest @ ..] = words else { return Err(wrong(PLACE)) };
        let (sizes, flags) = (number(sizes), number(flags));
        if flags & 0xff00 & !block::FLAGS != 0 {
            return Err(wrong(Problem::Value));
        }
        let optional = (flags & (block::DATED | block::NAMED | block::FACTS)).count_ones();
        let (optional, rest) = rest.split_at_checked(optional as usize).ok_or(wrong(PLACE))?;
        let assignments = (sizes >> 16) * block::ASSIGNMENT;
        let (assignments, rest) = rest.split_at_checked(assignments as usize).ok_or(wrong(PLACE))?;
        let length = (sizes & 0xffff) as usize;
        let (login, facts) = rest.split_at_checked(length.div_ceil(4)).ok_or(wrong(PLACE))?;
        let announced = if flags & block::FACTS == 0 { 0 } else { optional.last().map_or(0, number) };
        let (facts, rest) = facts.as_chunks();
        if facts.len() != announced as usize || !rest.is_empty() {
            return Err(wrong(PLACE));
        }
        Ok(Self { length, flags, optional, assignments: assignments.as_chunks().0, login, facts })
    }
}

fn head(raw: Raw<'_>, block: &Parts<'_>, account: u32) -> Result<(), LoadError> {
    let mut optional = block.optional.iter().map(number);
    if block.flags & block::DATED != 0 {
        exists(raw, optional.next().unwrap_or(0), section::DAYS, section::ACCOUNTS, account)?;
    }
    if block.flags & block::NAMED != 0 {
        string(raw, optional.next().unwrap_or(0), section::ACCOUNTS, account)?;
    }
    let tier = block.flags & 0xff;
    if tier != block::NO_TIER {
        exists(raw, tier, section::TIERS, section::ACCOUNTS, account)?;
    }
    let primary = block.flags >> 16;
    if primary != block::NO_PRIMARY {
        exists(raw, primary, section::ROLES, section::ACCOUNTS, account)?;
    }
    Ok(())
}

/// The bytes of the login: text without ASCII capitals, and zeros up to a whole word.
fn login_of<'t>(block: &Parts<'t>, account: u32) -> Result<&'t [u8], LoadError> {
    let (login, padding) = block.login.as_flattened().split_at_checked(block.length).unwrap_or_default();
    let zeros = padding.iter().fold(0, |all, byte| all | byte) == 0;
    ensure(zeros, section::ACCOUNTS, account, Problem::Value)?;
    let (high, capital) = login.iter().fold((0, false), |(high, capital), byte| {
        (high | byte, capital | byte.is_ascii_uppercase()) // no way out of the loop, so that many bytes go at once
    });
    let is_text = !capital && (high < 0x80 || core::str::from_utf8(login).is_ok());
    ensure(is_text, section::ACCOUNTS, account, Problem::Text)?;
    Ok(login)
}

/// An assignment, or the part of an automatic rule that is like one.
pub(super) fn assignment(
    raw: Raw<'_>,
    [word, entities, users, terms]: [u32; 4],
    section: usize,
    record: u32,
) -> Result<(), LoadError> {
    refers(raw, Ref(entities), section, record)?;
    refers(raw, Ref(users), section, record)?;
    way(raw, word, terms, section, record)
}

/// An assignment without its fence.
fn way(raw: Raw<'_>, word: u32, terms: u32, section: usize, record: u32) -> Result<(), LoadError> {
    let number = word & row::NUMBER;
    let roles = raw.count(section::ROLES);
    let rows = u64::from(roles) + u64::from(raw.count(section::DIRECT_ROWS)) - 1;
    ensure(u64::from(number) < rows, section, record, Problem::Dangling)?;
    ensure(word & row::GIVEN == 0 || number < roles, section, record, Problem::Mismatch)?;
    exists(raw, terms, section::TERMS, section, record)?;
    let [days, _] = raw.record(section::TERMS, terms);
    ensure((days != 0) == (word & row::DATED != 0), section, record, Problem::Mismatch)
}

fn facts(raw: Raw<'_>, facts: &[[Word; 2]], account: u32) -> Result<(), LoadError> {
    let mut before = None;
    for [key, value] in facts {
        let (key, value) = (number(key), number(value));
        ensure(before.is_none_or(|b| b < (key, value)), section::ACCOUNTS, account, Problem::Order)?;
        let twice = before.is_some_and(|(k, _)| k == key);
        ensure(!twice || key >> fact::SHIFT >= fact::GIVEN, section::ACCOUNTS, account, Problem::Order)?;
        before = Some((key, value));
        one_fact(raw, key, value, account)?;
    }
    Ok(())
}

fn one_fact(raw: Raw<'_>, key: u32, value: u32, account: u32) -> Result<(), LoadError> {
    let id = key & fact::ID;
    let there = |index, of| exists(raw, index, of, section::ACCOUNTS, account);
    let is = |wanted| {
        let ty = lookup::attribute_type(raw, AttributeId(id)).map(|(ty, _, _)| ty);
        ensure(ty == Some(wanted), section::ACCOUNTS, account, Problem::Mismatch)
    };
    match key >> fact::SHIFT {
        fact::CHOICE => {
            let known = lookup::value_text(raw, AttributeId(id), value).is_some();
            ensure(known, section::ACCOUNTS, account, Problem::Dangling)
        }
        fact::TEXT => is(AttributeType::Text).and_then(|()| string(raw, value, section::ACCOUNTS, account)),
        fact::NUMBER => is(AttributeType::Number).and_then(|()| there(value, section::NUMBERS)),
        fact::UNIT => {
            ensure(id == 0, section::ACCOUNTS, account, Problem::Value)?;
            there(value, section::UNITS)
        }
        fact::LABEL => {
            ensure(value == 0, section::ACCOUNTS, account, Problem::Value)?;
            there(id, section::LABELS)
        }
        fact::GIVEN => there(id, section::ROLES).and_then(|()| there(value, section::DAYS)),
        fact::DIRECT_TIER => there(id, section::TIERS).and_then(|()| there(value, section::DAYS)),
        _ => ensure(false, section::ACCOUNTS, account, Problem::Value),
    }
}
