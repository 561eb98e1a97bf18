//! Accounts: their cards, the blocks that fill their section without a gap, and the index that leads to each of them.

use super::entries::{Entered, chunk, entries};
use super::index::{self, Index};
use super::nodes::{Heads, refers};
use super::{exists, string};
use crate::card::Entries;
use crate::describe::AttributeType;
use crate::error::{LoadError, Problem, ensure};
use crate::id::AttributeId;
use crate::layout::{block, card, fact, limit, row, section};
use crate::login;
use crate::lookup;
use crate::node::Ref;
use crate::raw::Raw;

/// A word as it stands in the table.
type Word = [u8; 4];

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    let count = raw.count(section::ACCOUNTS);
    index::slots(raw, count)?;
    let end = range(raw, 0..count)?;
    blocks_end(raw, end)
}

/// The blocks end where their section does.
fn blocks_end(raw: Raw<'_>, end: u32) -> Result<(), LoadError> {
    ensure(end == raw.count(section::BLOCKS), section::BLOCKS, end, Problem::Count)
}

/// Verifies some accounts; tells where the block behind theirs must start.
fn range(raw: Raw<'_>, accounts: core::ops::Range<u32>) -> Result<u32, LoadError> {
    let mut heads = Heads::new(raw, section::ACCOUNTS);
    let mut index = Index::new(raw);
    let mut before: &[u8] = &[];
    let mut next = 0;
    for account in accounts {
        let wrong = LoadError::Malformed { section: section::ACCOUNTS, record: account, problem: Problem::Place };
        let card = Entries::new(raw.card(account).ok_or(wrong)?);
        let mut entered = entries(raw, card, account)?;
        let login = if card.head & card::BLOCK == 0 {
            card_login(card, card::SIZE, account)?
        } else {
            ensure(card.link() == next, section::ACCOUNTS, account, Problem::Place)?;
            let rest = raw.words_of(section::BLOCKS).get(next as usize..).ok_or(wrong)?;
            let (login, words) = whole_block(raw, card, (rest, next), &mut entered, &mut heads, account)?;
            next = next.checked_add(words).ok_or(wrong)?;
            login
        };
        entered.finish(card, account)?;
        ensure(before < login, section::ACCOUNTS, account, Problem::Order)?;
        before = login;
        index.expect(login::hash(login), account)?;
    }
    heads.finish()?;
    index.finish()?;
    Ok(next)
}

/// The login of a card, and zeros behind it up to `end`.
fn card_login<'t>(card: Entries<'t>, end: usize, account: u32) -> Result<&'t [u8], LoadError> {
    let at = card::entries(card.count());
    let length = card.login_length();
    let wrong = LoadError::Malformed { section: section::ACCOUNTS, record: account, problem: Problem::Place };
    let rest = card.bytes().get(at..end).ok_or(wrong)?;
    let (login, zeros) = rest.split_at_checked(length).ok_or(wrong)?;
    let zeros = zeros.iter().fold(0, |all, byte| all | byte) == 0;
    ensure(zeros, section::ACCOUNTS, account, Problem::Value)?;
    text(login, account)
}

/// Text without ASCII capitals.
fn text(login: &[u8], account: u32) -> Result<&[u8], LoadError> {
    let (high, capital) = login.iter().fold((0, false), |(high, capital), byte| {
        (high | byte, capital | byte.is_ascii_uppercase()) // no way out of the loop, so that many bytes go at once
    });
    let is_text = !capital && (high < 0x80 || core::str::from_utf8(login).is_ok());
    ensure(is_text, section::ACCOUNTS, account, Problem::Text)?;
    Ok(login)
}

const fn number(word: &Word) -> u32 {
    u32::from_le_bytes(*word)
}

/// Verifies an account's block; tells its login and how many words the block has.
#[inline(never)]
fn whole_block<'t>(
    raw: Raw<'t>,
    card: Entries<'t>,
    (rest, start): (&'t [Word], u32),
    entered: &mut Entered,
    heads: &mut Heads<'t>,
    account: u32,
) -> Result<(&'t [u8], u32), LoadError> {
    let parts = Parts::of(raw, (rest, start), entered, account)?;
    let same = |flag, there: bool| (card.head & flag != 0) == there;
    let as_told = parts.flags != 0
        && same(card::DATED, parts.flags & block::DATED != 0)
        && same(card::CHUNKS, parts.flags >> block::CHUNKS & 0xff != 0)
        && same(card::REST, !parts.assignments.is_empty())
        && (card.login_length() == 0) == (parts.flags & block::LOGIN != 0);
    ensure(as_told, section::ACCOUNTS, account, Problem::Mismatch)?;
    head(raw, &parts, account)?;
    for [word, entities, users, terms] in parts.assignments {
        heads.refers(Ref::of(number(entities)), account)?;
        heads.refers(Ref::of(number(users)), account)?;
        way(raw, number(word), number(terms), section::ACCOUNTS, account)?;
    }
    facts(raw, parts.facts, account)?;
    let own = card_login(card, card::LINK, account)?;
    Ok((if own.is_empty() { parts.login(account)? } else { own }, parts.words))
}

