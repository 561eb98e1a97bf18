//! The policy's own tests.

use std::collections::BTreeMap;

use bailiwick_table::{ActionId, RoleId, Table};

use super::Asker;
use super::facts::{Owned, OwnedTarget, account_of, actor_login};
use crate::Compiled;
use crate::lower::Switches;
use crate::model::{Model, Test, TestActor, TestLine, TestTarget};
use crate::source::{SourceMap, Span};

/// What came of all tests.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many tests there are.
    pub tests: usize,
    /// How many lines they have.
    pub lines: usize,
    /// The lines that fail.
    pub failures: Vec<Failure>,
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
}

/// Runs every test of a policy; those without a day of their own are asked about `today`.
#[must_use]
pub fn run_tests(compiled: &Compiled, today: i32) -> Report {
    let mut tables: BTreeMap<Switches, Result<Table<Vec<u8>>, String>> = BTreeMap::new();
    let mut report = Report::default();
    for test in &compiled.model.tests {
        report.tests += 1;
        report.lines += test.lines.len();
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
