//! Findings about accounts, of whom there may be a million: beyond the first three they are only counted.
//!
//! Blocks are told one by one where each may have an `ignore` or a fix of its own; an `ignore` before a table speaks of all its rows.
//! What remains is joined by [`join_alike`](crate::diagnostic::join_alike) when severities are settled.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Finding, Findings, NAMED};
use crate::model::{Account, Model};
use crate::source::{SourceId, Span};

/// Findings that say the same of several accounts; those of one key are alike.
#[derive(Debug)]
pub struct Crowd<'m, K> {
    model: &'m Model,
    /// By table and key: how many accounts there were, and the last finding that was made.
    tables: FxHashMap<(SourceId, K), (usize, usize)>,
    told: Vec<Finding>,
    /// Of the blocks that may be counted, by source and key: how many there were, and the findings of those that stand first.
    blocks: FxHashMap<(SourceId, K), (usize, Vec<Finding>)>,
    /// Where blocks stand that are told one by one; none where all of them are.
    apart: Option<Vec<Span>>,
}

impl<'m, K: Eq + Hash> Crowd<'m, K> {
    /// Nobody yet.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self { model, tables: FxHashMap::default(), told: vec![], blocks: FxHashMap::default(), apart: None }
    }

    /// The same for findings of this code, none of which has a fix: then a block needs one of its own only where an `ignore` is near.
    #[must_use]
    pub fn without_fixes(model: &'m Model, code: Code) -> Self {
        let ignored = model.lints.ignores.iter().filter(|(ignored, _)| ignored.node == code.0);
        Self { apart: Some(ignored.map(|(_, span)| *span).collect()), ..Self::new(model) }
    }

    /// Says it of this account. The finding must be [`alike`](Finding::alike) for all accounts of the key.
    pub fn tell(&mut self, account: &Account, key: K, finding: impl FnOnce() -> Finding) {
        let source = account.span.source;
        if self.model.tables.binary_search(&source).is_err() {
            return self.block(account, key, finding);
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

    fn block(&mut self, account: &Account, key: K, finding: impl FnOnce() -> Finding) {
        let place = account.span;
        let is_around = |span: &Span| span.source == place.source && span.start <= place.start && place.end <= span.end;
        if self.apart.as_ref().is_none_or(|apart| apart.iter().any(is_around)) {
            self.told.push(finding());
            return;
        }
        let (number, first) = self.blocks.entry((place.source, key)).or_default();
        *number += 1;
        if first.len() < NAMED {
            first.push(finding());
        } else if let Some(last) = first.iter_mut().max_by_key(|finding| finding.span())
            && last.span() > Some(place)
        {
            *last = finding();
        }
    }

    /// Hands the findings over.
    pub fn finish(self, findings: &mut Findings) {
        for (number, mut first) in self.blocks.into_values() {
            let more = number - first.len();
            if let Some(alike) = first.last_mut().and_then(|last| last.alike.as_mut()) {
                alike.more += more;
            }
            first.into_iter().for_each(|finding| findings.push(finding));
        }
        self.told.into_iter().for_each(|finding| findings.push(finding));
    }
}

#[cfg(test)]
mod tests {
    use crate::source::SourceMap;
    use crate::{Options, compile};

    const POLICY: &str = "platform p { super none }
resource books on entity { view list }
role clerk { allow books.list }
admin z { role clerk }
admin y { role clerk }
ignore BW103 \"asks at the desk\"
admin d { role clerk }
admin c { role clerk }
admin b { role clerk }
admin a { role clerk }
";

    #[test]
    fn blocks_are_counted_and_those_that_stand_first_are_named() {
        let found = |policy: &str| {
            let outcome = compile(&SourceMap::single("p.bw", policy), &Options::default());
            let told = |code: &str| {
                let of = outcome.findings.iter().filter(|finding| finding.code.0 == code);
                of.map(|finding| finding.message.clone()).collect::<Vec<_>>()
            };
            (told("BW103"), told("BW111"))
        };
        let text = "administrators have neither an e-mail address nor a phone to recover a password";
        assert_eq!(found(POLICY), (vec![format!("5 {text}: `z`, `y`, `c` and 2 more")], vec![]));
        let three = POLICY.replace("admin c { role clerk }\nadmin b { role clerk }\n", "");
        assert_eq!(found(&three).0.len(), 3, "each for itself");
    }
}
