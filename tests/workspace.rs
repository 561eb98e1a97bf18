//! A workspace says of every version of a policy what the compiler says of that version by itself.
//!
//! `BAILIWICK_CASES=1000 cargo test --release --test workspace` makes a thousand chains of edits for each policy.

#[path = "workspace/edits.rs"]
mod edits;
#[expect(dead_code, reason = "the other tests use the large size")]
mod large;
#[expect(dead_code, reason = "the other tests ask what the compiler says")]
mod shipped;

use std::cell::Cell;

use bailiwick::diagnostic::Finding;
use bailiwick::source::{Source, SourceMap};
use bailiwick::workspace::Workspace;
use bailiwick::{Options, compile};
use edits::{Edit, KINDS, edited};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shipped::{Shipped, policies};

/// The day of the checks: 2026-06-01.
const DAY: i32 = 20_605;

fn options() -> Options {
    Options { at: Some(DAY), ..Options::default() }
}

fn fresh(sources: &SourceMap) -> Vec<Finding> {
    compile(sources, &options()).findings
}

/// Chains of edits, each of the file with this number.
fn chains(most: usize) -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let edit = (0..KINDS, any::<u32>(), any::<u32>()).prop_map(|(kind, place, other)| Edit {
        kind,
        place: place as usize,
        other: other as usize,
    });
    prop::collection::vec((0..64_usize, edit), 1..=most)
}

