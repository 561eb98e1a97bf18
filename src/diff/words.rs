//! The statements of a comparison in words, as every format says them: the user's names in backticks.

use super::change::{ActionName, Beside, Change, Diff, Direction, Edit, Period, Risk, Said, Subject, What};
use super::items::Matter;
use crate::dates::date_text;
use crate::diagnostic::{Finding, summary};
use crate::text::count;

/// How many actions and accounts a sentence names.
const NAMED: usize = 6;
/// Kinds of actions, the gravest first.
const KINDS: [&str; 5] = ["become", "assign", "destroy", "write", "view"];

/// A statement as one sentence, without what it rests on: "role `clerk` gains `books.edit` (write) on entities in own unit".
#[must_use]
pub fn sentence(change: &Change) -> String {
    said(change, NAMED)
}

/// The same with every action by its name, however many there are: what an allow-list approves.
#[must_use]
pub fn whole_sentence(change: &Change) -> String {
    said(change, usize::MAX)
}

fn said(change: &Change, most: usize) -> String {
    let several = change.subject == Subject::Accounts && change.accounts != 1 || !change.also.is_empty();
    let verb = match (change.direction.is_more(), several) {
        (true, false) => "gains",
        (true, true) => "gain",
        (false, false) => "loses",
        (false, true) => "lose",
    };
    let (also, behind) = match change.direction {
        Direction::Gained => ("", ""),
        Direction::Widened => (" also", ""),
        Direction::Narrowed => ("", ", but not elsewhere"),
        Direction::Lost => ("", " altogether"),
    };
    let on = format!("{also} {}", on(change));
    let days = change.period.map_or_else(String::new, |period| format!(" {}", days(period)));
    let roles: Vec<String> = change.through.iter().map(|role| format!("`{role}`")).collect();
    let through = match roles.len() {
        0 => String::new(),
        1 => format!(", through role {}", roles[0]),
        _ => format!(", through roles {}", joined(&roles, 0)),
    };
    format!("{} {verb} {}{on}{days}{behind}{through}", who(change, most), actions(change, most))
}

/// On which targets.
fn on(change: &Change) -> &str {
    if change.region.is_empty() { "on everything" } else { &change.region }
}

/// The subject: "role `clerk`", "3 accounts (`a`, `b` and 1 more)".
fn who(change: &Change, most: usize) -> String {
    match &change.subject {
        Subject::Role(name) if change.also.is_empty() => format!("role `{name}`"),
        Subject::Role(name) => {
            let roles = std::iter::once(name).chain(&change.also);
            let shown: Vec<String> = roles.take(most).map(|role| format!("`{role}`")).collect();
            format!("roles {}", joined(&shown, 1 + change.also.len() - shown.len()))
        }
        Subject::Account(login) => format!("account `{login}`"),
        Subject::Accounts => {
            let number = count(change.accounts, "account", "accounts");
            if change.examples.is_empty() { number } else { format!("{number} ({})", examples(change, most)) }
        }
        Subject::Unnamed => "somebody without an account here".to_owned(),
    }
}

/// Some of the accounts of a statement, and how many more there are.
fn examples(change: &Change, most: usize) -> String {
    let shown: Vec<String> = change.examples.iter().take(most).map(|login| format!("`{login}`")).collect();
    let more = change.accounts.saturating_sub(shown.len());
    joined(&shown, more)
}

/// How many accounts it concerns and who they are, where the sentence does not say so itself.
#[must_use]
pub fn reach(change: &Change) -> Option<String> {
    match change.subject {
        Subject::Role(_) | Subject::Unnamed if change.accounts > 0 && change.examples.is_empty() => {
            Some(count(change.accounts, "account", "accounts"))
        }
        Subject::Role(_) | Subject::Unnamed if change.accounts > 0 => {
            Some(format!("{}: {}", count(change.accounts, "account", "accounts"), examples(change, 3)))
        }
        Subject::Role(_) => Some("no account".to_owned()),
        _ => None,
    }
}

