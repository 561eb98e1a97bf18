//! The accounts of both tables, in joint words: what is known of each before and after.

use bailiwick_table::parts::Stored;
use bailiwick_table::{AccountId, AttributeId, Given, Value};

use super::joint::{Joint, When};
use super::shapes::{Ask, Shapes};
use crate::lower::rights::Days;

/// An account by what the tables know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The login, folded.
    pub login: String,
    /// Whether this side names it. If not, its facts are the other side's, and it was given nothing.
    pub named: bool,
    /// Whether it is active.
    pub active: bool,
    /// The days on which it is valid: (first, last).
    pub valid: (i32, i32),
    /// Its unit.
    pub unit: Option<u32>,
    /// Its labels, sorted.
    pub labels: Vec<u32>,
    /// Its attributes, sorted.
    pub texts: Vec<(u32, String)>,
    /// Its numbers, sorted.
    pub numbers: Vec<(u32, i64)>,
    /// The roles it was given, with their days, sorted.
    pub roles: Vec<(u32, i32, i32)>,
    /// The tiers of its direct allows, with their days, sorted.
    pub tiers: Vec<(u32, i32, i32)>,
}

/// As what an account is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It asks.
    Actor,
    /// Something is done to it.
    Target,
}

impl Person {
    /// What a table knows of an account.
    pub fn of(joint: &Joint<'_>, when: When, id: AccountId) -> Self {
        let Some(account) = joint.table(when).account_of(id) else { return Self::default() };
        let mut person = Self {
            login: account.login().to_owned(),
            named: true,
            active: account.is_active(),
            valid: (account.valid().from, account.valid().until),
            unit: account.unit().map(|u| joint.units.joint(when, u.0)),
            labels: account.labels().map(|l| joint.labels.joint(when, l.0)).collect(),
            ..Self::default()
        };
        let login = joint.attribute_names.joint(when, AttributeId::LOGIN.0);
        person.texts.push((login, person.login.clone()));
        for fact in account.facts() {
            let Stored::Attribute(attribute, value) = fact else { continue };
            let id = joint.attribute_names.joint(when, attribute.0);
            match value {
                Value::Choice(value) => {
                    let text = joint.table(when).value_text(attribute, value).unwrap_or("?");
                    person.texts.push((id, text.to_owned()));
                }
                Value::Text(text) => person.texts.push((id, text.to_owned())),
                Value::Number(number) => person.numbers.push((id, number)),
                Value::Outside => {}
            }
        }
        for (what, days) in account.given() {
            let (list, id) = match what {
                Given::Role(role) => (&mut person.roles, joint.roles.joint(when, role.0)),
                Given::DirectTier(tier) => (&mut person.tiers, joint.tiers.joint(when, tier.0)),
            };
            list.push((id, days.from, days.until));
        }
        person.labels.sort_unstable();
        person.texts.sort_unstable();
        person.numbers.sort_unstable();
        person.roles.sort_unstable();
        person.roles.dedup();
        person.tiers.sort_unstable();
        person.tiers.dedup();
        person
    }

    /// The same somebody on a side that does not name it: its facts are what they are, and it was given nothing.
    #[must_use]
    pub fn stranger(&self) -> Self {
        Self { named: false, active: false, roles: vec![], tiers: vec![], ..self.clone() }
    }

    /// Whether what can be asked of it as a target is the same.
    #[must_use]
    pub fn is_same_target(&self, other: &Self) -> bool {
        let ends = |list: &[(u32, i32, i32)]| list.iter().map(|(id, _, until)| (*id, *until)).collect::<Vec<_>>();
        self.unit == other.unit
            && self.labels == other.labels
            && self.texts == other.texts
            && self.numbers == other.numbers
            && ends(&self.roles) == ends(&other.roles)
            && ends(&self.tiers) == ends(&other.tiers)
    }

    /// Whether a fact is so.
    #[must_use]
    pub fn passes(&self, shapes: &Shapes, ask: &Ask, mode: Mode, day: i32) -> bool {
        let text = |id: &u32| self.texts.iter().find(|(a, _)| a == id).map(|(_, text)| text.as_str());
        let number = |id: &u32| self.numbers.iter().find(|(a, _)| a == id).map(|(_, n)| *n);
        let counts = |days: &(u32, i32, i32)| match mode {
            Mode::Actor => self.active && Days { from: days.1, until: days.2 }.contains(day),
            Mode::Target => day <= days.2,
        };
        match ask {
            Ask::Unit(set) => self.unit.is_some_and(|unit| shapes.set(*set).binary_search(&unit).is_ok()),
            Ask::Labels(set) => self.labels.iter().any(|label| shapes.set(*set).binary_search(label).is_ok()),
            Ask::Is(id, wanted) => text(id) == Some(wanted),
            Ask::StartsWith(id, start) => text(id).is_some_and(|t| t.starts_with(start.as_str())),
            Ask::EndsWith(id, end) => text(id).is_some_and(|t| t.ends_with(end.as_str())),
            Ask::Contains(id, part) => text(id).is_some_and(|t| t.contains(part.as_str())),
            Ask::Equals(id, wanted) => number(id) == Some(*wanted),
            Ask::AtLeast(id, least) => number(id).is_some_and(|n| n >= *least),
            Ask::AtMost(id, most) => number(id).is_some_and(|n| n <= *most),
            Ask::Set(id) => text(id).is_some() || number(id).is_some(),
            Ask::Given(role) => self.roles.iter().any(|given| given.0 == *role && counts(given)),
            Ask::Tier(tier) => self.tiers.iter().any(|given| given.0 == *tier && counts(given)),
            Ask::Relation(_) => false,
        }
    }
}
