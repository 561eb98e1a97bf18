//! What rows give, ways lead to and prohibitions take away, by content: equal on both sides is one number.

use bailiwick_table::parts::{Approached, Forbidden, Grant as Found, PredId, Rectangle, RowId};
use bailiwick_table::{AccountId, ActionId, RoleId};
use rustc_hash::FxHashMap;

use super::joint::{Joint, When};
use super::shapes::{Shape, Shapes};
use super::twins::{Judge, Twins};
use crate::lower::rights::Days;

/// A pair of predicates on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rect {
    /// The entity part.
    pub entities: Shape,
    /// The user part.
    pub users: Shape,
}

/// A grant by its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// On what.
    pub on: Rect,
    /// What is taken out.
    pub holes: Vec<Rect>,
    /// The condition on the actor.
    pub gate: Shape,
    /// When.
    pub days: Days,
}

/// All grants of one action in one row, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub u32);

/// A row by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowNumber(pub u32);

/// A way to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// What it leads to.
    pub row: RowNumber,
    /// The fence.
    pub fence: Rect,
    /// Whether no site-wide action passes.
    pub restricted: bool,
    /// When it is open.
    pub days: Days,
}

/// A rule for somebody whom the table does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Who goes the way.
    pub who: Shape,
    /// The way.
    pub way: Way,
}

/// A prohibition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Forbid {
    /// On what.
    pub on: Rect,
    /// For whom.
    pub actors: Shape,
    /// But not for these.
    pub unless: Shape,
}

/// What a row has: the actions by their joint numbers, sorted, each with its cell.
pub type Row = Vec<(u32, CellId)>;

/// The rows of both sides. A row is taken apart when it is asked what it has, as far as that goes: of most rows of a large policy nothing is
/// asked but whether the other side has the same.
#[derive(Debug, Default)]
pub struct Rows {
    cells: Vec<Vec<Grant>>,
    cell_ids: FxHashMap<Vec<Grant>, CellId>,
    /// By side and the row's number in its table.
    numbers: [Vec<Option<RowNumber>>; 2],
    /// By number: a side that has the row, and what it has, as far as it was taken apart.
    all: Vec<Taken>,
    /// Of two rows, the actions of which they have different cells.
    changed: FxHashMap<[RowNumber; 2], Vec<u32>>,
}

/// A row as far as it was taken apart.
#[derive(Debug)]
struct Taken {
    when: When,
    id: RowId,
    whole: Option<Row>,
    /// Single cells, where it was not taken apart as a whole.
    some: FxHashMap<u32, Option<CellId>>,
}

/// The words and the predicates of both sides.
#[derive(Debug)]
pub struct Words<'w, 't> {
    /// The words.
    pub joint: &'w Joint<'t>,
    /// The predicates.
    pub shapes: &'w mut Shapes,
    /// What surely is the same.
    pub twins: &'w Twins,
}

