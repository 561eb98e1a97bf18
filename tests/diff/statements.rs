//! What statements tell: nothing that differs is left out, nothing is told that does not differ, and the example of each is one.

use std::cell::Cell;
use std::collections::BTreeSet;

use bailiwick::diff::change::{Change as Statement, Diff, Subject};
use bailiwick::diff::tables::compare::{Comparison, Difference, Who, compare};
use bailiwick::query::{Asker, OwnedTarget, actor, target};
use bailiwick_table::{ActionId, Signature, Table};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::brute::Change;
use crate::oracle;
use crate::oracle::generate::{FIRST_DAY, small_pairs};
use crate::oracle::print::print;
use crate::trial::count;
use crate::written::{Written, compared};

const DAY: i32 = FIRST_DAY - 1;

/// What was tried.
#[derive(Debug, Default)]
struct Tally {
    pairs: Cell<usize>,
    differences: Cell<usize>,
    statements: Cell<usize>,
    /// Examples that both tables were asked about.
    examples: Cell<usize>,
    /// Examples that one of the tables has no words for.
    wordless: Cell<usize>,
}

#[test]
fn statements_tell_what_differs_and_nothing_else() {
    let tally = Tally::default();
    let strategy = (small_pairs().prop_map(|(old, new)| Change(old, new)), any::<[bool; 2]>());
    let outcome = TestRunner::new(oracle::config(150)).run(&strategy, |(change, known)| {
        one_pair(&change, known, &tally).map_err(|why| TestCaseError::fail(format!("{why}\n{change:?}")))
    });
    println!("{tally:?}");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(tally.differences.get() > 100 && tally.examples.get() > 25, "too little: {tally:?}");
    assert!(tally.wordless.get() * 2 < tally.examples.get(), "too few examples could be asked about: {tally:?}");
}

/// What a role says of what it gives may be true of everybody whom an account gains something on; then nothing is left to be told of it.
#[test]
fn what_a_role_explains_wholly_is_told_of_the_role_alone() -> Result<(), String> {
    let policy = |on: &str| {
        format!(
            "platform p {{ }}\nresponsible \"Works council\"\nunit u\nresource reports on {on} {{ view a }}\n\
             role r {{ allow reports.a on users in u }}\nsuper role s {{ }}\nusers in u hold r\n\
             admin ann {{ unit u; role s }}\nadmin bo {{ unit u; scope users in holders of s; allow reports.a }}\n"
        )
    };
    let sides = [Written::new("p.bw", &policy("entity, user"))?, Written::new("p.bw", &policy("account"))?];
    let diff = compared([&sides[0], &sides[1]], [true, true], DAY)?;
    let told = diff.changes.iter().map(|c| match &c.subject {
        Subject::Account(login) => format!("{login}: {}", c.region),
        Subject::Role(role) => format!("{role} {}", c.region),
        Subject::Accounts => format!("several: {}", c.region),
        Subject::Unnamed => String::new(),
    });
    let told: Vec<String> = told.filter(|told| !told.is_empty()).collect();
    assert_eq!(told, ["r on users where unit u", "r on users where unit u"]);
    Ok(())
}

/// Where a role gives for a while what an account has besides it, the days after that are told of the account.
#[test]
fn what_a_role_explains_for_a_while_is_told_of_the_account_afterwards() -> Result<(), String> {
    let policy = |on: &str| {
        format!(
            "platform p {{ }}\nresponsible \"Works council\"\nresource reports on {on} {{ view a }}\n\
             role r {{ allow reports.a until 2027-03-01 }}\nadmin ann {{ role r; allow reports.a }}\n"
        )
    };
    let sides = [Written::new("p.bw", &policy("entity, user"))?, Written::new("p.bw", &policy("user"))?];
    let diff = compared([&sides[0], &sides[1]], [true, true], DAY)?;
    let gained = diff.changes.iter().filter(|c| c.direction.is_more());
    let told: Vec<_> = gained.map(|c| (&c.subject, c.period.map(|p| (p.from, p.until)))).collect();
    let until = bailiwick::dates::parse_date("2027-03-01").ok();
    let (role, account) = (Subject::Role("r".into()), Subject::Account("ann".into()));
    assert_eq!(told, [(&role, Some((None, until))), (&account, Some((until.map(|day| day + 1), None)))]);
    Ok(())
}

/// Of somebody who asks about another with a login of the same kind the example has two logins.
#[test]
fn the_two_people_of_an_example_have_two_logins() -> Result<(), String> {
    let policy = |forbid: &str| {
        format!(
            "platform p {{ }}\nresponsible \"Works council\"\ngroup g = login starts with \"p\"\n\
             resource reports on entity, user {{ view a }}\n\
             role r by claim when actor in g {{ scope users in g; allow reports.a }}\n\
             forbid reports.a {forbid}\nadmin p {{ allow reports.a }}\n"
        )
    };
    let tally = Tally::default();
    all_is_told([&policy("unless everyone"), &policy("on users in g unless self")], [true, true], &tally)?;
    assert_eq!((tally.differences.get(), tally.examples.get()), (3, 2));
    Ok(())
}

