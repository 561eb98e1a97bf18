//! A table taken apart: what it stores, piece by piece, for programs that compare tables.
//!
//! Decisions need none of this. Handles mean something in their own table only.

use crate::account::Account;
use crate::id::{AccountId, ActionId, AttributeId, ForbidId, GrantId, LabelId, RoleId, TierId, UnitId};
use crate::layout::{NONE, fact, operator, reference, section};
use crate::lookup;
use crate::node::{Ref, Shape, Test};
use crate::path::{Approach, Condition, action_of, grants_of_row};
use crate::raw::{Days, Raw};
use crate::reason::Way;
use crate::table::Table;
use crate::target::Value;

/// A stored predicate. Equal ones of one table are equal predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PredId(Ref);

impl PredId {
    /// What its number tells by itself; none where it leads to something stored.
    #[must_use]
    #[inline]
    pub const fn plain(self) -> Option<Plain> {
        let (kind, payload) = (self.0.kind(), self.0.payload());
        Some(match kind {
            reference::NODE | reference::LIST | reference::TEST => return None,
            reference::CONST => Plain::Const,
            reference::UNIT | reference::UNIT_ONLY => Plain::Unit(UnitId(payload)),
            reference::LABEL => Plain::Label(LabelId(payload)),
            reference::OWN_UNIT => Plain::OwnUnit,
            reference::GIVEN => Plain::Role,
            _ => Plain::Other,
        })
    }

    /// Whether two numbers say the same of what they name, whatever that is.
    #[must_use]
    #[inline]
    pub const fn is_like(self, other: Self) -> bool {
        (self.0.word ^ other.0.word) & !reference::PAYLOAD == 0
    }
}

/// What the number of a predicate tells by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Everything, or nothing.
    Const,
    /// A test of a unit.
    Unit(UnitId),
    /// A test of a label.
    Label(LabelId),
    /// A test of the actor's unit.
    OwnUnit,
    /// A test of a role.
    Role,
    /// A test of a relation, a tier, a value in a list, or of no name.
    Other,
}

/// A row of grants: a role's, or one of direct allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

impl RowId {
    /// Its number: those of roles come first.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A statement of the policy, as a table stores it once for all that comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(u32);

/// On what, for whom and when a grant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionId(u32);

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
    /// Whether the account was given the row's role on these days.
    pub given: bool,
    /// The statement that tells of it; none where it stands in the account's own declaration.
    pub statement: Option<StatementId>,
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
    /// The statement that it comes from.
    pub statement: StatementId,
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

/// Something that is known of an account, and that its ways do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored<'t> {
    /// The value of an attribute other than the login.
    Attribute(AttributeId, Value<'t>),
    /// Its unit.
    Unit(UnitId),
    /// A label.
    Label(LabelId),
    /// A role that it was given, and on which days.
    Role(RoleId, Days),
    /// Direct allows of a tier, and on which days.
    DirectTier(TierId, Days),
}

#[inline]
fn pred(node: Ref) -> PredId {
    PredId(node)
}

#[inline]
fn rectangle(entities: Ref, users: Ref) -> Rectangle {
    Rectangle { entities: pred(entities), users: pred(users) }
}

#[inline]
fn approached(raw: Raw<'_>, approach: &Approach) -> Approached {
    let statement = approach.terms().map(|terms| raw.record(section::TERMS, terms)).map(|[_, text]| text);
    Approached {
        way: approach.way,
        who: pred(approach.who),
        row: RowId(approach.row & crate::layout::row::NUMBER),
        fence: rectangle(approach.entities, approach.users),
        restricted: approach.is_restricted(),
        days: approach.days,
        given: approach.row & crate::layout::row::GIVEN != 0,
        statement: statement.filter(|text| *text != NONE).map(StatementId),
    }
}

/// The bytes of a string and of all behind it.
fn texts_from(raw: Raw<'_>, first: u32) -> &[u8] {
    let (at, length) = (raw.sections.at[section::TEXT] as usize, raw.count(section::TEXT) as usize);
    let start = raw.word(section::STRINGS, first) as usize;
    raw.bytes.get(at..).and_then(|rest| rest.get(start..length)).unwrap_or(&[])
}

fn stored_grant(raw: Raw<'_>, grant: u32) -> Grant {
    let condition = Condition::of_grant(raw, grant);
    let [_, _, statement] = raw.record(section::GRANTS, grant);
    Grant {
        id: GrantId(grant),
        action: action_of(raw, grant),
        on: rectangle(condition.entities, condition.users),
        gate: pred(condition.gate),
        days: condition.days,
        statement: StatementId(statement),
    }
}

/// The pieces of an account.
impl<'t> Account<'t> {
    /// The login, folded, as bytes: they are in the order of the logins.
    #[must_use]
    #[inline]
    pub fn login_bytes(self) -> &'t [u8] {
        self.block.login_bytes()
    }

