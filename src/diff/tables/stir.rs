//! What may differ for accounts whose ways and facts do not: because prohibitions differ, or because a target that a rule asks about has
//! other facts than before.

use rustc_hash::FxHashMap;

use super::compare::Pair;
use super::joint::When;
use super::people::{Mode, Person};
use super::rows::{Forbid, Rect, RowNumber, Rows, Way, Words};
use super::shapes::{Ask, Atom, Node, Shape, Shapes};

/// What is stirred, as far as it was asked.
#[derive(Debug)]
pub(super) struct Stir<'p> {
    calm: bool,
    /// The accounts whose facts as a target differ.
    changed: Vec<&'p [Person; 2]>,
    /// The day from which on is compared, and those on which one of them stops to hold what rules may ask for.
    days: Vec<i32>,
    /// By side: the prohibitions of each action.
    forbids: &'p [Vec<Vec<Forbid>>; 2],
    /// By shape: whether it asks for a fact that is so of some target on one side only.
    moved: Vec<bool>,
    /// By row: what in it is stirred whatever the fence, and whether it has actions for which a fence may be.
    rows: FxHashMap<RowNumber, OfRow>,
}

#[derive(Debug, Clone, Copy)]
struct OfRow {
    stirred: bool,
    /// Some action is done to users.
    users: bool,
    /// Some action is done to accounts, of which both parts of a scope are asked.
    accounts: bool,
}

impl<'p> Stir<'p> {
    pub(super) fn of(pairs: &'p [Pair], forbids: &'p [Vec<Vec<Forbid>>; 2], at: i32) -> Self {
        let changed: Vec<&[Person; 2]> =
            pairs.iter().map(|pair| &pair.people).filter(|[old, new]| !old.is_same_target(new)).collect();
        let days = endings(changed.iter().copied(), at);
        let calm = changed.is_empty() && forbids[0] == forbids[1];
        Self { calm, changed, days, forbids, moved: vec![], rows: FxHashMap::default() }
    }

    /// Whether nothing is stirred, whatever rules ask for.
    pub(super) const fn is_calm(&self) -> bool {
        self.calm
    }

    /// Whether any predicate asks for a fact that moved.
    pub(super) fn any_moved(&mut self, shapes: &Shapes) -> bool {
        self.learn(shapes);
        self.moved.contains(&true)
    }

    fn is_moved(&mut self, shapes: &Shapes, shape: Shape) -> bool {
        self.learn(shapes);
        self.moved.get(shape.0 as usize).copied().unwrap_or(true)
    }

    /// Learns of shapes that are new.
    fn learn(&mut self, shapes: &Shapes) {
        for node in &shapes.nodes()[self.moved.len()..] {
            let moved = |s: &Shape| self.moved[s.0 as usize];
            let here = match node {
                _ if self.changed.is_empty() => false,
                Node::Const(_) | Node::Atom(Atom::Myself) => false,
                Node::Atom(Atom::Ask(ask, guard)) => guard.is_some() || self.differs(shapes, ask),
                Node::Atom(Atom::OwnUnit(_)) => self.changed.iter().any(|[old, new]| old.unit != new.unit),
                Node::Atom(Atom::Given(role, _)) => self.differs(shapes, &Ask::Given(*role)),
                Node::Atom(Atom::Tier(tier)) => self.differs(shapes, &Ask::Tier(*tier)),
                Node::Not(inner) => moved(inner),
                Node::All(list) | Node::Any(list) => list.iter().any(moved),
            };
            self.moved.push(here);
        }
    }

    fn differs(&self, shapes: &Shapes, ask: &Ask) -> bool {
        let dated = matches!(ask, Ask::Given(_) | Ask::Tier(_));
        let days = if dated { self.days.as_slice() } else { &self.days[..1] };
        self.changed.iter().any(|[old, new]| {
            let so = |p: &Person, day| p.passes(shapes, ask, Mode::Target, day);
            days.iter().any(|day| so(old, *day) != so(new, *day))
        })
    }

