//! A question with everything that is known of its parties.

use crate::block::Block;
use crate::id::ActionId;
use crate::login::{self};
use crate::lookup::{self, Signature};
use crate::raw::Raw;
use crate::reason::{Missing, Part, Reason};
use crate::side::Side;
use crate::target::{Actor, Party, Target};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asker<'t> {
    /// An account that the table names.
    Account(Block<'t>),
    /// Somebody else.
    Claims(&'t Actor<'t>),
}

/// A question, its target's facts included where there is a target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) action: ActionId,
    pub(crate) signature: Signature,
    pub(crate) day: i32,
    pub(crate) asker: Asker<'t>,
    pub(crate) actor: Side<'t>,
    /// The target of the entity part.
    pub(crate) entity: Option<Side<'t>>,
    /// The target of the user part.
    pub(crate) user: Option<Side<'t>>,
}

impl<'t> Question<'t> {
    /// A question without its target; the reason why the actor may do nothing at all.
    #[inline]
    pub(crate) fn of(raw: Raw<'t>, asker: Asker<'t>, action: ActionId, day: i32) -> Result<Self, Reason> {
        let signature = lookup::signature(raw, action).ok_or(Reason::NoSuchAction)?;
        let actor = match asker {
            Asker::Account(block) => {
                may_act(block, day)?;
                Side::account(block, day)
            }
            Asker::Claims(actor) => {
                may_claim(raw, actor)?;
                Side::claims(raw, actor, day)
            }
        };
        Ok(Self { raw, action, signature, day, asker, actor, entity: None, user: None })
    }

    /// The question on a target.
    #[inline]
    pub(crate) fn on(mut self, target: &'t Target<'t>, replaced: bool) -> Result<Self, Reason> {
        let uses = self.signature;
        let account = part(Part::Account, &target.account, uses == Signature::Account)?;
        let entity = part(Part::Entity, &target.entity, uses.uses_entities() && account.is_none())?;
        let user = part(Part::User, &target.user, uses.uses_users() && account.is_none())?;
        let side = |part, party| Side::target(self.raw, part, party, self.day, replaced);
        if let Some(party) = account {
            let side = side(Part::Account, party);
            (self.entity, self.user) = (Some(side), Some(side));
        } else {
            self.entity = entity.map(|party| side(Part::Entity, party));
            self.user = user.map(|party| side(Part::User, party));
        }
        match self.user.as_ref().and_then(Side::contradiction) {
            Some(fact) => {
                let part = self.user.map_or(Part::User, |side| side.part);
                Err(Reason::Contradiction(Missing { part, fact }))
            }
            None => Ok(self),
        }
    }
}

/// The party of a part, when it is given exactly where it is used.
#[inline]
fn part<'t>(name: Part, party: &'t Option<Party<'t>>, used: bool) -> Result<Option<&'t Party<'t>>, Reason> {
    match party {
        Some(_) if !used => Err(Reason::PartSuperfluous(name)),
        None if used => Err(Reason::PartMissing(name)),
        _ => Ok(party.as_ref()),
    }
}

/// Whether an account may do anything on this day.
#[inline]
fn may_act(block: Block<'_>, day: i32) -> Result<(), Reason> {
    if block.index == crate::layout::NONE {
        return Err(Reason::NoSuchAccount);
    }
    if !block.is_active() {
        return Err(Reason::Inactive);
    }
    match block.valid() {
        Some(days) if !days.contains(day) => Err(Reason::NotValid(days)),
        _ => Ok(()),
    }
}

/// Whether somebody may come with claims: the table does not name the login, and every role may be presented.
fn may_claim(raw: Raw<'_>, actor: &Actor<'_>) -> Result<(), Reason> {
    if login::find(raw, actor.login).is_some() {
        return Err(Reason::NamedLogin);
    }
    match actor.roles.iter().find(|role| !lookup::is_by_claim(raw, **role)) {
        Some(role) => Err(Reason::NotByClaim(*role)),
        None => Ok(()),
    }
}
