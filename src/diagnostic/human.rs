//! Findings for people: each at its place in the source, with what to do.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::{Finding, Label, Severity};
use crate::source::{Source, SourceId, SourceMap};
use crate::text::visible;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With ANSI colours.
    pub colour: bool,
    /// With box-drawing characters rather than ASCII.
    pub unicode: bool,
    /// Columns to wrap at.
    pub width: usize,
}

impl Default for Style {
    /// No colour, Unicode, 100 columns: what snapshots show.
    fn default() -> Self {
        Self { colour: false, unicode: true, width: 100 }
    }
}

/// Draws one finding.
#[must_use]
pub fn render(finding: &Finding, sources: &SourceMap, style: Style) -> String {
    let theme = GraphicalTheme {
        characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.clamp(40, 160))
        .with_links(false)
        .with_context_lines(1)
        .with_cause_chain();
    let drawn = Drawn::new(finding, sources);
    let mut out = String::new();
    match handler.render_report(&mut out, &drawn) {
        Ok(()) => out,
        Err(_) => format!("{}[{}]: {}\n", finding.severity.as_str(), finding.code, visible(&finding.message)),
    }
}

/// A finding as miette wants it: the labels of one source, and those of other sources as related reports.
struct Drawn<'a> {
    code: String,
    message: String,
    severity: Severity,
    labels: Vec<&'a Label>,
    source: Option<Excerpt<'a>>,
    help: Option<String>,
    related: Vec<Drawn<'a>>,
}

impl<'a> Drawn<'a> {
    fn new(finding: &'a Finding, sources: &'a SourceMap) -> Self {
        let home = finding.span().map(|s| s.source);
        let here = |id: SourceId| finding.labels.iter().filter(|l| l.span.source == id).collect::<Vec<_>>();
        let mut others: Vec<SourceId> = finding.labels.iter().map(|l| l.span.source).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|id| Some(*id) != home);
        let mut lines: Vec<String> = finding.help.iter().map(|help| visible(help).into_owned()).collect();
        lines.extend(finding.fix.iter().map(|fix| format!("fix: {}", visible(&fix.title))));
        lines.extend(finding.notes.iter().map(|n| format!("note: {}", visible(n))));
        Self {
            code: format!("{}[{}]", finding.severity.as_str(), finding.code),
            message: visible(&finding.message).into_owned(),
            severity: finding.severity,
            labels: home.map(here).unwrap_or_default(),
            source: home.map(|id| Excerpt(sources.get(id))),
            help: (!lines.is_empty()).then(|| lines.join("\n")),
            related: others.into_iter().map(|id| Self::elsewhere(here(id), sources.get(id))).collect(),
        }
    }

    fn elsewhere(labels: Vec<&'a Label>, source: &'a Source) -> Self {
        Self {
            code: String::new(),
            message: "in another file".to_owned(),
            severity: Severity::Note,
            labels,
            source: Some(Excerpt(source)),
            help: None,
            related: vec![],
        }
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.code.is_empty() { None } else { Some(Box::new(&self.code)) }
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let source = self.source.as_ref()?;
        let spans = self.labels.iter().enumerate().map(|(i, label)| {
            let (start, len) = source.clip(label.span.start as usize, label.span.end as usize);
            let text = (!label.text.is_empty()).then(|| visible(&label.text).into_owned());
            if i == 0 {
                LabeledSpan::new_primary_with_span(text, (start, len))
            } else {
                LabeledSpan::new_with_span(text, (start, len))
            }
        });
        Some(Box::new(spans))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|d| d as &dyn Diagnostic)))
    }
}

/// A source of which only the lines around a place are shown, and of very long lines only the part around it.
struct Excerpt<'a>(&'a Source);

impl Excerpt<'_> {
    /// Bytes shown before and after a place on its line.
    const MARGIN: usize = 160;
    /// Bytes of one place that are underlined.
    const LONGEST: usize = 4_000;

    /// A place within the text and on character boundaries, not longer than can be shown: (offset, length).
    fn clip(&self, start: usize, end: usize) -> (usize, usize) {
        let text = &self.0.text;
        let start = floor(text, start);
        let end = floor(text, end.min(start + Self::LONGEST));
        (start, end.max(start) - start)
    }
}

/// The character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.0.drawn();
        let (start, len) = self.clip(span.offset(), span.offset() + span.len());
        let end = start + len;
        if before == 0 {
            // Asked for the place itself, not for what is around it.
            let (line, column) = self.0.line_column(u32::try_from(start).unwrap_or(u32::MAX));
            let shown = &text[start..end];
            let place = (start, len).into();
            let path = visible(&self.0.path).into_owned();
            return Ok(Box::new(MietteSpanContents::new_named(path, shown.as_bytes(), place, line - 1, column - 1, 1)));
        }
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |i| end + i);
        let from = floor(text, line_start.max(start.saturating_sub(Self::MARGIN)));
        let to = floor(text, line_end.min(end + Self::MARGIN));
        let shown = &text[from..to];
        let (line, column) = self.0.line_column(u32::try_from(from).unwrap_or(u32::MAX));
        Ok(Box::new(MietteSpanContents::new_named(
            visible(&self.0.path).into_owned(),
            shown.as_bytes(),
            (from, to - from).into(),
            line - 1,
            column - 1,
            shown.lines().count(),
        )))
    }
}