    /// Whether everything that is stored of it, its login included, is stored in the same words of another table. Where the tables number
    /// things alike that says the same, but for what rows have.
    #[must_use]
    #[inline]
    pub fn is_stored_like(self, other: Account<'_>) -> bool {
        self.block.is_stored_like(other.block)
    }

    /// The rows of its ways.
    #[inline]
    pub fn rows(self) -> impl Iterator<Item = RowId> + 't {
        self.block.rows().map(RowId)
    }

    /// Whether the texts that are stored of it have numbers from this one on.
    #[must_use]
    #[inline]
    pub fn has_texts_from(self, first: u32) -> bool {
        self.block.facts().all(|[key, value]| key >> fact::SHIFT != fact::TEXT || value >= first)
    }

    /// Its ways to rights.
    #[inline]
    pub fn ways(self) -> impl Iterator<Item = Approached> + 't {
        let block = self.block;
        (0..block.assignments).filter_map(move |i| Approach::of_block(block, i)).map(move |a| approached(block.raw, &a))
    }

    /// What is known of it, in the order in which the table stores it. Roles that its ways say it was given are not repeated.
    #[inline]
    pub fn facts(self) -> impl Iterator<Item = Stored<'t>> + 't {
        let raw = self.block.raw;
        self.block.facts().filter_map(move |[key, value]| {
            let id = key & fact::ID;
            Some(match key >> fact::SHIFT {
                fact::CHOICE => Stored::Attribute(AttributeId(id), Value::Choice(value)),
                fact::TEXT => Stored::Attribute(AttributeId(id), Value::Text(raw.string(value))),
                fact::NUMBER => Stored::Attribute(AttributeId(id), Value::Number(raw.number(value))),
                fact::UNIT => Stored::Unit(UnitId(value)),
                fact::LABEL => Stored::Label(LabelId(id)),
                fact::GIVEN => Stored::Role(RoleId(id), raw.days(value)),
                fact::DIRECT_TIER => Stored::DirectTier(TierId(id), raw.days(value)),
                _ => return None,
            })
        })
    }
}

