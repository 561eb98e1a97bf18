//! The dialog platform's policy compiles to the table of roles that its source states: 74 pairs of role and action, and no others.
//!
//! The facts below are the source's, cell by cell. What the policy gives is read from the compiled table, by the reader that
//! runtimes use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bailiwick::check::CHECKS;
use bailiwick::dates::today;
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Compiled, Options, Outcome, compile};
use bailiwick_table::{AccountId, Fact, Login, Party, Signature, Table, Target};

/// Roles and what they may do.
type Roles = BTreeMap<String, BTreeSet<String>>;

/// The source's table.
const TABLE: [(&str, &str); 11] = [
    (
        "ACCESSOR",
        "clients.list logs.view logs.tag channels.view user_flow.view projects.list project_stats.view \
         project_overview.view",
    ),
    (
        "ANALYST",
        "clients.list logs.view channels.view user_flow.view projects.list project_stats.view tags.view personal.view \
         personal.edit",
    ),
    (
        "CONTENT_MANAGER",
        "clients.list logs.view content.view content.edit channels.view channels.create deployment.stats deployment.run \
         news.view news.create news.edit settings.view user_flow.view projects.list project_stats.view \
         project_overview.view personal.view personal.edit",
    ),
    ("DIALER_ADMIN", "number_lists.create number_lists.view number_lists.edit broadcasts.create broadcasts.view"),
    ("DIALER_USER", "number_lists.view broadcasts.view"),
    ("DIALER_VERIFIED", "broadcasts.start broadcasts.suspend broadcasts.finish"),
    ("INITIAL", ""),
    (
        "OPERATOR",
        "clients.list clients.block clients.unblock projects.list project_stats.view project_overview.view \
         personal.view personal.edit",
    ),
    ("RAWLOGS_ANALYTIC", "rawlogs.download"),
    ("TECH_SUPPORT", "projects.list project_stats.view project_overview.view personal.view personal.edit"),
    (
        "USER",
        "users.list roles.list dialogs.view logs.view content.view channels.view deployment.view news.view settings.view \
         user_flow.view projects.list project_stats.view tags.view personal.view personal.edit",
    ),
];

fn stated() -> Roles {
    let actions = |list: &str| list.split_whitespace().map(str::to_owned).collect();
    TABLE.iter().map(|(role, list)| ((*role).to_owned(), actions(list))).collect()
}

fn policy() -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/dialog-platform");
    let paths = fs::read_dir(folder).expect("the policy").map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let source = |path: &Path| Source::new(path.display().to_string(), fs::read_to_string(path).expect("a file"));
    let sources = SourceMap::new(files.map(|path| source(&path)).collect());
    compile(&sources, &Options::default())
}

fn compiled() -> Compiled {
    let outcome = policy();
    outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings))
}

fn path(table: &Table<&[u8]>, action: bailiwick_table::ActionId) -> String {
    table.action_of(action).expect("an action").path.to_owned()
}

/// What each role gives, but for the administrator's.
fn given(table: &Table<&[u8]>) -> Roles {
    let roles = table.roles().map(|role| {
        let name = table.role_of(role).expect("a role").name.to_owned();
        (name, table.role_rights(role).map(|right| path(table, right.action)).collect())
    });
    roles.filter(|(name, _)| name != "ADMIN").collect()
}

/// What an account may do: to nobody, to itself, or to somebody new.
fn allowed(table: &Table<&[u8]>, account: AccountId) -> BTreeSet<String> {
    let login = Login::folded(table.account_of(account).expect("an account").login()).expect("a folded login");
    let own = Party { login: Fact::Known(login), ..Party::closed() };
    let may = |action| {
        let target = match table.action_of(action).expect("an action").signature {
            Signature::User => Target::user(own),
            Signature::Account => Target::account(Party::closed()),
            _ => Target::SITE,
        };
        table.decide(account, action, &target, today()).allowed
    };
    table.actions().filter(|action| may(*action)).map(|action| path(table, action)).collect()
}

#[test]
fn the_roles_are_those_of_the_source() {
    let compiled = compiled();
    let given = given(&Table::from_bytes(compiled.table()).expect("a table"));
    assert_eq!(given, stated());
    assert_eq!(given.values().map(BTreeSet::len).sum::<usize>(), 74, "pairs of role and action");
    assert_eq!(given.values().flatten().collect::<BTreeSet<_>>().len(), 35, "actions");
}

