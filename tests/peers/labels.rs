//! A peer's groups of things as labels: nested where a group is in one other, told one by one where it is in several.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::quoted;

/// The groups that things may be in.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    /// What each thing is directly in.
    parents: BTreeMap<String, Vec<String>>,
    /// The things that are labels: everything that something is in, and whatever a policy asks for.
    nodes: BTreeSet<String>,
}

impl Labels {
    /// The labels of a hierarchy; `asked` are things that must be labels even with nothing in them.
    pub(crate) fn new(parents: BTreeMap<String, Vec<String>>, asked: impl IntoIterator<Item = String>) -> Self {
        let nodes = parents.values().flatten().cloned().chain(asked).collect();
        Self { parents, nodes }
    }

    /// Whether a thing is a label.
    pub(crate) fn has(&self, thing: &str) -> bool {
        self.nodes.contains(thing)
    }

    fn parents(&self, thing: &str) -> &[String] {
        self.parents.get(thing).map_or(&[], Vec::as_slice)
    }

    /// The label that a label stands below: the one group that it is in.
    fn above(&self, label: &str) -> Option<&String> {
        if let [one] = self.parents(label) { Some(one) } else { None }
    }

    /// The declarations, a tree a line.
    pub(crate) fn declarations(&self) -> String {
        let roots = self.nodes.iter().filter(|n| self.above(n).is_none());
        roots.map(|root| format!("label {}\n", self.tree(root))).collect()
    }

    fn tree(&self, label: &str) -> String {
        let below: Vec<_> = self.nodes.iter().filter(|n| self.above(n).is_some_and(|a| a == label)).collect();
        let below: Vec<_> = below.into_iter().map(|n| self.tree(n)).collect();
        if below.is_empty() { quoted(label) } else { format!("{} {{ {} }}", quoted(label), below.join(", ")) }
    }

    /// The labels that a thing is told to bear, and whether any of them had to be told because a group is in several.
    ///
    /// A label bears itself, as everything is in itself. What stands above a told label in its tree need not be told.
    pub(crate) fn borne(&self, thing: &str) -> (Vec<String>, bool) {
        let (mut told, mut flattened) = (BTreeSet::new(), false);
        let mut todo: Vec<&str> = if self.has(thing) { vec![thing] } else { vec![] };
        todo.extend(self.parents(thing).iter().map(String::as_str));
        while let Some(label) = todo.pop() {
            if told.insert(label.to_owned()) && self.parents(label).len() > 1 {
                flattened |= label != thing;
                todo.extend(self.parents(label).iter().map(String::as_str));
            }
        }
        (told.into_iter().collect(), flattened)
    }
}

#[test]
fn a_group_in_several_is_told_with_what_it_is_in() {
    let edges = [("x", vec!["a"]), ("a", vec!["b"]), ("y", vec!["c"]), ("c", vec!["a", "d"])];
    let owned =
        |(thing, groups): (&str, Vec<&str>)| (thing.to_owned(), groups.into_iter().map(str::to_owned).collect());
    let labels = Labels::new(edges.into_iter().map(owned).collect(), ["z".to_owned()]);
    assert_eq!(labels.declarations(), "label \"b\" { \"a\" }\nlabel \"c\"\nlabel \"d\"\nlabel \"z\"\n");
    let told = |thing: &str| {
        let (told, flattened) = labels.borne(thing);
        (told.join(" "), flattened)
    };
    assert_eq!(told("x"), ("a".to_owned(), false));
    assert_eq!(told("y"), ("a c d".to_owned(), true));
    assert_eq!(told("z"), ("z".to_owned(), false));
    assert_eq!(told("nothing"), (String::new(), false));
}
