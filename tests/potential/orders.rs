//! Policies in which the order of the steps decides: a gift or a change takes away what another step needs.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::compare::{Shown, chains, count, deterministic};
use super::generate::tiny_policies;
use super::tiny::{Account, Action, Dims, Facts, Item, Line, On, Role, Rule, Scope, Thing, Tiny};

const OPEN: usize = 0;
const LOGIN: usize = 2;
const EDIT: usize = 3;

/// The actions `open`, `read`, `login` and `edit`, and one that gives each role that may be given.
fn policy(resource: &'static str, dims: Dims, roles: &[usize]) -> Tiny {
    let on = if resource == "acc" { On::Account } else { On::User };
    let action = |resource, name: &str, on| Action {
        resource,
        name: name.into(),
        on,
        takes_over: name == "login",
        by_kind: false,
        destroys: false,
        country: name == "edit" && dims.country,
        unit: name == "edit" && dims.unit,
        label: false,
        scope: false,
        roles: false,
        assigns: None,
    };
    let mut actions = vec![
        action(resource, "open", on),
        action("docs", "read", On::Entity),
        action(resource, "login", on),
        action(resource, "edit", on),
    ];
    for role in roles {
        actions.push(Action { assigns: Some(*role), ..action("assign", &format!("r{role}"), On::Account) });
    }
    Tiny { dims, actions, ..Tiny::default() }
}

fn users(items: &[Item], except: &[Item]) -> Scope {
    Scope { users: Some((items.to_vec(), except.to_vec())), entities: None }
}

fn things(items: &[Thing], except: &[Thing]) -> Scope {
    Scope { users: None, entities: Some((items.to_vec(), except.to_vec())) }
}

const fn line(action: usize, on: Option<usize>) -> Line {
    Line { action, on, when: None }
}

fn role(lines: &[Line]) -> Role {
    Role { lines: lines.to_vec(), ..Role::default() }
}

fn admin(facts: Facts, roles: &[usize]) -> Account {
    Account { facts, roles: roles.iter().map(|r| (*r, None)).collect(), ..Account::default() }
}

const COUNTRY: Dims = Dims { country: true, unit: false, label: false, relation: false };
const UNIT: Dims = Dims { country: false, unit: true, label: false, relation: false };

/// Every account's chain, as a number of steps, where there is one.
fn steps(tiny: &Tiny) -> Vec<Option<usize>> {
    chains(tiny).unwrap_or_else(|e| panic!("{e}\n{}", tiny.text()))
}

/// The policy with its first account alone, and nobody else who brings a role: more comes by several steps, or not at all.
fn alone(tiny: &Tiny) -> Tiny {
    let mut alone = tiny.clone();
    alone.accounts.truncate(1);
    alone.roles.iter_mut().for_each(|role| role.by_claim = false);
    alone
}

/// The policy with the roles of its first account given to all others, who differ in their facts.
fn alike(tiny: &Tiny) -> Tiny {
    let mut alike = alone(tiny);
    let first = alike.accounts[0].clone();
    let others = tiny.accounts.iter().skip(1).map(|a| Account { facts: a.facts, ..first.clone() });
    alike.accounts.extend(others);
    alike
}

