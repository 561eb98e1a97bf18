//! Regions in the language's words.

use super::compare::Comparison;
use super::cover;
use super::facts::{Fact, Party};
use super::people::{Mode, Person};
use super::shapes::{Ask, SetId};
use super::view::Target;
use crate::algebra::diagram::{Diagram, Exact, Var};
use crate::syntax::print::{quoted, word};

/// How many conditions, or accounts by name, a region is told by before they are counted.
const MOST_TOLD: usize = 6;

/// What differs of one action for one subject on the same days, by the kind of target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Regions {
    /// On accounts that no policy names, and on what is no account.
    pub stranger: Option<Diagram>,
    /// On accounts that are looked at by name.
    pub named: Option<Diagram>,
    /// On the subject itself.
    pub own: Option<Diagram>,
}

impl Regions {
    /// Adds the region of a kind.
    pub const fn set(&mut self, target: Target, region: Diagram) {
        match target {
            Target::Stranger => self.stranger = Some(region),
            Target::Named => self.named = Some(region),
            Target::Myself => self.own = Some(region),
        }
    }
}

/// Who asks, where a region speaks of others and of itself.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'p> {
    /// The account, before and after; none for somebody whom neither policy names.
    pub people: Option<&'p [Person; 2]>,
    /// On which day.
    pub day: i32,
}

