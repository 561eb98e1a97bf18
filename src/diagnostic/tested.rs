//! What the policy's own tests say, in the formats that programs read.

use serde::Serialize;

use super::github::{self, Annotation};
use super::json::{self, Item};
use super::{Finding, Severity};
use crate::query::{Failure, Report};
use crate::source::SourceMap;

/// The report for programs: every test with the lines that fail.
#[derive(Debug, Serialize)]
pub struct Tested<'a> {
    version: u32,
    tests: Vec<Test<'a>>,
    /// Why nothing was tested: the errors of the policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Item<'a>>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Test<'a> {
    name: &'a str,
    place: json::Place<'a>,
    lines: usize,
    failures: Vec<FailedLine<'a>>,
}

#[derive(Debug, Serialize)]
struct FailedLine<'a> {
    place: json::Place<'a>,
    line: &'a str,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct Summary {
    tests: usize,
    lines: usize,
    passed: usize,
    failed: usize,
}

/// The report as JSON has it; `errors` are those of a policy that cannot be tested.
#[must_use]
pub fn report<'a>(report: &'a Report, errors: &'a [Finding], sources: &'a SourceMap) -> Tested<'a> {
    let failed_line = |failure: &'a Failure| FailedLine {
        place: json::place(failure.span, "", sources),
        line: sources.text(failure.span),
        message: &failure.message,
    };
    let tests = report.tests_with_failures().map(|(test, failures)| Test {
        name: &test.name,
        place: json::place(test.span, "", sources),
        lines: test.lines,
        failures: failures.map(failed_line).collect(),
    });
    let failed = report.failures.len();
    Tested {
        version: 1,
        tests: tests.collect(),
        errors: errors.iter().map(|finding| json::item(finding, sources)).collect(),
        summary: Summary { tests: report.tests, lines: report.lines, passed: report.lines - failed, failed },
    }
}

/// An annotation for each line that fails, and a line that sums them up.
#[must_use]
pub fn annotations(report: &Report, sources: &SourceMap) -> String {
    let mut out = String::new();
    for failure in &report.failures {
        let title = format!("test {}", failure.test);
        let text = failure.visible_text(sources);
        let (severity, span) = (Severity::Error, Some(failure.span));
        github::command(&Annotation { severity, span, title: &title, text: &text }, sources, &mut out);
    }
    let severities = report.failures.iter().map(|_| Severity::Error);
    out + &report.summary() + &github::in_log_alone(severities) + "\n"
}

/// A suite for each file that has tests; a case is a test.
#[cfg(feature = "cli")]
#[must_use]
pub fn suites(report: &Report, sources: &SourceMap) -> Vec<super::junit::Suite> {
    use super::junit::{Case, Suite};
    let mut suites: std::collections::BTreeMap<_, Suite> = std::collections::BTreeMap::new();
    for (test, failures) in report.tests_with_failures() {
        let path = &sources.get(test.span.source).path;
        let suite = suites.entry(test.span.source).or_insert_with(|| Suite { name: path.clone(), ..Suite::default() });
        let failures: Vec<&Failure> = failures.collect();
        suite.cases.push(Case { name: test.name.clone(), failure: failed_case(test, &failures, sources) });
    }
    suites.into_values().collect()
}

#[cfg(feature = "cli")]
fn failed_case(test: &crate::query::Ran, failures: &[&Failure], sources: &SourceMap) -> Option<super::junit::Failure> {
    let first = failures.first()?;
    let lines = crate::text::count(test.lines, "line", "lines");
    let more = if failures.len() > 1 { format!(" ({} of {lines} fail)", failures.len()) } else { String::new() };
    let line = sources.locate(first.span).line;
    Some(super::junit::Failure {
        kind: "test".to_owned(),
        message: format!("line {line}: {}{more}", crate::text::visible(&first.message)),
        text: failures.iter().map(|failure| failure.visible_text(sources) + "\n").collect(),
    })
}
