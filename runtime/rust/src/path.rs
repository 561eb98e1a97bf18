//! Paths to rights: what an actor has a row by, and the grants of a row.

use crate::block::Block;
use crate::id::{ActionId, AutomaticId, GrantId, RoleId};
use crate::layout::{NONE, row, section};
use crate::lookup;
use crate::node::Ref;
use crate::question::{Asker, Asking};
use crate::raw::{Days, Raw};
use crate::reason::{GrantRef, Way};

/// One way to a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Approach {
    pub(crate) way: Way,
    /// The row's number, with flags.
    pub(crate) row: u32,
    /// Who goes this way.
    pub(crate) who: Ref,
    pub(crate) entities: Ref,
    pub(crate) users: Ref,
    /// The days on which it is open.
    pub(crate) days: Days,
    /// The record of its terms, or none.
    terms: u32,
}

impl Approach {
    /// The record of its terms; what stands in a card and a role by itself have none.
    pub(crate) const fn terms(&self) -> Option<u32> {
        if self.terms == NONE { None } else { Some(self.terms) }
    }

    /// Whether no site-wide action passes.
    pub(crate) const fn is_restricted(&self) -> bool {
        self.row & row::RESTRICTED != 0
    }

    /// The assignment of an account.
    #[inline]
    pub(crate) fn of_block(block: Block<'_>, index: u32) -> Option<Self> {
        let assignment = block.assignment(index)?;
        Some(Self {
            way: Way::Assignment(index),
            row: assignment.row,
            who: Ref::TRUE,
            entities: assignment.entities,
            users: assignment.users,
            days: assignment.days,
            terms: assignment.terms,
        })
    }

    /// A role by itself.
    pub(crate) const fn of_role(role: RoleId) -> Self {
        Self {
            way: Way::Presented(role),
            row: role.0,
            who: Ref::TRUE,
            entities: Ref::TRUE,
            users: Ref::TRUE,
            days: Days::ALWAYS,
            terms: NONE,
        }
    }

    /// An automatic rule.
    pub(crate) fn of_rule(raw: Raw<'_>, rule: u32) -> Option<Self> {
        if rule >= raw.count(section::AUTOMATIC) {
            return None;
        }
        let [who, row, entities, users, terms] = raw.record(section::AUTOMATIC, rule);
        Some(Self {
            way: Way::Automatic(AutomaticId(rule)),
            row,
            who: Ref::of(who),
            entities: Ref::of(entities),
            users: Ref::of(users),
            days: crate::block::days_of(raw, row, terms),
            terms,
        })
    }
}

impl Asking<'_> {
    /// The way with this number to rights of the actor; `None` behind the last one. A presented role that does not count leads
    /// nowhere.
    #[inline]
    pub(crate) fn approach(&self, index: u32) -> Option<Approach> {
        match self.asker {
            Asker::Account(block) => Approach::of_block(block, index),
            Asker::Claims(actor) => match actor.roles.get(index as usize) {
                Some(role) => Some(Approach::of_role(*role)),
                None => Approach::of_rule(self.raw, index.wrapping_sub(u32::try_from(actor.roles.len()).unwrap_or(0))),
            },
        }
    }

    /// Whether a way counts at all: a presented role may need others.
    #[inline]
    pub(crate) fn counts(&self, approach: &Approach) -> bool {
        match (approach.way, self.asker) {
            (Way::Presented(role), Asker::Claims(actor)) => lookup::presented(self.raw, actor.roles, role),
            _ => true,
        }
    }
}

/// What a row has for an action.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// An unconditional grant.
    Plain(GrantRef),
    /// The grants from the first number to before the second.
    Grants(u32, u32),
}

/// The words that a role row has.
#[inline]
pub(crate) const fn row_words(actions: u32) -> u32 {
    actions.div_ceil(32)
}

/// What a row has for an action.
#[inline]
pub(crate) fn cell(raw: Raw<'_>, row: u32, action: ActionId) -> Cell {
    let row = row & row::NUMBER;
    let roles = raw.count(section::ROLES);
    if row >= roles {
        return direct_cell(raw, row - roles, action);
    }
    let [bits, plain, base] = role_word(raw, row, action);
    let bit = 1 << (action.0 % 32);
    if plain & bit != 0 {
        return Cell::Plain(GrantRef::plain(row, action));
    }
    if bits & bit == 0 {
        return Cell::Empty;
    }
    let [start, end] = raw.words_from(section::RUNS, run_of(bits, bit, base));
    Cell::Grants(start, end)
}

