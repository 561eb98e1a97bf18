//! Steps that change facts: to what an account's attributes, unit and labels can come.

use std::collections::BTreeSet;

use super::{Search, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::{Party, Subject, subject};
use crate::algebra::guise::Guise;
use crate::algebra::lens::{Actor, Lens, Target};
use crate::algebra::reach::grants;
use crate::lower::rights::{Grant, Rect};
use crate::model::id::{AccountId, ActionId};
use crate::region::{Node, NodeId, Test};

impl Algebra<'_> {
    /// The facts of an account after a change, and what they can be: a change needs the right on the state before and on the state
    /// after. A second change is followed where each state that the first one led to allows it; else the search cannot tell.
    pub(super) fn freed(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        on: Who,
        facts: &[String],
    ) -> Exact<Option<(BTreeSet<Subject>, Diagram)>> {
        let freed: BTreeSet<Subject> = facts.iter().filter_map(|f| self.subject_named(f)).collect();
        // What somebody unnamed is may be anything already.
        let Some(account) = on else { return Ok(None) };
        if !self.may_on(search, who, action, account)? {
            return Ok(None);
        }
        let giver = search.now(who).0.clone();
        let depends = match giver.account {
            Some(account) => self.widens(account, action, &giver.freed),
            None => false,
        };
        // Where its reach does not grow with what was changed of the giver, the giver counts as it is written.
        let mut lens = Lens::new(Actor::Anybody, Target::Stranger, search.day);
        if !giver.freed.is_empty() && !depends {
            lens.actor = self.guised(&Guise { freed: BTreeSet::new(), within: Diagram::TRUE, ..giver });
        } else if giver.freed.is_empty() {
            lens = self.lens(search, who, Target::Stranger);
        } else {
            search.unfollowed = true;
            return Ok(None);
        }
        let held = search.held[&on].0.clone();
        let now = self.guise_id(&Guise { freed: held.freed.clone(), ..Guise::of(Some(account)) });
        let all: BTreeSet<Subject> = held.freed.union(&freed).copied().collect();
        let then = self.guise_id(&Guise { freed: all.clone(), ..Guise::of(Some(account)) });
        let only = if who.is_none() { search.strangers } else { Diagram::TRUE };
        let before = self.change_to(action, Lens { target: Target::Changed(now), ..lens }, only)?;
        let left = self.minus(held.within, before)?;
        if !self.is_empty(left, Lens { target: Target::Changed(now), ..lens })? {
            // From some of the states that it was changed to it could not be changed again.
            search.unfollowed = true;
            return Ok(None);
        }
        let facts = &self.facts;
        let kept = self.diagrams.exists(held.within, &|v| freed.contains(&facts.get(v).subject))?;
        let after = self.change_to(action, Lens { target: Target::Changed(then), ..lens }, only)?;
        let after = self.and(kept, after)?;
        let after = self.possible(after, Lens { target: Target::Changed(then), ..lens })?;
        let new = after != Diagram::FALSE && (all != held.freed || after != held.within);
        Ok(new.then_some((all, after)))
    }

    /// The states of an account in which an action may be used on it, whatever the relations.
    fn change_to(&mut self, action: ActionId, lens: Lens, only: Diagram) -> Exact<Diagram> {
        let region = self.allowed(action, lens)?;
        let region = self.and(region, only)?;
        let facts = &self.facts;
        self.diagrams.exists(region, &|v| facts.get(v).party != Party::Freed)
    }

    /// Whether an account that has changed these facts of itself by an action might change them further by it: the action's reach may
    /// depend on them. Ways that all stay within the account's own unit do not reach further when it moves down in it.
    fn widens(&self, account: AccountId, action: ActionId, freed: &BTreeSet<Subject>) -> bool {
        let rights = self.rights;
        let asks = |node| self.subjects(node).iter().any(|s| freed.contains(s));
        let forbids = self.forbids_of(action).into_iter().map(|row| &rights.forbids[row]);
        if forbids.into_iter().any(|f| asks(f.actors) || asks(f.unless)) {
            return true;
        }
        let own = |rect: Rect| [rect.entities, rect.users].iter().any(|n| self.traits[n.0 as usize].own_unit());
        let mut ways = rights.accounts[account.index()].assignments.iter().flat_map(|way| {
            let fence = rights.fences[way.fence.0 as usize].rect;
            let of_row = grants(&rights.rows[way.row.0 as usize].grants, action);
            of_row.iter().map(move |g| (g, fence))
        });
        let gated = |g: &Grant| asks(g.gate);
        let moves = freed.contains(&Subject::Unit);
        let (mut any_own, mut any_other) = (false, false);
        let by_gate = ways.any(|(grant, fence)| {
            let is_own = own(grant.rect) || own(fence);
            any_own |= is_own;
            any_other |= !is_own;
            gated(grant)
        });
        by_gate || (moves && any_own && any_other)
    }

    /// What a predicate asks for.
    fn subjects(&self, node: NodeId) -> BTreeSet<Subject> {
        let mut subjects = BTreeSet::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.rights.nodes.get(at) {
                Node::Test(Test::OwnUnit) => drop(subjects.insert(Subject::Unit)),
                Node::Test(test) => drop(subjects.insert(subject(test))),
                Node::Not(inner) => open.push(*inner),
                Node::And(list) | Node::Or(list) => open.extend(list.iter()),
                Node::True | Node::False => {}
            }
        }
        subjects
    }

    /// What a word after `changes` is about.
    #[must_use]
    pub fn subject_named(&self, fact: &str) -> Option<Subject> {
        match fact {
            "unit" => Some(Subject::Unit),
            "labels" => Some(Subject::Labels),
            name => self.model.attribute(name).map(Subject::Attribute),
        }
    }
}