fn one_pair(change: &Change, known: [bool; 2], tally: &Tally) -> Result<(), String> {
    all_is_told([&print(&change.0, 0), &print(&change.1, 0)], known, tally)
}

fn all_is_told(texts: [&str; 2], known: [bool; 2], tally: &Tally) -> Result<(), String> {
    let (old, new) = (Written::new("p.bw", texts[0])?, Written::new("p.bw", texts[1])?);
    let diff = compared([&old, &new], known, DAY)?;
    let tables = [old.loaded()?, new.loaded()?];
    let found = compare([&tables[0], &tables[1]], &[], DAY);
    count(&tally.pairs);
    for difference in &found.differences {
        count(&tally.differences);
        if !is_told(&found, difference, &diff) {
            return Err(format!("not told: {}", shown(&found, difference)));
        }
    }
    for statement in &diff.changes {
        count(&tally.statements);
        is_backed(&found, statement, &tables)?;
        match is_so(statement, &tables)? {
            Some(true) => count(&tally.examples),
            Some(false) => return Err(format!("not so: {statement:?}")),
            None if matches!(statement.subject, Subject::Role(_)) => {}
            None => count(&tally.wordless),
        }
    }
    let gains = found.pairs.iter().enumerate().filter(|(index, pair)| {
        pair.ids.contains(&None) || found.differences.iter().any(|d| d.who == Who::Account(*index))
    });
    let touched: BTreeSet<&String> = gains.map(|(_, pair)| &pair.login).collect();
    if touched.len() == diff.accounts.touched { Ok(()) } else { Err(format!("{:?}, not {touched:?}", diff.accounts)) }
}

fn path<'f>(found: &'f Comparison<'_>, difference: &Difference) -> &'f str {
    &found.rights.view.joint.actions[difference.action as usize].path
}

fn shown(found: &Comparison<'_>, difference: &Difference) -> String {
    let who = if let Who::Account(index) = difference.who { &found.pairs[index].login } else { "somebody" };
    format!("{who} {} {difference:?}", path(found, difference))
}

/// The days of a statement.
fn days(statement: &Statement) -> (i32, i32) {
    let period = statement.period;
    (period.and_then(|p| p.from).unwrap_or(DAY), period.and_then(|p| p.until).unwrap_or(i32::MAX))
}

/// Whether a statement is about the same subject, action, direction and day as a difference.
fn tells(found: &Comparison<'_>, difference: &Difference, statement: &Statement) -> bool {
    let of_subject = match difference.who {
        Who::Account(index) => statement.logins.contains(&found.pairs[index].login),
        Who::Anybody => statement.subject == Subject::Unnamed,
    };
    let (from, until) = days(statement);
    of_subject
        && statement.direction.is_more() == difference.more
        && statement.actions.iter().any(|a| a.path == path(found, difference))
        && from <= difference.days.1
        && difference.days.0 <= until
}

/// Whether statements tell of a difference on its first day and on its last.
fn is_told(found: &Comparison<'_>, difference: &Difference, diff: &Diff) -> bool {
    let on = |day: i32| {
        let mut of_day = diff.changes.iter().filter(|s| (days(s).0..=days(s).1).contains(&day));
        of_day.any(|s| tells(found, difference, s))
    };
    on(difference.days.0) && on(difference.days.1)
}

/// Every action of a statement differs for whom it names.
fn is_backed(found: &Comparison<'_>, statement: &Statement, tables: &[Table<&[u8]>; 2]) -> Result<(), String> {
    let differs = |login: Option<&String>, action: Option<&String>| {
        found.differences.iter().any(|d| {
            let of_login = match d.who {
                Who::Account(index) => login == Some(&found.pairs[index].login),
                Who::Anybody => login.is_none(),
            };
            of_login && action.is_none_or(|path_of| path(found, d) == path_of) && tells(found, d, statement)
        })
    };
    let actions = || statement.actions.iter().map(|a| &a.path);
    let idle = match &statement.subject {
        Subject::Unnamed => actions().find(|a| !differs(None, Some(a))).cloned(),
        Subject::Account(_) | Subject::Accounts => {
            let mut all = statement.logins.iter().flat_map(|login| actions().map(move |a| (login, a)));
            all.find(|(login, a)| !differs(Some(login), Some(a))).map(|(login, a)| format!("{login} {a}"))
        }
        Subject::Role(name) => {
            let gives = |table: &Table<&[u8]>, path: &String| {
                let rights = table.role(name).into_iter().flat_map(|role| table.role_rights(role));
                let mut actions = rights.filter_map(|right| table.action_of(right.action));
                actions.any(|action| action.path == path)
            };
            let given = |path: &&String| tables.iter().any(|table| gives(table, path));
            let of_nobody = statement.logins.iter().find(|login| !differs(Some(login), None));
            of_nobody.or_else(|| actions().find(|a| !given(a))).cloned()
        }
    };
    idle.map_or(Ok(()), |idle| Err(format!("nothing is behind {idle}: {statement:?}")))
}

