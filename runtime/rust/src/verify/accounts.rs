//! Accounts: their blocks fill the section without a gap, and the index leads to each of them.

use super::nodes::refers;
use super::{exists, starts, string};
use crate::block::Block;
use crate::describe::AttributeType;
use crate::error::{LoadError, Problem, ensure};
use crate::id::{AccountId, AttributeId};
use crate::layout::{NONE, block, fact, row, section};
use crate::login::{self, Login};
use crate::lookup;
use crate::node::Ref;
use crate::raw::Raw;

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    let count = raw.count(section::ACCOUNTS);
    ensure(count >= 1, section::ACCOUNTS, 0, Problem::Count)?;
    starts(raw, section::ACCOUNTS, count - 1, (0, raw.count(section::BLOCKS)))?;
    let mut before: &[u8] = &[];
    for account in 0..count - 1 {
        size(raw, account)?;
        let block = Block::new(raw, account);
        head(raw, block)?;
        for index in 0..block.assignments {
            if let Some(a) = block.assignment(index) {
                assignment(raw, [a.row, a.entities, a.users, a.terms], section::ACCOUNTS, account)?;
            }
        }
        facts(raw, block)?;
        let login = block.login_bytes();
        let is_text = core::str::from_utf8(login).is_ok() && !login.iter().any(u8::is_ascii_uppercase);
        ensure(is_text, section::ACCOUNTS, account, Problem::Text)?;
        ensure(before < login, section::ACCOUNTS, account, Problem::Order)?;
        before = login;
    }
    index(raw, count - 1)
}

/// The words of a block are exactly what its head announces.
fn size(raw: Raw<'_>, account: u32) -> Result<(), LoadError> {
    let [start, end] = raw.words_from(section::ACCOUNTS, account);
    let has = u64::from(end - start);
    let wrong = |holds| ensure(holds, section::ACCOUNTS, account, Problem::Place);
    wrong(has >= 2)?;
    let [sizes, flags] = raw.words_from(section::BLOCKS, start);
    ensure(flags & 0xff00 & !block::FLAGS == 0, section::ACCOUNTS, account, Problem::Value)?;
    let optional = u64::from((flags & (block::DATED | block::NAMED | block::FACTS)).count_ones());
    wrong(has >= 2 + optional)?;
    let facts = if flags & block::FACTS == 0 { 0 } else { Block::new(raw, account).fact_count() };
    let login = u64::from((sizes & 0xffff).div_ceil(4));
    let assignments = u64::from(sizes >> 16) * u64::from(block::ASSIGNMENT);
    wrong(has == 2 + optional + assignments + login + 2 * u64::from(facts))
}

fn head(raw: Raw<'_>, block: Block<'_>) -> Result<(), LoadError> {
    let account = block.index;
    if let Some(days) = block.days_word() {
        exists(raw, days, section::DAYS, section::ACCOUNTS, account)?;
    }
    if let Some(signature) = block.signature() {
        string(raw, signature, section::ACCOUNTS, account)?;
    }
    if let Some(tier) = block.tier() {
        exists(raw, tier.0, section::TIERS, section::ACCOUNTS, account)?;
    }
    if let Some(primary) = block.primary() {
        exists(raw, primary.0, section::ROLES, section::ACCOUNTS, account)?;
    }
    ensure(block.padding_is_zero(), section::ACCOUNTS, account, Problem::Value)
}

/// An assignment, or the part of an automatic rule that is like one.
pub(super) fn assignment(
    raw: Raw<'_>,
    [word, entities, users, terms]: [u32; 4],
    section: usize,
    record: u32,
) -> Result<(), LoadError> {
    let number = word & row::NUMBER;
    let roles = raw.count(section::ROLES);
    let rows = u64::from(roles) + u64::from(raw.count(section::DIRECT_ROWS)) - 1;
    ensure(u64::from(number) < rows, section, record, Problem::Dangling)?;
    ensure(word & row::GIVEN == 0 || number < roles, section, record, Problem::Mismatch)?;
    refers(raw, Ref(entities), section, record)?;
    refers(raw, Ref(users), section, record)?;
    exists(raw, terms, section::TERMS, section, record)?;
    let [days, _] = raw.record(section::TERMS, terms);
    ensure((days != 0) == (word & row::DATED != 0), section, record, Problem::Mismatch)
}

fn facts(raw: Raw<'_>, block: Block<'_>) -> Result<(), LoadError> {
    let account = block.index;
    let mut before = None;
    for [key, value] in block.facts() {
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

/// There are as many full slots as accounts, at most four in five, and each account is found by its login.
fn index(raw: Raw<'_>, accounts: u32) -> Result<(), LoadError> {
    let slots = raw.count(section::SLOTS);
    let enough = u64::from(slots) * 4 >= u64::from(accounts) * 5;
    ensure(enough, section::SLOTS, slots, Problem::Count)?;
    let mut full = 0;
    for slot in 0..slots {
        let [hash, account] = raw.record(section::SLOTS, slot);
        ensure(account != NONE || hash == 0, section::SLOTS, slot, Problem::Value)?;
        full += u32::from(account != NONE);
    }
    ensure(full == accounts, section::SLOTS, slots, Problem::Mismatch)?;
    for account in 0..accounts {
        let login = Login::of_table(Block::new(raw, account).login());
        let found = login::find(raw, login) == Some(AccountId(account));
        ensure(found, section::ACCOUNTS, account, Problem::Mismatch)?;
    }
    Ok(())
}
