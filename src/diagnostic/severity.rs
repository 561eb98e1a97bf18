//! The one place where severities change: what the policy and the command line say about codes, `ignore` lines, `--strict`.

use super::{Finding, Findings, Severity};
use crate::check::bw111;
use crate::model::{LintLevel, Lints};

/// The settings of one run.
#[derive(Debug, Clone, Default)]
pub struct Severities {
    /// What the command line says, after what the policy says: (code, level).
    pub levels: Vec<(String, LintLevel)>,
    /// Every warning is an error.
    pub strict: bool,
}

impl Severities {
    /// Applies the settings of the policy, then these, to all findings.
    #[must_use]
    pub fn apply(&self, findings: Findings, lints: &Lints) -> Findings {
        let mut used = vec![false; lints.ignores.len()];
        let mut kept: Findings = findings.into_iter().filter_map(|f| self.settle(f, lints, &mut used)).collect();
        // Where something fatal was found, not every check has looked: then nobody knows what a line would have silenced.
        let whole = !kept.any_fatal();
        let unused = lints.ignores.iter().zip(used).filter(|(_, used)| !used);
        for ((code, silenced), _) in unused {
            let fatal =
                kept.iter().any(|f| f.fatal && f.code.0 == code.node && f.span().is_some_and(|s| within(s, *silenced)));
            let finding = match (fatal, whole) {
                (true, _) => bw111::cannot_silence(&code.node, code.span),
                (false, true) => bw111::silences_nothing(&code.node, code.span),
                (false, false) => continue,
            };
            if let Some(finding) = self.settle(finding, lints, &mut []) {
                kept.push(finding);
            }
        }
        kept
    }

    /// Whether nothing is said under a code, whatever is found: nobody has to look for it.
    #[must_use]
    pub fn is_off(&self, code: &str, lints: &Lints) -> bool {
        let ignored = lints.ignores.iter().any(|(ignored, _)| ignored.node == code);
        let policy = lints.levels.iter().map(|(code, level)| (code.node.as_str(), *level));
        let run = self.levels.iter().map(|(code, level)| (code.as_str(), *level));
        let last = policy.chain(run).rfind(|(c, _)| *c == code);
        !ignored && matches!(last, Some((_, LintLevel::Off)))
    }

    fn settle(&self, mut finding: Finding, lints: &Lints, used: &mut [bool]) -> Option<Finding> {
        if finding.fatal {
            return Some(finding);
        }
        let mut silenced = false;
        for ((code, span), used) in lints.ignores.iter().zip(used) {
            if code.node == finding.code.0 && finding.span().is_some_and(|s| within(s, *span)) {
                *used = true;
                silenced = true;
            }
        }
        if silenced {
            return None;
        }
        let policy = lints.levels.iter().map(|(code, level)| (code.node.as_str(), *level));
        let run = self.levels.iter().map(|(code, level)| (code.as_str(), *level));
        for (_, level) in policy.chain(run).filter(|(code, _)| *code == finding.code.0) {
            match level {
                LintLevel::Off => return None,
                LintLevel::At(severity) => finding.severity = severity,
            }
        }
        if self.strict && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        Some(finding)
    }
}

fn within(inner: crate::source::Span, outer: crate::source::Span) -> bool {
    inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
}
