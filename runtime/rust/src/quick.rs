//! The plain case of a decision, in few steps: roles that give the action without a condition, behind fences of units, as they stand in
//! the account's card.
//!
//! It gives the answer and the reason that the general way (`decide`) gives, or none at all where it meets anything else: a condition on
//! a grant, a prohibition that may apply, a fact that is not known, a target that the table may name. All entries are looked at
//! together and nothing is decided between them: while a processor waits for a card, it can begin with the next question.

use crate::card::Entries;
use crate::describe::{self, Signature};
use crate::id::{AccountId, ActionId, UnitId};
use crate::layout::{action, block, card, section};
use crate::raw::Raw;
use crate::reason::{Cut, Decision, GrantRef, Path, Reason, Way};
use crate::target::{Fact, Party, Target};

/// The unit of who is in none that an entry can name: outside all but what is for everything.
const OUTSIDE: u32 = card::UNITS;
/// Instead of a unit: the signature does not use the part, so every fence on it holds.
const UNUSED: u32 = 1 << 16;
/// Instead of a unit: the general way must be gone.
const UNCLEAR: u32 = 1 << 17;

/// What the entries of an account say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'t> {
    /// Where they stand.
    entries: Entries<'t>,
    /// How many assignments stand before.
    before: u32,
    /// The assignment that gives the action here, if any.
    open: Option<u32>,
}

/// Where the parties of a question are, entity and user, when they are exactly those that the signature uses.
#[inline(always)]
fn places(raw: Raw<'_>, bits: u32, target: &Target<'_>) -> Option<(u32, u32)> {
    Some(match (describe::signature_of(bits)?, &target.entity, &target.user, &target.account) {
        (Signature::Site, None, None, None) => (OUTSIDE, OUTSIDE),
        (Signature::Entity, Some(entity), None, None) => (unit(raw, entity), UNUSED),
        (Signature::User, None, Some(user), None) => (UNUSED, unnamed(raw, user)?),
        (Signature::Both, Some(entity), Some(user), None) => (unit(raw, entity), unnamed(raw, user)?),
        (Signature::Account, None, None, Some(account)) => unnamed(raw, account).map(|unit| (unit, unit))?,
        _ => return None,
    })
}

/// The unit that the fences of a card are asked about.
#[inline(always)]
const fn asked(head: u32, (entity, user): (u32, u32)) -> u32 {
    let entity = if head & card::ENTITIES == 0 { UNUSED } else { entity };
    let user = if head & card::USERS == 0 { UNUSED } else { user };
    if user == UNUSED || user == entity {
        entity
    } else if entity == UNUSED {
        user
    } else {
        UNCLEAR
    }
}

/// Where a user is whose login is not told: its facts are the caller's alone.
#[inline]
fn unnamed(raw: Raw<'_>, party: &Party<'_>) -> Option<u32> {
    if matches!(party.login, Fact::Known(_)) { None } else { Some(unit(raw, party)) }
}

#[inline]
fn unit(raw: Raw<'_>, party: &Party<'_>) -> u32 {
    match party.unit {
        Fact::Known(UnitId(unit)) if unit < raw.count(section::UNITS) => unit.min(OUTSIDE),
        Fact::Absent => OUTSIDE,
        Fact::Unset if party.closed => OUTSIDE,
        _ => UNCLEAR,
    }
}

/// What an account's card says of an action, where that is the answer and depends on nothing else. It is built into where it is asked:
/// then nothing is made that is not used, such as a reason.
#[inline(always)]
pub(crate) fn find<'t>(
    raw: Raw<'t>,
    AccountId(account): AccountId,
    action: ActionId,
    target: &Target<'_>,
) -> Option<Found<'t>> {
    let bits = describe::action_bits(raw, action)?;
    let places = places(raw, bits, target)?;
    let entries = Entries::new(raw.card(account)?);
    let unit = asked(entries.head, places);
    let usual = entries.head & (card::ACTIVE | card::DATED | card::CHUNKS | card::REST) == card::ACTIVE;
    if bits & (action::CONDITIONAL | action::FORBIDDEN) != 0 || !usual || unit == UNCLEAR {
        return None;
    }
    Some(Found { entries, before: 0, open: look(raw, entries, action, unit) })
}

