//! Findings for programs: one JSON object with a list, lines and columns counted from 1.

use serde::Serialize;

use super::{Edit, Finding, Fix, Safety, Severity};
use crate::source::{SourceMap, Span};

/// All that a run of `check` has to say.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The version of this shape.
    pub version: u32,
    /// In the order of files and places.
    pub findings: Vec<Item<'a>>,
    /// How many of each severity.
    pub summary: Summary,
}

/// How many findings of each severity.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Severity error.
    pub errors: usize,
    /// Severity warning.
    pub warnings: usize,
    /// Severity note.
    pub notes: usize,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Item<'a> {
    /// Such as `BW302`.
    pub code: &'a str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// One sentence.
    pub message: &'a str,
    /// Where; the first is the finding's own place.
    pub places: Vec<Place<'a>>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// Facts that explain it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub notes: &'a [String],
    /// Its one obvious mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Mending<'a>>,
}

/// What would mend a finding.
#[derive(Debug, Serialize)]
pub struct Mending<'a> {
    /// What it does.
    pub title: &'a str,
    /// Whether the rights stay as they are, `safe`, or not, `unsafe`; only after `--fix` has compared them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety: Option<&'static str>,
    /// In the order of their places; they do not overlap.
    pub edits: Vec<Replacement<'a>>,
}

/// A piece of a source and what is to stand there.
#[derive(Debug, Serialize)]
pub struct Replacement<'a> {
    /// The path as it was given.
    pub path: &'a str,
    /// Where the piece begins.
    pub start: Position,
    /// One past its end.
    pub end: Position,
    /// What is to stand there.
    pub text: &'a str,
}

/// A place in a source.
#[derive(Debug, Serialize)]
pub struct Place<'a> {
    /// The path as it was given.
    pub path: &'a str,
    /// Where it begins.
    pub start: Position,
    /// One past its end.
    pub end: Position,
    /// What is there; may be empty.
    pub label: &'a str,
}

/// A point in a source.
#[derive(Debug, Serialize)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In bytes from the beginning of the source, from 0.
    pub offset: u32,
}

/// The report of these findings.
#[must_use]
pub fn report<'a>(findings: &'a [Finding], sources: &'a SourceMap) -> Report<'a> {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    Report {
        version: 1,
        findings: items(findings, sources),
        summary: Summary { errors: of(Severity::Error), warnings: of(Severity::Warning), notes: of(Severity::Note) },
    }
}

/// These findings, for a report of another kind too.
#[must_use]
pub fn items<'a>(findings: &'a [Finding], sources: &'a SourceMap) -> Vec<Item<'a>> {
    findings.iter().map(|f| item(f, sources)).collect()
}

pub(super) fn item<'a>(finding: &'a Finding, sources: &'a SourceMap) -> Item<'a> {
    Item {
        code: finding.code.0,
        severity: finding.severity.as_str(),
        message: &finding.message,
        places: finding.labels.iter().map(|l| place(l.span, &l.text, sources)).collect(),
        help: finding.help.as_deref(),
        notes: &finding.notes,
        fix: finding.fix.as_deref().map(|fix| mending(fix, sources)),
    }
}

fn mending<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Mending<'a> {
    let replacement = |edit: &'a Edit| {
        let Place { path, start, end, label: text } = place(edit.span, &edit.text, sources);
        Replacement { path, start, end, text }
    };
    Mending {
        title: &fix.title,
        safety: fix.safety.map(Safety::as_str),
        edits: fix.edits.iter().map(replacement).collect(),
    }
}

pub(super) fn place<'a>(span: Span, label: &'a str, sources: &'a SourceMap) -> Place<'a> {
    let source = sources.get(span.source);
    let position = |offset: u32| {
        let (line, column) = source.line_column(offset);
        Position { line, column, offset }
    };
    Place { path: &source.path, start: position(span.start), end: position(span.end), label }
}
