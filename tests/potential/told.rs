//! Findings about giving and changing, against what the walk's rules say of every step that an account can take by itself.

use std::cell::Cell;
use std::collections::BTreeSet;

use bailiwick::diagnostic::Finding;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::compare::{Shown, compile_with, count, deterministic};
use super::generate::tiny_policies;
use super::rights::{Gift, Somebody, region, region_of, ways_on, ways_to};
use super::spots::{Person, Spots, World, all_claims, all_facts, all_managers, fact};
use super::tiny::{ACCOUNTS, Action, Facts, Item, On, Tiny};
use super::walk::{How, more, outcomes, own_rights, walk};

/// What was tried.
#[derive(Debug, Default)]
struct Tally {
    policies: Cell<usize>,
    /// Questions that were compared.
    compared: Cell<usize>,
    /// Of these, those whose answer is yes.
    told: Cell<usize>,
}

fn on_tiny_policies(name: &str, property: impl Fn(&Tiny, &Tally) -> Result<(), String>) {
    let tally = Tally::default();
    let long = std::env::var("BAILIWICK_CASES").ok().and_then(|n| n.parse().ok());
    let cases = long.unwrap_or(100);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    let mut runner = if long.is_some() { TestRunner::new(config) } else { deterministic(config) };
    let outcome = runner.run(&tiny_policies().prop_map(Shown), |shown| {
        count(&tally.policies, 1);
        property(&shown.0, &tally).map_err(TestCaseError::fail)
    });
    println!("{name}: {tally:?}");
    if let Err(error) = outcome {
        panic!("{name}: {error}");
    }
    assert!(tally.told.get() > 0 && tally.told.get() < tally.compared.get(), "{name}: one answer only");
}

/// The findings of one check.
fn told(tiny: &Tiny, code: &str) -> Result<Vec<Finding>, String> {
    let outcome = compile_with(&tiny.text(), &[code]);
    match outcome.findings.iter().find(|f| f.code.to_string() != code) {
        Some(other) => Err(format!("{} {}", other.code, other.message)),
        None => Ok(outcome.findings),
    }
}

/// The accounts of a text between backticks, in order.
fn accounts(text: &str) -> Vec<usize> {
    let words = text.split('`').skip(1).step_by(2);
    words.filter_map(|w| ACCOUNTS.iter().position(|a| *a == w)).collect()
}

/// Everybody of whom a finding with notes like "so can" tells.
fn all_of(finding: &Finding, note: &str) -> Vec<usize> {
    let others = finding.notes.iter().filter(|n| n.starts_with(note)).flat_map(|n| accounts(n));
    accounts(&finding.message).into_iter().take(1).chain(others).collect()
}

fn world(tiny: &Tiny) -> World<'_> {
    let named: Vec<Person> = (0..tiny.accounts.len()).map(|i| Somebody::named(tiny, i).person(tiny)).collect();
    World::new(tiny, &named)
}

fn acting(tiny: &Tiny) -> Vec<usize> {
    (0..tiny.accounts.len()).filter(|i| !tiny.accounts[*i].inactive).collect()
}

fn strangers(tiny: &Tiny) -> Vec<Somebody> {
    let all = all_facts(tiny.dims).into_iter();
    all.flat_map(|f| all_claims(tiny).into_iter().map(move |c| Somebody::stranger(f, c))).collect()
}

/// What an action can make of facts.
fn changed(tiny: &Tiny, action: &Action, before: Facts) -> Vec<Facts> {
    let kept = |f: &Facts| {
        (action.country || f.country == before.country)
            && (action.unit || f.unit == before.unit)
            && (action.label || f.label == before.label)
    };
    all_facts(tiny.dims).into_iter().filter(kept).collect()
}

fn may(tiny: &Tiny, by: usize, action: usize, on: &Somebody) -> bool {
    !ways_to(tiny, &Somebody::named(tiny, by), action, &on.person(tiny)).is_empty()
}

// ---- BW508 ---------------------------------------------------------------------------------------------------------------------

