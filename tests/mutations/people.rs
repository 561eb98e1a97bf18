//! Who was given what: each account with a fact, a role or a fence less.

use bailiwick::syntax::ast::{Admin, AdminItem, Assignment, Automatic};

use super::parts::{Less, as_a, inside, of, of_fence, of_period, of_scope, of_set, without_one};
use super::roles::of_allow;

/// An account without one of its facts, roles, rights or fences. What merely describes a person is left alone.
pub(super) fn of_admin(admin: &Admin) -> Less<Admin> {
    let mut less = Vec::new();
    for (i, item) in admin.body.iter().enumerate().filter(|(_, item)| counts(&item.node)) {
        let words = worded(&item.node);
        let mut without = admin.clone();
        without.body.remove(i);
        less.push((format!("without `{words}`"), without));
        let smaller = of_item(&item.node).into_iter().map(|(what, less)| (format!("`{words}` {what}"), less));
        less.extend(inside(admin, smaller.collect(), |admin, item| admin.body[i].node = item));
    }
    of(&format!("admin {}", admin.name.node), less)
}

fn worded(item: &AdminItem) -> String {
    item.to_string()
}

/// Whether a line may change an answer: names, addresses and pictures do not.
const fn counts(item: &AdminItem) -> bool {
    !matches!(
        item,
        AdminItem::Login(_) | AdminItem::Email(_) | AdminItem::Phone(_) | AdminItem::Id(_) | AdminItem::Photo(_)
    )
}

fn of_item(item: &AdminItem) -> Less<AdminItem> {
    match item {
        AdminItem::Labels(labels) => as_a(without_one(labels, ToString::to_string), AdminItem::Labels),
        AdminItem::Profile(it) => as_a(of_assignment(it), AdminItem::Profile),
        AdminItem::Role(it) => as_a(of_assignment(it), AdminItem::Role),
        AdminItem::Scope(scope) => as_a(of_scope(scope), |scope| AdminItem::Scope(Box::new(scope))),
        AdminItem::Allow(it) => as_a(of_allow(it), |it| AdminItem::Allow(Box::new(it))),
        AdminItem::Valid(period) if period.from.is_some() && period.until.is_some() => {
            as_a(of_period(period), AdminItem::Valid)
        }
        _ => Vec::new(),
    }
}

fn of_assignment(it: &Assignment) -> Less<Assignment> {
    let mut less = inside(it, of_fence(it.on.as_deref()), |it, on| it.on = on.map(Box::new));
    less.extend(inside(it, of_period(&it.period), |it, period| it.period = period));
    less
}

/// A rule that gives less, to fewer, or without a fence.
pub(super) fn of_automatic(it: &Automatic) -> Less<Automatic> {
    let mut less = inside(it, of_set(&it.users, ToString::to_string), |it, users| it.users = users);
    less.extend(inside(it, without_one(&it.roles, |name| name.node.clone()), |it, roles| it.roles = roles));
    less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
    of(&format!("`{it}`"), less)
}
