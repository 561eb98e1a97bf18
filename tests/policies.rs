//! The example policies: without errors, and their READMEs say which findings there are.

mod shipped;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bailiwick::check::bw009;
use bailiwick::diagnostic::Severity;
use shipped::{Shipped, policies};

/// The codes that a README names under its heading about what `check` says.
fn named(policy: &Path) -> BTreeSet<String> {
    let readme = fs::read_to_string(policy.join("README.md")).expect("a README");
    let about =
        |heading: &str| heading.starts_with("What") && (heading.contains("`check`") || heading.contains("checks say"));
    let section = readme.split("\n## ").find(|s| about(s.lines().next().unwrap_or(""))).expect("what `check` says");
    let words = section.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|w| w.len() == 5 && w.starts_with("BW")).map(str::to_owned).collect()
}

#[test]
fn every_policy_names_its_findings_and_no_others() {
    for policy in policies() {
        let outcome = Shipped::read(&policy).outcome();
        let found: BTreeSet<String> = outcome.findings.iter().map(|f| f.code.to_string()).collect();
        let errors: Vec<_> = outcome.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", policy.display());
        let lints = &outcome.compiled.as_ref().expect("a policy without errors").model().lints;
        let off = lints.levels.iter().map(|(code, _)| code).chain(lints.ignores.iter().map(|(code, _)| code));
        let silenced: BTreeSet<String> = off.map(|code| code.node.clone()).collect();
        let named = named(&policy);
        let unnamed: Vec<_> = found.difference(&named).collect();
        assert!(unnamed.is_empty(), "{}: the README does not name {unnamed:?}", policy.display());
        let gone: Vec<_> = named.iter().filter(|c| !found.contains(*c) && !silenced.contains(*c)).collect();
        assert!(gone.is_empty(), "{}: the README names {gone:?}, which are not found", policy.display());
    }
}

/// No check of them ends with "unknown".
#[test]
fn every_check_of_every_policy_is_decided() {
    for policy in policies() {
        let outcome = Shipped::read(&policy).outcome();
        let unknown: Vec<_> = outcome.findings.iter().filter(|f| f.code == bw009::CODE).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", policy.display());
    }
}
