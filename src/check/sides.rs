//! The two sides of a separation of duties, and whether somebody has both on overlapping targets.

use crate::algebra::potential::{Controlled, Means, Reach, Step};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, EntityPart, Exact, Lane, Lens, Target, Turns, Witness};
use crate::lower::rights::{OriginId, RowId};
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::model::{Separate, Side, Signature};

/// Whose rights are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// An account's.
    Account(AccountId),
    /// A role's own.
    Role(RoleId),
}

/// An overlap: an action of each side, and a target of both.
#[derive(Debug, Clone)]
pub struct Overlap {
    /// The action of the first side; none where a role gives nothing.
    pub left: Option<ActionId>,
    /// That of the second.
    pub right: Option<ActionId>,
    /// A target in both, as far as both actions use it.
    pub witness: Witness,
    /// Where each side is given to the account.
    pub given: Vec<OriginId>,
    /// On which day.
    pub day: i32,
}

/// One right of a side, and the way it comes by, if only that counts.
#[derive(Debug, Clone, Copy)]
struct Held {
    action: Option<ActionId>,
    only_by: Option<RoleId>,
}

/// The first overlap of both sides for somebody, on one of these days.
///
/// # Errors
/// When there are too many cases.
pub fn overlap(algebra: &mut Algebra<'_>, whose: Whose, pair: &Separate, days: &[i32]) -> Exact<Option<Overlap>> {
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        if is_exempt(algebra, whose, day) {
            continue;
        }
        let left = held(algebra, whose, &pair.left, day);
        if left.is_empty() {
            continue;
        }
        let right = held(algebra, whose, &pair.right, day);
        for one in &left {
            for other in &right {
                if let Some(found) = overlap_of(algebra, whose, *one, *other, day)? {
                    return Ok(Some(found));
                }
            }
        }
    }
    Ok(None)
}

/// The super role and its holders are exempt.
fn is_exempt(algebra: &Algebra<'_>, whose: Whose, day: i32) -> bool {
    let model = algebra.model;
    let is_super = |role: usize| model.roles.get(role).is_some_and(|r| r.superuser);
    match whose {
        Whose::Role(role) => is_super(role.index()),
        Whose::Account(account) => {
            let ways = &algebra.rights.accounts[account.index()].assignments;
            ways.iter().any(|w| is_super(w.row.0 as usize) && algebra.is_on(w.days, day))
        }
    }
}

/// What somebody has of a side on a day, whatever the fences.
fn held(algebra: &Algebra<'_>, whose: Whose, side: &Side, day: i32) -> Vec<Held> {
    let rights = algebra.rights;
    let rows: Vec<RowId> = match whose {
        Whose::Role(role) => vec![RowId(role.0)],
        Whose::Account(account) => {
            let ways = rights.accounts[account.index()].assignments.iter();
            ways.filter(|w| algebra.is_on(w.days, day)).map(|w| w.row).collect()
        }
    };
    match side {
        Side::Actions(actions) => {
            let has = |a: &ActionId| rows.iter().any(|r| !grants(&rights.rows[r.0 as usize].grants, *a).is_empty());
            actions.iter().filter(has).map(|a| Held { action: Some(a), only_by: None }).collect()
        }
        // A role as a side means that role, not what extends it.
        Side::Role(role) if rows.contains(&RowId(role.0)) => {
            let mut actions: Vec<ActionId> = rights.rows[role.index()].grants.iter().map(|g| g.action).collect();
            actions.dedup();
            let held = |action| Held { action, only_by: Some(*role) };
            if actions.is_empty() { vec![held(None)] } else { actions.into_iter().map(|a| held(Some(a))).collect() }
        }
        Side::Role(_) => vec![],
    }
}

/// Targets overlap when every part that both actions use overlaps.
fn overlap_of(algebra: &mut Algebra<'_>, whose: Whose, left: Held, right: Held, day: i32) -> Exact<Option<Overlap>> {
    let actor = match whose {
        Whose::Account(account) => Actor::Account(account),
        Whose::Role(_) => Actor::Holder,
    };
    let signature = |held: Held| held.action.map_or(Signature::Site, |a| algebra.signature(a));
    let (one, other) = (signature(left), signature(right));
    let joint = joint(one, other);
    for target in algebra.targets(joint, actor) {
        let lens = |signature: Signature| {
            let entity_part = if joint == Signature::Account { EntityPart::OfAccount } else { EntityPart::Usual };
            Lens { entity_part, sees_self: signature.uses_users(), ..Lens::new(actor, target, day) }
        };
        let a = region(algebra, whose, left, lens(one))?;
        let b = region(algebra, whose, right, lens(other))?;
        let both = algebra.and(a, b)?;
        if let Some(witness) = algebra.witness(both, joint, lens(joint))? {
            let given = sources(algebra, whose, [(left, lens(one)), (right, lens(other))], both)?;
            return Ok(Some(Overlap { left: left.action, right: right.action, witness, given, day }));
        }
    }
    Ok(None)
}

