//! What a line may carry behind its actions or roles, in any order, each at most once.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Gate, Name, Period, Scope, SubjectSet};

/// Everything that may be carried; the grammar says what which line may have.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) on: Option<Scope>,
    pub(super) when: Vec<Gate>,
    pub(super) period: Period,
    pub(super) subjects: Option<SubjectSet>,
    pub(super) unless: Option<SubjectSet>,
    pub(super) reason: Option<Spanned<String>>,
    seen: Vec<(&'static str, Span)>,
}

impl Reader<'_> {
    /// Reads all that the pieces still to come carry; none when one of them cannot be read.
    pub(super) fn extras(&mut self, parts: Parts<'_>) -> Option<Extras> {
        let mut extras = Extras::default();
        for part in parts {
            self.extra(part, &mut extras)?;
        }
        self.only_once(extras.seen.iter().copied());
        Some(extras)
    }

    fn extra(&mut self, part: Node<'_>, extras: &mut Extras) -> Option<()> {
        let span = self.span(&part);
        let word = match part.as_rule() {
            Rule::on_scope => {
                extras.on = Some(self.scope_in(part)?);
                "on"
            }
            Rule::gates => {
                extras.when = self.gates(part);
                "when"
            }
            Rule::from => {
                extras.period.from = Some(self.day_in(part)?);
                "from"
            }
            Rule::until => {
                extras.period.until = Some(self.day_in(part)?);
                "until"
            }
            Rule::for_whom => {
                extras.subjects = Some(self.subjects_in(part)?);
                "for"
            }
            Rule::unless => {
                extras.unless = Some(self.subjects_in(part)?);
                "unless"
            }
            Rule::reason => {
                extras.reason = self.text_in(part);
                "reason"
            }
            _ => return Some(()),
        };
        extras.seen.push((word, span));
        Some(())
    }

    /// `when resell and actor in top`.
    pub(super) fn gates(&mut self, node: Node<'_>) -> Vec<Gate> {
        Parts::of(node).filter(|part| part.as_rule() == Rule::gate).filter_map(|part| self.gate(part)).collect()
    }

    fn gate(&mut self, node: Node<'_>) -> Option<Gate> {
        let part = Parts::of(node).find(|part| matches!(part.as_rule(), Rule::path | Rule::name))?;
        Some(match part.as_rule() {
            Rule::path => Gate::ActorIn(self.path(&part)),
            _ => Gate::Feature(self.name(&part)),
        })
    }

    fn subjects_in(&mut self, node: Node<'_>) -> Option<SubjectSet> {
        let subjects = Parts::of(node).next_of(Rule::subjects)?;
        self.subjects(subjects)
    }

    /// The quoted text in a node: `reason "audit 2026"`.
    pub(super) fn text_in(&mut self, node: Node<'_>) -> Option<Spanned<String>> {
        let text = Parts::of(node).next_of(Rule::text)?;
        Some(self.text(&text))
    }

    /// The names in the next piece that lists some.
    pub(super) fn next_names(&mut self, parts: &mut Parts<'_>) -> Option<Vec<Name>> {
        let names = parts.next_of(Rule::names)?;
        Some(self.names(names))
    }
}
