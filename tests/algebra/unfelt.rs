//! Fences that an action does not feel, fences in vain, and fences that all holders of a role have, against the ways as they are written.

use std::collections::BTreeSet;

use bailiwick::diagnostic::Finding;

use super::counted::told;
use super::past::names;
use super::told::silent;
use super::trial::{Trial, count, on_dense_policies, opened};
use super::ways::{By, Path, Way, is_restricted, kind, paths_of_line, paths_of_role, restricts, signature, ways};
use crate::oracle::dice::Dice;
use crate::oracle::eval::{is_member, restricts_entities, restricts_users};
use crate::oracle::generate::{Line, actions};
use crate::oracle::many::{crowded, distinct, with_takeovers};
use crate::oracle::policy::{
    ActionPath, Admin, Allow, Condition, EntityItem, Kind, Policy, Role, Scope, Set, Signature, UserItem,
};

/// A fence and what it leaves open.
type Unfelt = (String, bool, BTreeSet<String>);

#[test]
fn a_fence_that_an_action_does_not_feel_is_told() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(with_takeovers(opened(silent(&policy)), lines), lines);
    on_dense_policies("half-fenced", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let mut bundles = vec![];
        trial.policy.roles.iter().for_each(|role| of_role(trial.policy, role, &mut bundles));
        trial.policy.admins.iter().for_each(|admin| of_admin(trial.policy, admin, at, &mut bundles));
        count(&trial.tally.compared, bundles.len());
        count(&trial.tally.points, bundles.iter().map(|(.., actions)| actions.len()).sum());
        let mut expected: Vec<Unfelt> = vec![];
        for (holder, by_users, actions) in bundles.into_iter().filter(|(.., actions)| !actions.is_empty()) {
            expected.push((holder, by_users, written(trial, &actions)?));
        }
        let mut said: Vec<Unfelt> = vec![];
        for finding in told(trial.policy, "BW407", at)? {
            let by_users = finding.message.contains("is fenced by users");
            let mut words = finding.message.split('`').skip(1).step_by(2).map(str::to_owned);
            said.push((words.next().ok_or("nobody")?, by_users, words.collect()));
        }
        count(&trial.tally.witnesses, said.len());
        said.sort();
        expected.sort();
        let alike = |(said, all): (&Unfelt, &Unfelt)| (&said.0, said.1) == (&all.0, all.1) && names(&said.2, &all.2);
        let same = said.len() == expected.len() && said.iter().zip(&expected).all(alike);
        if same { Ok(()) } else { Err(format!("from {at} on {expected:?}, and it says {said:?}")) }
    });
}

/// The paths of actions as findings write them.
fn written(trial: &Trial<'_>, all: &BTreeSet<ActionPath>) -> Result<BTreeSet<String>, String> {
    let model = trial.compiled.model();
    all.iter().map(|a| Ok(model.actions[trial.names.action(a)?.index()].path.clone())).collect()
}

/// Of a bundle that is fenced in one part only, what it gives on the other part alone, and nothing else restricts.
fn left_open<'t>(policy: &Policy, scope: &Scope, paths: impl Iterator<Item = &'t Path>) -> BTreeSet<ActionPath> {
    let open = |path: &&Path| {
        let (on, done) = (signature(policy, &path.action), kind(policy, &path.action));
        match restricts_users(scope) {
            true => on == Signature::Entity && done == Kind::Destroy && !path.fenced[0],
            false => on == Signature::User && done != Kind::View && !path.fenced[1],
        }
    };
    paths.filter(open).map(|path| path.action.clone()).collect()
}

fn of_one_part(scope: &Scope) -> bool {
    restricts_users(scope) != restricts_entities(scope)
}

type Bundles = Vec<(String, bool, BTreeSet<ActionPath>)>;

fn of_role(policy: &Policy, role: &Role, bundles: &mut Bundles) {
    let all = paths_of_role(policy, role);
    if let Some(scope) = role.scope.as_ref().filter(|s| of_one_part(s)) {
        bundles.push((role.name.clone(), restricts_users(scope), left_open(policy, scope, all.iter())));
    }
    if role.scope.as_ref().is_some_and(is_restricted) {
        return;
    }
    for (number, line) in role.allows.iter().enumerate() {
        let Some(on) = line.on.as_ref().filter(|on| of_one_part(on)) else { continue };
        // What the role gives by this line alone; what it takes out, it takes out.
        let only = Role { allows: vec![role.allows[number].clone()], assigns: vec![], extends: vec![], ..role.clone() };
        bundles.push((
            role.name.clone(),
            restricts_users(on),
            left_open(policy, on, paths_of_role(policy, &only).iter()),
        ));
    }
}

