//! What several formats say alike: the order of gravity, the summary, the advice.

use super::{Finding, Severity};
use crate::text::{count, visible};

/// The findings gravest first, otherwise in their order.
pub(super) fn gravest_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

/// "2 errors and 1 warning".
#[must_use]
pub fn summary(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let numbers = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (severity, of(severity)));
    listed(numbers).unwrap_or_else(|| "no findings".to_owned())
}

/// "2 errors, 1 warning and 3 notes", without those of which there are none; none where nothing is left.
pub(super) fn listed(numbers: impl IntoIterator<Item = (Severity, usize)>) -> Option<String> {
    let parts: Vec<String> = numbers
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| (number, severity.as_str()))
        .map(|(number, word)| count(number, word, &format!("{word}s")))
        .collect();
    match parts.split_last() {
        None => None,
        Some((last, [])) => Some(last.clone()),
        Some((last, before)) => Some(format!("{} and {last}", before.join(", "))),
    }
}

/// The help, the fix and the notes of a finding, a line each, with nothing hidden in them.
pub(super) fn advice(finding: &Finding) -> impl Iterator<Item = String> {
    let help = finding.help.iter().map(|help| format!("help: {}", visible(help)));
    let fix = finding.fix.iter().map(|fix| format!("fix: {}", visible(&fix.title)));
    help.chain(fix).chain(finding.notes.iter().map(|note| format!("note: {}", visible(note))))
}
