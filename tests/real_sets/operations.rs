//! Azure's operations: a closed universe, patterns that meet some of it, and sets of it in the language's words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use bailiwick::syntax::print::{path_word, word};
use serde::Deserialize;

/// What an operation works on: resources themselves, or what they hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plane {
    /// Resources.
    Control,
    /// Their data.
    Data,
}

/// An operation, in small letters.
#[derive(Deserialize)]
pub(crate) struct Operation {
    /// Its plane.
    pub(crate) plane: Plane,
    /// Its path.
    #[serde(rename = "operation")]
    pub(crate) name: String,
}

/// All operations, by their numbers.
#[derive(Default)]
pub(crate) struct Universe {
    /// The operations.
    pub(crate) operations: Vec<Operation>,
    /// The resource and the action that each is.
    names: Vec<(String, String)>,
    /// Their numbers.
    numbers: BTreeMap<(Plane, String), usize>,
    /// The operations of each resource, by kind.
    resources: BTreeMap<String, BTreeMap<&'static str, Vec<usize>>>,
    /// All operations of each kind, and all under no kind.
    kinds: BTreeMap<&'static str, Operations>,
}

/// Some operations, by their numbers.
pub(crate) type Operations = BTreeSet<usize>;

impl Plane {
    /// Its name in the data.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Data => "data",
        }
    }
}

impl Operation {
    /// The resource and the action that an operation is. An action is the last name, with the one before it where that says more
    /// (`restart/action`); one operation of the data ends in a stroke.
    fn names(&self) -> (String, String) {
        let strokes = if self.name.ends_with("/action") || self.name.ends_with('/') { 2 } else { 1 };
        let (at, _) = self.name.rmatch_indices('/').nth(strokes - 1).expect("a provider and an operation");
        let (resource, action) = (&self.name[..at], self.name[at + 1..].to_owned());
        match self.plane {
            Plane::Control => (resource.to_owned(), action),
            Plane::Data => (format!("data: {resource}"), action),
        }
    }

    /// The kind of its action.
    fn kind(&self) -> &'static str {
        match self.name.rsplit('/').next() {
            Some("read") => "view",
            Some("delete") => "destroy",
            _ => "write",
        }
    }

    /// The path of its action.
    pub(crate) fn path(&self) -> String {
        let (resource, action) = self.names();
        format!("{}.{}", word(&resource), path_word(&action))
    }
}

impl Universe {
    /// The universe of these operations.
    pub(crate) fn of(operations: Vec<Operation>) -> Self {
        let mut universe = Self { operations, ..Self::default() };
        for (number, operation) in universe.operations.iter().enumerate() {
            let (resource, action) = operation.names();
            let kinds = universe.resources.entry(resource.clone()).or_default();
            kinds.entry(operation.kind()).or_default().push(number);
            universe.names.push((resource, action));
            universe.numbers.insert((operation.plane, operation.name.clone()), number);
            for set in ["", operation.kind()] {
                universe.kinds.entry(set).or_default().insert(number);
            }
        }
        universe
    }

    /// Declares the resources.
    pub(crate) fn declare(&self, text: &mut String) {
        for (resource, kinds) in &self.resources {
            let lines = kinds.iter().map(|(kind, numbers)| {
                let actions: Vec<_> = numbers.iter().map(|n| path_word(&self.names[*n].1)).collect();
                format!("{kind} {}", actions.join(", "))
            });
            let lines: Vec<String> = lines.collect();
            writeln!(text, "resource {} on entity {{ {} }}", word(resource), lines.join("; ")).expect("text");
        }
    }

    /// The operations that an entry meets: letters are taken without case, and a `*` stands for any text.
    pub(crate) fn met(&self, plane: Plane, entry: &str) -> Operations {
        let entry = entry.to_lowercase();
        if entry.contains('*') {
            let meets = |o: &Operation| o.plane == plane && matches(&entry, &o.name);
            let all = self.operations.iter().enumerate();
            all.filter(|(_, o)| meets(o)).map(|(number, _)| number).collect()
        } else {
            self.numbers.get(&(plane, entry)).copied().into_iter().collect()
        }
    }

    /// What an entry meets as a set of actions; none where that is nothing. An operation is its action and nothing more, even where
    /// its resource has no other.
    pub(crate) fn actions(&self, plane: Plane, entry: &str) -> Option<String> {
        let met = self.met(plane, entry);
        let one = met.first().filter(|_| !entry.contains('*')).map(|number| self.operations[*number].path());
        one.or_else(|| (!met.is_empty()).then(|| self.shortest(&met)))
    }

    /// A set of operations as a set of actions: the shortest of what names them and what leaves the others out.
    fn shortest(&self, set: &Operations) -> String {
        let mut shortest = self.items(set).join(", ");
        for (kind, all) in &self.kinds {
            // The others are worth naming only where they are fewer.
            if all.len() > 2 * set.len() || !set.is_subset(all) {
                continue;
            }
            let others = self.items(&all.difference(set).copied().collect()).join(", ");
            let all_of_kind = format!("{kind} * except {others}");
            if all_of_kind.len() < shortest.len() {
                shortest = all_of_kind.trim_start().trim_end_matches(" except ").to_owned();
            }
        }
        shortest
    }

    /// A set item by item: a resource, the actions of one kind of it, or one action.
    fn items(&self, set: &Operations) -> Vec<String> {
        let mut items = vec![];
        let resources: BTreeSet<&str> = set.iter().map(|n| self.names[*n].0.as_str()).collect();
        for resource in resources {
            let kinds = &self.resources[resource];
            if kinds.values().flatten().all(|n| set.contains(n)) {
                items.push(word(resource).into_owned());
                continue;
            }
            for (kind, numbers) in kinds {
                if numbers.len() > 1 && numbers.iter().all(|n| set.contains(n)) {
                    items.push(format!("{kind} {}", word(resource)));
                } else {
                    items.extend(numbers.iter().filter(|n| set.contains(n)).map(|n| self.operations[*n].path()));
                }
            }
        }
        items
    }
}

/// Whether a text is what a pattern says, where `*` stands for any text, strokes included.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        // The first place will do: whatever follows may stand further behind.
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

#[test]
fn a_star_stands_for_any_text() {
    let meets = ["*", "a*", "*c", "a/*/c", "a*c", "*b*", "a/b/c", "a/*b*/c", "**"];
    let misses = ["a", "*b", "b*", "a/*/b/c", "a/b/c/*", "a*b", "", "a/b/c*c"];
    for (pattern, meets) in meets.iter().map(|p| (p, true)).chain(misses.iter().map(|p| (p, false))) {
        assert_eq!(matches(pattern, "a/b/c"), meets, "{pattern}");
    }
}
