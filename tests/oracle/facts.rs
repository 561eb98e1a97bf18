//! What is known of the parties of a question: from the policy for the accounts that it names, from the question for others.

use std::borrow::Cow;

use super::holding::labelled;
use super::policy::{Admin, Facts, Marks, Policy, Told};
use super::truth::{Truth, from};

/// A fact: a value, known to be absent, or unknown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact<T> {
    Known(T),
    Absent,
    Unknown,
}

impl<T> Fact<T> {
    /// A test of the value; false where it is absent.
    pub(crate) fn test(&self, holds: impl Fn(&T) -> bool) -> Truth {
        match self {
            Self::Known(value) => from(holds(value)),
            Self::Absent => Truth::False,
            Self::Unknown => Truth::Unknown,
        }
    }

    fn of(own: Option<T>) -> Self {
        own.map_or(Self::Absent, Self::Known)
    }

    /// "A target written in a policy's tests is closed: what is omitted is absent. A target given by a program is open: what is unset
    /// is unknown; it can say absent."
    fn told(told: &Told<T>, closed: bool) -> Self
    where
        T: Clone,
    {
        match told {
            Told::Is(value) => Self::Known(value.clone()),
            Told::Unknown => Self::Unknown,
            Told::Nothing if !closed => Self::Unknown,
            Told::Nothing | Told::Absent => Self::Absent,
        }
    }
}

/// Which of the two an account is in a question; holding a role is judged differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Actor,
    Target,
}

/// Whether the policy names the account.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    Named(&'a Admin),
    Unnamed,
    /// Open, and without a login.
    Anybody,
}

/// An account or entity with its facts.
#[derive(Debug, Clone)]
pub(crate) struct Party<'a> {
    pub(crate) who: Who<'a>,
    /// Folded.
    pub(crate) login: Fact<String>,
    pub(crate) id: Fact<String>,
    pub(crate) unit: Fact<String>,
    pub(crate) labels: Cow<'a, Marks>,
    relations: Cow<'a, Marks>,
    roles: Cow<'a, Marks>,
    attributes: Vec<(&'a str, Fact<String>)>,
    pub(crate) closed: bool,
}

impl<'a> Party<'a> {
    /// An account of the policy: what is not written is absent.
    pub(crate) fn admin(admin: &'a Admin) -> Self {
        let known = |(name, value): &'a (String, String)| (name.as_str(), Fact::Known(value.clone()));
        let mut attributes: Vec<_> = admin.attributes.iter().map(known).collect();
        attributes.push(("name", Fact::of(admin.title.clone())));
        attributes.push(("email", Fact::of(admin.email.clone())));
        Self {
            who: Who::Named(admin),
            login: Fact::Known(login(admin)),
            id: Fact::of(admin.id.clone()),
            unit: Fact::of(admin.unit.clone()),
            labels: Cow::Owned(Marks::Only(admin.labels.clone())),
            relations: Cow::Owned(Marks::Nothing),
            roles: Cow::Owned(Marks::Nothing),
            attributes,
            closed: true,
        }
    }

    /// A party as the question tells it: an account of the policy if it bears such a login.
    pub(crate) fn told(policy: &'a Policy, facts: &'a Facts) -> Self {
        if let Some(admin) = named(policy, facts) {
            // Relations are facts of the platform, whoever the account is.
            return Self { relations: Cow::Borrowed(&facts.relations), closed: facts.closed, ..Self::admin(admin) };
        }
        let known = |(name, told): &'a (String, Told<String>)| (name.as_str(), Fact::told(told, facts.closed));
        let told_login = facts.login.as_ref().map_or(Told::Nothing, |l| Told::Is(l.to_lowercase()));
        Self {
            who: if facts.login.is_none() && !facts.closed { Who::Anybody } else { Who::Unnamed },
            login: Fact::told(&told_login, facts.closed),
            id: Fact::told(&facts.id, facts.closed),
            unit: Fact::told(&facts.unit, facts.closed),
            labels: Cow::Borrowed(&facts.labels),
            relations: Cow::Borrowed(&facts.relations),
            roles: Cow::Borrowed(&facts.roles),
            attributes: facts.attributes.iter().map(known).collect(),
            closed: facts.closed,
        }
    }

    /// The value of an attribute, built-in ones included.
    pub(crate) fn attribute(&self, name: &str) -> Fact<String> {
        let own = self.attributes.iter().find(|(n, _)| *n == name).map(|(_, fact)| fact.clone());
        let unsaid = if self.closed || matches!(self.who, Who::Named(_)) { Fact::Absent } else { Fact::Unknown };
        match name {
            "login" => self.login.clone(),
            "id" => self.id.clone(),
            _ => own.unwrap_or(unsaid),
        }
    }

    /// Whether a relation leads from the actor to this party.
    pub(crate) fn relation(&self, name: &str) -> Truth {
        self.mark(&self.relations, name)
    }

    /// Whether the party, which the policy does not name, presents this role.
    pub(crate) fn presents(&self, role: &str) -> Truth {
        self.mark(&self.roles, role)
    }

    fn mark(&self, marks: &Marks, name: &str) -> Truth {
        let unsaid = if self.closed { Truth::False } else { Truth::Unknown };
        match marks {
            Marks::Nothing => unsaid,
            Marks::Only(names) => from(names.iter().any(|n| n == name)),
            Marks::Each(told) => told.iter().find(|(n, _)| n == name).map_or(unsaid, |(_, truth)| *truth),
        }
    }
}

/// The login of an account of the policy, folded: by default the name of its block.
pub(crate) fn login(admin: &Admin) -> String {
    admin.login.as_ref().unwrap_or(&admin.name).to_lowercase()
}

fn named<'a>(policy: &'a Policy, facts: &Facts) -> Option<&'a Admin> {
    let told = facts.login.as_ref()?.to_lowercase();
    policy.admins.iter().find(|a| login(a) == told)
}

/// Whether a question tells of an account of the policy what the policy knows otherwise.
pub(crate) fn told_otherwise(policy: &Policy, facts: &Facts) -> bool {
    let Some(admin) = named(policy, facts) else { return false };
    let own = Party::admin(admin);
    let differs = |told: &Told<String>, own: &Fact<String>| match told {
        Told::Nothing | Told::Unknown => false,
        Told::Absent => *own != Fact::Absent,
        Told::Is(value) => *own != Fact::Known(value.clone()),
    };
    let same = |told: &Vec<String>| {
        told.iter().all(|l| admin.labels.contains(l)) && admin.labels.iter().all(|l| told.contains(l))
    };
    let labels = match &facts.labels {
        Marks::Nothing => false,
        Marks::Only(told) => !same(told),
        Marks::Each(told) => {
            told.iter().any(|(l, truth)| *truth != Truth::Unknown && *truth != labelled(policy, &own, l))
        }
    };
    labels
        || differs(&facts.id, &own.id)
        || differs(&facts.unit, &own.unit)
        || facts.attributes.iter().any(|(name, told)| differs(told, &own.attribute(name)))
}