#[test]
fn two_administer_one_another_where_each_may() {
    on_tiny_policies("each other", |tiny, tally| {
        let decides = |a: &Action| a.takes_over || a.assigns.is_some() || a.scope || a.roles || a.destroys;
        let actions: Vec<usize> = (0..tiny.actions.len()).filter(|a| decides(&tiny.actions[*a])).collect();
        let actions: Vec<usize> =
            actions.into_iter().filter(|a| matches!(tiny.actions[*a].on, On::Account | On::User)).collect();
        let over = |u: usize, v: usize| actions.iter().any(|a| may(tiny, u, *a, &Somebody::named(tiny, v)));
        let mut expected = BTreeSet::new();
        let all = acting(tiny);
        for (u, v) in all.iter().flat_map(|u| all.iter().map(move |v| (*u, *v))).filter(|(u, v)| u < v) {
            count(&tally.compared, 1);
            if over(u, v) && over(v, u) {
                count(&tally.told, 1);
                expected.insert((u, v));
            }
        }
        let mut said = BTreeSet::new();
        for finding in told(tiny, "BW508")? {
            let them = accounts(&finding.message);
            let each = if finding.message.contains("all administer") { them.len() } else { 1 };
            for (i, one) in them.iter().enumerate().take(each) {
                said.extend(them[i + 1..].iter().map(|other| (*one.min(other), *one.max(other))));
            }
        }
        if said == expected { Ok(()) } else { Err(format!("{expected:?}, and it says {said:?}")) }
    });
}

// ---- BW509 ---------------------------------------------------------------------------------------------------------------------

#[test]
fn somebody_above_may_be_removed_where_some_account_has_more() {
    on_tiny_policies("above", |tiny, tally| {
        let mut world = world(tiny);
        let all = acting(tiny);
        let own: Vec<Vec<Spots>> = (0..tiny.accounts.len()).map(|i| own_rights(&mut world, i)).collect();
        let mut exceeds = |one: usize, other: usize| {
            let somebody = Somebody::named(tiny, one);
            (0..tiny.actions.len()).any(|a| !more(&mut world, &own[other], other, &somebody, a).is_empty())
        };
        let mut expected = BTreeSet::new();
        for u in &all {
            count(&tally.compared, 1);
            let removes = |v: usize| {
                let of = |a: &usize| tiny.actions[*a].destroys && may(tiny, *u, *a, &Somebody::named(tiny, v));
                (0..tiny.actions.len()).any(|a| of(&a))
            };
            if all.iter().any(|v| v != u && removes(*v) && exceeds(*v, *u) && !exceeds(*u, *v)) {
                count(&tally.told, 1);
                expected.insert(*u);
            }
        }
        let found = told(tiny, "BW509")?;
        let said: BTreeSet<usize> = found.iter().flat_map(|f| all_of(f, "so it is for")).collect();
        if said == expected { Ok(()) } else { Err(format!("{expected:?}, and it says {said:?}")) }
    });
}

// ---- BW506 ---------------------------------------------------------------------------------------------------------------------

#[test]
fn something_can_be_moved_into_a_fence_where_a_change_brings_it_there() {
    on_tiny_policies("moves", |tiny, tally| {
        let mut expected = BTreeSet::new();
        for u in acting(tiny) {
            let changing = (0..tiny.actions.len()).filter(|a| tiny.actions[*a].changes_facts());
            for action in changing {
                count(&tally.compared, 1);
                if brings(tiny, u, action) {
                    count(&tally.told, 1);
                    expected.insert((u, tiny.actions[action].path()));
                }
            }
        }
        let mut said = BTreeSet::new();
        for finding in told(tiny, "BW506")? {
            let path = finding.message.split('`').nth(3).ok_or("no action")?;
            said.extend(all_of(&finding, "so can").into_iter().map(|u| (u, path.to_owned())));
        }
        if said == expected { Ok(()) } else { Err(format!("{expected:?}, and it says {said:?}")) }
    });
}

