//! From what differs to the fewest statements that say it: by the role that changed where that explains everything, by the accounts
//! otherwise, all actions and accounts alike in one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::change::{Change, Direction, Subject};
use super::records::Records;
use super::tables::compare::{Comparison, Who};
use super::tables::joint::When;
use super::tables::people::Person;
use super::tables::rights::Ways;
use super::tables::rows::{CellId, Way};
use super::tables::say::{Regions, Speaker};
use super::tables::view::{Lens, Target};
use super::{Dependencies, Whose};
use crate::algebra::diagram::{Diagram, Exact};

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

    // ---- accounts ----------------------------------------------------------------------------------------------------------

    /// What differs for an account: as far as a role that changed explains it, it is told of the role.
    fn account(&mut self, index: usize, item: &Item) -> Exact<()> {
        let pair = Arc::clone(&self.found.pairs[index]);
        self.out.touched.insert(index);
        let held = When::BOTH.map(|when| self.found.held(&pair, when));
        let explaining = self.explaining(item, &held);
        let mut rest = Regions::default();
        let kinds = [
            (Target::Stranger, item.regions.stranger),
            (Target::Named, item.regions.named),
            (Target::Myself, item.regions.own),
        ];
        for (target, region) in kinds {
            let Some(region) = region else { continue };
            let mut left = region;
            for (place, ways) in &explaining {
                let given = self.explained(item, &pair.people, target, ways)?;
                let here = self.found.rights.view.diagrams.and(region, given)?;
                if self.found.possible(here, target, item.days.0, Some(&pair.login))? != Diagram::FALSE {
                    self.roles[*place].touched.insert(index);
                    left = self.found.rights.view.diagrams.minus(left, given)?;
                }
            }
            // What the role asks for may be so of all who are left, and is then a fact that the difference by itself did not look at.
            let left = self.found.possible(left, target, item.days.0, Some(&pair.login))?;
            if left != Diagram::FALSE {
                rest.set(target, left);
            }
        }
        if rest == Regions::default() {
            return Ok(());
        }
        let speaker = Speaker { people: Some(&pair.people), day: item.days.0 };
        let region = self.found.said(item.action, rest, speaker)?;
        let witness = self.found.example(item.action, rest, Some(&pair.people), item.days.0)?;
        let through = self.through(item, &pair.people, &held, rest)?;
        let told = Told {
            direction: direction(item.more, item.any),
            region,
            days: item.days,
            causes: self.causes_of(Whose::Account(&pair.login), item.action),
            over_super: self.found.reaches_super(rest, item.days.0)?,
        };
        self.accounts.push(OfAccount { told, account: index, action: item.action, through, witness });
        Ok(())
    }

    /// The role items of this action, direction and time, each with the ways by which the account has the role, before and after.
    fn explaining(&self, item: &Item, held: &[Vec<Held>; 2]) -> Vec<(usize, [Ways; 2])> {
        let mut all = vec![];
        for place in self.role_items.get(&(item.action, item.more)).into_iter().flatten().copied() {
            let of_role = &self.roles[place];
            if of_role.days.0 > item.days.1 || item.days.0 > of_role.days.1 {
                continue;
            }
            let ways = |side: usize| held[side].iter().filter(|(r, _)| *r == Some(of_role.role)).map(|(_, way)| *way);
            let alike = |a: &Way, b: &Way| (a.fence, a.restricted, a.days) == (b.fence, b.restricted, b.days);
            let names = &self.found.rights.view.joint.roles;
            let both_know = When::BOTH.iter().all(|when| names.own(*when, of_role.role).is_some());
            let stays = |side: usize| -> Vec<Way> {
                ways(side).filter(|way| !both_know || ways(1 - side).any(|other| alike(way, &other))).collect()
            };
            let found = [0, 1].map(|side| self.found.rights.ways_to(item.action, &stays(side)));
            if found.iter().any(|ways| !ways.is_empty()) {
                all.push((place, found));
            }
        }
        all
    }

    /// What these ways give on the one side and not on the other.
    fn explained(&mut self, item: &Item, people: &[Person; 2], target: Target, ways: &[Ways; 2]) -> Exact<Diagram> {
        let mut given = [Diagram::FALSE; 2];
        for when in When::BOTH {
            let lens = Lens { when, actor: Some(&people[when.index()]), target, day: item.days.0 };
            for way in &ways[when.index()] {
                let more = self.found.rights.by_way(item.action, *way, lens)?;
                given[when.index()] = self.found.rights.view.diagrams.or(given[when.index()], more)?;
            }
        }
        let [old, new] = given;
        if item.more {
            self.found.rights.view.diagrams.minus(new, old)
        } else {
            self.found.rights.view.diagrams.minus(old, new)
        }
    }

    /// The first role that gives what differs, on the side that has it.
    fn through(
        &mut self,
        item: &Item,
        people: &[Person; 2],
        held: &[Vec<Held>; 2],
        regions: Regions,
    ) -> Exact<Option<String>> {
        let when = if item.more { When::After } else { When::Before };
        let regions =
            [(Target::Stranger, regions.stranger), (Target::Named, regions.named), (Target::Myself, regions.own)];
        for (role, way) in &held[when.index()] {
            for way in self.found.rights.ways_to(item.action, &[*way]) {
                for (target, region) in regions {
                    let Some(region) = region else { continue };
                    let lens = Lens { when, actor: Some(&people[when.index()]), target, day: item.days.0 };
                    let given = self.found.rights.by_way(item.action, way, lens)?;
                    if self.found.rights.view.diagrams.and(given, region)? != Diagram::FALSE {
                        return Ok(role.map(|role| self.found.rights.view.joint.roles.name(role).to_owned()));
                    }
                }
            }
        }
        Ok(None)
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
