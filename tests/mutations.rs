//! The learning portal says nothing twice: whatever is taken out of its policy, a line of its own tests fails.
//!
//! A mutant is the policy with one thing changed: a grant, an `except`, a `forbid`, a fence, a condition or one item of a list taken
//! away, a feature turned. It is caught when the compiler refuses it or one of its tests fails. What is free to go - titles,
//! assertions, people - is not touched.

#[path = "mutations/changes.rs"]
mod changes;

use std::fs;
use std::path::Path;

use bailiwick::dates::today;
use bailiwick::diagnostic::{Findings, Severity};
use bailiwick::query::run_tests;
use bailiwick::source::{Source, SourceMap};
use bailiwick::syntax::ast::{Decl, File};
use bailiwick::{Options, compile, syntax};

use changes::Mutant;

/// Mutants that nothing can catch, and why.
const FREE: [(&str, &str); 2] = [
    ("role billing_contact: without `when ecommerce`", "the role has no rights that the condition could take away"),
    (
        "role org_admin: `scope users in own unit and entities in own unit` without its users",
        "its one right over accounts, `accounts.add`, judges an account by both parts, and the entity part asks the same",
    ),
];

fn policy() -> SourceMap {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/learning-portal");
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = paths.filter(|path| path.extension().is_some_and(|it| it == "bw"));
    SourceMap::new(files.map(|path| Source::new(path.display().to_string(), read(&path))).collect())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The policy with one declaration in another form, or without it.
fn with(files: &[File], at: (usize, usize), decl: Option<&Decl>) -> SourceMap {
    let mut files = files.to_vec();
    let decls = &mut files[at.0].decls;
    drop(decls.splice(at.1..=at.1, decl.cloned()));
    SourceMap::new(
        files.iter().enumerate().map(|(i, file)| Source::new(format!("{i:02}.bw"), file.to_string())).collect(),
    )
}

/// What is wrong with a policy by its own account: errors, and tests that fail.
fn complaints(sources: &SourceMap) -> Vec<String> {
    let outcome = compile(sources, &Options::default());
    let Some(compiled) = &outcome.compiled else {
        let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
        return errors.map(|finding| finding.message.clone()).collect();
    };
    run_tests(compiled, today()).failures.iter().map(|failure| failure.text(sources)).collect()
}

#[test]
fn the_policy_itself_has_no_complaint() {
    assert_eq!(complaints(&policy()), Vec::<String>::new());
}

#[test]
fn every_mutant_is_caught() {
    let sources = policy();
    let mut findings = Findings::new();
    let files = syntax::parse(&sources, &mut findings);
    let as_it_is = with(&files, (0, 0), files[0].decls.first());
    assert_eq!(complaints(&as_it_is), Vec::<String>::new(), "printed again it has no complaint either");
    let mut tried = 0;
    let mut survivors = Vec::new();
    for (at, decl) in places(&files) {
        for Mutant { what, decl } in changes::mutants(decl) {
            tried += 1;
            if complaints(&with(&files, at, decl.as_ref())).is_empty() {
                survivors.push(what);
            }
        }
    }
    assert!(tried > 200, "only {tried} mutants");
    let free: Vec<_> = FREE.iter().map(|(what, _)| (*what).to_owned()).collect();
    survivors.sort();
    assert_eq!(survivors, free, "mutants that no test catches (left), mutants that none can (right)");
}

/// Every declaration and where it stands: its file and its number there.
fn places(files: &[File]) -> impl Iterator<Item = ((usize, usize), &Decl)> {
    let numbered = files.iter().enumerate();
    numbered.flat_map(|(i, file)| file.decls.iter().enumerate().map(move |(j, decl)| ((i, j), decl)))
}
