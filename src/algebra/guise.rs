//! Somebody with more than it was given: what an account could become when others, or it itself, use rights to change it.

use std::collections::BTreeSet;

use super::Algebra;
use super::diagram::{Diagram, Exact};
use super::facts::{Lane, Party, Subject, subject};
use super::lens::{Actor, Lens};
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
    /// To what: a function of the freed facts; everything where none is.
    pub within: Diagram,
    /// The account's own scope is taken away.
    pub unscoped: bool,
    /// The roles that it was given on top.
    pub extra: BTreeSet<Extra>,
}

impl Guise {
    /// An account of the policy, or somebody unnamed, as it is.
    #[must_use]
    pub fn of(account: Option<AccountId>) -> Self {
        Self { account, freed: BTreeSet::new(), within: Diagram::TRUE, unscoped: false, extra: BTreeSet::new() }
    }
}

/// A role that was given on top, with the fences that it carries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extra {
    /// The role.
    pub role: RoleId,
    /// The fences on the giver's way to the right to give it, each as that giver sees it.
    pub fences: Vec<(Actor, Lane, Fence)>,
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
        let plain = guise.freed.is_empty() && guise.extra.is_empty() && !guise.unscoped;
        match (plain, guise.account) {
            (true, Some(account)) => Actor::Account(account),
            (true, None) => Actor::Anybody,
            _ => Actor::Guise(self.guise_id(guise)),
        }
    }

    /// The number of a guise.
    pub(super) fn guise_id(&mut self, guise: &Guise) -> GuiseId {
        let index = self.guises.iter().position(|g| g == guise).unwrap_or_else(|| {
            self.guises.push(guise.clone());
            self.guises.len() - 1
        });
        GuiseId { account: guise.account, index: u32::try_from(index).unwrap_or(u32::MAX) }
    }

    fn guise(&self, id: GuiseId) -> &Guise {
        &self.guises[id.index as usize]
    }

    /// Whether the fact that a test asks for may be anything.
    pub(super) fn is_freed(&self, id: GuiseId, test: &Test) -> bool {
        let asked = if *test == Test::OwnUnit { Subject::Unit } else { subject(test) };
        self.guise(id).freed.contains(&asked)
    }

    /// What is true of the guise whatever it is of: the roles on top.
    pub(super) fn guise_test(&self, id: GuiseId, test: &Test) -> Option<bool> {
        match test {
            Test::Given(role) => self.guise(id).extra.iter().any(|e| e.role == *role).then_some(true),
            _ => None,
        }
    }

    /// What the guise is given of an action: by its ways, by rule, and by the roles on top.
    ///
    /// # Errors
    /// When there are too many cases.
    pub(super) fn granted_to_guise(&mut self, id: GuiseId, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let guise = self.guise(id).clone();
        let signature = self.signature(action);
        let Some(account) = guise.account else {
            let given = self.granted_to_anybody(action, lens)?;
            let extra = self.extra(&guise, action, lens)?;
            return self.or(given, extra);
        };
        let rights = self.rights;
        let own = &rights.accounts[account.index()];
        let mut region = Diagram::FALSE;
        for way in &own.assignments {
            let fence = if guise.unscoped { way.alone } else { way.fence };
            let more = self.way(&crate::lower::rights::Assignment { fence, ..*way }, action, lens)?;
            region = self.or(region, more)?;
        }
        let scope = if guise.unscoped { Fence::OPEN } else { rights.fences[own.scope.0 as usize] };
        let mut added = self.extra(&guise, action, lens)?;
        let by_rule = self.by_rule(action, lens)?;
        added = self.or(added, by_rule)?;
        if !self.is_acting(account, lens.day) {
            return Ok(Diagram::FALSE);
        }
        let scope = self.fence(scope, signature, lens)?;
        let added = self.and(added, scope)?;
        self.or(region, added)
    }

    /// What the roles on top give.
    pub(super) fn extra(&mut self, guise: &Guise, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let signature = self.signature(action);
        let mut region = Diagram::FALSE;
        for extra in &guise.extra {
            let mut given = self.row(RowId(extra.role.0), action, lens)?;
            if given != Diagram::FALSE {
                let handed_on = self.handed_on(&extra.fences, signature, lens)?;
                given = self.and(given, handed_on)?;
            }
            region = self.or(region, given)?;
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
            let own = self.whatever_was_freed(own)?;
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
