//! Whether two models speak of the same things, so that the rights of one can be read in the other's ids.

use crate::model::forest::Forest;
use crate::model::id::LabelId;
use crate::model::{Account, Model};

/// The earlier model's id of each label of the later one; none where anything but labels that are gone and rules differs.
///
/// Ids are given in the order of the names, so what has the same names in the same order has the same ids. Titles, documentation, tests,
/// quotas and whatever else only checks read may differ.
pub(super) fn labels(before: &Model, after: &Model) -> Option<Vec<LabelId>> {
    let kept = same_forest_but_for_missing(&before.labels, &after.labels)?;
    let same = actions(before, after)
        && roles(before, after)
        && facts(before, after)
        && before.accounts.len() == after.accounts.len()
        && before.accounts.iter().zip(&after.accounts).all(|(a, b)| account(a, b, &kept));
    same.then_some(kept)
}

/// The nodes by their paths; none where a later one is new, or stands elsewhere.
fn same_forest_but_for_missing(before: &Forest, after: &Forest) -> Option<Vec<LabelId>> {
    let known = |node: &crate::model::forest::Tree| before.nodes.iter().position(|old| old.path == node.path);
    after.nodes.iter().map(|node| known(node).map(LabelId::new)).collect()
}

fn actions(before: &Model, after: &Model) -> bool {
    before.actions.len() == after.actions.len()
        && before.actions.iter().zip(&after.actions).all(|(a, b)| {
            (&a.path, a.signature, a.kind, &a.implies, &a.changes)
                == (&b.path, b.signature, b.kind, &b.implies, &b.changes)
        })
}

fn roles(before: &Model, after: &Model) -> bool {
    before.roles.len() == after.roles.len()
        && before.roles.iter().zip(&after.roles).all(|(a, b)| {
            let needs = |r: &crate::model::Role| r.needs.iter().map(|n| n.node).collect::<Vec<_>>();
            let flags = |r: &crate::model::Role| {
                [r.profile, r.superuser, r.ungrantable, r.by_claim.is_some(), r.primary, r.spare]
            };
            let tier = |r: &crate::model::Role| r.tier.as_ref().map(|t| t.node);
            a.name == b.name && flags(a) == flags(b) && needs(a) == needs(b) && tier(a) == tier(b)
        })
}

/// Everything that a predicate can ask for, labels aside.
fn facts(before: &Model, after: &Model) -> bool {
    let attributes = |m: &Model| m.attributes.iter().map(|a| (a.name.clone(), a.ty.clone())).collect::<Vec<_>>();
    let units = |m: &Model| m.units.nodes.iter().map(|u| (u.path.clone(), u.parent)).collect::<Vec<_>>();
    let relations =
        |m: &Model| m.relations.iter().map(|r| (r.name.clone(), r.on_users, r.on_entities)).collect::<Vec<_>>();
    let features = |m: &Model| m.features.iter().map(|f| (f.name.clone(), f.on, f.set_by.clone())).collect::<Vec<_>>();
    let tiers = |m: &Model| m.tiers.iter().map(|t| (t.name.clone(), t.covers.clone())).collect::<Vec<_>>();
    attributes(before) == attributes(after)
        && units(before) == units(after)
        && relations(before) == relations(after)
        && features(before) == features(after)
        && tiers(before) == tiers(after)
}

fn account(before: &Account, after: &Account, labels: &[LabelId]) -> bool {
    let text = |t: &Option<Box<crate::source::Spanned<String>>>| t.as_ref().map(|t| t.node.clone());
    let told = |a: &Account| (a.login.clone(), a.name.clone(), text(&a.email), text(&a.phone), text(&a.id));
    let mut borne: Vec<LabelId> = after.labels.iter().filter_map(|l| labels.get(l.index()).copied()).collect();
    borne.sort_unstable();
    told(before) == told(after)
        && before.unit.as_ref().map(|u| u.node) == after.unit.as_ref().map(|u| u.node)
        && before.attributes == after.attributes
        && (before.valid, before.active) == (after.valid, after.active)
        && before.labels == borne
}
