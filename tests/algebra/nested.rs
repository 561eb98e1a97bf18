//! A fence within the scope of its block: how the two lie to one another, against every target that there could be.

use std::collections::BTreeSet;

use super::counted::told;
use super::roles::{HOLDER, anyone_of, holders_of, with_anyone};
use super::trial::{Trial, count, on_open_policies};
use super::world::{Spot, World};
use crate::oracle::dice::Dice;
use crate::oracle::eval::{inside, restricts_entities, restricts_users};
use crate::oracle::facts::login;
use crate::oracle::pieces::scope;
use crate::oracle::policy::{
    Action, ActionPath, Actor, Admin, Assignment, Condition, EntityItem, Extends, Facts, Kind as Done, Node, Period,
    Policy, Question, Resource, Role, Scope, Signature, UserItem,
};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// What is asked about: one thing done to entities, one to users.
const PROBES: [(&str, Signature); 2] = [("probed", Signature::Entity), ("asked", Signature::User)];

/// How a fence and the scope around it lie to one another in a part that both restrict.
#[derive(Debug, Default)]
struct Lie {
    outside: bool,
    meet: bool,
    narrower: bool,
}

#[test]
fn a_fence_is_told_cut_or_idle_where_it_lies_so_within_its_scope() {
    on_open_policies("fences", 60, |trial| {
        let dice = &mut trial.dice();
        let at = trial.day(dice);
        let of_account = dice.chance(50);
        let (Some(outer), Some(inner)) = (scope(trial.policy, dice), scope(trial.policy, dice)) else { return Ok(()) };
        let Some(alone) = alone(trial, of_account, &outer, &inner, dice) else { return Ok(()) };
        let Some(lies) = lies(trial, &alone, of_account, (&outer, &inner), at)? else { return Ok(()) };
        count(&trial.tally.compared, 1);
        let alike = [
            !asked_of_entities(&alone, &inner).is_disjoint(&asked_of_entities(&alone, &outer)),
            !asked_of_users(&alone, &inner).is_disjoint(&asked_of_users(&alone, &outer)),
        ];
        let cut = |part: usize| lies[part].as_ref().is_some_and(|l| l.meet && l.outside && alike[part]);
        let expected = usize::from(cut(0)) + usize::from(cut(1));
        let text = print(&alone, 0);
        let said = told(&alone, "BW402", at)?.len();
        if said != expected {
            return Err(format!("{text}\ncut in {expected} parts, and it says {said}: {lies:?} {alike:?}"));
        }
        let restricts = [restricts_entities(&inner), restricts_users(&inner)];
        let same = |part: usize| lies[part].as_ref().is_some_and(|l: &Lie| !l.narrower && !l.outside);
        let both_restrict = restricts.contains(&true) && (restricts_entities(&outer) || restricts_users(&outer));
        let idle = both_restrict && (0..2).all(|part| !restricts[part] || same(part));
        let said = told(&alone, "BW403", at)?;
        if said.is_empty() == idle {
            return Err(format!("{text}\nidle: {idle}, and it says {said:?}: {lies:?}"));
        }
        Ok(())
    });
}

