//! What surely is the same on both sides, found without taking it apart: mostly by its number in the tables.
//!
//! A change rarely alters which names and predicates there are, so most numbers mean the same in both tables, and of a million accounts
//! nearly all are passed over after a look at their numbers. Where this says no, things can be the same all the same.

use bailiwick_table::parts::{Approached, ConditionId, Grant, Piece, Plain, PredId, Rectangle, RowId, Stored};
use bailiwick_table::{Account, ActionId, AttributeId, LabelId, UnitId, Value};

use super::joint::{Joint, When};

/// What is known about the numbers of both tables.
#[derive(Debug)]
pub struct Twins {
    /// Equal numbers of names and of values are the same thing, with the same things below it.
    names: bool,
    /// Equal numbers of predicates are equal predicates.
    preds: bool,
    /// By the old side's number of a unit or label: the new side's, where the same ones are below it.
    units: Vec<Option<UnitId>>,
    labels: Vec<Option<LabelId>>,
    /// Equal numbers are the same role, the same relation, tier, or value of an attribute.
    roles: bool,
    others: bool,
    own_unit: bool,
    /// Equal numbers are equal conditions of grants.
    conditions: bool,
    /// From which number on equal numbers are equal texts, where days and whole numbers have the same numbers too.
    texts: Option<u32>,
}

/// Decides where numbers do not.
pub trait Judge {
    /// Whether two rows surely have the same.
    fn rows(&mut self, old: RowId, new: RowId) -> bool;
    /// Whether two predicates are the same.
    fn preds(&mut self, old: PredId, new: PredId) -> bool;
}

impl Twins {
    /// Compares how both tables number things.
    #[must_use]
    pub fn of(joint: &Joint<'_>) -> Self {
        let [before, after] = joint.tables;
        let unit = |id: UnitId| {
            let other = joint.units.own(When::After, joint.units.joint(When::Before, id.0))?;
            (joint.below(When::Before, id.0) == joint.below(When::After, other)).then_some(UnitId(other))
        };
        let label = |id: LabelId| {
            let other = joint.labels.own(When::After, joint.labels.joint(When::Before, id.0))?;
            (joint.bearing(When::Before, id.0) == joint.bearing(When::After, other)).then_some(LabelId(other))
        };
        let units: Vec<Option<UnitId>> = before.units().map(unit).collect();
        let labels: Vec<Option<LabelId>> = before.labels().map(label).collect();
        let roles = joint.roles.is_same() && joint.same_claims;
        let others = joint.relations.is_same() && joint.tiers.is_same() && joint.has_same_attributes();
        let alike = after.units().count() == units.len()
            && after.labels().count() == labels.len()
            && units.iter().zip(0..).all(|(twin, id)| *twin == Some(UnitId(id)))
            && labels.iter().zip(0..).all(|(twin, id)| *twin == Some(LabelId(id)));
        let names = alike && roles && others;
        let preds = names && before.numbers_predicates_like(after);
        let texts = if preds { before.numbers_values_like(after) } else { None };
        let conditions = preds && before.numbers_conditions_like(after);
        Self { names, preds, units, labels, roles, others, own_unit: joint.same_units, conditions, texts }
    }

    /// Whether two predicates are the same.
    #[inline]
    pub fn pred(&self, joint: &Joint<'_>, judge: &mut impl Judge, old: PredId, new: PredId) -> bool {
        old == new && self.preds || self.is_plainly(old, new) || self.is_list(joint, old, new) || judge.preds(old, new)
    }

    /// Whether two predicates are the same by what their numbers tell.
    fn is_plainly(&self, old: PredId, new: PredId) -> bool {
        match (old.plain(), new.plain()) {
            (Some(Plain::Unit(one)), Some(Plain::Unit(other))) => {
                old.is_like(new) && self.units.get(one.index()).copied().flatten() == Some(other)
            }
            (Some(Plain::Label(one)), Some(Plain::Label(other))) => {
                old.is_like(new) && self.labels.get(one.index()).copied().flatten() == Some(other)
            }
            (Some(Plain::Const), _) => old == new,
            (Some(Plain::OwnUnit), _) => old == new && self.own_unit,
            (Some(Plain::Role), _) => old == new && self.roles,
            (Some(Plain::Other), _) => old == new && self.others,
            _ => false,
        }
    }

