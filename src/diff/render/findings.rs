//! Changes as findings, for the formats that know nothing else: SARIF, annotations, Code Quality.

use super::View;
use crate::diagnostic::{Code, Finding, Severity};
use crate::diff::change::{Direction, Risk, What};
use crate::diff::gate::Judged;
use crate::diff::words;
use crate::source::{SourceMap, Span};

/// What a comparison found, then a finding for each change at the new line that it comes from.
///
/// A change whose lines are gone, or of which only a table is known, has no place. What a gate stops is an error; what the allow-list
/// expects is a note, and so is every loss; of the rest high risk is a warning. `sources` are those of the new side.
#[must_use]
pub fn of(view: &View<'_>, sources: &SourceMap) -> Vec<Finding> {
    let judged = view.verdict.findings.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let own = view.diff.findings.iter().zip(judged).map(|(finding, judged)| {
        let severity = match judged {
            Some(judged) if judged.stopped => Severity::Error,
            Some(judged) if judged.expected => Severity::Note,
            _ => finding.severity,
        };
        Finding { severity, ..finding.clone() }
    });
    let mut all: Vec<Finding> = own.collect();
    for (index, change) in words::gravest_first(view.diff) {
        let code = match change.direction {
            Direction::Gained => Code("gained"),
            Direction::Widened => Code("widened"),
            Direction::Narrowed => Code("narrowed"),
            Direction::Lost => Code("lost"),
        };
        let more = change.direction.is_more();
        let severity = severity(more.then_some(change.risk), view.verdict.changes.get(index));
        let mut finding = Finding::new(code, severity, words::sentence(change));
        finding.notes.extend(words::reach(change));
        finding.notes.extend((!change.reason.is_empty()).then(|| change.reason.clone()));
        finding.notes.extend((!change.witness.is_empty()).then(|| format!("for example {}", change.witness)));
        all.push(placed(finding, view, &change.causes, sources));
    }
    for (index, beside) in words::gravest_beside(view.diff) {
        let code = match beside.what {
            What::Protection => Code("protection"),
            What::Escalation => Code("escalation"),
            What::Seats => Code("seats"),
        };
        let severity = severity(Some(beside.risk), view.verdict.beside.get(index));
        all.push(placed(Finding::new(code, severity, &*beside.text), view, &beside.causes, sources));
    }
    all
}

/// How grave it is as a finding; `risk` is none for a loss.
fn severity(risk: Option<Risk>, judged: Option<&Judged>) -> Severity {
    match judged {
        Some(judged) if judged.stopped => Severity::Error,
        Some(judged) if judged.expected => Severity::Note,
        _ if risk >= Some(Risk::High) => Severity::Warning,
        _ => Severity::Note,
    }
}

/// The finding at the new lines of its causes, with the old lines in words.
fn placed(mut finding: Finding, view: &View<'_>, causes: &[usize], sources: &SourceMap) -> Finding {
    for edit in causes.iter().filter_map(|cause| view.diff.edits.get(*cause)) {
        let after = edit.after.as_ref();
        let span = after.and_then(|said| line(said.path.as_deref()?, said.line, sources));
        if let Some(span) = span.filter(|span| finding.labels.iter().all(|label| label.span != *span)) {
            finding = finding.at(span, "");
        }
        if let Some(before) = &edit.before {
            finding = finding.note(format!("before, at {}: `{}`", words::place(before), before.text));
        }
    }
    finding
}

/// What a line of a source says, without the blanks around it.
fn line(path: &str, number: usize, sources: &SourceMap) -> Option<Span> {
    let (id, source) = sources.iter().find(|(_, source)| source.path == path)?;
    let start: usize = source.text.split_inclusive('\n').take(number.checked_sub(1)?).map(str::len).sum();
    let text = source.text.get(start..)?.lines().next()?;
    let begin = start + text.len() - text.trim_start().len();
    Some(Span::new(id, begin, start + text.trim_end().len().max(begin - start)))
}