/// Without the walk, which takes longest: many more policies are tried.
#[test]
fn every_chain_that_is_told_can_be_taken_step_by_step() {
    let (long, told, longest) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let cases = std::env::var("BAILIWICK_CASES").ok().and_then(|n| n.parse().ok());
    let config =
        Config { cases: cases.unwrap_or(500), failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    let mut runner = if cases.is_some() { TestRunner::new(config) } else { deterministic(config) };
    let outcome = runner.run(&tiny_policies().prop_map(Shown), |shown| {
        for tiny in [shown.0.clone(), alone(&shown.0), alike(&shown.0)] {
            let all = chains(&tiny).map_err(|e| TestCaseError::fail(format!("{e}\n{}", tiny.text())))?;
            for steps in all.into_iter().flatten() {
                count(&told, 1);
                count(&long, usize::from(steps > 1));
                longest.set(longest.get().max(steps));
            }
        }
        Ok(())
    });
    let (told, long, longest) = (told.get(), long.get(), longest.get());
    println!("chains: {told}, of several steps {long}, the longest of {longest}");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(long * 50 > told && longest > 2, "hardly any chains");
}

#[test]
fn whoever_was_given_a_role_is_changed_no_more_by_those_who_may_not() {
    let mut tiny = policy("acc", COUNTRY, &[0, 1]);
    let (give_first, se, fi, holders, others) = (4, 0, 1, 2, 3);
    tiny.scopes = vec![
        users(&[Item::Country(2)], &[]),
        users(&[Item::Country(1), Item::Myself], &[]),
        users(&[Item::Holders(1)], &[]),
        users(&[], &[Item::Holders(0)]),
    ];
    tiny.roles = vec![
        role(&[Line { when: Some(Item::Country(2)), ..line(give_first, Some(se)) }]),
        Role { scope: Some(holders), ..role(&[line(give_first, Some(fi)), line(EDIT, None), line(LOGIN, None)]) },
    ];
    tiny.rules = vec![Rule { group: Item::NotCountry(1), role: 1, on: Some(others) }];
    tiny.accounts = vec![admin(Facts::default(), &[1]), admin(Facts::default(), &[0])];
    let found = steps(&tiny);
    assert!(found[1].is_some_and(|n| n > 1), "{found:?}");
}

#[test]
fn a_role_that_bars_another_is_given_after_it() {
    let mut tiny = policy("men", COUNTRY, &[0, 1]);
    let (give_first, give_second, fi, others) = (4, 5, 0, 1);
    tiny.scopes = vec![
        users(&[Item::Country(1), Item::Myself], &[]),
        users(&[], &[Item::Holders(0)]),
        users(&[Item::Country(1)], &[]),
    ];
    tiny.roles = vec![
        Role { when: Some(Item::Holders(1)), ..role(&[line(OPEN, None), line(LOGIN, Some(fi))]) },
        Role {
            when: Some(Item::Country(1)),
            ..role(&[line(give_second, Some(others)), line(LOGIN, None), line(LOGIN, None)])
        },
        Role { ungrantable: true, extends: vec![(1, None)], ..role(&[line(give_first, Some(2))]) },
    ];
    tiny.accounts = vec![admin(Facts { country: 1, ..Facts::default() }, &[2, 0])];
    assert_eq!(steps(&tiny), [Some(3)]);
}

#[test]
fn a_change_on_which_nothing_depends_is_no_step() {
    let mut tiny = policy("acc", COUNTRY, &[0, 1, 2]);
    tiny.actions[EDIT] = Action { country: false, label: true, ..tiny.actions[EDIT].clone() };
    let moving = Action { name: "move".into(), country: true, label: false, ..tiny.actions[EDIT].clone() };
    tiny.actions.insert(4, moving);
    let (step, give_first, give_second, holders, fi, se) = (4, 5, 6, 0, 1, 2);
    tiny.scopes =
        vec![users(&[Item::Holders(0)], &[]), users(&[Item::Country(1)], &[]), users(&[Item::Country(2)], &[])];
    tiny.roles = vec![
        role(&[line(LOGIN, None), Line { when: Some(Item::Country(1)), ..line(LOGIN, None) }, line(EDIT, None)]),
        Role { when: Some(Item::Country(1)), ..role(&[line(LOGIN, Some(holders)), line(give_first, Some(fi))]) },
        role(&[line(step, None), line(give_second, Some(se))]),
    ];
    tiny.rules = vec![Rule { group: Item::NotCountry(1), role: 0, on: None }];
    tiny.accounts = vec![admin(Facts::default(), &[2])];
    assert_eq!(steps(&tiny), [Some(3)]);
}

#[test]
fn what_was_given_in_one_unit_is_not_had_in_another_that_cannot_be_reached() {
    let mut tiny = policy("acc", UNIT, &[0, 1, 2]);
    tiny.actions.insert(
        4,
        Action { resource: "site", name: "shut".into(), on: On::Site, unit: false, ..tiny.actions[EDIT].clone() },
    );
    let (give_first, others, unit, units, elsewhere, here) = (5, 0, 1, 2, 3, 4);
    tiny.scopes = vec![
        users(&[], &[Item::OwnUnit]),
        users(&[Item::Unit(1)], &[]),
        users(&[Item::Unit(1), Item::Unit(1)], &[]),
        things(&[], &[Thing::Unit(1)]),
        things(&[Thing::Unit(1)], &[]),
    ];
    tiny.roles = vec![
        role(&[line(give_first, Some(others)), line(LOGIN, None)]),
        Role {
            extends: vec![(0, None)],
            ..role(&[line(EDIT, None), line(LOGIN, Some(unit)), line(LOGIN, Some(units))])
        },
        role(&[line(EDIT, Some(elsewhere))]),
    ];
    tiny.rules = vec![Rule { group: Item::Unit(2), role: 1, on: Some(here) }];
    tiny.accounts = vec![admin(Facts { unit: 2, ..Facts::default() }, &[2])];
    assert_eq!(steps(&tiny), [Some(3)]);
}

#[test]
fn a_change_is_made_again_by_whoever_still_can() {
    let mut tiny = policy("acc", UNIT, &[0, 1]);
    let (give_first, own, there, holders) = (4, 0, 1, 2);
    tiny.scopes = vec![users(&[Item::OwnUnit], &[]), things(&[Thing::Unit(3)], &[]), users(&[Item::Holders(1)], &[])];
    let lines = [line(LOGIN, Some(own)), line(give_first, Some(there)), line(EDIT, Some(holders))];
    tiny.roles = vec![Role { when: Some(Item::Unit(1)), ..role(&lines) }, role(&[line(OPEN, None)])];
    tiny.rules = vec![Rule { group: Item::Unit(2), role: 0, on: None }];
    tiny.accounts = vec![admin(Facts { unit: 2, ..Facts::default() }, &[1])];
    assert_eq!(steps(&tiny), [Some(4)]);
}
