//! The mutants of a declaration: each way to take one thing out of it.

use bailiwick::source::Spanned;
use bailiwick::syntax::ast::{
    ConditionKind, Decl, DeclKind, EntityItem, Forbid, Gate, Group, Items, Resource, Role, RoleItem, Scope, Set,
};

/// A declaration with one thing changed; none where the whole declaration is gone.
pub(crate) struct Mutant {
    /// The change, in words.
    pub(crate) what: String,
    /// The declaration that is left.
    pub(crate) decl: Option<Decl>,
}

/// Every mutant of a declaration.
pub(crate) fn mutants(decl: &Decl) -> Vec<Mutant> {
    let changed = |(what, kind)| Mutant { what, decl: Some(Decl { kind, ..decl.clone() }) };
    match &decl.kind {
        DeclKind::Role(role) => of_role(role).into_iter().map(|(w, role)| changed((w, DeclKind::Role(role)))).collect(),
        DeclKind::Group(group) => {
            of_group(group).into_iter().map(|(w, it)| changed((w, DeclKind::Group(it)))).collect()
        }
        DeclKind::Resource(it) => {
            of_resource(it).into_iter().map(|(w, it)| changed((w, DeclKind::Resource(it)))).collect()
        }
        DeclKind::Feature(feature) => {
            let mut turned = feature.clone();
            turned.on = !turned.on;
            vec![changed((format!("feature {} turned", feature.name.node), DeclKind::Feature(turned)))]
        }
        DeclKind::Forbid(forbid) => {
            let less = of_forbid(forbid).into_iter().map(|(w, it)| changed((w, DeclKind::Forbid(it))));
            let gone = Mutant { what: format!("without `{forbid}`"), decl: None };
            std::iter::once(gone).chain(less).collect()
        }
        _ => Vec::new(),
    }
}

/// A thing with something taken out of it, and what that was.
type Less<T> = Vec<(String, T)>;

/// Puts the smaller forms of a part back into the whole.
fn inside<T: Clone, P>(whole: &T, parts: Less<P>, put: impl Fn(&mut T, P)) -> Less<T> {
    let put_back = |part| {
        let mut whole = whole.clone();
        put(&mut whole, part);
        whole
    };
    parts.into_iter().map(|(what, part)| (what, put_back(part))).collect()
}

/// The list without one of its items, where it has several.
fn without_one<T: Clone>(items: &[T], name: impl Fn(&T) -> String) -> Less<Vec<T>> {
    if items.len() < 2 {
        return Vec::new();
    }
    let without = |i: usize| items.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, it)| it.clone()).collect();
    items.iter().enumerate().map(|(i, item)| (format!("without `{}`", name(item)), without(i))).collect()
}

/// The set without one of its items, or without what it excepts.
fn of_set<T: Clone>(set: &Set<T>, name: impl Fn(&T) -> String) -> Less<Set<T>> {
    let mut less = Vec::new();
    if let Items::Listed(items) = &set.items {
        let items = without_one(items, |item: &Spanned<T>| name(&item.node));
        less.extend(inside(set, items, |set, items| set.items = Items::Listed(items)));
    }
    if !set.except.is_empty() {
        less.push(("without its `except`".to_owned(), Set { except: Vec::new(), ..set.clone() }));
    }
    less
}

/// The scope without one of its items or parts; nothing where that would leave none.
fn of_scope(scope: &Scope) -> Less<Scope> {
    let mut less = Vec::new();
    if let Some(users) = &scope.users {
        less.extend(inside(scope, of_set(users, ToString::to_string), |scope, users| scope.users = Some(users)));
    }
    if let Some(entities) = &scope.entities {
        let fewer = of_set(entities, ToString::to_string);
        less.extend(inside(scope, fewer, |scope, entities| scope.entities = Some(entities)));
        less.extend(inside(scope, of_labels(&entities.items), |scope, items| {
            scope.entities.iter_mut().for_each(|entities| entities.items = items.clone());
        }));
    }
    if scope.users.is_some() && scope.entities.is_some() {
        less.push(("without its users".to_owned(), Scope { users: None, ..scope.clone() }));
        less.push(("without its entities".to_owned(), Scope { entities: None, ..scope.clone() }));
    }
    less
}

/// Entities with one of their labels less.
fn of_labels(items: &Items<EntityItem>) -> Less<Items<EntityItem>> {
    let Items::Listed(list) = items else { return Vec::new() };
    let Some((last, before)) = list.split_last() else { return Vec::new() };
    let EntityItem::Labelled { labels, all } = &last.node else { return Vec::new() };
    inside(items, without_one(labels, ToString::to_string), |items, labels| {
        let labelled = Spanned::new(EntityItem::Labelled { labels, all: *all }, last.span);
        *items = Items::Listed(before.iter().cloned().chain([labelled]).collect());
    })
}

/// The fence without one of its items, and no fence at all.
fn of_fence(on: Option<&Scope>) -> Less<Option<Scope>> {
    let Some(scope) = on else { return Vec::new() };
    let less = of_scope(scope).into_iter().map(|(what, scope)| (what, Some(scope)));
    less.chain([(format!("without `on {scope}`"), None)]).collect()
}

