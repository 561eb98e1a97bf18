//! Steps that give roles: what is handed on with them, and whether it is more than the giver has.

use std::collections::BTreeSet;

use super::Fences;
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::{Lane, Subject};
use crate::algebra::guise::{Extra, Guise};
use crate::algebra::lens::{Actor, Lens, Target};
use crate::algebra::reach::grants;
use crate::algebra::witness::Witness;
use crate::lower::rights::{Fence, RowId};
use crate::model::Model;
use crate::model::Signature;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::syntax::ast::Kind;

impl Algebra<'_> {
    /// The fences that each way to the right to give a role hands on.
    pub(super) fn fences_of(
        &mut self,
        guise: &Guise,
        lane: Lane,
        day: i32,
        action: ActionId,
    ) -> Exact<BTreeSet<Fences>> {
        let rights = self.rights;
        // A fence asks of its giver for no more than its unit; so there are finitely many, and the search ends.
        let freed: BTreeSet<Subject> = guise.freed.iter().copied().filter(|s| *s == Subject::Unit).collect();
        let facts = &self.facts;
        let within = self.diagrams.exists(guise.within, &|v| facts.get(v).subject != Subject::Unit)?;
        let actor = self.guised(&Guise { freed, within, ..Guise::of(guise.account) });
        let mut all = BTreeSet::new();
        let mut of_row = |row: RowId, before: &[(Actor, Lane, Fence)]| {
            for grant in grants(&rights.rows[row.0 as usize].grants, action) {
                if grant.days.contains(day) {
                    let own = (actor, lane, grant.handed_on);
                    let fences = before.iter().copied().chain([own]).filter(|(_, _, f)| *f != Fence::OPEN);
                    all.insert(fences.collect::<BTreeSet<_>>().into_iter().collect());
                }
            }
        };
        let fence = |id: crate::lower::rights::FenceId| rights.fences[id.0 as usize];
        let scope = guise.account.map(|a| fence(rights.accounts[a.index()].scope)).filter(|_| !guise.unscoped);
        for way in guise.account.iter().flat_map(|a| &rights.accounts[a.index()].assignments) {
            let of_way = if guise.unscoped { way.alone } else { way.fence };
            if way.days.contains(day) {
                of_row(way.row, &[(actor, lane, fence(of_way))]);
            }
        }
        for extra in &guise.extra {
            let own = scope.map(|s| (actor, lane, s));
            let before: Vec<_> = extra.fences.iter().copied().chain(own).collect();
            of_row(RowId(extra.role.0), &before);
        }
        let by_rule = guise.account.is_none() || !guise.freed.is_empty();
        for rule in rights.automatic.iter().filter(|_| by_rule) {
            let own = scope.map(|s| (actor, lane, s));
            let before: Vec<_> = [(actor, lane, fence(rule.fence))].into_iter().chain(own).collect();
            of_row(rule.row, &before);
        }
        if self.model.actions[action.index()].assigns.is_none() {
            // Whoever changes roles as such gives them without a fence.
            return Ok(BTreeSet::from([vec![]]));
        }
        Ok(all)
    }

    /// A right that somebody would have by a role (or a change of roles) that an account may give to others, and that the account itself
    /// has not: it gives more than it has.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn amplifies(
        &mut self,
        account: AccountId,
        power: ActionId,
        role: RoleId,
        day: i32,
    ) -> Exact<Option<(ActionId, Witness)>> {
        let giver = Guise::of(Some(account));
        for fences in self.fences_of(&giver, Lane::First, day, power)? {
            if let Some(more) = self.more_in(role, fences, account, day)? {
                return Ok(Some(more));
            }
        }
        Ok(None)
    }

    /// Whether a fence on what somebody is given lies within what an account hands on by some way to the right to give it.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn hands_on(
        &mut self,
        account: AccountId,
        power: ActionId,
        to: AccountId,
        fence: Fence,
        day: i32,
    ) -> Exact<bool> {
        let giver = Guise::of(Some(account));
        let signature = Signature::Both;
        let view = Lens { lane: Lane::Second, ..Lens::new(Actor::Account(to), Target::Anyone, day) };
        let given = self.fence(fence, signature, view)?;
        for fences in self.fences_of(&giver, Lane::First, day, power)? {
            if fences.iter().any(|(_, _, own)| own.restricted) && !fence.restricted {
                continue;
            }
            let mut within = Diagram::TRUE;
            for (actor, lane, own) in fences {
                let own = self.fence(own, signature, Lens { actor, lane, ..view })?;
                within = self.and(within, own)?;
            }
            let outside = self.minus(given, within)?;
            if self.is_empty(outside, view)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A right that a role gives within these fences and that an account has not.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn more_in(
        &mut self,
        role: RoleId,
        fences: Vec<(Actor, Lane, Fence)>,
        account: AccountId,
        day: i32,
    ) -> Exact<Option<(ActionId, Witness)>> {
        let extra = BTreeSet::from([Extra { role, fences }]);
        let holder = Guise { extra, ..Guise::of(None) };
        let actor = self.guised(&holder);
        for action in self.gravest_first() {
            let signature = self.signature(action);
            let rights = self.rights;
            if grants(&rights.rows[role.index()].grants, action).is_empty() {
                continue;
            }
            for target in self.targets(signature, Actor::Holder).into_iter().filter(|t| *t != Target::Myself) {
                let lens = Lens { lane: Lane::Second, ..Lens::new(actor, target, day) };
                let given = self.extra(&holder, action, lens)?;
                let forbidden = self.forbidden(action, lens)?;
                let given = self.minus(given, forbidden)?;
                let own = self.allowed(action, Lens::new(Actor::Account(account), target, day))?;
                let more = self.minus(given, own)?;
                if let Some(witness) = self.witness_without(more, signature, lens, &[account])? {
                    return Ok(Some((action, witness)));
                }
            }
        }
        Ok(None)
    }

    /// Whether an account may use an action on anybody but itself.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn reaches_others(&mut self, account: AccountId, action: ActionId, day: i32) -> Exact<bool> {
        for target in [Target::Stranger, Target::Named] {
            let lens = Lens::new(Actor::Account(account), target, day);
            let region = self.allowed(action, lens)?;
            if !self.is_empty(region, lens)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an account may use an action on itself.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn reaches_itself(&mut self, account: AccountId, action: ActionId, day: i32) -> Exact<bool> {
        let lens = Lens::new(Actor::Account(account), Target::Exactly(account), day);
        let region = self.allowed(action, lens)?;
        Ok(!self.is_empty(region, lens)?)
    }

    /// A right that one actor (in a set of cases) has and an account has not, on somebody who is neither of them.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn beyond(&mut self, of: Lens, only: Diagram, than: AccountId) -> Exact<Option<(ActionId, Witness)>> {
        let mut without: Vec<AccountId> = of.actor.account().into_iter().chain([than]).collect();
        without.dedup();
        for action in self.gravest_first() {
            let signature = self.signature(action);
            let targets: &[Target] =
                if signature.uses_users() { &[Target::Stranger, Target::Named] } else { &[Target::Stranger] };
            for target in targets {
                let lens = Lens { target: *target, ..of };
                let theirs = self.allowed(action, lens)?;
                let theirs = self.and(theirs, only)?;
                if theirs == Diagram::FALSE {
                    continue;
                }
                let own = self.allowed(action, Lens::new(Actor::Account(than), *target, of.day))?;
                let more = self.minus(theirs, own)?;
                if let Some(witness) = self.witness_without(more, signature, lens, &without)? {
                    return Ok(Some((action, witness)));
                }
            }
        }
        Ok(None)
    }

    /// The actions, those that matter most first.
    pub(crate) fn gravest_first(&self) -> Vec<ActionId> {
        self.gravest.clone()
    }
}

/// The actions of a policy, those that matter most first.
pub(in crate::algebra) fn gravest_first(model: &Model) -> Vec<ActionId> {
    let rank = |kind: Kind| match kind {
        Kind::Become => 0,
        Kind::Destroy => 1,
        Kind::Assign => 2,
        Kind::Write => 3,
        Kind::View => 4,
    };
    let mut all: Vec<ActionId> = (0..model.actions.len()).map(ActionId::new).collect();
    all.sort_by_key(|a| (rank(model.actions[a.index()].kind), *a));
    all
}
