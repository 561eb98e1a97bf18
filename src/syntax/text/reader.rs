//! The reader: turns the grammar's nodes into the tree, keeping places and collecting findings.

use pest::Parser as _;
use rustc_hash::FxHashMap;

use super::explain;
use super::grammar::{Grammar, Node, Parts, Rule};
use crate::check::{bw002, bw006};
use crate::diagnostic::{Finding, Findings};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::places::Places;

/// Where a text that is read stands in its source.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The source.
    pub source: SourceId,
    /// The byte of the source at which the text's first byte stands; below zero when words were put before it.
    pub shift: i64,
    /// The place to give for everything, where bytes of the text and of the source do not run side by side.
    pub whole: Option<Span>,
    /// The places of the text's bytes, where these are known one by one.
    pub places: Option<&'a Places>,
}

impl<'a> Origin<'a> {
    /// The text is the source itself, from byte `at` on.
    #[must_use]
    pub fn at(source: SourceId, at: usize) -> Self {
        Self { source, shift: i64::try_from(at).unwrap_or(i64::MAX), whole: None, places: None }
    }

    /// The text has bytes at these places.
    #[must_use]
    pub const fn in_places(source: SourceId, places: &'a Places) -> Self {
        Self { source, shift: 0, whole: None, places: Some(places) }
    }

    /// The place of the text's bytes `start..end`.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let place = |n: usize| {
            let moved = i64::try_from(n).unwrap_or(i64::MAX).saturating_add(self.shift);
            usize::try_from(moved.max(0)).unwrap_or(usize::MAX)
        };
        match (self.whole, self.places) {
            (Some(whole), _) => whole,
            (None, Some(places)) => places.span(place(start), place(end)),
            (None, None) => Span::new(self.source, place(start), place(end)),
        }
    }
}

/// Reads the nodes of one parsed text.
pub(super) struct Reader<'f> {
    pub(super) origin: Origin<'f>,
    pub(super) findings: &'f mut Findings,
    /// Whether something could not be read.
    pub(super) broken: bool,
}

impl<'f> Reader<'f> {
    /// A reader of text that stands at `origin`.
    pub(super) fn new(origin: Origin<'f>, findings: &'f mut Findings) -> Self {
        Self { origin, findings, broken: false }
    }

    /// The place of a node.
    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        self.origin.span(span.start(), span.end())
    }

    /// The place of a statement: one that ends in a raw value may have matched blanks behind it.
    fn statement(&self, node: &Node<'_>) -> Span {
        let start = node.as_span().start();
        self.origin.span(start, start + node.as_str().trim_end().len())
    }

    /// Keeps a finding about something that cannot be read.
    pub(super) fn report(&mut self, finding: Finding) {
        self.broken = true;
        self.findings.push(finding);
    }

    /// Parses `text` by a rule for one thing; what does not fit is explained.
    pub(super) fn parse_one<'i>(&mut self, rule: Rule, text: &'i str) -> Option<Node<'i>> {
        match Grammar::parse(rule, text) {
            Ok(mut nodes) => nodes.next(),
            Err(error) => {
                let finding = explain::explain(self.origin, text, rule, &error);
                self.report(finding);
                None
            }
        }
    }

    /// Reads the statements of a block; one that cannot be read is explained by the rule for a single one.
    pub(super) fn block<T>(
        &mut self,
        body: Node<'_>,
        one: Rule,
        read: impl Fn(&mut Self, Node<'_>) -> Option<T>,
    ) -> Vec<Spanned<T>> {
        let mut items = Vec::new();
        let mut open = None;
        for part in Parts::of(body) {
            let span = self.statement(&part);
            match part.as_rule() {
                Rule::brace => open = Some(span),
                Rule::close => {}
                Rule::unclosed => self.report(bw002::brace(open.unwrap_or(span), span)),
                Rule::junk => self.junk(&part, one),
                _ => items.extend(read(self, part).map(|item| Spanned::new(item, span))),
            }
        }
        items
    }

    /// Explains a statement that no rule of its block fits.
    fn junk(&mut self, junk: &Node<'_>, one: Rule) {
        let outer = self.origin;
        let start = i64::try_from(junk.as_span().start()).unwrap_or(i64::MAX);
        self.origin.shift = outer.shift.saturating_add(start);
        let text = junk.as_str().trim_end();
        let finding = match Grammar::parse(one, text) {
            Ok(_) => explain::unreadable(self.origin, text),
            Err(error) => explain::explain(self.origin, text, one, &error),
        };
        self.report(finding);
        self.origin = outer;
    }

    /// Reports each key that was met before, with both places.
    pub(super) fn only_once<'a>(&mut self, keys: impl Iterator<Item = (&'a str, Span)> + Clone) {
        const FEW: usize = 16;
        if keys.clone().nth(1).is_none() {
            return;
        }
        if keys.clone().nth(FEW).is_none() {
            for (i, (key, span)) in keys.clone().enumerate() {
                if let Some((_, first)) = keys.clone().take(i).find(|(known, _)| *known == key) {
                    self.report(bw006::twice(key, first, span));
                }
            }
            return;
        }
        let mut seen = FxHashMap::default();
        for (key, span) in keys {
            let first = *seen.entry(key).or_insert(span);
            if first != span {
                self.report(bw006::twice(key, first, span));
            }
        }
    }
}
