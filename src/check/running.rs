//! Running all checks: in two hands that work at the same time, each with a context of its own; and what is kept for the next version
//! of a policy.
//!
//! What is kept is the arena of diagrams. A diagram is a function of numbered facts, and what two of them make together depends on
//! nothing else: so results stand, whatever the policy says by now. Only the limit of a question counts the nodes that it adds, and
//! would count fewer. An arena that has fewer nodes in all than a question may add holds every node that the checks would make without
//! it; so no question comes to its limit, with what was kept or without. Where an arena outgrows that, the checks are run again
//! without, and nothing is kept.

use std::thread;

use super::{CHECKS, Check, Context};
use crate::algebra::Diagrams;
use crate::algebra::diagram::MOST_NODES;
use crate::diagnostic::{Code, Findings};
use crate::lower::rights::Rights;
use crate::model::Model;
use crate::timings::Stages;

/// The checks of the second hand. They share who could come to more than it has; what the others share is what roles give.
const ASIDE: [&str; 8] = ["BW501", "BW502", "BW504", "BW505", "BW506", "BW508", "BW509", "BW510"];

/// The diagrams of a context.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    /// Those of the rights as written.
    pub(crate) written: Diagrams,
    /// Those of the rights with every feature on.
    pub(crate) most: Diagrams,
}

impl Pair {
    fn is_new(&self) -> bool {
        self.written.is_empty() && self.most.is_empty()
    }

    /// Whether no question can have come to its limit.
    fn is_small(&self) -> bool {
        self.written.len().max(self.most.len()) <= MOST_NODES
    }
}

/// What the checks of one version of a policy leave for those of the next: for each hand, its diagrams.
#[derive(Debug, Default)]
pub struct Kept([Pair; 2]);

/// A policy and the day that it is checked for: (the model, its rights, its rights with every feature on if that is another thing, the day).
type Policy<'a> = (&'a Model, &'a Rights, Option<&'a Rights>, i32);

/// Runs every check that looks for itself and is wanted, each as a part of the stage under way. The findings come in the order of the
/// checks. Equal policies have equal findings, whatever was kept and however many processors there are.
pub fn run_apart(
    policy: Policy<'_>,
    wanted: impl Fn(Code) -> bool + Sync,
    kept: &mut Kept,
    stages: &Stages,
) -> Findings {
    let Kept([mine, other]) = std::mem::take(kept);
    let hand = |aside: bool, made: Pair| {
        let checks = |check: &Check| ASIDE.contains(&check.code.0) == aside && wanted(check.code);
        hand(policy, &checks, made, stages)
    };
    let (mine, other) = thread::scope(|scope| {
        let aside = thread::Builder::new().spawn_scoped(scope, || hand(true, other));
        let mine = hand(false, mine);
        let other = match aside {
            Ok(aside) => aside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Without a second thread it is done after the rest.
            Err(_) => hand(true, Pair::default()),
        };
        (mine, other)
    });
    *kept = Kept([mine.1, other.1]);
    let mut all: Vec<(Code, Findings)> = mine.0.into_iter().chain(other.0).collect();
    all.sort_by_key(|(code, _)| *code);
    all.into_iter().flat_map(|(_, findings)| findings).collect()
}

/// The findings of each of one hand's checks, and what is kept.
fn hand(
    policy: Policy<'_>,
    checks: &impl Fn(&Check) -> bool,
    made: Pair,
    stages: &Stages,
) -> (Vec<(Code, Findings)>, Pair) {
    let new = made.is_new();
    let (found, made) = run(policy, checks, made, stages);
    match (made.is_small(), new) {
        (true, _) => (found, made),
        (false, true) => (found, Pair::default()),
        (false, false) => {
            drop(made);
            (run(policy, checks, Pair::default(), stages).0, Pair::default())
        }
    }
}

fn run(
    (model, rights, most, at): Policy<'_>,
    checks: &impl Fn(&Check) -> bool,
    made: Pair,
    stages: &Stages,
) -> (Vec<(Code, Findings)>, Pair) {
    let context = Context::with(model, rights, most, at, made);
    let runs = CHECKS.iter().filter(|check| checks(check)).filter_map(|check| Some((check.code, check.run?)));
    let found = runs
        .map(|(code, run)| {
            let mut findings = Findings::new();
            stages.part(code.0, || run(&context, &mut findings));
            (code, findings)
        })
        .collect();
    (found, context.into_diagrams())
}
