//! Listings: the rows of an account or a role one by one, as disjoint rectangles.

use crate::block::Block;
use crate::describe::{self, Signature};
use crate::id::{ActionId, ForbidId, RoleId};
use crate::layout::section;
use crate::node::Ref;
use crate::path::{Approach, Condition, action_of, grants_of_row};
use crate::pred::Pred;
use crate::raw::{Days, Raw};
use crate::reason::{GrantRef, Part, Path};

/// A right: an action on one rectangle of targets.
#[derive(Debug, Clone, Copy)]
pub struct Right<'t> {
    /// The action.
    pub action: ActionId,
    /// Which targets, by their entity part; everything where the action does not use it.
    pub entities: Pred<'t>,
    /// Which targets, by their user part; everything where the action does not use it.
    pub users: Pred<'t>,
    /// The condition on the actor.
    pub gate: Pred<'t>,
    /// When.
    pub days: Days,
    /// What gives it.
    pub path: Path,
}

/// A prohibition of an action.
#[derive(Debug, Clone, Copy)]
pub struct Prohibition<'t> {
    /// The prohibition; one may take away several actions.
    pub forbid: ForbidId,
    /// The action.
    pub action: ActionId,
    /// Which targets, by their entity part.
    pub entities: Pred<'t>,
    /// Which targets, by their user part.
    pub users: Pred<'t>,
    /// For whom.
    pub actors: Pred<'t>,
    /// But not for these.
    pub unless: Pred<'t>,
}

/// Whose rows are listed.
#[derive(Debug, Clone, Copy)]
enum Holder<'t> {
    Account(Block<'t>),
    Role(RoleId),
}

/// The rights of an account or a role.
#[derive(Debug, Clone)]
pub struct Rights<'t> {
    raw: Raw<'t>,
    holder: Holder<'t>,
    /// The number of the way.
    way: u32,
    approach: Option<Approach>,
    grants: core::ops::Range<u32>,
    /// The grant whose rectangles are being listed, and the next one's mask.
    current: Option<(u32, u32)>,
}

impl<'t> Rights<'t> {
    pub(crate) const fn of_account(block: Block<'t>) -> Self {
        Self::new(block.raw, Holder::Account(block))
    }

    pub(crate) const fn of_role(raw: Raw<'t>, role: RoleId) -> Self {
        Self::new(raw, Holder::Role(role))
    }

    const fn new(raw: Raw<'t>, holder: Holder<'t>) -> Self {
        Self { raw, holder, way: 0, approach: None, grants: 0..0, current: None }
    }

    fn next_approach(&mut self) -> Option<Approach> {
        let approach = match self.holder {
            Holder::Account(block) => Approach::of_block(block, self.way),
            Holder::Role(role) => {
                (self.way == 0 && role.0 < self.raw.count(section::ROLES)).then(|| Approach::of_role(role))
            }
        }?;
        self.way += 1;
        let (first, end) = grants_of_row(self.raw, approach.row);
        self.grants = first..end;
        self.approach = Some(approach);
        Some(approach)
    }

    /// The next rectangle of the grant at hand.
    fn rectangle(&mut self) -> Option<Right<'t>> {
        let approach = self.approach?;
        while let Some((grant, mask)) = self.current {
            let condition = Condition::of_grant(self.raw, grant);
            let more = mask.checked_add(1).filter(|m| *m < 1 << condition.hole_count());
            self.current = more.map(|mask| (grant, mask));
            let right = right(self.raw, &approach, grant, &condition, mask);
            if right.is_some() {
                return right;
            }
        }
        None
    }
}

impl<'t> Iterator for Rights<'t> {
    type Item = Right<'t>;

    fn next(&mut self) -> Option<Right<'t>> {
        loop {
            if let Some(right) = self.rectangle() {
                return Some(right);
            }
            match self.grants.next() {
                Some(grant) => self.current = Some((grant, 0)),
                None => {
                    self.next_approach()?;
                }
            }
        }
    }
}

/// The rectangle of a grant that this mask tells; none where it is empty.
fn right<'t>(raw: Raw<'t>, approach: &Approach, grant: u32, condition: &Condition, mask: u32) -> Option<Right<'t>> {
    let action = action_of(raw, grant);
    let signature = describe::signature(raw, action)?;
    let days = approach.days.meet(condition.days);
    if days.is_empty() || (signature == Signature::Site && approach.is_restricted()) {
        return None;
    }
    let holes = (condition.hole_count() > 0).then_some(grant);
    let (entity_part, user_part) = parts(signature);
    let fence = |used: bool, node: Ref| if used { node } else { Ref::TRUE };
    let entity_fence = fence(signature.uses_entities(), approach.entities);
    let user_fence = fence(signature.uses_users(), approach.users);
    let entities = Pred::side(raw, (entity_fence, condition.entities), (holes, mask), (false, entity_part));
    let users = Pred::side(raw, (user_fence, condition.users), (holes, mask), (true, user_part));
    if entities.folded() == Some(false) || users.folded() == Some(false) {
        return None;
    }
    let gate = Pred::stored(raw, condition.gate, Part::Actor);
    Some(Right { action, entities, users, gate, days, path: Path { way: approach.way, grant: GrantRef::of(grant) } })
}

/// The parties that stand in the entity part and in the user part.
const fn parts(signature: Signature) -> (Part, Part) {
    match signature {
        Signature::Account => (Part::Account, Part::Account),
        _ => (Part::Entity, Part::User),
    }
}

/// The prohibitions, action by action.
#[derive(Debug, Clone)]
pub struct Prohibitions<'t> {
    raw: Raw<'t>,
    action: u32,
    entry: u32,
}

impl<'t> Prohibitions<'t> {
    pub(crate) const fn new(raw: Raw<'t>) -> Self {
        Self { raw, action: 0, entry: 0 }
    }
}

impl<'t> Iterator for Prohibitions<'t> {
    type Item = Prohibition<'t>;

    fn next(&mut self) -> Option<Prohibition<'t>> {
        let raw = self.raw;
        while self.entry >= raw.word(section::FORBID_STARTS, self.action.saturating_add(1)) {
            if self.action.saturating_add(1) >= raw.count(section::ACTIONS) {
                return None;
            }
            self.action += 1;
        }
        let forbid = raw.word(section::FORBID_LIST, self.entry);
        self.entry += 1;
        let action = ActionId(self.action);
        let (entity_part, user_part) = parts(describe::signature(raw, action)?);
        let [entities, users, actors, unless, _] = raw.record(section::FORBIDS, forbid);
        Some(Prohibition {
            forbid: ForbidId(forbid),
            action,
            entities: Pred::stored(raw, Ref::of(entities), entity_part),
            users: Pred::stored(raw, Ref::of(users), user_part),
            actors: Pred::stored(raw, Ref::of(actors), Part::Actor),
            unless: Pred::stored(raw, Ref::of(unless), Part::Actor),
        })
    }
}
