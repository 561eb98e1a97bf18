//! The shortest chain that can be taken as it is told: each step in the state that those before it have made.

use std::collections::BTreeSet;

use super::repeating::State;
use super::{Gain, How, Search, Step, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::Exact;
use crate::algebra::guise::Guise;
use crate::model::id::AccountId;

/// How often a step is tried for one gain: past that it stays uncertain.
const MOST_TRIED: usize = 4_000;

/// How many of all steps are tried where those that the search names do not lead there.
const MOST_STEPS: usize = 24;

/// A state on the way, with the steps that led there, by their numbers.
type Way = (State, Vec<usize>);

impl Algebra<'_> {
    /// The gain with a shortest chain among those of its steps that can be taken; none where none leads there.
    pub(super) fn told(&mut self, search: &Search, gain: &Gain) -> Exact<Option<Gain>> {
        if matches!(gain.chain.as_slice(), [step] if step.how == How::Become) {
            return Ok(Some(Gain { certain: true, ..gain.clone() }));
        }
        self.shortest(search, Some(gain.who), &distinct(&gain.chain))
    }

    /// Whatever gain a shortest chain of the steps of a search leads to; none where none does, or where they are many.
    pub(super) fn told_of_all(&mut self, search: &Search) -> Exact<Option<Gain>> {
        let all: Vec<Step> = search.steps.iter().map(|(step, _)| step.clone()).collect();
        let all = distinct(&all);
        if all.len() > MOST_STEPS { Ok(None) } else { self.shortest(search, None, &all) }
    }

    /// A shortest chain of some of these steps, each as often as one likes, after which somebody, or this one, has more than the account.
    fn shortest(&mut self, search: &Search, who: Option<Who>, steps: &[Step]) -> Exact<Option<Gain>> {
        let of = (search.account, search.day);
        let first = State::of(search.account);
        let mut seen = BTreeSet::from([first.clone()]);
        let mut open: Vec<Way> = vec![(first, vec![])];
        let mut left = MOST_TRIED;
        while !open.is_empty() {
            let mut next = vec![];
            for (state, before) in &open {
                for (number, step) in steps.iter().enumerate() {
                    let Some(fewer) = left.checked_sub(1) else { return Ok(None) };
                    left = fewer;
                    for (after, on) in self.after(of, state, step)? {
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
