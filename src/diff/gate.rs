//! Gates: which changes a pull request may not bring unseen, apart from those that an allow-list expects.

use rustc_hash::FxHashSet;

use super::allow::{AllowList, Entry};
use super::change::{Beside, Change, Diff, Risk, What};
use crate::diagnostic::Severity;

/// Something that fails a comparison. An error among the findings always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Anybody gains anything, or more of it.
    Widened,
    /// A new way to more rights by a chain of steps (BWT11).
    Escalation,
    /// A gain, or a change beside the rights, of high or critical risk.
    Privileged,
    /// Any change of what anybody may do, and any beside it.
    Any,
    /// Nothing but errors.
    Error,
}

impl Gate {
    /// Its word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Escalation => "escalation",
            Self::Privileged => "privileged",
            Self::Any => "any",
            Self::Error => "error",
        }
    }

    /// Whether a statement is what it is about.
    #[must_use]
    pub fn stops(self, change: &Change) -> bool {
        match self {
            Self::Widened => change.direction.is_more(),
            Self::Privileged => change.direction.is_more() && change.risk >= Risk::High,
            Self::Any => true,
            Self::Escalation | Self::Error => false,
        }
    }

    /// Whether a change beside the rights is what it is about.
    #[must_use]
    pub fn stops_beside(self, beside: &Beside) -> bool {
        match self {
            Self::Escalation => beside.what == What::Escalation,
            Self::Privileged => beside.risk >= Risk::High,
            Self::Any => true,
            Self::Widened | Self::Error => false,
        }
    }
}

impl Gate {
    /// Whether a finding is what it is about; only those are asked for that an allow-list may have.
    #[must_use]
    pub const fn stops_finding(self) -> bool {
        matches!(self, Self::Escalation | Self::Any)
    }
}

/// What is said of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// By which it is known again.
    pub entry: Entry,
    /// The allow-list has it.
    pub expected: bool,
    /// A gate is about it, and the allow-list does not have it.
    pub stopped: bool,
}

/// What gates and an allow-list say of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The gates.
    pub gates: Vec<Gate>,
    /// Of each of [`Diff::changes`].
    pub changes: Vec<Judged>,
    /// Of each of [`Diff::beside`].
    pub beside: Vec<Judged>,
    /// Of each of [`Diff::findings`]; none of those that no gate is about.
    pub findings: Vec<Option<Judged>>,
    /// Entries of the allow-list that no change has.
    pub stale: Vec<Entry>,
    /// How many findings are errors.
    pub errors: usize,
}

impl Verdict {
    /// Judges a comparison.
    #[must_use]
    pub fn of(diff: &Diff, gates: &[Gate], allowed: &AllowList) -> Self {
        let known: FxHashSet<&Entry> = allowed.entries().collect();
        let judged = |entry: Entry, gated: bool| {
            let expected = known.contains(&entry);
            Judged { entry, expected, stopped: gated && !expected }
        };
        let changes = diff.changes.iter().map(|c| judged(Entry::of(c), gates.iter().any(|gate| gate.stops(c))));
        let beside =
            diff.beside.iter().map(|b| judged(Entry::of_beside(b), gates.iter().any(|gate| gate.stops_beside(b))));
        let gated = gates.iter().any(|gate| gate.stops_finding());
        let finding = |finding| Entry::of_finding(finding).map(|entry| judged(entry, gated));
        let (changes, beside): (Vec<_>, Vec<_>) = (changes.collect(), beside.collect());
        let findings: Vec<Option<Judged>> = diff.findings.iter().map(finding).collect();
        let all = changes.iter().chain(&beside).chain(findings.iter().flatten());
        let met: FxHashSet<&Entry> = all.map(|judged| &judged.entry).collect();
        // Where nothing was compared, nothing is out of date.
        let stale = |entry: &&Entry| diff.incomparable.is_none() && !met.contains(entry);
        let stale = allowed.entries().filter(stale).cloned().collect();
        let errors = diff.findings.iter().filter(|f| f.severity == Severity::Error).count();
        Self { gates: gates.to_vec(), changes, beside, findings, stale, errors }
    }

    fn all(&self) -> impl Iterator<Item = &Judged> {
        self.changes.iter().chain(&self.beside).chain(self.findings.iter().flatten())
    }

    /// How many changes a gate stops.
    #[must_use]
    pub fn stopped(&self) -> usize {
        self.all().filter(|judged| judged.stopped).count()
    }

    /// How many changes the allow-list has.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.all().filter(|judged| judged.expected).count()
    }

    /// Whether a gate stops a change, or a finding is an error.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.errors > 0 || self.stopped() > 0
    }
}