/// The record of a role row that an action is in.
#[inline]
fn role_word(raw: Raw<'_>, role: u32, action: ActionId) -> [u32; 3] {
    let at = role.wrapping_mul(row_words(raw.count(section::ACTIONS))).wrapping_add(action.0 / 32);
    raw.record(section::ROLE_ROWS, at)
}

/// The run of a bit.
#[inline]
const fn run_of(bits: u32, bit: u32, base: u32) -> u32 {
    base.wrapping_add((bits & (bit - 1)).count_ones())
}

/// The first grant that a role has for an action.
pub(crate) fn first_grant(raw: Raw<'_>, role: u32, action: ActionId) -> GrantId {
    let [bits, _, base] = role_word(raw, role, action);
    GrantId(raw.word(section::RUNS, run_of(bits, 1 << (action.0 % 32), base)))
}

/// The grants of a row.
pub(crate) fn grants_of_row(raw: Raw<'_>, row: u32) -> (u32, u32) {
    let row = row & row::NUMBER;
    let roles = raw.count(section::ROLES);
    if row >= roles {
        let [start, end] = raw.words_from(section::DIRECT_ROWS, row - roles);
        return (start, end);
    }
    let words = row_words(raw.count(section::ACTIONS));
    let first = row.wrapping_mul(words);
    let mut grants = (0, 0);
    for word in 0..words {
        let [bits, _, base] = raw.record(section::ROLE_ROWS, first.wrapping_add(word));
        if bits != 0 {
            let start = raw.word(section::RUNS, base);
            let end = raw.word(section::RUNS, base.wrapping_add(bits.count_ones()));
            grants = (if grants.1 == 0 { start } else { grants.0 }, end);
        }
    }
    grants
}

/// Direct rows are short: sorted grants without an index.
fn direct_cell(raw: Raw<'_>, row: u32, action: ActionId) -> Cell {
    let [mut low, end] = raw.words_from(section::DIRECT_ROWS, row);
    let mut high = end;
    while low < high {
        let middle = low + (high - low) / 2;
        let [at, _, _] = raw.record(section::GRANTS, middle);
        if at < action.0 { low = middle + 1 } else { high = middle }
    }
    let mut last = low;
    while last < end && action_of(raw, last) == action {
        last += 1;
    }
    if last > low { Cell::Grants(low, last) } else { Cell::Empty }
}

/// The action of a grant.
pub(crate) fn action_of(raw: Raw<'_>, grant: u32) -> ActionId {
    let [action, _, _] = raw.record(section::GRANTS, grant);
    ActionId(action)
}

/// On what, when and for whom a grant holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition {
    pub(crate) entities: Ref,
    pub(crate) users: Ref,
    pub(crate) gate: Ref,
    pub(crate) days: Days,
    /// The first rectangle taken out, and how many there are.
    holes: (u32, u32),
}

impl Condition {
    /// The condition of a grant.
    pub(crate) fn of_grant(raw: Raw<'_>, grant: u32) -> Self {
        let [_, condition, _] = raw.record(section::GRANTS, grant);
        let [entities, users, gate, days, first, count] = raw.record(section::CONDITIONS, condition);
        Self {
            entities: Ref::of(entities),
            users: Ref::of(users),
            gate: Ref::of(gate),
            days: raw.days(days),
            holes: (first, count.min(crate::layout::limit::HOLES)),
        }
    }

    pub(crate) const fn hole_count(&self) -> u32 {
        self.holes.1
    }

    /// The rectangle taken out with this number.
    pub(crate) fn hole(&self, raw: Raw<'_>, index: u32) -> Option<(Ref, Ref)> {
        if index >= self.holes.1 {
            return None;
        }
        let [entities, users] = raw.record(section::HOLES, self.holes.0.wrapping_add(index));
        Some((Ref::of(entities), Ref::of(users)))
    }
}
