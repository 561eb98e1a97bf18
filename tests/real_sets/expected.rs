//! What a set is expected to come to, beside what it does come to.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::corpus;

/// Compares all numbers of a set: each must be computed or left out for a reason, and none of them twice.
pub(crate) fn agree(folder: &Path, computed: Value, left_out: &[(&str, &str)]) {
    let expected: Map<String, Value> = corpus::tree(folder, "expected.json");
    let Value::Object(computed) = computed else { panic!("the computed numbers are no map") };
    for (key, value) in &computed {
        assert_eq!(expected.get(key), Some(value), "`{key}`: expected and computed");
    }
    for key in expected.keys() {
        let reason = left_out.iter().find(|(left, _)| left == key);
        assert!(computed.contains_key(key) != reason.is_some(), "`{key}` is to be computed, or left out for a reason");
    }
    for (key, reason) in left_out {
        assert!(expected.contains_key(*key) && !reason.is_empty(), "`{key}` is left out, and not expected");
    }
    println!("{} of {} numbers reproduced", computed.len(), expected.len());
}

/// The names that a map among the numbers of a set has numbers for.
pub(crate) fn named(folder: &Path, key: &str) -> Vec<String> {
    let expected: Map<String, Value> = corpus::tree(folder, "expected.json");
    let names = expected.get(key).and_then(Value::as_object).unwrap_or_else(|| panic!("`{key}` is no map"));
    names.keys().cloned().collect()
}

/// A number for each name.
pub(crate) fn each(names: &[String], number: impl Fn(&str) -> usize) -> Map<String, Value> {
    names.iter().map(|name| (name.clone(), number(name).into())).collect()
}

/// A decision that is known to be right.
#[derive(Deserialize)]
pub(crate) struct Probe {
    /// Who asks.
    pub(crate) subject: String,
    /// For what.
    pub(crate) permission: String,
    /// `1` where it is allowed.
    expected: u8,
}

/// Asks every known decision of a set, and wants as many of either answer.
pub(crate) fn probe(folder: &Path, may: impl Fn(&Probe) -> bool) {
    let probes: Vec<Probe> = corpus::rows(folder, "probes.csv");
    for probe in &probes {
        assert_eq!(may(probe), probe.expected == 1, "{}: {}", probe.subject, probe.permission);
    }
    assert_eq!((probes.len(), probes.iter().filter(|p| p.expected == 1).count()), (1_000, 500));
}
