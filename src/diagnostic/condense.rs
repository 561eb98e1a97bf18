//! Findings that are alike: of thousands about the rows of one table a hundred are enough.

use rustc_hash::FxHashMap;

use super::{Code, Finding, Severity};
use crate::source::{SourceId, SourceKind, SourceMap, Span};

/// How many findings of one code are shown at one place.
const MOST_SHOWN: usize = 100;

/// Where findings are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Where {
    /// In a table of people.
    Table(SourceId),
    /// At the same line, about different accounts.
    Place(Span),
}

/// Keeps a hundred of the findings that have one code and stand in one table, or at one place; one more says how many others there are.
#[must_use]
pub fn condense(findings: Vec<Finding>, sources: &SourceMap) -> Vec<Finding> {
    if findings.len() <= MOST_SHOWN {
        return findings;
    }
    let key = |finding: &Finding| {
        let span = finding.span()?;
        let table = sources.get(span.source).kind == SourceKind::People;
        Some((finding.code, finding.severity, if table { Where::Table(span.source) } else { Where::Place(span) }))
    };
    let mut all: FxHashMap<(Code, Severity, Where), usize> = FxHashMap::default();
    for key in findings.iter().filter_map(key) {
        *all.entry(key).or_default() += 1;
    }
    let mut met: FxHashMap<(Code, Severity, Where), usize> = FxHashMap::default();
    let mut kept = Vec::with_capacity(findings.len().min(MOST_SHOWN * all.len()));
    for finding in findings {
        let Some(key) = key(&finding) else {
            kept.push(finding);
            continue;
        };
        let (all, met) = (all.get(&key).copied().unwrap_or(0), met.entry(key).or_default());
        *met += 1;
        match (*met).checked_sub(MOST_SHOWN) {
            None | Some(0) => kept.push(finding),
            Some(1) if all > MOST_SHOWN + 1 => kept.push(others(&finding, key.2, all - MOST_SHOWN)),
            Some(1) => kept.push(finding),
            Some(_) => {}
        }
    }
    kept
}

/// Stands for this finding and all that come behind it.
fn others(first: &Finding, place: Where, number: usize) -> Finding {
    let place = match place {
        Where::Table(_) => "in this table of people",
        Where::Place(_) => "at this place",
    };
    let text = format!("{number} more findings of code {} {place}", first.code);
    let mut finding = Finding::new(first.code, first.severity, text);
    finding.fatal = first.fatal;
    let finding = match first.span() {
        Some(span) => finding.at(span, "the next one"),
        None => finding,
    };
    finding.help("mend those above first: mostly they are alike")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_hundred_of_a_kind_are_enough() {
        let sources =
            SourceMap::new(vec![Source::people("a.csv", "x".repeat(1_000)), Source::new("b.bw", "y".repeat(1_000))]);
        let made = |source: u32, at: usize, code| {
            Finding::new(Code(code), Severity::Warning, "alike").at(Span::new(SourceId(source), at, at + 1), "")
        };
        let many: Vec<Finding> = (0..250).map(|at| made(0, at, "BW108")).collect();
        let kept = condense(many.clone(), &sources);
        assert_eq!(kept.len(), 101);
        assert_eq!(kept[100].message, "150 more findings of code BW108 in this table of people");
        assert_eq!(kept[100].span().map(|s| s.start), Some(100));
        let apart: Vec<Finding> = (0..250).map(|at| made(1, at, "BW108")).collect();
        assert_eq!(condense(apart, &sources).len(), 250, "each at its own line of a policy");
        let same: Vec<Finding> = (0..250).map(|_| made(1, 5, "BW406")).collect();
        assert_eq!(condense(same, &sources).len(), 101, "about one line of a policy");
        assert_eq!(condense(many[..101].to_vec(), &sources).len(), 101, "the last one is as short as a number");
    }
}
