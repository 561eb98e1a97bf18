//! Chains without the steps that they do not need: a chain is taken again, step by step, with one of them left out.

use std::collections::BTreeSet;

use super::{Gain, How, Means, Search, Step};
use crate::algebra::Algebra;
use crate::algebra::diagram::Exact;
use crate::model::id::AccountId;

impl Algebra<'_> {
    /// The gain without the steps of its chain that it does not need.
    pub(super) fn shortened(&mut self, account: AccountId, day: i32, mut gain: Gain) -> Exact<Gain> {
        let mut number = gain.chain.len();
        while number > 0 {
            number -= 1;
            let mut fewer = gain.chain.clone();
            fewer.remove(number);
            if let Some(search) = self.taken(account, day, &fewer)?
                && search.held.contains_key(&gain.who)
                && let Some((action, witness)) = self.exceeds(&search, gain.who)?
            {
                (gain.chain, gain.action, gain.witness) = (search.steps, action, witness);
            }
        }
        Ok(gain)
    }

    /// The state after these steps, one after the other; none where one of them cannot be taken.
    pub(super) fn taken(&mut self, account: AccountId, day: i32, steps: &[Step]) -> Exact<Option<Search>> {
        let mut search = Search::of(account, day, Means::All);
        for (number, step) in steps.iter().enumerate() {
            let mut next = BTreeSet::new();
            if !search.held.contains_key(&step.by) {
                return Ok(None);
            }
            if step.how == How::Become {
                self.take_over_one(&mut search, step.by, step.action, step.on, &mut next)?;
            } else if search.held.contains_key(&step.on) {
                self.change(&mut search, step.by, step.action, step.on, &step.how, &mut next)?;
            }
            if search.steps.len() != number + 1 {
                return Ok(None);
            }
        }
        Ok(Some(search))
    }
}
