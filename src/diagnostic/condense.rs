//! Findings that are alike: more than three that say the same of different subjects become one, and of thousands about the rows of
//! one table a hundred are enough.

use rustc_hash::FxHashMap;

use super::{Code, Edit, Finding, Fix, Severity, apart};
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

/// How many subjects are named where findings are joined.
pub const NAMED: usize = 3;

/// Joins findings that say the same of more subjects than are named; the joined one stands where the first of them stood.
#[must_use]
pub fn join_alike(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: FxHashMap<(Code, Severity, String), Vec<usize>> = FxHashMap::default();
    for (index, finding) in findings.iter().enumerate() {
        if let Some(alike) = &finding.alike {
            groups.entry((finding.code, finding.severity, alike.text.clone())).or_default().push(index);
        }
    }
    let speaks_of = |index: &usize| 1 + findings[*index].alike.as_ref().map_or(0, |a| a.more);
    let mut joined: FxHashMap<usize, Finding> = FxHashMap::default();
    let mut gone = vec![false; findings.len()];
    for ((_, _, text), members) in &groups {
        let number: usize = members.iter().map(speaks_of).sum();
        let Some((first, others)) = members.split_first().filter(|_| number > NAMED) else { continue };
        joined.insert(*first, join(&findings, members, number, text));
        others.iter().for_each(|index| gone[*index] = true);
    }
    let kept = findings.into_iter().enumerate().filter(|(index, _)| !gone[*index]);
    kept.map(|(index, finding)| joined.remove(&index).unwrap_or(finding)).collect()
}

/// One finding for all of these.
fn join(findings: &[Finding], members: &[usize], number: usize, text: &str) -> Finding {
    let named: Vec<&Finding> = members.iter().take(NAMED).map(|index| &findings[*index]).collect();
    let names = named.iter().filter_map(|f| f.alike.as_ref()).map(|a| format!("`{}`", a.subject));
    let names = names.collect::<Vec<_>>().join(", ");
    let message = format!("{number} {text}: {names} and {} more", number - named.len());
    let mut joined = Finding::new(named[0].code, named[0].severity, message);
    joined.fatal = named[0].fatal;
    joined.labels = named.iter().filter_map(|f| f.labels.first().cloned()).collect();
    joined.help.clone_from(&named[0].help);
    joined.fix = all_fixes(members.iter().map(|index| findings[*index].fix.as_deref()), number);
    joined
}

/// The fixes of all of these as one; none where one of them has none, or two of them touch.
fn all_fixes<'f>(fixes: impl Iterator<Item = Option<&'f Fix>>, number: usize) -> Option<Box<Fix>> {
    let fixes: Vec<&Fix> = fixes.collect::<Option<_>>()?;
    let (first, others) = fixes.split_first().filter(|_| fixes.len() == number)?;
    let mut edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
    let title = format!("{}, and {} more like it", first.title, others.len());
    apart(&mut edits).then(|| Box::new(Fix { title, edits, ..(*first).clone() }))
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
    fn what_is_said_of_many_is_said_once() {
        let place = |at| Span::new(SourceId(0), at, at + 1);
        let of = |name: &str, at| {
            Finding::new(Code("BW103"), Severity::Note, format!("`{name}` has no phone")).at(place(at), "here")
        };
        let alike = |name: &str, at| of(name, at).alike(name, "accounts have no phone");
        let other = Finding::new(Code("BW302"), Severity::Note, "another").at(place(2), "there");
        let few = vec![alike("a", 0), alike("b", 1), other.clone(), alike("c", 3)];
        assert_eq!(join_alike(few.clone()), few, "as many as are named");
        let mut last = alike("c", 3);
        last.alike.as_mut().expect("alike").more = 7;
        let joined = join_alike(vec![alike("a", 0), alike("b", 1), other.clone(), last]);
        assert_eq!(joined.len(), 2);
        assert_eq!(joined[0].message, "10 accounts have no phone: `a`, `b`, `c` and 7 more");
        assert_eq!(joined[0].labels.iter().map(|l| l.span.start).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(joined[1], other);
    }

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
