//! A walk through every state that an account can bring a tiny policy into.
//!
//! A state is what each account of the policy has become, which of them the account controls, and which accounts that the policy does not
//! name. Control is never lost, so it is taken as soon as it can be. There are as many strangers of each kind as one likes: one who is
//! changed leaves another one behind.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::rights::{Gift, Somebody, Way, region, ways_to};
use super::spots::{Spots, Who, World, all_claims, all_facts};
use super::tiny::{Facts, Tiny};

/// How many states are looked at.
const MOST_STATES: usize = 120;
/// How many kinds of strangers one state may have.
const MOST_STRANGERS: usize = 40;

/// What everybody has become.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) named: Vec<Somebody>,
    pub(crate) controlled: Vec<bool>,
    /// The strangers that are controlled.
    pub(crate) strangers: BTreeSet<Somebody>,
}

/// What comes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum How {
    Become,
    Give(usize),
    Facts,
    Unscope,
}

impl State {
    pub(crate) fn first(tiny: &Tiny, account: usize) -> Self {
        let named = (0..tiny.accounts.len()).map(|i| Somebody::named(tiny, i)).collect();
        let controlled = (0..tiny.accounts.len()).map(|i| i == account).collect();
        Self { named, controlled, strangers: BTreeSet::new() }
    }

    /// Everybody who is controlled, and acts.
    pub(crate) fn actors(&self) -> Vec<&Somebody> {
        let named = self.named.iter().zip(&self.controlled).filter(|(_, is)| **is).map(|(one, _)| one);
        named.chain(&self.strangers).collect()
    }

    fn put(&self, one: Somebody) -> Self {
        let mut next = self.clone();
        match one.who {
            Who::Named(i) => next.named[i] = one,
            Who::Stranger => drop(next.strangers.insert(one)),
        }
        next
    }
}

/// All that can come of one step, by somebody who is controlled.
pub(crate) fn steps(tiny: &Tiny, state: &State, by: &Somebody, action: usize, how: How, on: Who) -> Vec<State> {
    if how == How::Become {
        return match on {
            Who::Named(i) => taken_over(tiny, state, by, action, i).into_iter().collect(),
            Who::Stranger => strangers_taken(tiny, by, action).into_iter().map(|s| state.put(s)).collect(),
        };
    }
    let targets: Vec<&Somebody> = match on {
        Who::Named(i) if state.controlled[i] => vec![&state.named[i]],
        // What strangers could do to one another is not followed.
        Who::Stranger if by.who != Who::Stranger => state.strangers.iter().collect(),
        _ => vec![],
    };
    targets.into_iter().flat_map(|on| changed(tiny, by, action, how, on)).map(|one| state.put(one)).collect()
}

fn taken_over(tiny: &Tiny, state: &State, by: &Somebody, action: usize, on: usize) -> Option<State> {
    let may = !state.controlled[on] && !tiny.accounts[on].inactive && tiny.actions[action].takes_over;
    if !may || ways_to(tiny, by, action, &state.named[on].person(tiny)).is_empty() {
        return None;
    }
    let mut next = state.clone();
    next.controlled[on] = true;
    Some(next)
}

/// The strangers that an account of the policy can act as.
fn strangers_taken(tiny: &Tiny, by: &Somebody, action: usize) -> Vec<Somebody> {
    if by.who == Who::Stranger || !tiny.actions[action].takes_over {
        return vec![];
    }
    let all = all_facts(tiny.dims).into_iter();
    let all = all.flat_map(|f| all_claims(tiny).into_iter().map(move |c| Somebody::stranger(f, c)));
    all.filter(|s| !ways_to(tiny, by, action, &s.person(tiny)).is_empty()).collect()
}

/// What somebody can be made by an action, once.
fn changed(tiny: &Tiny, by: &Somebody, action: usize, how: How, on: &Somebody) -> Vec<Somebody> {
    let declared = &tiny.actions[action];
    match how {
        How::Give(role) if declared.assigns == Some(role) => {
            if by.who == on.who {
                return vec![];
            }
            let ways = ways_to(tiny, by, action, &on.person(tiny));
            ways.into_iter().map(|way| on.with(&Gift { role, fences: carried(by, way) })).collect()
        }
        How::Give(role) if declared.roles && !tiny.roles[role].ungrantable => {
            let may = !ways_to(tiny, by, action, &on.person(tiny)).is_empty();
            may.then(|| on.with(&Gift { role, fences: vec![] })).into_iter().collect()
        }
        How::Unscope if declared.scope && on.who != Who::Stranger => {
            let may = !ways_to(tiny, by, action, &on.person(tiny)).is_empty();
            may.then(|| Somebody { unscoped: true, ..on.clone() }).into_iter().collect()
        }
        How::Facts if declared.changes_facts() => refitted(tiny, by, action, on),
        _ => vec![],
    }
}

/// The fences that a role carries which is given by this way; the relations of a stranger who gives are not those of one who acts.
fn carried(by: &Somebody, way: Way) -> Vec<super::rights::Fence> {
    let mut fences = way.handed_on;
    if by.who == Who::Stranger {
        fences.iter_mut().filter(|(_, v)| v.who == Who::Stranger).for_each(|(_, v)| v.leader = 4);
    }
    fences.sort_unstable();
    fences.dedup();
    fences
}