/// Both sides in the hands of somebody who controls others.
#[derive(Debug)]
pub struct Detour {
    /// The action of the first side.
    pub left: ActionId,
    /// That of the second.
    pub right: ActionId,
    /// A target of both.
    pub witness: Witness,
    /// The steps to whoever has them.
    pub chain: Vec<Step>,
    /// On which day.
    pub day: i32,
}

/// For each of these separations the first overlap of both sides for an account and those whom it could control, on one of these days;
/// unknown where there are too many cases.
pub fn detours(
    algebra: &mut Algebra<'_>,
    account: AccountId,
    pairs: &[&Separate],
    days: &[i32],
) -> Vec<Exact<Option<Detour>>> {
    let mut found: Vec<Exact<Option<Detour>>> = pairs.iter().map(|_| Ok(None)).collect();
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        let acts = algebra.is_acting(account, day) && !algebra.is_root(account, day);
        if !acts || algebra.ways_to_others(account, day).is_empty() {
            continue;
        }
        algebra.begin();
        let reach = algebra.controlled(account, day, Means::All);
        for (pair, found) in pairs.iter().zip(&mut found) {
            if matches!(found, Ok(None)) {
                *found = reach.as_ref().map_err(|e| *e).and_then(|reach| simplest(algebra, account, pair, day, reach));
            }
        }
    }
    found
}

/// The detour in what an account could control on a day; by fewer means, where there is one: it is easier to follow.
fn simplest(
    algebra: &mut Algebra<'_>,
    account: AccountId,
    pair: &Separate,
    day: i32,
    reach: &Reach,
) -> Exact<Option<Detour>> {
    algebra.begin();
    let Some(found) = shortest(algebra, reach, pair, day)? else { return Ok(None) };
    let roles = (0..algebra.model.roles.len()).map(|r| Means::Give(RoleId::new(r)));
    for means in std::iter::once(Means::Become).chain(roles) {
        algebra.begin();
        let reach = algebra.controlled(account, day, means)?;
        if let Some(simpler) = shortest(algebra, &reach, pair, day)? {
            return Ok(Some(simpler));
        }
    }
    Ok(Some(found))
}

/// The detour with the shortest chain among those that are controlled.
fn shortest(algebra: &mut Algebra<'_>, reach: &Reach, pair: &Separate, day: i32) -> Exact<Option<Detour>> {
    let lefts = having(algebra, reach, &pair.left)?;
    let rights = if lefts.is_empty() { vec![] } else { having(algebra, reach, &pair.right)? };
    let mut ways = vec![];
    for one in &lefts {
        ways.extend(rights.iter().map(|other| (reach.chain(one, other).len(), *one, *other)));
    }
    ways.retain(|(length, ..)| *length > 0);
    ways.sort_by_key(|(length, ..)| *length);
    for (_, one, other) in ways {
        if let Some((left, right, witness)) = between(algebra, reach, one, other, pair)? {
            return Ok(Some(Detour { left, right, witness, chain: reach.chain(one, other), day }));
        }
    }
    Ok(None)
}

/// Those that are controlled who have any action of a side on somebody else, whoever there is: a first look.
fn having<'r>(algebra: &mut Algebra<'_>, reach: &'r Reach, side: &Side) -> Exact<Vec<&'r Controlled>> {
    let actions = actions_of(algebra, side);
    let mut found = vec![];
    for one in &reach.controlled {
        for action in &actions {
            let sees_self = algebra.signature(*action).uses_users();
            let mut any = false;
            for entity_part in [EntityPart::Usual, EntityPart::OfAccount] {
                for target in [Target::Stranger, Target::Named] {
                    let lens = Lens { target, entity_part, sees_self, ..one.lens };
                    any = any || has(algebra, one, side, *action, lens)? != Diagram::FALSE;
                }
            }
            if any {
                found.push(one);
                break;
            }
        }
    }
    Ok(found)
}

