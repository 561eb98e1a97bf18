//! Two tables compared, exactly: for every account and for everybody whom neither names, which actions are allowed on one side and
//! not on the other, on which targets and days.
//!
//! What is equal by content is never looked at: an account is compared where its ways to rights, its facts, or a prohibition of what
//! it may do differ, or where a target that it reaches has other facts than before.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick_table::{AccountId, Given, Login};
use rustc_hash::{FxHashMap, FxHashSet};

use super::accounts::{Merged, Quiet, merged, people};
use super::cells;
use super::days::starts;
use super::facts::{Subject, subject};
use super::joint::{Bytes, Joint, When};
use super::people::Person;
use super::possible::Asked;
use super::rights::{Rights, ways_to};
use super::rows::{Forbid, RowNumber, Rows, Rule, Way, Words, forbids};
use super::shapes::{Atom, Node, Shapes};
use super::stir::{Stir, endings};
use super::twins::Twins;
use super::view::{Lens, Target, View};
use crate::algebra::diagram::{Diagram, Exact};

/// An account as both sides know it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its folded login.
    pub login: String,
    /// By side: its number there.
    pub ids: [Option<AccountId>; 2],
    /// By side: what is known of it.
    pub people: [Person; 2],
    /// By side: its ways to rights.
    pub ways: [Vec<Way>; 2],
}

/// Who differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// An account, by its place among [`Comparison::pairs`].
    Account(usize),
    /// Somebody whom neither policy names.
    Anybody,
}

/// That an action is allowed on one side and not on the other, on a region of targets for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// To whom.
    pub who: Who,
    /// The action's joint number.
    pub action: u32,
    /// The kind of target.
    pub target: Target,
    /// Whether it is allowed after and not before, not the other way round.
    pub more: bool,
    /// The first day and the last one.
    pub days: (i32, i32),
    /// On which targets: only cells that exist.
    pub region: Diagram,
    /// Whether anything at all is allowed of the action on these days: before, and after.
    pub any: [bool; 2],
}

/// All that came of comparing two tables.
#[derive(Debug)]
pub struct Comparison<'t> {
    /// The rights of both.
    pub rights: Rights<'t>,
    /// The accounts that were looked at, in the order of their logins.
    pub pairs: Vec<Arc<Pair>>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What could not be decided: who, and which action.
    pub undecided: Vec<(Who, u32)>,
    /// How many accounts there are: before, after, and on either side.
    pub counts: [usize; 3],
    /// The accounts whose facts differ, or that rules ask for by name or by what they were given, as they are on both sides.
    pub targets: Vec<[Person; 2]>,
    pub(super) possible: FxHashMap<Asked, Diagram>,
    pub(super) at: i32,
    /// The days on which a target stops to hold what rules may ask for.
    pub(super) endings: Vec<i32>,
    pub(super) supers: Option<Vec<[Person; 2]>>,
}

/// What one side has beside accounts.
struct Rules {
    rules: Vec<Rule>,
    claims: Vec<(u32, RowNumber)>,
}

