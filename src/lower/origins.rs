//! Where rules come from: equal statements of one holder are one origin, wherever they stand.

use rustc_hash::FxHashMap;

use super::rights::{Origin, OriginId, Statement, StatementId};
use crate::model::id::AccountId;
use crate::source::Span;

/// The origins met so far.
#[derive(Debug, Default)]
pub(super) struct Origins {
    pub(super) list: Vec<Origin>,
    pub(super) statements: Vec<Box<str>>,
    ids: FxHashMap<String, OriginId>,
}

impl Origins {
    /// The origin of a statement; of two places with the same text the earlier stands.
    pub(super) fn add(&mut self, text: String, span: Span) -> OriginId {
        if let Some(id) = self.ids.get(&text).copied() {
            return self.also_at(id, span);
        }
        let statement = StatementId(u32::try_from(self.statements.len()).unwrap_or(u32::MAX));
        self.statements.push(text.as_str().into());
        let id = self.push(Statement::Said(statement), span);
        self.ids.insert(text, id);
        id
    }

    /// The text of a statement.
    pub(super) fn said(&self, id: OriginId) -> &str {
        self.list[id.0 as usize].said(&self.statements)
    }

    /// The origin of an account's assignment, whose text nobody else has: with millions of them it is neither kept nor looked up.
    pub(super) fn add_own(&mut self, account: AccountId, index: u32, span: Span) -> OriginId {
        self.push(Statement::Own(account, index), span)
    }

    fn push(&mut self, statement: Statement, span: Span) -> OriginId {
        let id = OriginId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Origin { statement, span });
        id
    }

    /// The same statement at another place; the earlier stands.
    pub(super) fn also_at(&mut self, id: OriginId, span: Span) -> OriginId {
        let known = &mut self.list[id.0 as usize];
        known.span = known.span.min(span);
        id
    }
}
