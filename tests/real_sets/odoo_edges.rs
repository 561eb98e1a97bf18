//! Odoo's groups, compared: taking away each implied group in turn, and adding it back, changes exactly what set arithmetic on the
//! data says, and every statement names that line as its cause.
//!
//! The exact differences are compared for every line, the statements for one line in nine: `BAILIWICK_CASES=81` asks for those of all.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::diagnostic::Findings;
use bailiwick::diff::change::{Change, Diff, Direction, Subject};
use bailiwick::diff::tables::compare::{Comparison, Who, compare};
use bailiwick::diff::{Options, Policy, Side, diff};
use bailiwick::source::SourceMap;
use bailiwick::syntax;
use bailiwick::syntax::ast::File;
use bailiwick::syntax::print::word;
use bailiwick_table::Table;

use crate::corpus;
use crate::odoo::{Odoo, Without, bridge, membership, module_of, path};

/// The day of every comparison.
const DAY: i32 = 20_600;

/// Who has what: (role or account, path of an action).
type Pairs = BTreeSet<(String, String)>;

/// What follows from the data without one of its edges.
#[derive(Default)]
struct Effective {
    roles: Pairs,
    accounts: Pairs,
}

/// What groups give themselves: to each group its actions.
fn own_actions(set: &Odoo) -> BTreeMap<&str, BTreeSet<String>> {
    let mut own: BTreeMap<&str, BTreeSet<String>> =
        set.groups.iter().map(|g| (g.id.as_str(), BTreeSet::from([membership(&g.id)]))).collect();
    for row in &set.access {
        if let Some(actions) = own.get_mut(row.group.as_str()) {
            actions.extend(row.allowed().into_iter().map(|action| path(&row.model, action)));
        }
    }
    own
}

/// The pairs that follow from the data, by walking its edges; one of them may be left out.
fn effective(set: &Odoo, without: Option<usize>) -> Effective {
    let own = own_actions(set);
    let reached = |start: &str| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(group) = next.pop() {
            if reached.insert(group.clone()) {
                let edges = set.edges.iter().enumerate().filter(|(i, e)| Some(*i) != without && e.group == group);
                next.extend(edges.map(|(_, e)| e.implies_group.clone()));
            }
        }
        reached
    };
    let pairs = |who: &str, start: &str| -> Pairs {
        let groups = reached(start);
        let actions = groups.iter().flat_map(|group| own.get(group.as_str()).into_iter().flatten());
        actions.map(|action| (who.to_owned(), action.clone())).collect()
    };
    let mut found = Effective::default();
    for group in &set.groups {
        let of_group = pairs(&group.id, &group.id);
        found.roles.extend(of_group.iter().cloned());
        found.accounts.extend(of_group);
    }
    for edge in set.edges_of_others() {
        found.roles.extend(pairs(&bridge(edge), &edge.implies_group));
    }
    for member in &set.members {
        found.accounts.extend(pairs(&member.user, &member.group));
    }
    found
}

/// A policy with everything that a comparison asks of it.
struct Written {
    sources: SourceMap,
    files: Vec<File>,
    outcome: bailiwick::Outcome,
}

impl Written {
    fn new(set: &Odoo, edge: Option<usize>) -> Self {
        let sources = set.sources(&Without { edge, ..Without::default() });
        let files = syntax::parse(&sources, &mut Findings::new());
        let outcome = bailiwick::compile(&sources, &bailiwick::Options { at: Some(DAY), ..Default::default() });
        Self { sources, files, outcome }
    }

    fn table(&self) -> &[u8] {
        self.outcome.compiled.as_ref().expect("it compiles").table()
    }

    fn side<'a>(&'a self, name: &'a str) -> Side<'a> {
        let policy = Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome };
        Side { name, table: Some(self.table()), sidecar: None, policy: Some(policy) }
    }
}

/// What accounts gain, or lose, by the exact differences. Nothing in this set is on some targets or days only.
fn by_differences(found: &Comparison<'_>, more: bool) -> Pairs {
    assert!(found.undecided.is_empty());
    let joint = &found.rights.view.joint;
    let of = found.differences.iter().filter(|d| d.more == more);
    of.map(|d| {
        let Who::Account(index) = d.who else { panic!("somebody without an account has nothing here") };
        assert_eq!(d.days, (DAY, i32::MAX));
        (found.pairs[index].login.clone(), joint.actions[d.action as usize].path.clone())
    })
    .collect()
}

fn actions(change: &Change) -> impl Iterator<Item = &String> {
    change.actions.iter().map(|action| &action.path)
}

/// Role and action of every statement about roles that go this way.
fn told_of_roles(diff: &Diff, more: bool) -> Pairs {
    let changes = diff.changes.iter().filter(|c| c.direction.is_more() == more);
    let of = |change: &Change| -> Vec<(String, String)> {
        let Subject::Role(name) = &change.subject else { return vec![] };
        let roles = std::iter::once(name).chain(&change.also);
        roles.flat_map(|role| actions(change).map(|action| (role.clone(), action.clone()))).collect()
    };
    changes.flat_map(of).collect()
}

