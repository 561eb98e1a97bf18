//! The table itself: bytes that were verified, and the questions they answer.

use crate::describe::Signature;
use crate::error::LoadError;
use crate::explain::{self, Explained, WayText};
use crate::filter::Filter;
use crate::id::{AccountId, ActionId, AutomaticId, ForbidId, GrantId, RoleId};
use crate::inspect::{Prohibitions, Rights};
use crate::layout::section;
use crate::load::{self, Loaded};
use crate::lookup;
use crate::path::Approach;
use crate::question::{self, Asker, Asking, Question};
use crate::quick;
use crate::raw::Raw;
use crate::reason::{Decision, GrantRef, Missing, Part, Way};
use crate::side::Side;
use crate::target::{Actor, Target};

/// A permission table: verified once, then read in place.
///
/// `D` is whatever holds the bytes: a slice, a vector, a mapped file. It must give the same bytes every time.
#[derive(Debug, Clone)]
pub struct Table<D> {
    data: D,
    loaded: Loaded,
}

impl<D: AsRef<[u8]>> Table<D> {
    /// The table that these bytes are. The checksum and the whole structure are verified.
    ///
    /// # Errors
    /// Says why the bytes are no table, or not a whole one. Whatever the bytes are, this neither panics nor reads outside them.
    pub fn from_bytes(data: D) -> Result<Self, LoadError> {
        let loaded = load::load(data.as_ref())?;
        Ok(Self { data, loaded })
    }

    #[inline]
    pub(crate) fn raw(&self) -> Raw<'_> {
        Raw { bytes: self.data.as_ref(), sections: &self.loaded.sections }
    }

    /// What holds the bytes.
    #[must_use]
    pub fn into_inner(self) -> D {
        self.data
    }

    /// The number that the compiler was given; a runtime may refuse one that is smaller than its present one.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.loaded.revision
    }

    /// The digest of everything but the header: equal policies have equal ones.
    #[must_use]
    pub const fn digest(&self) -> [u8; 16] {
        self.loaded.digest
    }

    /// The platform's name.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        let [name, ..]: [u32; 4] = self.raw().record(section::META, 0);
        self.raw().text(name)
    }
}

/// Questions.
impl<D: AsRef<[u8]>> Table<D> {
    /// Whether an account that the table names may do something on a day (since 1970-01-01, UTC).
    #[must_use]
    #[inline(always)]
    pub fn decide(&self, account: AccountId, action: ActionId, target: &Target<'_>, day: i32) -> Decision {
        match quick::find(self.raw(), account, action, target) {
            Some(found) => found.decision(self.raw(), action),
            None => self.decide_in_full(account, action, target, day),
        }
    }

    /// The other ways, out of line, so that the quick one stays small where it is used.
    #[cold]
    #[inline(never)]
    fn decide_in_full(&self, account: AccountId, action: ActionId, target: &Target<'_>, day: i32) -> Decision {
        if let Some(found) = quick::find_more(self.raw(), account, action, target, day) {
            return found.decision(self.raw(), action);
        }
        self.ask(Asker::Account(self.block(account)), action, target, day, false)
    }

    /// Whether somebody may do something whom the table does not name, by the roles that a token presents for them.
    #[must_use]
    pub fn decide_as(&self, actor: &Actor<'_>, action: ActionId, target: &Target<'_>, day: i32) -> Decision {
        self.ask(Asker::Claims(actor), action, target, day, false)
    }

    /// Whether an account may move something: both the state before and the state after must be allowed. In the state after, the
    /// caller's facts stand for those of an account that the table names.
    #[must_use]
    pub fn decide_change(
        &self,
        account: AccountId,
        action: ActionId,
        (before, after): (&Target<'_>, &Target<'_>),
        day: i32,
    ) -> Decision {
        let asker = Asker::Account(self.block(account));
        let first = self.ask(asker, action, before, day, false);
        if first.allowed { self.ask(asker, action, after, day, true) } else { first }
    }

    /// As [`Table::decide_change`], for somebody whom the table does not name.
    #[must_use]
    pub fn decide_change_as(
        &self,
        actor: &Actor<'_>,
        action: ActionId,
        (before, after): (&Target<'_>, &Target<'_>),
        day: i32,
    ) -> Decision {
        let first = self.ask(Asker::Claims(actor), action, before, day, false);
        if first.allowed { self.ask(Asker::Claims(actor), action, after, day, true) } else { first }
    }

