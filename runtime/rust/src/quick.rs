//! The plain case of a decision, in few steps: an active account, roles that grant the action everywhere, fences of units.
//!
//! It gives the answer and the reason that the general way (`decide`) gives, or none at all where it meets anything else: days, a
//! condition on a grant, a prohibition, a fact that is not known, a target that the table may name.

use crate::describe::{self, Signature};
use crate::id::{AccountId, ActionId, UnitId};
use crate::layout::{NONE, block, node, reference, row, section};
use crate::node::{Ref, depth_of};
use crate::path::row_words;
use crate::raw::Raw;
use crate::reason::{Cut, Decision, GrantRef, Path, Reason, Way};
use crate::target::{Fact, Party, Target};

/// What is known of a party's unit.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The signature does not use the part: every fence holds.
    Unused,
    /// In this unit.
    In(u32),
    /// In none.
    Nowhere,
    /// It cannot be told.
    Unknown,
}

/// An account's question.
#[derive(Debug, Clone, Copy)]
struct Quick<'t> {
    raw: Raw<'t>,
    action: ActionId,
    /// The words of a role's row, and the one of this action.
    width: u32,
    word: u32,
    bit: u32,
    site: bool,
    entity: Place,
    user: Place,
}

/// The answer in the plain case.
#[inline]
pub(crate) fn decide(raw: Raw<'_>, account: AccountId, action: ActionId, target: &Target<'_>) -> Option<Decision> {
    let signature = describe::signature(raw, action)?;
    let (entity, user) = places(raw, signature, target)?;
    let width = row_words(raw.count(section::ACTIONS));
    let bit = 1 << (action.0 % 32);
    let site = matches!(signature, Signature::Site);
    Quick { raw, action, width, word: action.0 / 32, bit, site, entity, user }.of_account(account)
}

/// Where the parties are, when they are exactly those that the signature uses.
#[inline]
fn places(raw: Raw<'_>, signature: Signature, target: &Target<'_>) -> Option<(Place, Place)> {
    match (signature, &target.entity, &target.user, &target.account) {
        (Signature::Site, None, None, None) => Some((Place::Unused, Place::Unused)),
        (Signature::Entity, Some(entity), None, None) => Some((place(raw, entity), Place::Unused)),
        (Signature::User, None, Some(user), None) => Some((Place::Unused, unnamed(raw, user)?)),
        (Signature::Both, Some(entity), Some(user), None) => Some((place(raw, entity), unnamed(raw, user)?)),
        (Signature::Account, None, None, Some(account)) => unnamed(raw, account).map(|place| (place, place)),
        _ => None,
    }
}

/// Where a user is whose login is not told: its facts are the caller's alone.
#[inline]
fn unnamed(raw: Raw<'_>, party: &Party<'_>) -> Option<Place> {
    if matches!(party.login, Fact::Known(_)) { None } else { Some(place(raw, party)) }
}

#[inline]
fn place(raw: Raw<'_>, party: &Party<'_>) -> Place {
    match party.unit {
        Fact::Known(UnitId(unit)) if unit < raw.count(section::UNITS) => Place::In(unit),
        Fact::Absent => Place::Nowhere,
        Fact::Unset if party.closed => Place::Nowhere,
        _ => Place::Unknown,
    }
}

