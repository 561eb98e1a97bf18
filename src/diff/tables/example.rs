//! A witness: an example target of a region, made of facts that there can be, in the words of a test.

use std::collections::BTreeMap;

use bailiwick_table::Signature;

use super::cells::{self, Told, Words};
use super::compare::Comparison;
use super::facts::{Fact, Party, Subject, subject};
use super::people::{Mode, Person};
use super::say::Regions;
use super::shapes::Ask;
use super::view::Target;
use crate::algebra::diagram::{Diagram, Exact, Var};
use crate::syntax::print::{quoted, word};

impl Comparison<'_> {
    /// A target of a region: `entity { labels fi } and user { country se }`; nothing for the whole site.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn example(&mut self, action: u32, regions: Regions, own: Option<&[Person; 2]>, day: i32) -> Exact<String> {
        let signature = self.rights.view.joint.actions[action as usize].signature;
        let found =
            [(Target::Stranger, regions.stranger), (Target::Named, regions.named), (Target::Myself, regions.own)];
        for (target, region) in found {
            let Some(region) = region else { continue };
            let chosen = self.chosen(region);
            return self.shown(&chosen, target, signature, own, day);
        }
        Ok(String::new())
    }

    /// The facts that the simplest target of a region fixes: what is not so costs less than what is.
    fn chosen(&self, region: Diagram) -> Vec<(Var, bool)> {
        let cost = |_: Var, so: bool| if so { 3 } else { 1 };
        self.rights.view.diagrams.cheapest(region, cost).unwrap_or_default()
    }

    fn shown(
        &self,
        chosen: &[(Var, bool)],
        target: Target,
        signature: Signature,
        own: Option<&[Person; 2]>,
        day: i32,
    ) -> Exact<String> {
        let mut parts = vec![];
        let of = |party: Party| -> Vec<(Var, Fact, bool)> {
            let facts = chosen.iter().map(|(v, so)| (*v, self.rights.view.facts.get(*v).clone(), *so));
            facts.filter(|(_, f, _)| f.party == party).collect()
        };
        if matches!(signature, Signature::Entity | Signature::Both) {
            parts.push(braces("entity", &self.told(&of(Party::Entity), None)?));
        }
        if signature.uses_users() {
            let noun = if signature == Signature::Account { "account" } else { "user" };
            let relations: Vec<(Var, Fact, bool)> =
                of(Party::User).into_iter().filter(|(_, f, _)| matches!(f.ask, Ask::Relation(_))).collect();
            let mut facts = match target {
                Target::Stranger => self.told(&of(Party::User), None)?,
                Target::Named => {
                    let login = self.named_one(chosen, own, day).map(|login| format!("login {}", quoted(&login)));
                    login.into_iter().chain(self.told(&relations, None)?).collect()
                }
                Target::Myself => {
                    let login = own.map(|p| format!("login {}", quoted(&p[1].login)));
                    login.into_iter().chain(self.told(&relations, None)?).collect()
                }
            };
            if target == Target::Myself && own.is_none() {
                facts.push("self".to_owned());
            }
            parts.push(braces(noun, &facts));
        }
        // Two people have two logins.
        let other = if target == Target::Stranger { self.login(&of(Party::User))? } else { None };
        let actor = self.told(&of(Party::Actor), other.as_deref())?;
        let who = if actor.is_empty() { String::new() } else { format!(", asked by {}", braces("somebody", &actor)) };
        Ok(format!("{}{who}", parts.join(" and ")))
    }

    /// An account that is looked at by name and has the facts that were chosen.
    fn named_one(&self, chosen: &[(Var, bool)], own: Option<&[Person; 2]>, day: i32) -> Option<String> {
        let fits = |people: &&[Person; 2]| {
            own.is_none_or(|own| own[1].login != people[1].login)
                && chosen.iter().all(|(var, so)| {
                    let fact = self.rights.view.facts.get(*var);
                    let person = match fact.party {
                        Party::User => &people[0],
                        Party::Later => &people[1],
                        _ => return true,
                    };
                    matches!(fact.ask, Ask::Relation(_))
                        || person.passes(&self.rights.view.shapes, &fact.ask, Mode::Target, day) == *so
                })
        };
        self.targets.iter().find(fits).map(|people| people[1].login.clone())
    }

    /// The login that is told of somebody with these facts.
    fn login(&self, facts: &[(Var, Fact, bool)]) -> Exact<Option<String>> {
        let joint = &self.rights.view.joint;
        let of_login = |f: &Fact| matches!(subject(&f.ask), Subject::Attribute(id) if cells::is_login(joint, id));
        let facts: Vec<&(Var, Fact, bool)> = facts.iter().filter(|(_, fact, _)| of_login(fact)).collect();
        let Some((_, fact, _)) = facts.first() else { return Ok(None) };
        let Subject::Attribute(id) = subject(&fact.ask) else { return Ok(None) };
        Ok(self.value(id, &facts, None)?.and_then(|told| if let Told::Text(login) = told { Some(login) } else { None }))
    }

    /// A value of an attribute for which what was chosen is so; a login that nobody has whom a policy names, nor `other`.
    fn value(&self, id: u32, facts: &[&(Var, Fact, bool)], other: Option<&str>) -> Exact<Option<Told>> {
        let joint = &self.rights.view.joint;
        let words = Words { joint, shapes: &self.rights.view.shapes };
        let asked: Vec<(Var, &Fact)> = facts.iter().map(|(v, f, _)| (*v, f)).collect();
        let wanted: Vec<Var> = facts.iter().filter(|(.., so)| *so).map(|(v, ..)| *v).collect();
        let named = |text: &str| joint.tables.iter().any(|t| super::compare::is_named(t, text));
        let login = cells::is_login(joint, id);
        let taken = |text: &str| login && (other == Some(text) || named(text));
        let values = cells::values(words, id, &asked, taken)?;
        Ok(values.into_iter().find(|(_, truths)| *truths == wanted).map(|(value, _)| value))
    }

    /// Facts in words: for each subject a value for which what was chosen is so, and nothing else of it. `other` is somebody's login.
    fn told(&self, facts: &[(Var, Fact, bool)], other: Option<&str>) -> Exact<Vec<String>> {
        let view = &self.rights.view;
        let words = Words { joint: &view.joint, shapes: &view.shapes };
        let mut by_subject: BTreeMap<Subject, Vec<&(Var, Fact, bool)>> = BTreeMap::new();
        for fact in facts {
            by_subject.entry(subject(&fact.1.ask)).or_default().push(fact);
        }
        let mut said = vec![];
        for (subject, facts) in by_subject {
            let asked: Vec<(Var, &Fact)> = facts.iter().map(|(v, f, _)| (*v, f)).collect();
            let wanted: Vec<Var> = facts.iter().filter(|(.., so)| *so).map(|(v, ..)| *v).collect();
            match subject {
                Subject::Unit => {
                    let units = cells::units(words, &asked);
                    let unit = units.into_iter().find(|(_, truths)| *truths == wanted).and_then(|(unit, _)| unit);
                    said.extend(unit.map(|unit| format!("unit {}", view.joint.units.name(unit))));
                }
                Subject::Labels => said.extend(self.labels(&facts, &wanted)),
                Subject::Attribute(id) => {
                    let name = &view.joint.attributes[id as usize].name;
                    let closed = view.joint.attributes[id as usize].open == [false; 2];
                    said.extend(self.value(id, &facts, other)?.and_then(|value| match value {
                        Told::Nothing => None,
                        Told::Text(text) if closed => Some(format!("{name} {}", word(&text))),
                        Told::Text(text) => Some(format!("{name} {}", quoted(&text))),
                        Told::Number(number) => Some(format!("{name} {number}")),
                    }));
                }
                Subject::Alone => said.extend(facts.iter().filter(|(.., so)| *so).map(|(_, fact, _)| match fact.ask {
                    Ask::Relation(relation) => format!("relations {}", word(view.joint.relations.name(relation))),
                    Ask::Given(role) => format!("roles {}", word(view.joint.roles.name(role))),
                    _ => String::new(),
                })),
            }
        }
        said.retain(|text| !text.is_empty());
        Ok(said)
    }

    /// Labels that are in the sets that are wanted and in no others.
    fn labels(&self, facts: &[&(Var, Fact, bool)], wanted: &[Var]) -> Option<String> {
        let view = &self.rights.view;
        let words = Words { joint: &view.joint, shapes: &view.shapes };
        let sets: Vec<_> = facts
            .iter()
            .filter_map(|(v, f, _)| if let Ask::Labels(s) = f.ask { Some((*v, s)) } else { None })
            .collect();
        let mut open: Vec<Var> = wanted.to_vec();
        let mut names = vec![];
        let mut kinds = cells::label_kinds(words, &sets);
        kinds.retain(|(_, kind)| kind.iter().all(|v| wanted.contains(v)));
        kinds.sort_by_key(|(_, kind)| std::cmp::Reverse(kind.len()));
        for (label, kind) in kinds {
            if kind.iter().any(|v| open.contains(v)) {
                open.retain(|v| !kind.contains(v));
                names.push(view.joint.labels.name(label).to_owned());
            }
        }
        (!names.is_empty()).then(|| format!("labels {}", names.join(", ")))
    }
}

fn braces(noun: &str, facts: &[String]) -> String {
    if facts.is_empty() { format!("{noun} {{}}") } else { format!("{noun} {{ {} }}", facts.join("; ")) }
}
