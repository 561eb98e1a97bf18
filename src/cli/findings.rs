//! Findings in the formats that the command line offers: one place for every command that has findings.

use serde::Serialize;

use super::args::FindingFormat;
use super::output::Terminal;
use super::{Failure, policy};
use crate::diagnostic::{Finding, github, gitlab, json, junit, markdown, sarif};
use crate::source::SourceMap;

/// Prints findings. `nothing` is what people read where there are none; `day` (since 1970-01-01) is the one that was asked about.
pub(super) fn print(
    findings: &[Finding],
    sources: &SourceMap,
    format: FindingFormat,
    (nothing, day): (&str, i32),
    terminal: &Terminal,
) -> Result<(), Failure> {
    let text = match format {
        FindingFormat::Human if findings.is_empty() => return terminal.print(nothing),
        FindingFormat::Human => return terminal.print(&policy::drawn(findings, sources, terminal)),
        FindingFormat::Json => to_json(&json::report(findings, sources))?,
        FindingFormat::Sarif => to_json(&sarif::log(findings, sources))?,
        FindingFormat::Gitlab => to_json(&gitlab::issues(findings, sources))?,
        FindingFormat::Github => github::render(findings, sources),
        FindingFormat::Markdown => markdown::render(findings, sources),
        FindingFormat::Junit => to_xml(&junit::suites(findings, sources), day)?,
    };
    terminal.print_exactly(&text)
}

/// One JSON value, over several lines.
pub(super) fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::new(format!("cannot write JSON: {e}")))?;
    Ok(text + "\n")
}

/// A JUnit report.
pub(super) fn to_xml(suites: &[junit::Suite], day: i32) -> Result<String, Failure> {
    junit::render(suites, day).map_err(|e| Failure::new(format!("cannot write XML: {e}")))
}