    /// Whether a rectangle asks an account for a fact that moved, where an action is done to such targets.
    fn is_moved_in(&mut self, words: &Words<'_, '_>, action: u32, rect: Rect) -> bool {
        let Some(action) = words.joint.actions.get(action as usize) else { return false };
        let signature = action.signature;
        signature.uses_users() && self.is_moved(words.shapes, rect.users)
            || signature == bailiwick_table::Signature::Account && self.is_moved(words.shapes, rect.entities)
    }

    /// Whether what a row has for an action, or its prohibitions, may mean something else now.
    fn of_action(&mut self, words: &Words<'_, '_>, rows: &Rows, row: RowNumber, action: u32) -> bool {
        let [before, after] = self.forbids.each_ref().map(|all| all.get(action as usize));
        if before != after {
            return true;
        }
        if self.changed.is_empty() {
            return false;
        }
        let grants = rows.find(row, action).map_or(&[][..], |cell| rows.cell(cell));
        let of_grants = grants.iter().flat_map(|g| std::iter::once(g.on).chain(g.holes.iter().copied()));
        let of_forbids = after.into_iter().flatten().map(|forbid| forbid.on);
        of_grants.chain(of_forbids).any(|rect| self.is_moved_in(words, action, rect))
    }

    fn of_row(&mut self, words: &mut Words<'_, '_>, rows: &mut Rows, row: RowNumber) -> OfRow {
        if let Some(known) = self.rows.get(&row) {
            return *known;
        }
        rows.take(words, row);
        let actions: Vec<u32> = rows.row(row).iter().map(|(action, _)| *action).collect();
        let signatures =
            actions.iter().filter_map(|a| words.joint.actions.get(*a as usize)).map(|action| action.signature);
        let (mut users, mut accounts) = (false, false);
        for signature in signatures {
            users |= signature.uses_users();
            accounts |= signature == bailiwick_table::Signature::Account;
        }
        let stirred = actions.into_iter().any(|action| self.of_action(words, rows, row, action));
        let found = OfRow { stirred, users, accounts };
        self.rows.insert(row, found);
        found
    }

    /// Whether some action of an account of the new side may differ though its ways and facts do not.
    pub(super) fn reaches(
        &mut self,
        words: &mut Words<'_, '_>,
        rows: &mut Rows,
        id: bailiwick_table::AccountId,
    ) -> bool {
        let table = words.joint.table(When::After);
        for way in table.ways(id) {
            let row = rows.of(When::After, way.row);
            let of = self.of_row(words, rows, row);
            if of.stirred {
                return true;
            }
            for (asked, pred) in [(of.users, way.fence.users), (of.accounts, way.fence.entities)] {
                if asked && !self.changed.is_empty() {
                    let shape = words.shapes.of(words.joint, When::After, pred);
                    if self.is_moved(words.shapes, shape) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// The actions that may differ for these ways though they are the same on both sides.
    pub(super) fn actions(&mut self, words: &mut Words<'_, '_>, rows: &mut Rows, ways: &[Way]) -> Vec<u32> {
        let mut found = vec![];
        for way in ways {
            rows.take(words, way.row);
            let actions: Vec<u32> = rows.row(way.row).iter().map(|(action, _)| *action).collect();
            let stirred = |action: &u32| {
                self.of_action(words, rows, way.row, *action) || self.is_moved_in(words, *action, way.fence)
            };
            found.extend(actions.into_iter().filter(stirred));
        }
        found
    }
}

/// A day from which on is compared, and the days on which a target stops to hold what rules may ask for.
pub(super) fn endings<'p>(people: impl Iterator<Item = &'p [Person; 2]>, at: i32) -> Vec<i32> {
    let given = people.flatten().flat_map(|p| p.roles.iter().chain(&p.tiers));
    let mut days: Vec<i32> = given.filter_map(|(_, _, until)| until.checked_add(1)).collect();
    days.push(at);
    days.retain(|day| *day >= at);
    days.sort_unstable();
    days.dedup();
    days
}
