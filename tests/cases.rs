//! Directory tests: a file (or a folder, for several files) dropped into `tests/cases` is a test.
//!
//! - `reject/CODE-slug`: has a finding of that code. What the user sees is in `snapshots/`, beside the source.
//! - `accept/CODE-slug`: comes close and is right: no finding of that code, and no error.
//! - `decide/slug`: compiles without an error, and its own tests pass.
//!
//! Files that end in `.csv` are tables of people.

mod directory;

use std::collections::BTreeSet;
use std::path::Path;

use bailiwick::check::CHECKS;
use bailiwick::diagnostic::{self, Findings, human};
use bailiwick::source::SourceMap;
use bailiwick::syntax::parse;
use bailiwick::{Outcome, query};

use directory::{cases, code_of, compiled, name, sources, today};

/// The sources and, below them, what a user sees.
fn shown(sources: &SourceMap, outcome: &Outcome) -> String {
    let mut text = String::new();
    for (_, source) in sources.iter() {
        text += &format!("--- {}\n{}\n", source.path, source.text.trim_end());
    }
    text += "---\n";
    for finding in &outcome.findings {
        text += &human::render(finding, sources, human::Style::default());
        text += "\n";
    }
    text + &diagnostic::summary(&outcome.findings)
}

#[test]
fn rejected_cases_say_what_is_wrong() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in cases("reject") {
            let sources = sources(&case);
            let code = code_of(&case);
            let outcome = compiled(&sources, &code);
            let name = name(&case);
            assert!(outcome.findings.iter().any(|f| f.code.0 == code), "{name} has no finding of code {code}");
            insta::assert_snapshot!(name, shown(&sources, &outcome));
        }
    });
}

#[test]
fn accepted_cases_are_left_alone() {
    for case in cases("accept") {
        let sources = sources(&case);
        let code = code_of(&case);
        let outcome = compiled(&sources, &code);
        let said = shown(&sources, &outcome);
        assert!(!outcome.has_errors(), "{said}");
        assert!(!outcome.findings.iter().any(|f| f.code.0 == code), "{said}");
        assert_tests_pass(&case, &outcome, &sources);
    }
}

#[test]
fn decided_cases_pass_their_own_tests() {
    for case in cases("decide") {
        let sources = sources(&case);
        let outcome = compiled(&sources, "");
        assert!(!outcome.has_errors(), "{}", shown(&sources, &outcome));
        let lines = assert_tests_pass(&case, &outcome, &sources);
        assert!(lines > 0, "{} asks nothing", case.display());
    }
}

fn assert_tests_pass(case: &Path, outcome: &Outcome, sources: &SourceMap) -> usize {
    let compiled = outcome.compiled.as_ref().expect("a policy without errors");
    let report = query::run_tests(compiled, today());
    let failures: Vec<String> = report.failures.iter().map(|f| f.text(sources)).collect();
    assert!(failures.is_empty(), "{}:\n{}", case.display(), failures.join("\n"));
    report.lines
}

#[test]
fn every_code_has_its_manual_and_its_cases() {
    let codes: BTreeSet<String> = cases("reject").iter().map(|c| code_of(c)).collect();
    for check in CHECKS {
        // Those of changes have their cases in `tests/transitions.rs`.
        let of_changes = check.code.0.starts_with("BWT");
        assert!(codes.contains(check.code.0) || of_changes, "{} has no reject case", check.code);
        let manual = check.manual();
        for heading in ["## What", "## Why", "## Example", "## How to fix"] {
            assert!(manual.contains(heading), "the manual of {} has no `{heading}`", check.code);
        }
        assert!(manual.starts_with(&format!("# {} ", check.code)), "{}", check.code);
        // The first codes are about what cannot be read.
        let examples = manual.split("```bw\n").skip(1).filter_map(|rest| rest.split("```").next());
        for example in examples.filter(|_| check.code.0 > "BW099") {
            let mut findings = Findings::new();
            let files = parse(&SourceMap::single(check.code.0, example), &mut findings);
            assert!(
                findings.is_empty() && files.iter().all(|f| !f.decls.is_empty()),
                "the example of {}: {findings:?}",
                check.code
            );
        }
    }
    let known: BTreeSet<String> = CHECKS.iter().map(|c| c.code.0.to_owned()).collect();
    assert_eq!(codes.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "cases of codes that do not exist");
}
