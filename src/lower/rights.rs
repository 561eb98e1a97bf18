//! The compiled rights: what the model means, in the form that the table stores and every question is answered from.
//!
//! Ids are canonical (roles, actions, ... in the order of their names), and so is the order of everything here but the nodes of
//! [`Nodes`], whose numbers depend on the order of lowering; who writes them out numbers them anew by content.

use std::borrow::Cow;

use crate::model::Model;
use crate::model::id::{AccountId, ActionId, RoleId, TierId};
use crate::region::{NodeId, Nodes};

/// Everything that is decided from.
#[derive(Debug, Clone)]
pub struct Rights {
    /// The predicates that the rows below refer to.
    pub nodes: Nodes,
    /// Where rules come from.
    pub origins: Vec<Origin>,
    /// The statements that rules come from and that stand for themselves.
    pub statements: Vec<Box<str>>,
    /// The fences that assignments refer to; interned.
    pub fences: Vec<Fence>,
    /// The row of each role (by its id), then the rows of direct allows; interned.
    pub rows: Vec<Row>,
    /// Each role's tier, by its id: the one it declares, else the lowest that covers what it gives.
    pub role_tiers: Vec<Option<crate::model::id::TierId>>,
    /// Each account's rights, by its id.
    pub accounts: Vec<AccountRights>,
    /// The prohibitions, in the order of their texts.
    pub forbids: Vec<ForbidRow>,
    /// The automatic rules, for accounts that the policy does not name; in the order of their texts.
    pub automatic: Vec<AutomaticRow>,
    /// What must hold: nothing is decided by these and the following, and they are not in the table.
    pub asserted: Vec<AssertedRow>,
    /// The `except`s of each role that has some, by its id, while its features are on.
    pub excepts: Vec<ExceptRows>,
    /// The predicate of each group, by its id.
    pub groups: Vec<NodeId>,
    /// Every fence that stands within another one of the same block.
    pub nested: Vec<Nested>,
}

/// The number of an [`Origin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(pub u32);

/// The number of a [`Fence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FenceId(pub u32);

impl FenceId {
    /// The fence that restricts nothing.
    pub const NONE: Self = Self(0);
}

/// The number of a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The statement.
    pub statement: Statement,
    /// Where it is written.
    pub span: crate::source::Span,
}

/// The number of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(pub u32);

/// The statement that a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statement {
    /// One that is kept in its canonical text, such as "role analyst: allow view reports".
    Said(StatementId),
    /// The account's assignment with this index.
    Own(AccountId, u32),
}

impl Rights {
    /// The statement that a grant, a prohibition or an automatic rule comes from, in its canonical text; empty for an account's assignment.
    #[must_use]
    pub fn said(&self, origin: OriginId) -> &str {
        self.origins[origin.0 as usize].said(&self.statements)
    }

    /// A statement in its canonical text, such as "role analyst: allow view reports" or "admin aino: role analyst". The model is the one
    /// that the rights were lowered from.
    #[must_use]
    pub fn text<'a>(&'a self, origin: OriginId, model: &'a Model) -> Cow<'a, str> {
        match &self.origins[origin.0 as usize].statement {
            Statement::Said(StatementId(id)) => Cow::Borrowed(&self.statements[*id as usize]),
            Statement::Own(account, index) => {
                let account = &model.accounts[account.index()];
                let given = account.assignments[*index as usize].text(model);
                Cow::Owned(format!("admin {}: {given}", account.block))
            }
        }
    }
}

impl Origin {
    /// The statement's text; empty for an account's assignment.
    pub(super) fn said<'s>(&self, statements: &'s [Box<str>]) -> &'s str {
        match self.statement {
            Statement::Said(StatementId(id)) => &statements[id as usize],
            Statement::Own(..) => "",
        }
    }
}

/// Days since 1970-01-01, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// The first day; `i32::MIN` when there is none.
    pub from: i32,
    /// The last day; `i32::MAX` when there is none.
    pub until: i32,
}

impl Days {
    /// Every day.
    pub const ALWAYS: Self = Self { from: i32::MIN, until: i32::MAX };

    /// The days in both.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Whether no day is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.from > self.until
    }

    /// Whether the day is in it.
    #[must_use]
    pub const fn contains(self, day: i32) -> bool {
        self.from <= day && day <= self.until
    }
}

/// A pair of predicates: (entity part, user part).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rect {
    /// On the target entity; on the account for actions on accounts.
    pub entities: NodeId,
    /// On the target account.
    pub users: NodeId,
}

impl Rect {
    /// Everything.
    pub const ALL: Self = Self { entities: Nodes::TRUE, users: Nodes::TRUE };
}

impl Fence {
    /// The fence that restricts nothing.
    pub const OPEN: Self = Self { rect: Rect::ALL, restricted: false };
}

/// A fence on an assignment: the account's own scope and the assignment's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence {
    /// The predicates. A decision uses the parts that the action's signature uses.
    pub rect: Rect,
    /// Whether a part is restricted in writing: then no site-wide action passes.
    pub restricted: bool,
}

/// What a role, or a direct allow, gives; sorted by action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The role; none for direct allows.
    pub role: Option<RoleId>,
    /// The grants.
    pub grants: Vec<Grant>,
}