fn of_admin(policy: &Policy, admin: &Admin, at: i32, bundles: &mut Bundles) {
    let ways = ways(policy, admin, at);
    // What the role's own scope does not touch is told of the role.
    let fresh = |way: &Way<'_>, scope: &Scope| {
        let known = way.role.and_then(|r| r.scope.as_ref()).filter(|s| of_one_part(s));
        let known = known.map_or(BTreeSet::new(), |s| left_open(policy, s, way.paths.iter()));
        let open = left_open(policy, scope, way.paths.iter());
        open.difference(&known).cloned().collect::<BTreeSet<_>>()
    };
    if let Some(scope) = &admin.scope {
        if of_one_part(scope) {
            let other = if restricts_users(scope) { Signature::Entity } else { Signature::User };
            let open = ways.iter().filter(|w| !w.is_fenced(policy, other));
            let all = open.flat_map(|way| fresh(way, scope)).collect();
            bundles.push((admin.name.clone(), restricts_users(scope), all));
        }
        return;
    }
    for way in &ways {
        match way.by {
            By::Assignment(number) => {
                if let Some(on) = admin.assignments[number].on.as_ref().filter(|on| of_one_part(on)) {
                    bundles.push((admin.name.clone(), restricts_users(on), fresh(way, on)));
                }
            }
            By::Own => {
                for line in &admin.allows {
                    if let Some(on) = line.on.as_ref().filter(|on| of_one_part(on)) {
                        let paths = paths_of_line(policy, line);
                        bundles.push((admin.name.clone(), restricts_users(on), left_open(policy, on, paths.iter())));
                    }
                }
            }
            By::Rule(_) => {}
        }
    }
}

#[test]
fn a_fence_is_told_in_vain_where_nothing_behind_it_feels_it() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(opened(silent(&policy)), lines);
    on_dense_policies("fences in vain", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let found = told(policy, "BW403", at)?;
        let why = "no action behind it feels what it restricts";
        let idle = |f: &&Finding| f.labels.iter().any(|label| label.text.contains(why));
        let said = found.iter().filter(idle).count();
        let mut asked = 0;
        let mut expected = 0;
        for role in &policy.roles {
            let paths = paths_of_role(policy, role);
            if let Some(scope) = role.scope.as_ref().filter(|s| is_restricted(s)) {
                asked += 1;
                expected += usize::from(is_beside(policy, scope, &paths, gives_site(policy, role)));
            }
        }
        for admin in &policy.admins {
            let ways = ways(policy, admin, i32::MIN);
            let all: Vec<Path> = ways.iter().flat_map(|way| way.paths.clone()).collect();
            if let Some(scope) = admin.scope.as_ref().filter(|s| is_restricted(s)) {
                asked += 1;
                expected += usize::from(is_beside(policy, scope, &all, false));
            }
            for way in &ways {
                let By::Assignment(number) = way.by else { continue };
                if let Some(on) = admin.assignments[number].on.as_ref().filter(|on| is_restricted(on)) {
                    asked += 1;
                    expected += usize::from(is_beside(policy, on, &way.paths, false));
                }
            }
        }
        count(&trial.tally.compared, asked);
        count(&trial.tally.points, asked);
        count(&trial.tally.witnesses, said);
        if said == expected { Ok(()) } else { Err(format!("{expected} from {at} on, and it says {said}: {found:?}")) }
    });
}

/// Whether a scope restricts nothing of what stands behind it, which is something, and it is not told otherwise.
fn is_beside(policy: &Policy, scope: &Scope, paths: &[Path], site: bool) -> bool {
    let signatures: Vec<Signature> = paths.iter().map(|path| signature(policy, &path.action)).collect();
    let felt = signatures
        .iter()
        .any(|on| (restricts_entities(scope) && on.uses_entities()) || (restricts_users(scope) && on.uses_users()));
    let site = site || signatures.contains(&Signature::Site);
    let told = of_one_part(scope) && !left_open(policy, scope, paths.iter()).is_empty();
    !signatures.is_empty() && !felt && !site && !told
}

/// Whether a site-wide action is among what a role would give without its scope.
fn gives_site(policy: &Policy, role: &Role) -> bool {
    let is_site = |action: &ActionPath| signature(policy, action) == Signature::Site;
    let own = |line: &Allow| actions(policy).iter().any(|a| is_site(a) && is_member(policy, &line.actions, a));
    let of = |name: &str| policy.roles.iter().find(|r| r.name == name);
    let mut extended = role.extends.iter().filter_map(|e| of(&e.role)).flat_map(|r| paths_of_role(policy, r));
    role.allows.iter().any(own) || extended.any(|path| is_site(&path.action))
}

