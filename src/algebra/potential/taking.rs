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
    /// Takes control of an account of the policy, or of some that it does not name.
    pub(super) fn take_over(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        on: Who,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        let Some(account) = on else { return self.take_strangers(search, who, action, next) };
        let can = !search.held.contains_key(&on) && self.is_acting(account, search.day);
        if can && self.may_on(search, who, action, account)? {
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

    /// Whether somebody who is controlled may use an action on an account of the policy, with relations as they may be.
    fn may_on(&mut self, search: &Search, who: Who, action: ActionId, on: AccountId) -> Exact<bool> {
        let region = self.may(search, who, action, Target::Exactly(on))?;
        let lens = self.lens(search, who, Target::Exactly(on));
        Ok(!self.is_empty(region, lens)?)
    }
}
