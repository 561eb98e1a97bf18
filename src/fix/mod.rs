//! Quick fixes: what a finding would have its reader write, as edits; and applying them where the rights stay as they are.
//!
//! A check says what is to be done ([`crate::diagnostic::Mend`]). [`settle`] finds the bytes that this means in the form the source is
//! written in, or drops the fix where no edit is sure. [`apply`] tries edits on a copy: a fix is *safe* when the policy compiles
//! before and after, and [`same`] shows that both give the same rights; of the others [`change`] shows what they change.

pub mod apply;
pub mod change;
mod extent;
mod joint;
pub mod same;
mod vocabulary;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Edit, Finding, Mend};
use crate::source::{Source, SourceId, SourceKind, SourceMap, Span};
use crate::syntax::print::{path_word, quoted, word};
use crate::syntax::text::{Crowd, admin_apart};
use crate::syntax::yaml::Statements;
use crate::syntax::{ast, is_yaml};
use extent::Extent;

/// Finds the edits of all fixes, in these files and in the plain admins that were set apart; a fix without a sure one is dropped.
pub fn settle(findings: &mut [Finding], (files, crowds): (&[ast::File], &[Crowd]), sources: &SourceMap) {
    let mut settling = Settling { files, crowds, sources, read: FxHashMap::default() };
    for finding in findings {
        let Some(fix) = &mut finding.fix else { continue };
        match settling.edit(&fix.mend) {
            Some(edit) => fix.edits = vec![edit],
            None => finding.fix = None,
        }
    }
}

/// What edits are found from.
struct Settling<'s> {
    files: &'s [ast::File],
    /// The admins that have no tree.
    crowds: &'s [Crowd],
    sources: &'s SourceMap,
    /// The YAML files that were read for it.
    read: FxHashMap<SourceId, Statements<'s>>,
}

impl<'s> Settling<'s> {
    fn edit(&mut self, mend: &Mend) -> Option<Edit> {
        let span = mend.span();
        let source: &'s Source = self.sources.get(span.source);
        // What stands in a table of people may be somebody else's to mend, and cells have quotes of their own.
        if source.kind == SourceKind::People || source.text.get(span.range()).is_none() {
            return None;
        }
        let range = match mend {
            Mend::Name(span, name) => return Some(Edit { span: *span, text: renamed(source, *span, name)? }),
            Mend::Words(span, text) => {
                let bare = !source.text[span.range()].contains(['"', '\'', '\\']);
                return bare.then(|| Edit { span: *span, text: text.clone() });
            }
            Mend::Item(span) => extent::item(&source.text, span.range())?,
            Mend::Statement(span) => self.statement(*span, source)?,
            Mend::Fence(span) => match self.apart(*span, source) {
                Some(admin) => extent::fence_in(&admin, *span, &source.text)?,
                None => extent::fence(self.files, *span, &source.text)?,
            },
            Mend::Flag(span) if is_yaml(&source.path) => self.statement(*span, source)?,
            Mend::Flag(span) => extent::flag(&source.text, span.range()),
        };
        Some(Edit { span: Span::new(span.source, range.start, range.end), text: String::new() })
    }

    /// The admin around a place, if it was set apart.
    fn apart(&self, place: Span, source: &Source) -> Option<ast::Decl> {
        let span = self.crowds.iter().find_map(|crowd| crowd.around(place))?;
        let admin = admin_apart(source.text.get(span.range())?, span)?;
        Some(ast::Decl { doc: None, ignores: vec![], kind: ast::DeclKind::Admin(Box::new(admin)), span })
    }

    /// The bytes that go with a statement.
    fn statement(&mut self, place: Span, source: &'s Source) -> Option<Range<usize>> {
        let text = &source.text;
        let extent = match self.apart(place, source) {
            Some(admin) => extent::in_declaration(&admin, place)?,
            None => extent::statement(self.files, place)?,
        };
        if let Extent::Item(span) = extent {
            return extent::item(text, span.range());
        }
        let (Extent::Statement { span, .. } | Extent::Node { name: span, .. } | Extent::Item(span)) = extent;
        if is_yaml(&source.path) {
            // The name of a statement may be the key of all of it.
            let read = self.read.entry(place.source).or_insert_with(|| Statements::of(text));
            return read.removal(span.range()).or_else(|| read.removal(place.range()));
        }
        match extent {
            Extent::Statement { span, documented } => extent::in_text(text, span.range(), documented),
            Extent::Node { leaf, name } => extent::item(text, name.range()).filter(|_| leaf),
            Extent::Item(_) => None,
        }
    }
}

/// How a name is written at a place: bare where it may be, in quotes of the text form where the old one stands in such.
fn renamed(source: &Source, span: Span, name: &str) -> Option<String> {
    let old = &source.text[span.range()];
    let after_dot = source.text[..span.range().start].ends_with('.');
    let bare = if after_dot { path_word(name) } else { word(name) };
    if is_yaml(&source.path) {
        // A quote may be YAML's or the policy's; only what needs none is sure.
        return (bare == name && !old.contains(['"', '\'', '\\'])).then(|| name.to_owned());
    }
    Some(if old.starts_with('"') { quoted(name) } else { bare.into_owned() })
}
