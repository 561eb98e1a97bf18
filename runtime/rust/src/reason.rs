//! Answers, and what decided them.

use crate::id::{ActionId, AttributeId, AutomaticId, ForbidId, GrantId, LabelId, RelationId, RoleId};
use crate::layout::NONE;
use crate::raw::Days;

/// The answer to a question, with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed. Only this counts; the reason explains it.
    pub allowed: bool,
    /// What decided.
    pub reason: Reason,
}

/// A part of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Who asks.
    Actor,
    /// The target entity.
    Entity,
    /// The target user.
    User,
    /// The target account, which stands in both parts.
    Account,
}

/// The name of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactName {
    /// The login.
    Login,
    /// The unit.
    Unit,
    /// An attribute.
    Attribute(AttributeId),
    /// Whether it bears a label.
    Label(LabelId),
    /// Whether a relation leads to it.
    Relation(RelationId),
    /// Whether it holds a role.
    Role(RoleId),
}

/// A fact of a party that was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Missing {
    /// Whose.
    pub part: Part,
    /// Which.
    pub fact: FactName,
}

/// True, false, or unknown for want of a fact.
pub(crate) type Kleene = Result<bool, Missing>;

/// How a right came to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// The account's assignment with this number, from 0.
    Assignment(u32),
    /// A role that the token presents.
    Presented(RoleId),
    /// An automatic rule.
    Automatic(AutomaticId),
}

/// A right of somebody: by which way, and which grant of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// How it came to the actor.
    pub way: Way,
    /// The grant.
    pub grant: GrantRef,
}

/// A grant, perhaps as the one without a condition that a role gives for an action: `Table::grant` tells its handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantRef {
    /// None where the other word is the grant's number.
    role: u32,
    number: u32,
}

impl GrantRef {
    pub(crate) const fn of(grant: u32) -> Self {
        Self { role: NONE, number: grant }
    }

    #[inline]
    pub(crate) const fn plain(role: u32, action: ActionId) -> Self {
        Self { role, number: action.0 }
    }

    /// The grant's number, or the role and the action that it is the first grant of.
    pub(crate) const fn number(self) -> Result<GrantId, (u32, ActionId)> {
        if self.role == NONE { Ok(GrantId(self.number)) } else { Err((self.role, ActionId(self.number))) }
    }
}

/// What kept a target out of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// The grant's own region.
    Grant,
    /// The fence on the way to it.
    Fence,
}

/// Why a question was answered so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// This right allows it, and nothing forbids it. Every other reason denies.
    Granted(Path),
    /// A right would allow it, but this prohibition is final.
    Forbidden(ForbidId),
    /// A right would allow it, but for want of a fact it cannot be told that this prohibition does not apply.
    ForbidUnknown(ForbidId, Missing),
    /// For want of a fact it cannot be told that this right applies.
    MissingFact(Path, Missing),
    /// The actor has the right, but not on this target.
    OutOfScope(Path, Cut),
    /// The actor does not meet the condition of this right.
    GateClosed(Path),
    /// The right is valid on other days only.
    NotInDays(Path, Days),
    /// Nothing grants the action.
    NotGranted,
    /// The account is inactive.
    Inactive,
    /// The account is valid on other days only.
    NotValid(Days),
    /// The action needs this part, which was not given.
    PartMissing(Part),
    /// The action does not use this part, which was given.
    PartSuperfluous(Part),
    /// A fact that the caller gave contradicts what the table knows of the account.
    Contradiction(Missing),
    /// The actor came with claims, but the table names this login: its rights are the table's.
    NamedLogin,
    /// The actor presents a role that is not `by claim`.
    NotByClaim(RoleId),
    /// A presented role would allow it, but counts only together with another one.
    UnmetNeed(RoleId),
    /// The table has no such account.
    NoSuchAccount,
    /// The table has no such action.
    NoSuchAction,
}

impl Decision {
    pub(crate) const fn deny(reason: Reason) -> Self {
        Self { allowed: false, reason }
    }

    /// The missing fact, where another answer is possible once it is known.
    #[must_use]
    pub const fn missing(&self) -> Option<Missing> {
        match self.reason {
            Reason::MissingFact(_, missing) | Reason::ForbidUnknown(_, missing) => Some(missing),
            _ => None,
        }
    }
}

impl From<Reason> for Decision {
    /// The denial for this reason; [`Reason::Granted`] alone allows.
    fn from(reason: Reason) -> Self {
        Self { allowed: matches!(reason, Reason::Granted(_)), reason }
    }
}
