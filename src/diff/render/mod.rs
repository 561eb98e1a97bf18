//! A comparison in the formats that people and programs read.

pub mod escape;
pub mod findings;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
pub mod markdown;
mod page;

use super::change::Diff;
use super::gate::Verdict;

/// What is rendered.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What the old side is called.
    pub old: &'a str,
    /// What the new side is called.
    pub new: &'a str,
    /// The comparison.
    pub diff: &'a Diff,
    /// What gates and the allow-list say of it.
    pub verdict: &'a Verdict,
}

impl View<'_> {
    /// What comes of the gates, in one sentence; none where everything is let through and nothing is expected.
    #[must_use]
    pub fn judgement(&self) -> Option<String> {
        let verdict = self.verdict;
        let gates: Vec<&str> = verdict.gates.iter().map(|gate| gate.as_str()).collect();
        let mut parts = vec![];
        match verdict.stopped() {
            0 => {}
            1 => parts.push(format!("1 change is not expected (--fail-on {})", gates.join(","))),
            number => parts.push(format!("{number} changes are not expected (--fail-on {})", gates.join(","))),
        }
        match verdict.expected() {
            0 => {}
            1 => parts.push("1 change is expected by the allow-list".to_owned()),
            number => parts.push(format!("{number} changes are expected by the allow-list")),
        }
        match verdict.stale.len() {
            0 => {}
            1 => parts.push("1 entry of the allow-list is met by no change".to_owned()),
            number => parts.push(format!("{number} entries of the allow-list are met by no change")),
        }
        if parts.is_empty() { None } else { Some(parts.join("; ")) }
    }
}
