//! The texts and numbers that a table's predicates compare attributes with, and from them a value for each way in which those
//! comparisons can come out.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_table::{AttributeId, Pred, Shown, Table, Test, Value};

use crate::region::texts::{Constants, MOST_PARTS};

/// The constants of each attribute.
#[derive(Debug, Default)]
pub(super) struct Texts {
    texts: BTreeMap<u32, Constants>,
    numbers: BTreeMap<u32, BTreeSet<i64>>,
    /// An attribute has more comparisons than are told apart: what the search does not find may be there.
    pub(super) capped: bool,
}

/// Collects the constants of all predicates that a question can meet.
pub(super) fn texts<D: AsRef<[u8]>>(table: &Table<D>) -> Texts {
    let mut texts = Texts::default();
    for role in table.roles() {
        for right in table.role_rights(role) {
            texts.collect(&right.entities);
            texts.collect(&right.users);
        }
    }
    for account in table.accounts() {
        for right in table.rights(account) {
            texts.collect(&right.entities);
            texts.collect(&right.users);
        }
    }
    for forbid in table.prohibitions() {
        texts.collect(&forbid.entities);
        texts.collect(&forbid.users);
        texts.collect(&forbid.actors);
        texts.collect(&forbid.unless);
    }
    texts.capped = texts.texts.values().any(|all| all.contains.len() > MOST_PARTS);
    texts
}

impl Texts {
    fn collect(&mut self, pred: &Pred<'_>) {
        match pred.shown() {
            Shown::All | Shown::Nothing => {}
            Shown::Not(inner) => self.collect(&inner),
            Shown::And(children) | Shown::Or(children) => children.for_each(|child| self.collect(&child)),
            Shown::Test(_, test) => self.test(test),
        }
    }

    fn test(&mut self, test: Test<'_>) {
        let number = |map: &mut BTreeMap<u32, BTreeSet<i64>>, id: AttributeId, n: i64| {
            map.entry(id.0).or_default().extend([n.saturating_sub(1), n, n.saturating_add(1)]);
        };
        match test {
            Test::Is(id, Value::Text(text)) => drop(self.constants(id).equal.insert(text.to_owned())),
            Test::StartsWith(id, text) => drop(self.constants(id).starts.insert(text.to_owned())),
            Test::EndsWith(id, text) => drop(self.constants(id).ends.insert(text.to_owned())),
            Test::Contains(id, text) => drop(self.constants(id).contains.insert(text.to_owned())),
            Test::Is(id, Value::Number(n)) | Test::AtLeast(id, n) | Test::AtMost(id, n) => {
                number(&mut self.numbers, id, n);
            }
            _ => {}
        }
    }

    /// Numbers at, just below and just above each constant; one where there is none.
    pub(super) fn numbers(&self, id: AttributeId) -> Vec<i64> {
        self.numbers.get(&id.0).map_or_else(|| vec![0], |all| all.iter().copied().collect())
    }

    fn constants(&mut self, id: AttributeId) -> &mut Constants {
        self.texts.entry(id.0).or_default()
    }

    /// A text for each way in which the comparisons can come out.
    pub(super) fn of(&self, id: AttributeId) -> Vec<String> {
        self.texts.get(&id.0).cloned().unwrap_or_default().texts(|_| false)
    }
}
