//! The way from the oracle's policies and questions to the compiler and the table: the only file that knows both.

use bailiwick::diagnostic::{Severities, Severity};
use bailiwick::model::LintLevel;
use bailiwick::source::SourceMap;
use bailiwick::{Options, check};
use bailiwick_table::{
    self as table, ActionId, AttributeId, Decision, Fact, Filter, LabelId, Login, Party, RelationId, RoleId, Table,
    Target, Value,
};

use super::oracle::facts::login;
use super::oracle::policy::{ActionPath, Actor, Facts, Marks, Policy, Question, Signature, Told};
use super::oracle::truth::Truth;

/// The table of a policy. Findings that may be switched off are: a random policy is seldom a wise one.
pub(crate) fn compile(text: &str) -> Result<Vec<u8>, String> {
    let levels = check::CHECKS.iter().map(|c| (c.code.to_string(), LintLevel::Off)).collect();
    let options = Options { severities: Severities { levels, ..Severities::default() }, ..Options::default() };
    let sources = SourceMap::single("policy.bw", text);
    let outcome = bailiwick::compile(&sources, &options);
    let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error);
    let shown: Vec<_> = errors.map(|f| format!("{} {} {:?}", f.code, f.message, f.span())).collect();
    outcome.compiled.map(|c| c.table().to_vec()).ok_or_else(|| shown.join("\n"))
}

/// A loaded table.
pub(crate) struct Reader<'a> {
    table: Table<&'a [u8]>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, String> {
        Table::from_bytes(bytes).map(|table| Self { table }).map_err(|e| format!("{e:?}"))
    }

    /// What the table answers.
    pub(crate) fn decide(&self, policy: &Policy, question: &Question) -> Result<Decision, String> {
        self.ask(policy, question, |asked| Ok(asked.decision))
    }

    /// Has the table answer, and give its filter, and goes on with both.
    pub(crate) fn ask<T>(
        &self,
        policy: &Policy,
        question: &Question,
        then: impl FnOnce(&Asked<'_>) -> Result<T, String>,
    ) -> Result<T, String> {
        let table = &self.table;
        let action = table.actions().find(|a| is(table, *a, &question.action)).ok_or("no such action")?;
        let parts = [&question.entity, &question.user].map(|f| f.as_ref().map(|f| Words::of(table, f)));
        let [entity, user] = parts.each_ref().map(|words| words.as_ref().map(Words::party));
        let target = match signature(policy, &question.action) {
            Signature::Account => Target { account: user, ..Target::SITE },
            _ => Target { entity, user, account: None },
        };
        match &question.actor {
            Actor::Named(name) => {
                let admin = policy.admins.iter().find(|a| a.name == *name).ok_or("no such admin")?;
                let login = login(admin).to_uppercase();
                let account = Login::ascii(&login).and_then(|l| table.account(l)).ok_or("no such account")?;
                let decision = table.decide(account, action, &target, question.day);
                then(&Asked {
                    table,
                    decision,
                    filter: table.filter(account, action, question.day),
                    who: Some((account, action)),
                })
            }
            Actor::Unnamed(facts) => {
                let words = Words::of(table, facts);
                let login = facts.login.as_deref().and_then(Login::ascii).ok_or("no login")?;
                let roles = words.roles_only.as_deref().ok_or("an actor presents a list of roles")?;
                let actor = table::Actor { login, roles, facts: words.party() };
                let decision = table.decide_as(&actor, action, &target, question.day);
                then(&Asked { table, decision, filter: table.filter_as(&actor, action, question.day), who: None })
            }
        }
    }
}

/// A question that was put to a table.
pub(crate) struct Asked<'t> {
    pub(crate) table: &'t Table<&'t [u8]>,
    pub(crate) decision: Decision,
    pub(crate) filter: Filter<'t>,
    /// The account and the action, where the table names the actor.
    pub(crate) who: Option<(table::AccountId, table::ActionId)>,
}

/// Whether an action of the table is the one that the policy names so; the table's path may have quotes.
fn is(table: &Table<&[u8]>, action: ActionId, wanted: &ActionPath) -> bool {
    let Some(found) = table.action_of(action) else { return false };
    match found.assigns {
        Some(role) => wanted.resource == "assign" && table.role_of(role).is_some_and(|r| r.name == wanted.action),
        None => found.resource == Some(&*wanted.resource) && found.path.ends_with(&format!(".{}", wanted.action)),
    }
}

fn signature(policy: &Policy, action: &ActionPath) -> Signature {
    policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on)
}

/// A description in the table's own handles.
struct Words<'f> {
    facts: &'f Facts,
    unit: Fact<table::UnitId>,
    labels: Owned<LabelId>,
    relations: Owned<RelationId>,
    roles: Owned<RoleId>,
    /// The roles, where all of them are told.
    roles_only: Option<Vec<RoleId>>,
    attributes: Vec<(AttributeId, Fact<Value<'f>>)>,
}

impl<'f> Words<'f> {
    fn of(table: &Table<&[u8]>, facts: &'f Facts) -> Self {
        let roles = Owned::of(&facts.roles, |name| table.role(name));
        let value = |(name, told): &'f (String, Told<String>)| {
            let attribute = table.attribute(name)?;
            Some((attribute, said(told, |text| table.value(attribute, text))))
        };
        Self {
            facts,
            unit: said(&facts.unit, |name| table.unit(name)),
            labels: Owned::of(&facts.labels, |name| table.label(name)),
            relations: Owned::of(&facts.relations, |name| table.relation(name)),
            roles_only: if let Owned::Only(roles) = &roles { Some(roles.clone()) } else { None },
            roles,
            attributes: facts.attributes.iter().filter_map(value).collect(),
        }
    }

    fn party(&self) -> Party<'_> {
        Party {
            closed: self.facts.closed,
            login: self.facts.login.as_deref().and_then(Login::ascii).map_or(Fact::Unset, Fact::Known),
            id: said(&self.facts.id, |id| Some(id.as_str())),
            unit: self.unit,
            labels: self.labels.marks(),
            relations: self.relations.marks(),
            roles: self.roles.marks(),
            attributes: &self.attributes,
        }
    }
}

/// A fact; unknown where the table has no word for it.
fn said<'f, T>(told: &'f Told<String>, known: impl Fn(&'f String) -> Option<T>) -> Fact<T> {
    match told {
        Told::Nothing => Fact::Unset,
        Told::Absent => Fact::Absent,
        Told::Unknown => Fact::Unknown,
        Told::Is(text) => known(text).map_or(Fact::Unknown, Fact::Known),
    }
}

/// Marks by their handles.
enum Owned<T> {
    Nothing,
    Only(Vec<T>),
    Each(Vec<(T, table::Truth)>),
}

impl<T: Copy> Owned<T> {
    fn of(marks: &Marks, handle: impl Fn(&str) -> Option<T>) -> Self {
        let truth = |truth: &Truth| match truth {
            Truth::False => table::Truth::False,
            Truth::Unknown => table::Truth::Unknown,
            Truth::True => table::Truth::True,
        };
        match marks {
            Marks::Nothing => Self::Nothing,
            Marks::Only(names) => Self::Only(names.iter().filter_map(|n| handle(n)).collect()),
            Marks::Each(told) => {
                Self::Each(told.iter().filter_map(|(n, t)| handle(n).map(|id| (id, truth(t)))).collect())
            }
        }
    }

    fn marks(&self) -> table::Marks<'_, T> {
        match self {
            Self::Nothing => table::Marks::Unset,
            Self::Only(list) => table::Marks::Only(list),
            Self::Each(list) => table::Marks::Stated(list),
        }
    }
}
