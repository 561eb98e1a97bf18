//! What is possible: which truth values of tests can be true of one party at once.
//!
//! A fact of a party (its unit, an attribute) takes one of finitely many values that the tests in question can tell apart. Each is
//! found by construction, as a unit, a value or a text that has these truths, so a combination for which nothing can be constructed is no
//! cell.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::diagram::{Diagram, Diagrams, Exact, TooManyCases, Var};
use super::facts::{Fact, Subject};
use crate::model::id::{AttributeId, UnitId};
use crate::model::{AttributeType, Model};
use crate::region::texts::{Constants, MOST_PARTS};
use crate::region::{Test, Value};

/// A value that an attribute can have.
pub(super) type Told = Option<Value>;

/// The units that the tests tell apart, and none: each as (the unit, the facts that are true).
pub(super) fn units(model: &Model, facts: &[(Var, &Fact)]) -> Vec<(Option<UnitId>, Vec<Var>)> {
    let mut below: BTreeMap<u32, Vec<Var>> = BTreeMap::new();
    let mut only: BTreeMap<u32, Vec<Var>> = BTreeMap::new();
    for (var, fact) in facts {
        match fact.test {
            Test::Unit(unit) => below.entry(unit.0).or_default().push(*var),
            Test::UnitOnly(unit) => only.entry(unit.0).or_default().push(*var),
            _ => {}
        }
    }
    let mut found = vec![(None, vec![])];
    let mut seen: BTreeSet<Vec<Var>> = BTreeSet::from([vec![]]);
    // What is true changes at these units only, in the order of the walk: of each combination its first unit is one of them.
    let nodes = &model.units.nodes;
    let ends = below.keys().map(|unit| nodes[*unit as usize].end);
    let mut turns: Vec<u32> = below.keys().copied().chain(ends).collect();
    turns.extend(only.keys().flat_map(|unit| [*unit, *unit + 1]).chain([0]));
    turns.sort_unstable();
    turns.dedup();
    // The open subtrees above the unit: (one past the last one, how many facts were true outside of it).
    let mut open: Vec<(u32, usize)> = vec![];
    let mut inside: Vec<Var> = vec![];
    for index in turns.into_iter().filter(|unit| (*unit as usize) < nodes.len()) {
        while let Some((_, outside)) = open.last().copied().filter(|(end, _)| *end <= index) {
            inside.truncate(outside);
            open.pop();
        }
        if let Some(vars) = below.get(&index) {
            open.push((nodes[index as usize].end, inside.len()));
            inside.extend(vars);
        }
        let mut here = inside.clone();
        here.extend(only.get(&index).into_iter().flatten());
        here.sort_unstable();
        if seen.insert(here.clone()) {
            found.push((Some(UnitId(index)), here));
        }
    }
    found
}

/// Values of an attribute for all that the tests tell apart, absence first: each as (the value, the facts that are true).
///
/// # Errors
/// When there are too many tests "contains".
pub(super) fn values(
    model: &Model,
    attribute: AttributeId,
    facts: &[(Var, &Fact)],
    taken: impl Fn(&str) -> bool,
) -> Exact<Vec<(Told, Vec<Var>)>> {
    let tests = facts.iter().map(|(_, f)| &f.test);
    let values: Vec<Value> = match &model.attributes[attribute.index()].ty {
        AttributeType::Closed(names) => {
            (0..names.len()).map(|v| Value::Closed(u32::try_from(v).unwrap_or(u32::MAX))).collect()
        }
        AttributeType::Number => numbers(tests).into_iter().map(Value::Number).collect(),
        AttributeType::Text => {
            let constants = constants(tests);
            if constants.contains.len() > MOST_PARTS {
                return Err(TooManyCases);
            }
            constants.texts(taken).into_iter().map(Value::Text).collect()
        }
    };
    let told = std::iter::once(None).chain(values.into_iter().map(Some));
    Ok(told
        .map(|value| {
            let truths = facts.iter().filter(|(_, f)| passes(&f.test, value.as_ref())).map(|(var, _)| *var).collect();
            (value, truths)
        })
        .collect())
}

fn constants<'t>(tests: impl Iterator<Item = &'t Test>) -> Constants {
    let mut constants = Constants::default();
    for test in tests {
        match test {
            Test::Is(_, Value::Text(text)) => constants.equal.insert(text.clone()),
            Test::StartsWith(_, text) => constants.starts.insert(text.clone()),
            Test::EndsWith(_, text) => constants.ends.insert(text.clone()),
            Test::Contains(_, text) => constants.contains.insert(text.clone()),
            _ => continue,
        };
    }
    constants
}

/// A number in each interval that the tests cut.
fn numbers<'t>(tests: impl Iterator<Item = &'t Test>) -> BTreeSet<i64> {
    let mut numbers = BTreeSet::new();
    for test in tests {
        if let Test::Is(_, Value::Number(n)) | Test::AtLeast(_, n) | Test::AtMost(_, n) = test {
            numbers.extend([n.saturating_sub(1), *n, n.saturating_add(1)]);
        }
    }
    if numbers.is_empty() {
        numbers.insert(0);
    }
    numbers
}

