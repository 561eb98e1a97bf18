//! Random admins of a policy, and random questions: who asks, and what is told of the target.

use super::dice::Dice;
use super::eval::effective;
use super::facts::login;
use super::generate::{Block, FIRST_DAY, actions, allow, is_off};
use super::pieces::{constants, period, scope};
use super::policy::{ActionPath, Actor, Admin, Assignment, Facts, Marks, Policy, Question, Role, Signature, Told};
use super::truth::Truth;

// ---- admins ----------------------------------------------------------------------------------------------------------------

/// Adds the admins, and marks the profiles that nobody holds.
pub(crate) fn admins(policy: &mut Policy, blocks: &[Block]) {
    for (i, block) in blocks.iter().enumerate() {
        let admin = admin(policy, i, block);
        policy.admins.push(admin);
    }
    for role in policy.roles.iter_mut().filter(|r| r.profile && !r.by_claim) {
        role.spare = !policy.admins.iter().any(|a| a.assignments.iter().any(|g| g.role == role.name));
    }
}

fn admin(policy: &Policy, index: usize, block: &Block) -> Admin {
    let dice = &mut Dice::new(&block.head);
    let mut admin = Admin { name: format!("p{index}"), ..Admin::default() };
    facts_of(policy, &mut admin, dice);
    let root = policy.roles.iter().find(|r| r.superuser).filter(|_| index == 0);
    if let Some(role) = root {
        admin.assignments.push(Assignment { role: role.name.clone(), on: None, period: Default::default() });
    } else {
        admin.scope = if dice.chance(30) { scope(policy, dice) } else { None };
        admin.valid = period(dice, 15);
        admin.inactive = dice.chance(10);
    }
    let given: Vec<_> = policy.roles.iter().filter(|r| may_be_given(policy, r)).collect();
    for line in &block.lines {
        let dice = &mut Dice::new(line);
        if dice.chance(25) {
            admin.allows.push(allow(policy, dice));
            continue;
        }
        let profiled = admin.assignments.iter().any(|a| policy.roles.iter().any(|r| r.profile && r.name == a.role));
        if let Some(role) = dice.pick(&given).filter(|r| !(r.profile && profiled)) {
            let on = if dice.chance(35) { scope(policy, dice) } else { None };
            let assignment = Assignment { role: role.name.clone(), on, period: period(dice, 30) };
            if !admin.assignments.contains(&assignment) {
                admin.assignments.push(assignment);
            }
        }
    }
    if admin.assignments.is_empty() && admin.allows.is_empty() {
        admin.allows.push(allow(policy, &mut Dice::new(&block.head[20.min(block.head.len())..])));
    }
    admin
}

fn may_be_given(policy: &Policy, role: &Role) -> bool {
    !role.superuser && role.needs.is_empty() && !is_off(policy, role)
}

fn facts_of(policy: &Policy, admin: &mut Admin, dice: &mut Dice<'_>) {
    admin.login = dice.chance(25).then(|| format!("{}.Login", admin.name));
    let text = |name: &str, dice: &mut Dice<'_>| dice.pick(&constants(name, &super::policy::Values::Text)).cloned();
    admin.title = if dice.chance(50) { text("name", dice) } else { None };
    admin.email = if dice.chance(50) { text("email", dice) } else { None };
    // Identifiers are not shared.
    let taken = |id: &String| policy.admins.iter().any(|a| a.id.as_ref() == Some(id));
    admin.id = if dice.chance(40) { text("id", dice).filter(|id| !taken(id)) } else { None };
    admin.unit = if dice.chance(80) { dice.pick(&policy.units).map(|u| u.name.clone()) } else { None };
    admin.labels = labels(policy, dice);
    for attribute in &policy.attributes {
        if dice.chance(60) {
            let value = dice.pick(&constants(&attribute.name, &attribute.values)).cloned();
            admin.attributes.extend(value.map(|v| (attribute.name.clone(), v)));
        }
    }
}

