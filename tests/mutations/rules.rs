//! What is final and what must hold: a prohibition with a part less, a demand turned into one that nobody meets.

use bailiwick::source::{Span, Spanned};
use bailiwick::syntax::ast::{
    ActionItem, Admin, AdminItem, Allow, Assertion, Assignment, Forbid, Items, Name, Path, Period, Quota, Resource,
    Separate, Set, Side,
};

use super::parts::{Less, inside, of_actions, of_fence, of_set};

/// A prohibition of less, in fewer places, for fewer, or without its exemption.
pub(super) fn of_forbid(forbid: &Forbid) -> Less<Forbid> {
    let mut less = inside(forbid, of_actions(&forbid.actions), |forbid, actions| forbid.actions = actions);
    less.extend(inside(forbid, of_fence(forbid.on.as_ref()), |forbid, on| forbid.on = on));
    if let Some(subjects) = &forbid.subjects {
        less.push((format!("without `for {subjects}`"), Forbid { subjects: None, ..forbid.clone() }));
        let fewer = of_set(subjects, ToString::to_string);
        less.extend(inside(forbid, fewer, |forbid, subjects| forbid.subjects = Some(subjects)));
    }
    if let Some(unless) = &forbid.unless {
        less.push((format!("without `unless {unless}`"), Forbid { unless: None, ..forbid.clone() }));
        let fewer = of_set(unless, ToString::to_string);
        less.extend(inside(forbid, fewer, |forbid, unless| forbid.unless = Some(unless)));
    }
    less.into_iter().map(|(what, less)| (format!("`{forbid}` {what}"), less)).collect()
}

/// A limit that the first account exceeds.
pub(super) fn breaking_quota(quota: &Quota) -> (String, Quota) {
    let none = Quota { most: Spanned::new(0, quota.most.span), ..quota.clone() };
    (format!("`{quota}` made impossible"), none)
}

/// The contrary: `always` of what is never so, `never` of what always is.
pub(super) fn contrary(assertion: &Assertion) -> (String, Assertion) {
    let word = if assertion.always { "never" } else { "always" };
    (format!("`{assertion}`: `{word}`"), Assertion { always: !assertion.always, ..assertion.clone() })
}

/// Somebody who holds both sides of a separation, everywhere.
pub(super) fn both_sides(separate: &Separate, span: Span) -> (String, Admin) {
    let body = [&separate.left, &separate.right].map(|side| Spanned::new(held(side, span), span));
    (format!("`{separate}`: somebody has both"), holding("has-both-sides", body.to_vec(), span))
}

/// For each action that needs others, somebody who has it alone.
pub(super) fn without_needed(resource: &Resource, span: Span) -> Vec<(String, Admin)> {
    let needing = resource.actions.iter().filter(|action| !action.needs.is_empty());
    let alone = needing.map(|action| {
        let names = [&resource.name, &action.name].map(|name| Name::new(name.node.clone(), span));
        let what = format!("`{}.{}` without what it needs: somebody has it", resource.name.node, action.name.node);
        let item = ActionItem { kind: None, path: Some(Path { names: names.to_vec(), span }) };
        let actions = Set { items: Items::Listed(vec![Spanned::new(item, span)]), except: Vec::new(), span };
        (what, holding("has-one-action", vec![Spanned::new(held(&Side::Actions(actions), span), span)], span))
    });
    alone.collect()
}

/// An account with these rights and no other.
fn holding(name: &str, body: Vec<Spanned<AdminItem>>, span: Span) -> Admin {
    Admin { name: Name::new(name.to_owned(), span), title: None, body }
}

fn held(side: &Side, span: Span) -> AdminItem {
    let period = Period::default();
    match side {
        Side::Role(role) => {
            let role = Name::new(role.node.clone(), span);
            AdminItem::Role(Assignment { role, on: None, period, reason: None })
        }
        Side::Actions(actions) => {
            let actions = actions.clone();
            AdminItem::Allow(Box::new(Allow { actions, on: None, when: Vec::new(), period, reason: None }))
        }
    }
}