/// The actions by their kinds, the gravest first: "`a.edit` (write) and `a.open`, `a.list` (view)".
fn actions(change: &Change, most: usize) -> String {
    let mut sorted: Vec<&ActionName> = change.actions.iter().collect();
    sorted.sort_by_key(|action| KINDS.iter().position(|kind| *kind == action.kind));
    let shown = &sorted[..sorted.len().min(most)];
    let runs = shown.chunk_by(|a, b| a.kind == b.kind).map(|run| {
        let names: Vec<String> = run.iter().map(|action| format!("`{}`", action.path)).collect();
        format!("{} ({})", names.join(", "), run[0].kind)
    });
    joined(&runs.collect::<Vec<_>>(), change.actions.len() - shown.len())
}

/// "a, b and c", or "a, b, c and 12 more".
fn joined(parts: &[String], more: usize) -> String {
    match (parts, more) {
        ([], 0) => "nothing".to_owned(),
        ([], more) => format!("{more} more"),
        (parts, more) if more > 0 => format!("{} and {more} more", parts.join(", ")),
        ([only], _) => only.clone(),
        ([before @ .., last], _) => format!("{} and {last}", before.join(", ")),
    }
}

/// A period in words: "from 2026-01-01 until 2026-12-31".
#[must_use]
pub fn days(period: Period) -> String {
    let from = period.from.map(|day| format!("from {}", date_text(day)));
    let until = period.until.map(|day| format!("until {}", date_text(day)));
    match (from, until) {
        (None, None) => "always".to_owned(),
        (Some(from), Some(until)) => format!("{from} {until}"),
        (one, other) => one.or(other).unwrap_or_default(),
    }
}

impl Direction {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Lost => "lost",
        }
    }
}

impl Risk {
    /// All of them, the gravest first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl What {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protection => "protection",
            Self::Escalation => "escalation",
            Self::Seats => "seats",
        }
    }
}

/// `file:line`, as much of it as is known.
#[must_use]
pub fn place(said: &Said) -> String {
    match (&said.path, said.line) {
        (None, _) => "compiled table".to_owned(),
        (Some(path), 0) => path.clone(),
        (Some(path), line) => format!("{path}:{line}"),
    }
}

/// A statement of an edit, with the declaration that it stands in where it does not say so itself: `admin dora: role owner`.
#[must_use]
pub fn stated(edit: &Edit, said: &Said) -> String {
    let tells = edit.spot.matter == Matter::Declared && !edit.spot.noun.is_empty();
    if tells || said.text.starts_with(&edit.within) {
        return said.text.clone();
    }
    format!("{}: {}", edit.within, said.text)
}

/// "2 critical, 1 high and 40 low", of statements about rights and beside them; none where there are none.
#[must_use]
pub fn risks(diff: &Diff) -> Option<String> {
    let all = || diff.changes.iter().map(|c| c.risk).chain(diff.beside.iter().map(|b| b.risk));
    let numbers = Risk::ALL.map(|risk| (all().filter(|r| *r == risk).count(), risk.as_str()));
    let parts: Vec<String> =
        numbers.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if parts.is_empty() { None } else { Some(joined(&parts, 0)) }
}

/// What changes in one line: the gravity of what does, or that nothing does, and how many findings there are about the change.
#[must_use]
pub fn headline(diff: &Diff) -> String {
    let findings = match diff.findings.as_slice() {
        [] => String::new(),
        some => format!("; {} about the change", summary(some)),
    };
    if let Some(why) = &diff.incomparable {
        return format!("{why}{findings}");
    }
    let transfers =
        transfers(diff).map(|(role, from, to)| format!("`{role}` is transferred from `{from}` to `{to}`; "));
    let transfers: String = transfers.collect();
    let Some(risks) = risks(diff) else {
        let idle = idle_edits(diff).map_or_else(String::new, |idle| format!(" ({idle})"));
        return format!("{transfers}no access change{idle}{findings}");
    };
    let number = count(diff.changes.len() + diff.beside.len(), "change", "changes");
    let accounts = diff.accounts;
    let touched = format!("{} of {} touched", accounts.touched, count(accounts.either, "account", "accounts"));
    if diff.changes.is_empty() {
        return format!("{transfers}no access change; {number} beside the rights: {risks}{findings}");
    }
    format!("{transfers}{number}: {risks}; {touched}{findings}")
}

/// The transfers that the change declares, where nothing is wrong with any: the role, from whom and to whom.
pub fn transfers(diff: &Diff) -> impl Iterator<Item = (&str, &str, &str)> {
    transfers_among(&diff.edits, &diff.findings).map(|(_, transfer)| transfer)
}