/// Account and action of every statement that goes this way.
fn told_of_accounts(diff: &Diff, more: bool) -> Pairs {
    let changes = diff.changes.iter().filter(|c| c.direction.is_more() == more);
    let of = |change: &Change| -> Vec<(String, String)> {
        let logins = change.logins.iter();
        logins.flat_map(|login| actions(change).map(|action| (login.clone(), action.clone()))).collect()
    };
    changes.flat_map(of).collect()
}

fn minus(left: &Pairs, right: &Pairs) -> Pairs {
    left.difference(right).cloned().collect()
}

/// A line that only one of two policies has.
struct Line<'l> {
    /// The role that it stands in.
    within: &'l str,
    /// Its text.
    text: &'l str,
    /// Whether the new policy has it.
    added: bool,
}

impl Line<'_> {
    fn what(&self) -> String {
        format!("`{}` in `{}`, {}", self.text, self.within, if self.added { "added" } else { "taken away" })
    }
}

/// The exact differences are those of the sets.
fn differences_hold([(old, had), (new, has)]: [(&Written, &Effective); 2], line: &Line<'_>) {
    let tables = [old, new].map(|side| Table::from_bytes(side.table()).expect("a table"));
    let found = compare([&tables[0], &tables[1]], &[], DAY);
    for (way, here, there) in [(true, has, had), (false, had, has)] {
        let accounts = minus(&here.accounts, &there.accounts);
        assert!(way == line.added || accounts.is_empty(), "{}: the other way", line.what());
        assert_eq!(by_differences(&found, way), accounts, "{}: differences", line.what());
    }
}

/// The statements are those of the sets, and the line is their cause.
fn statements_hold([(old, had), (new, has)]: [(&Written, &Effective); 2], line: &Line<'_>) {
    let options = Options { at: Some(DAY), ..Options::default() };
    let diff = diff(&old.side("old"), &new.side("new"), &options).unwrap_or_else(|why| panic!("{why}"));
    let what = line.what();
    for (way, here, there) in [(true, has, had), (false, had, has)] {
        let (roles, accounts) = (minus(&here.roles, &there.roles), minus(&here.accounts, &there.accounts));
        assert_eq!(told_of_roles(&diff, way), roles, "{what}: statements about roles");
        let told = told_of_accounts(&diff, way);
        assert!(accounts.is_subset(&told), "{what}: not told: {:?}", minus(&accounts, &told));
        for change in diff.changes.iter().filter(|c| c.direction.is_more() == way) {
            let lacks = |login: &&String| !actions(change).any(|a| accounts.contains(&((*login).clone(), a.clone())));
            let idle = change.logins.iter().find(lacks);
            assert!(idle.is_none(), "{what}: {idle:?} of {change:?}");
        }
        let touched: BTreeSet<&String> = accounts.iter().map(|(login, _)| login).collect();
        assert!(way != line.added || diff.accounts.touched == touched.len(), "{what}: accounts");
    }
    caused(&diff, line);
}

/// Every statement is caused by the line, and by nothing else.
fn caused(diff: &Diff, line: &Line<'_>) {
    let what = line.what();
    let [edit] = diff.edits.as_slice() else { panic!("{what}: {:?}", diff.edits) };
    let [said, silent] = if line.added { [&edit.after, &edit.before] } else { [&edit.before, &edit.after] };
    assert_eq!(said.as_ref().map(|s| s.text.as_str()), Some(line.text), "{what}");
    assert_eq!((silent, edit.within.as_str()), (&None, format!("role {}", word(line.within)).as_str()), "{what}");
    for change in &diff.changes {
        assert_eq!(change.causes, [0], "{what}: {change:?}");
        let whole = if line.added { Direction::Gained } else { Direction::Lost };
        assert_eq!((change.direction, change.region.as_str()), (whole, ""), "{what}: {change:?}");
        assert!(change.witness == "entity {}" || change.witness.is_empty(), "{what}: {}", change.witness);
    }
}

#[test]
fn an_implied_group_is_what_it_gives() {
    let Some(folder) = corpus::folder("odoo") else { return };
    let set = Odoo::read(&folder);
    let (whole, all) = (Written::new(&set, None), effective(&set, None));
    let every = std::env::var_os("BAILIWICK_CASES").is_some();
    let (mut differing, mut accounts) = (0, 0);
    for (index, edge) in set.edges.iter().enumerate() {
        let (without, left) = (Written::new(&set, Some(index)), effective(&set, Some(index)));
        let own = edge.declared_by_module == module_of(&edge.group);
        let implied = if own { edge.implies_group.clone() } else { bridge(edge) };
        let text = format!("extends {}", word(&implied));
        for added in [false, true] {
            let mut sides = [(&whole, &all), (&without, &left)];
            if added {
                sides.reverse();
            }
            let line = Line { within: &edge.group, text: &text, added };
            differences_hold(sides, &line);
            if every || index % 9 == 0 {
                statements_hold(sides, &line);
            }
        }
        differing += usize::from(left.accounts != all.accounts);
        accounts += minus(&all.accounts, &left.accounts).len();
    }
    println!("{} edges, {differing} of them change what accounts may do: {accounts} pairs", set.edges.len());
    assert_eq!(set.edges.len(), 81);
    assert!(differing > 40, "{differing}");
}