/// The words of a policy, and one fence within a scope: on an assignment of an account, or on what a role extends.
fn alone(trial: &Trial<'_>, of_account: bool, outer: &Scope, inner: &Scope, dice: &mut Dice<'_>) -> Option<Policy> {
    let hollow = |r: &Role| Role {
        name: r.name.clone(),
        profile: r.profile,
        superuser: r.superuser,
        ungrantable: r.ungrantable,
        by_claim: r.by_claim,
        spare: r.spare,
        needs: r.needs.clone(),
        ..Role::default()
    };
    let probe = |(name, on): (&str, Signature)| Resource {
        name: name.into(),
        on,
        when: vec![],
        actions: vec![Action { name: "look".into(), kind: Done::View, implies: vec![] }],
    };
    let mut policy = Policy {
        roles: trial.policy.roles.iter().map(hollow).collect(),
        resources: trial.policy.resources.iter().cloned().chain(PROBES.map(probe)).collect(),
        tiers: vec![],
        forbids: vec![],
        assertions: vec![],
        quotas: vec![],
        separations: vec![],
        ..trial.policy.clone()
    };
    for admin in &mut policy.admins {
        *admin = Admin { scope: None, allows: vec![], ..admin.clone() };
        admin.assignments.iter_mut().for_each(|a| *a = Assignment { on: None, period: Period::default(), ..a.clone() });
    }
    if of_account {
        let admin = &mut policy.admins[0];
        admin.scope = Some(outer.clone());
        admin.assignments.first_mut()?.on = Some(inner.clone());
    } else {
        let earlier: Vec<usize> = (0..policy.roles.len()).filter(|r| !policy.roles[*r].profile).collect();
        let &extended = dice.pick(&earlier)?;
        let &by = dice.pick(&(extended + 1..policy.roles.len()).collect::<Vec<_>>())?;
        let role = policy.roles[extended].name.clone();
        policy.roles[by].scope = Some(outer.clone());
        policy.roles[by].extends = vec![Extends { role, on: Some(inner.clone()) }];
    }
    Some(policy)
}

/// How both lie to one another in each part, entities first; none where there is too much to ask.
fn lies(
    trial: &Trial<'_>,
    policy: &Policy,
    of_account: bool,
    (outer, inner): (&Scope, &Scope),
    day: i32,
) -> Result<Option<[Option<Lie>; 2]>, String> {
    let Some(world) = World::of(policy) else { return Ok(None) };
    let mut lies = [None, None];
    for (part, lie) in lies.iter_mut().enumerate() {
        let only = |s: &Scope| match part {
            0 => Scope { entities: s.entities.clone().filter(|_| restricts_entities(s)), users: None },
            _ => Scope { users: s.users.clone().filter(|_| restricts_users(s)), entities: None },
        };
        let fences = [only(inner), only(outer)];
        if fences.contains(&Scope::default()) {
            continue;
        }
        let Some(questions) = questions(trial, &world, of_account, part, day) else { return Ok(None) };
        let mut found = Lie::default();
        for (policy, question) in &questions {
            let mut is = [false; 2];
            for (is, fence) in is.iter_mut().zip(&fences) {
                *is = match inside(policy, question, fence) {
                    Truth::True => true,
                    Truth::False => false,
                    Truth::Unknown => return Err(format!("the interpreter does not know: {question:?}")),
                };
            }
            found.outside |= is[0] && !is[1];
            found.meet |= is[0] && is[1];
            found.narrower |= is[1] && !is[0];
        }
        *lie = Some(found);
    }
    Ok(Some(lies))
}

/// Everybody who may stand behind the fence, before every target of a part.
fn questions(
    trial: &Trial<'_>,
    world: &World<'_>,
    of_account: bool,
    part: usize,
    day: i32,
) -> Option<Vec<(Policy, Question)>> {
    let policy = world.policy;
    let (resource, signature) = PROBES[part];
    let action = ActionPath { resource: resource.into(), action: "look".into() };
    let leads = world.leads(signature);
    let actors: Vec<(Policy, String)> = if of_account {
        vec![(policy.clone(), policy.admins[0].name.clone())]
    } else {
        holders_of(policy, world).into_iter().map(|h| (h.policy, HOLDER.into())).collect()
    };
    let others = anyone_of(policy, world);
    let targets = if part == 0 { world.entities().len() } else { others.len() + 1 };
    if !trial.affords(actors.len() * targets * leads.len()) {
        return None;
    }
    let mut all = vec![];
    let mut ask = |policy: &Policy, actor: &str, spot: &Spot| {
        for led in &leads {
            let question = world.question(&Actor::Named(actor.into()), &action, spot, led, day);
            all.push((policy.clone(), question));
        }
    };
    for (policy, actor) in &actors {
        if part == 0 {
            for facts in world.entities() {
                ask(policy, actor, &Spot { entity: Some(facts.clone()), user: None });
            }
            continue;
        }
        let known = |admin: &Admin| Facts { closed: true, login: Some(login(admin)), ..Facts::default() };
        let to = |facts: Facts| Spot { entity: None, user: Some(facts) };
        let itself = policy.admins.iter().find(|a| a.name == *actor)?;
        ask(policy, actor, &to(known(itself)));
        for other in &others {
            let mut other = other.clone();
            if login(&other) == login(itself) {
                // Two accounts have two logins.
                if world.mentions.attributes().contains("login") {
                    continue;
                }
                other.login = Some("somebody.else".into());
            }
            ask(&with_anyone(policy, &other), actor, &to(known(&other)));
        }
        for facts in world.strangers().iter().filter(|f| f.login.is_none()) {
            ask(policy, actor, &to(facts.clone()));
        }
    }
    Some(all)
}

