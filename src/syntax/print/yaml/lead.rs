//! What stands beside a declaration: documentation, `ignore`, and the comments of the text form.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::syntax::ast::Decl;
use crate::syntax::format::yaml::tree::{Entry, Remark, Value};

/// Comments on their way from one form to the other, by the byte where the thing begins that they belong to.
#[derive(Debug, Default)]
pub(in crate::syntax) struct Carried {
    /// The comments before a thing, and behind it in its line.
    pub(in crate::syntax) by_start: BTreeMap<usize, (Vec<String>, Option<String>)>,
    /// The comments at the end of the file.
    pub(in crate::syntax) last: Vec<String>,
}

impl Carried {
    /// Gives a statement its comments.
    pub(super) fn stated(&mut self, entry: Entry, span: Span) -> Entry {
        let Some((before, tail)) = self.by_start.remove(&span.range().start) else { return entry };
        let before = before.into_iter().map(Remark::alone).collect();
        Entry { before, tail, ..entry }
    }

    /// Gives a declaration its comments, and those inside it that no statement took.
    pub(super) fn declared(&mut self, entry: Entry, decl: &Decl) -> Entry {
        let range = decl.span.range();
        let (mut before, tail) = self.by_start.remove(&range.start).unwrap_or_default();
        let inside: Vec<usize> = self.by_start.range(range).map(|(start, _)| *start).collect();
        for start in inside {
            let (more, behind) = self.by_start.remove(&start).unwrap_or_default();
            before.extend(more.into_iter().chain(behind));
        }
        let before = before.into_iter().map(Remark::alone).collect();
        Entry { before, tail, ..entry }
    }

    /// What is left.
    pub(super) fn end(&mut self) -> Vec<Remark> {
        let left = std::mem::take(&mut self.by_start).into_values();
        let left = left.flat_map(|(before, tail)| before.into_iter().chain(tail));
        left.chain(std::mem::take(&mut self.last)).map(Remark::alone).collect()
    }
}

/// `doc` and `ignore`.
pub(super) fn lead(decl: &Decl) -> Vec<Entry> {
    let mut lead = Vec::new();
    if let Some(doc) = &decl.doc {
        lead.push(Entry::word("doc", Value::prose(doc)));
    }
    if !decl.ignores.is_empty() {
        let ignore = |it: &crate::syntax::ast::Ignore| Entry::named(&it.code.node, Value::said(&*it.reason.node));
        lead.push(Entry::word("ignore", Value::short_map(decl.ignores.iter().map(ignore).collect())));
    }
    lead
}

/// A value as it is, or, where more is to be said, as a map with the value under `key`.
pub(super) fn alone_or_under(key: &str, value: Value, decl: &Decl) -> Value {
    let lead = lead(decl);
    if lead.is_empty() {
        return value;
    }
    Value::map(std::iter::once(Entry::word(key, value)).chain(lead).collect())
}
