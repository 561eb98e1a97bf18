//! A fence within the scope of its block: how the two lie to one another, against every target that there could be.

use std::collections::BTreeSet;

use bailiwick::check::{bw402, bw403};

use super::ask::compile_with;
use super::board::decided;
use super::roles::{HOLDER, anyone_of, holders_of, with_anyone};
use super::told::silent;
use super::trial::{Trial, count, on_dense_policies, opened};
use super::world::{Spot, World};
use crate::oracle::dice::Dice;
use crate::oracle::eval::{inside, restricts_entities, restricts_users};
use crate::oracle::facts::login;
use crate::oracle::generate::Line;
use crate::oracle::pieces::scope;
use crate::oracle::policy::{
    Action, ActionPath, Actor, Admin, Assignment, Condition, EntityItem, Extends, Facts, Kind as Done, Node, Period,
    Policy, Question, Resource, Role, Scope, Signature, UserItem,
};
use crate::oracle::print::print;

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
    let dressed = |policy: Policy, _: &[Line]| opened(silent(&policy));
    on_dense_policies("fences", 30, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let mut seen: Vec<Policy> = vec![];
        for line in trial.lines {
            let dice = &mut Dice::new(line);
            let of_account = dice.chance(50);
            let (Some(outer), Some(inner)) = (scope(trial.policy, dice), scope(trial.policy, dice)) else { continue };
            let Some(alone) = alone(trial, of_account, &outer, &inner, dice) else { continue };
            if !seen.contains(&alone) {
                fence(trial, &alone, of_account, (&outer, &inner), at)?;
                seen.push(alone);
            }
        }
        Ok(())
    });
}

/// Compares how one fence lies within one scope with what is told of them.
fn fence(
    trial: &Trial<'_>,
    alone: &Policy,
    of_account: bool,
    (outer, inner): (&Scope, &Scope),
    at: i32,
) -> Result<(), String> {
    let Some(lies) = lies(trial, alone, of_account, (outer, inner), at)? else { return Ok(()) };
    count(&trial.tally.compared, 1);
    let alike = [
        !asked_of_entities(alone, inner).is_disjoint(&asked_of_entities(alone, outer)),
        !asked_of_users(alone, inner).is_disjoint(&asked_of_users(alone, outer)),
    ];
    let cut = |part: usize| lies[part].as_ref().is_some_and(|l| l.meet && l.outside && alike[part]);
    let expected = usize::from(cut(0)) + usize::from(cut(1));
    let text = print(alone, 0);
    let found = compile_with(&text, &["BW402", "BW403"], at).findings;
    let said = found.iter().filter(|f| f.code == bw402::CODE).count();
    if said != expected {
        return Err(format!("{text}\ncut in {expected} parts, and it says {said}: {lies:?} {alike:?}"));
    }
    let restricts = [restricts_entities(inner), restricts_users(inner)];
    let same = |part: usize| lies[part].as_ref().is_some_and(|l: &Lie| !l.narrower && !l.outside);
    let both_restrict = restricts.contains(&true) && (restricts_entities(outer) || restricts_users(outer));
    let idle = both_restrict && (0..2).all(|part| !restricts[part] || same(part));
    if found.iter().any(|f| f.code == bw403::CODE) == idle && found.len() == said + usize::from(idle) {
        return Ok(());
    }
    Err(format!("{text}\nidle: {idle}, and it says {found:?}: {lies:?}"))
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
    let Some(world) = World::by_every_test(policy) else { return Ok(None) };
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
        let Some(sides) = seats(trial, &world, of_account, part) else { return Ok(None) };
        let mut found = Lie::default();
        for (policy, actor, spots) in &sides {
            for question in questions(&world, actor, spots, part, day) {
                let [within, around] = fences.each_ref().map(|fence| inside(policy, &question, fence));
                let (within, around) = (decided(within, &question)?, decided(around, &question)?);
                found.outside |= within && !around;
                found.meet |= within && around;
                found.narrower |= around && !within;
            }
        }
        *lie = Some(found);
    }
    Ok(Some(lies))
}

/// Everybody who may stand behind the fence, each before the targets of a part, and the policy in which that is.
fn seats(
    trial: &Trial<'_>,
    world: &World<'_>,
    of_account: bool,
    part: usize,
) -> Option<Vec<(Policy, String, Vec<Spot>)>> {
    let policy = world.policy;
    let actors: Vec<(Policy, String)> = if of_account {
        vec![(policy.clone(), policy.admins[0].name.clone())]
    } else {
        holders_of(policy, world).into_iter().map(|h| (h.policy, HOLDER.into())).collect()
    };
    let others = if part == 0 { vec![] } else { anyone_of(policy, world) };
    let targets = if part == 0 { world.entities().len() } else { others.len() + 1 };
    if !trial.affords(actors.len() * targets * world.leads(PROBES[part].1).len()) {
        return None;
    }
    let known = |admin: &Admin| Facts { closed: true, login: Some(login(admin)), ..Facts::default() };
    let to = |facts: Facts| Spot { entity: None, user: Some(facts) };
    let mut all = vec![];
    for (policy, actor) in actors {
        if part == 0 {
            let spots = world.entities().iter().map(|facts| Spot { entity: Some(facts.clone()), user: None });
            all.push((policy, actor, spots.collect()));
            continue;
        }
        let itself = policy.admins.iter().find(|a| a.name == actor)?.clone();
        for other in &others {
            let mut other = other.clone();
            if login(&other) == login(&itself) {
                // Two accounts have two logins.
                if world.mentions.attributes().contains("login") {
                    continue;
                }
                other.login = Some("somebody.else".into());
            }
            all.push((with_anyone(&policy, &other), actor.clone(), vec![to(known(&other))]));
        }
        let nameless = world.strangers().iter().filter(|f| f.login.is_none()).cloned();
        let spots = std::iter::once(known(&itself)).chain(nameless).map(to);
        all.push((policy, actor, spots.collect()));
    }
    Some(all)
}

/// The questions that tell whether targets are in a fence.
fn questions<'w>(
    world: &'w World<'_>,
    actor: &'w str,
    spots: &'w [Spot],
    part: usize,
    day: i32,
) -> impl Iterator<Item = Question> + 'w {
    let (resource, signature) = PROBES[part];
    let action = ActionPath { resource: resource.into(), action: "look".into() };
    let leads = world.leads(signature);
    spots.iter().flat_map(move |spot| {
        let ask = |led| world.question(&Actor::Named(actor.into()), &action, spot, led, day);
        leads.iter().map(ask).collect::<Vec<_>>()
    })
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
