//! Findings as workflow commands of GitHub Actions, which the runner turns into annotations of the changed files.
//!
//! The runner makes ten annotations of each kind from one step and passes over the rest without a word. So the gravest come first,
//! all are written (the log keeps them), and a last line says how many are in the log alone.

use std::fmt::Write as _;

use super::{Finding, Severity, place, words};
use crate::check::CHECKS;
use crate::source::{SourceMap, Span};
use crate::text::visible;

/// How many annotations of one kind the runner makes from one step.
const SHOWN: usize = 10;

/// What the runner is to show.
#[derive(Debug)]
pub(super) struct Annotation<'a> {
    /// As what.
    pub(super) severity: Severity,
    /// In which file and where.
    pub(super) span: Option<Span>,
    /// The heading, on one line.
    pub(super) title: &'a str,
    /// The text, perhaps of several lines; nothing in it is hidden but line ends.
    pub(super) text: &'a str,
}

/// A command for each finding, and a line that sums them up.
#[must_use]
pub fn render(findings: &[Finding], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in words::gravest_first(findings) {
        let check = CHECKS.iter().find(|check| check.code == finding.code);
        let title = check.map_or_else(|| finding.code.to_string(), |c| format!("{} {}", c.code, c.title()));
        let (severity, span) = (finding.severity, finding.span());
        command(&Annotation { severity, span, title: &title, text: &text(finding, sources) }, sources, &mut out);
    }
    out.push_str(&words::summary(findings));
    out.push_str(&in_log_alone(findings.iter().map(|finding| finding.severity)));
    out.push('\n');
    out
}

/// The finding with its place, since the log does not show the place of a command; then its other places, and what to do.
fn text(finding: &Finding, sources: &SourceMap) -> String {
    let mut text = finding.span().map_or_else(String::new, |span| place::spot(span, sources) + ": ");
    text += &format!("{} {}", finding.code, visible(&finding.message));
    for label in finding.labels.iter().skip(1) {
        text += &format!("\n{}: {}", place::spot(label.span, sources), visible(&label.text));
    }
    words::advice(finding).for_each(|line| text += &format!("\n{line}"));
    text
}

/// "; 5 errors are in this log alone, ...", where the runner passes over some.
pub(super) fn in_log_alone(severities: impl Iterator<Item = Severity>) -> String {
    let mut numbers = [(Severity::Error, 0_usize), (Severity::Warning, 0), (Severity::Note, 0)];
    for severity in severities {
        numbers.iter_mut().filter(|(kind, _)| *kind == severity).for_each(|(_, number)| *number += 1);
    }
    let beyond = numbers.map(|(severity, number)| (severity, number.saturating_sub(SHOWN)));
    let why = format!("in this log alone, since a step has {SHOWN} annotations of a kind");
    words::listed(beyond).map_or_else(String::new, |words| format!("; {words} {why}"))
}

/// Writes `::error file=a.bw,line=1,endLine=1,col=2,endColumn=3,title=...::...` and a line end.
pub(super) fn command(annotation: &Annotation<'_>, sources: &SourceMap, out: &mut String) {
    let kind = match annotation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    out.push_str("::");
    out.push_str(kind);
    out.push(' ');
    let span = annotation.span.filter(|span| place::is_file(sources.get(span.source)));
    if let Some(span) = span {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "file={},{},", property(&sources.get(span.source).path), lines(span, sources));
    }
    let _ = writeln!(out, "title={}::{}", property(annotation.title), data(annotation.text));
}

/// The lines, and the columns of what stands on one line: the runner takes no others.
fn lines(span: Span, sources: &SourceMap) -> String {
    let place::Region { line, column, end_line, end_column } = place::region(span, sources);
    if line == end_line {
        return format!("line={line},endLine={end_line},col={column},endColumn={end_column}");
    }
    // A place that ends with a line end does not reach into the next line.
    let last = if end_column == 1 { end_line - 1 } else { end_line };
    format!("line={line},endLine={last}")
}

/// What stands behind `::`: the runner reads `%25`, `%0D` and `%0A` back.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: `:` and `,` would end it, too.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::SourceId;

    #[test]
    fn nothing_ends_a_property_or_a_command_early() {
        let sources = SourceMap::single("a, b:100%\n.bw", "role r {\n}\nx");
        let at = |start, end| Span::new(SourceId(0), start, end);
        let finding = Finding::new(Code("BWX"), Severity::Error, "50% of `a\r\nb::error::`").at(at(0, 4), "here");
        let shown = render(&[finding.at(at(0, 11), "a, b")], &sources);
        assert_eq!(
            shown,
            "::error file=a%2C b%3A100%25\\n.bw,line=1,endLine=1,col=1,endColumn=5,title=BWX::a, b:100%25\\n.bw:1:1: BWX \
             50%25 of `a\\u{d}\\nb::error::`%0Aa, b:100%25\\n.bw:1:1: a, b\n1 error\n"
        );
        assert_eq!(lines(at(0, 11), &sources), "line=1,endLine=2", "the end of line 2 is not in line 3");
        assert_eq!(lines(at(0, 12), &sources), "line=1,endLine=3");
    }

    #[test]
    fn the_gravest_come_first_and_those_without_annotation_are_counted() {
        let of = |severity| Finding::new(Code("BWX"), severity, "m");
        let mut findings = vec![of(Severity::Note); 12];
        findings.extend(vec![of(Severity::Error); 11]);
        findings.push(of(Severity::Warning));
        let shown = render(&findings, &SourceMap::default());
        let kinds: Vec<&str> = shown.lines().filter_map(|l| l.strip_prefix("::")?.split(' ').next()).collect();
        assert_eq!(kinds, [vec!["error"; 11], vec!["warning"], vec!["notice"; 12]].concat());
        let last = "11 errors, 1 warning and 12 notes; 1 error and 2 notes in this log alone, since a step has 10 annotations of a kind";
        assert_eq!(shown.lines().last(), Some(last));
        assert_eq!(render(&[], &SourceMap::default()), "no findings\n");
    }
}
