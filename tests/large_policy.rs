//! The large policy, of which `benches/checks.rs` takes the time: it is what it is said to be, and everything about it is decided.

mod large;

use std::collections::BTreeMap;

use bailiwick::check::bw009;
use bailiwick::diagnostic::Severity;
use bailiwick::source::SourceMap;
use bailiwick::{Options, compile};
use large::{LARGE, Size, policy};

/// The day of the checks: 2026-06-01.
const DAY: i32 = 20_605;

#[test]
fn every_check_of_the_large_policy_is_decided() {
    let lines = decided(LARGE);
    assert!((9_500..10_500).contains(&lines), "{lines} lines");
}

/// Compiles it; there is no error, and nothing is unknown. The number of its lines.
fn decided(size: Size) -> usize {
    let text = policy(size);
    assert_eq!(text, policy(size), "it is the same each time");
    let sources = SourceMap::single("large.bw", &text);
    let outcome = compile(&sources, &Options { at: Some(DAY), ..Options::default() });
    let mut counts = BTreeMap::new();
    for finding in &outcome.findings {
        *counts.entry(finding.code.0).or_insert(0) += 1;
    }
    let lines = text.lines().count();
    println!("{lines} lines, {counts:?}");
    let errors: Vec<_> = outcome.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    let told: Vec<String> = errors.iter().take(12).map(|f| format!("{} {}", f.code, f.message)).collect();
    assert!(errors.is_empty(), "{} errors: {}", errors.len(), told.join("\n"));
    assert!(outcome.findings.iter().all(|f| f.code != bw009::CODE), "something is undecided");
    let model = outcome.compiled.as_ref().expect("a policy without errors").model();
    assert_eq!((model.accounts.len(), model.roles.len()), (size.admins + 1, size.roles + 2));
    lines
}
