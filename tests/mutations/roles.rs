//! Roles: each with a mark, a statement or a part of one less.

use bailiwick::source::{Span, Spanned};
use bailiwick::syntax::ast::{ActionItem, Allow, Extends, Holders, Items, Kind, Name, Period, Role, RoleItem, Set};

use super::parts::{Less, as_a, inside, of, of_actions, of_fence, of_gates, of_period, of_scope, of_set, without_one};

fn named(role: &Role) -> String {
    format!("{} {}", if role.profile { "profile" } else { "role" }, role.name.node)
}

/// A role that gives or takes something else.
pub(super) fn of_role(role: &Role) -> Less<Role> {
    let mut less = inside(role, of_gates(&role.when), |role, when| role.when = when);
    for (i, item) in role.body.iter().enumerate().filter(|(_, item)| gives_or_takes(&item.node)) {
        let mut without = role.clone();
        without.body.remove(i);
        less.push((format!("without `{}`", item.node), without));
        let smaller = of_item(&item.node).into_iter().map(|(what, less)| (format!("`{}` {what}", item.node), less));
        less.extend(inside(role, smaller.collect(), |role, item| role.body[i].node = item));
    }
    for (word, there, without) in marks(role) {
        if there {
            less.push((format!("without `{word}`"), without));
        }
    }
    of(&named(role), less)
}

/// The marks of a role that change an answer, whether it has them, and the role without. `needs` changes one where the role is
/// presented; otherwise it is a demand on those who hold it.
fn marks(role: &Role) -> [(&'static str, bool, Role); 4] {
    let role = role.clone();
    [
        ("super", role.superuser.is_some(), Role { superuser: None, ..role.clone() }),
        ("by claim", role.by_claim.is_some(), Role { by_claim: None, ..role.clone() }),
        ("spare", role.spare.is_some(), Role { spare: None, ..role.clone() }),
        ("needs", role.by_claim.is_some() && !role.needs.is_empty(), Role { needs: Vec::new(), ..role }),
    ]
}

/// A role that may be given, though nobody should.
pub(super) fn grantable(role: &Role) -> Less<Role> {
    let less = Role { ungrantable: None, ..role.clone() };
    role.ungrantable.map(|_| (format!("{}: without `ungrantable`", named(role)), less)).into_iter().collect()
}

/// Whether a statement has a part in what a role gives; the others only assert or describe.
const fn gives_or_takes(item: &RoleItem) -> bool {
    !matches!(item, RoleItem::Never(_) | RoleItem::Holders(_) | RoleItem::Primary)
}

fn of_item(item: &RoleItem) -> Less<RoleItem> {
    match item {
        RoleItem::Scope(scope) => as_a(of_scope(scope), RoleItem::Scope),
        RoleItem::Extends(it) => as_a(of_extends(it), RoleItem::Extends),
        RoleItem::Allow(it) => as_a(of_allow(it), RoleItem::Allow),
        RoleItem::Except(it) => {
            let mut less = inside(it, of_actions(&it.actions), |it, actions| it.actions = actions);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            as_a(less, RoleItem::Except)
        }
        RoleItem::Assigns(it) => {
            let mut less = inside(it, of_set(&it.roles, |name| name.node.clone()), |it, roles| it.roles = roles);
            less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
            less.extend(inside(it, of_gates(&it.when), |it, when| it.when = when));
            less.extend(inside(it, of_period(&it.period), |it, period| it.period = period));
            as_a(less, RoleItem::Assigns)
        }
        RoleItem::Never(_) | RoleItem::Holders(_) | RoleItem::Primary => Vec::new(),
    }
}

fn of_extends(it: &Extends) -> Less<Extends> {
    let mut less = inside(it, without_one(&it.roles, |name: &Name| name.node.clone()), |it, roles| it.roles = roles);
    less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
    less
}

/// A grant of fewer actions, with a weaker fence, under fewer conditions, or on more days.
pub(super) fn of_allow(it: &Allow) -> Less<Allow> {
    let mut less = inside(it, of_actions(&it.actions), |it, actions| it.actions = actions);
    less.extend(inside(it, of_fence(it.on.as_ref()), |it, on| it.on = on));
    less.extend(inside(it, of_gates(&it.when), |it, when| it.when = when));
    less.extend(inside(it, of_period(&it.period), |it, period| it.period = period));
    less
}

/// A role that breaks one of its own `never`s: it is given just that.
pub(super) fn breaking_never(role: &Role) -> Less<Role> {
    let nevers = role.body.iter().filter_map(|item| match &item.node {
        RoleItem::Never(never) => Some((item, never)),
        _ => None,
    });
    let broken = nevers.map(|(item, never)| {
        let (actions, on) = (never.actions.clone(), never.on.clone());
        let allow = Allow { actions, on, when: Vec::new(), period: Period::default(), reason: None };
        let mut role = role.clone();
        role.body.push(Spanned::new(RoleItem::Allow(allow), item.span));
        (format!("gives what it says `{}` of", item.node), role)
    });
    of(&named(role), broken.collect())
}

/// A read-only role that writes, or that is excused from less.
pub(super) fn breaking_read_only(role: &Role) -> Less<Role> {
    let Some(read_only) = &role.read_only else { return Vec::new() };
    let excused = super::parts::without_each(&read_only.except, |item| format!("except {}", item.node));
    let mut less = inside(role, excused, |role, except| {
        role.read_only.iter_mut().for_each(|it| it.except.clone_from(&except));
    });
    let mut writes = role.clone();
    writes.body.push(Spanned::new(RoleItem::Allow(every_write(read_only.span)), read_only.span));
    less.push(("`read only`, but writes".to_owned(), writes));
    of(&named(role), less)
}

/// `allow write *`.
fn every_write(span: Span) -> Allow {
    let item = ActionItem { kind: Some(Spanned::new(Kind::Write, span)), path: None };
    let actions = Set { items: Items::Listed(vec![Spanned::new(item, span)]), except: Vec::new(), span };
    Allow { actions, on: None, when: Vec::new(), period: Period::default(), reason: None }
}

/// A role whose bounds on its holders nobody can keep.
pub(super) fn breaking_holders(role: &Role) -> Less<Role> {
    let mut less = Vec::new();
    for (i, item) in role.body.iter().enumerate() {
        let RoleItem::Holders(holders) = &item.node else { continue };
        let mut broken = role.clone();
        broken.body[i].node = RoleItem::Holders(impossible(holders));
        less.push((format!("`{}` made impossible", item.node), broken));
    }
    of(&named(role), less)
}

fn impossible(holders: &Holders) -> Holders {
    let mut holders = holders.clone();
    if let Some(most) = &mut holders.most {
        most.node = 0;
        holders.least = None;
    } else if let Some(least) = &mut holders.least {
        least.node = u32::MAX;
    }
    holders
}

/// A role that claims the tier below its own.
pub(super) fn breaking_tier(role: &Role, tiers: &[Name]) -> Less<Role> {
    let Some(declared) = &role.tier else { return Vec::new() };
    let at = tiers.iter().position(|tier| tier.node == declared.node).unwrap_or(0);
    let Some(below) = at.checked_sub(1).and_then(|i| tiers.get(i)) else { return Vec::new() };
    let lower = Role { tier: Some(Name::new(below.node.clone(), declared.span)), ..role.clone() };
    of(&named(role), vec![(format!("tier {}, not {}", below.node, declared.node), lower)])
}
