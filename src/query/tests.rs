//! The policy's own tests.

use std::collections::BTreeMap;

use bailiwick_table::{ActionId, RoleId, Table};

use super::Asker;
use super::facts::{Owned, OwnedTarget, account_of, actor_login};
use crate::Compiled;
use crate::lower::Switches;
use crate::model::{Model, Test, TestActor, TestLine, TestTarget};
use crate::source::{SourceMap, Span};
use crate::text::{count, visible};

/// What came of all tests.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many tests there are.
    pub tests: usize,
    /// How many lines they have.
    pub lines: usize,
    /// The tests, in the order of the policy.
    pub ran: Vec<Ran>,
    /// The lines that fail, test by test.
    pub failures: Vec<Failure>,
}

/// A test that was run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its title.
    pub name: String,
    /// Where its title is.
    pub span: Span,
    /// How many lines it has.
    pub lines: usize,
    /// How many of them fail.
    pub failed: usize,
}

impl Report {
    /// Every test with its lines that fail.
    pub fn tests_with_failures(&self) -> impl Iterator<Item = (&Ran, impl Iterator<Item = &Failure>)> {
        let mut failures = self.failures.iter();
        self.ran.iter().map(move |test| (test, failures.by_ref().take(test.failed).collect::<Vec<_>>().into_iter()))
    }

    /// "3 tests, 8 lines: 7 passed, 1 failed".
    #[must_use]
    pub fn summary(&self) -> String {
        let (tests, lines) = (count(self.tests, "test", "tests"), count(self.lines, "line", "lines"));
        let failed = self.failures.len();
        format!("{tests}, {lines}: {} passed, {failed} failed", self.lines - failed)
    }
}

/// A line that fails: what was decided, and by what.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The title of the test.
    pub test: String,
    /// The line.
    pub span: Span,
    /// What was expected, and what was decided by which row.
    pub message: String,
}

impl Failure {
    /// The failure with its place.
    #[must_use]
    pub fn text(&self, sources: &SourceMap) -> String {
        format!(
            "{}: test \"{}\"\n    {}\n    {}",
            sources.locate(self.span),
            self.test,
            sources.text(self.span),
            self.message
        )
    }

    /// The same with nothing hidden in its lines.
    #[must_use]
    pub fn visible_text(&self, sources: &SourceMap) -> String {
        let place = sources.locate(self.span).to_string();
        let line = sources.text(self.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let (place, test, line) = (visible(&place), visible(&self.test), visible(&line));
        format!("{place}: test \"{test}\"\n    {line}\n    {}", visible(&self.message))
    }
}

/// Runs every test of a policy; those without a day of their own are asked about `today`.
#[must_use]
pub fn run_tests(compiled: &Compiled, today: i32) -> Report {
    let mut tables: BTreeMap<Switches, Result<Table<Vec<u8>>, String>> = BTreeMap::new();
    let mut report = Report::default();
    for test in &compiled.model.tests {
        report.tests += 1;
        report.lines += test.lines.len();
        let before = report.failures.len();
        let switches = Switches::as_written(&compiled.model).with(&test.with);
        let table = tables.entry(switches.clone()).or_insert_with(|| table(compiled, &switches));
        for line in &test.lines {
            let message = match table {
                Ok(table) => fails(&compiled.model, table, test, line, today),
                Err(why) => Some(why.clone()),
            };
            let failure = |message| Failure { test: test.name.clone(), span: line.span, message };
            report.failures.extend(message.map(failure));
        }
        let (name, lines, failed) = (test.name.clone(), test.lines.len(), report.failures.len() - before);
        report.ran.push(Ran { name, span: test.span, lines, failed });
    }
    report
}

/// The table with these features.
fn table(compiled: &Compiled, switches: &Switches) -> Result<Table<Vec<u8>>, String> {
    let bytes = if *switches == Switches::as_written(&compiled.model) {
        compiled.table().to_vec()
    } else {
        let rights = crate::lower::lower(&compiled.model, switches);
        crate::emit::table(&compiled.model, &rights, 0).map_err(|limit| limit.to_string())?
    };
    Table::from_bytes(bytes).map_err(|error| error.to_string())
}

/// Why a line fails, if it does.
fn fails(model: &Model, table: &Table<Vec<u8>>, test: &Test, line: &TestLine, today: i32) -> Option<String> {
    if line.actions.members.is_clear() && !line.ungrantable {
        return Some("the line names no action, so it asks nothing".to_owned());
    }
    let Some(asker) = asker(model, table, &line.actor) else {
        return Some("the table does not name this account".to_owned());
    };
    let target = owned_target(&line.target);
    let day = test.at.unwrap_or(today);
    line.actions.iter().find_map(|action| {
        let decision = target.with(|target| asker.decide(table, ActionId(action.0), target, day));
        let expected = if line.can { "can" } else { "cannot" };
        (decision.allowed != line.can).then(|| {
            let path = &model.actions[action.index()].path;
            format!("expected {expected} `{path}`, but it was {}", table.explain(decision))
        })
    })
}

/// The actor of a line.
fn asker(model: &Model, table: &Table<Vec<u8>>, actor: &TestActor) -> Option<Asker> {
    match actor {
        TestActor::Account(id) => account_of(table, &model.accounts[id.index()].login).map(Asker::Account),
        TestActor::Claims { roles, facts } => Some(Asker::Claims {
            login: actor_login(facts),
            roles: roles.iter().map(|r| RoleId(r.0)).collect(),
            facts: Box::new(Owned::closed(facts)),
        }),
    }
}

/// The target of a line.
pub(super) fn owned_target(target: &TestTarget) -> OwnedTarget {
    OwnedTarget {
        entity: target.entity.as_ref().map(Owned::closed),
        user: target.user.as_ref().map(Owned::closed),
        account: target.account.as_ref().map(Owned::closed),
    }
}
