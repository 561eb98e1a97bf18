//! Findings about rules: told exactly where some case of a small policy, with every feature on, is one of what they say.

use std::collections::BTreeSet;

use super::counted::told;
use super::roles::{anyone_of, with_anyone};
use super::trial::{Trial, count, on_open_policies};
use super::world::{Kind, Led, World, is_somebody_else};
use crate::oracle::eval::{Atom, binds, effective, is_among, of_target, takes};
use crate::oracle::facts::login;
use crate::oracle::generate::{FIRST_DAY, actions};
use crate::oracle::policy::{
    ActionPath, Actor, Assertion, Condition, Facts, Forbid, Group, Kind as Done, Marks, Policy, Question, Set,
    Signature, Subject, Subjects, UserItem,
};
use crate::oracle::truth::Truth;

/// After this day nothing begins or ends.
const LAST_DAY: i32 = FIRST_DAY + 8;

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
    on_open_policies("groups", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        // What nobody asks for is told apart, too.
        let everyone =
            |g: &Group| Subjects { items: vec![Subject::UsersIn(UserItem::Group(g.name.clone()))], except: vec![] };
        let any = Set { items: None, except: vec![] };
        let asking = |g| Assertion { always: false, subjects: everyone(g), actions: any.clone(), on: None };
        let assertions = trial.policy.groups.iter().map(asking).collect();
        let policy = &Policy { assertions, ..silent(trial.policy) };
        let Some(world) = World::of(policy) else { return Ok(()) };
        let anyone = anyone_of(policy, &world);
        let nameless: Vec<&Facts> = world.strangers().iter().filter(|f| f.login.is_none()).collect();
        if !trial.affords((anyone.len() + nameless.len()) * policy.groups.len()) {
            return Ok(());
        }
        let mut settled: Vec<(String, bool)> = vec![];
        for group in &policy.groups {
            count(&trial.tally.compared, 1);
            let asked = Atom::Condition(Condition::Group(group.name.clone()));
            let mut seen = [false; 2];
            for one in &anyone {
                let user = Facts { closed: true, login: Some(login(one)), ..Facts::default() };
                let question = about(Actor::Named(one.name.clone()), user, at);
                let with = with_anyone(policy, one);
                seen[usize::from(of_target(&with, &question, false, &asked) == Truth::True)] = true;
            }
            for facts in &nameless {
                let user = Facts { relations: Marks::Only(vec![]), ..(*facts).clone() };
                let question = about(trial.named(0), user, at);
                seen[usize::from(of_target(policy, &question, false, &asked) == Truth::True)] = true;
            }
            if seen[0] != seen[1] {
                settled.push((group.name.clone(), seen[1]));
            }
        }
        let builds_on = |name: &str| {
            let group = policy.groups.iter().find(|g| g.name == name);
            group.is_some_and(|g| names_one_of(&g.condition, &settled))
        };
        let expected: BTreeSet<(String, bool)> = settled.iter().filter(|(g, _)| !builds_on(g)).cloned().collect();
        let found = told(&silent(policy), "BW410", at)?;
        let said = found.iter().map(|f| (quoted(&f.message), f.message.starts_with("everybody")));
        let said: BTreeSet<(String, bool)> = said.flat_map(|(g, all)| g.into_iter().map(move |g| (g, all))).collect();
        if said == expected { Ok(()) } else { Err(format!("{expected:?}, and it says {said:?}")) }
    });
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
    on_open_policies("protections", 240, |trial| {
        let at = trial.day(&mut trial.dice());
        let class = class(trial.policy);
        let mut expected = vec![];
        for forbid in &trial.policy.forbids {
            let guarded = forbid.on.as_ref().and_then(|s| s.users.as_ref());
            let guarded = guarded.is_some_and(|set| set.items.is_some() || !set.except.is_empty());
            let listed = class.iter().any(|action| speaks(trial, forbid, action));
            if !guarded || !listed {
                continue;
            }
            let mut open = BTreeSet::new();
            for action in class.iter().filter(|action| feels(trial, forbid, action) && !speaks(trial, forbid, action)) {
                let Some(gap) = gap(trial, forbid, action, at)? else { return Ok(()) };
                if gap {
                    open.insert(path(trial, action)?);
                }
            }
            count(&trial.tally.compared, 1);
            expected.extend((!open.is_empty()).then_some(open));
        }
        let found = told(&silent(trial.policy), "BW203", at)?;
        let mut said: Vec<BTreeSet<String>> = vec![];
        for finding in &found {
            let help = finding.help.as_ref().ok_or("a gap without advice")?;
            said.push(quoted(help).into_iter().filter(|word| word != "forbid").collect());
        }
        said.sort();
        expected.sort();
        if said == expected { Ok(()) } else { Err(format!("from {at} on: {expected:?}, and it says {said:?}")) }
    });
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
fn gap(trial: &Trial<'_>, forbid: &Forbid, action: &ActionPath, at: i32) -> Result<Option<bool>, String> {
    let signature = trial.world.signature(action);
    let leads = trial.world.leads(signature);
    let named = trial.policy.admins.iter().map(|a| (Actor::Named(a.name.clone()), vec![a.name.clone()]));
    let others = trial.world.actors.iter().map(|f| (Actor::Unnamed(f.clone()), vec![]));
    for (actor, own) in named.chain(others) {
        for kind in [Kind::Stranger, Kind::Named(own)] {
            let mut spots = trial.world.spots(signature, &kind);
            if let Actor::Unnamed(facts) = &actor {
                spots.retain(|spot| is_somebody_else(facts, spot));
            }
            if !trial.affords(spots.len() * leads.len()) {
                return Ok(None);
            }
            for (spot, led) in spots.iter().flat_map(|s| leads.iter().map(move |l| (s, l))) {
                for day in at..=LAST_DAY {
                    let question = trial.world.question(&actor, action, spot, led, day);
                    if binds(trial.policy, &question, forbid) == Truth::True && trial.world.allows(&question)? {
                        return Ok(Some(true));
                    }
                }
            }
        }
    }
    Ok(Some(false))
}

