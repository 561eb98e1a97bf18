//! What there is to administer, with one thing about it changed.

use bailiwick::syntax::ast::{
    ActionDecl, AttributeTest, Condition, ConditionKind, Group, Kind, Platform, Relation, Resource, Tier, Tree,
};

use super::parts::{Less, as_a, inside, of, of_actions, without_each, without_one};

/// A platform without what it says of accounts. Its granularity refuses what is finer, and a policy that says nothing finer has
/// nothing for it to refuse.
pub(super) fn of_platform(platform: &Platform) -> Less<Platform> {
    let mut less = Vec::new();
    if platform.super_none.is_some() {
        less.push(("without `super none`".to_owned(), Platform { super_none: None, ..platform.clone() }));
    }
    of("platform", less)
}

/// A tier that covers less, or more.
pub(super) fn of_tier(tier: &Tier) -> Less<Tier> {
    let less = inside(tier, of_actions(&tier.covers), |tier, covers| tier.covers = covers);
    of(&format!("tier {}", tier.name.node), less)
}

/// A resource without one of its features, actions or implications, or with an action of another kind, where some set asks for the
/// kind.
pub(super) fn of_resource(resource: &Resource, asked: impl Fn(Kind) -> bool) -> Less<Resource> {
    let mut less = inside(resource, without_each(&resource.when, |it| format!("when {}", it.node)), |it, when| {
        it.when = when;
    });
    let fewer = without_one(&resource.actions, |action| action.name.node.clone());
    less.extend(inside(resource, fewer, |it, actions| it.actions = actions));
    for (i, action) in resource.actions.iter().enumerate() {
        let implies = without_each(&action.implies, |path| format!("implies {path}"));
        let mut changed = inside(action, implies, |action, implies| action.implies = implies);
        if asked(action.kind) {
            let kind = if action.kind == Kind::Write { Kind::View } else { Kind::Write };
            changed.push((format!("`{kind}`, not `{}`", action.kind), ActionDecl { kind, ..action.clone() }));
        }
        less.extend(inside(resource, of(&action.name.node, changed), |it, action| it.actions[i] = action));
    }
    of(&format!("resource {}", resource.name.node), less)
}

/// A resource of which an action is no longer `signed`.
pub(super) fn unsigned(resource: &Resource) -> Less<Resource> {
    let signed = resource.actions.iter().enumerate().filter(|(_, action)| action.signed.is_some());
    let less = signed.map(|(i, action)| {
        let mut less = resource.clone();
        less.actions[i].signed = None;
        (format!("{}: without `signed`", action.name.node), less)
    });
    of(&format!("resource {}", resource.name.node), less.collect())
}

/// A relation that leads to less.
pub(super) fn of_relation(relation: &Relation) -> Less<Relation> {
    let less = inside(relation, without_one(&relation.on, |it| format!("on {}", it.node)), |it, on| it.on = on);
    of(&format!("relation {}", relation.name.node), less)
}

/// A tree without one of its leaves; and trees in which a node stands beside its root, and no longer below it.
pub(super) fn of_tree(tree: &Tree) -> Less<Vec<Tree>> {
    let mut less = Vec::new();
    for (name, leaf, rest) in taken_out(tree) {
        if leaf.children.is_empty() {
            less.push((format!("without `{name}`"), vec![rest.clone()]));
        }
        less.push((format!("`{name}` beside it"), vec![rest, leaf]));
    }
    of(&tree.name.node, less)
}

/// Every node below the root: its name, itself, and the tree without it.
fn taken_out(tree: &Tree) -> Vec<(String, Tree, Tree)> {
    let mut found = Vec::new();
    for (i, child) in tree.children.iter().enumerate() {
        let mut rest = tree.clone();
        let taken = rest.children.remove(i);
        found.push((child.name.node.clone(), taken, rest));
        for (name, taken, smaller) in taken_out(child) {
            let mut rest = tree.clone();
            rest.children[i] = smaller;
            found.push((name, taken, rest));
        }
    }
    found
}

/// A group with one part of its condition gone or turned around.
pub(super) fn of_group(group: &Group) -> Less<Group> {
    let less = inside(group, of_condition(&group.condition), |group, condition| group.condition = condition);
    of(&format!("group {}", group.name.node), less)
}

fn of_condition(condition: &Condition) -> Less<Condition> {
    let joined = |parts: &[Condition], join: fn(Vec<Condition>) -> ConditionKind| {
        let mut less = as_a(without_one(parts, ToString::to_string), join);
        for (i, part) in parts.iter().enumerate() {
            let changed = of_condition(part);
            less.extend(as_a(inside(&parts.to_vec(), changed, |parts, part| parts[i] = part), join));
        }
        less
    };
    let kinds = match &condition.kind {
        ConditionKind::And(parts) => joined(parts, ConditionKind::And),
        ConditionKind::Or(parts) => joined(parts, ConditionKind::Or),
        ConditionKind::Not(inner) => vec![(format!("`{inner}`, not the contrary"), inner.kind.clone())],
        kind => of_test(kind, condition),
    };
    as_a(kinds, |kind| Condition { kind, span: condition.span })
}

/// A single test: turned around, with one of its values less, or wider.
fn of_test(kind: &ConditionKind, whole: &Condition) -> Less<ConditionKind> {
    let mut less = vec![(format!("not `{whole}`"), ConditionKind::Not(Box::new(whole.clone())))];
    match kind {
        ConditionKind::Unit { unit, only: true } => {
            less.push((format!("`{whole}` and below"), ConditionKind::Unit { unit: unit.clone(), only: false }));
        }
        ConditionKind::Attribute { attribute, test: AttributeTest::In(values), negated } => {
            let fewer = as_a(without_one(values, |value| value.node.clone()), AttributeTest::In);
            less.extend(as_a(fewer, |test| ConditionKind::Attribute {
                attribute: attribute.clone(),
                test,
                negated: *negated,
            }));
        }
        _ => {}
    }
    less
}
