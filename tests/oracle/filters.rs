//! The filter that a table gives, walked with the facts of a question's target.

use bailiwick_table::{AccountId, ActionId, AttributeId, Children, Part, Pred, Shown, Table, Test as Asked, Value};

use super::oracle::eval::{Atom, of_actor, of_target};
use super::oracle::policy::{Condition, Policy, Question, Test, UserItem};
use super::oracle::truth::{Truth, all, any, from};

/// Whether the question's target is in the filter.
pub(crate) fn contains(
    table: &Table<&[u8]>,
    filter: Pred<'_>,
    policy: &Policy,
    question: &Question,
) -> Result<Truth, String> {
    let each = |children: Children<'_>| -> Result<Vec<Truth>, String> {
        children.map(|child| contains(table, child, policy, question)).collect()
    };
    Ok(match filter.shown() {
        Shown::All => from(true),
        Shown::Nothing => from(false),
        Shown::And(children) => all(each(children)?),
        Shown::Or(children) => any(each(children)?),
        Shown::Not(inner) => contains(table, inner, policy, question)?.not(),
        Shown::Test(part, test) => {
            let atom = atom(table, test).ok_or_else(|| format!("the filter asks for {test:?} of {part:?}"))?;
            match part {
                Part::Actor => of_actor(policy, question, &atom),
                _ => of_target(policy, question, part == Part::Entity, &atom),
            }
        }
    })
}

/// Whether the flat rows of an account allow what is asked: some right, and no prohibition. None where a row asks for the tier of
/// direct allows, for which the oracle has no word.
pub(crate) fn rows_allow(
    table: &Table<&[u8]>,
    (account, action): (AccountId, ActionId),
    policy: &Policy,
    question: &Question,
) -> Option<Truth> {
    let holds = |pred| contains(table, pred, policy, question).ok();
    let mut allowed = vec![];
    for right in table.rights(account).filter(|r| r.action == action && r.days.contains(question.day)) {
        allowed.push(all([holds(right.entities)?, holds(right.users)?, holds(right.gate)?]));
    }
    let mut forbidden = vec![];
    for row in table.prohibitions().filter(|f| f.action == action) {
        let who = all([holds(row.actors)?, holds(row.unless)?.not()]);
        forbidden.push(all([holds(row.entities)?, holds(row.users)?, who]));
    }
    Some(any(allowed).and(any(forbidden).not()))
}

/// A test in the oracle's words.
fn atom(table: &Table<&[u8]>, test: Asked<'_>) -> Option<Atom> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    let of = |attribute: AttributeId, test: Test| {
        let (name, _) = table.attribute_of(attribute)?;
        Some(Atom::Condition(Condition::Attribute { attribute: name.to_owned(), test, negated: false }))
    };
    match test {
        Asked::Is(attribute, value) => of(attribute, Test::Is(text(table, attribute, value)?)),
        Asked::Set(attribute) => of(attribute, Test::Set),
        Asked::StartsWith(attribute, text) => of(attribute, Test::StartsWith(text.to_owned())),
        Asked::EndsWith(attribute, text) => of(attribute, Test::EndsWith(text.to_owned())),
        Asked::Contains(attribute, text) => of(attribute, Test::Contains(text.to_owned())),
        Asked::AtLeast(attribute, number) => of(attribute, Test::AtLeast(number)),
        Asked::AtMost(attribute, number) => of(attribute, Test::AtMost(number)),
        Asked::Unit(unit) => Some(Atom::Condition(Condition::Unit { unit: last(table.unit_path(unit)?), only: false })),
        Asked::UnitOnly(unit) => {
            Some(Atom::Condition(Condition::Unit { unit: last(table.unit_path(unit)?), only: true }))
        }
        Asked::Label(label) => Some(Atom::Condition(Condition::Labelled(last(table.label_path(label)?)))),
        Asked::Relation(relation) => Some(Atom::Relation(table.relation_of(relation)?.name.to_owned())),
        Asked::Given(role) => Some(Atom::Given(table.role_of(role)?.name.to_owned())),
        Asked::OwnUnit => Some(Atom::Users(UserItem::OwnUnit)),
        Asked::Myself => Some(Atom::Users(UserItem::Myself)),
        // This speaks of the actor: a filter has decided it.
        Asked::DirectTier(_) => None,
    }
}

fn text(table: &Table<&[u8]>, attribute: AttributeId, value: Value<'_>) -> Option<String> {
    match value {
        Value::Choice(choice) => table.value_text(attribute, choice).map(str::to_owned),
        Value::Text(text) => Some(text.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Outside => None,
    }
}
