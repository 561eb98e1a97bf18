//! Findings about rules: told exactly where some case of a small policy, with every feature on, is one of what they say.

use std::collections::BTreeSet;

use bailiwick::diagnostic::Finding;

use super::board::{Board, decided};
use super::counted::told;
use super::roles::{anyone_of, with_anyone};
use super::trial::{Trial, count, on_dense_policies, opened};
use super::vocabulary::Mentions;
use super::world::World;
use crate::oracle::dice::Dice;
use crate::oracle::eval::{Atom, binds, of_target, restricts_users, takes};
use crate::oracle::facts::login;
use crate::oracle::generate::Line;
use crate::oracle::many::{protections, with_takeovers};
use crate::oracle::pieces::condition;
use crate::oracle::policy::{
    ActionPath, Actor, Admin, Assertion, Assignment, Automatic, Condition, Extends, Facts, Forbid, Group, Kind as Done,
    Marks, Policy, Question, Role, Set, Signature, Subject, Subjects, UserItem,
};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// The rights of a policy without anything that is said about them.
pub(crate) fn silent(policy: &Policy) -> Policy {
    let mut policy = Policy { assertions: vec![], quotas: vec![], separations: vec![], ..policy.clone() };
    policy.roles.iter_mut().for_each(|role| role.nevers = vec![]);
    policy
}

/// What stands between backticks in a text.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

// ---- groups --------------------------------------------------------------------------------------------------------------------

#[test]
fn a_group_is_told_empty_or_full_where_nobody_or_everybody_is_in_it() {
    on_dense_policies(
        "groups",
        40,
        |policy, _| opened(silent(&policy)),
        |trial| {
            let at = trial.day(&mut trial.dice());
            let policy = &with_groups(trial.policy.clone(), trial.lines);
            let mut settled: Vec<(String, bool)> = vec![];
            for group in &policy.groups {
                let Some(seen) = members(trial, policy, group, at) else { return Ok(()) };
                count(&trial.tally.compared, 1);
                if seen[0] != seen[1] {
                    settled.push((group.name.clone(), seen[1]));
                }
            }
            let builds_on = |name: &str| {
                let group = policy.groups.iter().find(|g| g.name == name);
                group.is_some_and(|g| names_one_of(&g.condition, &settled))
            };
            let expected: BTreeSet<(String, bool)> = settled.iter().filter(|(g, _)| !builds_on(g)).cloned().collect();
            let found = told(policy, "BW410", at)?;
            let said = found.iter().map(|f| (quoted(&f.message), f.message.starts_with("everybody")));
            let said: BTreeSet<(String, bool)> =
                said.flat_map(|(g, all)| g.into_iter().map(move |g| (g, all))).collect();
            if said == expected {
                Ok(())
            } else {
                Err(format!("{}\n{expected:?}, and it says {said:?}", print(policy, 0)))
            }
        },
    );
}

/// The policy with more groups; some are built of two, so that they are more often empty or full.
fn with_groups(mut policy: Policy, lines: &[Line]) -> Policy {
    for line in lines.iter().take(lines.len() / 2) {
        let dice = &mut Dice::new(line);
        let depth = 1 + dice.below(2);
        let one = condition(&policy, dice, depth);
        let other = condition(&policy, dice, 1);
        let condition = match dice.below(4) {
            0 => one,
            1 => Condition::And(vec![one, other]),
            2 => Condition::Or(vec![one.clone(), other, Condition::Not(Box::new(one))]),
            _ => Condition::And(vec![one.clone(), Condition::Not(Box::new(Condition::And(vec![one, other])))]),
        };
        policy.groups.push(Group { name: format!("h{}", policy.groups.len()), condition });
    }
    policy
}

/// Whether somebody is not in a group, and whether somebody is; none where there is too much to ask.
fn members(trial: &Trial<'_>, policy: &Policy, group: &Group, at: i32) -> Option<[bool; 2]> {
    // Only what the group asks for is told apart.
    let probe = &asking_only(policy, group);
    let world = World::by_every_test(probe)?;
    let anyone = anyone_of(probe, &world);
    let nameless: Vec<&Facts> = world.strangers().iter().filter(|f| f.login.is_none()).collect();
    if !trial.affords(anyone.len() + nameless.len()) {
        return None;
    }
    let asked = Atom::Condition(Condition::Group(group.name.clone()));
    let mut seen = [false; 2];
    for one in &anyone {
        let user = Facts { closed: true, login: Some(login(one)), ..Facts::default() };
        let question = about(Actor::Named(one.name.clone()), user, at);
        let with = with_anyone(probe, one);
        seen[usize::from(of_target(&with, &question, false, &asked) == Truth::True)] = true;
        if seen == [true, true] {
            return Some(seen);
        }
    }
    for facts in &nameless {
        let user = Facts { relations: Marks::Only(vec![]), ..(*facts).clone() };
        let question = about(trial.named(0), user, at);
        seen[usize::from(of_target(probe, &question, false, &asked) == Truth::True)] = true;
    }
    Some(seen)
}

