//! Predicates on one party (the actor, the target account or the target entity), as the policy states them.
//!
//! A predicate is evaluated in Kleene's three-valued logic, so nothing here ever rewrites `a or not a` to true: only laws that hold
//! with unknown facts are used.

use crate::model::id::{AttributeId, GroupId, LabelId, RelationId, RoleId, TierId, UnitId};

/// A boolean combination of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pred {
    /// Everything.
    True,
    /// Nothing.
    False,
    /// One test.
    Test(Test),
    /// The complement.
    Not(Box<Pred>),
    /// All of them.
    And(Vec<Pred>),
    /// Any of them.
    Or(Vec<Pred>),
}

impl Pred {
    /// `a and not b`, or `a` alone where nothing is taken out.
    #[must_use]
    pub fn minus(self, out: Vec<Self>) -> Self {
        match out.len() {
            0 => self,
            _ => Self::And(vec![self, Self::Not(Box::new(Self::Or(out)))]),
        }
    }
}

/// One question about a party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// The attribute has this value.
    Is(AttributeId, Value),
    /// The attribute is not absent.
    Set(AttributeId),
    /// The text begins so.
    StartsWith(AttributeId, String),
    /// The text ends so.
    EndsWith(AttributeId, String),
    /// The text contains this.
    Contains(AttributeId, String),
    /// The number is this or greater.
    AtLeast(AttributeId, i64),
    /// The number is this or less.
    AtMost(AttributeId, i64),
    /// The party is in the unit or below it.
    Unit(UnitId),
    /// The party is in the unit itself.
    UnitOnly(UnitId),
    /// The party is in the actor's unit or below it.
    OwnUnit,
    /// The party bears the label or one below it.
    Label(LabelId),
    /// The relation leads from the actor to the party.
    Relation(RelationId),
    /// The target account is the actor (whichever party is asked).
    Myself,
    /// The party is in the group. Not in lowered rights.
    Group(GroupId),
    /// The party holds the role, given or automatic. Not in lowered rights.
    Holds(RoleId),
    /// The tier is the highest of the roles that the party holds and its direct allows. Not in lowered rights.
    OfTier(TierId),
    /// The party was given the role directly or through its profile, or presents it.
    Given(RoleId),
    /// The party has a direct allow of this tier, valid now.
    DirectTier(TierId),
}

/// A constant that an attribute is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// The value's index among the attribute's (a flag's are `false`, `true`).
    Closed(u32),
    /// Text, NFC; for `login` folded.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// A scope: a predicate on each part, none where the part is not restricted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// On the target entity, or on the account for actions on accounts.
    pub entities: Option<Pred>,
    /// On the target account.
    pub users: Option<Pred>,
}

impl Scope {
    /// Whether either part is restricted, which is a matter of what is written, not of who is there.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        self.entities.is_some() || self.users.is_some()
    }
}
