//! From what differs to the fewest statements that say it: by the role that changed where that explains everything, by the accounts
//! otherwise, all actions and accounts alike in one.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::change::{Change, Direction, Subject};
use super::records::Records;
use super::tables::compare::{Comparison, Who};
use super::tables::joint::When;
use super::tables::rows::{CellId, Way};
use super::tables::say::{Regions, Speaker};
use super::{Dependencies, Whose};
use crate::algebra::diagram::Exact;

mod accounts;
mod tell;

/// How many accounts a statement names.
const EXAMPLES: usize = 10;

/// Where changes come from: the words of two policies, or what their tables tell.
#[derive(Debug)]
pub(super) enum Causes<'a> {
    Words(Box<Dependencies<'a>>),
    Records(Records),
}

/// All statements, and who is touched.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) changes: Vec<Change>,
    /// The accounts that gain or lose something, by their places among those that were looked at.
    pub(super) touched: BTreeSet<usize>,
    /// What could not be decided, or not be said: who, and the action.
    pub(super) undecided: Vec<(Subject, String)>,
}

/// What differs for one subject, of one action and direction, on the same days.
#[derive(Debug, Clone, Copy)]
struct Item {
    who: Who,
    action: u32,
    more: bool,
    days: (i32, i32),
    regions: Regions,
    any: [bool; 2],
}

/// What is said of several actions or accounts alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    direction: Direction,
    region: String,
    days: (i32, i32),
    causes: Vec<usize>,
    /// It reaches a holder of the super role.
    over_super: bool,
}

/// What a role gives on one side only.
#[derive(Debug, Clone)]
struct RoleItem {
    role: u32,
    action: u32,
    direction: Direction,
    region: String,
    days: (i32, i32),
    witness: String,
    over_super: bool,
    /// The accounts that it explains something of.
    touched: BTreeSet<usize>,
}

/// What is told of an account and an action.
struct OfAccount {
    told: Told,
    account: usize,
    action: u32,
    through: Option<String>,
    witness: String,
}

/// A way of an account with the role that it is by.
type Held = (Option<u32>, Way);

/// The statements of a comparison.
pub(super) fn statements(found: &mut Comparison<'_>, causes: &Causes<'_>) -> Statements {
    let mut writer = Writer {
        found,
        causes,
        out: Statements::default(),
        roles: vec![],
        role_items: FxHashMap::default(),
        accounts: vec![],
        unnamed: vec![],
    };
    for (who, action) in writer.found.undecided.clone() {
        writer.undecided(who, action);
    }
    writer.role_items();
    for item in items(writer.found) {
        let outcome = match item.who {
            Who::Account(index) => writer.account(index, &item),
            Who::Anybody => writer.anybody(&item),
        };
        if outcome.is_err() {
            writer.undecided(item.who, item.action);
        }
    }
    writer.finish()
}

/// The differences by subject, action, direction and days.
fn items(found: &Comparison<'_>) -> Vec<Item> {
    let mut all: BTreeMap<(Who, u32, bool, (i32, i32)), Item> = BTreeMap::new();
    for d in &found.differences {
        let new =
            Item { who: d.who, action: d.action, more: d.more, days: d.days, regions: Regions::default(), any: d.any };
        let item = all.entry((d.who, d.action, d.more, d.days)).or_insert(new);
        item.regions.set(d.target, d.region);
    }
    all.into_values().collect()
}

const fn direction(more: bool, any: [bool; 2]) -> Direction {
    match (more, any) {
        (true, [false, _]) => Direction::Gained,
        (true, _) => Direction::Widened,
        (false, [_, false]) => Direction::Lost,
        (false, _) => Direction::Narrowed,
    }
}

struct Writer<'w, 't, 'p> {
    found: &'w mut Comparison<'t>,
    causes: &'w Causes<'p>,
    out: Statements,
    roles: Vec<RoleItem>,
    /// Their places by action and direction.
    role_items: FxHashMap<(u32, bool), Vec<usize>>,
    accounts: Vec<OfAccount>,
    /// (what is told, action, witness)
    unnamed: Vec<(Told, u32, String)>,
}