/// The same of edits and findings, each with its index.
pub(super) fn transfers_among<'d>(
    edits: &'d [Edit],
    findings: &[Finding],
) -> impl Iterator<Item = (usize, (&'d str, &'d str, &'d str))> {
    let wrong = findings.iter().any(|f| matches!(f.code.0, "BWT02" | "BWT03" | "BWT05"));
    let edits = edits.iter().enumerate().filter(move |(_, edit)| edit.spot.noun == "transfer" && !wrong);
    edits.filter_map(|(index, edit)| {
        let text = edit.after.as_ref()?.text.strip_prefix("transfer ")?;
        let (role, rest) = text.split_once(" from ")?;
        let (from, rest) = rest.split_once(" to ")?;
        let to = rest.split_once(" reason ").map_or(rest, |(to, _)| to);
        Some((index, (role.trim_matches('"'), from.trim_matches('"'), to.trim_matches('"'))))
    })
}

/// "3 edits change nothing"; none where every edit changes something.
#[must_use]
pub fn idle_edits(diff: &Diff) -> Option<String> {
    match idle(diff).count() {
        0 => None,
        1 => Some("1 edit changes no right".to_owned()),
        number => Some(format!("{number} edits change no right")),
    }
}

/// The edits that nothing comes from.
pub fn idle(diff: &Diff) -> impl Iterator<Item = usize> {
    // What is not compared may change anything.
    let mut used = vec![diff.incomparable.is_some(); diff.edits.len()];
    let causes = diff.changes.iter().flat_map(|c| &c.causes).chain(diff.beside.iter().flat_map(|b| &b.causes));
    for cause in causes {
        if let Some(used) = used.get_mut(*cause) {
            *used = true;
        }
    }
    used.into_iter().enumerate().filter(|(_, used)| !used).map(|(index, _)| index)
}

/// The statements about rights, the gravest first, otherwise in their order, each with its index.
#[must_use]
pub fn gravest_first(diff: &Diff) -> Vec<(usize, &Change)> {
    let mut sorted: Vec<(usize, &Change)> = diff.changes.iter().enumerate().collect();
    sorted.sort_by_key(|(_, change)| std::cmp::Reverse(change.risk));
    sorted
}

/// What changes beside the rights, likewise.
#[must_use]
pub fn gravest_beside(diff: &Diff) -> Vec<(usize, &Beside)> {
    let mut sorted: Vec<(usize, &Beside)> = diff.beside.iter().enumerate().collect();
    sorted.sort_by_key(|(_, beside)| std::cmp::Reverse(beside.risk));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        let action = |path: &str, kind| ActionName { path: path.to_owned(), kind };
        Change {
            subject: Subject::Role("clerk".to_owned()),
            also: vec![],
            direction: Direction::Widened,
            actions: vec![action("books.list", "view"), action("books.open", "view"), action("books.edit", "write")],
            region: "on users in finns".to_owned(),
            period: Some(Period { from: Some(1), until: None }),
            witness: "user { country fi }".to_owned(),
            accounts: 9,
            logins: vec![],
            examples: ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
            through: vec![],
            causes: vec![],
            risk: Risk::Low,
            reason: String::new(),
        }
    }

    #[test]
    fn a_statement_reads_as_a_sentence() {
        let role = change();
        assert_eq!(
            sentence(&role),
            "role `clerk` gains `books.edit` (write) and `books.list`, `books.open` (view) also on users in finns \
             from 1970-01-02"
        );
        assert_eq!(reach(&role).as_deref(), Some("9 accounts: `a`, `b`, `c` and 6 more"));
        let both = Change { also: vec!["boss".to_owned()], actions: vec![], period: None, ..change() };
        assert_eq!(sentence(&both), "roles `clerk` and `boss` gain nothing also on users in finns");
        let lost = Change {
            subject: Subject::Accounts,
            direction: Direction::Lost,
            region: String::new(),
            period: None,
            through: vec!["boss".to_owned()],
            ..change()
        };
        assert_eq!(
            sentence(&lost),
            "9 accounts (`a`, `b`, `c`, `d` and 5 more) lose `books.edit` (write) and `books.list`, \
             `books.open` (view) on everything altogether, through role `boss`"
        );
    }
}
