//! Many declarations of one kind on a policy: what they are about is chosen among few scopes, so that they ask little of it.

use super::dice::Dice;
use super::generate::{Line, allow, assertion, forbid, is_off, path, separation};
use super::pieces::{action_set, fence, fitting, period, scope};
use super::policy::{
    Action, ActionItem, ActionPath, Admin, Allow, Assertion, Assignment, Except, Forbid, Kind, Policy, Role, Scope,
    Separation, Set,
};

/// Assertions on a policy; what they are about is chosen among few scopes, so that they ask little of it.
pub(crate) fn assertions(policy: &Policy, lines: &[Line]) -> Vec<Assertion> {
    let few = few_scopes(policy, lines);
    let made = lines.iter().map(|line| {
        let dice = &mut Dice::new(line);
        let on = dice.pick(&few).cloned();
        let made = assertion(policy, dice);
        Assertion { on: on.and_then(|on| fitting(policy, &made.actions, on)), ..made }
    });
    distinct(made)
}

/// What roles never do, by role, in the same way.
pub(crate) fn nevers(policy: &Policy, lines: &[Line]) -> Vec<(usize, Except)> {
    let few = few_scopes(policy, lines);
    let made = lines.iter().map(|line| {
        let dice = &mut Dice::new(line);
        let role = dice.below(policy.roles.len());
        let on = dice.pick(&few).cloned();
        let actions = action_set(policy, dice);
        let on = on.and_then(|on| fitting(policy, &actions, on));
        (role, Except { actions, on })
    });
    distinct(made)
}

/// A policy with more accounts, which hold its roles behind few fences.
pub(crate) fn crowded(mut policy: Policy, lines: &[Line]) -> Policy {
    let few = few_scopes(&policy, lines);
    let fence = |dice: &mut Dice<'_>, percent| if dice.chance(percent) { dice.pick(&few).cloned() } else { None };
    let fence = |dice: &mut Dice<'_>, percent| fence(dice, percent).filter(|scope| *scope != Scope::default());
    let given = policy.roles.iter().filter(|r| !r.superuser && r.needs.is_empty() && !is_off(&policy, r));
    let given: Vec<Role> = given.cloned().collect();
    let is_profile = |name: &str| policy.roles.iter().any(|r| r.profile && r.name == name);
    let mut more = vec![];
    for (number, line) in lines.iter().take(8).enumerate() {
        let dice = &mut Dice::new(line);
        let mut admin = Admin { name: format!("q{number}"), scope: fence(dice, 25), ..Admin::default() };
        for _ in 0..1 + dice.below(3) {
            let Some(role) = dice.pick(&given) else { continue };
            let made = Assignment { role: role.name.clone(), on: fence(dice, 70), period: period(dice, 10) };
            let second = role.profile && admin.assignments.iter().any(|a| is_profile(&a.role));
            if !second && !admin.assignments.contains(&made) {
                admin.assignments.push(made);
            }
        }
        if admin.assignments.is_empty() || dice.chance(15) {
            let mut line = allow(&policy, dice);
            line.on = fence(dice, 60).and_then(|on| fitting(&policy, &line.actions, on));
            admin.allows.push(line);
        }
        more.push(admin);
    }
    policy.admins.extend(more);
    for role in policy.roles.iter_mut().filter(|r| r.profile && !r.by_claim) {
        role.spare = !policy.admins.iter().any(|a| a.assignments.iter().any(|g| g.role == role.name));
    }
    policy
}

/// A policy in which accounts can be taken over and lost, and some roles give that.
pub(crate) fn with_takeovers(mut policy: Policy, lines: &[Line]) -> Policy {
    let dice = &mut Dice::new(lines.first().map_or(&[], Vec::as_slice));
    let done = |name: &str, kind| Action { name: name.into(), kind, implies: vec![] };
    let mut taken = vec![];
    for resource in policy.resources.iter_mut().filter(|r| r.on.uses_users()) {
        resource.actions.push(done("seize", Kind::Become));
        resource.actions.push(done("wipe", Kind::Destroy));
        taken.extend(["seize", "wipe"].map(|name| path(&resource.name, name)));
    }
    for index in 0..policy.roles.len() {
        for action in taken.iter().cloned() {
            if dice.chance(35) {
                let actions = Set { items: Some(vec![ActionItem::One(action)]), except: vec![] };
                let on = fence(&policy, &actions, dice, 30);
                policy.roles[index].allows.push(Allow { actions, on, when: vec![], period: Default::default() });
            }
        }
    }
    policy
}

/// Prohibitions that protect accounts, mostly from being taken over or lost.
pub(crate) fn protections(policy: &Policy, lines: &[Line]) -> Vec<Forbid> {
    let few = few_scopes(policy, lines);
    let resources = policy.resources.iter().filter(|r| r.on.uses_users());
    let taken: Vec<ActionPath> = resources
        .flat_map(|r| {
            r.actions.iter().filter(|a| matches!(a.kind, Kind::Become | Kind::Destroy)).map(|a| path(&r.name, &a.name))
        })
        .collect();
    let guarded =
        |set: &Set<ActionItem>, on: Scope| fitting(policy, set, on).filter(|on| restricted(on.users.as_ref()));
    // Whom they bind is chosen among few, too.
    let heads: Vec<Forbid> = lines.iter().take(4).map(|line| forbid(policy, &mut Dice::new(line))).collect();
    let made = lines.iter().filter_map(|line| {
        let dice = &mut Dice::new(line);
        let on = dice.pick(&few).filter(|on| restricted(on.users.as_ref())).cloned();
        let on = on.or_else(|| few.iter().find(|on| restricted(on.users.as_ref())).cloned())?;
        let head = dice.pick(&heads)?.clone();
        let one = dice.pick(&taken).cloned().map(|one| Set { items: Some(vec![ActionItem::One(one)]), except: vec![] });
        let any = if dice.chance(25) { None } else { one.clone() };
        let actions = any.unwrap_or_else(|| action_set(policy, dice));
        let (actions, on) = match guarded(&actions, on.clone()) {
            Some(on) => (actions, on),
            None => (one.clone()?, guarded(&one?, on)?),
        };
        Some(Forbid { actions, on: Some(on), ..head })
    });
    distinct(made)
}

fn restricted<T>(set: Option<&Set<T>>) -> bool {
    set.is_some_and(|set| set.items.is_some() || !set.except.is_empty())
}

/// Separations on a policy.
pub(crate) fn separations(policy: &Policy, lines: &[Line]) -> Vec<Separation> {
    distinct(lines.iter().map(|line| separation(policy, &mut Dice::new(line))))
}

/// Each of them once.
pub(crate) fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found: Vec<T> = vec![];
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Up to three scopes, and one that is open.
fn few_scopes(policy: &Policy, lines: &[Line]) -> Vec<Scope> {
    let ends = lines.iter().take(3).map(|line| &line[line.len() / 2..]);
    let mut few: Vec<Scope> = ends.filter_map(|end| scope(policy, &mut Dice::new(end))).collect();
    few.push(Scope::default());
    few
}
