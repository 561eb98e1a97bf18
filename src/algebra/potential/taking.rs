//! Steps that take control: of an account of the policy, or of some that it does not name.

use std::collections::BTreeSet;

use super::{How, Search, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::Party;
use crate::algebra::guise::Guise;
use crate::algebra::lens::Target;
use crate::model::id::{AccountId, ActionId};

impl Algebra<'_> {
    /// Takes control of everybody whom an action lets somebody act as.
    pub(super) fn take_over(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        for account in self.within_reach(search, who, action)? {
            self.take(search, who, action, account, next)?;
        }
        self.take_strangers(search, who, action, next)
    }

    /// Takes control of these alone, if the action lets somebody act as them.
    pub(super) fn take_over_one(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        on: Who,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        let Some(account) = on else { return self.take_strangers(search, who, action, next) };
        let can = self.within_reach(search, who, action)?.contains(&account);
        if can { self.take(search, who, action, account, next) } else { Ok(()) }
    }

    /// The accounts of the policy that somebody who is controlled may use an action on, with relations as they may be.
    fn within_reach(&mut self, search: &Search, who: Who, action: ActionId) -> Exact<Vec<AccountId>> {
        let region = self.may(search, who, action, Target::Named)?;
        let lens = self.lens(search, who, Target::Named);
        self.accounts_in(region, lens)
    }

    fn take(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        account: AccountId,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        let on = Some(account);
        if !search.held.contains_key(&on) && self.is_acting(account, search.day) {
            let step = self.step(search, who, action, on, How::Become)?;
            search.held.insert(on, (Guise::of(on), Some(step)));
            next.insert(on);
        }
        Ok(())
    }

    /// Takes control of accounts that the policy does not name. What those could do to one another is not followed.
    fn take_strangers(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        if who.is_none() {
            return Ok(());
        }
        let target = Target::Met(self.guise_id(&Guise::of(None)));
        let region = self.may(search, who, action, target)?;
        let lens = self.lens(search, who, target);
        let region = self.possible(region, lens)?;
        // Of the one who takes over only who it is matters afterwards; of the other one, its facts.
        let region = self.of_party(region, Party::Actor)?;
        let nobody = Guise { within: Diagram::FALSE, ..Guise::of(None) };
        let mut guise = search.held.get(&None).map_or(nobody, |(guise, _)| guise.clone());
        let more = self.minus(region, guise.within)?;
        if more != Diagram::FALSE {
            guise.within = self.or(guise.within, region)?;
            let step = self.step(search, who, action, None, How::Become)?;
            search.held.insert(None, (guise, Some(step)));
            next.insert(None);
        }
        Ok(())
    }
}
