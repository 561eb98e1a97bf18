//! Allow-lists: files of changes that are expected, so that a gate lets them through until they differ.
//!
//! A line is a fingerprint, a blank and the statement; `#` begins a comment. Both the fingerprint and the statement must be those of
//! the change: so a list says nothing that it does not allow, and nobody can edit the one without the other.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use super::change::{Beside, Change, Diff, Subject};
use super::words;
use crate::check::bwt11;
use crate::diagnostic::{Finding, Severity};
use crate::text::visible;

/// What stands at the beginning of a new list.
const HEADER: &str = "\
# Changes that are expected: `bailiwick diff` lets them through its gates until they differ.
# A line is a fingerprint and the statement it stands for; both must be those of the change.
";

/// A change as an allow-list names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// 32 hexadecimal digits, of who, which way, which actions, on what and when.
    pub fingerprint: String,
    /// The whole statement, on one line.
    pub statement: String,
}

impl Entry {
    /// The entry of a statement about rights. Of several accounts it counts who they are; of a role it does not.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        let mut traits = vec![change.direction.as_str().to_owned(), change.region.clone()];
        match &change.subject {
            Subject::Role(name) => {
                traits.extend(["role".to_owned(), name.clone()]);
                traits.extend(change.also.iter().map(|role| format!("and {role}")));
            }
            Subject::Account(login) => traits.extend(["account".to_owned(), login.clone()]),
            Subject::Unnamed => traits.push("unnamed".to_owned()),
            Subject::Accounts => {
                traits.extend(["accounts".to_owned(), change.accounts.to_string()]);
                traits.extend(change.logins.iter().cloned());
            }
        }
        traits.push(change.period.map_or_else(String::new, |period| format!("{:?} {:?}", period.from, period.until)));
        traits.extend(change.actions.iter().flat_map(|action| [action.path.clone(), action.kind.to_owned()]));
        Self::new(&traits, &words::whole_sentence(change))
    }

    /// The entry of a change beside the rights.
    #[must_use]
    pub fn of_beside(beside: &Beside) -> Self {
        let what = beside.what.as_str();
        Self::new(&[what.to_owned(), beside.text.clone()], &format!("{what}: {}", beside.text))
    }

    /// The entry of a finding that a gate is about: that of a new way to more rights, unless it is an error already. Other findings are
    /// settled by their severities alone.
    #[must_use]
    pub fn of_finding(finding: &Finding) -> Option<Self> {
        let code = finding.code;
        let traits = [code.0.to_owned(), finding.message.clone()];
        (code == bwt11::CODE && finding.severity < Severity::Error)
            .then(|| Self::new(&traits, &format!("{code}: {}", finding.message)))
    }

    /// The entries of all that a comparison found.
    fn all(diff: &Diff) -> impl Iterator<Item = Self> + '_ {
        let beside = diff.beside.iter().map(Self::of_beside);
        diff.changes.iter().map(Self::of).chain(beside).chain(diff.findings.iter().filter_map(Self::of_finding))
    }

    fn new(traits: &[String], statement: &str) -> Self {
        // The length of each part before it: no two lists of parts are the same text.
        let text: String = traits.iter().map(|part| format!("{}:{part}", part.len())).collect();
        let statement = visible(statement).split_whitespace().collect::<Vec<_>>().join(" ");
        Self { fingerprint: format!("{:032x}", xxh3_128(text.as_bytes())), statement }
    }

    /// The entry on a line.
    ///
    /// # Errors
    /// When the line does not begin with a fingerprint: what is wrong with it.
    fn read(line: &str) -> Result<Self, String> {
        let (fingerprint, statement) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if fingerprint.len() != 32 || !fingerprint.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err("it does not begin with a fingerprint of 32 hexadecimal digits".to_owned());
        }
        if statement.trim().is_empty() {
            return Err("the statement is missing behind the fingerprint".to_owned());
        }
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { fingerprint: fingerprint.to_owned(), statement })
    }

    fn line(&self) -> String {
        format!("{} {}", self.fingerprint, self.statement)
    }
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    /// A comment, or nothing.
    Comment(String),
    Entry(Entry),
}

/// A list of expected changes.
#[derive(Debug, Clone, Default)]
pub struct AllowList {
    lines: Vec<Line>,
}

