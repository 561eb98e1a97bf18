//! Findings about accounts, of whom there may be a million in one table: beyond the first three of a table they are only counted.
//!
//! Blocks are told one by one, since each may have an `ignore` of its own; an `ignore` before a table speaks of all its rows. What
//! remains of both is joined by [`join_alike`](crate::diagnostic::join_alike) when severities are settled.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Finding, Findings, NAMED};
use crate::model::{Account, Model};
use crate::source::SourceId;

/// Findings that say the same of several accounts; those of one key are alike.
#[derive(Debug)]
pub struct Crowd<'m, K> {
    model: &'m Model,
    /// By table and key: how many accounts there were, and the last finding that was made.
    tables: FxHashMap<(SourceId, K), (usize, usize)>,
    told: Vec<Finding>,
}

impl<'m, K: Eq + Hash> Crowd<'m, K> {
    /// Nobody yet.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self { model, tables: FxHashMap::default(), told: vec![] }
    }

    /// Says it of this account. The finding must be [`alike`](Finding::alike) for all accounts of the key.
    pub fn tell(&mut self, account: &Account, key: K, finding: impl FnOnce() -> Finding) {
        let source = account.span.source;
        if self.model.tables.binary_search(&source).is_err() {
            self.told.push(finding());
            return;
        }
        let (number, last) = self.tables.entry((source, key)).or_insert((0, 0));
        *number += 1;
        if *number <= NAMED {
            *last = self.told.len();
            self.told.push(finding());
        } else if let Some(alike) = &mut self.told[*last].alike {
            alike.more += 1;
        }
    }

    /// Hands the findings over.
    pub fn finish(self, findings: &mut Findings) {
        self.told.into_iter().for_each(|finding| findings.push(finding));
    }
}