/// The policy without anything that asks, but this group and what it is built on.
fn asking_only(policy: &Policy, group: &Group) -> Policy {
    let mut asked = BTreeSet::from([group.name.clone()]);
    let mut rules: BTreeSet<usize> = BTreeSet::new();
    loop {
        let before = (asked.len(), rules.len());
        for group in policy.groups.iter().filter(|g| asked.contains(&g.name)).cloned().collect::<Vec<_>>() {
            let mut mentions = Mentions::default();
            mentions.condition(&group.condition);
            asked_of(policy, &mentions.users, &mut asked, &mut rules);
        }
        for rule in rules.iter().copied().collect::<Vec<_>>() {
            let mut mentions = Mentions::default();
            mentions.user_set(&policy.automatic[rule].users);
            asked_of(policy, &mentions.users, &mut asked, &mut rules);
        }
        if (asked.len(), rules.len()) == before {
            break;
        }
    }
    let bare = |r: &Role| Role {
        name: r.name.clone(),
        profile: r.profile,
        superuser: r.superuser,
        ungrantable: r.ungrantable,
        by_claim: r.by_claim,
        needs: r.needs.clone(),
        extends: r.extends.iter().map(|e| Extends { role: e.role.clone(), on: None }).collect(),
        ..Role::default()
    };
    let rule = |i: usize| Automatic { on: None, ..policy.automatic[i].clone() };
    let assignment = |a: &Assignment| Assignment { on: None, ..a.clone() };
    let admin = |a: &Admin| Admin {
        scope: None,
        allows: vec![],
        assignments: a.assignments.iter().map(assignment).collect(),
        ..a.clone()
    };
    // What is asked of a group is told apart, too.
    let everyone = Subjects { items: vec![Subject::UsersIn(UserItem::Group(group.name.clone()))], except: vec![] };
    let any = Set { items: None, except: vec![] };
    Policy {
        groups: policy.groups.iter().filter(|g| asked.contains(&g.name)).cloned().collect(),
        roles: policy.roles.iter().map(bare).collect(),
        automatic: rules.into_iter().map(rule).collect(),
        admins: policy.admins.iter().map(admin).collect(),
        forbids: vec![],
        assertions: vec![Assertion { always: false, subjects: everyone, actions: any, on: None }],
        ..policy.clone()
    }
}

/// Adds the groups that are asked for, and the rules that give the roles that are.
fn asked_of(policy: &Policy, items: &[UserItem], groups: &mut BTreeSet<String>, rules: &mut BTreeSet<usize>) {
    for item in items {
        match item {
            UserItem::Group(name) => drop(groups.insert(name.clone())),
            UserItem::Holders(role) => {
                let of = policy.automatic.iter().enumerate().filter(|(_, rule)| rule.role == *role);
                rules.extend(of.map(|(i, _)| i));
            }
            UserItem::Unit(_) | UserItem::OwnUnit | UserItem::Relation(_) | UserItem::Myself => {}
        }
    }
}

fn about(actor: Actor, user: Facts, day: i32) -> Question {
    let action = ActionPath { resource: String::new(), action: String::new() };
    Question { actor, action, entity: None, user: Some(user), day }
}

fn names_one_of(condition: &Condition, groups: &[(String, bool)]) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|c| names_one_of(c, groups)),
        Condition::Not(part) => names_one_of(part, groups),
        Condition::Group(name) => groups.iter().any(|(g, _)| g == name),
        _ => false,
    }
}

// ---- protections ---------------------------------------------------------------------------------------------------------------

#[test]
fn a_protection_has_a_gap_where_somebody_gets_through() {
    let dressed = |policy: Policy, lines: &[Line]| {
        let mut policy = with_takeovers(opened(silent(&policy)), lines);
        let more = protections(&policy, lines);
        policy.forbids.extend(more);
        policy
    };
    on_dense_policies("protections", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let more = protections(trial.policy, trial.lines);
        let own = trial.policy.forbids.len() - more.len();
        // What a protection does not speak of, it does not take away: so each is asked of the same rights.
        let base = Policy { forbids: trial.policy.forbids[..own].to_vec(), ..trial.policy.clone() };
        let board = Board::new(trial, &base, at, false)?;
        let found = told(&base, "BW203", at)?;
        for (number, forbid) in base.forbids.iter().enumerate() {
            protection(&board, forbid, &of_forbid(&base, &found, number))?;
        }
        for forbid in more {
            let alone = Policy { forbids: base.forbids.iter().chain([&forbid]).cloned().collect(), ..base.clone() };
            let found = told(&alone, "BW203", at)?;
            protection(&board, &forbid, &of_forbid(&alone, &found, own))?;
        }
        Ok(())
    });
}