#[test]
fn the_fence_of_all_holders_is_told_where_it_is_one() {
    let dressed = |policy: Policy, lines: &[Line]| fenced_alike(crowded(opened(silent(&policy)), lines), lines);
    on_dense_policies("fences shared", 40, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let found = told(policy, "BW403", at)?;
        for role in &policy.roles {
            let ways = policy.admins.iter().flat_map(|admin| ways(policy, admin, at));
            let held: Vec<Way<'_>> = ways.filter(|way| way.role.is_some_and(|r| r.name == role.name)).collect();
            if held.len() < 2 {
                continue;
            }
            count(&trial.tally.compared, 1);
            count(&trial.tally.points, held.len());
            let by_name = !role.by_claim && policy.automatic.iter().all(|rule| rule.role != role.name);
            let fences: Vec<Vec<String>> = held.iter().map(|way| conjuncts(policy, &way.scopes)).collect();
            let one = fences.iter().all(|fence| *fence == fences[0]) && !fences[0].is_empty();
            let felt = held[0].scopes.iter().any(|scope| {
                held[0].paths.iter().any(|path| {
                    let on = signature(policy, &path.action);
                    on == Signature::Site || restricts(policy, scope, on).is_none_or(|parts| parts != [false, false])
                })
            });
            let expected = by_name && one && felt && held[0].scopes.iter().any(|scope| is_restricted(scope));
            let words = format!("holders of `{}` have it behind the same fence", role.name);
            let said = found.iter().any(|f| f.message.contains(&words));
            count(&trial.tally.witnesses, usize::from(said));
            if said != expected {
                return Err(format!("{} behind {fences:?}: {expected}, and it says {said}", role.name));
            }
        }
        Ok(())
    });
}

/// Some roles are held behind one fence by all, mostly written on the assignment.
fn fenced_alike(mut policy: Policy, lines: &[Line]) -> Policy {
    let dice = &mut Dice::new(lines.last().map_or(&[], Vec::as_slice));
    for role in policy.roles.iter().map(|r| r.name.clone()).collect::<Vec<_>>() {
        let mut held: Vec<(usize, usize)> = vec![];
        for (number, admin) in policy.admins.iter().enumerate() {
            held.extend(admin.assignments.iter().enumerate().filter(|(_, a)| a.role == role).map(|(i, _)| (number, i)));
        }
        let Some((first, given)) = dice.pick(&held).copied() else { continue };
        let on = policy.admins[first].assignments[given].on.clone();
        if on.is_none() || dice.chance(30) {
            continue;
        }
        for (admin, given) in held {
            if !dice.chance(6) {
                policy.admins[admin].assignments[given].on.clone_from(&on);
            }
            if !dice.chance(6) {
                policy.admins[admin].scope = None;
            }
        }
    }
    for admin in &mut policy.admins {
        admin.assignments = distinct(std::mem::take(&mut admin.assignments).into_iter());
    }
    policy
}

/// What scopes ask for, taken together, in an order of its own.
fn conjuncts(policy: &Policy, scopes: &[&Scope]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for scope in scopes {
        if let Some(set) = scope.users.as_ref().filter(|_| restricts_users(scope)) {
            joined(set, |item| user_word(policy, item), "user", &mut all);
        }
        if let Some(set) = scope.entities.as_ref().filter(|_| restricts_entities(scope)) {
            joined(set, entity_word, "entity", &mut all);
        }
    }
    all.into_iter().collect()
}

fn joined<T>(set: &Set<T>, word: impl Fn(&T) -> String, part: &str, all: &mut BTreeSet<String>) {
    if let Some(items) = &set.items {
        let any: BTreeSet<String> = items.iter().map(&word).collect();
        all.insert(format!("{part} {any:?}"));
    }
    all.extend(set.except.iter().map(|item| format!("{part} not {}", word(item))));
}

fn user_word(policy: &Policy, item: &UserItem) -> String {
    match item {
        // A group of one unit, or of the holders of a role, says the same as these.
        UserItem::Group(name) => match policy.groups.iter().find(|g| g.name == *name).map(|g| &g.condition) {
            Some(Condition::Unit { unit, only: false }) => user_word(policy, &UserItem::Unit(unit.clone())),
            Some(Condition::Holders(role)) => user_word(policy, &UserItem::Holders(role.clone())),
            Some(Condition::Group(other)) => user_word(policy, &UserItem::Group(other.clone())),
            condition => format!("{condition:?}"),
        },
        item => format!("{item:?}"),
    }
}

fn entity_word(item: &EntityItem) -> String {
    format!("{item:?}")
}
