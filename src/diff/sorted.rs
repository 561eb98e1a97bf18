//! Statements with their sets in order: what means the same by order alone is written alike.

use crate::syntax::ast::{
    ActionSet, Allow, Assigns, Automatic, Condition, ConditionKind, EntityItem, Except, Forbid, Gate, Items, Name,
    Path, Scope, Separate, Set, Side, SubjectSet,
};

/// Puts a set in order, each item once.
fn set<T>(set: &mut Set<T>, text: impl Fn(&T) -> String) {
    let order = |items: &mut Vec<crate::source::Spanned<T>>| {
        items.sort_by_cached_key(|item| text(&item.node));
        items.dedup_by(|b, a| text(&a.node) == text(&b.node));
    };
    if let Items::Listed(items) = &mut set.items {
        order(items);
    }
    order(&mut set.except);
}

/// Puts a set of actions in order.
pub(super) fn actions(it: &mut ActionSet) {
    set(it, ToString::to_string);
}

/// Puts a set of subjects in order.
pub(super) fn subjects(it: &mut SubjectSet) {
    set(it, ToString::to_string);
}

/// Puts both parts of a scope in order.
pub(super) fn scope(it: &mut Scope) {
    if let Some(users) = &mut it.users {
        set(users, ToString::to_string);
    }
    if let Some(entities) = &mut it.entities {
        let listed = match &mut entities.items {
            Items::Listed(items) => items.as_mut_slice(),
            Items::All(_) => &mut [],
        };
        for item in listed.iter_mut().chain(&mut entities.except) {
            if let EntityItem::Labelled { labels, .. } = &mut item.node {
                paths(labels);
            }
        }
        set(entities, ToString::to_string);
    }
}

/// Puts paths in order, each once.
pub(super) fn paths(paths: &mut Vec<Path>) {
    paths.sort_by_cached_key(ToString::to_string);
    paths.dedup_by(|b, a| a.to_string() == b.to_string());
}

/// Puts names in order, each once.
pub(super) fn names(names: &mut Vec<Name>) {
    names.sort_by(|a, b| a.node.cmp(&b.node));
    names.dedup_by(|b, a| a.node == b.node);
}

/// Puts gates in order, each once.
pub(super) fn gates(gates: &mut Vec<Gate>) {
    gates.sort_by_cached_key(ToString::to_string);
    gates.dedup_by(|b, a| a.to_string() == b.to_string());
}

/// An `allow` in order.
pub(super) fn allow(it: &Allow) -> Allow {
    let mut it = it.clone();
    actions(&mut it.actions);
    it.on.iter_mut().for_each(scope);
    gates(&mut it.when);
    it
}

/// An `assigns` in order.
pub(super) fn assigns(it: &Assigns) -> Assigns {
    let mut it = it.clone();
    set(&mut it.roles, |name| name.node.clone());
    it.on.iter_mut().for_each(scope);
    gates(&mut it.when);
    it
}

/// An `except` or `never` of a role in order.
pub(super) fn except(it: &Except) -> Except {
    let mut it = it.clone();
    actions(&mut it.actions);
    it.on.iter_mut().for_each(scope);
    it
}

/// A `forbid` in order.
pub(super) fn forbid(it: &Forbid) -> Forbid {
    let mut it = it.clone();
    actions(&mut it.actions);
    it.on.iter_mut().for_each(scope);
    it.subjects.iter_mut().for_each(subjects);
    it.unless.iter_mut().for_each(subjects);
    it
}

/// An automatic rule in order, for one of its roles.
pub(super) fn automatic(it: &Automatic, role: &Name) -> Automatic {
    let mut it = Automatic { roles: vec![role.clone()], ..it.clone() };
    set(&mut it.users, ToString::to_string);
    it.on.iter_mut().for_each(scope);
    it
}

/// A separation with its sides in order: which is which means nothing.
pub(super) fn separate(it: &Separate) -> Separate {
    let mut it = it.clone();
    for side in [&mut it.left, &mut it.right] {
        if let Side::Actions(set) = side {
            actions(set);
        }
    }
    if it.right.to_string() < it.left.to_string() {
        std::mem::swap(&mut it.left, &mut it.right);
    }
    it
}

/// A condition with the parts of `and` and `or`, and the values of `in`, in order. Recursion is bounded by the nesting that the parser
/// allows.
pub(super) fn condition(it: &mut Condition) {
    match &mut it.kind {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter_mut().for_each(condition);
            parts.sort_by_cached_key(ToString::to_string);
        }
        ConditionKind::Not(inner) => condition(inner),
        ConditionKind::Attribute { test: crate::syntax::ast::AttributeTest::In(values), .. } => names(values),
        _ => {}
    }
}
