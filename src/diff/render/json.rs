//! A comparison for programs: one JSON object, as `grammar/diff.schema.json` describes it.

use serde::Serialize;

use super::View;
use crate::dates::date_text;
use crate::diagnostic::json::{Item, items};
use crate::diff::change::{Accounts, ActionName, Beside, Change, Declared, Edit, Risk, Subject};
use crate::diff::gate::Judged;
use crate::diff::words;
use crate::source::SourceMap;

/// The whole of it.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The version of this shape.
    version: u32,
    /// What the old side is called.
    old: &'a str,
    /// What the new side is called.
    new: &'a str,
    /// Why rights could not be compared.
    incomparable: Option<&'a str>,
    summary: Summary,
    gate: GateItem<'a>,
    changes: Vec<ChangeItem<'a>>,
    beside: Vec<BesideItem<'a>>,
    declared: &'a [Declared],
    edits: Vec<EditItem<'a>>,
    findings: Vec<Item<'a>>,
}

/// Numbers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    gained: usize,
    lost: usize,
    idle_edits: usize,
    accounts: Accounts,
}

/// What comes of the gates.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct GateItem<'a> {
    fail_on: Vec<&'static str>,
    fails: bool,
    stopped: usize,
    expected: usize,
    errors: usize,
    /// Entries of the allow-list that no change meets.
    stale: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Mark<'a> {
    fingerprint: &'a str,
    expected: bool,
    stopped: bool,
}

#[derive(Debug, Serialize)]
struct ChangeItem<'a> {
    #[serde(flatten)]
    mark: Option<Mark<'a>>,
    statement: String,
    subject: &'a Subject,
    also: &'a [String],
    direction: &'static str,
    actions: &'a [ActionName],
    region: &'a str,
    from: Option<String>,
    until: Option<String>,
    witness: &'a str,
    accounts: usize,
    examples: &'a [String],
    through: &'a [String],
    causes: &'a [usize],
    risk: Risk,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct BesideItem<'a> {
    #[serde(flatten)]
    mark: Option<Mark<'a>>,
    #[serde(flatten)]
    beside: &'a Beside,
}

#[derive(Debug, Serialize)]
struct EditItem<'a> {
    /// Whether nothing comes of it.
    idle: bool,
    #[serde(flatten)]
    edit: &'a Edit,
}

/// The report. `sources` are those that the findings' places lie in.
#[must_use]
pub fn report<'a>(view: &View<'a>, sources: &'a SourceMap) -> Report<'a> {
    let (diff, verdict) = (view.diff, view.verdict);
    let idle: Vec<usize> = words::idle(diff).collect();
    let edit = |(index, edit)| EditItem { idle: idle.binary_search(&index).is_ok(), edit };
    let beside = |(index, beside)| BesideItem { mark: verdict.beside.get(index).map(mark), beside };
    Report {
        version: 1,
        old: view.old,
        new: view.new,
        incomparable: diff.incomparable.as_deref(),
        summary: summary(view, idle.len()),
        gate: GateItem {
            fail_on: verdict.gates.iter().map(|gate| gate.as_str()).collect(),
            fails: verdict.fails(),
            stopped: verdict.stopped(),
            expected: verdict.expected(),
            errors: verdict.errors,
            stale: verdict.stale.iter().map(|entry| entry.statement.as_str()).collect(),
        },
        changes: diff.changes.iter().enumerate().map(|(i, c)| change(c, verdict.changes.get(i))).collect(),
        beside: diff.beside.iter().enumerate().map(beside).collect(),
        declared: &diff.declared,
        edits: diff.edits.iter().enumerate().map(edit).collect(),
        findings: items(&diff.findings, sources),
    }
}

fn summary(view: &View<'_>, idle_edits: usize) -> Summary {
    let diff = view.diff;
    let of = |risk| {
        let all = diff.changes.iter().map(|c| c.risk).chain(diff.beside.iter().map(|b| b.risk));
        all.filter(|r| *r == risk).count()
    };
    let more = diff.changes.iter().filter(|c| c.direction.is_more()).count();
    Summary {
        critical: of(Risk::Critical),
        high: of(Risk::High),
        medium: of(Risk::Medium),
        low: of(Risk::Low),
        gained: more,
        lost: diff.changes.len() - more,
        idle_edits,
        accounts: diff.accounts,
    }
}

fn mark(judged: &Judged) -> Mark<'_> {
    Mark { fingerprint: &judged.entry.fingerprint, expected: judged.expected, stopped: judged.stopped }
}

fn change<'a>(change: &'a Change, judged: Option<&'a Judged>) -> ChangeItem<'a> {
    ChangeItem {
        mark: judged.map(mark),
        statement: words::whole_sentence(change),
        subject: &change.subject,
        also: &change.also,
        direction: change.direction.as_str(),
        actions: &change.actions,
        region: &change.region,
        from: change.period.and_then(|period| period.from).map(date_text),
        until: change.period.and_then(|period| period.until).map(date_text),
        witness: &change.witness,
        accounts: change.accounts,
        examples: &change.examples,
        through: &change.through,
        causes: &change.causes,
        risk: change.risk,
        reason: &change.reason,
    }
}
