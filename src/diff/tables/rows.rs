//! What rows give, ways lead to and prohibitions take away, by content: equal on both sides is one number.

use bailiwick_table::AccountId;
use bailiwick_table::parts::{Approached, Forbidden, Rectangle, RowId};
use rustc_hash::FxHashMap;

use super::joint::{Joint, When};
use super::shapes::{Shape, Shapes};
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

/// The rows of both sides.
#[derive(Debug, Default)]
pub struct Rows {
    cells: Vec<Vec<Grant>>,
    cell_ids: FxHashMap<Vec<Grant>, CellId>,
    rows: Vec<Row>,
    row_ids: FxHashMap<Row, RowNumber>,
    known: [FxHashMap<RowId, RowNumber>; 2],
}

impl Rows {
    /// The grants of a cell.
    #[must_use]
    pub fn cell(&self, id: CellId) -> &[Grant] {
        &self.cells[id.0 as usize]
    }

    /// What a row has.
    #[must_use]
    pub fn row(&self, id: RowNumber) -> &Row {
        &self.rows[id.0 as usize]
    }

    /// What a row has for an action.
    #[must_use]
    pub fn find(&self, id: RowNumber, action: u32) -> Option<CellId> {
        let row = self.row(id);
        row.binary_search_by_key(&action, |(a, _)| *a).ok().map(|at| row[at].1)
    }

    /// The row of a side's table.
    pub fn of(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, when: When, id: RowId) -> RowNumber {
        if let Some(known) = self.known[when.index()].get(&id) {
            return *known;
        }
        let table = joint.table(when);
        let mut by_action: Vec<(u32, Vec<Grant>)> = vec![];
        for grant in table.grants(id) {
            let action = joint.action_names.joint(when, grant.action.0);
            let mut holes: Vec<Rect> = table.holes(grant.id).map(|hole| rect(joint, shapes, when, hole)).collect();
            holes.sort_unstable();
            let days = Days { from: grant.days.from, until: grant.days.until };
            let found = Grant {
                on: rect(joint, shapes, when, grant.on),
                holes,
                gate: shapes.of(joint, when, grant.gate),
                days,
            };
            // Those of one action stand one after the other.
            match by_action.last_mut() {
                Some((last, list)) if *last == action => list.push(found),
                _ => by_action.push((action, vec![found])),
            }
        }
        let mut row: Row = by_action.into_iter().map(|(action, grants)| (action, self.cell_of(grants))).collect();
        row.sort_unstable();
        let next = RowNumber(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let number = *self.row_ids.entry(row.clone()).or_insert(next);
        if number == next {
            self.rows.push(row);
        }
        self.known[when.index()].insert(id, number);
        number
    }

    fn cell_of(&mut self, mut grants: Vec<Grant>) -> CellId {
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
            row: self.of(joint, shapes, when, way.row),
            fence: rect(joint, shapes, when, way.fence),
            restricted: way.restricted,
            days: Days { from: way.days.from, until: way.days.until },
        }
    }

    /// The ways of an account, sorted.
    pub fn ways(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, when: When, account: AccountId) -> Vec<Way> {
        let all: Vec<Approached> = joint.table(when).ways(account).collect();
        let mut ways: Vec<Way> = all.iter().map(|way| self.way(joint, shapes, when, way)).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// Whether an account surely has the same ways on both sides, found without listing them. Ways in another order can be the same
    /// though this says no.
    pub fn alike(&mut self, joint: &Joint<'_>, shapes: &mut Shapes, [old, new]: [AccountId; 2]) -> bool {
        let [before, after] = joint.tables;
        let (mut one, mut other) = (before.ways(old), after.ways(new));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(old), Some(new)) => {
                    let old = self.way(joint, shapes, When::Before, &old);
                    if old != self.way(joint, shapes, When::After, &new) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
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
