//! What is final and what must hold: a prohibition with a part less, a demand turned into one that nobody meets.

use bailiwick::source::{Span, Spanned};
use bailiwick::syntax::ast::{
    Admin, AdminItem, Allow, Assertion, Assignment, Forbid, Name, Period, Quota, Separate, Side,
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
    let name = Name::new("holds-both-sides".to_owned(), span);
    let body = [&separate.left, &separate.right].map(|side| Spanned::new(held(side, span), span));
    (format!("`{separate}`: somebody has both"), Admin { name, title: None, body: body.to_vec() })
}

fn held(side: &Side, span: Span) -> AdminItem {
    let period = Period::default();
    match side {
        Side::Role(role) => {
            let role = Name::new(role.node.clone(), span);
            AdminItem::Role(Assignment { role, on: None, period, reason: None })
        }
        Side::Actions(actions) => {
            AdminItem::Allow(Allow { actions: actions.clone(), on: None, when: Vec::new(), period, reason: None })
        }
    }
}