/// Whether one of the actions is allowed on the example on the one side, and not on the other; none where it cannot be asked.
fn is_so(statement: &Statement, tables: &[Table<&[u8]>; 2]) -> Result<Option<bool>, String> {
    let (example, somebody) = match statement.witness.split_once(", asked by somebody ") {
        Some((example, facts)) => (example, Some(facts)),
        None => (statement.witness.as_str(), None),
    };
    let (roles, mut facts) = told_of(somebody.unwrap_or("{}"));
    let is_target = example.ends_with("self }");
    if is_target && !facts.iter().any(|fact| fact.starts_with("login ")) {
        facts.push("login \"nobody.else\"".to_owned());
    }
    let who = match &statement.subject {
        Subject::Role(_) => return Ok(None),
        Subject::Unnamed => claims(&roles, &facts),
        Subject::Account(_) | Subject::Accounts if somebody.is_some() => {
            return Err(format!("an account is somebody: {statement:?}"));
        }
        Subject::Account(_) | Subject::Accounts => statement.logins[0].clone(),
    };
    // Whoever asks about itself is, as the target, the same somebody.
    let own = facts.iter().cloned().chain(roles.iter().map(|role| format!("roles {role}")));
    let own = format!("{} }}", own.collect::<Vec<_>>().join("; "));
    let example = if is_target { example.replace("self }", &own) } else { example.to_owned() };
    let day = days(statement).0;
    let mut asked = false;
    let parts_here = parts_of(&example);
    let fits = |path: &str| {
        let signatures = tables.iter().filter_map(|table| table.action_of(table.action(path)?));
        signatures.into_iter().any(|action| parts(action.signature) == parts_here)
    };
    for action in statement.actions.iter().filter(|action| fits(&action.path)) {
        let decided =
            [0, 1].map(|side| decision([&tables[side], &tables[1 - side]], &who, &action.path, &example, day));
        if let [Some(old), Some(new)] = decided {
            asked = true;
            let more = statement.direction.is_more();
            if (old, new) == (!more, more) {
                return Ok(Some(true));
            }
        }
    }
    Ok(asked.then_some(false))
}

/// The roles and the other facts of somebody in an example.
fn told_of(somebody: &str) -> (Vec<String>, Vec<String>) {
    let inner = somebody.trim_start_matches('{').trim_end_matches('}').trim();
    let all = inner.split("; ").filter(|fact| !fact.is_empty()).map(str::to_owned);
    let (roles, facts): (Vec<String>, Vec<String>) = all.partition(|fact| fact.starts_with("roles "));
    (roles.iter().map(|role| role.replacen("roles ", "", 1)).collect(), facts)
}

/// Somebody by roles and facts, in the words of a test.
fn claims(roles: &[String], facts: &[String]) -> String {
    let facts = if facts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", facts.join("; ")) };
    if roles.is_empty() { format!("as {facts}") } else { format!("as {} {facts}", roles.join(", ")) }
}

/// What a table decides; none where it has no words for the target or for who asks.
fn decision([table, other]: [&Table<&[u8]>; 2], who: &str, path: &str, example: &str, day: i32) -> Option<bool> {
    let Some(action) = table.action(path) else { return Some(false) };
    let fits = parts(table.action_of(action)?.signature) == parts_of(example);
    if !fits {
        return Some(false);
    }
    let unclear = |why: &bailiwick::query::Unclear| why.findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>();
    let asker: Asker = match actor(table, who) {
        Ok(asker) => asker,
        Err(why) if unclear(&why).iter().any(|m| m.starts_with("there is no account with the login")) => {
            return Some(false);
        }
        Err(_) => return None,
    };
    let of_example = target_of([table, other], action, example)?;
    Some(of_example.with(|target| asker.decide(table, action, target, day).allowed))
}

fn target_of([table, other]: [&Table<&[u8]>; 2], action: ActionId, example: &str) -> Option<OwnedTarget> {
    if example.is_empty() {
        return Some(OwnedTarget::default());
    }
    // Of an account that the table does not name, the example does not tell what the other table knows.
    let login = example.split_once("login \"").and_then(|(_, rest)| rest.split_once('"')).map(|(login, _)| login);
    if login.is_some_and(|l| actor(table, l).is_err() && actor(other, l).is_ok()) {
        return None;
    }
    target(table, action, example).ok()
}

const fn parts(signature: Signature) -> &'static str {
    match signature {
        Signature::Site => "",
        Signature::Entity => "entity",
        Signature::User => "user",
        Signature::Both => "entity and user",
        Signature::Account => "account",
    }
}

/// The parts of an example: `entity and user` of `entity { unit oulu } and user {}`.
fn parts_of(example: &str) -> String {
    let nouns = example.split(" and ").map(|part| part.split(' ').next().unwrap_or(""));
    let known: Vec<&str> = nouns.filter(|noun| ["", "entity", "user", "account"].contains(noun)).collect();
    known.join(" and ")
}