/// Predicates that are taken apart where their numbers do not tell.
struct Apart<'w, 't>(&'w Joint<'t>, &'w mut Shapes);

impl Judge for Apart<'_, '_> {
    fn rows(&mut self, _: RowId, _: RowId) -> bool {
        false
    }

    fn preds(&mut self, old: PredId, new: PredId) -> bool {
        self.1.of(self.0, When::Before, old) == self.1.of(self.0, When::After, new)
    }
}

impl Rows {
    /// The grants of a cell.
    #[must_use]
    pub fn cell(&self, id: CellId) -> &[Grant] {
        &self.cells[id.0 as usize]
    }

    /// What a row has; of one that was not taken apart, nothing.
    #[must_use]
    pub fn row(&self, id: RowNumber) -> &[(u32, CellId)] {
        self.all[id.0 as usize].whole.as_deref().unwrap_or_default()
    }

    /// What a row has for an action, if that was asked while it could be taken apart.
    #[must_use]
    pub fn find(&self, id: RowNumber, action: u32) -> Option<CellId> {
        let taken = &self.all[id.0 as usize];
        match &taken.whole {
            Some(row) => row.binary_search_by_key(&action, |(a, _)| *a).ok().map(|at| row[at].1),
            None => taken.some.get(&action).copied().flatten(),
        }
    }

    /// The actions of which two rows have different cells, if that was asked while they could be taken apart.
    #[must_use]
    pub fn changed(&self, rows: [RowNumber; 2]) -> &[u32] {
        self.changed.get(&rows).map_or(&[], Vec::as_slice)
    }

    /// The number of a row of a side's table.
    pub fn of(&mut self, when: When, id: RowId) -> RowNumber {
        if let Some(known) = self.known(when, id) {
            return known;
        }
        let number = RowNumber(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Taken { when, id, whole: None, some: FxHashMap::default() });
        self.number(when, id, number);
        number
    }

    #[inline]
    fn known(&self, when: When, id: RowId) -> Option<RowNumber> {
        self.numbers[when.index()].get(id.index()).copied().flatten()
    }

    /// Whether two rows are known to have the same.
    #[must_use]
    #[inline]
    pub fn is_pair(&self, old: RowId, new: RowId) -> bool {
        self.known(When::Before, old).is_some_and(|number| self.known(When::After, new) == Some(number))
    }

    fn number(&mut self, when: When, id: RowId, number: RowNumber) {
        let numbers = &mut self.numbers[when.index()];
        if numbers.len() <= id.index() {
            numbers.resize(id.index() + 1, None);
        }
        numbers[id.index()] = Some(number);
    }

    /// Numbers the rows of all roles, and finds what has changed in those of roles that both sides have.
    pub fn roles(&mut self, words: &mut Words<'_, '_>) {
        for role in 0..words.joint.roles.count() {
            let rows = When::BOTH.map(|when| {
                let own = words.joint.roles.own(when, role)?;
                Some(words.joint.table(when).row_of(RoleId(own)))
            });
            if let [Some(old), Some(new)] = rows
                && !self.pair(words, old, new)
            {
                let rows = [self.of(When::Before, old), self.of(When::After, new)];
                self.compare(words, rows);
            } else if let ([Some(only), None] | [None, Some(only)], when) =
                (rows, if rows[0].is_some() { When::Before } else { When::After })
            {
                let row = self.of(when, only);
                self.take(words, row);
            }
        }
    }

    /// Whether two rows surely have the same: then they have one number from then on. Two that have one already differ.
    pub fn pair(&mut self, words: &mut Words<'_, '_>, old: RowId, new: RowId) -> bool {
        let known = match (self.known(When::Before, old), self.known(When::After, new)) {
            (Some(one), Some(other)) => return one == other,
            (one, other) => one.or(other),
        };
        let same = words.same_row(old, new);
        if same {
            let number = known.unwrap_or_else(|| self.of(When::Before, old));
            self.number(When::Before, old, number);
            self.number(When::After, new, number);
        } else {
            self.of(When::Before, old);
            self.of(When::After, new);
        }
        same
    }

    /// Takes a row apart as a whole.
    pub fn take(&mut self, words: &mut Words<'_, '_>, number: RowNumber) {
        let Taken { when, id, ref whole, .. } = self.all[number.0 as usize];
        if whole.is_some() {
            return;
        }
        let grants = words.grants(when, id).into_iter();
        let row = grants.map(|(action, grants)| (action, self.cell_of(words, when, &grants))).collect();
        self.all[number.0 as usize].whole = Some(row);
    }

    /// Takes a row apart as far as an action goes.
    pub fn seek(&mut self, words: &mut Words<'_, '_>, number: RowNumber, action: u32) {
        let taken = &self.all[number.0 as usize];
        if taken.whole.is_some() || taken.some.contains_key(&action) {
            return;
        }
        let (when, id) = (taken.when, taken.id);
        let own = words.joint.action_names.own(when, action).map(ActionId);
        let grants: Vec<Found> = own.into_iter().flat_map(|own| words.joint.table(when).grants_of(id, own)).collect();
        let cell = (!grants.is_empty()).then(|| self.cell_of(words, when, &grants));
        self.all[number.0 as usize].some.insert(action, cell);
    }

    /// Finds the actions of which two rows have different cells.
    pub fn compare(&mut self, words: &mut Words<'_, '_>, rows: [RowNumber; 2]) -> &[u32] {
        if !self.changed.contains_key(&rows) {
            let found = if rows[0] == rows[1] { vec![] } else { self.differing(words, rows) };
            self.changed.insert(rows, found);
        }
        self.changed(rows)
    }

    fn differing(&mut self, words: &mut Words<'_, '_>, rows: [RowNumber; 2]) -> Vec<u32> {
        let sides = rows.map(|row| self.all[row.0 as usize].when);
        let [old, new] = rows.map(|row| words.grants(self.all[row.0 as usize].when, self.all[row.0 as usize].id));
        let mut actions: Vec<u32> = vec![];
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        loop {
            let action = match (old.peek(), new.peek()) {
                (Some((one, _)), Some((other, _))) => *one.min(other),
                (Some((one, _)), None) | (None, Some((one, _))) => *one,
                (None, None) => break,
            };
            let [one, other] = [old.next_if(|(a, _)| *a == action), new.next_if(|(a, _)| *a == action)];
            if let (Some((_, one)), Some((_, other))) = (&one, &other) {
                let surely = sides == When::BOTH && words.same_cell(one, other);
                if surely || self.cell_of(words, sides[0], one) == self.cell_of(words, sides[1], other) {
                    continue;
                }
            }
            actions.push(action);
        }
        for row in rows {
            actions.iter().for_each(|action| self.seek(words, row, *action));
        }
        actions
    }

    fn cell_of(&mut self, words: &mut Words<'_, '_>, when: When, grants: &[Found]) -> CellId {
        let mut grants: Vec<Grant> = grants.iter().map(|grant| words.grant(when, grant)).collect();
        grants.sort_unstable();
        grants.dedup();
        if let Some(known) = self.cell_ids.get(&grants) {
            return *known;
        }
        let id = CellId(u32::try_from(self.cells.len()).unwrap_or(u32::MAX));
        self.cells.push(grants.clone());
        self.cell_ids.insert(grants, id);
        id
    }

    /// A way of a side's table.
    pub fn way(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, when: When, way: &Approached) -> Way {
        Way {
            row: self.of(when, way.row),
            fence: rect(joint, shapes, when, way.fence),
            restricted: way.restricted,
            days: Days { from: way.days.from, until: way.days.until },
        }
    }

    /// The ways of an account, sorted.
    pub fn ways(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, when: When, account: AccountId) -> Vec<Way> {
        let mut ways: Vec<Way> =
            joint.table(when).ways(account).map(|way| self.way(joint, shapes, when, &way)).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// The rules of a side, sorted.
    pub fn rules(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, when: When) -> Vec<Rule> {
        let all: Vec<Approached> = joint.table(when).rules().collect();
        let mut rules: Vec<Rule> = vec![];
        for rule in &all {
            rules.push(Rule { who: shapes.of(joint, when, rule.who), way: self.way(joint, shapes, when, rule) });
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

impl Words<'_, '_> {
    fn grant(&mut self, when: When, grant: &Found) -> Grant {
        let holes = self.joint.table(when).holes(grant.id);
        let mut holes: Vec<Rect> = holes.map(|hole| rect(self.joint, self.shapes, when, hole)).collect();
        holes.sort_unstable();
        Grant {
            on: rect(self.joint, self.shapes, when, grant.on),
            holes,
            gate: self.shapes.of(self.joint, when, grant.gate),
            days: Days { from: grant.days.from, until: grant.days.until },
        }
    }

    /// The grants of a side's row by their actions, in the order of these.
    fn grants(&self, when: When, id: RowId) -> Vec<(u32, Vec<Found>)> {
        let mut by_action: Vec<(u32, Vec<Found>)> = vec![];
        for grant in self.joint.table(when).grants(id) {
            let action = self.joint.action_names.joint(when, grant.action.0);
            // Those of one action stand one after the other.
            match by_action.last_mut() {
                Some((last, list)) if *last == action => list.push(grant),
                _ => by_action.push((action, vec![grant])),
            }
        }
        by_action.sort_by_key(|(action, _)| *action);
        by_action
    }

    fn same_row(&mut self, old: RowId, new: RowId) -> bool {
        if self.twins.has_same_numbers(self.joint, old, new) {
            return true;
        }
        let [before, after] = self.joint.tables;
        let (mut one, mut other) = (before.grants(old), after.grants(new));
        let names = &self.joint.action_names;
        let apart = &mut Apart(self.joint, self.shapes);
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(old), Some(new))
                    if names.joint(When::Before, old.action.0) == names.joint(When::After, new.action.0)
                        && self.twins.grant(self.joint, apart, &old, &new) => {}
                _ => return false,
            }
        }
    }

    fn same_cell(&mut self, old: &[Found], new: &[Found]) -> bool {
        let apart = &mut Apart(self.joint, self.shapes);
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.twins.grant(self.joint, apart, old, new))
    }
}

fn rect(joint: &Joint<'_>, shapes: &mut Shapes, when: When, rectangle: Rectangle) -> Rect {
    Rect { entities: shapes.of(joint, when, rectangle.entities), users: shapes.of(joint, when, rectangle.users) }
}

/// A prohibition of a side by content.
pub fn forbid(joint: &Joint<'_>, shapes: &mut Shapes, when: When, forbid: &Forbidden) -> Forbid {
    Forbid {
        on: rect(joint, shapes, when, forbid.on),
        actors: shapes.of(joint, when, forbid.actors),
        unless: shapes.of(joint, when, forbid.unless),
    }
}

/// The prohibitions of every action of a side, by joint number, each list sorted.
pub fn forbids(joint: &Joint<'_>, shapes: &mut Shapes, when: When) -> Vec<Vec<Forbid>> {
    let table = joint.table(when);
    let mut all = vec![vec![]; joint.actions.len()];
    for action in table.actions() {
        let list: Vec<Forbidden> = table.forbids(action).collect();
        let mut list: Vec<Forbid> = list.iter().map(|it| forbid(joint, shapes, when, it)).collect();
        list.sort_unstable();
        list.dedup();
        if let Some(place) = all.get_mut(joint.action_names.joint(when, action.0) as usize) {
            *place = list;
        }
    }
    all
}
