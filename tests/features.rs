//! Turning a feature on never takes a right away: what the checks take for granted that look at every feature on, or off, at once.
//!
//! Gates are positive, and whom a `forbid` binds does not depend on a feature: somebody holds a role though its gate is closed, and a
//! role's tier is that of what it gives with every feature on. `BAILIWICK_CASES=10000` tries ten thousand policies.

#[expect(dead_code, reason = "agreement uses the rest")]
#[path = "oracle/bridge.rs"]
mod bridge;
#[expect(dead_code, reason = "the laws use the rest")]
mod oracle;

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use oracle::cases::{Case, cases};
use oracle::eval::allow;
use oracle::policy::{Policy, Subject};
use oracle::print::print;
use oracle::truth::Truth;

/// What was tried: policies with a feature that is off and a `forbid` for a tier or for holders; answers that a feature added.
#[derive(Default)]
struct Tried {
    binding: AtomicUsize,
    added: AtomicUsize,
}

#[test]
fn a_feature_that_is_turned_on_only_adds_rights() {
    let tried = Tried::default();
    let mut runner = TestRunner::new(oracle::config(300));
    runner.run(&cases(100), |case| only_adds(&case, &tried)).unwrap_or_else(|e| panic!("{e}"));
    let [binding, added] = [&tried.binding, &tried.added].map(|n| n.load(Ordering::Relaxed));
    println!("{binding} policies with a `forbid` for a tier or for holders, {added} rights by features");
    assert!(binding > 10 && added > 10, "{binding} policies, {added} rights: too little was tried");
}

fn only_adds(case: &Case, tried: &Tried) -> Result<(), TestCaseError> {
    let less = &case.policy;
    let off: Vec<usize> = (0..less.features.len()).filter(|f| !less.features[*f].on).collect();
    if off.is_empty() {
        return Ok(());
    }
    let binds = |subject: &Subject| matches!(subject, Subject::Tier(_) | Subject::Holders(_));
    let whom = less.forbids.iter().flat_map(|f| f.subjects.iter().chain(&f.unless));
    let bound = whom.flat_map(|s| s.items.iter().chain(&s.except)).any(binds);
    tried.binding.fetch_add(usize::from(bound), Ordering::Relaxed);
    // Some of them, by the case's own choice; one at least.
    let mut more = less.clone();
    for (n, feature) in off.iter().enumerate() {
        more.features[*feature].on = n == 0 || case.bytes[n % case.bytes.len()].is_multiple_of(2);
    }
    let table = |policy: &Policy| bridge::compile(&print(policy, case.layout)).map_err(TestCaseError::fail);
    let (before, after) = (table(less)?, table(&more)?);
    let before = bridge::Reader::new(&before).map_err(TestCaseError::fail)?;
    let after = bridge::Reader::new(&after).map_err(TestCaseError::fail)?;
    for question in case.questions() {
        let by_interpreter = [less, &more].map(|policy| allow(policy, &question) == Truth::True);
        let old = before.decide(less, &question).map_err(TestCaseError::fail)?.allowed;
        let new = after.decide(&more, &question).map_err(TestCaseError::fail)?.allowed;
        for [old, new] in [by_interpreter, [old, new]] {
            prop_assert!(!old || new, "a feature takes this away\n{question:?}");
            tried.added.fetch_add(usize::from(new && !old), Ordering::Relaxed);
        }
    }
    Ok(())
}