// ---- fences that are not there -------------------------------------------------------------------------------------------------

#[test]
fn what_is_told_past_the_fences_is_given_on_everything() {
    on_open_policies("past fences", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        for finding in told(&silent(trial.policy), "BW404", at)? {
            let mut words = finding.message.split('`').skip(1).step_by(2);
            let name = words.next().ok_or("nobody")?;
            for word in words {
                let action = actions(trial.policy).into_iter().find(|a| path(trial, a).is_ok_and(|p| p == word));
                let action = action.ok_or("an action that there is not")?;
                let mut everywhere = false;
                for day in at..=LAST_DAY {
                    let Some(all) = on_everything(trial, name, &action, day) else { return Ok(()) };
                    everywhere |= all && !is_root(trial, name, day);
                }
                count(&trial.tally.compared, 1);
                if !everywhere {
                    return Err(format!("`{name}` may not do {action:?} on everything"));
                }
            }
        }
        Ok(())
    });
}

fn is_root(trial: &Trial<'_>, name: &str, day: i32) -> bool {
    let supers = trial.policy.roles.iter().filter(|r| r.superuser).map(|r| Subject::Holders(r.name.clone()));
    let subjects = Subjects { items: supers.collect(), except: vec![] };
    let question = Question { actor: Actor::Named(name.into()), day, ..plain(trial, &actions(trial.policy)[0]) };
    is_among(trial.policy, &question, &subjects) == Truth::True
}

/// Whether an account has a way to an action on every target, whatever is forbidden; none where there is too much to ask.
fn on_everything(trial: &Trial<'_>, name: &str, action: &ActionPath, day: i32) -> Option<bool> {
    let signature = trial.world.signature(action);
    let actor = Actor::Named(name.into());
    let own: String = name.into();
    let kinds = if signature.uses_users() {
        vec![Kind::Stranger, Kind::Named(vec![own.clone()]), Kind::Exactly(own)]
    } else {
        vec![Kind::Stranger]
    };
    let leads = trial.world.leads(signature);
    for kind in &kinds {
        let spots = trial.world.spots(signature, kind);
        if !trial.affords(spots.len() * leads.len()) {
            return None;
        }
        let mut all = spots.iter().flat_map(|s| leads.iter().map(move |l: &Led| (s, l)));
        if !all.all(|(s, l)| effective(trial.policy, &trial.world.question(&actor, action, s, l, day)) == Truth::True) {
            return Some(false);
        }
    }
    Some(true)
}