/// The pieces of a table.
impl<D: AsRef<[u8]>> Table<D> {
    /// What a stored predicate is.
    #[must_use]
    pub fn piece(&self, id: PredId) -> Piece<'_, impl Iterator<Item = PredId> + '_> {
        let node = id.0;
        if node.is_negated() {
            return Piece::Not(PredId(node.plain()));
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
        self.account_of(account).into_iter().flat_map(Account::ways)
    }

    /// Whether two tables number predicates alike: then equal numbers are equal predicates, if names have the same numbers in both.
    #[must_use]
    pub fn numbers_predicates_like<E: AsRef<[u8]>>(&self, other: &Table<E>) -> bool {
        let (one, other) = (self.raw(), other.raw());
        let same = |section| one.words_of(section).as_flattened() == other.words_of(section).as_flattened();
        let tests = one.words_of(section::TESTS).as_chunks::<2>().0;
        let same_operand = |[key, operand]: &[[u8; 4]; 2]| {
            let (key, operand) = (u32::from_le_bytes(*key), u32::from_le_bytes(*operand));
            if key >> operator::SHIFT < operator::EQUALS {
                one.string(operand) == other.string(operand)
            } else {
                one.number(operand) == other.number(operand)
            }
        };
        same(section::NODES) && same(section::TESTS) && tests.iter().all(same_operand)
    }

    /// From which number on two tables have the same texts, where they have as many, and number days and whole numbers alike.
    #[must_use]
    pub fn numbers_values_like<E: AsRef<[u8]>>(&self, other: &Table<E>) -> Option<u32> {
        let (one, other) = (self.raw(), other.raw());
        let same = |section| one.words_of(section).as_flattened() == other.words_of(section).as_flattened();
        let count = one.count(section::STRINGS);
        if count != other.count(section::STRINGS)
            || ![section::DAYS, section::TERMS, section::NUMBERS].into_iter().all(same)
        {
            return None;
        }
        let count = count.saturating_sub(1);
        // As far as texts stand at the same places from the end, all of them are compared at once.
        let behind = |raw: Raw<'_>, id| raw.count(section::TEXT).wrapping_sub(raw.word(section::STRINGS, id));
        let moved = (0..count).rev().find(|id| behind(one, *id) != behind(other, *id));
        let first = moved.map_or(0, |id| id + 1);
        if texts_from(one, first) == texts_from(other, first) {
            return Some(first);
        }
        let differs = |id: &u32| one.string(*id) != other.string(*id);
        Some((first..count).rev().find(differs).map_or(first, |last| last + 1))
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
        (first..end).map(move |grant| stored_grant(raw, grant))
    }

    /// The grants of an action in a row.
    pub fn grants_of(&self, row: RowId, action: ActionId) -> impl Iterator<Item = Grant> + '_ {
        let raw = self.raw();
        let (mut low, end) = grants_of_row(raw, row.0);
        let mut high = end;
        while low < high {
            let middle = low + (high - low) / 2;
            if action_of(raw, middle) < action { low = middle + 1 } else { high = middle }
        }
        (low..end).take_while(move |grant| action_of(raw, *grant) == action).map(move |grant| stored_grant(raw, grant))
    }

    /// The grants of a row with their statements alone.
    pub fn statements(&self, row: RowId) -> impl Iterator<Item = (GrantId, StatementId)> + '_ {
        let raw = self.raw();
        let (first, end) = grants_of_row(raw, row.0);
        (first..end).map(move |grant| {
            let [_, _, statement] = raw.record(section::GRANTS, grant);
            (GrantId(grant), StatementId(statement))
        })
    }

    /// The actions of a row's grants, each with the number of its condition: on what, for whom and when.
    pub fn conditions(&self, row: RowId) -> impl Iterator<Item = (ActionId, ConditionId)> + '_ {
        let raw = self.raw();
        let (first, end) = grants_of_row(raw, row.0);
        (first..end).map(move |grant| {
            let [action, condition, _] = raw.record(section::GRANTS, grant);
            (ActionId(action), ConditionId(condition))
        })
    }

    /// Whether two tables number conditions alike, if they number predicates alike.
    #[must_use]
    pub fn numbers_conditions_like<E: AsRef<[u8]>>(&self, other: &Table<E>) -> bool {
        let (one, other) = (self.raw(), other.raw());
        let same = |section| one.words_of(section).as_flattened() == other.words_of(section).as_flattened();
        [section::CONDITIONS, section::HOLES, section::DAYS].into_iter().all(same)
    }

    /// The words of a statement.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> &str {
        self.raw().string(id.0)
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
                on: rectangle(Ref::of(entities), Ref::of(users)),
                actors: pred(Ref::of(actors)),
                unless: pred(Ref::of(unless)),
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
