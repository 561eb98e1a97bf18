//! The shortest chain that can be taken as it is told: each step in the state that those before it have made.

use std::collections::BTreeSet;

use super::repeating::State;
use super::{Gain, How, Means, Search, Step, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::Exact;
use crate::algebra::guise::Guise;
use crate::model::id::AccountId;

/// How often steps are tried for one account: past that what is found stays uncertain.
pub(super) const MOST_TRIED: usize = 4_000;

/// How many steps are tried in every order; of more, those that are not needed are left out first.
const FEW: usize = 4;

/// How many of all steps are tried where those that the search names do not lead there.
const MOST_STEPS: usize = 24;

/// A state on the way, with the steps that led there, by their numbers.
type Way = (State, Vec<usize>);

impl Algebra<'_> {
    /// The gain with a shortest chain among those of its steps that can be taken; none where none leads there.
    pub(super) fn told(&mut self, search: &Search, gain: &Gain, left: &mut usize) -> Exact<Option<Gain>> {
        if matches!(gain.chain.as_slice(), [step] if step.how == How::Become) {
            return Ok(Some(Gain { certain: true, ..gain.clone() }));
        }
        let steps = distinct(&gain.chain);
        if steps.len() > FEW {
            let fewer = distinct(&self.needed(search, gain)?);
            let told =
                if fewer.len() < steps.len() { self.shortest(search, Some(gain.who), &fewer, left)? } else { None };
            if told.is_some() {
                return Ok(told);
            }
        }
        self.shortest(search, Some(gain.who), &steps, left)
    }

    /// These steps, and the changes of the same people by others who take part: the search passes over what brings nothing new, though
    /// one may be able to make a change when another no longer is.
    fn by_others(&self, search: &Search, steps: &[Step]) -> Vec<Step> {
        let people: BTreeSet<Who> = steps.iter().flat_map(|step| [step.by, step.on]).collect();
        let changed: BTreeSet<Who> =
            steps.iter().filter(|step| matches!(step.how, How::Free(_))).map(|step| step.on).collect();
        let mut all = steps.to_vec();
        for by in people {
            for action in self.powers_of(search, by) {
                for how in self.outcomes(action).into_iter().filter(|how| matches!(how, How::Free(_))) {
                    let origin = by.and_then(|account| self.origin_of(account, action, search.day));
                    let step = |on: &Who| Step { by, action, on: *on, how: how.clone(), origin };
                    all.extend(changed.iter().filter(|on| by.is_some() || on.is_some()).map(step));
                }
            }
        }
        distinct(&all)
    }

    /// The steps of a chain without which the search would not find its gain: it is taken again with each of them left out.
    fn needed(&mut self, search: &Search, gain: &Gain) -> Exact<Vec<Step>> {
        let mut steps = gain.chain.clone();
        let mut number = steps.len();
        while number > 0 {
            number -= 1;
            let mut fewer = steps.clone();
            fewer.remove(number);
            let after = self.followed(search, &fewer)?;
            if after.held.contains_key(&gain.who) && self.exceeds(&after, gain.who)?.is_some() {
                steps = fewer;
            }
        }
        Ok(steps)
    }

    /// The search after these steps, where nothing is lost on the way; those that cannot be taken are passed over.
    fn followed(&mut self, search: &Search, steps: &[Step]) -> Exact<Search> {
        let mut after = Search::of(search.account, search.day, Means::All);
        for step in steps {
            let mut next = BTreeSet::new();
            if !after.held.contains_key(&step.by) {
                continue;
            }
            if step.how == How::Become {
                self.take_over_one(&mut after, step.by, step.action, step.on, &mut next)?;
            } else if after.held.contains_key(&step.on) {
                self.change(&mut after, step.by, step.action, step.on, &step.how, &mut next)?;
            }
        }
        Ok(after)
    }

    /// Whatever gain a shortest chain of the steps of a search leads to; none where none does, or where they are many.
    pub(super) fn told_of_all(&mut self, search: &Search, left: &mut usize) -> Exact<Option<Gain>> {
        let all: Vec<Step> = search.steps.iter().map(|(step, _)| step.clone()).collect();
        let all = distinct(&all);
        let more = self.by_others(search, &all);
        let steps = if more.len() > MOST_STEPS { all } else { more };
        if steps.len() > MOST_STEPS { Ok(None) } else { self.shortest(search, None, &steps, left) }
    }

    /// A shortest chain of some of these steps, each as often as one likes, after which somebody, or this one, has more than the account.
    fn shortest(&mut self, search: &Search, who: Option<Who>, steps: &[Step], left: &mut usize) -> Exact<Option<Gain>> {
        let of = (search.account, search.day);
        let first = State::of(search.account);
        let mut seen = BTreeSet::from([first.clone()]);
        let mut open: Vec<Way> = vec![(first, vec![])];
        while !open.is_empty() {
            let mut next = vec![];
            for (state, before) in &open {
                for (number, step) in steps.iter().enumerate() {
                    for (after, on) in self.after(of, state, step, left)? {
                        if !seen.insert(after.clone()) {
                            continue;
                        }
                        let path: Vec<usize> = before.iter().copied().chain([number]).collect();
                        if who.is_none_or(|who| who == on.account)
                            && let Some(gain) =
                                self.had(of, &on, || path.iter().map(|i| steps[*i].clone()).collect())?
                        {
                            return Ok(Some(gain));
                        }
                        next.push((after, path));
                    }
                }
            }
            open = next;
        }
        Ok(None)
    }

    /// What somebody who has become this has and the account has not, after these steps.
    fn had(&mut self, of: (AccountId, i32), one: &Guise, chain: impl Fn() -> Vec<Step>) -> Exact<Option<Gain>> {
        let search = Search::between(of, one, one);
        let more = self.exceeds(&search, one.account)?;
        let gain = |(action, witness)| Gain { chain: chain(), who: one.account, action, witness, certain: true };
        Ok(more.map(gain))
    }
}

/// These steps, each once.
fn distinct(steps: &[Step]) -> Vec<Step> {
    let mut all: Vec<Step> = vec![];
    for step in steps {
        if !all.contains(step) {
            all.push(step.clone());
        }
    }
    all
}
