//! A policy of `policies/`, and what the compiler and the policy's own tests say of a mutant of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bailiwick::check::CHECKS;
use bailiwick::dates::parse_date;
use bailiwick::diagnostic::{Findings, Severity};
use bailiwick::query::run_tests;
use bailiwick::source::{Source, SourceId, SourceKind, SourceMap};
use bailiwick::syntax::ast::File;
use bailiwick::syntax::convert::converted;
use bailiwick::{Options, Outcome, compile, compile_files, syntax};

use super::changes::{BY_CHECK, Mutant, Notice, mutants};

/// The day on which all is judged here, whatever day it is.
fn today() -> i32 {
    parse_date("2026-12-01").unwrap_or_default()
}

/// A policy, read.
pub(crate) struct Policy {
    sources: SourceMap,
    /// What was read.
    files: Vec<File>,
    /// The findings that it has as it is.
    said: Vec<(String, String)>,
}

/// What came of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Somebody noticed.
    Caught,
    /// Nobody noticed.
    Survived,
    /// Nobody could notice: the check that would is not written yet.
    Waits(&'static str),
}

impl Policy {
    /// Reads the folder of a policy, tables of people included.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut sources = Vec::new();
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let name = path.display().to_string();
            let text = || fs::read_to_string(&path).unwrap_or_default();
            match path.extension().and_then(|it| it.to_str()) {
                Some("bw" | "yaml" | "yml") => sources.push(Source::new(name, text())),
                Some("csv") => sources.push(Source::people(name, text())),
                _ => {}
            }
        }
        Self::of(sources.into_iter().map(|it| it.within(folder.display().to_string())).collect())
    }

    /// Reads sources.
    pub(crate) fn of(sources: Vec<Source>) -> Self {
        let sources = SourceMap::new(sources);
        let files = syntax::parse(&sources, &mut Findings::new());
        let mut policy = Self { sources, files, said: Vec::new() };
        policy.said = said(&outcome(&policy.files, &policy.sources));
        policy
    }

    /// The same policy with its text files in YAML, and the other way round.
    pub(crate) fn in_the_other_form(&self) -> Self {
        let turned = |(id, source): (SourceId, &Source)| match source.kind {
            SourceKind::People => source.clone(),
            SourceKind::Policy => {
                let ending = if syntax::is_yaml(&source.path) { "bw" } else { "yaml" };
                Source::new(format!("{}.{ending}", source.path), converted(id, source).unwrap_or_default())
            }
        };
        Self::of(self.sources.iter().map(turned).collect())
    }

    /// Every mutant of the policy.
    pub(crate) fn mutants(&self) -> Vec<Mutant> {
        mutants(&self.files, &self.sources)
    }

    /// What is wrong with the policy itself by its own account, read as everybody reads it: errors, and tests that fail.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let outcome = compile(&self.sources, &Options { at: Some(today()), ..Options::default() });
        let Some(compiled) = &outcome.compiled else {
            let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
            return errors.map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        };
        let failures = run_tests(compiled, today()).failures;
        failures.iter().map(|failure| failure.text(&self.sources)).collect()
    }

    /// What comes of a mutant.
    pub(crate) fn fate(&self, mutant: &Mutant) -> Fate {
        let (files, sources) = mutant.apply(&self.files, &self.sources);
        let outcome = outcome(&files, &sources);
        let noticed = match mutant.notice {
            Notice::Refused => refused(&outcome),
            Notice::Said => said(&outcome) != self.said,
            Notice::Found(code) => of_code(&said(&outcome), code) != of_code(&self.said, code),
        };
        match mutant.needs {
            _ if noticed => Fate::Caught,
            Some(check) if !exists(check) => Fate::Waits(check),
            _ => Fate::Survived,
        }
    }
}

/// The outcome of a tree whose places lie in these sources.
fn outcome(files: &[File], sources: &SourceMap) -> Outcome {
    compile_files(files, sources, Findings::new(), &Options { at: Some(today()), ..Options::default() })
}

/// Whether the compiler refuses a policy, or one of its tests fails.
fn refused(outcome: &Outcome) -> bool {
    outcome.compiled.as_ref().is_none_or(|compiled| !run_tests(compiled, today()).failures.is_empty())
}

/// The codes and messages of the findings, in order.
fn said(outcome: &Outcome) -> Vec<(String, String)> {
    let mut said: Vec<_> = outcome.findings.iter().map(|it| (it.code.to_string(), it.message.clone())).collect();
    said.sort();
    said
}

fn of_code(said: &[(String, String)], code: &str) -> Vec<String> {
    said.iter().filter(|(it, _)| it == code).map(|(_, message)| message.clone()).collect()
}

/// Whether a check is written.
fn exists(check: &str) -> bool {
    CHECKS.iter().any(|it| it.code.0 == check)
}

/// How many mutants wait for each check, and why they do.
pub(crate) fn waiting(fates: &[Fate]) -> String {
    let mut waiting = BTreeMap::new();
    for fate in fates {
        if let Fate::Waits(check) = fate {
            *waiting.entry(*check).or_insert(0) += 1;
        }
    }
    let why = |check: &str| {
        BY_CHECK.iter().find(|(code, _)| *code == check).map_or("a setting changes no answer", |(_, why)| why)
    };
    waiting.iter().map(|(check, count)| format!("\n    {count} wait for {check}: {}", why(check))).collect()
}