impl Quick<'_> {
    #[inline]
    fn of_account(&self, AccountId(account): AccountId) -> Option<Decision> {
        let raw = self.raw;
        if account.saturating_add(1) >= raw.count(section::ACCOUNTS) {
            return None;
        }
        let [start] = raw.taken::<1>(section::ACCOUNTS, account)?;
        let (head, rest) = raw.rest(section::BLOCKS, start)?.split_first_chunk()?;
        let [sizes, flags] = words(*head);
        if flags & (block::ACTIVE | block::DATED) != block::ACTIVE {
            return None;
        }
        let optional = usize::from(flags & block::NAMED != 0) + usize::from(flags & block::FACTS != 0);
        let ways = rest.get(4 * optional..)?.get(..WAY * (sizes >> 16) as usize)?.as_chunks().0.as_chunks().0;
        let mut outside = None;
        for (index, way) in (0..).zip(ways) {
            let [word, entities, users, _]: [u32; 4] = way.map(u32::from_le_bytes);
            let Some(run) = self.run(word)? else { continue };
            let path = (index, run);
            if self.passes(word, Ref(entities), Ref(users))? {
                return self.allowed(path);
            }
            outside = outside.or(Some(path));
        }
        Some(Decision::deny(
            outside.map_or(Reason::NotGranted, |path| Reason::OutOfScope(Self::path(path), Cut::Fence)),
        ))
    }

    /// The bits and the first run of a row that grants the action without a condition; none where it does not grant it. Where it is no
    /// such simple row there is no quick answer.
    #[inline]
    fn run(&self, word: u32) -> Option<Option<(u32, u32)>> {
        let number = word & row::NUMBER;
        if number >= self.raw.count(section::ROLES) {
            return None;
        }
        let at = number.wrapping_mul(self.width).wrapping_add(self.word);
        let [bits, plain, base] = self.raw.taken::<3>(section::ROLE_ROWS, at)?;
        if bits & self.bit == 0 {
            return Some(None);
        }
        if plain & self.bit == 0 || word & row::DATED != 0 { None } else { Some(Some((bits & (self.bit - 1), base))) }
    }

    /// Whether the target is behind the fence of an assignment.
    #[inline]
    fn passes(&self, word: u32, entities: Ref, users: Ref) -> Option<bool> {
        if self.site {
            return Some(word & row::RESTRICTED == 0);
        }
        // Of two parts one that is false decides, though the other cannot be told: leave that to the general way.
        Some(self.holds(entities, self.entity)? && self.holds(users, self.user)?)
    }

    #[inline]
    fn holds(&self, fence: Ref, place: Place) -> Option<bool> {
        if fence == Ref::TRUE || matches!(place, Place::Unused) {
            return Some(true);
        }
        let own = match place {
            Place::In(unit) => unit,
            Place::Nowhere => NONE,
            Place::Unknown | Place::Unused => return None,
        };
        match fence.0 >> reference::KIND_SHIFT {
            reference::UNIT => self.within(fence, own),
            reference::NODE => self.any(fence.payload(), own),
            _ => None,
        }
    }

    #[inline]
    fn within(&self, unit: Ref, own: u32) -> Option<bool> {
        let unit = unit.payload();
        let [_, end] = self.raw.taken(section::UNITS, unit)?;
        Some(unit <= own && own < end)
    }

    /// Whether it is in any of several units.
    #[inline]
    fn any(&self, at: u32, own: u32) -> Option<bool> {
        let (head, rest) = self.raw.rest(section::NODES, at)?.split_first_chunk()?;
        let head = u32::from_le_bytes(*head);
        if head & node::OR == 0 || depth_of(head) != 1 {
            return None;
        }
        let children = rest.get(..4 * (head & node::COUNT) as usize)?.as_chunks().0;
        for child in children {
            let child = Ref(u32::from_le_bytes(*child));
            if child.0 >> reference::KIND_SHIFT != reference::UNIT {
                return None;
            }
            if self.within(child, own)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Allowed by this path, unless anything may forbid it.
    #[inline]
    fn allowed(&self, path: (u32, (u32, u32))) -> Option<Decision> {
        let [first, end] = words(*self.raw.rest(section::FORBID_STARTS, self.action.0)?.first_chunk()?);
        if first < end {
            return None;
        }
        Some(Decision { allowed: true, reason: Reason::Granted(Self::path(path)) })
    }

    #[inline]
    fn path((index, (lower, base)): (u32, (u32, u32))) -> Path {
        let run = base.wrapping_add(lower.count_ones());
        Path { way: Way::Assignment(index), grant: GrantRef::first_of(run) }
    }
}

/// The bytes of an assignment.
const WAY: usize = 4 * block::ASSIGNMENT as usize;

#[inline]
const fn words(pair: [u8; 8]) -> [u32; 2] {
    let pair = u64::from_le_bytes(pair);
    [pair as u32, (pair >> 32) as u32]
}