    #[inline]
    fn ask<'t>(
        &'t self,
        asker: Asker<'t>,
        action: ActionId,
        target: &'t Target<'t>,
        day: i32,
        replaced: bool,
    ) -> Decision {
        let raw = self.raw();
        let parts = question::may_ask(raw, &asker, action, day)
            .and_then(|signature| question::parties(signature, target).map(|parties| (signature, parties)));
        let (signature, parties) = match parts {
            Ok(parts) => parts,
            Err(reason) => return Decision::deny(reason),
        };
        let asking = Asking::new(raw, asker, action, signature, day);
        let on_account = signature == Signature::Account;
        let part = if on_account { Part::Account } else { Part::User };
        let entity = parties.entity.map(|party| Side::target(raw, Part::Entity, party, day, replaced));
        let user = parties.user.map(|party| Side::target(raw, part, party, day, replaced));
        if let Some(reason) = user.as_ref().and_then(question::contradiction) {
            return Decision::deny(reason);
        }
        let entity = if on_account { user.as_ref() } else { entity.as_ref() };
        Question { asking: &asking, entity, user: user.as_ref() }.decide()
    }

    /// Everything that an account may do an action to.
    #[must_use]
    pub fn filter(&self, account: AccountId, action: ActionId, day: i32) -> Filter<'_> {
        Filter::new(self.raw(), Asker::Account(self.block(account)), action, day)
    }

    /// Everything that somebody may do an action to whom the table does not name.
    #[must_use]
    pub fn filter_as<'t>(&'t self, actor: &'t Actor<'t>, action: ActionId, day: i32) -> Filter<'t> {
        Filter::new(self.raw(), Asker::Claims(actor), action, day)
    }

    /// A decision in words.
    #[must_use]
    pub fn explain(&self, decision: Decision) -> Explained<'_> {
        Explained { raw: self.raw(), decision }
    }

    /// The rights of an account, one rectangle at a time; nothing for an inactive one.
    #[must_use]
    pub fn rights(&self, account: AccountId) -> Rights<'_> {
        Rights::of_account(self.block(account))
    }

    /// What a role gives by itself.
    #[must_use]
    pub fn role_rights(&self, role: RoleId) -> Rights<'_> {
        Rights::of_role(self.raw(), role)
    }

    /// All prohibitions, action by action.
    #[must_use]
    pub fn prohibitions(&self) -> Prohibitions<'_> {
        Prohibitions::new(self.raw())
    }

    /// What gave an account this right, or what it came by, in words.
    #[must_use]
    pub fn way_text(&self, account: Option<AccountId>, way: Way) -> Option<WayText<'_>> {
        let raw = self.raw();
        let approach = match way {
            Way::Assignment(index) => Approach::of_block(self.block(account?), index),
            Way::Presented(role) => self.role_of(role).map(|_| Approach::of_role(role)),
            Way::Automatic(rule) => Approach::of_rule(raw, rule.0),
        };
        approach.map(|approach| WayText::new(raw, approach))
    }

    /// The handle of a decision's grant.
    #[must_use]
    pub fn grant(&self, grant: GrantRef) -> GrantId {
        explain::grant_id(self.raw(), grant)
    }

    /// The statement that a grant comes from.
    #[must_use]
    pub fn grant_text(&self, grant: GrantId) -> Option<&str> {
        explain::grant_text(self.raw(), grant)
    }

    /// The statement of a prohibition.
    #[must_use]
    pub fn forbid_text(&self, forbid: ForbidId) -> Option<&str> {
        explain::forbid_text(self.raw(), forbid)
    }

    /// The statement of an automatic rule.
    #[must_use]
    pub fn automatic_text(&self, rule: AutomaticId) -> Option<&str> {
        explain::automatic_text(self.raw(), rule)
    }

    /// A missing fact in words: whose, and its name as policies write it.
    #[must_use]
    pub fn fact_name(&self, missing: Missing) -> (Part, &str) {
        (missing.part, lookup::fact_words(self.raw(), missing.fact).1)
    }
}