impl Writer<'_, '_, '_> {
    fn path(&self, action: u32) -> String {
        self.found.rights.view.joint.actions[action as usize].path.clone()
    }

    fn undecided(&mut self, who: Who, action: u32) {
        let subject = match who {
            Who::Account(index) => Subject::Account(self.found.pairs[index].login.clone()),
            Who::Anybody => Subject::Unnamed,
        };
        let path = self.path(action);
        self.out.undecided.push((subject, path));
    }

    // ---- roles -------------------------------------------------------------------------------------------------------------

    /// What roles by themselves give on one side only.
    fn role_items(&mut self) {
        let joint = &self.found.rights.view.joint;
        let all: Vec<u32> = (0..joint.roles.count()).collect();
        for role in all {
            for (action, cells) in self.found.changed_cells(role) {
                if self.role_item(role, action, cells).is_err() {
                    let name = self.found.rights.view.joint.roles.name(role).to_owned();
                    let path = self.path(action);
                    self.out.undecided.push((Subject::Role(name), path));
                }
            }
        }
    }

    fn role_item(&mut self, role: u32, action: u32, cells: [Option<CellId>; 2]) -> Exact<()> {
        for found in self.found.of_cells(action, cells)? {
            let direction = direction(found.more, found.any);
            let asks_actor = self.found.asks_actor(found.region)?;
            let whole = matches!(direction, Direction::Gained | Direction::Lost);
            let region = if asks_actor || whole {
                let words = When::BOTH.map(|when| self.found.role_words(when, role, action));
                if words[0] == words[1] && !whole {
                    // What the role says is the same; what its words mean is not, and that is told of the accounts.
                    continue;
                }
                match direction {
                    Direction::Gained => words[1].clone(),
                    Direction::Lost => words[0].clone(),
                    _ => format!("{} (before: {})", shown(&words[1]), shown(&words[0])),
                }
            } else {
                let regions = Regions { stranger: Some(found.region), named: None, own: None };
                self.found.said_of_anybody(regions, found.days.0)?
            };
            let regions = Regions { stranger: Some(found.region), named: None, own: None };
            let witness = self.found.example(action, regions, None, found.days.0)?;
            let over_super = self.found.reaches_super(regions, found.days.0)?;
            let (days, touched) = (found.days, BTreeSet::new());
            self.role_items.entry((action, found.more)).or_default().push(self.roles.len());
            self.roles.push(RoleItem { role, action, direction, region, days, witness, over_super, touched });
        }
        Ok(())
    }

    fn anybody(&mut self, item: &Item) -> Exact<()> {
        let speaker = Speaker { people: None, day: item.days.0 };
        let region = self.found.said(item.action, item.regions, speaker)?;
        let witness = self.found.example(item.action, item.regions, None, item.days.0)?;
        let claims = self.found.claiming(item.action);
        let mut causes: Vec<usize> = vec![];
        for role in &claims {
            let more = self.causes_of(Whose::Role(role), item.action);
            causes.extend(more.into_iter().filter(|c| !causes.contains(c)).collect::<Vec<_>>());
        }
        let over_super = self.found.reaches_super(item.regions, item.days.0)?;
        let direction = direction(item.more, item.any);
        let told = Told { direction, region, days: item.days, causes, over_super };
        self.unnamed.push((told, item.action, witness));
        Ok(())
    }

    /// Of a role that only one policy has, the lines by which accounts hold it are causes as well.
    fn causes_of_role(&self, name: &str, item: &RoleItem) -> Vec<usize> {
        let mut causes = self.causes_of(Whose::Role(name), item.action);
        let names = &self.found.rights.view.joint.roles;
        if When::BOTH.iter().any(|when| names.own(*when, item.role).is_none()) {
            for account in item.touched.iter().take(EXAMPLES) {
                let login = &self.found.pairs[*account].login;
                let more = self.causes_of(Whose::Account(login), item.action);
                causes.extend(more.into_iter().filter(|c| !causes.contains(c)).collect::<Vec<_>>());
            }
        }
        causes
    }

    fn causes_of(&self, whose: Whose<'_>, action: u32) -> Vec<usize> {
        match self.causes {
            Causes::Words(words) => words.causes(whose, &self.path(action)),
            Causes::Records(records) => records.causes(self.found, whose, action),
        }
    }
}

/// A region's words; everything has none.
fn shown(words: &str) -> &str {
    if words.is_empty() { "on everything" } else { words }
}
