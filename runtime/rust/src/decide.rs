//! Decisions: paths first, then the prohibitions of the action.

use crate::describe::Signature;
use crate::eval::{both, not};
use crate::id::ForbidId;
use crate::layout::section;
use crate::node::Ref;
use crate::path::{Approach, Cell, Condition, cell};
use crate::question::Question;
use crate::raw::Days;
use crate::reason::{Cut, Decision, GrantRef, Kleene, Path, Reason, Way};

/// What came of the paths so far.
#[derive(Debug, Clone, Copy)]
enum Best {
    Open(Path),
    /// Denied; the greater rank explains better.
    Shut(u8, Reason),
}

impl Best {
    /// Keeps the better explanation, of equal ones the first.
    const fn raise(&mut self, reason: Reason) {
        let rank = rank(reason);
        if let Self::Shut(known, _) = self
            && rank > *known
        {
            *self = Self::Shut(rank, reason);
        }
    }
}

const fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::MissingFact(..) => 5,
        Reason::OutOfScope(..) => 4,
        Reason::GateClosed(..) => 3,
        Reason::NotInDays(..) => 2,
        Reason::UnmetNeed(..) => 1,
        _ => 0,
    }
}

impl Question<'_> {
    /// The answer.
    #[inline]
    pub(crate) fn decide(&self) -> Decision {
        match self.paths() {
            Best::Open(path) => match self.forbidden() {
                Some(reason) => Decision::deny(reason),
                None => Decision { allowed: true, reason: Reason::Granted(path) },
            },
            Best::Shut(_, reason @ Reason::MissingFact(..)) => match self.forbidden() {
                Some(forbidden @ Reason::Forbidden(_)) => Decision::deny(forbidden),
                _ => Decision::deny(reason),
            },
            Best::Shut(_, reason) => Decision::deny(reason),
        }
    }

    /// Whether some path is open.
    #[inline]
    fn paths(&self) -> Best {
        let mut best = Best::Shut(0, Reason::NotGranted);
        let mut index = 0;
        while let Some(approach) = self.asking.approach(index) {
            index += 1;
            match cell(self.asking.raw, approach.row, self.asking.action) {
                Cell::Empty => continue,
                Cell::Plain(grant) => self.plain(&approach, grant, &mut best),
                Cell::Grants(first, end) => self.grants(&approach, first, end, &mut best),
            }
            if matches!(best, Best::Open(_)) {
                break;
            }
        }
        best
    }

    /// Whether a way is open to the actor, on the day and to this kind of action; the fence is looked at by the caller.
    #[inline]
    fn is_open(&self, approach: &Approach, grant: GrantRef, best: &mut Best) -> bool {
        let path = Path { way: approach.way, grant };
        if let Way::Presented(role) = approach.way
            && !self.asking.counts(approach)
        {
            best.raise(Reason::UnmetNeed(role));
            return false;
        }
        if approach.who != Ref::TRUE && self.holds(approach.who, &self.asking.actor) == Ok(false) {
            return false;
        }
        let days = approach.days;
        if !days.contains(self.asking.day) {
            best.raise(Reason::NotInDays(path, days));
            return false;
        }
        if self.asking.signature == Signature::Site && approach.is_restricted() {
            best.raise(Reason::OutOfScope(path, Cut::Fence));
            return false;
        }
        true
    }

    /// An unconditional grant behind a fence: no other grant of the row can do more.
    #[inline]
    fn plain(&self, approach: &Approach, grant: GrantRef, best: &mut Best) {
        if !self.is_open(approach, grant, best) {
            return;
        }
        let path = Path { way: approach.way, grant };
        match self.fence(approach) {
            Ok(true) => *best = Best::Open(path),
            Ok(false) => best.raise(Reason::OutOfScope(path, Cut::Fence)),
            Err(missing) => best.raise(Reason::MissingFact(path, missing)),
        }
    }

    fn grants(&self, approach: &Approach, first: u32, end: u32, best: &mut Best) {
        if !self.is_open(approach, GrantRef::of(first), best) {
            return;
        }
        let fence = self.fence(approach);
        for grant in first..end {
            let path = Path { way: approach.way, grant: GrantRef::of(grant) };
            let condition = Condition::of_grant(self.asking.raw, grant);
            if !condition.days.contains(self.asking.day) {
                best.raise(Reason::NotInDays(path, shared_days(approach, condition.days)));
                continue;
            }
            let gate = self.holds(condition.gate, &self.asking.actor);
            if gate == Ok(false) {
                best.raise(Reason::GateClosed(path));
                continue;
            }
            let region = || self.region(&condition);
            match both(fence, || both(gate, region)) {
                Ok(true) => {
                    *best = Best::Open(path);
                    return;
                }
                Ok(false) => {
                    let cut = if fence == Ok(false) { Cut::Fence } else { Cut::Grant };
                    best.raise(Reason::OutOfScope(path, cut));
                }
                Err(missing) => best.raise(Reason::MissingFact(path, missing)),
            }
        }
    }

    /// Whether the target is behind the fence; for automatic rules it may be unknown whether the actor goes this way.
    #[inline]
    fn fence(&self, approach: &Approach) -> Kleene {
        let rect = self.rect(approach.entities, approach.users);
        if approach.who == Ref::TRUE { rect } else { both(self.holds(approach.who, &self.asking.actor), || rect) }
    }

    /// Both parts, as far as the signature uses them.
    #[inline]
    pub(crate) fn rect(&self, entities: Ref, users: Ref) -> Kleene {
        let entity = match self.entity {
            Some(entity) => self.holds(entities, entity),
            None => Ok(true),
        };
        both(entity, || match self.user {
            Some(user) => self.holds(users, user),
            None => Ok(true),
        })
    }

    /// The positive rectangle without the holes.
    fn region(&self, condition: &Condition) -> Kleene {
        let mut region = self.rect(condition.entities, condition.users);
        for hole in 0..condition.hole_count() {
            if region == Ok(false) {
                break;
            }
            let Some((entities, users)) = condition.hole(self.asking.raw, hole) else { break };
            region = both(region, || not(self.rect(entities, users)));
        }
        region
    }

    /// A prohibition that applies, else one that may apply.
    #[inline]
    pub(crate) fn forbidden(&self) -> Option<Reason> {
        let [first, end] = self.asking.raw.words_from(section::FORBID_STARTS, self.asking.action.0);
        let mut unknown = None;
        for entry in first..end {
            let forbid = self.asking.raw.word(section::FORBID_LIST, entry);
            match self.forbid(forbid) {
                Ok(false) => {}
                Ok(true) => return Some(Reason::Forbidden(ForbidId(forbid))),
                Err(missing) => unknown = unknown.or(Some(Reason::ForbidUnknown(ForbidId(forbid), missing))),
            }
        }
        unknown
    }

    fn forbid(&self, forbid: u32) -> Kleene {
        let [entities, users, actors, unless, _] = self.asking.raw.record(section::FORBIDS, forbid);
        let hit =
            both(self.holds(Ref::of(actors), &self.asking.actor), || self.rect(Ref::of(entities), Ref::of(users)));
        both(hit, || not(self.holds(Ref::of(unless), &self.asking.actor)))
    }
}

/// The days on which both the way and the grant are open.
fn shared_days(approach: &Approach, days: Days) -> Days {
    approach.days.meet(days)
}
