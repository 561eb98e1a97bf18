//! Random pieces of statements: sets, scopes, periods, conditions over what is declared so far.

use super::dice::Dice;
use super::generate::{FIRST_DAY, declared, path};
use super::policy::{
    ActionItem, Condition, EntityItem, Kind, Period, Policy, Scope, Set, Signature, Test, UserItem, Values,
};

pub(crate) fn set<T: PartialEq>(
    dice: &mut Dice<'_>,
    mut item: impl FnMut(&mut Dice<'_>) -> Option<T>,
) -> Option<Set<T>> {
    let items = match dice.chance(12) {
        true => None,
        false => {
            let mut items: Vec<T> = item(dice).into_iter().collect();
            if dice.chance(30) {
                items.extend(item(dice).filter(|i| !items.contains(i)));
            }
            if items.is_empty() {
                return None;
            }
            Some(items)
        }
    };
    let except = if dice.chance(if items.is_none() { 80 } else { 25 }) { item(dice) } else { None };
    let except = except.into_iter().filter(|e| items.as_ref().is_none_or(|items| !items.contains(e))).collect();
    Some(Set { items, except })
}

fn action_item(policy: &Policy, dice: &mut Dice<'_>) -> Option<ActionItem> {
    let declared: Vec<_> = declared(policy).collect();
    let one = dice.pick(&declared)?.clone();
    let resource = policy.resources.iter().find(|r| r.name == one.resource)?;
    let kind = resource.actions.iter().find(|a| a.name == one.action)?.kind;
    let roles: Vec<_> = policy.roles.iter().filter(|r| !r.ungrantable).collect();
    Some(match dice.below(10) {
        0..=2 => ActionItem::One(one),
        3 | 4 => ActionItem::Resource(one.resource),
        5 => ActionItem::ResourceOf(kind, one.resource),
        6 => ActionItem::AllOf(kind),
        7 | 8 => ActionItem::All,
        _ => match (dice.pick(&roles), dice.below(3)) {
            (None, _) => ActionItem::All,
            (Some(role), 0) => ActionItem::One(path("assign", &role.name)),
            (Some(_), 1) => ActionItem::Assigning,
            (Some(_), _) => ActionItem::AllOf(Kind::Assign),
        },
    })
}

pub(crate) fn action_set(policy: &Policy, dice: &mut Dice<'_>) -> Set<ActionItem> {
    let any = Set { items: None, except: vec![] };
    set(dice, |d| action_item(policy, d)).unwrap_or(any)
}

/// A scope that fits a set of actions, mostly.
pub(crate) fn fence(policy: &Policy, set: &Set<ActionItem>, dice: &mut Dice<'_>, percent: usize) -> Option<Scope> {
    let scope = if dice.chance(percent) { scope(policy, dice)? } else { return None };
    fitting(policy, set, scope)
}

/// What of a scope fits a set of actions: it has no part that an action named by its path does not use.
pub(crate) fn fitting(policy: &Policy, set: &Set<ActionItem>, mut scope: Scope) -> Option<Scope> {
    for item in set.items.iter().flatten().chain(&set.except) {
        if let ActionItem::One(action) = item {
            let resource = policy.resources.iter().find(|r| r.name == action.resource);
            let signature = resource.map_or(Signature::Account, |r| r.on);
            scope.users = scope.users.filter(|_| signature.uses_users());
            scope.entities = scope.entities.filter(|_| signature.uses_entities());
        }
    }
    (scope != Scope::default()).then_some(scope)
}

/// A scope with one part or both.
pub(crate) fn scope(policy: &Policy, dice: &mut Dice<'_>) -> Option<Scope> {
    let parts = dice.below(3);
    let users = if parts == 1 { None } else { set(dice, |d| d.pick(&user_items(policy)).cloned()) };
    let entities = if parts == 0 { None } else { entity_set(policy, dice) };
    let scope = Scope { users, entities };
    (scope != Scope::default()).then_some(scope)
}

fn user_items(policy: &Policy) -> Vec<UserItem> {
    let mut items: Vec<_> = policy.groups.iter().map(|g| UserItem::Group(g.name.clone())).collect();
    items.extend(policy.units.iter().map(|u| UserItem::Unit(u.name.clone())));
    items.extend(policy.relations.iter().filter(|r| r.on_users).map(|r| UserItem::Relation(r.name.clone())));
    items.push(UserItem::Myself);
    items.extend(policy.roles.iter().map(|r| UserItem::Holders(r.name.clone())));
    if !policy.units.is_empty() {
        items.extend([UserItem::OwnUnit, UserItem::OwnUnit]);
    }
    items
}

fn entity_set(policy: &Policy, dice: &mut Dice<'_>) -> Option<Set<EntityItem>> {
    let mut items: Vec<_> = ["e1", "e2"].map(|id| EntityItem::Id(id.into())).to_vec();
    items.extend(policy.units.iter().map(|u| EntityItem::InUnit(u.name.clone())));
    items.extend(policy.relations.iter().filter(|r| r.on_entities).map(|r| EntityItem::Relation(r.name.clone())));
    if !policy.units.is_empty() {
        items.extend([EntityItem::InOwnUnit, EntityItem::InOwnUnit]);
    }
    let mut set = set(dice, |d| match d.chance(40) {
        false => d.pick(&items).cloned(),
        true => {
            let mut labels: Vec<_> = d.pick(&policy.labels).map(|n| n.name.clone()).into_iter().collect();
            let all = d.chance(40);
            labels.extend(d.pick(&policy.labels).map(|n| n.name.clone()).filter(|l| !labels.contains(l)));
            let all = all && labels.len() > 1;
            if labels.is_empty() { d.pick(&items).cloned() } else { Some(EntityItem::Labelled { labels, all }) }
        }
    })?;
    // `labelled` takes a list, so there is one of it.
    for items in set.items.iter_mut().chain(std::iter::once(&mut set.except)) {
        let is_labelled = |i: &EntityItem| matches!(i, EntityItem::Labelled { .. });
        let first = items.iter().position(is_labelled);
        let mut at = 0..;
        items.retain(|i| at.next() == first || !is_labelled(i));
    }
    Some(set)
}

pub(crate) fn period(dice: &mut Dice<'_>, percent: usize) -> Period {
    if !dice.chance(percent) {
        return Period::default();
    }
    let day = |dice: &mut Dice<'_>| FIRST_DAY + i32::try_from(dice.below(6)).unwrap_or(0);
    let (a, b) = (day(dice), day(dice));
    match dice.below(3) {
        0 => Period { from: None, until: Some(a) },
        1 => Period { from: Some(a.min(b)), until: Some(a.max(b)) },
        _ => Period { from: Some(a), until: None },
    }
}

/// A condition over what is declared so far.
pub(crate) fn condition(policy: &Policy, dice: &mut Dice<'_>, depth: usize) -> Condition {
    let choice = dice.below(if depth == 0 { 8 } else { 13 });
    let deeper = |dice: &mut Dice<'_>| condition(policy, dice, depth - 1);
    let made = match choice {
        8 | 9 => Some(Condition::And(vec![deeper(dice), deeper(dice)])),
        10 | 11 => Some(Condition::Or(vec![deeper(dice), deeper(dice)])),
        12 => Some(Condition::Not(Box::new(deeper(dice)))),
        4 => {
            let unit = dice.pick(&policy.units).map(|u| u.name.clone());
            unit.map(|unit| Condition::Unit { unit, only: dice.chance(40) })
        }
        5 => dice.pick(&policy.labels).map(|l| Condition::Labelled(l.name.clone())),
        6 => dice.pick(&policy.groups).map(|g| Condition::Group(g.name.clone())),
        7 => dice.pick(&policy.roles).map(|r| Condition::Holders(r.name.clone())),
        _ => None,
    };
    made.unwrap_or_else(|| attribute_test(policy, dice))
}

fn attribute_test(policy: &Policy, dice: &mut Dice<'_>) -> Condition {
    let mut names: Vec<(&str, &Values)> = policy.attributes.iter().map(|a| (a.name.as_str(), &a.values)).collect();
    names.extend(["email", "name", "id", "login"].map(|n| (n, &Values::Text)));
    let (attribute, values) = dice.pick(&names).copied().unwrap_or(("email", &Values::Text));
    let constants = constants(attribute, values);
    let constant = |dice: &mut Dice<'_>| dice.pick(&constants).cloned().unwrap_or_default();
    let test = match (dice.below(6), values) {
        (1, _) => Test::Set,
        (2, Values::Closed(_) | Values::Text | Values::Number) => {
            let mut list = vec![constant(dice)];
            list.extend(Some(constant(dice)).filter(|c| !list.contains(c)));
            Test::In(list)
        }
        (3, Values::Text) => Test::StartsWith(constant(dice).chars().take(2).collect()),
        (4, Values::Text) => Test::EndsWith(constant(dice).chars().skip(1).collect()),
        (5, Values::Text) => Test::Contains(constant(dice).chars().skip(1).take(2).collect()),
        (3, Values::Number) => Test::AtLeast(1),
        (4, Values::Number) => Test::AtMost(1),
        _ => Test::Is(constant(dice)),
    };
    let negated = matches!(test, Test::Is(_) | Test::In(_) | Test::Set) && dice.chance(30);
    Condition::Attribute { attribute: attribute.into(), test, negated }
}

/// The values that occur in policies and questions.
pub(crate) fn constants(attribute: &str, values: &Values) -> Vec<String> {
    let texts: &[&str] = match (values, attribute) {
        (Values::Closed(all), _) => return all.clone(),
        (Values::Number, _) => &["0", "1", "2"],
        (Values::Flag, _) => &["true", "false"],
        (_, "login") => &["p0", "P1", "stranger"],
        (_, "id") => &["e1", "e2", "e3"],
        (_, "email") => &["ann@ext.example", "bob@home.example"],
        (_, "name") => &["Ann", "Bob"],
        _ => &["sales", "hr", "sales abroad"],
    };
    texts.iter().map(|t| (*t).into()).collect()
}
