//! What somebody may do on a side, as a region.

use bailiwick_table::Signature;

use super::joint::{Joint, When};
use super::rows::{CellId, Forbid, Grant, Rect, RowNumber, Rows, Rule, Way};
use super::twins::Twins;
use super::view::{Lens, Place, View};
use crate::algebra::diagram::{Diagram, Exact};
use crate::lower::rights::Days;

/// The rights of both sides.
#[derive(Debug)]
pub struct Rights<'t> {
    /// Their predicates.
    pub view: View<'t>,
    /// What surely is the same in both tables.
    pub twins: Twins,
    /// Their rows.
    pub rows: Rows,
    /// By side: the prohibitions of each action.
    pub forbids: [Vec<Vec<Forbid>>; 2],
    /// By side: the rules for whoever the table does not name.
    pub rules: [Vec<Rule>; 2],
    /// By side: the roles that a token may present, by joint number, with their rows.
    pub claims: [Vec<(u32, RowNumber)>; 2],
}

/// The ways to one action on one side: each grant that leads there, behind its fence.
pub type Ways = Vec<(CellId, Rect, Days)>;

/// The ways among these that lead to an action, sorted.
#[must_use]
pub(super) fn ways_to(rows: &Rows, joint: &Joint<'_>, action: u32, ways: &[Way]) -> Ways {
    let site = joint.actions.get(action as usize).is_none_or(|a| a.signature == Signature::Site);
    let open = ways.iter().filter(|way| !(site && way.restricted));
    let mut found: Ways = open.filter_map(|way| Some((rows.find(way.row, action)?, way.fence, way.days))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

impl Rights<'_> {
    fn signature(&self, action: u32) -> Signature {
        self.view.joint.actions.get(action as usize).map_or(Signature::Site, |a| a.signature)
    }

    /// Where a rectangle surely is, or surely is not.
    fn rect(&mut self, rect: Rect, signature: Signature, lens: Lens<'_>, wanted: bool) -> Exact<Diagram> {
        let entity = if signature == Signature::Account { Place::User } else { Place::Entity };
        let mut found = Diagram::of(wanted);
        if signature.uses_entities() {
            found = self.view.sure(rect.entities, entity, lens, wanted)?;
        }
        if signature.uses_users() {
            let users = self.view.sure(rect.users, Place::User, lens, wanted)?;
            let diagrams = &mut self.view.diagrams;
            found = if wanted { diagrams.and(found, users)? } else { diagrams.or(found, users)? };
        }
        Ok(found)
    }

    fn grant(&mut self, grant: &Grant, signature: Signature, lens: Lens<'_>) -> Exact<Diagram> {
        let mut region = self.view.sure(grant.gate, Place::Actor, lens, true)?;
        if region == Diagram::FALSE {
            return Ok(region);
        }
        let on = self.rect(grant.on, signature, lens, true)?;
        region = self.view.diagrams.and(region, on)?;
        for hole in &grant.holes {
            let outside = self.rect(*hole, signature, lens, false)?;
            region = self.view.diagrams.and(region, outside)?;
        }
        Ok(region)
    }

    /// What a cell gives on the lens's day.
    fn cell(&mut self, cell: CellId, signature: Signature, lens: Lens<'_>) -> Exact<Diagram> {
        let grants = self.rows.cell(cell).to_vec();
        let mut region = Diagram::FALSE;
        for grant in grants.iter().filter(|g| g.days.contains(lens.day)) {
            let more = self.grant(grant, signature, lens)?;
            region = self.view.diagrams.or(region, more)?;
        }
        Ok(region)
    }

    /// The ways among these that lead to an action, sorted.
    #[must_use]
    pub fn ways_to(&self, action: u32, ways: &[Way]) -> Ways {
        ways_to(&self.rows, &self.view.joint, action, ways)
    }

    /// What one way gives of an action, whatever is forbidden.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn by_way(&mut self, action: u32, (cell, fence, days): (CellId, Rect, Days), lens: Lens<'_>) -> Exact<Diagram> {
        if !days.contains(lens.day) {
            return Ok(Diagram::FALSE);
        }
        let signature = self.signature(action);
        let given = self.cell(cell, signature, lens)?;
        if given == Diagram::FALSE || signature == Signature::Site {
            return Ok(given);
        }
        let fence = self.rect(fence, signature, lens, true)?;
        self.view.diagrams.and(given, fence)
    }

    /// What an account may do by these ways, on the lens's side and day. Whoever does not act may do nothing.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn allowed(&mut self, action: u32, ways: &Ways, lens: Lens<'_>) -> Exact<Diagram> {
        let acting = |p: &super::people::Person| p.named && p.active && p.valid.0 <= lens.day && lens.day <= p.valid.1;
        if !lens.actor.is_some_and(acting) {
            return Ok(Diagram::FALSE);
        }
        let mut region = Diagram::FALSE;
        for way in ways {
            let more = self.by_way(action, *way, lens)?;
            region = self.view.diagrams.or(region, more)?;
        }
        self.but_forbidden(region, action, lens)
    }

    /// What somebody may do whom neither policy names: by the roles of a token, and by rule.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn allowed_to_anybody(&mut self, action: u32, lens: Lens<'_>) -> Exact<Diagram> {
        let signature = self.signature(action);
        let mut region = Diagram::FALSE;
        for (role, row) in self.claims[lens.when.index()].clone() {
            let Some(cell) = self.rows.find(row, action) else { continue };
            let given = self.cell(cell, signature, lens)?;
            let presented = self.view.presented(role, Place::Actor, lens)?;
            let more = self.view.diagrams.and(given, presented)?;
            region = self.view.diagrams.or(region, more)?;
        }
        for rule in self.rules[lens.when.index()].clone() {
            for way in self.ways_to(action, &[rule.way]) {
                let who = self.view.sure(rule.who, Place::Actor, lens, true)?;
                let given = self.by_way(action, way, lens)?;
                let more = self.view.diagrams.and(who, given)?;
                region = self.view.diagrams.or(region, more)?;
            }
        }
        self.but_forbidden(region, action, lens)
    }

    /// A region without what is, or could be, forbidden in it.
    fn but_forbidden(&mut self, mut region: Diagram, action: u32, lens: Lens<'_>) -> Exact<Diagram> {
        if region == Diagram::FALSE {
            return Ok(region);
        }
        let signature = self.signature(action);
        for forbid in self.forbids[lens.when.index()][action as usize].clone() {
            let others = self.view.sure(forbid.actors, Place::Actor, lens, false)?;
            if others == Diagram::TRUE {
                continue;
            }
            let excepted = self.view.sure(forbid.unless, Place::Actor, lens, true)?;
            let outside = self.rect(forbid.on, signature, lens, false)?;
            let mut free = self.view.diagrams.or(others, excepted)?;
            free = self.view.diagrams.or(free, outside)?;
            region = self.view.diagrams.and(region, free)?;
        }
        Ok(region)
    }

    /// Where a prohibition of the old side surely holds, and each of the new side surely does not.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn no_longer_forbidden(&mut self, action: u32, forbid: &Forbid, [old, new]: [Lens<'_>; 2]) -> Exact<Diagram> {
        let bound = self.binds(forbid, old)?;
        let on = self.rect(forbid.on, self.signature(action), old, true)?;
        let region = self.view.diagrams.and(bound, on)?;
        self.but_forbidden(region, action, new)
    }

    /// In which cases a prohibition surely is for whoever asks, wherever it holds.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn binds(&mut self, forbid: &Forbid, lens: Lens<'_>) -> Exact<Diagram> {
        let bound = self.view.sure(forbid.actors, Place::Actor, lens, true)?;
        let others = self.view.sure(forbid.unless, Place::Actor, lens, false)?;
        self.view.diagrams.and(bound, others)
    }

    /// The row with this number.
    #[must_use]
    pub fn row(&self, row: RowNumber) -> &[(u32, CellId)] {
        self.rows.row(row)
    }

    /// On a side: the grants of a cell.
    #[must_use]
    pub fn grants(&self, cell: CellId) -> &[Grant] {
        self.rows.cell(cell)
    }

    /// Both sides' prohibitions of an action are the same.
    #[must_use]
    pub fn same_forbids(&self, action: u32) -> bool {
        let of = |when: When| &self.forbids[when.index()][action as usize];
        of(When::Before) == of(When::After)
    }
}
