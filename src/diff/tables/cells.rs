//! What is possible: which facts can be so at once, over the words of both tables.
//!
//! Values are found by construction, as in the algebra of one policy; here a label or unit set of the one forest may cut those of the
//! other.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::facts::{Fact, Party, Subject, subject};
use super::joint::Joint;
use super::shapes::{Ask, SetId, Shapes};
use crate::algebra::cells::one_of;
use crate::algebra::diagram::{Diagram, Diagrams, Exact, TooManyCases, Var};
use crate::region::texts::{Constants, MOST_PARTS};

/// The words that cells are made of.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The vocabulary.
    pub joint: &'a Joint<'a>,
    /// The sets of units and labels.
    pub shapes: &'a Shapes,
}

/// What an attribute may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Absent.
    Nothing,
    /// A text, or a value of a list.
    Text(String),
    /// A number.
    Number(i64),
}

/// The units that the facts tell apart, and none: each as (the unit, the facts that are so).
#[must_use]
pub fn units(words: Words<'_>, facts: &[(Var, &Fact)]) -> Vec<(Option<u32>, Vec<Var>)> {
    let mut inside: Vec<(u32, Var)> = vec![];
    for (var, fact) in facts {
        if let Ask::Unit(set) = fact.ask {
            inside.extend(words.shapes.set(set).iter().map(|unit| (*unit, *var)));
        }
    }
    inside.sort_unstable();
    let mut found = vec![(None, vec![])];
    let mut seen: FxHashSet<Vec<Var>> = FxHashSet::default();
    let mut here = vec![];
    for of_unit in inside.chunk_by(|(one, _), (other, _)| one == other) {
        here.clear();
        here.extend(of_unit.iter().map(|(_, var)| *var));
        if !seen.contains(&here) {
            seen.insert(here.clone());
            found.push((Some(of_unit[0].0), here.clone()));
        }
    }
    found
}

/// Values of an attribute for all that the facts tell apart, absence first: each as (the value, the facts that are so).
///
/// # Errors
/// When there are too many tests "contains".
pub fn values(
    words: Words<'_>,
    attribute: u32,
    facts: &[(Var, &Fact)],
    taken: impl Fn(&str) -> bool,
) -> Exact<Vec<(Told, Vec<Var>)>> {
    let mut told = vec![Told::Nothing];
    let Some(known) = words.joint.attributes.get(attribute as usize) else { return Ok(vec![]) };
    if known.number {
        told.extend(numbers(facts).into_iter().map(Told::Number));
    } else {
        let listed: BTreeSet<&String> = known.closed.iter().flatten().flatten().collect();
        told.extend(listed.iter().map(|v| Told::Text((*v).clone())));
        if known.open.contains(&true) {
            let constants = constants(facts);
            if constants.contains.len() > MOST_PARTS {
                return Err(TooManyCases);
            }
            let texts = constants.texts(taken);
            told.extend(texts.into_iter().filter(|t| !listed.contains(t)).map(Told::Text));
        }
    }
    let truths = |value: &Told| facts.iter().filter(|(_, f)| passes(&f.ask, value)).map(|(var, _)| *var).collect();
    Ok(told.into_iter().map(|value| (value.clone(), truths(&value))).collect())
}

fn constants(facts: &[(Var, &Fact)]) -> Constants {
    let mut constants = Constants::default();
    for (_, fact) in facts {
        match &fact.ask {
            Ask::Is(_, text) => constants.equal.insert(text.clone()),
            Ask::StartsWith(_, text) => constants.starts.insert(text.clone()),
            Ask::EndsWith(_, text) => constants.ends.insert(text.clone()),
            Ask::Contains(_, text) => constants.contains.insert(text.clone()),
            _ => continue,
        };
    }
    constants
}

/// A number in each interval that the facts cut.
fn numbers(facts: &[(Var, &Fact)]) -> BTreeSet<i64> {
    let mut numbers = BTreeSet::from([0]);
    for (_, fact) in facts {
        if let Ask::Equals(_, n) | Ask::AtLeast(_, n) | Ask::AtMost(_, n) = fact.ask {
            numbers.extend([n.saturating_sub(1), n, n.saturating_add(1)]);
        }
    }
    numbers
}