#[test]
fn everybody_may_do_what_his_roles_say_together() {
    let compiled = compiled();
    let table = Table::from_bytes(compiled.table()).expect("a table");
    let mut stated = stated();
    let every = table.actions().map(|action| path(&table, action)).collect();
    stated.insert("ADMIN".to_owned(), every);
    let model = compiled.model();
    let mut several = 0;
    for account in &model.accounts {
        let login = Login::folded(&account.login).expect("a folded login");
        let roles = account.assignments.iter().map(|held| &model.roles[held.role.index()].name);
        let theirs: BTreeSet<_> = roles.clone().flat_map(|role| stated[role].clone()).collect();
        let theirs = if account.active { theirs } else { BTreeSet::new() };
        several += usize::from(roles.count() > 1);
        let id = table.account(login).expect("an account of the table");
        assert_eq!(allowed(&table, id), theirs, "{}", account.login);
    }
    assert!(several > 2, "some have several roles");
    assert!(model.accounts.iter().any(|account| !account.active), "somebody is inactive");
}

#[test]
fn the_administrator_gives_every_role_but_his_own() {
    let compiled = compiled();
    let table = Table::from_bytes(compiled.table()).expect("a table");
    let given = table.actions().filter_map(|action| table.action_of(action)?.assigns);
    let given: BTreeSet<_> = given.map(|role| table.role_of(role).expect("a role").name).collect();
    assert_eq!(given, TABLE.iter().map(|(role, _)| *role).collect());
}

#[test]
fn three_roles_lie_within_others() {
    let compiled = compiled();
    let given = given(&Table::from_bytes(compiled.table()).expect("a table"));
    let pairs = given.keys().flat_map(|a| given.keys().map(move |b| (a.as_str(), b.as_str())));
    let within = |(a, b): &(&str, &str)| a != b && !given[*a].is_empty() && given[*a].is_subset(&given[*b]);
    let within: Vec<_> = pairs.filter(within).collect();
    let expected = [("DIALER_USER", "DIALER_ADMIN"), ("TECH_SUPPORT", "CONTENT_MANAGER"), ("TECH_SUPPORT", "OPERATOR")];
    assert_eq!(within, expected);
}

#[test]
fn three_roles_lack_what_their_actions_need() {
    let compiled = compiled();
    let model = compiled.model();
    let given = given(&Table::from_bytes(compiled.table()).expect("a table"));
    let mut lacking = BTreeSet::new();
    for action in &model.actions {
        for need in action.needs.iter().map(|need| &model.actions[need.index()].path) {
            let without = given.iter().filter(|(_, has)| has.contains(&action.path) && !has.contains(need));
            lacking.extend(without.map(|(role, _)| format!("{role}: {} without {need}", action.path)));
        }
    }
    let expected = [
        "ACCESSOR: logs.tag without tags.view",
        "DIALER_VERIFIED: broadcasts.finish without broadcasts.view",
        "DIALER_VERIFIED: broadcasts.start without broadcasts.view",
        "DIALER_VERIFIED: broadcasts.suspend without broadcasts.view",
        "RAWLOGS_ANALYTIC: rawlogs.download without logs.view",
    ];
    assert_eq!(lacking.iter().collect::<Vec<_>>(), expected);
}

/// The roles that findings of each code name, where the check is written.
const DESERVED: [(&str, &[&str]); 3] = [
    ("BW303", &["INITIAL"]),
    ("BW305", &["CONTENT_MANAGER", "DIALER_ADMIN", "DIALER_USER", "OPERATOR", "TECH_SUPPORT"]),
    ("BW306", &["ACCESSOR", "DIALER_VERIFIED", "RAWLOGS_ANALYTIC"]),
];

#[test]
fn nothing_is_reported_but_what_the_table_deserves() {
    let written = |code: &str| CHECKS.iter().any(|check| check.code.0 == code);
    let expected = DESERVED.iter().filter(|(code, _)| written(code));
    let expected: BTreeMap<_, _> = expected.map(|(code, roles)| (*code, roles.iter().copied().collect())).collect();
    let mut reported: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let outcome = policy();
    for finding in &outcome.findings {
        let named = TABLE.iter().map(|(role, _)| *role).filter(|role| finding.message.contains(&format!("`{role}`")));
        reported.entry(finding.code.0).or_default().extend(named);
    }
    assert_eq!(reported, expected, "{:?}", outcome.findings);
}
