//! Whether two versions of a policy give the same rights, exactly; "no" may mean that nobody could tell.
//!
//! Equal tables decide equally, since every question is answered from the table alone. Where the bytes differ, the versions must speak
//! of the same actions, roles, facts and accounts (labels may be gone that no predicate can tell from absent ones), and then it is enough
//! that, on every day from `at` on and with the features as written as well as with all of them on,
//!
//! - every prohibition takes the same away from whoever there could be,
//! - every role gives the same to whoever holds it, and hands the same on,
//! - every automatic rule gives the same role to the same people behind the same fence,
//! - every account's ways lead to the same targets, and what predicates ask about holding roles has the same answers.
//!
//! A decision depends on nothing else: some way leads to the target and no prohibition takes it away. Regions are compared by the
//! algebra, as functions of facts that are known; where a fact is missing, a decision may wait for it in one version and not in the
//! other. And they are compared for facts that are true: who says of an account of the policy that it bears a label is refused where that
//! is false, but cannot say it any more of a label that is gone.

use std::collections::BTreeSet;

use super::joint::Joint;
use super::vocabulary;
use crate::Compiled;
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party, Target};
use crate::lower::rights::{AccountRights, Days, Fence, Given, GivenWhat, Grant, Rights, RowId};
use crate::lower::{Switches, lower};
use crate::model::Model;
use crate::model::id::{AccountId, ActionId, LabelId, RoleId};
use crate::region::{Node, NodeId, Test};

/// Whether both versions were shown to give the same rights from the day `at` on.
#[must_use]
pub fn same_rights(before: &Compiled, after: &Compiled, at: i32) -> bool {
    if before.table() == after.table() {
        return true;
    }
    let (old, new) = (before.model(), after.model());
    let Some(labels) = vocabulary::labels(old, new) else { return false };
    if !equal(old, before.rights(), after.rights(), &labels, at) {
        return false;
    }
    let most = Switches::all_on(old);
    most == Switches::as_written(old)
        || equal(old, &lower(old, &most), &lower(new, &Switches::all_on(new)), &labels, at)
}

fn equal(model: &Model, before: &Rights, after: &Rights, labels: &[LabelId], at: i32) -> bool {
    let Some(joint) = Joint::new(before, after, labels) else { return false };
    if asks_for_missing(model, &joint.rights, labels) || !same_people(&joint, before, after) {
        return false;
    }
    let mut algebra = Algebra::new(model, &joint.rights);
    let mut pair = Pair { algebra: &mut algebra, joint: &joint, after, at };
    // What is too large to compare is not the same.
    pair.prohibitions().unwrap_or(false) && pair.roles().unwrap_or(false) && pair.accounts().unwrap_or(false)
}

/// Whether a predicate could tell a label that is gone from none: it asks for it, or for one above it.
fn asks_for_missing(model: &Model, rights: &Rights, labels: &[LabelId]) -> bool {
    let gone: Vec<u32> =
        (0..).take(model.labels.nodes.len()).filter(|node| !labels.iter().any(|l| l.0 == *node)).collect();
    rights.nodes.list().iter().any(|node| match node {
        Node::Test(Test::Label(label)) => gone.iter().any(|node| model.labels.within(*node, label.0)),
        _ => false,
    })
}

/// Whether predicates that ask what an account was given have the same answers, and automatic rules say the same.
fn same_people(joint: &Joint, before: &Rights, after: &Rights) -> bool {
    let asked: BTreeSet<GivenWhat> = joint.rights.nodes.list().iter().filter_map(asked_for).collect();
    let given = |account: &AccountRights| -> BTreeSet<Given> {
        account.given().iter().filter(|g| asked.contains(&g.what)).collect()
    };
    let fence = |id: crate::lower::rights::FenceId| before.fences.get(id.0 as usize).copied().unwrap_or(Fence::OPEN);
    let old: BTreeSet<(NodeId, RowId, Fence)> =
        before.automatic.iter().map(|rule| (rule.users, rule.row, fence(rule.fence))).collect();
    let new = after.automatic.iter().map(|rule| joint.automatic(rule)).collect();
    before.role_tiers == after.role_tiers
        && old == new
        && before.accounts.len() == after.accounts.len()
        && before.accounts.iter().zip(&after.accounts).all(|(a, b)| a.account == b.account && given(a) == given(b))
}

