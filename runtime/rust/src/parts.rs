//! A table taken apart: what it stores, piece by piece, for programs that compare tables.
//!
//! Decisions need none of this. Handles mean something in their own table only.

use crate::id::{AccountId, ActionId, ForbidId, GrantId, RoleId};
use crate::layout::section;
use crate::lookup;
use crate::node::{Ref, Shape, Test};
use crate::path::{Approach, Condition, action_of, grants_of_row};
use crate::raw::{Days, Raw};
use crate::reason::Way;
use crate::table::Table;

/// A stored predicate. Equal ones of one table are equal predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PredId(u32);

/// A row of grants: a role's, or one of direct allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

/// What a stored predicate is.
#[derive(Debug, Clone)]
pub enum Piece<'t, I> {
    /// Everything, or nothing.
    Const(bool),
    /// A test of a party.
    Test(Test<'t>),
    /// The complement.
    Not(PredId),
    /// All of them.
    All(I),
    /// Any of them.
    Any(I),
}

/// A pair of predicates on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rectangle {
    /// The entity part.
    pub entities: PredId,
    /// The user part.
    pub users: PredId,
}

/// A way to rights: a row behind a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approached {
    /// Which way it is.
    pub way: Way,
    /// Who goes it: a condition on the actor.
    pub who: PredId,
    /// The row.
    pub row: RowId,
    /// The fence.
    pub fence: Rectangle,
    /// Whether the fence restricts in writing: then no site-wide action passes.
    pub restricted: bool,
    /// When it is open.
    pub days: Days,
}

/// A grant of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Its handle.
    pub id: GrantId,
    /// The action.
    pub action: ActionId,
    /// On what.
    pub on: Rectangle,
    /// The condition on the actor.
    pub gate: PredId,
    /// When.
    pub days: Days,
}

/// A prohibition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbidden {
    /// Its handle.
    pub id: ForbidId,
    /// On what.
    pub on: Rectangle,
    /// For whom.
    pub actors: PredId,
    /// But not for these.
    pub unless: PredId,
}

fn pred(node: Ref) -> PredId {
    PredId(node.0)
}

fn rectangle(entities: Ref, users: Ref) -> Rectangle {
    Rectangle { entities: pred(entities), users: pred(users) }
}

fn approached(raw: Raw<'_>, approach: &Approach) -> Approached {
    Approached {
        way: approach.way,
        who: pred(approach.who),
        row: RowId(approach.row & crate::layout::row::NUMBER),
        fence: rectangle(approach.entities, approach.users),
        restricted: approach.is_restricted(),
        days: approach.days(raw),
    }
}

/// The pieces of a table.
impl<D: AsRef<[u8]>> Table<D> {
    /// What a stored predicate is.
    #[must_use]
    pub fn piece(&self, id: PredId) -> Piece<'_, impl Iterator<Item = PredId> + '_> {
        let node = Ref(id.0);
        if node.is_negated() {
            return Piece::Not(PredId(id.0 & !crate::layout::reference::NEGATED));
        }
        match node.shape(self.raw()) {
            Shape::Const(truth) => Piece::Const(truth),
            Shape::Test(test) => Piece::Test(test),
            Shape::Join(join) if join.is_or => Piece::Any(join.children().map(pred)),
            Shape::Join(join) => Piece::All(join.children().map(pred)),
        }
    }

    /// The ways of an account to rights.
    pub fn ways(&self, account: AccountId) -> impl Iterator<Item = Approached> + '_ {
        let block = self.block(account);
        (0..block.assignments).filter_map(move |i| Approach::of_block(block, i)).map(|a| approached(self.raw(), &a))
    }

    /// The rules by which somebody whom the table does not name has rights.
    pub fn rules(&self) -> impl Iterator<Item = Approached> + '_ {
        let rules = (0..self.raw().count(section::AUTOMATIC)).filter_map(|i| Approach::of_rule(self.raw(), i));
        rules.map(|a| approached(self.raw(), &a))
    }

    /// The row of a role.
    #[must_use]
    pub const fn row_of(&self, role: RoleId) -> RowId {
        RowId(role.0)
    }

    /// The role that a row is of; none for direct allows.
    #[must_use]
    pub fn role_of_row(&self, row: RowId) -> Option<RoleId> {
        (row.0 < self.raw().count(section::ROLES)).then_some(RoleId(row.0))
    }

    /// The grants of a row, in the order of their actions.
    pub fn grants(&self, row: RowId) -> impl Iterator<Item = Grant> + '_ {
        let raw = self.raw();
        let (first, end) = grants_of_row(raw, row.0);
        (first..end).map(move |grant| {
            let condition = Condition::of_grant(raw, grant);
            Grant {
                id: GrantId(grant),
                action: action_of(raw, grant),
                on: rectangle(condition.entities, condition.users),
                gate: pred(condition.gate),
                days: condition.days,
            }
        })
    }

    /// The rectangles that are taken out of a grant.
    pub fn holes(&self, grant: GrantId) -> impl Iterator<Item = Rectangle> + '_ {
        let raw = self.raw();
        let known = grant.0 < raw.count(section::GRANTS);
        let condition = known.then(|| Condition::of_grant(raw, grant.0));
        condition
            .into_iter()
            .flat_map(move |c| (0..c.hole_count()).filter_map(move |i| c.hole(raw, i)))
            .map(|(entities, users)| rectangle(entities, users))
    }

    /// The prohibitions of an action.
    pub fn forbids(&self, action: ActionId) -> impl Iterator<Item = Forbidden> + '_ {
        let raw = self.raw();
        let known = action.0 < raw.count(section::ACTIONS);
        let [first, end] = if known { raw.words_from(section::FORBID_STARTS, action.0) } else { [0, 0] };
        (first..end).map(move |entry| {
            let forbid = raw.word(section::FORBID_LIST, entry);
            let [entities, users, actors, unless, _] = raw.record(section::FORBIDS, forbid);
            Forbidden {
                id: ForbidId(forbid),
                on: rectangle(Ref(entities), Ref(users)),
                actors: pred(Ref(actors)),
                unless: pred(Ref(unless)),
            }
        })
    }

    /// The roles without which a presented role does not count.
    pub fn needs(&self, role: RoleId) -> impl Iterator<Item = RoleId> + '_ {
        let known = role.0 < self.raw().count(section::ROLES);
        known.then(|| lookup::needs(self.raw(), role)).into_iter().flatten()
    }

    /// Whether a role is one that is needed, or extends it.
    #[must_use]
    pub fn meets(&self, role: RoleId, need: RoleId) -> bool {
        role.0 < self.raw().count(section::ROLES) && lookup::meets(self.raw(), role, need)
    }
}