/// What a block consists of.
struct Parts<'t> {
    flags: u32,
    /// As far as the flags announce them.
    optional: &'t [Word],
    assignments: &'t [[Word; block::ASSIGNMENT as usize]],
    /// The bytes of the login, and its words.
    length: usize,
    login: &'t [Word],
    facts: &'t [[Word; 2]],
    /// All of its words.
    words: u32,
}

impl<'t> Parts<'t> {
    /// A block has exactly the words that its head announces.
    fn of(
        raw: Raw<'t>,
        (all, start): (&'t [Word], u32),
        entered: &mut Entered,
        account: u32,
    ) -> Result<Self, LoadError> {
        let wrong = |problem| LoadError::Malformed { section: section::ACCOUNTS, record: account, problem };
        let place = || wrong(Problem::Place);
        let (flags, rest) = all.split_first().ok_or_else(place)?;
        let flags = number(flags);
        if flags >> block::CHUNKS >> 8 << 8 << block::CHUNKS & !block::FLAGS != 0 {
            return Err(wrong(Problem::Value));
        }
        let optional = (flags & block::FLAGS).count_ones();
        let (optional, mut rest) = rest.split_at_checked(optional as usize).ok_or_else(place)?;
        let announced = |flag: u32| {
            let at = (flags & block::FLAGS & (flag - 1)).count_ones();
            if flags & flag == 0 { 0 } else { optional.get(at as usize).map_or(0, number) }
        };
        for _ in 0..flags >> block::CHUNKS & 0xff {
            let words = chunk(raw, start.wrapping_add((all.len() - rest.len()) as u32), entered, account)?;
            rest = rest.get(words as usize..).ok_or_else(place)?;
        }
        let assignments = (flags & 0xffff) * block::ASSIGNMENT;
        let (assignments, rest) = rest.split_at_checked(assignments as usize).ok_or_else(place)?;
        let length = announced(block::LOGIN);
        if length > limit::LOGIN || (length == 0) == (flags & block::LOGIN != 0) {
            return Err(wrong(Problem::Value));
        }
        let (login, rest) = rest.split_at_checked(length.div_ceil(4) as usize).ok_or_else(place)?;
        let count = announced(block::FACTS);
        if (count == 0) == (flags & block::FACTS != 0) {
            return Err(wrong(Problem::Value));
        }
        let count = usize::try_from(count).ok().and_then(|count| count.checked_mul(2)).ok_or_else(place)?;
        let (facts, rest) = rest.split_at_checked(count).ok_or_else(place)?;
        let words = u32::try_from(all.len() - rest.len()).map_err(|_| place())?;
        let (assignments, facts) = (assignments.as_chunks().0, facts.as_chunks().0);
        Ok(Self { flags, optional, assignments, length: length as usize, login, facts, words })
    }

    /// The bytes of the login, and zeros up to a whole word.
    fn login(&self, account: u32) -> Result<&'t [u8], LoadError> {
        let (login, padding) = self.login.as_flattened().split_at_checked(self.length).unwrap_or_default();
        let zeros = padding.iter().all(|byte| *byte == 0);
        ensure(zeros, section::ACCOUNTS, account, Problem::Value)?;
        text(login, account)
    }
}

fn head(raw: Raw<'_>, parts: &Parts<'_>, account: u32) -> Result<(), LoadError> {
    let mut optional = parts.optional.iter().map(number);
    if parts.flags & block::DATED != 0 {
        exists(raw, optional.next().unwrap_or(0), section::DAYS, section::ACCOUNTS, account)?;
    }
    if parts.flags & block::NAMED != 0 {
        string(raw, optional.next().unwrap_or(0), section::ACCOUNTS, account)?;
    }
    if parts.flags & block::STANDING == 0 {
        return Ok(());
    }
    let standing = optional.next_back().unwrap_or(0);
    let (tier, primary) = (standing & 0xff, standing >> 16);
    ensure(standing & 0xff00 == 0, section::ACCOUNTS, account, Problem::Value)?;
    if tier != block::NO_TIER {
        exists(raw, tier, section::TIERS, section::ACCOUNTS, account)?;
    }
    if primary != block::NO_PRIMARY {
        exists(raw, primary, section::ROLES, section::ACCOUNTS, account)?;
    }
    Ok(())
}

/// An assignment, or the part of an automatic rule that is like one.
pub(super) fn assignment(
    raw: Raw<'_>,
    [word, entities, users, terms]: [u32; 4],
    section: usize,
    record: u32,
) -> Result<(), LoadError> {
    refers(raw, Ref::of(entities), section, record)?;
    refers(raw, Ref::of(users), section, record)?;
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
