//! Somebody who is controlled, as another one who is controlled finds it: with whatever was changed of it and given to it.

use std::collections::BTreeSet;

use super::{Search, Who};
use crate::algebra::Algebra;
use crate::algebra::diagram::{Diagram, Exact};
use crate::algebra::facts::{Lane, Party, Subject};
use crate::algebra::guise::Guise;
use crate::algebra::lens::{Lens, Target};
use crate::model::id::{ActionId, RoleId};
use crate::region::Test;

impl Algebra<'_> {
    /// How somebody who is controlled is looked at as a target, and in which cases it is so.
    pub(super) fn target(&mut self, search: &Search, who: Who, on: Who) -> Exact<(Target, Diagram)> {
        let Some(account) = on else {
            let guise = search.held[&None].0.clone();
            let within = self.with_gifts(&guise, Party::Aim)?;
            return Ok((Target::Met(self.guise_id(&guise)), within));
        };
        // To itself it is as it acts.
        let guise = if who == on { search.now(on).0.clone() } else { search.held[&on].0.clone() };
        if guise.is_plain() {
            return Ok((Target::Exactly(account), Diagram::TRUE));
        }
        if who == on {
            let seen = Guise { acting: Some(guise.freed.clone()), freed: BTreeSet::new(), ..guise.clone() };
            return Ok((Target::Changed(self.guise_id(&seen)), guise.within));
        }
        let within = self.renamed(guise.within, Party::Freed, Party::Aim)?;
        Ok((Target::Changed(self.guise_id(&guise)), within))
    }

    /// In which cases somebody who acts is controlled.
    pub(super) fn only(&mut self, guise: &Guise) -> Exact<Diagram> {
        if guise.account.is_some() { Ok(guise.within) } else { self.with_gifts(guise, Party::Freed) }
    }

    /// Who the strangers can be that are controlled, with what they were given on top, told as of this party.
    pub(super) fn with_gifts(&mut self, guise: &Guise, party: Party) -> Exact<Diagram> {
        let mut within = guise.within;
        let roles: BTreeSet<RoleId> = guise.extra.iter().map(|e| e.role).collect();
        for role in roles {
            let mut whom = Diagram::FALSE;
            for extra in guise.extra.iter().filter(|e| e.role == role) {
                whom = self.or(whom, extra.whom)?;
            }
            if let Some(var) = self.facts.var(party, Lane::First, &Test::Given(role)) {
                let gift = self.diagrams.var(var)?;
                let wrong = self.minus(gift, whom)?;
                within = self.minus(within, wrong)?;
            }
        }
        Ok(within)
    }

    /// A function of the facts of one party, of those of another.
    pub(super) fn renamed(&mut self, f: Diagram, from: Party, to: Party) -> Exact<Diagram> {
        let facts = &self.facts;
        let same = |v| if facts.get(v).party == from { facts.same(v, to) } else { v };
        self.diagrams.rename(f, &same)
    }

    /// What is left of a function when all facts but those of one party are forgotten; and its roles too.
    pub(super) fn of_party(&mut self, f: Diagram, party: Party) -> Exact<Diagram> {
        let facts = &self.facts;
        let roles = party != Party::Actor;
        let other = |v| {
            let fact = facts.get(v);
            fact.party != party || (roles && matches!(fact.subject, Subject::Role(_) | Subject::Tier(_)))
        };
        self.diagrams.exists(f, &other)
    }

    /// What is left of a function when all facts but those of these parties are forgotten; and the relations.
    pub(super) fn of_both(&mut self, f: Diagram, parties: [Party; 2]) -> Exact<Diagram> {
        let facts = &self.facts;
        let other = |v| {
            let fact = facts.get(v);
            !parties.contains(&fact.party) || matches!(fact.subject, Subject::Relation(_))
        };
        self.diagrams.exists(f, &other)
    }

    /// Where somebody who is controlled may use an action on somebody else who is, as both may be.
    pub(super) fn meets(&mut self, search: &Search, who: Who, action: ActionId, on: Who) -> Exact<(Diagram, Lens)> {
        let (target, within) = self.target(search, who, on)?;
        let region = self.may(search, who, action, target)?;
        let region = self.and(region, within)?;
        let lens = self.lens(search, who, target);
        Ok((self.possible(region, lens)?, lens))
    }
}
