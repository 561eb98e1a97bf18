//! Small words for policies and questions that are written by hand.

use super::eval::allow;
use super::policy::*;
use super::truth::Truth;

// ---- small words for policies ----------------------------------------------------------------------------------------------

pub(crate) fn path(text: &str) -> ActionPath {
    let (resource, action) = text.split_once('.').expect("a path has a dot");
    ActionPath { resource: resource.into(), action: action.into() }
}

/// `a.b` is an action, `a` a resource, `*` all, `become a` those of a kind.
pub(crate) fn item(text: &str) -> ActionItem {
    let kinds =
        [("view ", Kind::View), ("write ", Kind::Write), ("destroy ", Kind::Destroy), ("become ", Kind::Become)];
    let kind = kinds.iter().find_map(|(word, kind)| text.strip_prefix(word).map(|rest| (*kind, rest)));
    match (kind, text) {
        (Some((kind, "*")), _) => ActionItem::AllOf(kind),
        (Some((kind, resource)), _) => ActionItem::ResourceOf(kind, resource.into()),
        (None, "*") => ActionItem::All,
        (None, one) if one.contains('.') => ActionItem::One(path(one)),
        (None, resource) => ActionItem::Resource(resource.into()),
    }
}

pub(crate) fn items(texts: &[&str]) -> Set<ActionItem> {
    Set { items: Some(texts.iter().map(|t| item(t)).collect()), except: vec![] }
}

pub(crate) fn of<T>(items: Vec<T>) -> Option<Set<T>> {
    Some(Set { items: Some(items), except: vec![] })
}

pub(crate) fn users(group: &str) -> Option<Scope> {
    Some(Scope { users: of(vec![UserItem::Group(group.into())]), entities: None })
}

pub(crate) fn user_item(item: UserItem) -> Option<Scope> {
    Some(Scope { users: of(vec![item]), entities: None })
}

pub(crate) fn labelled(label: &str) -> EntityItem {
    EntityItem::Labelled { labels: vec![label.into()], all: false }
}

pub(crate) fn entities(item: EntityItem) -> Option<Scope> {
    Some(Scope { users: None, entities: of(vec![item]) })
}

pub(crate) fn both(label: &str, group: &str) -> Option<Scope> {
    Some(Scope { users: of(vec![UserItem::Group(group.into())]), entities: of(vec![labelled(label)]) })
}

pub(crate) fn allowing(actions: &[&str], on: Option<Scope>) -> Allow {
    Allow { actions: items(actions), on, when: vec![], period: Period::default() }
}

pub(crate) fn excepting(actions: &[&str], on: Option<Scope>) -> Except {
    Except { actions: items(actions), on }
}

pub(crate) fn role(name: &str, allows: Vec<Allow>) -> Role {
    Role { name: name.into(), allows, ..Role::default() }
}

pub(crate) fn extending(role: &str) -> Vec<Extends> {
    vec![Extends { role: role.into(), on: None }]
}

pub(crate) fn given(role: &str, on: Option<Scope>) -> Assignment {
    Assignment { role: role.into(), on, period: Period::default() }
}

pub(crate) fn admin(name: &str, assignments: Vec<Assignment>) -> Admin {
    Admin { name: name.into(), assignments, ..Admin::default() }
}

pub(crate) fn resource(name: &str, on: Signature, actions: &[(Kind, &str)]) -> Resource {
    let action = |(kind, name): &(Kind, &str)| Action { name: (*name).into(), kind: *kind, implies: vec![] };
    Resource { name: name.into(), on, when: vec![], actions: actions.iter().map(action).collect() }
}

pub(crate) fn node(name: &str, parent: Option<&str>) -> Node {
    Node { name: name.into(), parent: parent.map(Into::into) }
}

pub(crate) fn country_group(name: &str, country: &str) -> Group {
    let test = Test::Is(country.into());
    Group { name: name.into(), condition: Condition::Attribute { attribute: "country".into(), test, negated: false } }
}

// ---- small words for questions ---------------------------------------------------------------------------------------------

pub(crate) fn closed() -> Facts {
    Facts { closed: true, ..Facts::default() }
}

pub(crate) fn content(labels: &[&str]) -> Facts {
    Facts { labels: Marks::Only(labels.iter().map(|l| (*l).into()).collect()), ..closed() }
}

pub(crate) fn from(country: &str) -> Facts {
    Facts { attributes: vec![("country".into(), Told::Is(country.into()))], ..closed() }
}

pub(crate) fn login(login: &str) -> Facts {
    Facts { login: Some(login.into()), ..closed() }
}

pub(crate) fn at(unit: &str) -> Facts {
    Facts { unit: Told::Is(unit.into()), ..closed() }
}

pub(crate) fn asked(actor: &str, action: &str, entity: Option<Facts>, user: Option<Facts>) -> Question {
    Question { actor: Actor::Named(actor.into()), action: path(action), entity, user, day: 20_000 }
}

pub(crate) fn may(policy: &Policy, actor: &str, action: &str, entity: Option<Facts>, user: Option<Facts>) -> bool {
    allow(policy, &asked(actor, action, entity, user)) == Truth::True
}