/// Whether an account can change somebody else whom another right of its does not reach, so that both do; relations stay as they are.
fn brings(tiny: &Tiny, u: usize, action: usize) -> bool {
    let by = Somebody::named(tiny, u);
    let of_people = |a: &usize| *a != action && matches!(tiny.actions[*a].on, On::Account | On::User);
    let others: Vec<usize> = (0..tiny.actions.len()).filter(of_people).collect();
    let named = (0..tiny.accounts.len()).filter(|v| *v != u).map(|v| Somebody::named(tiny, v));
    for on in named.chain(strangers(tiny)) {
        for managers in all_managers(tiny.dims) {
            let reaches = |a: usize, facts: Facts| {
                let person = Person { managers, ..Somebody { facts, ..on.clone() }.person(tiny) };
                !ways_on(tiny, &by, a, &person).is_empty()
            };
            if !reaches(action, on.facts) {
                continue;
            }
            for other in others.iter().filter(|o| !reaches(**o, on.facts)) {
                let after = changed(tiny, &tiny.actions[action], on.facts);
                if after.into_iter().any(|facts| reaches(action, facts) && reaches(*other, facts)) {
                    return true;
                }
            }
        }
    }
    false
}

// ---- BW505 ---------------------------------------------------------------------------------------------------------------------

#[test]
fn people_can_be_put_into_a_group_where_a_change_makes_them_members() {
    on_tiny_policies("put into groups", |tiny, tally| {
        let mut world = world(tiny);
        let found = told(tiny, "BW505")?;
        for u in acting(tiny) {
            // Of one who can come to more there is another finding.
            let Some(walked) = walk(&mut world, u) else { continue };
            for (number, rule) in tiny.rules.iter().enumerate() {
                let role = format!("the role `r{}`", rule.role);
                let said = found.iter().any(|f| f.message.contains(&role) && all_of(f, "so can").contains(&u));
                if walked.gains && !said {
                    continue;
                }
                count(&tally.compared, 1);
                let expected = beyond(&mut world, u, number) && puts(tiny, u, rule.group);
                count(&tally.told, usize::from(expected));
                if said != expected {
                    return Err(format!("{}: {expected}, and it says {said}", ACCOUNTS[u]));
                }
            }
        }
        Ok(())
    });
}

/// Whether a rule gives more than an account has, or a role that the account may not give to anybody else.
fn beyond(world: &mut World<'_>, u: usize, rule: usize) -> bool {
    let tiny = world.tiny;
    let rule = &tiny.rules[rule];
    let own = own_rights(world, u);
    for holder in strangers(tiny) {
        let fences: Vec<_> = rule.on.iter().map(|s| (*s, holder.viewer())).collect();
        let holder = holder.with(&Gift { role: rule.role, fences: fences.clone() });
        for (action, own) in own.iter().enumerate() {
            let mut ways = vec![];
            holder.of_role(tiny, rule.role, action, &fences, &mut ways);
            let mut more = region_of(world, &holder, action, &ways);
            more.minus(own);
            more.minus(&world.account(tiny.actions[action].on, u).clone());
            if !more.is_empty() {
                return true;
            }
        }
    }
    let giver = Somebody::named(tiny, u);
    let gives = |world: &mut World<'_>, action: usize| {
        let declared = &tiny.actions[action];
        let gives = outcomes(tiny, action).contains(&How::Give(rule.role));
        let mut reached = region(world, &giver, action);
        reached.minus(&world.account(declared.on, u).clone());
        gives && !(declared.roles && tiny.roles[rule.role].ungrantable) && !reached.is_empty()
    };
    !(0..tiny.actions.len()).any(|action| gives(world, action))
}

/// Whether an account can make a member of somebody else who is none; it needs the right before and after.
fn puts(tiny: &Tiny, u: usize, group: Item) -> bool {
    let asks = |a: &Action| match group {
        Item::Country(_) | Item::NotCountry(_) => a.country,
        Item::Unit(_) => a.unit,
        _ => a.label,
    };
    let others = acting(tiny).into_iter().filter(|v| *v != u).map(|v| Somebody::named(tiny, v));
    let all: Vec<Somebody> = others.chain(strangers(tiny)).filter(|s| !fact(group, s.facts)).collect();
    (0..tiny.actions.len()).filter(|a| asks(&tiny.actions[*a])).any(|action| {
        all.iter().filter(|on| may(tiny, u, action, on)).any(|on| {
            let after = changed(tiny, &tiny.actions[action], on.facts).into_iter().filter(|f| fact(group, *f));
            after.into_iter().any(|facts| may(tiny, u, action, &Somebody { facts, ..on.clone() }))
        })
    })
}