impl Comparison<'_> {
    /// Regions in words, such as `on users where country is fi`; nothing for everything.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn said(&mut self, action: u32, regions: Regions, speaker: Speaker<'_>) -> Exact<String> {
        let signature = self.rights.view.joint.actions[action as usize].signature;
        let mut parts = vec![];
        let login = speaker.people.map(|p| p[1].login.clone());
        let everything = regions.stranger == Some(Diagram::TRUE);
        if let Some(region) = regions.stranger {
            parts.extend(self.conditions(region, Target::Stranger, speaker.day, login.as_deref())?);
        }
        if !signature.uses_users() {
            return Ok(said_of(&parts, everything || parts.iter().any(String::is_empty)));
        }
        let (more, less) = self.by_name(regions, speaker)?;
        let all = parts.iter().any(String::is_empty);
        if !more.is_empty() {
            parts.push(more);
        }
        let mut text = said_of(&parts, all);
        if !less.is_empty() {
            text = if text.is_empty() { "on everything".to_owned() } else { text };
            text.push_str(", but not on ");
            text.push_str(&less);
        }
        Ok(text)
    }

    /// The region of a role by itself in words: nobody is looked at by name.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn conditions_of(&mut self, regions: Regions, speaker: Speaker<'_>) -> Exact<String> {
        let region = regions.stranger.unwrap_or(Diagram::FALSE);
        let parts = self.conditions(region, Target::Stranger, speaker.day, None)?;
        Ok(said_of(&parts, parts.iter().any(String::is_empty)))
    }

    /// The conditions of a region, each as "users where ...": at most some of them, and then how many more.
    fn conditions(&mut self, region: Diagram, target: Target, day: i32, login: Option<&str>) -> Exact<Vec<String>> {
        let support = self.rights.view.diagrams.support(region)?;
        let possible = self.possible_cells(support, target, day, login)?;
        let cubes = cover::cover(&mut self.rights.view.diagrams, region, possible)?;
        let mut said: Vec<String> = cubes.iter().map(|cube| self.cube(cube)).collect();
        said.sort();
        said.dedup();
        if said.len() > MOST_TOLD {
            let more = said.len() - MOST_TOLD + 1;
            said.truncate(MOST_TOLD - 1);
            said.push(format!("{more} other kinds of targets"));
        }
        Ok(said)
    }

    /// What accounts with a name add to a region of strangers, and what they are left out of it.
    fn by_name(&mut self, regions: Regions, speaker: Speaker<'_>) -> Exact<(String, String)> {
        let stranger = regions.stranger.unwrap_or(Diagram::FALSE);
        let (mut more, mut less) = (vec![], vec![]);
        let own = speaker.people.map(|p| p[1].login.clone());
        for people in self.targets.clone() {
            if Some(&people[1].login) == own.as_ref() {
                continue;
            }
            let usual = self.reaches(stranger, &people, speaker.day)?;
            let here = self.reaches(regions.named.unwrap_or(Diagram::FALSE), &people, speaker.day)?;
            match (usual, here) {
                (false, true) => more.push(word(&people[1].login).into_owned()),
                (true, false) => less.push(word(&people[1].login).into_owned()),
                _ => {}
            }
        }
        let itself = match (speaker.people, regions.own) {
            (Some(people), own) => Some((self.reaches(stranger, people, speaker.day)?, own.is_some())),
            (None, own) => Some((stranger != Diagram::FALSE, own.is_some())),
        };
        let list = |logins: &[String], itself: bool| {
            let mut parts: Vec<String> = vec![];
            if logins.len() > MOST_TOLD {
                parts.push(format!("{} accounts such as {}", logins.len(), logins[..2].join(", ")));
            } else if !logins.is_empty() {
                let noun = if logins.len() == 1 { "account" } else { "accounts" };
                parts.push(format!("{noun} {}", logins.join(", ")));
            }
            if itself {
                parts.push("itself".to_owned());
            }
            parts.join(" and ")
        };
        Ok((list(&more, itself == Some((false, true))), list(&less, itself == Some((true, false)))))
    }

    /// Whether a region reaches somebody who holds the super role.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn reaches_super(&mut self, regions: Regions, day: i32) -> Exact<bool> {
        for people in self.supers() {
            let by_name = self.targets.iter().any(|t| t[1].login == people[1].login);
            let region = if by_name { regions.named } else { regions.stranger };
            if self.reaches(region.unwrap_or(Diagram::FALSE), &people, day)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a region holds for an account with these facts, for some entity and with some relations.
    fn reaches(&mut self, region: Diagram, people: &[Person; 2], day: i32) -> Exact<bool> {
        if region == Diagram::FALSE {
            return Ok(false);
        }
        let view = &mut self.rights.view;
        let support = view.diagrams.support(region)?;
        let mut here = region;
        for var in support {
            let fact = view.facts.get(var);
            let person = match fact.party {
                Party::User => &people[0],
                Party::Later => &people[1],
                _ => continue,
            };
            if matches!(fact.ask, Ask::Relation(_)) {
                continue;
            }
            let so = person.passes(&view.shapes, &fact.ask, Mode::Target, day);
            let var = view.diagrams.var(var)?;
            here = if so { view.diagrams.and(here, var)? } else { view.diagrams.minus(here, var)? };
        }
        Ok(here != Diagram::FALSE)
    }

    /// One kind of target: "entities where labelled fi and users where country is se"; nothing for all.
    fn cube(&self, cube: &[(Var, bool)]) -> String {
        let of = |wanted: &[Party], noun: &str| {
            let facts = cube.iter().map(|(var, so)| (self.rights.view.facts.get(*var), *so));
            let facts: Vec<(&Fact, bool)> = facts.filter(|(f, _)| wanted.contains(&f.party)).collect();
            let units = self.units(&facts);
            let others = facts.iter().filter(|(f, _)| units.is_none() || !matches!(f.ask, Ask::Unit(_)));
            let others = others.map(|(f, so)| self.fact(f, *so));
            let within = if wanted == [Party::Entity] { "in " } else { "" };
            let words: Vec<String> =
                units.iter().map(|units| format!("{within}{}", self.unit(units))).chain(others).collect();
            if words.is_empty() { None } else { Some(on(noun, &words.join(" and "))) }
        };
        let parts = [
            of(&[Party::Entity], "entities"),
            of(&[Party::User, Party::Later], "users"),
            of(&[Party::Actor], "the actor"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// A fact, or that it is not so, as the language's conditions write it.
    fn fact(&self, fact: &Fact, so: bool) -> String {
        let joint = &self.rights.view.joint;
        let not = if so { "" } else { "not " };
        let attribute = |id: &u32| joint.attributes.get(*id as usize).map_or("?", |a| a.name.as_str());
        let within = if fact.party == Party::Entity { "in " } else { "" };
        match &fact.ask {
            Ask::Unit(set) => format!("{not}{within}{}", self.unit(self.rights.view.shapes.set(*set))),
            Ask::Labels(set) => format!("{not}labelled {}", self.label(*set)),
            Ask::Is(id, text) => {
                let closed = joint.attributes.get(*id as usize).is_some_and(|a| a.open == [false; 2]);
                let text = if closed { word(text).into_owned() } else { quoted(text) };
                format!("{} is {not}{text}", attribute(id))
            }
            Ask::Equals(id, number) => format!("{} is {not}{number}", attribute(id)),
            Ask::Set(id) => format!("{} is {not}set", attribute(id)),
            Ask::StartsWith(id, text) => format!("{not}{} starts with {}", attribute(id), quoted(text)),
            Ask::EndsWith(id, text) => format!("{not}{} ends with {}", attribute(id), quoted(text)),
            Ask::Contains(id, text) => format!("{not}{} contains {}", attribute(id), quoted(text)),
            Ask::AtLeast(id, number) => format!("{not}{} at least {number}", attribute(id)),
            Ask::AtMost(id, number) => format!("{not}{} at most {number}", attribute(id)),
            Ask::Relation(relation) => format!("{not}{}", word(joint.relations.name(*relation))),
            Ask::Given(role) => format!("{not}holders of {}", word(joint.roles.name(*role))),
            Ask::Tier(tier) => format!("{not}direct allows of {}", word(joint.tiers.name(*tier))),
        }
    }

    /// The units in which something is that is in all of these sets and in none of those; none where there is no set that it is in, or
    /// what it asks for changes with the policies.
    fn units(&self, facts: &[(&Fact, bool)]) -> Option<Vec<u32>> {
        let of_units = |(fact, so): &(&Fact, bool)| match fact.ask {
            Ask::Unit(set) => Some((fact.party, self.rights.view.shapes.set(set), *so)),
            _ => None,
        };
        let sets: Vec<(Party, &[u32], bool)> = facts.iter().filter_map(of_units).collect();
        let (party, first, _) = sets.iter().find(|(.., so)| *so)?;
        if sets.len() < 2 || sets.iter().any(|(other, ..)| other != party) {
            return None;
        }
        let inside = |unit: &u32| sets.iter().all(|(_, set, so)| set.contains(unit) == *so);
        Some(first.iter().copied().filter(inside).collect())
    }

    /// A set of units: the unit that is above the others in it on either side, or all of them.
    fn unit(&self, members: &[u32]) -> String {
        let joint = &self.rights.view.joint;
        for when in super::joint::When::BOTH.into_iter().rev() {
            let whole =
                |unit: &&u32| joint.units.own(when, **unit).is_some_and(|own| joint.below(when, own) == members);
            if let Some(top) = members.iter().find(whole) {
                return format!("unit {}", joint.units.name(*top));
            }
        }
        let names: Vec<&str> = members.iter().map(|unit| joint.units.name(*unit)).collect();
        format!("unit {} only", names.join(" or "))
    }

    /// A set of labels, likewise.
    fn label(&self, set: SetId) -> String {
        let joint = &self.rights.view.joint;
        let members = self.rights.view.shapes.set(set);
        for when in super::joint::When::BOTH.into_iter().rev() {
            let whole =
                |label: &&u32| joint.labels.own(when, **label).is_some_and(|own| joint.bearing(when, own) == members);
            if let Some(top) = members.iter().find(whole) {
                return joint.labels.name(*top).to_owned();
            }
        }
        members.iter().map(|label| joint.labels.name(*label)).collect::<Vec<_>>().join(" or ")
    }
}

/// "users where country is fi", but "entities in unit oulu" and "entities labelled fi".
pub(super) fn on(noun: &str, words: &str) -> String {
    let plain = ["in ", "labelled "].iter().any(|start| words.starts_with(start));
    format!("{noun} {}{words}", if plain { "" } else { "where " })
}

/// "on A or on B"; nothing where it is everything.
fn said_of(parts: &[String], everything: bool) -> String {
    let shown: Vec<String> = parts.iter().filter(|p| !p.is_empty()).map(|p| format!("on {p}")).collect();
    if everything { String::new() } else { shown.join(" or ") }
}
