//! Running all checks: in two hands that work at the same time, each with a context of its own; and what is kept for the next version
//! of a policy.
//!
//! What is kept is the arena of diagrams. A diagram is a function of numbered facts, and what two of them make together depends on
//! nothing else: so results stand, whatever the policy says by now. And what can be, as long as nothing changes by which that is decided
//! ([`crate::algebra::ground`]): where something was decided in an arena, all nodes that it took are there. Only the limit of a question counts the nodes that it adds, and
//! would count fewer. An arena that has fewer nodes in all than a question may add holds every node that the checks would make without
//! it; so no question comes to its limit, with what was kept or without. Where an arena outgrows that, the checks are run again
//! without, and nothing is kept.

use std::thread;

use super::{CHECKS, Check, Context};
use crate::algebra::Made;
use crate::algebra::diagram::MOST_NODES;
use crate::diagnostic::{Code, Findings};
use crate::lower::rights::Rights;
use crate::model::Model;
use crate::timings::Stages;

/// The checks of the second hand. They share who could come to what it has not; what the others share is what roles give.
const ASIDE: [&str; 9] = ["BW501", "BW502", "BW504", "BW505", "BW506", "BW508", "BW509", "BW510", "BW603"];

/// What a context has made.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    /// Those of the rights as written.
    pub(crate) written: Made,
    /// Those of the rights with every feature on.
    pub(crate) most: Made,
}

impl Pair {
    fn is_new(&self) -> bool {
        self.written.diagrams.is_empty() && self.most.diagrams.is_empty()
    }

    /// Whether no question can have come to this limit.
    fn is_within(&self, limit: usize) -> bool {
        self.written.diagrams.len().max(self.most.diagrams.len()) <= limit
    }
}

/// What the checks of one version of a policy leave for those of the next: for each hand, what it made.
#[derive(Debug, Default)]
pub struct Kept([Pair; 2]);

/// A policy and the day that it is checked for: (the model, its rights, its rights with every feature on if that is another thing, the day).
type Policy<'a> = (&'a Model, &'a Rights, Option<&'a Rights>, i32);

/// Runs every check that looks for itself and is wanted, each as a part of the stage `check`. The findings come in the order of the
/// checks. Equal policies have equal findings, whatever was kept and however many processors there are.
pub fn run_apart(
    policy: Policy<'_>,
    wanted: impl Fn(Code) -> bool + Sync,
    kept: &mut Kept,
    stages: &Stages,
) -> Findings {
    run_within(policy, wanted, kept, (MOST_NODES, stages))
}

/// The same where that many nodes may be kept: no more than one question may add.
fn run_within(
    policy: Policy<'_>,
    wanted: impl Fn(Code) -> bool + Sync,
    kept: &mut Kept,
    (limit, stages): (usize, &Stages),
) -> Findings {
    let Kept([mine, other]) = std::mem::take(kept);
    let hand = |aside: bool, made: Pair| {
        let checks = |check: &Check| ASIDE.contains(&check.code.0) == aside && wanted(check.code);
        hand(policy, &checks, made, (limit, stages))
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
    (limit, stages): (usize, &Stages),
) -> (Vec<(Code, Findings)>, Pair) {
    let new = made.is_new();
    let (found, made) = run(policy, checks, made, stages);
    match (made.is_within(limit), new) {
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
            stages.part("check", code.0, || run(&context, &mut findings));
            (code, findings)
        })
        .collect();
    (found, context.into_made())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::{Switches, lower};
    use crate::source::SourceMap;
    use crate::{check::run_all, diagnostic::Finding, resolve, syntax};

    const POLICY: &str = "feature shop off
resource books on user { view list; write edit; become login }
attribute country { fi, se }
attribute grade number
role clerk when shop { allow books on users in finns }
role cook { allow view books on users in northerners; allow books.login }
group finns = country is fi
group swedes = country is se and grade at least 3
group northerners = finns or swedes
never users in finns can books.edit on users in swedes
admin pat { role clerk; country fi }
admin sam { role cook; country se; grade 4 }
";

    /// The findings of a version with what is kept, and without; at most so many nodes are kept.
    fn both(text: &str, kept: &mut Kept, limit: usize) -> [Vec<Finding>; 2] {
        let sources = SourceMap::single("a.bw", text);
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let model = resolve::resolve(&files, &sources, &mut findings);
        assert!(!model.incomplete, "{:?}", findings.sorted());
        let (rights, most) = (lower(&model, &Switches::as_written(&model)), lower(&model, &Switches::all_on(&model)));
        let policy = (&model, &rights, Some(&most), 20_605);
        let mut alone = Findings::new();
        run_all(&Context::new(&model, &rights, Some(&most), 20_605), |_| true, &mut alone);
        let found = run_within(policy, |_| true, kept, (limit, &Stages::default()));
        [found.sorted(), alone.sorted()]
    }

    #[test]
    fn two_hands_find_what_one_finds_and_keep_what_is_small() {
        for limit in [MOST_NODES, 2] {
            let mut kept = Kept::default();
            let mut all = vec![];
            for text in [
                POLICY.to_owned(),
                POLICY.replace("country se;", "country fi;"),
                POLICY.replace("country is se", "country is fi"),
            ] {
                let [found, alone] = both(&text, &mut kept, limit);
                assert_eq!(found, alone, "{limit}");
                assert!(!found.is_empty());
                assert!(kept.0.iter().all(|pair| pair.is_within(limit)));
                assert_eq!(limit == MOST_NODES, kept.0.iter().all(|pair| !pair.is_new()), "{limit}");
                all.push(found);
            }
            all.dedup();
            assert!(all.len() > 1, "versions have findings of their own");
        }
    }
}