// ---- kinds of facts ------------------------------------------------------------------------------------------------------------

fn root(forest: &[Node], name: &str) -> String {
    let parent = forest.iter().find(|n| n.name == name).and_then(|n| n.parent.as_ref());
    parent.map_or_else(|| name.to_owned(), |parent| root(forest, parent))
}

fn asked_of_entities(policy: &Policy, scope: &Scope) -> BTreeSet<String> {
    let items = scope.entities.iter().flat_map(|set| set.items.iter().flatten().chain(&set.except));
    let words = items.flat_map(|item| match item {
        EntityItem::InUnit(unit) => vec![format!("unit {}", root(&policy.units, unit))],
        EntityItem::InOwnUnit => vec!["own unit".into()],
        EntityItem::Id(_) => vec!["id".into()],
        EntityItem::Relation(relation) => vec![format!("relation {relation}")],
        EntityItem::Labelled { labels, .. } => {
            labels.iter().map(|l| format!("label {}", root(&policy.labels, l))).collect()
        }
    });
    words.collect()
}

fn asked_of_users(policy: &Policy, scope: &Scope) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let items = scope.users.iter().flat_map(|set| set.items.iter().flatten().chain(&set.except));
    items.for_each(|item| asked_by(policy, item, &mut words));
    words
}

fn asked_by(policy: &Policy, item: &UserItem, words: &mut BTreeSet<String>) {
    match item {
        UserItem::Group(name) => {
            let group = policy.groups.iter().find(|g| g.name == *name);
            group.iter().for_each(|g| asked_in(policy, &g.condition, words));
        }
        UserItem::Unit(unit) => drop(words.insert(format!("unit {}", root(&policy.units, unit)))),
        UserItem::OwnUnit => drop(words.insert("own unit".into())),
        UserItem::Relation(relation) => drop(words.insert(format!("relation {relation}"))),
        UserItem::Myself => drop(words.insert("self".into())),
        UserItem::Holders(role) => asked_of_holders(policy, role, words),
    }
}

fn asked_of_holders(policy: &Policy, role: &str, words: &mut BTreeSet<String>) {
    words.insert(format!("role {role}"));
    for rule in policy.automatic.iter().filter(|rule| rule.role == role) {
        let items = rule.users.items.iter().flatten().chain(&rule.users.except);
        items.for_each(|item| asked_by(policy, item, words));
    }
}

fn asked_in(policy: &Policy, condition: &Condition, words: &mut BTreeSet<String>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|c| asked_in(policy, c, words)),
        Condition::Not(part) => asked_in(policy, part, words),
        Condition::Group(name) => asked_by(policy, &UserItem::Group(name.clone()), words),
        Condition::Unit { unit, .. } => drop(words.insert(format!("unit {}", root(&policy.units, unit)))),
        Condition::Labelled(label) => drop(words.insert(format!("label {}", root(&policy.labels, label)))),
        Condition::Holders(role) => asked_of_holders(policy, role, words),
        Condition::Attribute { attribute, .. } => drop(words.insert(attribute.clone())),
    }
}