const fn asked_for(node: &Node) -> Option<GivenWhat> {
    match node {
        Node::Test(Test::Given(role)) => Some(GivenWhat::Role(*role)),
        Node::Test(Test::DirectTier(tier)) => Some(GivenWhat::DirectTier(*tier)),
        _ => None,
    }
}

/// Both versions in one algebra.
struct Pair<'p, 'a> {
    algebra: &'p mut Algebra<'a>,
    joint: &'p Joint,
    after: &'p Rights,
    at: i32,
}

impl Pair<'_, '_> {
    /// Whether two regions have the same targets.
    fn alike(&mut self, a: Diagram, b: Diagram, lens: Lens) -> Exact<bool> {
        if a == b {
            return Ok(true);
        }
        for (one, other) in [(a, b), (b, a)] {
            let more = self.algebra.minus(one, other)?;
            if !self.algebra.is_empty(more, lens)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whatever account there could be, and the actor himself.
    fn whoever(&self, day: i32) -> [Lens; 2] {
        [Target::Anyone, Target::Myself].map(|target| Lens::new(Actor::Holder, target, day))
    }

    fn prohibitions(&mut self) -> Exact<bool> {
        for action in (0..self.algebra.model.actions.len()).map(ActionId::new) {
            let rows = self.algebra.forbids_of(action);
            let (old, new): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(|row| *row < self.joint.forbids);
            let said = |rows: &[usize]| -> BTreeSet<_> {
                let row = |row: &usize| &self.joint.rights.forbids[*row];
                rows.iter().map(row).map(|f| (f.rect, f.actors, f.unless)).collect()
            };
            if said(&old) == said(&new) {
                continue;
            }
            for lens in self.whoever(self.at) {
                self.algebra.begin();
                let (a, b) = (self.taken(&old, action, lens)?, self.taken(&new, action, lens)?);
                if !self.alike(a, b, lens)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn taken(&mut self, rows: &[usize], action: ActionId, lens: Lens) -> Exact<Diagram> {
        let signature = self.algebra.signature(action);
        let mut taken = Diagram::FALSE;
        for row in rows {
            let forbid = &self.joint.rights.forbids[*row];
            let actors = self.algebra.node(forbid.actors, Party::Actor, lens)?;
            let unless = self.algebra.node(forbid.unless, Party::Actor, lens)?;
            let whom = self.algebra.minus(actors, unless)?;
            let region = self.algebra.rect(forbid.rect, signature, lens)?;
            let both = self.algebra.and(whom, region)?;
            taken = self.algebra.or(taken, both)?;
        }
        Ok(taken)
    }

    fn roles(&mut self) -> Exact<bool> {
        for role in (0..self.algebra.model.roles.len()).map(RoleId::new) {
            let own = RowId(role.0);
            if !self.same_rows(own, self.joint.row(own))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_rows(&mut self, one: RowId, other: RowId) -> Exact<bool> {
        let rows = &self.joint.rights.rows;
        let (one, other) = (&rows[one.0 as usize].grants, &rows[other.0 as usize].grants);
        if said(one) == said(other) {
            return Ok(true);
        }
        let mut actions: Vec<ActionId> = one.iter().chain(other).map(|g| g.action).collect();
        actions.sort_unstable();
        actions.dedup();
        for action in actions {
            let (a, b) = (grants(one, action), grants(other, action));
            if said(a) != said(b) && !self.same_grants(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_grants(&mut self, one: &[Grant], other: &[Grant]) -> Exact<bool> {
        let handed = |grants: &[Grant]| grants.iter().map(|g| g.handed_on).collect::<BTreeSet<_>>();
        if handed(one) != handed(other) {
            return Ok(false);
        }
        let days = one.iter().chain(other).map(|g| g.days).filter(|d| *d != Days::ALWAYS);
        for day in self.algebra.moments_of(days, self.at) {
            for lens in self.whoever(day) {
                self.algebra.begin();
                let (a, b) = (self.given(one, lens)?, self.given(other, lens)?);
                if !self.alike(a, b, lens)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// What grants give on the lens's day, with their conditions on the actor.
    fn given(&mut self, grants: &[Grant], lens: Lens) -> Exact<Diagram> {
        let mut region = Diagram::FALSE;
        for grant in grants.iter().filter(|g| g.days.contains(lens.day)) {
            let gate = self.algebra.node(grant.gate, Party::Actor, lens)?;
            let rect = self.algebra.ungated(grant, lens)?;
            let both = self.algebra.and(gate, rect)?;
            region = self.algebra.or(region, both)?;
        }
        Ok(region)
    }

    fn accounts(&mut self) -> Exact<bool> {
        for index in 0..self.algebra.model.accounts.len() {
            if !self.account(AccountId::new(index))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn account(&mut self, account: AccountId) -> Exact<bool> {
        let old = self.joint.rights.accounts[account.index()].assignments.clone();
        let new: Vec<_> = self.after.accounts[account.index()].assignments.iter().map(|w| self.joint.way(w)).collect();
        if self.ways(&old) == self.ways(&new) {
            return Ok(true);
        }
        let rows = &self.joint.rights.rows;
        let both = || old.iter().chain(&new);
        let mut actions: Vec<ActionId> =
            both().flat_map(|w| &rows[w.row.0 as usize].grants).map(|g| g.action).collect();
        actions.sort_unstable();
        actions.dedup();
        let dated = both().flat_map(|w| &rows[w.row.0 as usize].grants).map(|g| g.days);
        let days: Vec<Days> = both().map(|w| w.days).chain(dated).filter(|d| *d != Days::ALWAYS).collect();
        let days = self.algebra.moments_of(days, self.at);
        let mut days: Vec<i32> = days.into_iter().chain(self.algebra.moments(account, self.at)).collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            for action in &actions {
                let signature = self.algebra.signature(*action);
                for target in self.algebra.targets(signature, Actor::Account(account)) {
                    let lens = Lens::new(Actor::Account(account), target, day);
                    self.algebra.begin();
                    let (a, b) = (self.reached(&old, *action, lens)?, self.reached(&new, *action, lens)?);
                    if !self.alike(a, b, lens)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    fn reached(&mut self, ways: &[crate::lower::rights::Assignment], action: ActionId, lens: Lens) -> Exact<Diagram> {
        let mut region = Diagram::FALSE;
        for way in ways {
            let more = self.algebra.way(way, action, lens)?;
            region = self.algebra.or(region, more)?;
        }
        Ok(region)
    }

    /// What ways say, whatever their numbers: the row's grants, the fences, the days.
    fn ways<'w>(&'w self, ways: &'w [crate::lower::rights::Assignment]) -> BTreeSet<Way<'w>> {
        let (rows, fences) = (&self.joint.rights.rows, &self.joint.rights.fences);
        let fence = |id: crate::lower::rights::FenceId| fences[id.0 as usize];
        ways.iter().map(|w| (said(&rows[w.row.0 as usize].grants), fence(w.fence), fence(w.alone), w.days)).collect()
    }
}

/// A way to rights: what it gives, behind what, and when.
type Way<'w> = (BTreeSet<Said<'w>>, Fence, Fence, Days);

/// A grant without the line that it comes from.
type Said<'w> = (ActionId, crate::lower::rights::Rect, &'w [crate::lower::rights::Rect], NodeId, Days, Fence);

fn said(grants: &[Grant]) -> BTreeSet<Said<'_>> {
    grants.iter().map(|g| (g.action, g.rect, g.holes.as_slice(), g.gate, g.days, g.handed_on)).collect()
}