/// The actions of a side.
fn actions_of(algebra: &Algebra<'_>, side: &Side) -> Vec<ActionId> {
    match side {
        Side::Actions(actions) => actions.iter().collect(),
        Side::Role(role) => {
            let mut all: Vec<ActionId> = algebra.rights.rows[role.index()].grants.iter().map(|g| g.action).collect();
            all.dedup();
            all
        }
    }
}

/// An action of each side that these two have, on somebody who is none of those that are controlled.
fn between(
    algebra: &mut Algebra<'_>,
    reach: &Reach,
    one: &Controlled,
    other: &Controlled,
    pair: &Separate,
) -> Exact<Option<(ActionId, ActionId, Witness)>> {
    let without: Vec<AccountId> = reach.controlled.iter().filter_map(|c| c.who).collect();
    // Two that are controlled are two from whom relations lead.
    let apart = one.who != other.who && one.lens.lane == other.lens.lane;
    for left in actions_of(algebra, &pair.left) {
        for right in actions_of(algebra, &pair.right) {
            let signatures = (algebra.signature(left), algebra.signature(right));
            let joint = joint(signatures.0, signatures.1);
            let targets: &[Target] =
                if joint.uses_users() { &[Target::Stranger, Target::Named] } else { &[Target::Stranger] };
            for target in targets {
                let seen = |of: &Controlled, signature: Signature| {
                    let entity_part =
                        if joint == Signature::Account { EntityPart::OfAccount } else { EntityPart::Usual };
                    Lens { target: *target, entity_part, sees_self: signature.uses_users(), ..of.lens }
                };
                let mut second = seen(other, signatures.1);
                second.lane = if apart { Lane::Third } else { second.lane };
                let a = has(algebra, one, &pair.left, left, seen(one, signatures.0))?;
                let b = has(algebra, other, &pair.right, right, second)?;
                let both = algebra.and(a, b)?;
                let lens = seen(if other.who.is_none() { other } else { one }, joint);
                if let Some(witness) = algebra.witness_without(both, joint, lens, &without)? {
                    return Ok(Some((left, right, witness)));
                }
            }
        }
    }
    Ok(None)
}

/// Where somebody who is controlled has an action of a side.
fn has(algebra: &mut Algebra<'_>, of: &Controlled, side: &Side, action: ActionId, lens: Lens) -> Exact<Diagram> {
    let region = match side {
        Side::Actions(_) => algebra.allowed(action, lens)?,
        Side::Role(role) => algebra.by_role(of, *role, action, lens)?,
    };
    algebra.and(region, of.only)
}

/// What both are done to, taken together.
const fn joint(one: Signature, other: Signature) -> Signature {
    let entities = one.uses_entities() || other.uses_entities();
    let users = one.uses_users() || other.uses_users();
    match (one, other, entities, users) {
        (Signature::Account, ..) | (_, Signature::Account, ..) => Signature::Account,
        (_, _, true, true) => Signature::Both,
        (_, _, true, false) => Signature::Entity,
        (_, _, false, true) => Signature::User,
        _ => Signature::Site,
    }
}

fn region(algebra: &mut Algebra<'_>, whose: Whose, held: Held, lens: Lens) -> Exact<Diagram> {
    let Some(action) = held.action else { return Ok(Diagram::TRUE) };
    match (whose, held.only_by) {
        (Whose::Role(role), _) => algebra.row(RowId(role.0), action, lens),
        (Whose::Account(_), None) => algebra.allowed(action, lens),
        (Whose::Account(account), Some(role)) => {
            let rights = algebra.rights;
            let mut region = Diagram::FALSE;
            for way in rights.accounts[account.index()].assignments.iter().filter(|w| w.row == RowId(role.0)) {
                let more = algebra.way(way, action, lens)?;
                region = algebra.or(region, more)?;
            }
            let forbidden = algebra.forbidden(action, lens)?;
            algebra.minus(region, forbidden)
        }
    }
}

fn sources(algebra: &mut Algebra<'_>, whose: Whose, sides: [(Held, Lens); 2], both: Diagram) -> Exact<Vec<OriginId>> {
    let Whose::Account(account) = whose else { return Ok(vec![]) };
    let mut given = vec![];
    for (held, lens) in sides {
        if let Some(action) = held.action {
            given.extend(algebra.source(account, action, both, lens)?.map(|(way, _)| way));
        }
    }
    given.dedup();
    Ok(given)
}

impl Overlap {
    /// The target in words; none where the actions have none in common.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        Some(self.witness.text.as_str()).filter(|t| *t != "the whole site")
    }
}