/// Whether a value passes a test of its attribute.
pub(super) fn passes(test: &Test, value: Option<&Value>) -> bool {
    match (test, value) {
        (Test::Is(_, wanted), Some(value)) => wanted == value,
        (Test::Set(_), Some(_)) => true,
        (Test::StartsWith(_, text), Some(Value::Text(value))) => value.starts_with(text),
        (Test::EndsWith(_, text), Some(Value::Text(value))) => value.ends_with(text),
        (Test::Contains(_, text), Some(Value::Text(value))) => value.contains(text),
        (Test::AtLeast(_, n), Some(Value::Number(value))) => value >= n,
        (Test::AtMost(_, n), Some(Value::Number(value))) => value <= n,
        _ => false,
    }
}

/// The function that is true for exactly these combinations: in each, the facts that are listed are true and the others false.
///
/// # Errors
/// When the question has used up its nodes.
pub(crate) fn one_of(diagrams: &mut Diagrams, vars: &[Var], mut cells: Vec<Vec<Var>>) -> Exact<Diagram> {
    cells.sort_unstable();
    cells.dedup();
    let cells: Vec<&[Var]> = cells.iter().map(Vec::as_slice).collect();
    build(diagrams, vars, &cells)
}

/// Recursion follows the facts, at most `MOST_FACTS` of them.
fn build(diagrams: &mut Diagrams, vars: &[Var], cells: &[&[Var]]) -> Exact<Diagram> {
    if cells.is_empty() {
        return Ok(Diagram::FALSE);
    }
    let Some((var, rest)) = vars.split_first() else { return Ok(Diagram::TRUE) };
    let (high, low): (Vec<&[Var]>, Vec<&[Var]>) = cells.iter().partition(|cell| cell.first() == Some(var));
    let high: Vec<&[Var]> = high.into_iter().map(|cell| &cell[1..]).collect();
    let low = build(diagrams, rest, &low)?;
    let high = build(diagrams, rest, &high)?;
    diagrams.choose(*var, low, high)
}

/// Labels may be borne together; who bears one bears those above it.
///
/// # Errors
/// When the question has used up its nodes.
pub(super) fn labels(model: &Model, diagrams: &mut Diagrams, facts: &[(Var, &Fact)]) -> Exact<Diagram> {
    let mut possible = Diagram::TRUE;
    let asked: Vec<(u32, Var)> = facts
        .iter()
        .filter_map(|(var, f)| match f.test {
            Test::Label(label) => Some((label.0, *var)),
            _ => None,
        })
        .collect();
    for (label, var) in asked.iter().rev() {
        // The nearest one above is enough: it speaks for those above itself.
        let above = asked.iter().rev().find(|(other, _)| other != label && model.labels.within(*label, *other));
        if let Some((_, above)) = above {
            let (below, above) = (diagrams.var(*var)?, diagrams.var(*above)?);
            let broken = diagrams.minus(below, above)?;
            possible = diagrams.minus(possible, broken)?;
        }
    }
    Ok(possible)
}

/// What is possible for a party whose facts are free, as far as these facts are concerned; all of one party. What is possible of units
/// is remembered: where the actor's own unit is asked for, they are many, and the same each time.
///
/// # Errors
/// When there are too many cases.
pub(super) fn free(
    model: &Model,
    (diagrams, of_units): (&mut Diagrams, &mut FxHashMap<Vec<Var>, Diagram>),
    facts: &[(Var, &Fact)],
    taken: &impl Fn(&str) -> bool,
    must_have_login: bool,
) -> Exact<Diagram> {
    let mut by_subject: BTreeMap<Subject, Vec<(Var, &Fact)>> = BTreeMap::new();
    for (var, fact) in facts {
        by_subject.entry(fact.subject).or_default().push((*var, fact));
    }
    let mut possible = Diagram::TRUE;
    for (subject, facts) in by_subject {
        let vars: Vec<Var> = facts.iter().map(|(var, _)| *var).collect();
        let part = match subject {
            Subject::Unit => match of_units.get(&vars) {
                Some(known) => *known,
                None => {
                    let cells = units(model, &facts).into_iter().map(|(_, truths)| truths).collect();
                    let found = one_of(diagrams, &vars, cells)?;
                    of_units.insert(vars, found);
                    found
                }
            },
            Subject::Labels => labels(model, diagrams, &facts)?,
            Subject::Attribute(id) => {
                let login = id == AttributeId::LOGIN;
                let values = values(model, id, &facts, |text| login && taken(text))?;
                let values = values.into_iter().filter(|(value, _)| !(login && must_have_login && value.is_none()));
                one_of(diagrams, &vars, values.map(|(_, truths)| truths).collect())?
            }
            Subject::Role(_) | Subject::Tier(_) | Subject::Relation(_) | Subject::None => Diagram::TRUE,
        };
        possible = diagrams.and(possible, part)?;
    }
    Ok(possible)
}
