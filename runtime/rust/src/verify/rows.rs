//! Rows: days, conditions, grants, and the bits that lead to them.

use super::nodes::refers;
use super::{exists, run, starts, string, string_or_none};
use crate::describe;
use crate::error::{LoadError, Problem, ensure};
use crate::id::ActionId;
use crate::layout::{action, limit, section};
use crate::node::Ref;
use crate::path::{Cell, action_of, cell, row_words};
use crate::raw::{Days, Raw};

pub(super) fn verify(raw: Raw<'_>) -> Result<(), LoadError> {
    ensure(raw.count(section::DAYS) >= 1, section::DAYS, 0, Problem::Count)?;
    ensure(raw.days(0) == Days::ALWAYS, section::DAYS, 0, Problem::Value)?;
    conditions(raw)?;
    for grant in 0..raw.count(section::GRANTS) {
        let [action, condition, origin] = raw.record(section::GRANTS, grant);
        exists(raw, action, section::ACTIONS, section::GRANTS, grant)?;
        exists(raw, condition, section::CONDITIONS, section::GRANTS, grant)?;
        string(raw, origin, section::GRANTS, grant)?;
    }
    role_rows(raw)?;
    direct_rows(raw)?;
    for terms in 0..raw.count(section::TERMS) {
        let [days, origin] = raw.record(section::TERMS, terms);
        exists(raw, days, section::DAYS, section::TERMS, terms)?;
        string_or_none(raw, origin, section::TERMS, terms)?;
    }
    Ok(())
}

fn conditions(raw: Raw<'_>) -> Result<(), LoadError> {
    ensure(raw.count(section::CONDITIONS) >= 1, section::CONDITIONS, 0, Problem::Count)?;
    let mut holes = 0_u32;
    for condition in 0..raw.count(section::CONDITIONS) {
        let [entities, users, gate, days, first, count] = raw.record(section::CONDITIONS, condition);
        for node in [entities, users, gate] {
            refers(raw, Ref::of(node), section::CONDITIONS, condition)?;
            let plain = condition > 0 || Ref::of(node) == Ref::TRUE;
            ensure(plain, section::CONDITIONS, condition, Problem::Value)?;
        }
        exists(raw, days, section::DAYS, section::CONDITIONS, condition)?;
        ensure(condition > 0 || (days == 0 && count == 0), section::CONDITIONS, condition, Problem::Value)?;
        ensure(count <= limit::HOLES, section::CONDITIONS, condition, Problem::Limit)?;
        ensure(first == holes, section::CONDITIONS, condition, Problem::Mismatch)?;
        run(raw, (first, count), section::HOLES, section::CONDITIONS, condition)?;
        holes = first + count;
    }
    ensure(holes == raw.count(section::HOLES), section::HOLES, holes, Problem::Count)?;
    for hole in 0..raw.count(section::HOLES) {
        let [entities, users] = raw.record(section::HOLES, hole);
        refers(raw, Ref::of(entities), section::HOLES, hole)?;
        refers(raw, Ref::of(users), section::HOLES, hole)?;
    }
    Ok(())
}

/// Each bit of a role row has its run of grants, in the order of the bits; the grants of a run have the bit's action.
fn role_rows(raw: Raw<'_>) -> Result<(), LoadError> {
    let actions = raw.count(section::ACTIONS);
    let words = row_words(actions);
    let expected = u64::from(words) * u64::from(raw.count(section::ROLES));
    ensure(u64::from(raw.count(section::ROLE_ROWS)) == expected, section::ROLE_ROWS, 0, Problem::Count)?;
    let runs = raw.count(section::RUNS);
    ensure(runs >= 1, section::RUNS, 0, Problem::Count)?;
    starts(raw, section::RUNS, runs - 1, (0, raw.word(section::RUNS, runs - 1)))?;
    let first_direct = raw.word(section::DIRECT_ROWS, 0);
    ensure(raw.word(section::RUNS, runs - 1) == first_direct, section::RUNS, runs - 1, Problem::Mismatch)?;
    ensure(first_direct <= raw.count(section::GRANTS), section::RUNS, runs - 1, Problem::Dangling)?;
    let mut holders = Holders::new(raw)?;
    let mut next = 0;
    for record in 0..raw.count(section::ROLE_ROWS) {
        let [bits, plain, base] = raw.record(section::ROLE_ROWS, record);
        ensure(base == next && plain & !bits == 0, section::ROLE_ROWS, record, Problem::Mismatch)?;
        let after = u64::from(next) + u64::from(bits.count_ones());
        ensure(after < u64::from(runs), section::ROLE_ROWS, record, Problem::Dangling)?;
        let first_action = (record % words) * 32;
        for bit in (0..32).filter(|bit| bits >> bit & 1 == 1) {
            let action = first_action + bit;
            ensure(action < actions, section::ROLE_ROWS, record, Problem::Dangling)?;
            run_of(raw, next, action, plain >> bit & 1 == 1)?;
            holders.expect(record / words, action, plain >> bit & 1 == 1)?;
            next += 1;
        }
    }
    ensure(next == runs - 1, section::RUNS, next, Problem::Count)?;
    holders.finish()?;
    conditional(raw)
}