/// One right: an action on a region, under a gate, in a period.
///
/// The region is `rect` minus every hole. Parts that the action's signature does not use are [`Nodes::TRUE`]. A site-wide action
/// has a grant only where nothing on its way in the role restricts it; its rect is [`Rect::ALL`] and it has no holes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The action.
    pub action: ActionId,
    /// The positive rectangle.
    pub rect: Rect,
    /// Rectangles taken out, each restricted in both parts (or, on accounts, in any); sorted.
    pub holes: Vec<Rect>,
    /// On the actor; [`Nodes::TRUE`] mostly.
    pub gate: NodeId,
    /// The days it is valid.
    pub days: Days,
    /// The `allow` that gave it.
    pub origin: OriginId,
    /// For `assign.R`: the fences on the way to it in the role, without that of the `assigns` line itself, which says to whom. What
    /// is given carries them. Open for other actions.
    pub handed_on: Fence,
}

/// A named account's rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRights {
    /// The account.
    pub account: AccountId,
    /// Its ways to rights; empty when it is inactive.
    pub assignments: Vec<Assignment>,
    /// Its own scope.
    pub scope: FenceId,
    /// What it was given, where that is not what the ways are of; sorted.
    pub(super) gifts: Option<Box<[Given]>>,
}

impl AccountRights {
    /// The roles it was given (directly or through its profile), for `holders of`; sorted.
    #[must_use]
    pub fn given(&self) -> Gifts<'_> {
        self.gifts.as_deref().map_or(Gifts::Ways(&self.assignments), Gifts::Listed)
    }
}

/// What an account was given. Of most accounts each way is a role that was given, and no list is kept beside the ways.
#[derive(Debug, Clone, Copy)]
pub enum Gifts<'r> {
    /// This.
    Listed(&'r [Given]),
    /// The role of each way, on its days, and the account is active.
    Ways(&'r [Assignment]),
}

impl<'r> Gifts<'r> {
    /// All of it.
    pub fn iter(self) -> impl Iterator<Item = Given> + Clone + 'r {
        let (listed, ways): (&[Given], &[Assignment]) = match self {
            Self::Listed(listed) => (listed, &[]),
            Self::Ways(ways) => (&[], ways),
        };
        listed.iter().copied().chain(ways.iter().map(Given::of_way))
    }
}

/// One way to rights: a row behind a fence, for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// What is given.
    pub row: RowId,
    /// The fence on it: the account's own scope and the assignment's.
    pub fence: FenceId,
    /// The assignment's alone: what is left where somebody takes the account's scope away.
    pub alone: FenceId,
    /// The days it is valid (already met with the account's own).
    pub days: Days,
    /// The statement that gave it.
    pub origin: OriginId,
}

/// That an account was given a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// What was given.
    pub what: GivenWhat,
    /// As an actor it holds it on these days (empty when it is inactive); as a target on every day up to `days.until`.
    pub days: Days,
    /// Whether the account is active.
    pub active: bool,
}

impl Given {
    /// The role of a way, given to an active account.
    const fn of_way(way: &Assignment) -> Self {
        Self { what: GivenWhat::Role(RoleId(way.row.0)), days: way.days, active: true }
    }
}

/// What can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GivenWhat {
    /// A role or profile.
    Role(RoleId),
    /// A direct allow of this tier.
    DirectTier(TierId),
}

/// A prohibition: true when the action is listed, the target in the region, the actor in `actors` and not in `unless`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbidRow {
    /// The actions it takes away (with those that imply them); sorted.
    pub actions: Vec<ActionId>,
    /// The region; parts that an action does not use are not restricted here, by construction.
    pub rect: Rect,
    /// For whom.
    pub actors: NodeId,
    /// But not for these.
    pub unless: NodeId,
    /// The statement.
    pub origin: OriginId,
}

/// `users in G hold R on s`, for accounts that the policy does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomaticRow {
    /// Who.
    pub users: NodeId,
    /// What they hold.
    pub row: RowId,
    /// Behind which fence.
    pub fence: FenceId,
    /// The statement.
    pub origin: OriginId,
}

/// `never W can A on S`, `always W can A on S`, or a role's `never A on S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertedRow {
    /// Which sentence.
    pub what: Asserted,
    /// The actions; in a set, those that use every part that the scope restricts. Sorted.
    pub actions: Vec<ActionId>,
    /// The region; parts that an action does not use are not restricted here, by construction.
    pub rect: Rect,
    /// Whom it speaks of, as actors.
    pub actors: NodeId,
    /// The roles whose own grants it speaks of.
    pub roles: Vec<RoleId>,
}

/// The `except`s of a role, and what they are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptRows {
    /// The role.
    pub role: RoleId,
    /// What the role would give without any of them, as far as they name it; sorted by action.
    pub before: Vec<Grant>,
    /// Each line: the actions it takes away (with those that imply them), and where.
    pub lines: Vec<(Vec<ActionId>, Rect)>,
}

/// A restricted fence within another one: what is on an assignment or a line, within the `scope` of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nested {
    /// The account whose block it is; none for a role's.
    pub account: Option<AccountId>,
    /// The fence of the assignment or line.
    pub inner: Rect,
    /// Where the assignment or line is written.
    pub inner_span: crate::source::Span,
    /// The block's `scope`.
    pub outer: Rect,
    /// Where it is written.
    pub outer_span: crate::source::Span,
}

/// The sentence that an [`AssertedRow`] comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asserted {
    /// The assertion with this index.
    Rule(usize),
    /// The `never` with this index of this role.
    Never(RoleId, usize),
}

/// The tier of each role: the one it declares, else the lowest that covers what its row gives.
#[must_use]
pub fn role_tiers(model: &Model, rows: &[Row]) -> Vec<Option<TierId>> {
    let rows = model.roles.iter().zip(rows);
    rows.map(|(role, row)| {
        let computed = || super::roles::lowest_tier(model, row.grants.iter().map(|g| g.action));
        role.tier.as_ref().map(|t| t.node).or_else(computed)
    })
    .collect()
}
