//! Somebody with more than it was given: what an account could become when others, or it itself, use rights to change it.

use std::collections::BTreeSet;

use super::Algebra;
use super::diagram::{Diagram, Exact};
use super::facts::{Lane, Party, Subject, subject};
use super::lens::{Actor, Lens};
use super::reach::grants;
use crate::lower::rights::{Fence, RowId};
use crate::model::Signature;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::region::Test;

/// An account of the policy, or somebody unnamed, with changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guise {
    /// Who; none for somebody whom the policy does not name.
    pub account: Option<AccountId>,
    /// The facts that may have been changed.
    pub freed: BTreeSet<Subject>,
    /// To what: a function of the freed facts; everything where none is. Of somebody unnamed, who it can be.
    pub within: Diagram,
    /// The account's own scope is taken away.
    pub unscoped: bool,
    /// The roles that it was given on top.
    pub extra: BTreeSet<Extra>,
    /// It has all of these; otherwise none of them must have been given.
    pub has_all: bool,
    /// It is spoken of as somebody who gave a role.
    pub gives: bool,
    /// As a target of itself: the facts that are told of it as of the one who acts; none where it is another's target.
    pub acting: Option<BTreeSet<Subject>>,
}

impl Guise {
    /// An account of the policy, or somebody unnamed, as it is.
    #[must_use]
    pub const fn of(account: Option<AccountId>) -> Self {
        let within = Diagram::TRUE;
        Self {
            account,
            freed: BTreeSet::new(),
            within,
            unscoped: false,
            extra: BTreeSet::new(),
            has_all: false,
            gives: false,
            acting: None,
        }
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.freed.is_empty() && self.extra.is_empty() && !self.unscoped && !self.gives
    }
}

/// The fences that a role carries when it is given, each as its giver sees it.
pub type Fences = Vec<(Actor, Lane, Fence)>;

/// A role that was given on top, with the fences that it carries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extra {
    /// The role.
    pub role: RoleId,
    /// The fences on the giver's way to the right to give it.
    pub fences: Fences,
    /// Of somebody unnamed: to whom it may have been given.
    pub whom: Diagram,
}

/// One way of somebody to an action.
#[derive(Debug, Clone)]
pub(super) struct GuiseWay {
    /// What it reaches, whatever is forbidden.
    pub(super) region: Diagram,
    /// The fences on it as the actor sees them, without that of the line itself.
    pub(super) own: Vec<Fence>,
    /// The fences on it as those see them who gave the role.
    pub(super) before: Fences,
}

/// The number of a [`Guise`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuiseId {
    /// Who it is.
    pub account: Option<AccountId>,
    index: u32,
}

