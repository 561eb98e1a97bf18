//! A question with everything that is known of its parties.

use crate::block::Block;
use crate::describe::{self, Signature};
use crate::id::ActionId;
use crate::login;
use crate::lookup;
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

/// A question but for its target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) action: ActionId,
    pub(crate) signature: Signature,
    pub(crate) day: i32,
    pub(crate) asker: Asker<'t>,
    pub(crate) actor: Side<'t>,
}

/// A question on a target; on none, where what is asked is about the actor alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'t> {
    pub(crate) asking: &'t Asking<'t>,
    /// The target of the entity part.
    pub(crate) entity: Option<&'t Side<'t>>,
    /// The target of the user part.
    pub(crate) user: Option<&'t Side<'t>>,
}

/// The parties of a target, as far as the signature uses them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parties<'t> {
    pub(crate) entity: Option<&'t Party<'t>>,
    /// The user or the account.
    pub(crate) user: Option<&'t Party<'t>>,
}

/// What an action is done to, where the actor may do anything at all on the day; else the reason why not.
#[inline]
pub(crate) fn may_ask(raw: Raw<'_>, asker: &Asker<'_>, action: ActionId, day: i32) -> Result<Signature, Reason> {
    match asker {
        Asker::Account(block) => may_act(block, day)?,
        Asker::Claims(actor) => may_claim(raw, actor)?,
    }
    describe::signature(raw, action).ok_or(Reason::NoSuchAction)
}

impl<'t> Asking<'t> {
    /// The question of somebody who may ask it.
    #[inline]
    pub(crate) fn new(raw: Raw<'t>, asker: Asker<'t>, action: ActionId, signature: Signature, day: i32) -> Self {
        let actor = match asker {
            Asker::Account(block) => Side::account(block, day),
            Asker::Claims(actor) => Side::claims(raw, actor, day),
        };
        Self { raw, action, signature, day, asker, actor }
    }

    /// The question as it is about the actor alone.
    pub(crate) const fn untargeted(&'t self) -> Question<'t> {
        Question { asking: self, entity: None, user: None }
    }
}

/// The parties of a target, when they are exactly those that the signature uses.
#[inline]
pub(crate) fn parties<'t>(signature: Signature, target: &'t Target<'t>) -> Result<Parties<'t>, Reason> {
    let on_account = signature == Signature::Account;
    let account = party(Part::Account, &target.account, on_account)?;
    let entity = party(Part::Entity, &target.entity, signature.uses_entities() && !on_account)?;
    let user = party(Part::User, &target.user, signature.uses_users() && !on_account)?;
    Ok(Parties { entity, user: user.or(account) })
}

/// The party of a part, when it is given exactly where it is used.
#[inline]
fn party<'t>(name: Part, party: &'t Option<Party<'t>>, used: bool) -> Result<Option<&'t Party<'t>>, Reason> {
    match party {
        Some(_) if !used => Err(Reason::PartSuperfluous(name)),
        None if used => Err(Reason::PartMissing(name)),
        _ => Ok(party.as_ref()),
    }
}

/// The reason to deny where a caller contradicts the table.
#[inline]
pub(crate) fn contradiction(user: &Side<'_>) -> Option<Reason> {
    let part = user.part;
    user.contradiction().map(|fact| Reason::Contradiction(Missing { part, fact }))
}

/// Whether an account may do anything on this day.
#[inline]
fn may_act(block: &Block<'_>, day: i32) -> Result<(), Reason> {
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