/// A line that is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl AllowList {
    /// Reads a list.
    ///
    /// # Errors
    /// The first line that is neither a comment nor an entry.
    pub fn read(text: &str) -> Result<Self, BadLine> {
        let line = |(index, line): (usize, &str)| {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                return Ok(Line::Comment(line.to_owned()));
            }
            Entry::read(line).map(Line::Entry).map_err(|why| BadLine { line: index + 1, why })
        };
        Ok(Self { lines: text.lines().enumerate().map(line).collect::<Result<_, _>>()? })
    }

    /// Its entries, in the order of the lines.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(|line| match line {
            Line::Entry(entry) => Some(entry),
            Line::Comment(_) => None,
        })
    }

    /// The text of the list with all changes of a comparison: comments and entries that are still met stay where they are, new ones
    /// come behind them, and what no change has is left out.
    #[must_use]
    pub fn with(&self, diff: &Diff) -> String {
        let now: FxHashSet<Entry> = Entry::all(diff).collect();
        let mut out = if self.lines.is_empty() { HEADER.to_owned() } else { String::new() };
        for line in &self.lines {
            match line {
                Line::Comment(text) => out += &format!("{text}\n"),
                Line::Entry(entry) if now.contains(entry) => out += &format!("{}\n", entry.line()),
                Line::Entry(_) => {}
            }
        }
        let old: FxHashSet<&Entry> = self.entries().collect();
        let mut new: Vec<&Entry> = now.iter().filter(|entry| !old.contains(entry)).collect();
        new.sort_by(|a, b| a.statement.cmp(&b.statement).then_with(|| a.cmp(b)));
        new.iter().for_each(|entry| out += &format!("{}\n", entry.line()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::change::{Risk, What};
    use super::super::gate::{Gate, Verdict};
    use super::*;

    fn diff(texts: &[&str]) -> Diff {
        let beside =
            |text: &&str| Beside { what: What::Protection, text: (*text).to_owned(), risk: Risk::High, causes: vec![] };
        Diff { beside: texts.iter().map(beside).collect(), ..Diff::default() }
    }

    #[test]
    fn a_list_comes_back_as_it_was_written() {
        let first = AllowList::default().with(&diff(&["b\nis  gone", "a is gone"]));
        assert!(first.starts_with(HEADER), "{first}");
        let list = AllowList::read(&first).expect("what it writes");
        let statements: Vec<&str> = list.entries().map(|e| e.statement.as_str()).collect();
        assert_eq!(statements, ["protection: a is gone", "protection: b\\nis gone"]);
        assert_eq!(list.with(&diff(&["a is gone", "b\nis  gone"])), first, "nothing new");
        let commented = first.replace("# A line", "# as decided in March\n# A line");
        let next = AllowList::read(&commented).expect("a comment more").with(&diff(&["a is gone", "c is gone"]));
        assert!(next.contains("# as decided in March\n") && next.ends_with("protection: c is gone\n"), "{next}");
        assert!(!next.contains("b\\nis gone"), "{next}");
    }

    #[test]
    fn neither_part_is_enough() {
        let entry = Entry::of_beside(&diff(&["a is gone"]).beside[0]);
        let other = Entry { statement: "protection: nothing of note".to_owned(), ..entry.clone() };
        let list = AllowList::read(&other.line()).expect("a list");
        assert!(list.entries().eq([&other]) && other != entry);
        let verdict = |list| Verdict::of(&diff(&["a is gone"]), &[Gate::Any], &list);
        assert_eq!((verdict(list).stopped(), verdict(AllowList::default()).stopped()), (1, 1));
        let other = Entry { fingerprint: "0".repeat(32), ..entry.clone() };
        let verdict_of_other = verdict(AllowList::read(&other.line()).expect("a list"));
        assert_eq!((verdict_of_other.stopped(), verdict_of_other.stale), (1, vec![other]));
        let right = verdict(AllowList::read(&entry.line()).expect("a list"));
        assert_eq!((right.stopped(), right.expected(), right.stale), (0, 1, vec![]));
    }

    #[test]
    fn a_line_that_is_no_entry_is_told() {
        let bad = AllowList::read("# x\n\nabc role").expect_err("no fingerprint");
        assert_eq!(bad.line, 3);
        let bad = AllowList::read(&"0".repeat(32)).expect_err("no statement");
        assert_eq!(bad.why, "the statement is missing behind the fingerprint");
    }
}
