//! Every decision of both policies, on every case, against what the comparison says.

use std::fmt;

use bailiwick::diff::tables::compare::compare;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::oracle;
use crate::oracle::generate::{FIRST_DAY, small_pairs};
use crate::oracle::policy::Policy;
use crate::oracle::print::print;
use crate::trial::{Case, Tally, Trial, both, count};
use crate::world::World;
use crate::written::Written;

/// Two policies; shown as their texts.
#[derive(Clone)]
pub(crate) struct Change(pub(crate) Policy, pub(crate) Policy);

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "---- before\n{}---- after\n{}", print(&self.0, 0), print(&self.1, 0))
    }
}

#[test]
fn what_is_gained_and_lost_is_what_decisions_differ_in() {
    let tally = Tally::default();
    let budget = if std::env::var_os("BAILIWICK_CASES").is_some() { 100 } else { 400 };
    // Either of both was there before.
    let turned = |((old, new), back)| if back { Change(new, old) } else { Change(old, new) };
    let strategy = (small_pairs(), any::<bool>()).prop_map(turned);
    let outcome = TestRunner::new(oracle::config(60))
        .run(&strategy, |change| one_pair(&change, &tally, budget).map_err(TestCaseError::fail));
    println!("{tally:?}");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(
        tally.gained.get() + tally.lost.get() > 200 && tally.lost.get() > 20,
        "too little was different: {tally:?}"
    );
    assert!(tally.left_out.get() * 3 < tally.pairs.get(), "most pairs were left out: {tally:?}");
}

fn one_pair(change: &Change, tally: &Tally, budget: usize) -> Result<(), String> {
    let sides = [&change.0, &change.1];
    count(&tally.pairs);
    let [old, new] = sides.map(|p| Written::new("p.bw", &print(p, 0)));
    let (old, new) = (old?, new?);
    let tables = [old.loaded()?, new.loaded()?];
    let at = FIRST_DAY - 1;
    let found = compare([&tables[0], &tables[1]], &[], at);
    if !found.undecided.is_empty() {
        return Err("too many cases in small policies".into());
    }
    let joint = both(sides);
    let Some(world) = World::of_each(&joint, &sides) else {
        count(&tally.left_out);
        return Ok(());
    };
    let trial = Trial { sides, world: &world, found: &found };
    // Where not all cases are tried, those of some pairs stand closer together and those of others reach further.
    let stride = 1 + (old.table().len() + new.table().len()) / 4 % 11;
    for (case, signature) in trial.cases().step_by(stride).take(budget) {
        for day in [at, at + 2, at + 5] {
            trial.ask(&Case { day, ..case.clone() }, signature, tally)?;
        }
    }
    Ok(())
}
