//! The filter that a table gives, walked with the facts of a question's target.

use bailiwick_table::{AttributeId, Children, Part, Pred, Shown, Table, Test as Asked, Value};

use super::oracle::eval::{Atom, of_target};
use super::oracle::policy::{Condition, Policy, Question, Test};
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
            of_target(policy, question, part == Part::Entity, &atom)
        }
    })
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
        // These speak of the actor: a filter has decided them.
        Asked::OwnUnit | Asked::Myself | Asked::DirectTier(_) => None,
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