/// What an account's entries say of an action that may be forbidden, or of an account with more than its card, where that is the answer.
pub(crate) fn find_more<'t>(
    raw: Raw<'t>,
    AccountId(account): AccountId,
    action: ActionId,
    target: &Target<'_>,
    day: i32,
) -> Option<Found<'t>> {
    let bits = describe::action_bits(raw, action)?;
    let places = places(raw, bits, target)?;
    let entries = Entries::new(raw.card(account)?);
    let unit = asked(entries.head, places);
    if bits & action::CONDITIONAL != 0 || entries.head & card::ACTIVE == 0 || unit == UNCLEAR {
        return None;
    }
    if entries.head & card::DATED != 0 {
        let [flags, days] = raw.words_from(section::BLOCKS, entries.link());
        if flags & block::DATED == 0 || !raw.days(days).contains(day) {
            return None;
        }
    }
    let mut found = Found { entries, before: 0, open: look(raw, entries, action, unit) };
    if entries.head & card::CHUNKS != 0 && !found.is_open() {
        found = chunks(raw, found, action, unit)?;
    }
    let settled = if found.is_open() { bits & action::FORBIDDEN == 0 } else { entries.head & card::REST == 0 };
    settled.then_some(found)
}

/// The first assignment that gives the action here.
///
/// Where the target is decides first, without looking at a role: most often it is in none of the units. A processor foretells that, and
/// goes on to the next question's card while this one is still on its way.
#[inline(always)]
fn look(raw: Raw<'_>, entries: Entries<'_>, action: ActionId, unit: u32) -> Option<u32> {
    let all = 0_u32.wrapping_sub(unit / UNUSED);
    let mut inside = (entries.inside(unit) | all) & ((1 << entries.count()) - 1);
    while inside != 0 {
        let assignment = entries.assignment_of(inside.trailing_zeros());
        if gives(raw, entries.role(assignment), action) {
            return Some(assignment);
        }
        inside &= inside - 1;
    }
    None
}

/// Whether a role gives an action without a condition.
#[inline(always)]
fn gives(raw: Raw<'_>, role: u32, action: ActionId) -> bool {
    let word = action.0.wrapping_mul(raw.sections.holders).wrapping_add(role / 32);
    raw.word(section::HOLDERS, word) >> (role % 32) & 1 == 1
}

/// Goes on with the chunks of the account's block, where the card does not allow it.
fn chunks<'t>(raw: Raw<'t>, card: Found<'t>, action: ActionId, unit: u32) -> Option<Found<'t>> {
    let [flags]: [u32; 1] = raw.taken(section::BLOCKS, card.entries.link())?;
    let mut word = card.entries.link().wrapping_add(1 + (flags & block::FLAGS).count_ones());
    let mut before = card.entries.assignments();
    let mut best = card;
    for _ in 0..flags >> block::CHUNKS & 0xff {
        let entries = Entries::chunk(raw, word)?;
        let found = Found { entries, before, open: look(raw, entries, action, unit) };
        if found.is_open() {
            return Some(found);
        }
        if best.given(raw, action) == 0 {
            best = found;
        }
        before += entries.assignments();
        word = word.wrapping_add(entries.words());
    }
    Some(best)
}

impl Found<'_> {
    /// Whether it is allowed.
    #[inline]
    pub(crate) const fn is_open(self) -> bool {
        self.open.is_some()
    }

    /// A bit for each assignment that gives the action anywhere. Without a loop that ends early, so that nothing of it is left where nobody
    /// asks for the reason.
    #[inline(always)]
    fn given(self, raw: Raw<'_>, action: ActionId) -> u32 {
        let bit = |assignment: u32| {
            let there = self.entries.length(assignment) > 0;
            u32::from(there & gives(raw, self.entries.role(assignment), action)) << assignment
        };
        bit(0) | bit(1) | bit(2) | bit(3)
    }

    /// By the first assignment that gives the action here, else by the first that gives it somewhere.
    #[inline(always)]
    pub(crate) fn decision(self, raw: Raw<'_>, action: ActionId) -> Decision {
        let path = |assignment: u32| {
            let grant = GrantRef::plain(self.entries.role(assignment), action);
            Path { way: Way::Assignment(self.before.wrapping_add(assignment)), grant }
        };
        let given = self.given(raw, action);
        let reason = match self.open {
            Some(assignment) => Reason::Granted(path(assignment)),
            None if given == 0 => Reason::NotGranted,
            None => Reason::OutOfScope(path(given.trailing_zeros()), Cut::Fence),
        };
        Decision { allowed: self.is_open(), reason }
    }
}