    /// Whether two predicates join the same plain ones in the same order.
    fn is_list(&self, joint: &Joint<'_>, old: PredId, new: PredId) -> bool {
        if old.plain().is_some() || new.plain().is_some() {
            return false;
        }
        let [before, after] = joint.tables;
        let (mut one, mut other) = match (before.piece(old), after.piece(new)) {
            (Piece::All(one), Piece::All(other)) | (Piece::Any(one), Piece::Any(other)) => (one, other),
            _ => return false,
        };
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) if self.is_plainly(old, new) => {}
                _ => return false,
            }
        }
    }

    /// Whether two rectangles are the same.
    #[inline]
    pub fn rect(&self, joint: &Joint<'_>, judge: &mut impl Judge, old: Rectangle, new: Rectangle) -> bool {
        self.pred(joint, judge, old.entities, new.entities) && self.pred(joint, judge, old.users, new.users)
    }

    /// Whether two accounts are one with the same ways and the same facts because all that is stored of both are the same words, if rows of
    /// one number have the same.
    #[inline]
    pub fn is_stored_alike(&self, judge: &mut impl Judge, [old, new]: [Account<'_>; 2]) -> bool {
        self.texts.is_some_and(|first| {
            old.is_stored_like(new) && old.rows().all(|row| judge.rows(row, row)) && old.has_texts_from(first)
        })
    }

    /// Whether an account has the same ways and the same facts on both sides. What is said in another order can be the same though this
    /// says no.
    pub fn account(&self, joint: &Joint<'_>, judge: &mut impl Judge, [old, new]: [Account<'_>; 2]) -> bool {
        if old.is_active() != new.is_active() || old.valid() != new.valid() {
            return false;
        }
        let (mut one, mut other) = (old.ways(), new.ways());
        loop {
            match (one.next(), other.next()) {
                (None, None) => break,
                (Some(old), Some(new))
                    if old.restricted == new.restricted
                        && old.days == new.days
                        && judge.rows(old.row, new.row)
                        && self.rect(joint, judge, old.fence, new.fence)
                        && self.given(joint, &old, &new) => {}
                _ => return false,
            }
        }
        let (mut one, mut other) = (old.facts(), new.facts());
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) if self.fact(joint, &old, &new) => {}
                _ => return false,
            }
        }
    }

    /// Whether what an account was given with a way is the same, days apart.
    fn given(&self, joint: &Joint<'_>, old: &Approached, new: &Approached) -> bool {
        if old.given != new.given {
            return false;
        }
        if !old.given || self.names && old.row == new.row {
            return true;
        }
        let role = |when: When, way: &Approached| {
            joint.table(when).role_of_row(way.row).map(|role| joint.roles.joint(when, role.0))
        };
        role(When::Before, old) == role(When::After, new)
    }

    /// Whether two ways of one account to roles surely are told in the same words.
    #[must_use]
    pub fn is_said_alike(&self, joint: &Joint<'_>, old: &Approached, new: &Approached) -> bool {
        let [before, after] = joint.tables;
        let is_profile = |when: When, way: &Approached| {
            let table = joint.table(when);
            table.role_of_row(way.row).and_then(|role| table.role_of(role)).map(|role| role.profile)
        };
        let statement = [old.statement.map(|id| before.statement(id)), new.statement.map(|id| after.statement(id))];
        self.preds
            && (old.row, old.fence, old.days) == (new.row, new.fence, new.days)
            && is_profile(When::Before, old).is_some()
            && is_profile(When::Before, old) == is_profile(When::After, new)
            && statement[0] == statement[1]
    }

    /// Whether two rows are the same because all their grants have the same numbers.
    #[must_use]
    pub fn has_same_numbers(&self, joint: &Joint<'_>, old: RowId, new: RowId) -> bool {
        let [before, after] = joint.tables;
        let names = &joint.action_names;
        let same = |(old, one): (ActionId, ConditionId), (new, other): (ActionId, ConditionId)| {
            one == other && names.joint(When::Before, old.0) == names.joint(When::After, new.0)
        };
        let (mut one, mut other) = (before.conditions(old), after.conditions(new));
        self.conditions
            && loop {
                match (one.next(), other.next()) {
                    (None, None) => break true,
                    (Some(old), Some(new)) if same(old, new) => {}
                    _ => break false,
                }
            }
    }

    /// Whether two grants are the same.
    pub fn grant(&self, joint: &Joint<'_>, judge: &mut impl Judge, old: &Grant, new: &Grant) -> bool {
        if old.days != new.days
            || !self.rect(joint, judge, old.on, new.on)
            || !self.pred(joint, judge, old.gate, new.gate)
        {
            return false;
        }
        let [before, after] = joint.tables;
        let (mut one, mut other) = (before.holes(old.id), after.holes(new.id));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) if self.rect(joint, judge, old, new) => {}
                _ => return false,
            }
        }
    }

    /// Whether two facts of an account are the same.
    fn fact(&self, joint: &Joint<'_>, old: &Stored<'_>, new: &Stored<'_>) -> bool {
        if self.names && old == new {
            return true;
        }
        let same = |names: &super::joint::Names, old: u32, new: u32| {
            names.joint(When::Before, old) == names.joint(When::After, new)
        };
        match (*old, *new) {
            (Stored::Attribute(old, one), Stored::Attribute(new, other)) => {
                same(&joint.attribute_names, old.0, new.0) && same_value(joint, (old, one), (new, other))
            }
            (Stored::Unit(old), Stored::Unit(new)) => same(&joint.units, old.0, new.0),
            (Stored::Label(old), Stored::Label(new)) => same(&joint.labels, old.0, new.0),
            (Stored::Role(old, one), Stored::Role(new, other)) => one == other && same(&joint.roles, old.0, new.0),
            (Stored::DirectTier(old, one), Stored::DirectTier(new, other)) => {
                one == other && same(&joint.tiers, old.0, new.0)
            }
            _ => false,
        }
    }
}

/// Whether two values of one attribute are the same.
fn same_value(joint: &Joint<'_>, (old, one): (AttributeId, Value<'_>), (new, other): (AttributeId, Value<'_>)) -> bool {
    let [before, after] = joint.tables;
    match (one, other) {
        (Value::Choice(one), Value::Choice(other)) => {
            let texts = before.value_text(old, one).zip(after.value_text(new, other));
            texts.is_some_and(|(one, other)| one == other)
        }
        (Value::Text(one), Value::Text(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        _ => false,
    }
}
