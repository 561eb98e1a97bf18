//! The texts and numbers that a table's predicates compare attributes with, and from them a value for each way in which those
//! comparisons can come out.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_table::{AttributeId, Pred, Shown, Table, Test, Value};

/// The constants of each attribute.
#[derive(Debug, Default)]
pub(super) struct Texts {
    equal: BTreeMap<u32, BTreeSet<String>>,
    starts: BTreeMap<u32, BTreeSet<String>>,
    ends: BTreeMap<u32, BTreeSet<String>>,
    contains: BTreeMap<u32, BTreeSet<String>>,
    numbers: BTreeMap<u32, BTreeSet<i64>>,
    /// An attribute has more comparisons than are told apart: what the search does not find may be there.
    pub(super) capped: bool,
}

/// How many tests "contains" of one attribute are told apart.
const MOST_PARTS: usize = 12;

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
    texts.capped = texts.contains.values().any(|all| all.len() > MOST_PARTS);
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
        let add = |map: &mut BTreeMap<u32, BTreeSet<String>>, id: AttributeId, text: &str| {
            map.entry(id.0).or_default().insert(text.to_owned());
        };
        let number = |map: &mut BTreeMap<u32, BTreeSet<i64>>, id: AttributeId, n: i64| {
            map.entry(id.0).or_default().extend([n.saturating_sub(1), n, n.saturating_add(1)]);
        };
        match test {
            Test::Is(id, Value::Text(text)) => add(&mut self.equal, id, text),
            Test::StartsWith(id, text) => add(&mut self.starts, id, text),
            Test::EndsWith(id, text) => add(&mut self.ends, id, text),
            Test::Contains(id, text) => add(&mut self.contains, id, text),
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

    /// A text for each way in which the comparisons can come out.
    ///
    /// A text other than the constants themselves is a beginning, a choice of contained parts and an end, joined by a character
    /// that no constant has: it passes those tests, and others only where a piece forces them. A text in which the pieces overlap
    /// passes the same tests or more of them, and those are the tests of another choice.
    pub(super) fn of(&self, id: AttributeId) -> Vec<String> {
        let list = |map: &BTreeMap<u32, BTreeSet<String>>| -> Vec<String> {
            map.get(&id.0).map(|all| all.iter().cloned().collect()).unwrap_or_default()
        };
        let (equal, starts, ends, contains) =
            (list(&self.equal), list(&self.starts), list(&self.ends), list(&self.contains));
        let all: String = [&equal, &starts, &ends, &contains].into_iter().flatten().flat_map(|t| t.chars()).collect();
        let joint = ('a'..='z').chain('\u{4e00}'..='\u{9fff}').find(|c| !all.contains(*c)).unwrap_or('\u{e000}');
        let mut texts: BTreeSet<String> = equal.into_iter().collect();
        let choices = 1_usize << contains.len().min(MOST_PARTS);
        let none = String::new();
        for start in starts.iter().chain([&none]) {
            for end in ends.iter().chain([&none]) {
                for choice in 0..choices {
                    let parts =
                        contains.iter().enumerate().filter(|(i, _)| choice >> i & 1 == 1).map(|(_, t)| t.as_str());
                    let mut text = format!("{start}{joint}");
                    parts.for_each(|part| {
                        text.push_str(part);
                        text.push(joint);
                    });
                    text.push_str(end);
                    texts.insert(text);
                }
            }
        }
        // Texts of one piece alone: a beginning that is also the end, with nothing between.
        texts.extend(starts);
        texts.extend(ends);
        texts.extend(contains);
        texts.into_iter().collect()
    }
}
