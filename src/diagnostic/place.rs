//! Where findings stand, as other programs count: lines from 1, columns in UTF-16 code units from 1, the end one past the last.

use super::Finding;
use crate::source::{Source, SourceKind, SourceMap, Span};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// The first line.
    pub(super) line: usize,
    /// The first column.
    pub(super) column: usize,
    /// The line of the end.
    pub(super) end_line: usize,
    /// The column one past the end, on that line.
    pub(super) end_column: usize,
}

/// The region of a span.
pub(super) fn region(span: Span, sources: &SourceMap) -> Region {
    let source = sources.get(span.source);
    let (line, column) = source.line_column_utf16(span.start);
    let (end_line, end_column) = source.line_column_utf16(span.end.max(span.start));
    Region { line, column, end_line, end_column }
}

/// `path:line:column` in visible characters, the column in characters.
pub(super) fn spot(span: Span, sources: &SourceMap) -> String {
    crate::text::visible(&sources.locate(span).to_string()).into_owned()
}

/// The source that a finding is filed under: its own, or for one about the policy as a whole the policy's first file.
pub(super) fn home<'a>(finding: &Finding, sources: &'a SourceMap) -> Option<&'a Source> {
    let all = || sources.iter().map(|(_, source)| source);
    let first = || all().find(|source| source.kind == SourceKind::Policy).or_else(|| all().next());
    finding.span().map(|span| sources.get(span.source)).or_else(first)
}

/// Whether a source is a file that another program can open, and not standard input.
pub(super) fn is_file(source: &Source) -> bool {
    !source.path.starts_with('<')
}
