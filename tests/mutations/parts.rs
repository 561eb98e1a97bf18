//! Sets, scopes, conditions on a line and dates, each without one of its parts.

use bailiwick::source::Spanned;
use bailiwick::syntax::ast::{ActionItem, ActionSet, EntityItem, Gate, Items, Period, Scope, Set};

/// A thing with something taken out of it, and what that was.
pub(super) type Less<T> = Vec<(String, T)>;

/// Puts the smaller forms of a part back into the whole.
pub(super) fn inside<T: Clone, P>(whole: &T, parts: Less<P>, put: impl Fn(&mut T, P)) -> Less<T> {
    let put_back = |part| {
        let mut whole = whole.clone();
        put(&mut whole, part);
        whole
    };
    parts.into_iter().map(|(what, part)| (what, put_back(part))).collect()
}

/// The same thing in another dress.
pub(super) fn as_a<T, U>(less: Less<T>, dress: impl Fn(T) -> U) -> Less<U> {
    less.into_iter().map(|(what, it)| (what, dress(it))).collect()
}

/// Says of which thing these are.
pub(super) fn of<T>(whole: &str, less: Less<T>) -> Less<T> {
    less.into_iter().map(|(what, it)| (format!("{whole}: {what}"), it)).collect()
}

/// The list without one of its items.
pub(super) fn without_each<T: Clone>(items: &[T], name: impl Fn(&T) -> String) -> Less<Vec<T>> {
    let without = |i: usize| items.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, it)| it.clone()).collect();
    items.iter().enumerate().map(|(i, item)| (format!("without `{}`", name(item)), without(i))).collect()
}

/// The list without one of its items, where that leaves any.
pub(super) fn without_one<T: Clone>(items: &[T], name: impl Fn(&T) -> String) -> Less<Vec<T>> {
    if items.len() < 2 { Vec::new() } else { without_each(items, name) }
}

/// The set without one of its items, or one of those that it excepts.
pub(super) fn of_set<T: Clone>(set: &Set<T>, name: impl Fn(&T) -> String) -> Less<Set<T>> {
    let name = |item: &Spanned<T>| name(&item.node);
    let mut less = Vec::new();
    if let Items::Listed(items) = &set.items {
        less.extend(inside(set, without_one(items, name), |set, items| set.items = Items::Listed(items)));
    }
    let fewer = without_each(&set.except, |item| format!("except {}", name(item)));
    less.extend(inside(set, fewer, |set, except| set.except = except));
    less
}

/// The actions without one of their items, and an item without the kind that narrows it.
pub(super) fn of_actions(set: &ActionSet) -> Less<ActionSet> {
    let mut less = of_set(set, ToString::to_string);
    let Items::Listed(items) = &set.items else { return less };
    for (i, item) in items.iter().enumerate() {
        if let Some(kind) = &item.node.kind {
            let mut wider = items.clone();
            wider[i].node = ActionItem { kind: None, path: item.node.path.clone() };
            less.push((format!("not only `{}`", kind.node), Set { items: Items::Listed(wider), ..set.clone() }));
        }
    }
    less
}

/// The scope without one of its items or parts; nothing where that would leave none.
pub(super) fn of_scope(scope: &Scope) -> Less<Scope> {
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
pub(super) fn of_fence(on: Option<&Scope>) -> Less<Option<Scope>> {
    let Some(scope) = on else { return Vec::new() };
    let less = as_a(of_scope(scope), Some);
    less.into_iter().chain([(format!("without `on {scope}`"), None)]).collect()
}

/// The conditions without one of them.
pub(super) fn of_gates(gates: &[Gate]) -> Less<Vec<Gate>> {
    without_each(gates, |gate| format!("when {gate}"))
}

/// The dates without one of them.
pub(super) fn of_period(period: &Period) -> Less<Period> {
    let from = period
        .from
        .as_ref()
        .map(|day| (format!("without `from {}`", day.node), Period { from: None, until: period.until.clone() }));
    let until = period
        .until
        .as_ref()
        .map(|day| (format!("without `until {}`", day.node), Period { from: period.from.clone(), until: None }));
    from.into_iter().chain(until).collect()
}