/// Compares two tables from a day on.
#[must_use]
pub fn compare<'t>(tables: [&'t Bytes<'t>; 2], renamed: &[(String, String)], at: i32) -> Comparison<'t> {
    let joint = Joint::of(tables, renamed);
    let (mut shapes, mut rows) = (Shapes::default(), Rows::default());
    let twins = Twins::of(&joint);
    let mut words = Words { joint: &joint, shapes: &mut shapes, twins: &twins };
    rows.roles(&mut words);
    let Merged { quiet, pairs, count } = merged(&mut words, &mut rows);
    let forbids = When::BOTH.map(|when| forbids(&joint, words.shapes, when));
    let [before, after] = When::BOTH.map(|when| rules_of(&mut words, &mut rows, when));
    let (stirred, any_moved) = look(&mut words, &mut rows, (&pairs, &quiet), &forbids, at);
    let mut asked: Vec<(Pair, Vec<u32>)> = pairs.into_iter().zip(stirred.asked).chain(stirred.more).collect();
    asked.sort_by(|(one, _), (other, _)| one.login.cmp(&other.login));
    let (pairs, asked): (Vec<Arc<Pair>>, Vec<Vec<u32>>) =
        asked.into_iter().map(|(pair, actions)| (Arc::new(pair), actions)).unzip();
    let view = View::new(joint, shapes);
    let rights = Rights {
        view,
        twins,
        rows,
        forbids,
        rules: [before.rules, after.rules],
        claims: [before.claims, after.claims],
    };
    let mut comparison = Comparison {
        rights,
        pairs,
        differences: vec![],
        undecided: vec![],
        counts: [tables[0].account_count() as usize, tables[1].account_count() as usize, count],
        targets: vec![],
        possible: FxHashMap::default(),
        at,
        endings: vec![],
        supers: None,
    };
    comparison.find_targets(&quiet);
    comparison.run(&asked, any_moved);
    comparison
}

fn rules_of(words: &mut Words<'_, '_>, rows: &mut Rows, when: When) -> Rules {
    let table = words.joint.table(when);
    let by_claim = table.roles().filter(|r| table.role_of(*r).is_some_and(|r| r.by_claim));
    let claims = by_claim.map(|r| (words.joint.roles.joint(when, r.0), rows.of(when, table.row_of(r)))).collect();
    let of = Rules { rules: rows.rules(words.joint, words.shapes, when), claims };
    let of_rules = of.rules.iter().map(|rule| rule.way.row);
    of.claims.iter().map(|(_, row)| *row).chain(of_rules).for_each(|row| rows.take(words, row));
    of
}

/// Which actions are asked of whom.
struct Looked {
    /// Of each pair.
    asked: Vec<Vec<u32>>,
    /// Of accounts that are the same on both sides.
    more: Vec<(Pair, Vec<u32>)>,
}

/// Finds the actions that could differ, and takes apart what decides about them; also whether a fact moved that anything asks for.
fn look(
    words: &mut Words<'_, '_>,
    rows: &mut Rows,
    (pairs, quiet): (&[Pair], &Quiet),
    forbids: &[Vec<Vec<Forbid>>; 2],
    at: i32,
) -> (Looked, bool) {
    let mut stir = Stir::of(pairs, forbids, at);
    let asked = pairs.iter().map(|pair| actions_of(words, rows, &mut stir, pair)).collect();
    let mut more = vec![];
    if !stir.is_calm() {
        for [old, new] in quiet.iter() {
            if !stir.reaches(words, rows, new) {
                continue;
            }
            let ways = rows.ways(words.joint, words.shapes, When::After, new);
            let mut actions = stir.actions(words, rows, &ways);
            actions.sort_unstable();
            actions.dedup();
            let (ids, ways) = ([Some(old), Some(new)], [ways.clone(), ways]);
            let people = people(words.joint, ids);
            more.push((Pair { login: people[1].login.clone(), ids, people, ways }, actions));
        }
    }
    (Looked { asked, more }, stir.any_moved(words.shapes))
}

/// The actions of an account that could differ.
fn actions_of(words: &mut Words<'_, '_>, rows: &mut Rows, stir: &mut Stir<'_>, pair: &Pair) -> Vec<u32> {
    let mut found: Vec<u32> = vec![];
    if pair.people[0] == pair.people[1] {
        for (old, new) in unlike(&pair.ways) {
            match (old, new) {
                (Some(old), Some(new)) => found.extend_from_slice(rows.compare(words, [old, new])),
                (Some(row), None) | (None, Some(row)) => {
                    rows.take(words, row);
                    found.extend(rows.row(row).iter().map(|(action, _)| *action));
                }
                (None, None) => {}
            }
        }
    } else {
        for way in pair.ways.iter().flatten() {
            rows.take(words, way.row);
            found.extend(rows.row(way.row).iter().map(|(action, _)| *action));
        }
    }
    let stirred = if stir.is_calm() { vec![] } else { stir.actions(words, rows, &pair.ways[1]) };
    found.extend_from_slice(&stirred);
    found.sort_unstable();
    found.dedup();
    for way in pair.ways.iter().flatten() {
        found.iter().for_each(|action| rows.seek(words, way.row, *action));
    }
    if pair.people[0] == pair.people[1] {
        let differs = |action: &u32| {
            let [old, new] = [0, 1].map(|side| ways_to(rows, words.joint, *action, &pair.ways[side]));
            old != new || stirred.contains(action)
        };
        found.retain(differs);
    }
    found
}