impl Algebra<'_> {
    /// An actor in this guise; the account itself where nothing is changed.
    pub fn guised(&mut self, guise: &Guise) -> Actor {
        match (guise.is_plain(), guise.account) {
            (true, Some(account)) => Actor::Account(account),
            (true, None) => Actor::Anybody,
            _ => Actor::Guise(self.guise_id(guise)),
        }
    }

    /// The number of a guise.
    pub(super) fn guise_id(&mut self, guise: &Guise) -> GuiseId {
        let known = self.guise_numbers.get(guise).copied();
        let index = known.unwrap_or_else(|| {
            let next = u32::try_from(self.guises.len()).unwrap_or(u32::MAX);
            self.guises.push(guise.clone());
            self.guise_numbers.insert(guise.clone(), next);
            next
        });
        GuiseId { account: guise.account, index }
    }

    /// The actions to which an actor has any way, whatever the day and the fences, those that matter most first.
    pub(crate) fn actions_of(&self, actor: Actor) -> Vec<ActionId> {
        match actor {
            Actor::Account(account) => self.actions_in(self.rows_of(&Guise::of(Some(account)))),
            Actor::Anybody => self.actions_in(self.rows_of(&Guise::of(None))),
            Actor::Guise(id) => self.actions_in(self.rows_of(self.guise(id))),
            Actor::Holder => self.all_actions(),
        }
    }

    fn guise(&self, id: GuiseId) -> &Guise {
        &self.guises[id.index as usize]
    }

    /// Whether the fact that a test asks for may be anything.
    pub(super) fn is_freed(&self, id: GuiseId, test: &Test) -> bool {
        let asked = if *test == Test::OwnUnit { Subject::Unit } else { subject(test) };
        self.guise(id).freed.contains(&asked)
    }

    /// As whose fact a target's is told, where it may have been changed.
    pub(super) fn told_of(&self, id: GuiseId, test: &Test) -> Option<Party> {
        let guise = self.guise(id);
        let acting = guise.acting.as_ref().is_some_and(|facts| facts.contains(&subject(test)));
        if guise.freed.contains(&subject(test)) { Some(Party::Aim) } else { acting.then_some(Party::Freed) }
    }

    /// As whose facts a target's roles on top are told.
    pub(super) fn gifts_of(&self, id: GuiseId) -> Party {
        if self.guise(id).acting.is_some() { Party::Freed } else { Party::Aim }
    }

    /// Whether a test asks for a role that was given on top.
    pub(super) fn is_gift(&self, id: GuiseId, test: &Test) -> bool {
        matches!(test, Test::Given(role) if self.guise(id).extra.iter().any(|e| e.role == *role))
    }

    /// Whether all roles that were given to it on top are there.
    pub(super) fn has_all(&self, id: GuiseId) -> bool {
        self.guise(id).has_all
    }

    /// Whether it is spoken of as somebody who gave a role.
    pub(super) fn gives(&self, id: GuiseId) -> bool {
        self.guise(id).gives
    }

    /// What the guise is given of an action: by its ways, by rule, and by the roles on top.
    ///
    /// # Errors
    /// When there are too many cases.
    pub(super) fn granted_to_guise(&mut self, id: GuiseId, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let guise = self.guise(id).clone();
        let mut region = Diagram::FALSE;
        for way in self.ways_of(&guise, action, lens)? {
            region = self.or(region, way.region)?;
        }
        Ok(region)
    }

    /// Every way of somebody to an action on the lens's day, whatever is forbidden.
    ///
    /// # Errors
    /// When there are too many cases.
    pub(super) fn ways_of(&mut self, guise: &Guise, action: ActionId, lens: Lens) -> Exact<Vec<GuiseWay>> {
        let mut found = vec![];
        let rights = self.rights;
        let mut scope = Fence::OPEN;
        if let Some(account) = guise.account {
            if !self.is_acting(account, lens.day) {
                return Ok(found);
            }
            let own = &rights.accounts[account.index()];
            // With other facts or roles, other rules speak of it.
            for way in &own.assignments {
                if !self.is_on(way.days, lens.day) || (!guise.is_plain() && self.powers.is_by_rule(way.origin)) {
                    continue;
                }
                let fence = rights.fences[(if guise.unscoped { way.alone } else { way.fence }).0 as usize];
                self.by_row(way.row, (action, lens), Diagram::TRUE, (&[fence], &[]), &mut found)?;
            }
            scope = if guise.unscoped { scope } else { rights.fences[own.scope.0 as usize] };
        } else {
            for (index, role) in self.model.roles.iter().enumerate() {
                if role.by_claim.is_some() && !grants(&rights.rows[index].grants, action).is_empty() {
                    let presented = self.presented(RoleId::new(index), Party::Actor, lens)?;
                    self.by_row(RowId(RoleId::new(index).0), (action, lens), presented, (&[], &[]), &mut found)?;
                }
            }
        }
        for extra in &guise.extra {
            let held = self.held(guise, extra)?;
            self.by_row(RowId(extra.role.0), (action, lens), held, (&[scope], &extra.fences), &mut found)?;
        }
        let by_rule = !guise.is_plain() || guise.account.is_none();
        for rule in rights.automatic.iter().filter(|_| by_rule) {
            if !grants(&rights.rows[rule.row.0 as usize].grants, action).is_empty() {
                let who = self.node(rule.users, Party::Actor, lens)?;
                let fences = [scope, rights.fences[rule.fence.0 as usize]];
                self.by_row(rule.row, (action, lens), who, (&fences, &[]), &mut found)?;
            }
        }
        Ok(found)
    }

    /// The ways that a row is to an action, in these cases and behind these fences.
    fn by_row(
        &mut self,
        row: RowId,
        (action, lens): (ActionId, Lens),
        cases: Diagram,
        (own, before): (&[Fence], &[(Actor, Lane, Fence)]),
        found: &mut Vec<GuiseWay>,
    ) -> Exact<()> {
        let rights = self.rights;
        let all = grants(&rights.rows[row.0 as usize].grants, action).iter().filter(|g| self.is_on(g.days, lens.day));
        let all: Vec<_> = all.collect();
        if all.is_empty() || cases == Diagram::FALSE {
            return Ok(());
        }
        let signature = self.signature(action);
        let mut outside = self.handed_on(before, signature, lens)?;
        outside = self.and(outside, cases)?;
        for fence in own {
            let fence = self.fence(*fence, signature, lens)?;
            outside = self.and(outside, fence)?;
        }
        for grant in all {
            let region = self.grant(grant, lens)?;
            let region = self.and(region, outside)?;
            let own = own.iter().copied().chain([grant.handed_on]).filter(|f| *f != Fence::OPEN).collect();
            found.push(GuiseWay { region, own, before: before.to_vec() });
        }
        Ok(())
    }

    /// In which cases a role on top is held.
    fn held(&mut self, guise: &Guise, extra: &Extra) -> Exact<Diagram> {
        if guise.has_all {
            return Ok(extra.whom);
        }
        let asked = self.facts.var(Party::Freed, Lane::First, &Test::Given(extra.role));
        let held = asked.map_or(Ok(Diagram::TRUE), |var| self.diagrams.var(var))?;
        self.and(held, extra.whom)
    }

    /// What the roles on top give.
    pub(super) fn extra(&mut self, guise: &Guise, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let mut region = Diagram::FALSE;
        let mut ways = vec![];
        for extra in &guise.extra {
            let held = self.held(guise, extra)?;
            self.by_row(RowId(extra.role.0), (action, lens), held, (&[], &extra.fences), &mut ways)?;
        }
        for way in ways {
            region = self.or(region, way.region)?;
        }
        Ok(region)
    }

    /// The fences that a role carries: of each giver all, with the giver's own facts as they may have been when it gave.
    fn handed_on(&mut self, fences: &[(Actor, Lane, Fence)], signature: Signature, lens: Lens) -> Exact<Diagram> {
        let mut all = Diagram::TRUE;
        let givers: BTreeSet<Actor> = fences.iter().map(|(giver, ..)| *giver).collect();
        for giver in givers {
            let mut own = match giver {
                Actor::Guise(id) => self.guise(id).within,
                _ => Diagram::TRUE,
            };
            for (_, lane, fence) in fences.iter().filter(|(g, ..)| *g == giver) {
                let fence = self.fence(*fence, signature, Lens { actor: giver, lane: *lane, ..lens })?;
                own = self.and(own, fence)?;
            }
            let own = self.whoever_gave(own)?;
            all = self.and(all, own)?;
        }
        Ok(all)
    }

    /// What the automatic rules give the actor, by the facts that it may have.
    pub(super) fn by_rule(&mut self, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let rights = self.rights;
        let mut region = Diagram::FALSE;
        for rule in &rights.automatic {
            let row = self.row(rule.row, action, lens)?;
            if row != Diagram::FALSE {
                let who = self.node(rule.users, Party::Actor, lens)?;
                let fence = self.fence(rights.fences[rule.fence.0 as usize], self.signature(action), lens)?;
                let more = self.and(row, fence)?;
                let more = self.and(who, more)?;
                region = self.or(region, more)?;
            }
        }
        Ok(region)
    }
}