fn labels(policy: &Policy, dice: &mut Dice<'_>) -> Vec<String> {
    policy.labels.iter().filter(|_| dice.chance(35)).map(|l| l.name.clone()).collect()
}

// ---- questions -------------------------------------------------------------------------------------------------------------

/// The question that a list of bytes stands for: mostly about something that is not plainly denied.
pub(crate) fn question(policy: &Policy, seed: &[u8]) -> Option<Question> {
    let dice = &mut Dice::new(seed);
    let mut all = actions(policy);
    let first = dice.below(all.len());
    all.rotate_left(first);
    let day = FIRST_DAY + [0, 1, 2, 3, 4, 5, 6, -1][dice.below(8)];
    let actor = actor(policy, dice);
    let own = match &actor {
        Actor::Named(name) => policy.admins.iter().find(|a| a.name == *name).map(login),
        Actor::Unnamed(facts) => facts.login.clone(),
    };
    let of_anything = |action: &ActionPath| {
        let (entity, user) = (Some(Facts::default()), Some(Facts::default()));
        Question { actor: actor.clone(), action: action.clone(), entity, user, day }
    };
    let promising =
        if dice.chance(70) { all.iter().find(|a| effective(policy, &of_anything(a)) != Truth::False) } else { None };
    let action = promising.or(all.first())?.clone();
    let signature = signature(policy, &action);
    let entity = matches!(signature, Signature::Entity | Signature::EntityAndUser).then(|| entity(policy, dice));
    let user = signature.uses_users().then(|| user(policy, own, dice));
    Some(Question { actor, action, entity, user, day })
}

fn signature(policy: &Policy, action: &ActionPath) -> Signature {
    policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on)
}

fn actor(policy: &Policy, dice: &mut Dice<'_>) -> Actor {
    let named = dice.pick(&policy.admins).map(|a| a.name.clone());
    match named {
        Some(name) if !dice.chance(35) => Actor::Named(name),
        _ => {
            let mut facts = account_facts(policy, dice);
            // Now and then somebody pretends to be an account of the policy.
            facts.login = Some(if dice.chance(4) { "P0".into() } else { "stranger".into() });
            facts.roles = Marks::Only(presented(policy, dice, 60));
            Actor::Unnamed(facts)
        }
    }
}

/// Any roles, mostly those that may be presented; at most one profile.
fn presented(policy: &Policy, dice: &mut Dice<'_>, percent: usize) -> Vec<String> {
    let mut roles: Vec<&Role> =
        policy.roles.iter().filter(|r| dice.chance(if r.by_claim { percent } else { 5 })).collect();
    let profile = roles.iter().find(|r| r.profile).map(|r| r.name.clone());
    roles.retain(|r| !r.profile || Some(&r.name) == profile.as_ref());
    roles.iter().map(|r| r.name.clone()).collect()
}

/// Told, told to be absent, or not told.
fn told<T>(closed: bool, dice: &mut Dice<'_>, value: impl FnOnce(&mut Dice<'_>) -> Option<T>) -> Told<T> {
    match dice.below(8) {
        0 | 1 => Told::Nothing,
        2 if !closed => Told::Absent,
        3 if dice.chance(20) => Told::Unknown,
        _ => value(dice).map_or(Told::Nothing, Told::Is),
    }
}

fn entity(policy: &Policy, dice: &mut Dice<'_>) -> Facts {
    let mut facts = Facts { closed: dice.chance(50), ..Facts::default() };
    facts.id = told(facts.closed, dice, |d| d.pick(&["e1", "e2", "e3"]).map(|id| (*id).into()));
    place(policy, &mut facts, dice);
    relations(policy, &mut facts, dice);
    facts
}

fn place(policy: &Policy, facts: &mut Facts, dice: &mut Dice<'_>) {
    facts.unit = told(facts.closed, dice, |d| d.pick(&policy.units).map(|u| u.name.clone()));
    let names: Vec<_> = policy.labels.iter().map(|l| l.name.clone()).collect();
    facts.labels = marks(&names, dice, 35);
}

