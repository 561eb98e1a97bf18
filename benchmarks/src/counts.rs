//! Counts of instructions held against stored ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many times a stored count a step may take before that is a regression.
pub const TOLERATED: f64 = 1.05;

/// Counts of one toolchain, by step.
pub type Counts = BTreeMap<String, u64>;

/// Stored counts, by toolchain: others compile to other instructions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline(pub BTreeMap<String, Counts>);

/// How a step compares with what is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// So many times as much, which is tolerated.
    Kept(f64),
    /// So many times as much, which is a regression.
    Worse(f64),
    /// So many times as much, so much less that it should be stored.
    Better(f64),
    /// It is not stored.
    New,
    /// It is stored, and was not counted.
    Missing,
}

impl Verdict {
    /// Whether the comparison fails because of it.
    #[must_use]
    pub const fn fails(self) -> bool {
        matches!(self, Self::Worse(_) | Self::New | Self::Missing)
    }
}

/// Compares counts with stored ones, step by step; a step that only one side has fails as well.
#[must_use]
pub fn compare(stored: &Counts, counted: &Counts) -> Vec<(String, Verdict)> {
    let missing = stored.keys().filter(|step| !counted.contains_key(*step));
    let missing = missing.map(|step| (step.clone(), Verdict::Missing));
    let judged = counted.iter().map(|(step, count)| {
        let verdict = stored.get(step).map_or(Verdict::New, |before| verdict(*before, *count));
        (step.clone(), verdict)
    });
    judged.chain(missing).collect()
}

fn verdict(before: u64, now: u64) -> Verdict {
    let times = now as f64 / before.max(1) as f64;
    if times > TOLERATED {
        Verdict::Worse(times)
    } else if times < 1.0 / TOLERATED {
        Verdict::Better(times)
    } else {
        Verdict::Kept(times)
    }
}

/// The instructions that cachegrind counted, from what it said.
#[must_use]
pub fn instructions(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("I   refs:").or_else(|| line.split_once("I refs:")))?;
    line.1.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(list: &[(&str, u64)]) -> Counts {
        list.iter().map(|(step, count)| ((*step).to_owned(), *count)).collect()
    }

    #[test]
    fn what_is_worse_fails_and_what_is_a_little_worse_does_not() {
        let stored = counts(&[("build", 1_000), ("decide", 1_000), ("load", 1_000), ("parse", 1_000)]);
        let now = counts(&[("build", 1_051), ("decide", 1_050), ("load", 700), ("parse", 960)]);
        let verdicts = compare(&stored, &now);
        let failing: Vec<&str> = verdicts.iter().filter(|(_, v)| v.fails()).map(|(step, _)| step.as_str()).collect();
        assert_eq!(failing, ["build"]);
        assert_eq!(verdicts[2], ("load".to_owned(), Verdict::Better(0.7)));
    }

    #[test]
    fn a_step_that_only_one_side_has_fails() {
        let verdicts = compare(&counts(&[("load", 5)]), &counts(&[("parse", 5)]));
        assert_eq!(verdicts, [("parse".to_owned(), Verdict::New), ("load".to_owned(), Verdict::Missing)]);
        assert!(verdicts.iter().all(|(_, verdict)| verdict.fails()));
    }

    #[test]
    fn counts_are_read_from_what_cachegrind_says() {
        assert_eq!(instructions("==7== \n==7== I   refs:      1,234,567\n"), Some(1_234_567));
        assert_eq!(instructions("==7== I refs:        12\n"), Some(12));
        assert_eq!(instructions("==7== killed\n"), None);
    }
}
