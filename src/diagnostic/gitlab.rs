//! Findings as GitLab's Code Quality report: a list that merge requests show beside their changes.

use serde::Serialize;

use super::{Finding, Severity, fingerprint, place};
use crate::source::SourceMap;
use crate::text::visible;

/// One entry of the list.
#[derive(Debug, Serialize)]
pub struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

/// The list of these findings. GitLab shows nothing without a path and a line, so a finding about the policy as a whole stands at the
/// beginning of the policy's first file.
#[must_use]
pub fn issues(findings: &[Finding], sources: &SourceMap) -> Vec<Issue> {
    let prints = fingerprint::fingerprints(findings, sources);
    findings.iter().zip(prints).map(|(finding, fingerprint)| issue(finding, fingerprint, sources)).collect()
}

fn issue(finding: &Finding, fingerprint: String, sources: &SourceMap) -> Issue {
    let help = finding.help.iter().map(|help| format!(" (help: {})", visible(help)));
    let begin = finding.span().map_or(1, |span| place::region(span, sources).line);
    Issue {
        description: format!("{}{}", visible(&finding.message), help.collect::<String>()),
        check_name: finding.code.0,
        fingerprint,
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: place::home(finding, sources).map_or_else(|| ".".to_owned(), |source| source.path.clone()),
            lines: Lines { begin },
        },
    }
}