/// A change of facts needs the right on the state before and on the state after.
fn refitted(tiny: &Tiny, by: &Somebody, action: usize, on: &Somebody) -> Vec<Somebody> {
    let declared = &tiny.actions[action];
    if ways_to(tiny, by, action, &on.person(tiny)).is_empty() {
        return vec![];
    }
    let kept = |f: &Facts| {
        (declared.country || f.country == on.facts.country)
            && (declared.unit || f.unit == on.facts.unit)
            && (declared.label || f.label == on.facts.label)
    };
    let after = all_facts(tiny.dims).into_iter().filter(kept).map(|facts| Somebody { facts, ..on.clone() });
    after.filter(|a| a.facts != on.facts && !ways_to(tiny, by, action, &a.person(tiny)).is_empty()).collect()
}

/// What comes of using an action, beside acting as somebody.
pub(crate) fn outcomes(tiny: &Tiny, action: usize) -> Vec<How> {
    let declared = &tiny.actions[action];
    let mut all: Vec<How> = declared.assigns.map(How::Give).into_iter().collect();
    all.extend((0..tiny.roles.len()).filter(|_| declared.roles).map(How::Give));
    all.extend(declared.scope.then_some(How::Unscope));
    all.extend(declared.changes_facts().then_some(How::Facts));
    all
}

/// What was asked of somebody who acts is not asked again.
#[derive(Default)]
struct Known {
    taken: HashMap<(Somebody, usize), Vec<Somebody>>,
    made: HashMap<(Somebody, usize, Somebody), Vec<Somebody>>,
}

/// Takes all the control that can be had, and makes of strangers all that can be made.
fn settled(tiny: &Tiny, mut state: State, known: &mut Known) -> Option<State> {
    loop {
        let before = state.clone();
        let actors: Vec<Somebody> = before.actors().into_iter().cloned().collect();
        for by in &actors {
            for action in 0..tiny.actions.len() {
                for on in 0..tiny.accounts.len() {
                    state = taken_over(tiny, &state, by, action, on).unwrap_or(state);
                }
                let taken = known.taken.entry((by.clone(), action));
                let taken = taken.or_insert_with(|| strangers_taken(tiny, by, action));
                state.strangers.extend(taken.iter().cloned());
                for on in before.strangers.iter().filter(|_| by.who != Who::Stranger) {
                    let made = known.made.entry((by.clone(), action, on.clone()));
                    let all = || outcomes(tiny, action).into_iter().flat_map(|how| changed(tiny, by, action, how, on));
                    state.strangers.extend(made.or_insert_with(|| all().collect()).iter().cloned());
                }
            }
        }
        if state.strangers.len() > MOST_STRANGERS {
            return None;
        }
        if state == before {
            return Some(state);
        }
    }
}

/// What an account has, by action, with every feature on.
pub(crate) fn own_rights(world: &mut World<'_>, account: usize) -> Vec<Spots> {
    let own = Somebody::named(world.tiny, account);
    (0..world.tiny.actions.len()).map(|action| region(world, &own, action)).collect()
}

/// What somebody who is controlled may do to others than the two, and the account may not.
pub(crate) fn more(world: &mut World<'_>, own: &[Spots], account: usize, one: &Somebody, action: usize) -> Spots {
    let on = world.tiny.actions[action].on;
    let mut more = region(world, one, action);
    if !more.is_empty() {
        more.minus(&own[action]);
        more.minus(&world.account(on, account).clone());
        if let Who::Named(i) = one.who {
            more.minus(&world.account(on, i).clone());
        }
    }
    more
}

/// What the walk found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) gains: bool,
    pub(crate) states: usize,
}

/// Whether an account can come to more than it has; none where there are too many states.
pub(crate) fn walk(world: &mut World<'_>, account: usize) -> Option<Found> {
    let tiny = world.tiny;
    let own = own_rights(world, account);
    let mut known = Known::default();
    let first = settled(tiny, State::first(tiny, account), &mut known)?;
    let mut seen = HashSet::from([first.clone()]);
    let mut looked_at: HashSet<Somebody> = HashSet::new();
    let mut open = VecDeque::from([first]);
    while let Some(state) = open.pop_front() {
        for one in state.actors() {
            if looked_at.insert(one.clone())
                && (0..tiny.actions.len()).any(|a| !more(world, &own, account, one, a).is_empty())
            {
                return Some(Found { gains: true, states: seen.len() });
            }
        }
        for next in nexts(tiny, &state) {
            let next = settled(tiny, next, &mut known)?;
            if !seen.contains(&next) {
                seen.insert(next.clone());
                open.push_back(next);
            }
            if seen.len() > MOST_STATES {
                return None;
            }
        }
    }
    Some(Found { gains: false, states: seen.len() })
}

/// The states after one step that changes an account of the policy.
fn nexts(tiny: &Tiny, state: &State) -> Vec<State> {
    let mut all = vec![];
    for by in state.actors() {
        for action in 0..tiny.actions.len() {
            for how in outcomes(tiny, action) {
                let on = (0..tiny.accounts.len()).map(Who::Named);
                all.extend(on.flat_map(|on| steps(tiny, state, by, action, how, on)));
            }
        }
    }
    all.retain(|next| next != state);
    all
}
