//! What a question is about, as the caller knows it: facts that are true, false or unknown.

use crate::id::{AttributeId, LabelId, RelationId, RoleId, UnitId};
use crate::login::Login;

/// A fact of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fact<T> {
    /// Nothing is said: absent for a closed party, unknown for an open one.
    #[default]
    Unset,
    /// The party has no such thing.
    Absent,
    /// The caller cannot tell.
    Unknown,
    /// This is it.
    Known(T),
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It is not.
    False,
    /// It is.
    True,
    /// It cannot be told.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A value of a closed attribute, by its number (see `Table::value`).
    Choice(u32),
    /// A value outside those of a closed attribute: every test of it is unknown.
    Outside,
    /// Text, in NFC. For a closed attribute it is looked up among the values.
    Text(&'a str),
    /// A whole number.
    Number(i64),
}

/// Things that a party bears or does not bear.
#[derive(Debug, Clone, Copy, Default)]
pub enum Marks<'a, T> {
    /// Nothing is said: none for a closed party, unknown for an open one.
    #[default]
    Unset,
    /// These and no others.
    Only(&'a [T]),
    /// One by one; what is not in the list is as in [`Marks::Unset`].
    Stated(&'a [(T, Truth)]),
}

/// A party of a question: an entity, a user or an account, with what the caller knows of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Party<'a> {
    /// What is not set is absent or false; otherwise it is unknown.
    pub closed: bool,
    /// The login, of a user or account. One that the table names brings the table's facts with it; they win, and a fact that
    /// contradicts them denies.
    pub login: Fact<Login<'a>>,
    /// The identifier.
    pub id: Fact<&'a str>,
    /// The unit.
    pub unit: Fact<UnitId>,
    /// The labels.
    pub labels: Marks<'a, LabelId>,
    /// The relations that lead from the actor to this party; never the table's business.
    pub relations: Marks<'a, RelationId>,
    /// The roles that a token presents for a user whom the table does not name; roles not `by claim` do not count.
    pub roles: Marks<'a, RoleId>,
    /// Attributes, each at most once; `login` and `id` have fields of their own and are ignored here.
    pub attributes: &'a [(AttributeId, Fact<Value<'a>>)],
}

impl Party<'_> {
    /// A party of which nothing is known yet.
    #[must_use]
    pub const fn open() -> Self {
        Self {
            closed: false,
            login: Fact::Unset,
            id: Fact::Unset,
            unit: Fact::Unset,
            labels: Marks::Unset,
            relations: Marks::Unset,
            roles: Marks::Unset,
            attributes: &[],
        }
    }

    /// A party that has nothing but what is set.
    #[must_use]
    pub const fn closed() -> Self {
        Self { closed: true, ..Self::open() }
    }
}

/// What an action is done to. An action needs exactly the parts of its signature.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'a> {
    /// The entity.
    pub entity: Option<Party<'a>>,
    /// The user.
    pub user: Option<Party<'a>>,
    /// The account, for actions on accounts: it stands in both parts.
    pub account: Option<Party<'a>>,
}

impl<'a> Target<'a> {
    /// The whole site.
    pub const SITE: Target<'static> = Target { entity: None, user: None, account: None };

    /// An entity.
    #[must_use]
    pub const fn entity(entity: Party<'a>) -> Self {
        Self { entity: Some(entity), user: None, account: None }
    }

    /// A user.
    #[must_use]
    pub const fn user(user: Party<'a>) -> Self {
        Self { entity: None, user: Some(user), account: None }
    }

    /// An entity and a user.
    #[must_use]
    pub const fn both(entity: Party<'a>, user: Party<'a>) -> Self {
        Self { entity: Some(entity), user: Some(user), account: None }
    }

    /// An account.
    #[must_use]
    pub const fn account(account: Party<'a>) -> Self {
        Self { entity: None, user: None, account: Some(account) }
    }
}

/// Somebody whom the table does not name: known by what a token claims.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The login; one that the table names is refused.
    pub login: Login<'a>,
    /// The roles that the token presents; each must be `by claim`.
    pub roles: &'a [RoleId],
    /// The actor's facts. Its `login` and `roles` are ignored.
    pub facts: Party<'a>,
}
