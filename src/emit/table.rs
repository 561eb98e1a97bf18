//! Rights to table: the flat permission table that runtimes load, and its sidecar that names files and lines.
//!
//! The bytes follow from the meaning of the policy alone. Ids of the model are canonical already; predicates, whose numbers depend on
//! the order of lowering, are numbered anew by content (`nodes`), and everything else is numbered in the order in which it is first
//! used on a walk through the sections. `bailiwick-table`, the crate that reads tables, owns the layout.

mod accounts;
mod cards;
mod file;
mod indent;
mod index;
mod map;
mod names;
mod nodes;
mod pool;
mod refused;
mod rows;
mod rules;

use bailiwick_table::layout::section;
use rustc_hash::FxHashMap;

pub use map::Sidecar;
pub use refused::Refused;

use crate::lower::rights::{FenceId, OriginId, Rights, RowId, Statement};
use crate::model::{Account, Model};
use cards::{Cards, Part, Plan};
use file::Sections;
use nodes::Canonical;
use pool::Pools;

/// A table, and which statement each of its records comes from.
#[derive(Debug, Clone)]
pub struct Written {
    /// The table.
    pub bytes: Vec<u8>,
    /// The origin of each grant, by its number in the table.
    pub grants: Vec<OriginId>,
    /// The origin of each prohibition, by its number in the table.
    pub forbids: Vec<OriginId>,
    /// The origin of each automatic rule, by its number in the table.
    pub automatic: Vec<OriginId>,
    /// The origins of the accounts' assignments, those of one account behind those of the one before.
    assignments: Vec<OriginId>,
    /// Where the origins of each account end.
    ends: Vec<u32>,
}

impl Written {
    /// The origins of each account's assignments, by the account's number and the assignment's.
    pub fn assignments(&self) -> impl Iterator<Item = &[OriginId]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let end = *end as usize;
            let origins = self.assignments.get(start..end).unwrap_or(&[]);
            start = end;
            origins
        })
    }
}

/// The table of these rights.
///
/// # Errors
/// When the policy exceeds a limit of the format.
pub fn table(model: &Model, rights: &Rights, revision: u64) -> Result<Vec<u8>, Refused> {
    write(model, rights, revision).map(|written| written.bytes)
}

/// The table, and where its records come from.
///
/// # Errors
/// When the policy exceeds a limit of the format.
pub fn write(model: &Model, rights: &Rights, revision: u64) -> Result<Written, Refused> {
    let ends: Vec<u32> = model.units.nodes.iter().map(|unit| unit.end).collect();
    let parts = cards::parts(rights, &ends);
    let (plans, fences) = planned(&model.accounts, Cards { rights, ends: &ends, parts: &parts });
    let nodes = Canonical::of(rights, &fences)?;
    let mut writer = Writer {
        model,
        rights,
        ends,
        parts,
        plans,
        nodes,
        sections: Sections::default(),
        pools: Pools::default(),
        direct: FxHashMap::default(),
        direct_starts: vec![],
        marks: vec![0; model.actions.len()],
        provenance: Provenance::default(),
    };
    writer.names()?;
    writer.tests()?;
    writer.role_rows()?;
    writer.accounts()?;
    writer.rules()?;
    writer.mark_actions();
    writer.finish(revision)
}

/// Which assignments of each account are entries; and the fences that stand in the table as predicates: those of automatic rules, and
/// of assignments that are no entries.
fn planned(accounts: &[Account], cards: Cards<'_>) -> (Vec<Plan>, Vec<FenceId>) {
    let mut used: Vec<FenceId> = cards.rights.automatic.iter().map(|rule| rule.fence).collect();
    let accounts = accounts.iter().zip(&cards.rights.accounts);
    let plans = accounts.map(|(account, of)| {
        let plan = Plan::of(cards, account, of);
        let rest = of.assignments.iter().filter(|one| !plan.enters(cards, account, one));
        used.extend(rest.map(|one| one.fence));
        plan
    });
    (plans.collect(), used)
}

/// Which statements the records come from.
#[derive(Debug, Default)]
struct Provenance {
    grants: Vec<OriginId>,
    forbids: Vec<OriginId>,
    automatic: Vec<OriginId>,
    assignments: Vec<OriginId>,
    ends: Vec<u32>,
}

/// What the parts of writing share.
#[derive(Debug)]
struct Writer<'m> {
    model: &'m Model,
    rights: &'m Rights,
    /// The end of each unit's subtree.
    ends: Vec<u32>,
    /// What the units of each fence are for.
    parts: Vec<Option<Part>>,
    /// Which assignments of each account are entries.
    plans: Vec<Plan>,
    nodes: Canonical,
    sections: Sections,
    pools: Pools<'m>,
    /// The rows of direct allows that were written, by their grants.
    direct: FxHashMap<Vec<rows::Key<'m>>, u32>,
    direct_starts: Vec<u32>,
    /// Flags of actions that rows and prohibitions set, by number.
    marks: Vec<u32>,
    provenance: Provenance,
}

impl<'m> Writer<'m> {
    /// What cards are made from.
    fn cards(&self) -> Cards<'_> {
        Cards { rights: self.rights, ends: &self.ends, parts: &self.parts }
    }

    /// The text of a statement; of one in the block of an account without the account, so that equal ones are stored once.
    fn text(&self, origin: OriginId, account: Option<&str>) -> &'m str {
        let text = self.rights.said(origin);
        account.and_then(|name| own_statement(text, name)).unwrap_or(text)
    }

    /// The text of the automatic rule that an assignment comes from; none for what stands in the account's own block, which the table
    /// tells by the role, the fence and the days.
    fn rule_text(&self, origin: OriginId, account: &str) -> Option<&'m str> {
        match self.rights.origins[origin.0 as usize].statement {
            Statement::Own(..) => None,
            Statement::Said(_) => Some(self.rights.said(origin)).filter(|text| own_statement(text, account).is_none()),
        }
    }

    /// The role of a row, none for a row of direct allows.
    fn role_of(&self, row: RowId) -> Option<u32> {
        self.rights.rows[row.0 as usize].role.map(|role| role.0)
    }

    /// Says of each action what rows and prohibitions there are.
    fn mark_actions(&mut self) {
        for (action, marks) in std::mem::take(&mut self.marks).into_iter().enumerate() {
            self.sections.mark(section::ACTIONS, 4 * action + 3, marks);
        }
    }

    fn finish(mut self, revision: u64) -> Result<Written, Refused> {
        self.pooled();
        let Provenance { grants, forbids, automatic, assignments, ends } = self.provenance;
        // The file is as large as all of its sections, and needs the room.
        drop((self.nodes, self.parts, self.direct, self.pools));
        let bytes = self.sections.into_file(revision)?;
        Ok(Written { bytes, grants, forbids, automatic, assignments, ends })
    }
}

/// What stands behind `admin NAME`, where a statement's text begins so.
fn own_statement<'a>(text: &'a str, account: &str) -> Option<&'a str> {
    let rest = text.strip_prefix("admin ")?.strip_prefix(account)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(": ") }
}
