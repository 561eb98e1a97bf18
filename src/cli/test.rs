//! `test`: the tests that a policy itself contains.

use super::args::TestArgs;
use super::output::Terminal;
use super::{End, Ended, load, policy};
use crate::query::run_tests;
use crate::text::count;

/// Runs all tests. Exit code 1 when a line fails.
pub(super) fn run(args: &TestArgs, terminal: &Terminal) -> Ended {
    let sources = load::load(&args.policy.paths)?;
    let outcome = crate::compile(&sources, &policy::options(&args.policy, 0));
    let Some(compiled) = &outcome.compiled else {
        policy::refuse(&outcome, &sources, terminal);
        return Ok(End::CouldNot);
    };
    let report = run_tests(compiled, args.policy.at.unwrap_or_else(crate::dates::today));
    let mut text = String::new();
    for failure in &report.failures {
        text += &failure.text(&sources);
        text += "\n\n";
    }
    let failed = report.failures.len();
    text += &format!(
        "{}, {}: {} passed, {failed} failed\n",
        count(report.tests, "test", "tests"),
        count(report.lines, "line", "lines"),
        report.lines - failed,
    );
    terminal.print(&text)?;
    Ok(if failed == 0 { End::Well } else { End::Findings })
}
