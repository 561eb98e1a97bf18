//! Names to ids: one namespace a noun, in the order of the names, with "did you mean" for those that are not declared.

use rustc_hash::FxHashMap;

use crate::check::{bw105, bw106};
use crate::diagnostic::Findings;
use crate::source::Span;
use crate::syntax::ast::Name;

/// The names of one noun, each with its id and the place of its declaration.
#[derive(Debug, Default)]
pub(super) struct Namespace {
    what: &'static str,
    ids: FxHashMap<String, u32>,
    names: Vec<(String, Span)>,
}

impl Namespace {
    /// Gives ids in the order of the names. A name declared twice is a finding, and its first declaration (by file and place) stands.
    pub(super) fn declare<T>(
        what: &'static str,
        mut items: Vec<(&Name, T)>,
        findings: &mut Findings,
    ) -> (Self, Vec<T>) {
        items.sort_by(|(a, _), (b, _)| a.node.cmp(&b.node).then(a.span.cmp(&b.span)));
        let mut space = Self { what, ..Self::default() };
        let mut kept = Vec::with_capacity(items.len());
        for (name, item) in items {
            match space.names.last() {
                Some((last, first)) if *last == name.node => {
                    findings.push(bw106::finding(what, &name.node, *first, name.span));
                }
                _ => {
                    space.add(&name.node, name.span);
                    kept.push(item);
                }
            }
        }
        (space, kept)
    }

    /// Adds a name behind the others.
    pub(super) fn add(&mut self, name: &str, span: Span) -> u32 {
        let id = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.ids.insert(name.to_owned(), id);
        self.names.push((name.to_owned(), span));
        id
    }

    /// The id of a name.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }

    /// The id of a name, or a finding at the place where it is used.
    pub(super) fn find(&self, name: &Name, findings: &mut Findings) -> Option<u32> {
        let id = self.get(&name.node);
        if id.is_none() {
            findings.push(bw105::undeclared(self.what, name, self.names()));
        }
        id
    }

    /// All names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(n, _)| n.as_str())
    }

    /// Where a name is declared.
    pub(super) fn span(&self, id: u32) -> Span {
        self.names[id as usize].1
    }
}