/// The conditions without one of them.
fn of_gates(gates: &[Gate]) -> Less<Vec<Gate>> {
    let without = |i: usize| gates.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, gate)| gate.clone()).collect();
    gates.iter().enumerate().map(|(i, gate)| (format!("without `when {gate}`"), without(i))).collect()
}

fn of_role(role: &Role) -> Less<Role> {
    let mut less = inside(role, of_gates(&role.when), |role, when| role.when = when);
    for (i, item) in role.body.iter().enumerate().filter(|(_, item)| gives_or_takes(&item.node)) {
        let mut without = role.clone();
        without.body.remove(i);
        less.push((format!("without `{}`", item.node), without));
        let smaller = of_item(&item.node).into_iter().map(|(what, less)| (format!("`{}` {what}", item.node), less));
        less.extend(inside(role, smaller.collect(), |role, item| role.body[i].node = item));
    }
    less.into_iter().map(|(what, less)| (format!("role {}: {what}", role.name.node), less)).collect()
}

/// Whether a statement has a part in what a role gives; the others only assert or describe.
const fn gives_or_takes(item: &RoleItem) -> bool {
    !matches!(item, RoleItem::Never(_) | RoleItem::Holders(_) | RoleItem::Primary)
}

fn of_item(item: &RoleItem) -> Less<RoleItem> {
    let name = |name: &Spanned<String>| name.node.clone();
    match item {
        RoleItem::Scope(scope) => {
            of_scope(scope).into_iter().map(|(what, scope)| (what, RoleItem::Scope(scope))).collect()
        }
        RoleItem::Extends(it) => {
            let mut less = inside(it, without_one(&it.roles, name), |it, roles| it.roles = roles);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            less.into_iter().map(|(what, it)| (what, RoleItem::Extends(it))).collect()
        }
        RoleItem::Allow(it) => {
            let mut less = inside(it, of_set(&it.actions, ToString::to_string), |it, actions| it.actions = actions);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            less.extend(inside(it, of_gates(&it.when), |it, when| it.when = when));
            less.into_iter().map(|(what, it)| (what, RoleItem::Allow(it))).collect()
        }
        RoleItem::Except(it) => {
            let mut less = inside(it, of_set(&it.actions, ToString::to_string), |it, actions| it.actions = actions);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            less.into_iter().map(|(what, it)| (what, RoleItem::Except(it))).collect()
        }
        RoleItem::Assigns(it) => {
            let mut less = inside(it, of_set(&it.roles, name), |it, roles| it.roles = roles);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            less.extend(inside(it, of_gates(&it.when), |it, when| it.when = when));
            less.into_iter().map(|(what, it)| (what, RoleItem::Assigns(it))).collect()
        }
        RoleItem::Never(_) | RoleItem::Holders(_) | RoleItem::Primary => Vec::new(),
    }
}

fn of_forbid(forbid: &Forbid) -> Less<Forbid> {
    let actions = of_set(&forbid.actions, ToString::to_string);
    let mut less = inside(forbid, actions, |forbid, actions| forbid.actions = actions);
    less.extend(inside(forbid, of_fence(forbid.on.as_ref()), |forbid, on| forbid.on = on));
    if let Some(unless) = &forbid.unless {
        less.push((format!("without `unless {unless}`"), Forbid { unless: None, ..forbid.clone() }));
    }
    less.into_iter().map(|(what, less)| (format!("`{forbid}` {what}"), less)).collect()
}

/// A group without one branch of its condition, or with the units below the one it asks for alone.
fn of_group(group: &Group) -> Less<Group> {
    let kinds: Less<ConditionKind> = match &group.condition.kind {
        ConditionKind::Or(parts) => without_one(parts, ToString::to_string)
            .into_iter()
            .map(|(w, parts)| (w, ConditionKind::Or(parts)))
            .collect(),
        ConditionKind::And(parts) => without_one(parts, ToString::to_string)
            .into_iter()
            .map(|(w, parts)| (w, ConditionKind::And(parts)))
            .collect(),
        ConditionKind::Unit { unit, only: true } => {
            vec![("without `only`".to_owned(), ConditionKind::Unit { unit: unit.clone(), only: false })]
        }
        _ => Vec::new(),
    };
    let less = inside(group, kinds, |group, kind| group.condition.kind = kind);
    less.into_iter().map(|(what, less)| (format!("group {}: {what}", group.name.node), less)).collect()
}

/// A resource with an action that no longer implies another.
fn of_resource(resource: &Resource) -> Less<Resource> {
    let implying = resource.actions.iter().enumerate().filter(|(_, action)| !action.implies.is_empty());
    implying
        .map(|(i, action)| {
            let mut less = resource.clone();
            less.actions[i].implies.clear();
            (format!("resource {}: {} implies nothing", resource.name.node, action.name.node), less)
        })
        .collect()
}