/// Makes so many chains of edits of a policy, unless the environment wants another number. Half of the time an edit is undone before the
/// next one, so that the policy does not fall to pieces.
/// Says how many edits were made, and how many of them changed the findings.
fn holds(sources: &SourceMap, cases: u32, most: usize) -> (u32, u32) {
    let asked = std::env::var("BAILIWICK_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config { cases: asked.unwrap_or(cases), failure_persistence: None, ..Config::default() };
    let (seen, other) = (Cell::new(0_u32), Cell::new(0_u32));
    TestRunner::new(config)
        .run(&chains(most), |chain| {
            let mut workspace = Workspace::new(options());
            workspace.replace(sources.clone());
            let before = workspace.check();
            for (file, edit) in chain {
                let number = file % sources.iter().count();
                let Some((_, source)) = workspace.sources().iter().nth(number) else { continue };
                let (path, old) = (source.path.clone(), source.text.clone());
                workspace.set(&path, edited(&old, edit));
                let now = workspace.check();
                prop_assert_eq!(&now, &fresh(workspace.sources()), "{:?} of {}", edit, path);
                seen.set(seen.get() + 1);
                other.set(other.get() + u32::from(now != before));
                if edit.other % 4 < 2 {
                    workspace.set(&path, old);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    (seen.get(), other.get())
}

/// That enough of the edits changed something.
fn are_felt(counts: impl IntoIterator<Item = (u32, u32)>) {
    let (seen, other) = counts.into_iter().fold((0, 0), |(all, others), (seen, other)| (all + seen, others + other));
    println!("{seen} edits, {other} of them with other findings");
    assert!(other * 4 > seen, "{seen} edits, {other} of them with other findings");
}

#[test]
fn edits_of_the_shipped_policies_are_checked_as_if_from_nothing() {
    are_felt(policies().into_iter().map(|folder| holds(&Shipped::read(&folder).sources(), 4, 6)));
}

#[test]
fn edits_of_a_policy_like_the_large_one_are_checked_as_if_from_nothing() {
    let text = large::policy(large::Size { roles: 20, admins: 40 });
    are_felt([holds(&SourceMap::single("large.bw", &text), 4, 6)]);
}

/// Edits after which the facts of a policy have the numbers that they had, and mean something else: the finding that only one of the
/// versions has tells whether that was seen.
#[test]
fn the_same_numbers_may_mean_something_else() {
    let rest = "resource books on entity { view list }
resource people on user { view list }
attribute country { fi, se }
group nobody = country is set and country is not fi and country is not se
label fiction
unit acme
role clerk { scope entities in unit north; allow books.list }
group odd = labelled new and not labelled old
role reader { allow people.list on users in odd }
role cook { allow people.list on users in nobody }
admin pat { role clerk on entities in unit oulu; role reader; role cook }
";
    let versions = [
        ("unit acme", "unit acme { north { oulu } }", "unit acme { north, oulu }"),
        ("label fiction", "label old { new }", "label old\nlabel new"),
        ("{ fi, se }", "{ fi, se, ee }", "{ fi, se }"),
    ];
    let base = versions.iter().fold(rest.to_owned(), |text, (what, sound, _)| text.replacen(what, sound, 1));
    let mut workspace = Workspace::new(options());
    workspace.set("a.bw", base.as_str());
    let dead = |found: &[Finding]| found.iter().filter(|f| f.code.0 == "BW401").count();
    let before = workspace.check();
    assert_eq!(before, fresh(workspace.sources()));
    assert!(!before.iter().any(|f| f.fatal), "{before:?}");
    for (_, sound, other) in versions {
        workspace.set("a.bw", base.replacen(sound, other, 1));
        let found = workspace.check();
        assert_eq!(found, fresh(workspace.sources()), "{other}");
        assert_ne!(dead(&found), dead(&before), "{other}: {found:?}");
        workspace.set("a.bw", base.as_str());
        assert_eq!(workspace.check(), before, "{other}");
    }
}

#[test]
fn files_come_and_go() {
    let mut workspace = Workspace::new(options());
    let check = |workspace: &mut Workspace| {
        let found = workspace.check();
        assert_eq!(found, fresh(workspace.sources()));
        found
    };
    assert!(check(&mut workspace).iter().all(|f| f.labels.is_empty()), "there is nothing to point at");
    let roles = "resource books { view list }\nrole clerk { allow books.list }\n";
    workspace.set("roles.bw", roles);
    let alone = check(&mut workspace);
    // A file before it: every place of the roles lies in a source of another number.
    workspace.set("admins.yaml", "admins:\n  pat:\n    email: pat@shop.example\n    roles: [clerk, cook]\n");
    let both = check(&mut workspace);
    assert!(both.iter().any(|f| f.message.contains("`cook`")), "{both:?}");
    workspace.set("roles.bw", format!("{roles}role cook {{ allow books.list }}\n"));
    assert!(!check(&mut workspace).iter().any(|f| f.fatal));
    assert!(workspace.remove("admins.yaml") && !workspace.remove("admins.yaml"));
    workspace.set("roles.bw", roles);
    assert_eq!(check(&mut workspace), alone);
}

#[test]
fn a_table_of_people_is_part_of_the_policy() {
    let mut workspace = Workspace::new(options());
    workspace
        .set("a.bw", "resource books { view list }\nrole clerk { allow books.list }\nadmins from \"people.csv\"\n");
    let without = workspace.check();
    assert!(without.iter().any(|f| f.message.contains("people.csv")), "{without:?}");
    for rows in ["login,roles\npat@shop.example,clerk\n", "login,roles\npat@shop.example,cook\n"] {
        workspace.put(Source::people("people.csv", rows));
        let found = workspace.check();
        assert_eq!(found, fresh(workspace.sources()));
        assert_ne!(found, without);
    }
}

#[test]
fn another_day_or_severity_is_another_question() {
    let mut workspace = Workspace::new(options());
    workspace.set("a.bw", "resource books { view list }\nrole clerk { allow books.list }\n");
    let found = workspace.check();
    let strict =
        Options { severities: bailiwick::diagnostic::Severities { strict: true, ..Default::default() }, ..options() };
    workspace.set_options(strict.clone());
    assert_eq!(workspace.check(), compile(workspace.sources(), &strict).findings);
    assert_ne!(workspace.check(), found);
}
