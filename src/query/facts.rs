//! What is known of a party, in a form that owns its texts, and as the reader takes it.

use bailiwick_table::{
    AccountId, AttributeId, Fact, LabelId, Login, Marks, Party, RelationId, RoleId, Table, Truth, UnitId,
    Value as TableValue,
};

use crate::model::TestFacts;
use crate::region::Value;

/// A fact of a party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Told<T> {
    /// Nothing is said.
    #[default]
    Unset,
    /// There is none.
    Absent,
    /// This is it.
    Known(T),
}

/// A party's facts.
#[derive(Debug, Clone, Default)]
pub struct Owned {
    /// What is not set is absent; otherwise it is unknown.
    pub(super) closed: bool,
    pub(super) login: Told<String>,
    /// `id` too; no value for one that is outside a closed attribute.
    pub(super) attributes: Vec<(AttributeId, Told<Option<Value>>)>,
    pub(super) unit: Told<UnitId>,
    pub(super) labels: Vec<(LabelId, Truth)>,
    /// The labels are all that there are.
    pub(super) labels_only: bool,
    pub(super) relations: Vec<(RelationId, Truth)>,
    pub(super) roles: Vec<(RoleId, Truth)>,
    pub(super) roles_only: bool,
    only_labels: Vec<LabelId>,
    only_roles: Vec<RoleId>,
}

impl<T> Told<T> {
    fn fact<'a, U>(&'a self, as_fact: impl Fn(&'a T) -> Fact<U>) -> Fact<U> {
        match self {
            Self::Unset => Fact::Unset,
            Self::Absent => Fact::Absent,
            Self::Known(value) => as_fact(value),
        }
    }
}

/// A folded login as the reader takes it. A login that the reader cannot prove folded names nobody.
pub(super) fn login_of(login: &str) -> Login<'_> {
    match Login::ascii(login).or_else(|| Login::folded(login)) {
        Some(login) => login,
        None => NOBODY,
    }
}

/// A login that is nobody's: no name of a policy has a control character in it.
const NOBODY: Login<'static> = match Login::ascii("\u{1}") {
    Some(login) => login,
    None => panic!("the text is ASCII"),
};

/// The login of an actor whom the policy does not name: the one that is written, otherwise one that is nobody's.
pub(super) fn actor_login(facts: &TestFacts) -> String {
    facts.login.clone().unwrap_or_else(|| NOBODY.as_str().to_owned())
}

/// The account with this folded login.
pub(super) fn account_of<D: AsRef<[u8]>>(table: &Table<D>, login: &str) -> Option<AccountId> {
    table.account(login_of(login))
}

impl Owned {
    /// The facts of a written party: what they do not say is absent.
    #[must_use]
    pub fn closed(facts: &TestFacts) -> Self {
        Self {
            closed: true,
            login: facts.login.clone().map_or(Told::Unset, Told::Known),
            attributes: facts
                .attributes
                .iter()
                .map(|(id, value)| (AttributeId(id.0), Told::Known(value.clone())))
                .collect(),
            unit: facts.unit.map_or(Told::Unset, |u| Told::Known(UnitId(u.0))),
            labels: vec![],
            labels_only: facts.labels.is_some(),
            relations: facts.relations.iter().map(|r| (RelationId(r.0), Truth::True)).collect(),
            roles: vec![],
            roles_only: facts.roles.is_some(),
            only_labels: facts.labels.iter().flatten().map(|l| LabelId(l.0)).collect(),
            only_roles: facts.roles.iter().flatten().map(|r| RoleId(r.0)).collect(),
        }
    }

    /// A party of which nothing is known.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// The attributes as the reader takes them; `id` and `login` have fields of their own there.
    #[must_use]
    pub fn attributes(&self) -> Vec<(AttributeId, Fact<TableValue<'_>>)> {
        let others = self.attributes.iter().filter(|(id, _)| *id != AttributeId::ID && *id != AttributeId::LOGIN);
        others.map(|(id, told)| (*id, told.fact(value_fact))).collect()
    }

    /// The party as the reader takes it.
    #[must_use]
    pub fn party<'a>(&'a self, attributes: &'a [(AttributeId, Fact<TableValue<'a>>)]) -> Party<'a> {
        let id = self.attributes.iter().find(|(id, _)| *id == AttributeId::ID).map(|(_, told)| told);
        let id = id.map_or(Fact::Unset, |told| {
            told.fact(|value| match value {
                Some(Value::Text(text)) => Fact::Known(text.as_str()),
                _ => Fact::Unknown,
            })
        });
        Party {
            closed: self.closed,
            login: self.login.fact(|login| Fact::Known(login_of(login))),
            id,
            unit: self.unit.fact(|unit| Fact::Known(*unit)),
            labels: if self.labels_only { Marks::Only(&self.only_labels) } else { stated(&self.labels) },
            relations: stated(&self.relations),
            roles: if self.roles_only { Marks::Only(&self.only_roles) } else { stated(&self.roles) },
            attributes,
        }
    }
}

const fn stated<T>(marks: &[(T, Truth)]) -> Marks<'_, T> {
    if marks.is_empty() { Marks::Unset } else { Marks::Stated(marks) }
}

fn value_fact(value: &Option<Value>) -> Fact<TableValue<'_>> {
    match value {
        None => Fact::Known(TableValue::Outside),
        Some(Value::Closed(choice)) => Fact::Known(TableValue::Choice(*choice)),
        Some(Value::Text(text)) => Fact::Known(TableValue::Text(text)),
        Some(Value::Number(number)) => Fact::Known(TableValue::Number(*number)),
    }
}

/// The two parties of a target, owned.
#[derive(Debug, Clone, Default)]
pub struct OwnedTarget {
    pub(super) entity: Option<Owned>,
    pub(super) user: Option<Owned>,
    pub(super) account: Option<Owned>,
}

impl OwnedTarget {
    /// An account that the table names, as what an action on accounts, or on users, is done to.
    #[must_use]
    pub fn account(login: &str, as_user: bool) -> Self {
        let facts = TestFacts { login: Some(login.to_owned()), ..TestFacts::default() };
        let party = Some(Owned::closed(&facts));
        if as_user { Self { user: party, ..Self::default() } } else { Self { account: party, ..Self::default() } }
    }

    /// Gives the target to a question.
    pub fn with<T>(&self, ask: impl FnOnce(&bailiwick_table::Target<'_>) -> T) -> T {
        let entity = self.entity.as_ref().map(|p| (p, p.attributes()));
        let user = self.user.as_ref().map(|p| (p, p.attributes()));
        let account = self.account.as_ref().map(|p| (p, p.attributes()));
        let target = bailiwick_table::Target {
            entity: entity.as_ref().map(|(p, a)| p.party(a)),
            user: user.as_ref().map(|(p, a)| p.party(a)),
            account: account.as_ref().map(|(p, a)| p.party(a)),
        };
        ask(&target)
    }
}