/// The findings about a prohibition; each stands on a line of its own.
fn of_forbid(policy: &Policy, found: &[Finding], number: usize) -> Vec<Finding> {
    let text = print(policy, 0);
    let before = |f: &&Finding| {
        let start = f.span().map_or(0, |span| span.start as usize);
        text[..start].lines().filter(|line| line.starts_with("forbid ")).count()
    };
    found.iter().filter(|f| before(f) == number).cloned().collect()
}

/// Compares what a prohibition leaves open with what is told of it.
fn protection(board: &Board<'_, '_>, forbid: &Forbid, found: &[Finding]) -> Result<(), String> {
    let trial = board.trial;
    let class = class(trial.policy);
    let guarded = forbid.on.as_ref().is_some_and(restricts_users);
    let mut open = BTreeSet::new();
    if guarded && class.iter().any(|action| speaks(trial, forbid, action)) {
        for action in class.iter().filter(|action| feels(trial, forbid, action) && !speaks(trial, forbid, action)) {
            let Some(gap) = gap(board, forbid, action)? else { return Ok(()) };
            if gap {
                open.insert(path(trial, action)?);
            }
        }
        count(&trial.tally.compared, 1);
    }
    let mut said: Vec<BTreeSet<String>> = vec![];
    for finding in found {
        let help = finding.help.as_ref().ok_or("a gap without advice")?;
        said.push(quoted(help).into_iter().filter(|word| word != "forbid").collect());
    }
    let expected: Vec<BTreeSet<String>> = (!open.is_empty()).then_some(open).into_iter().collect();
    if said == expected { Ok(()) } else { Err(format!("{forbid:?}: {expected:?}, and it says {said:?}")) }
}

/// The path of an action as findings write it.
fn path(trial: &Trial<'_>, action: &ActionPath) -> Result<String, String> {
    Ok(trial.compiled.model().actions[trial.names.action(action)?.index()].path.clone())
}

/// The actions by which an account is taken over or lost.
fn class(policy: &Policy) -> Vec<ActionPath> {
    let mut all = vec![];
    for resource in policy.resources.iter().filter(|r| r.on.uses_users()) {
        let taken = resource.actions.iter().any(|a| a.kind == Done::Become);
        let lost = taken || resource.on == Signature::Account;
        let is = |kind: Done| kind == Done::Become || (kind == Done::Destroy && lost);
        let these = resource.actions.iter().filter(|a| is(a.kind));
        all.extend(these.map(|a| ActionPath { resource: resource.name.clone(), action: a.name.clone() }));
    }
    all
}

fn plain(trial: &Trial<'_>, action: &ActionPath) -> Question {
    Question { actor: trial.named(0), action: action.clone(), entity: None, user: None, day: 0 }
}

/// Whether a prohibition is one of this action.
fn speaks(trial: &Trial<'_>, forbid: &Forbid, action: &ActionPath) -> bool {
    takes(trial.policy, &plain(trial, action), forbid)
}

/// Whether the action is done to what the prohibition fences.
fn feels(trial: &Trial<'_>, forbid: &Forbid, action: &ActionPath) -> bool {
    let entities = forbid.on.as_ref().and_then(|s| s.entities.as_ref());
    let fenced = entities.is_some_and(|set| set.items.is_some() || !set.except.is_empty());
    !fenced || trial.world.signature(action).uses_entities()
}

/// Whether somebody whom the prohibition binds may do another action to somebody else whom it protects; none where there is too much
/// to ask.
fn gap(board: &Board<'_, '_>, forbid: &Forbid, action: &ActionPath) -> Result<Option<bool>, String> {
    let signature = board.trial.world.signature(action);
    let number = board.actions.iter().position(|a| a == action).ok_or("an action that there is not")?;
    for (seat, kind) in board.people().flat_map(|seat| [(seat, 0), (seat, 1)]) {
        let place = (seat, signature, kind);
        let Some(cases) = board.cases(place) else { return Ok(None) };
        for day in board.days.iter().copied() {
            board.tried(cases.len());
            let allowed = board.allowed(place, (number, None), day);
            for (at, case) in cases.iter().enumerate() {
                let bound = |question: &Question| decided(binds(board.policy, question, forbid), question);
                if allowed(at, case)? && board.ask(seat, case, (action, day), bound)? {
                    return Ok(Some(true));
                }
            }
        }
    }
    Ok(Some(false))
}
