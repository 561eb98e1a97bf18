//! `test`: the tests that a policy itself contains.

use super::args::{FindingFormat, TestArgs, TestFormat};
use super::output::Terminal;
use super::timings::watched;
use super::{End, Ended, Failure, findings, policy};
use crate::Outcome;
use crate::diagnostic::tested;
use crate::query::{Report, run_tests};
use crate::source::SourceMap;
use crate::timings::Stages;

/// Runs all tests. Exit code 1 when a line fails, 2 when the policy has errors.
pub(super) fn run(args: &TestArgs, terminal: &Terminal) -> Ended {
    let stages = Stages::default();
    let (sources, outcome) = watched(&stages, || policy::compiled(&args.policy, 0, &stages))?;
    let day = args.policy.at.unwrap_or_else(crate::dates::today);
    let Some(compiled) = &outcome.compiled else {
        untested(&outcome, &sources, (args.format, day), terminal)?;
        return Ok(End::CouldNot);
    };
    let report = watched(&stages, || stages.run("test", || run_tests(compiled, day)));
    match args.format {
        TestFormat::Human => terminal.print(&human(&report, &sources))?,
        TestFormat::Json => terminal.print_exactly(&findings::to_json(&tested::report(&report, &[], &sources))?)?,
        TestFormat::Junit => terminal.print_exactly(&findings::to_xml(&tested::suites(&report, &sources), day)?)?,
        TestFormat::Github => terminal.print_exactly(&tested::annotations(&report, &sources))?,
    }
    Ok(if report.failures.is_empty() { End::Well } else { End::Findings })
}

fn human(report: &Report, sources: &SourceMap) -> String {
    let failures: String = report.failures.iter().map(|failure| failure.visible_text(sources) + "\n\n").collect();
    failures + &report.summary() + "\n"
}

/// Says why nothing was tested: to people on standard error, to programs where they look for the report.
fn untested(
    outcome: &Outcome,
    sources: &SourceMap,
    (format, day): (TestFormat, i32),
    terminal: &Terminal,
) -> Result<(), Failure> {
    let errors = policy::errors(outcome);
    let format = match format {
        TestFormat::Human => {
            policy::refuse(outcome, sources, terminal);
            return Ok(());
        }
        TestFormat::Json => {
            let report = Report::default();
            return terminal.print_exactly(&findings::to_json(&tested::report(&report, &errors, sources))?);
        }
        TestFormat::Junit => FindingFormat::Junit,
        TestFormat::Github => FindingFormat::Github,
    };
    findings::print(&errors, sources, format, ("", day), terminal)
}
