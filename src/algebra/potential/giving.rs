//! Steps that give roles: what is handed on with them, and whether it is more than the giver has.

use std::collections::BTreeSet;

use super::{Search, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::{Lane, Party, Subject};
use crate::algebra::guise::{Extra, Fences, Guise, GuiseWay};
use crate::algebra::lens::{Actor, Lens, Target};
use crate::algebra::witness::Witness;
use crate::lower::rights::{Fence, RowId};
use crate::model::Signature;
use crate::model::id::{AccountId, ActionId, RoleId};

impl Algebra<'_> {
    /// Somebody after a role was given to it on top, by every way that reaches it.
    pub(super) fn given(&mut self, search: &Search, who: Who, action: ActionId, on: Who, role: RoleId) -> Exact<Guise> {
        let mut guise = search.held[&on].0.clone();
        let giver = search.now(who).0.clone();
        let lane = search.lane(who, Lane::Third);
        let (target, within) = self.target(search, who, on)?;
        let only = self.only(&giver)?;
        let within = self.and(within, only)?;
        let lens = self.lens(search, who, target);
        for (fences, region) in self.hands_on(&giver, (action, lens), lane, within)? {
            let whom = if on.is_none() { self.of_party(region, Party::Actor)? } else { Diagram::TRUE };
            self.add(&mut guise, Extra { role, fences, whom })?;
        }
        Ok(guise)
    }

    /// Adds a role on top; one with more fences than another that is there, for no more of the strangers, adds nothing.
    pub(super) fn add(&mut self, guise: &mut Guise, mut extra: Extra) -> Exact<()> {
        for one in &guise.extra {
            let fewer = one.role == extra.role && one.fences.iter().all(|f| extra.fences.contains(f));
            if fewer && self.minus(extra.whom, one.whom)? == Diagram::FALSE {
                return Ok(());
            }
        }
        let same = |e: &&Extra| e.role == extra.role && e.fences == extra.fences;
        if let Some(one) = guise.extra.iter().find(same).cloned() {
            guise.extra.remove(&one);
            extra.whom = self.or(one.whom, extra.whom)?;
        }
        guise.extra.insert(extra);
        Ok(())
    }

    /// The fences that each way to the right to give a role hands on, of the ways that reach a target in these cases; and where.
    fn hands_on(
        &mut self,
        giver: &Guise,
        (action, lens): (ActionId, Lens),
        lane: Lane,
        within: Diagram,
    ) -> Exact<Vec<(Fences, Diagram)>> {
        let mut found = vec![];
        for way in self.ways_that_reach(giver, (action, lens), within)? {
            let fences = self.carried(giver, action, lane, &way)?;
            found.push((fences, way.region));
        }
        Ok(found)
    }

    /// The ways to the right to give a role that reach a target in these cases, and there alone.
    pub(super) fn ways_that_reach(
        &mut self,
        giver: &Guise,
        (action, lens): (ActionId, Lens),
        within: Diagram,
    ) -> Exact<Vec<GuiseWay>> {
        let forbidden = self.forbidden(action, lens)?;
        let mut found = vec![];
        for way in self.ways_of(giver, action, lens)? {
            let region = self.minus(way.region, forbidden)?;
            let region = self.and(region, within)?;
            let region = self.possible(region, lens)?;
            if region != Diagram::FALSE {
                found.push(GuiseWay { region, ..way });
            }
        }
        Ok(found)
    }

    /// The fences that a role carries which is given by this way; whoever changes roles as such gives them without a fence.
    pub(super) fn carried(&mut self, giver: &Guise, action: ActionId, lane: Lane, way: &GuiseWay) -> Exact<Fences> {
        if self.model.actions[action.index()].assigns.is_none() {
            return Ok(vec![]);
        }
        let giver = self.as_giver(giver, &way.own, way.region)?;
        let own = way.own.iter().map(|f| (giver, lane, *f));
        let all: BTreeSet<_> = own.chain(way.before.iter().copied()).collect();
        Ok(all.into_iter().collect())
    }

    /// Whether fences depend on the unit that somebody may have come to.
    pub(super) fn tells_its_unit(&self, giver: &Guise, fences: &[Fence]) -> bool {
        let relative = |f: &Fence| [f.rect.entities, f.rect.users].iter().any(|n| self.traits[n.0 as usize].own_unit());
        let moves = giver.account.is_none() || giver.freed.contains(&Subject::Unit);
        moves && fences.iter().any(relative)
    }

    /// The giver of a role, as far as the fences that it hands on ask for its facts: for its unit, which is one from which its way
    /// reaches the other.
    fn as_giver(&mut self, giver: &Guise, fences: &[Fence], region: Diagram) -> Exact<Actor> {
        if !self.tells_its_unit(giver, fences) {
            let plain = Guise { gives: giver.account.is_none(), ..Guise::of(giver.account) };
            return Ok(self.guised(&plain));
        }
        let own = if giver.account.is_none() { Party::Actor } else { Party::Freed };
        let facts = &self.facts;
        let other = |v| facts.get(v).party != own || facts.get(v).subject != Subject::Unit;
        let unit = self.diagrams.exists(region, &other)?;
        let within = self.renamed(unit, own, Party::Giver)?;
        let freed = BTreeSet::from([Subject::Unit]);
        Ok(self.guised(&Guise { freed, within, gives: true, ..Guise::of(giver.account) }))
    }

    /// A right that somebody would have by a role (or a change of roles) that an account may give to others, and that the account itself
    /// has not: it gives more than it has. Asked is by every way that reaches somebody.
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
        let mut carried = BTreeSet::new();
        for target in [Target::Stranger, Target::Named] {
            let lens = Lens::new(Actor::Account(account), target, day);
            let ways = self.hands_on(&giver, (power, lens), Lane::First, Diagram::TRUE)?;
            carried.extend(ways.into_iter().map(|(fences, _)| fences));
        }
        for fences in carried {
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
    pub fn gives_within(
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
        let lens = Lens::new(Actor::Account(account), Target::Exactly(to), day);
        for (fences, _) in self.hands_on(&giver, (power, lens), Lane::First, Diagram::TRUE)? {
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
        fences: Fences,
        account: AccountId,
        day: i32,
    ) -> Exact<Option<(ActionId, Witness)>> {
        let extra = BTreeSet::from([Extra { role, fences, whom: Diagram::TRUE }]);
        let holder = Guise { extra, ..Guise::of(None) };
        let actor = self.guised(&holder);
        for action in self.actions_in([RowId(role.0)]) {
            let signature = self.signature(action);
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
        self.beyond_among(of, only, than, &[])
    }

    /// The same, where these accounts are looked at one by one: of them something may depend on who they are.
    ///
    /// # Errors
    /// When there are too many cases.
    pub(super) fn beyond_among(
        &mut self,
        of: Lens,
        only: Diagram,
        than: AccountId,
        apart: &[AccountId],
    ) -> Exact<Option<(ActionId, Witness)>> {
        let mut without: Vec<AccountId> =
            of.actor.account().into_iter().chain([than]).chain(apart.iter().copied()).collect();
        without.sort_unstable();
        without.dedup();
        let mut users = vec![Target::Stranger, Target::Named];
        users.extend(apart.iter().copied().map(Target::Exactly));
        for action in self.actions_of(of.actor) {
            let signature = self.signature(action);
            let targets: &[Target] = if signature.uses_users() { &users } else { &[Target::Stranger] };
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
}
