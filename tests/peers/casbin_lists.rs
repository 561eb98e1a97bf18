//! Casbin's lists: what its management calls return is read from the table's rows and answers. A policy with a cycle is refused.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::source::SourceMap;
use bailiwick_table::{AccountId, Login, Path, Table, Way};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::asking::{Translated, compile, compile_clean};
use crate::casbin::{Column, Rows, Shape, Source, Written, ask, translate};
use crate::corpora;
use crate::tally::{Means, Tally};

/// A list case.
#[derive(Deserialize)]
struct Case {
    arg: Value,
    domain: Option<String>,
    expected: Value,
    policy: String,
    query: String,
    test: String,
}

/// What a list is made from.
struct Listing<'a> {
    source: &'a Source<'a>,
    written: Written,
    translated: Translated,
}

impl Listing<'_> {
    /// What the query returns, sorted.
    fn answer(&self, case: &Case) -> Result<Value, String> {
        let name = || case.arg.as_str().ok_or("a name is wanted");
        match case.query.as_str() {
            "direct_permissions" => self.permissions(name()?, None, true),
            "implicit_permissions" => self.permissions(name()?, case.domain.as_deref(), false),
            "implicit_roles" => self.roles(name()?),
            "users_for_permission" => self.users(&case.arg),
            other => Err(format!("the query {other}")),
        }
    }

    fn account(&self, table: &Table<&[u8]>, name: &str) -> Result<AccountId, String> {
        Login::ascii(name).and_then(|l| table.account(l)).ok_or_else(|| format!("no account {name}"))
    }

    /// The `p` lines behind the rows of an account: each row of the table knows the line that it comes from.
    fn permissions(&self, name: &str, domain: Option<&str>, direct: bool) -> Result<Value, String> {
        let table = self.translated.table()?;
        let account = self.account(&table, name)?;
        let places = self.translated.compiled.sidecar(&self.translated.sources).grants;
        let line_of = |path: Path| places.get(table.grant(path.grant).index())?.split(':').nth(1)?.parse().ok();
        let mut found = BTreeSet::new();
        for right in table.rights(account).filter(|right| !direct || !is_by_role(&table, account, right.path.way)) {
            let line: usize = line_of(right.path).ok_or("a row without a place")?;
            let rule = *self.written.rules.get(&line).ok_or("a row that no `p` line says")?;
            let row = self.source.rules[rule];
            if domain.is_none_or(|domain| row[1] == domain) {
                // The subject's own way to it must be open too.
                let request: Vec<String> = [name].into_iter().map(str::to_owned).chain(row[1..].to_vec()).collect();
                if ask(self.source, &self.translated, &request)?.0 {
                    found.insert(row.to_vec());
                }
            }
        }
        Ok(json!(found))
    }

    /// The roles that an account was given, and those that they extend.
    fn roles(&self, name: &str) -> Result<Value, String> {
        let model = self.translated.compiled.model();
        let account = model.accounts.iter().find(|a| a.login == name).ok_or("no such account")?;
        let mut found = BTreeSet::new();
        let mut todo: Vec<_> = account.assignments.iter().map(|a| a.role).collect();
        while let Some(role) = todo.pop() {
            let role = &model.roles[role.index()];
            if found.insert(role.name.as_str()) {
                todo.extend(role.extends.iter().map(|e| e.role));
            }
        }
        Ok(json!(found))
    }

    /// The accounts that may.
    fn users(&self, permission: &Value) -> Result<Value, String> {
        let permission: Vec<String> = serde_json::from_value(permission.clone()).map_err(|e| e.to_string())?;
        let table = self.translated.table()?;
        let mut found = vec![];
        for account in table.accounts().filter_map(|a| table.account_of(a)) {
            let request: Vec<String> =
                [account.login().to_owned()].into_iter().chain(permission.iter().cloned()).collect();
            if ask(self.source, &self.translated, &request)?.0 {
                found.push(account.login().to_owned());
            }
        }
        Ok(json!(found))
    }
}

fn is_by_role(table: &Table<&[u8]>, account: AccountId, way: Way) -> bool {
    table.way_text(Some(account), way).is_some_and(|text| text.to_string().starts_with("role "))
}

/// What a policy with a cycle must be told: the code, and the words at each place.
const CYCLE: (&str, &[&str]) = ("BW301", &["super_admin", "alice", "data2_admin"]);

/// Loads a policy: "rejected: cycle detected", when that is what a located finding says.
fn load(text: &str) -> Result<Value, String> {
    let Err(findings) = compile(text) else { return Ok(json!("loaded")) };
    let [finding] = findings.as_slice() else { return Err(format!("{} findings", findings.len())) };
    let sources = SourceMap::single("policy.bw", text);
    let places: BTreeSet<&str> = finding.labels.iter().map(|l| sources.text(l.span).trim_matches('"')).collect();
    let told = (finding.code.0, places) == (CYCLE.0, CYCLE.1.iter().copied().collect());
    if told { Ok(json!("rejected: cycle detected")) } else { Err(format!("{finding:?}")) }
}

fn answer(case: &Case, files: &BTreeMap<String, Rows>) -> Result<Value, String> {
    let rows = files.get(&case.policy).ok_or("no such policy file")?;
    let domains = rows.iter().any(|row| row[0] == "p" && row.len() == 5);
    let shape = Shape::of(if domains { "rbac+domains" } else { "rbac" })?;
    assert_eq!(shape.columns.contains(&Column::Domain), domains);
    let source = Source::new(&shape, rows);
    let written = translate(&source, &BTreeSet::new())?;
    if case.query == "load" {
        return load(&written.text);
    }
    let translated = compile_clean(&written.text)?;
    Listing { source: &source, written, translated }.answer(case)
}

#[test]
fn casbin_lists_so() -> Result<(), String> {
    let Some(folder) = corpora::folder("casbin") else { return Ok(()) };
    let cases: Vec<Case> = corpora::read(&folder, "list_cases.json")?;
    let files: BTreeMap<String, Rows> = corpora::read(&folder, "policies.json")?;
    let mut tally = Tally::default();
    for case in &cases {
        let id = format!("{} {} {} {}", case.test, case.query, case.arg, case.policy);
        tally.count(&id, &case.expected, answer(case, &files).map(|found| (found, Means::default())));
    }
    tally.hold(12, 0, 0, &[]);
    Ok(())
}