fn relations(policy: &Policy, facts: &mut Facts, dice: &mut Dice<'_>) {
    let names: Vec<_> = policy.relations.iter().map(|r| r.name.clone()).collect();
    facts.relations = marks(&names, dice, 55);
}

/// Nothing, some of them, or what is known of each.
fn marks(names: &[String], dice: &mut Dice<'_>, percent: usize) -> Marks {
    match dice.below(4) {
        0 => Marks::Nothing,
        1 | 2 => Marks::Only(names.iter().filter(|_| dice.chance(percent)).cloned().collect()),
        _ => {
            let said: Vec<_> = names.iter().filter(|_| dice.chance(70)).collect();
            let truths = [Truth::False, Truth::True, Truth::True, Truth::Unknown];
            Marks::Each(said.into_iter().map(|n| (n.clone(), truths[dice.below(4)])).collect())
        }
    }
}

/// Facts of an account that the policy does not name.
fn account_facts(policy: &Policy, dice: &mut Dice<'_>) -> Facts {
    let mut facts = Facts { closed: dice.chance(50), ..Facts::default() };
    facts.id = told(facts.closed, dice, |d| d.pick(&["e1", "e2", "e3"]).map(|id| (*id).into()));
    place(policy, &mut facts, dice);
    for attribute in &policy.attributes {
        let mut values = constants(&attribute.name, &attribute.values);
        values.push("other".into());
        let value = told(facts.closed, dice, |d| d.pick(&values).cloned());
        facts.attributes.push((attribute.name.clone(), value));
    }
    for name in ["email", "name"] {
        let value = told(facts.closed, dice, |d| d.pick(&constants(name, &super::policy::Values::Text)).cloned());
        facts.attributes.push((name.into(), value));
    }
    facts
}

/// A target account: somebody told of, the actor, or an account of the policy, of whom some facts may be told too.
fn user(policy: &Policy, own: Option<String>, dice: &mut Dice<'_>) -> Facts {
    let who = dice.below(10);
    let named = dice.pick(&policy.admins);
    match who {
        0..=4 => {
            let mut facts = account_facts(policy, dice);
            facts.login = [None, None, Some("other".into()), Some("Stranger".into())][dice.below(4)].clone();
            facts.roles = if dice.chance(25) { Marks::Nothing } else { Marks::Only(presented(policy, dice, 30)) };
            relations(policy, &mut facts, dice);
            facts
        }
        5 => {
            let mut facts = Facts { closed: dice.chance(50), login: own, ..Facts::default() };
            relations(policy, &mut facts, dice);
            facts
        }
        _ => named.map_or_else(Facts::default, |admin| named_target(policy, admin, dice)),
    }
}

fn named_target(policy: &Policy, admin: &Admin, dice: &mut Dice<'_>) -> Facts {
    let mut facts = Facts { closed: dice.chance(50), login: Some(login(admin).to_uppercase()), ..Facts::default() };
    relations(policy, &mut facts, dice);
    if dice.chance(30) {
        // What is true of it, and now and then something else.
        facts.unit = admin.unit.clone().map_or(Told::Nothing, Told::Is);
        facts.labels = Marks::Only(admin.labels.clone());
        facts.attributes = admin.attributes.iter().map(|(n, v)| (n.clone(), Told::Is(v.clone()))).collect();
        facts.id = admin.id.clone().map_or(Told::Nothing, Told::Is);
    }
    match dice.below(14) {
        11 => facts.unit = told(facts.closed, dice, |d| d.pick(&policy.units).map(|u| u.name.clone())),
        12 => facts.labels = Marks::Only(labels(policy, dice)),
        13 => {
            let values = policy.attributes.first().map(|a| (a.name.clone(), constants(&a.name, &a.values)));
            facts.attributes = values
                .map(|(name, values)| (name, told(facts.closed, dice, |d| d.pick(&values).cloned())))
                .into_iter()
                .collect();
        }
        _ => {}
    }
    facts
}