/// The ways that only one side has, each with one of the other that differs from it by its row alone, if there is one: their rows.
fn unlike([old, new]: &[Vec<Way>; 2]) -> Vec<(Option<RowNumber>, Option<RowNumber>)> {
    let mut rest: Vec<&Way> = new.iter().filter(|way| old.binary_search(way).is_err()).collect();
    let mut found = vec![];
    for way in old.iter().filter(|way| new.binary_search(way).is_err()) {
        let like = |other: &&Way| (other.fence, other.restricted, other.days) == (way.fence, way.restricted, way.days);
        let other = rest.iter().position(like).map(|at| rest.swap_remove(at).row);
        found.push((Some(way.row), other));
    }
    found.extend(rest.into_iter().map(|way| (None, Some(way.row))));
    found
}

impl Comparison<'_> {
    fn run(&mut self, asked: &[Vec<u32>], any_moved: bool) {
        for (index, actions) in asked.iter().enumerate() {
            self.account(index, actions);
        }
        self.forget_the_same();
        self.anybody(any_moved);
    }

    /// Forgets accounts that are the same on both sides and were looked at in vain.
    fn forget_the_same(&mut self) {
        let mut kept: Vec<bool> =
            self.pairs.iter().map(|p| p.ways[0] != p.ways[1] || p.people[0] != p.people[1]).collect();
        let of_differences = self.differences.iter().map(|d| d.who);
        for who in of_differences.chain(self.undecided.iter().map(|(who, _)| *who)) {
            if let Who::Account(index) = who {
                kept[index] = true;
            }
        }
        if !kept.contains(&false) {
            return;
        }
        let mut places = vec![0; kept.len()];
        let mut next = 0;
        for (place, kept) in places.iter_mut().zip(&kept) {
            *place = next;
            next += usize::from(*kept);
        }
        let mut keep = kept.iter();
        self.pairs.retain(|_| keep.next() == Some(&true));
        let all = self.differences.iter_mut().map(|d| &mut d.who);
        for who in all.chain(self.undecided.iter_mut().map(|(who, _)| who)) {
            if let Who::Account(index) = who {
                *index = places[*index];
            }
        }
    }

    /// The targets that are looked at by name.
    fn find_targets(&mut self, quiet: &Quiet) {
        let joint = &self.rights.view.joint;
        let (mut roles, mut tiers, mut by_login) = (FxHashSet::default(), FxHashSet::default(), false);
        for node in self.rights.view.shapes.nodes() {
            match node {
                Node::Atom(Atom::Given(role, _)) => _ = roles.insert(*role),
                Node::Atom(Atom::Tier(tier)) => _ = tiers.insert(*tier),
                Node::Atom(Atom::Ask(ask, _)) => {
                    by_login |= matches!(subject(ask), Subject::Attribute(id) if cells::is_login(joint, id));
                }
                _ => {}
            }
        }
        let asked = |p: &Person| {
            by_login || p.roles.iter().any(|r| roles.contains(&r.0)) || p.tiers.iter().any(|t| tiers.contains(&t.0))
        };
        let differ = |p: &[Person; 2]| !p[0].is_same_target(&p[1]) || p.iter().any(asked);
        let mut targets: Vec<[Person; 2]> =
            self.pairs.iter().filter(|p| differ(&p.people)).map(|p| p.people.clone()).collect();
        if !roles.is_empty() || !tiers.is_empty() || by_login {
            // What both sides know of these is the same.
            let table = joint.table(When::After);
            let asked = |given: Given| match given {
                Given::Role(role) => roles.contains(&joint.roles.joint(When::After, role.0)),
                Given::DirectTier(tier) => tiers.contains(&joint.tiers.joint(When::After, tier.0)),
            };
            let holds = |id| table.account_of(id).is_some_and(|account| account.given().any(|(given, _)| asked(given)));
            let known: FxHashSet<&str> = self.pairs.iter().map(|pair| pair.login.as_str()).collect();
            let looked_at = quiet.iter().filter(|[_, id]| by_login || holds(*id));
            let all = looked_at.map(|ids| people(joint, ids.map(Some)));
            targets.extend(all.filter(|people| !known.contains(people[1].login.as_str())));
        }
        self.endings = endings(targets.iter(), self.at);
        self.targets = targets;
    }

    /// Compares these actions of an account.
    fn account(&mut self, index: usize, actions: &[u32]) {
        if actions.is_empty() {
            return;
        }
        let pair = Arc::clone(&self.pairs[index]);
        for action in actions {
            let ways = [0, 1].map(|side| self.rights.ways_to(*action, &pair.ways[side]));
            let days = self.moments(&pair, &ways);
            let found = self.over_time(
                *action,
                &days,
                |this, lens| match lens.when {
                    When::Before => {
                        this.rights.allowed(*action, &ways[0], Lens { actor: Some(&pair.people[0]), ..lens })
                    }
                    When::After => {
                        this.rights.allowed(*action, &ways[1], Lens { actor: Some(&pair.people[1]), ..lens })
                    }
                },
                Some(&pair.login),
            );
            self.keep(Who::Account(index), *action, found);
        }
    }

    /// Compares what anybody may do whom neither policy names.
    fn anybody(&mut self, any_moved: bool) {
        let rights = &self.rights;
        let rows = |when: usize| {
            rights.claims[when].iter().map(|(_, row)| *row).chain(rights.rules[when].iter().map(|r| r.way.row))
        };
        let all: BTreeSet<u32> =
            [0, 1].into_iter().flat_map(rows).flat_map(|row| rights.row(row).iter().map(|(a, _)| *a)).collect();
        let same =
            rights.claims[0] == rights.claims[1] && rights.rules[0] == rights.rules[1] && rights.view.joint.same_claims;
        let actions: Vec<u32> = all.into_iter().filter(|a| !same || any_moved || !rights.same_forbids(*a)).collect();
        let mut days = self.endings.clone();
        for row in [0, 1].into_iter().flat_map(rows).collect::<BTreeSet<_>>() {
            let cells = rights.row(row).iter().map(|(_, cell)| *cell);
            days.extend(cells.flat_map(|c| rights.grants(c)).flat_map(|g| starts(g.days.from, g.days.until)));
        }
        let days = self.tidy(days);
        for action in actions {
            let found = self.over_time(action, &days, |this, lens| this.rights.allowed_to_anybody(action, lens), None);
            self.keep(Who::Anybody, action, found);
        }
    }

    fn keep(&mut self, who: Who, action: u32, found: Exact<Vec<Difference>>) {
        match found {
            Ok(found) => self.differences.extend(found.into_iter().map(|d| Difference { who, ..d })),
            Err(_) => self.undecided.push((who, action)),
        }
    }
}

/// The account of a table with this folded login.
pub(super) fn account_of(table: &Bytes<'_>, login: &str) -> Option<AccountId> {
    Login::ascii(login).or_else(|| Login::folded(login)).and_then(|login| table.account(login))
}

/// Whether a table names this folded login.
pub(super) fn is_named(table: &Bytes<'_>, login: &str) -> bool {
    account_of(table, login).is_some()
}