/// The holders of the actions say what the unconditional bits of the role rows say.
struct Holders<'t> {
    raw: Raw<'t>,
    /// The words of an action.
    width: u32,
    /// The bits that there must be.
    count: u64,
}

impl<'t> Holders<'t> {
    fn new(raw: Raw<'t>) -> Result<Self, LoadError> {
        let width = raw.sections.holders;
        let expected = u64::from(width) * u64::from(raw.count(section::ACTIONS));
        ensure(u64::from(raw.count(section::HOLDERS)) == expected, section::HOLDERS, 0, Problem::Count)?;
        Ok(Self { raw, width, count: 0 })
    }

    /// A role gives an action, without a condition or only under one.
    fn expect(&mut self, role: u32, action: u32, plain: bool) -> Result<(), LoadError> {
        if !plain {
            let bits = describe::action_bits(self.raw, ActionId(action)).unwrap_or(0);
            return ensure(bits & action::CONDITIONAL != 0, section::ACTIONS, action, Problem::Mismatch);
        }
        self.count += 1;
        let at = action.wrapping_mul(self.width).wrapping_add(role / 32);
        let there = self.raw.word(section::HOLDERS, at) >> (role % 32) & 1 == 1;
        ensure(there, section::HOLDERS, at, Problem::Mismatch)
    }

    /// There are no other bits.
    fn finish(self) -> Result<(), LoadError> {
        let words = self.raw.words_of(section::HOLDERS).iter();
        let count: u64 = words.map(|word| u64::from(u32::from_le_bytes(*word).count_ones())).sum();
        ensure(count == self.count, section::HOLDERS, 0, Problem::Mismatch)
    }
}

/// An action that is marked so is given by some role only under a condition.
fn conditional(raw: Raw<'_>) -> Result<(), LoadError> {
    for action in 0..raw.count(section::ACTIONS) {
        let bits = describe::action_bits(raw, ActionId(action)).unwrap_or(0);
        let given = |role: u32| matches!(cell(raw, role, ActionId(action)), Cell::Grants(..));
        let marked = bits & action::CONDITIONAL != 0;
        let right = !marked || (0..raw.count(section::ROLES)).any(given);
        ensure(right, section::ACTIONS, action, Problem::Mismatch)?;
    }
    Ok(())
}

/// The grants of one bit; the first is the unconditional one where there is one.
fn run_of(raw: Raw<'_>, run: u32, action: u32, plain: bool) -> Result<(), LoadError> {
    let [start, end] = raw.words_from(section::RUNS, run);
    ensure(start < end && end <= raw.count(section::GRANTS), section::RUNS, run, Problem::Place)?;
    for grant in start..end {
        ensure(action_of(raw, grant).0 == action, section::GRANTS, grant, Problem::Mismatch)?;
        let unconditional = condition_of(raw, grant) == 0;
        let as_marked = unconditional == (plain && grant == start);
        ensure(as_marked, section::GRANTS, grant, Problem::Mismatch)?;
    }
    Ok(())
}

fn condition_of(raw: Raw<'_>, grant: u32) -> u32 {
    let [_, condition, _] = raw.record(section::GRANTS, grant);
    condition
}

/// Direct rows are sorted by action and not empty.
fn direct_rows(raw: Raw<'_>) -> Result<(), LoadError> {
    let count = raw.count(section::DIRECT_ROWS);
    ensure(count >= 1, section::DIRECT_ROWS, 0, Problem::Count)?;
    let first = raw.word(section::DIRECT_ROWS, 0);
    starts(raw, section::DIRECT_ROWS, count - 1, (first, raw.count(section::GRANTS)))?;
    for row in 0..count - 1 {
        let [start, end] = raw.words_from(section::DIRECT_ROWS, row);
        ensure(start < end, section::DIRECT_ROWS, row, Problem::Count)?;
        for grant in start + 1..end {
            let ordered = action_of(raw, grant - 1) <= action_of(raw, grant);
            ensure(ordered, section::GRANTS, grant, Problem::Order)?;
        }
    }
    Ok(())
}

/// A set of holes is a mask in one word.
const _: () = assert!(limit::HOLES < u32::BITS);