fn passes(ask: &Ask, value: &Told) -> bool {
    match (ask, value) {
        (_, Told::Nothing) => false,
        (Ask::Set(_), _) => true,
        (Ask::Is(_, wanted), Told::Text(text)) => wanted == text,
        (Ask::StartsWith(_, start), Told::Text(text)) => text.starts_with(start.as_str()),
        (Ask::EndsWith(_, end), Told::Text(text)) => text.ends_with(end.as_str()),
        (Ask::Contains(_, part), Told::Text(text)) => text.contains(part.as_str()),
        (Ask::Equals(_, wanted), Told::Number(n)) => wanted == n,
        (Ask::AtLeast(_, least), Told::Number(n)) => n >= least,
        (Ask::AtMost(_, most), Told::Number(n)) => n <= most,
        _ => false,
    }
}

/// Labels may be borne together. A set of them is borne when one of its labels is, and that one is in no set that is not borne.
fn labels(words: Words<'_>, diagrams: &mut Diagrams, facts: &[(Var, &Fact)]) -> Exact<Diagram> {
    let sets: Vec<(Var, SetId)> =
        facts.iter().filter_map(|(v, f)| if let Ask::Labels(s) = f.ask { Some((*v, s)) } else { None }).collect();
    let kinds = label_kinds(words, &sets);
    let mut possible = Diagram::TRUE;
    for (var, _) in &sets {
        let mut some = Diagram::FALSE;
        for kind in kinds.iter().filter(|(_, kind)| kind.contains(var)) {
            let mut all = Diagram::TRUE;
            for other in &kind.1 {
                let other = diagrams.var(*other)?;
                all = diagrams.and(all, other)?;
            }
            some = diagrams.or(some, all)?;
        }
        let var = diagrams.var(*var)?;
        let broken = diagrams.minus(var, some)?;
        possible = diagrams.minus(possible, broken)?;
    }
    Ok(possible)
}

/// A label for each way in which labels are in the sets: (the label, the sets it is in).
#[must_use]
pub fn label_kinds(words: Words<'_>, sets: &[(Var, SetId)]) -> Vec<(u32, Vec<Var>)> {
    let mut inside: BTreeMap<u32, Vec<Var>> = BTreeMap::new();
    for (var, set) in sets {
        for label in words.shapes.set(*set) {
            inside.entry(*label).or_default().push(*var);
        }
    }
    let mut seen = BTreeSet::new();
    inside.retain(|_, vars| {
        vars.sort_unstable();
        seen.insert(vars.clone())
    });
    inside.into_iter().collect()
}

/// What is possible for a party whose facts are free, as far as these facts of it are concerned.
///
/// # Errors
/// When there are too many cases.
pub fn free(
    words: Words<'_>,
    diagrams: &mut Diagrams,
    facts: &[(Var, Fact)],
    taken: &impl Fn(&str) -> bool,
    must_have_login: bool,
) -> Exact<Diagram> {
    let mut by_subject: BTreeMap<Subject, Vec<(Var, &Fact)>> = BTreeMap::new();
    for (var, fact) in facts {
        by_subject.entry(subject(&fact.ask)).or_default().push((*var, fact));
    }
    let mut possible = Diagram::TRUE;
    for (subject, facts) in by_subject {
        let vars: Vec<Var> = facts.iter().map(|(var, _)| *var).collect();
        let part = match subject {
            Subject::Unit => {
                one_of(diagrams, &vars, units(words, &facts).into_iter().map(|(_, truths)| truths).collect())?
            }
            Subject::Labels => labels(words, diagrams, &facts)?,
            Subject::Attribute(id) => {
                let login = is_login(words.joint, id);
                let values = values(words, id, &facts, |text| login && taken(text))?;
                let free = |value: &Told| match value {
                    Told::Nothing => !(login && must_have_login),
                    Told::Text(text) => !(login && taken(text)),
                    Told::Number(_) => true,
                };
                let cells = values.into_iter().filter(|(value, _)| free(value)).map(|(_, truths)| truths).collect();
                one_of(diagrams, &vars, cells)?
            }
            Subject::Alone => Diagram::TRUE,
        };
        possible = diagrams.and(possible, part)?;
    }
    Ok(possible)
}

/// Whether an attribute is the login.
#[must_use]
pub fn is_login(joint: &Joint<'_>, attribute: u32) -> bool {
    joint.attributes.get(attribute as usize).is_some_and(|a| a.name == "login" && !a.number)
}

/// The facts of a party among these.
#[must_use]
pub fn of_party(facts: &super::facts::Facts, support: &[Var], party: Party) -> Vec<(Var, Fact)> {
    let all = support.iter().map(|v| (*v, facts.get(*v)));
    all.filter(|(_, f)| f.party == party).map(|(v, f)| (v, f.clone())).collect()
}
