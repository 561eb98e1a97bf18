//! Steps that change facts: to what an account's attributes, unit and labels can come.

use std::collections::BTreeSet;

use super::{Search, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::{Lane, Party, Subject};
use crate::algebra::guise::{Extra, Guise};
use crate::algebra::lens::{Lens, Target};
use crate::lower::facts::Mode;
use crate::model::id::{AccountId, ActionId};
use crate::region::Test;

impl Algebra<'_> {
    /// Somebody after a change of facts: a change needs the right on the state before and on the state after, from one who acts.
    pub(super) fn freed(
        &mut self,
        search: &Search,
        who: Who,
        action: ActionId,
        on: Who,
        facts: &[String],
    ) -> Exact<Option<Guise>> {
        let changed: BTreeSet<Subject> = facts.iter().filter_map(|f| self.subject_named(f)).collect();
        let Some(account) = on else { return self.strangers_freed(search, who, action, &changed).map(Some) };
        let before = search.held[&on].0.clone();
        let all: BTreeSet<Subject> = before.freed.union(&changed).copied().collect();
        let moved = if who == on {
            self.moved_by_itself(search, account, action, &changed)?
        } else {
            self.moved(search, who, action, account, &changed)?
        };
        if moved == Diagram::FALSE {
            return Ok(None);
        }
        // Nobody must change anything.
        let new: BTreeSet<Subject> = changed.difference(&before.freed).copied().collect();
        let unchanged = self.as_written(account, &new, search.day)?;
        let kept = self.and(before.within, unchanged)?;
        let within = self.or(kept, moved)?;
        Ok(Some(Guise { freed: all, within, ..before }))
    }

    /// The states, as facts of one that acts, to which somebody else can bring an account.
    fn moved(
        &mut self,
        search: &Search,
        who: Who,
        action: ActionId,
        account: AccountId,
        changed: &BTreeSet<Subject>,
    ) -> Exact<Diagram> {
        let (both, _) = self.moves(search, who, action, account, changed)?;
        let moved = self.of_party(both, Party::Aim)?;
        self.renamed(moved, Party::Aim, Party::Freed)
    }

    /// Who can bring an account to which state: whoever changes it is the same one before and after.
    pub(super) fn moves(
        &mut self,
        search: &Search,
        who: Who,
        action: ActionId,
        account: AccountId,
        changed: &BTreeSet<Subject>,
    ) -> Exact<(Diagram, Lens)> {
        let on = Some(account);
        let held = search.held[&on].0.clone();
        let freed: BTreeSet<Subject> = held.freed.union(changed).copied().collect();
        let then = Target::Changed(self.guise_id(&Guise { freed, ..held }));
        let lens = self.lens(search, who, then);
        let (from, _) = self.meets(search, who, action, on)?;
        if from == Diagram::FALSE {
            return Ok((from, lens));
        }
        let by = if who.is_some() { Party::Freed } else { Party::Actor };
        let from = self.of_both(from, [by, Party::Aim])?;
        let facts = &self.facts;
        let gone = |v| facts.get(v).party == Party::Aim && changed.contains(&facts.get(v).subject);
        let from = self.diagrams.exists(from, &gone)?;
        let to = self.may(search, who, action, then)?;
        let to = self.possible(to, lens)?;
        let to = self.of_both(to, [by, Party::Aim])?;
        let both = self.and(from, to)?;
        Ok((self.possible(both, lens)?, lens))
    }

    /// The states to which an account can bring itself.
    pub(super) fn moved_by_itself(
        &mut self,
        search: &Search,
        account: AccountId,
        action: ActionId,
        changed: &BTreeSet<Subject>,
    ) -> Exact<Diagram> {
        let on = Some(account);
        let (from, _) = self.meets(search, on, action, on)?;
        if from == Diagram::FALSE {
            return Ok(from);
        }
        let from = self.whatever_leads(from)?;
        let now = search.now(on).0.clone();
        let seen = Guise { acting: Some(now.freed.clone()), freed: changed.clone(), ..now };
        let then = Target::Changed(self.guise_id(&seen));
        let to = self.may(search, on, action, then)?;
        let both = self.and(from, to)?;
        let lens = self.lens(search, on, then);
        let both = self.possible(both, lens)?;
        // What is changed is told of the state after, everything else of both.
        let facts = &self.facts;
        let gone = |v| {
            let fact = facts.get(v);
            let is_given = matches!(fact.subject, Subject::Role(_) | Subject::Tier(_));
            match fact.party {
                Party::Freed => is_given || changed.contains(&fact.subject),
                Party::Aim => false,
                _ => true,
            }
        };
        let moved = self.diagrams.exists(both, &gone)?;
        let moved = self.renamed(moved, Party::Aim, Party::Freed)?;
        // It acted as it was when the round began; what was changed of it since stood as written.
        let before = search.now(on).0.freed.clone();
        let since: BTreeSet<Subject> = search.held[&on].0.freed.difference(&before).copied().collect();
        let since: BTreeSet<Subject> = since.difference(changed).copied().collect();
        let written = self.as_written(account, &since, search.day)?;
        self.and(moved, written)
    }

    /// That these facts of an account are as the policy says.
    fn as_written(&mut self, account: AccountId, subjects: &BTreeSet<Subject>, day: i32) -> Exact<Diagram> {
        let mut all = Diagram::TRUE;
        for var in self.facts.of(|f| f.party == Party::Freed && subjects.contains(&f.subject)) {
            let truth = self.known(account, Mode::Actor, day).test(&self.facts.get(var).test);
            let fact = self.diagrams.var(var)?;
            all = if truth { self.and(all, fact)? } else { self.minus(all, fact)? };
        }
        Ok(all)
    }

    /// Who the strangers can be that are controlled, after a change; what each was given it keeps.
    fn strangers_freed(
        &mut self,
        search: &Search,
        who: Who,
        action: ActionId,
        changed: &BTreeSet<Subject>,
    ) -> Exact<Guise> {
        let mut guise = search.held[&None].0.clone();
        let (within, may, lens) = self.strangers_met(search, who, action)?;
        let moved = self.strangers_moves(within, (may, lens), changed)?;
        let moved = self.of_party(moved, Party::Actor)?;
        guise.within = self.or(guise.within, moved)?;
        let mut extra = BTreeSet::new();
        for one in std::mem::take(&mut guise.extra) {
            let gift = self.facts.var(Party::Aim, Lane::First, &Test::Given(one.role));
            let gift = gift.map_or(Ok(Diagram::TRUE), |var| self.diagrams.var(var))?;
            let from = self.and(within, one.whom)?;
            let from = self.and(from, gift)?;
            let moved = self.strangers_moves(from, (may, lens), changed)?;
            let moved = self.of_party(moved, Party::Actor)?;
            let whom = self.or(one.whom, moved)?;
            extra.insert(Extra { whom, ..one });
        }
        guise.extra = extra;
        Ok(guise)
    }

    /// The strangers that are controlled, told as those to whom something is done; and where somebody may use an action on them.
    pub(super) fn strangers_met(
        &mut self,
        search: &Search,
        who: Who,
        action: ActionId,
    ) -> Exact<(Diagram, Diagram, Lens)> {
        let (target, within) = self.target(search, who, None)?;
        let may = self.may(search, who, action, target)?;
        let lens = self.lens(search, who, target);
        let may = self.possible(may, lens)?;
        // What was given to a stranger on top is told as of one to whom something is done.
        let facts = &self.facts;
        let may = self.diagrams.exists(may, &|v| match facts.get(v).party {
            Party::Actor | Party::Freed => false,
            Party::Aim => !matches!(facts.get(v).subject, Subject::Role(_)),
            _ => true,
        })?;
        Ok((within, self.whatever_leads(may)?, lens))
    }

    /// Who can bring some of the strangers to what, by a change that may be made here.
    pub(super) fn strangers_moves(
        &mut self,
        some: Diagram,
        (may, lens): (Diagram, Lens),
        changed: &BTreeSet<Subject>,
    ) -> Exact<Diagram> {
        let from = self.and(some, may)?;
        let from = self.possible(from, lens)?;
        let facts = &self.facts;
        let gone = |v| facts.get(v).party == Party::Actor && changed.contains(&facts.get(v).subject);
        let from = self.diagrams.exists(from, &gone)?;
        let to = self.and(from, may)?;
        self.possible(to, lens)
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
