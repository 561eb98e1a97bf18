//! What somebody may do, as regions.

use super::Algebra;
use super::diagram::{Diagram, Exact, Var};
use super::facts::{Fact, Party, Subject};
use super::lens::{Actor, EntityPart, Lens, Target};
use crate::lower::rights::{Assignment, Days, Fence, Grant, OriginId, Rect, RowId};
use crate::model::Signature;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::region::Nodes;

impl Algebra<'_> {
    /// The kinds of targets that an actor's question about an action of this signature has to look at, each by itself.
    #[must_use]
    pub fn targets(&self, signature: Signature, actor: Actor) -> Vec<Target> {
        if !signature.uses_users() {
            return vec![Target::Stranger];
        }
        let own = actor.account().map_or(Target::Myself, Target::Exactly);
        vec![Target::Stranger, Target::Named, own]
    }

    /// A rectangle, for an action of this signature.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn rect(&mut self, rect: Rect, signature: Signature, lens: Lens) -> Exact<Diagram> {
        let of_account = signature == Signature::Account || lens.entity_part == EntityPart::OfAccount;
        let entity = if of_account { Party::User } else { Party::Entity };
        let entities = if signature.uses_entities() { self.node(rect.entities, entity, lens)? } else { Diagram::TRUE };
        let users = if signature.uses_users() { self.node(rect.users, Party::User, lens)? } else { Diagram::TRUE };
        self.and(entities, users)
    }

    /// A grant: its rectangle without its holes, where its gate is open. Its days are not looked at.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn grant(&mut self, grant: &Grant, lens: Lens) -> Exact<Diagram> {
        let region = self.ungated(grant, lens)?;
        if grant.gate == Nodes::TRUE || lens.actor == Actor::Holder {
            return Ok(region);
        }
        let gate = self.node(grant.gate, Party::Actor, lens)?;
        self.and(region, gate)
    }

    /// A grant's rectangle without its holes, whatever its gate.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn ungated(&mut self, grant: &Grant, lens: Lens) -> Exact<Diagram> {
        let signature = self.signature(grant.action);
        let mut region = self.rect(grant.rect, signature, lens)?;
        for hole in &grant.holes {
            let hole = self.rect(*hole, signature, lens)?;
            region = self.minus(region, hole)?;
        }
        Ok(region)
    }

    /// A fence, for an action of this signature.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn fence(&mut self, fence: Fence, signature: Signature, lens: Lens) -> Exact<Diagram> {
        if signature == Signature::Site {
            return Ok(Diagram::of(!fence.restricted));
        }
        self.rect(fence.rect, signature, lens)
    }

    /// What a row gives of an action on the lens's day.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn row(&mut self, row: RowId, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let rights = self.rights;
        let mut region = Diagram::FALSE;
        for grant in grants(&rights.rows[row.0 as usize].grants, action) {
            if self.is_on(grant.days, lens.day) {
                let more = self.grant(grant, lens)?;
                region = self.or(region, more)?;
            }
        }
        Ok(region)
    }

    /// What one way to rights gives of an action on the lens's day.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn way(&mut self, way: &Assignment, action: ActionId, lens: Lens) -> Exact<Diagram> {
        if !self.is_on(way.days, lens.day) {
            return Ok(Diagram::FALSE);
        }
        let row = self.row(way.row, action, lens)?;
        if row == Diagram::FALSE {
            return Ok(row);
        }
        let fence = self.rights.fences[way.fence.0 as usize];
        let fence = self.fence(fence, self.signature(action), lens)?;
        self.and(row, fence)
    }

    /// What the actor is given of an action, whatever is forbidden. Of [`Actor::Holder`] nothing is known: use [`Algebra::row`].
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn granted(&mut self, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let rights = self.rights;
        let mut region = Diagram::FALSE;
        match lens.actor {
            Actor::Account(account) => {
                for way in &rights.accounts[account.index()].assignments {
                    let more = self.way(way, action, lens)?;
                    region = self.or(region, more)?;
                }
            }
            Actor::Anybody => region = self.granted_to_anybody(action, lens)?,
            Actor::Guise(guise) => region = self.granted_to_guise(guise, action, lens)?,
            Actor::Holder => {}
        }
        Ok(region)
    }

    /// Where an account's right in a region comes from: the way (an assignment, a rule, the account itself) and the `allow`. The first of them
    /// that reaches into the region.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn source(
        &mut self,
        account: AccountId,
        action: ActionId,
        region: Diagram,
        lens: Lens,
    ) -> Exact<Option<(OriginId, OriginId)>> {
        let rights = self.rights;
        for way in &rights.accounts[account.index()].assignments {
            let reached = self.way(way, action, lens)?;
            let reached = self.and(reached, region)?;
            if self.is_empty(reached, lens)? {
                continue;
            }
            for grant in grants(&rights.rows[way.row.0 as usize].grants, action) {
                let given = self.grant(grant, lens)?;
                let given = self.and(given, reached)?;
                if self.is_on(grant.days, lens.day) && !self.is_empty(given, lens)? {
                    return Ok(Some((way.origin, grant.origin)));
                }
            }
        }
        Ok(None)
    }

    /// By the roles that are presented, and by rule.
    pub(super) fn granted_to_anybody(&mut self, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let model = self.model;
        let mut region = Diagram::FALSE;
        for (index, role) in model.roles.iter().enumerate() {
            if role.by_claim.is_some() {
                let role = RoleId::new(index);
                let row = self.row(RowId(role.0), action, lens)?;
                if row != Diagram::FALSE {
                    let presented = self.presented(role, Party::Actor, lens)?;
                    let more = self.and(presented, row)?;
                    region = self.or(region, more)?;
                }
            }
        }
        let by_rule = self.by_rule(action, lens)?;
        self.or(region, by_rule)
    }

    /// Where an action is forbidden to the actor.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn forbidden(&mut self, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let mut region = Diagram::FALSE;
        for row in self.forbids_of(action) {
            let more = self.forbidden_by(row, action, lens)?;
            region = self.or(region, more)?;
        }
        Ok(region)
    }

    /// The prohibitions that list an action, by their index.
    #[must_use]
    pub fn forbids_of(&self, action: ActionId) -> Vec<usize> {
        self.forbids[action.index()].iter().map(|row| *row as usize).collect()
    }

    /// Where one prohibition takes an action from the actor.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn forbidden_by(&mut self, row: usize, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let rights = self.rights;
        let forbid = &rights.forbids[row];
        let actors = self.node(forbid.actors, Party::Actor, lens)?;
        let unless = self.node(forbid.unless, Party::Actor, lens)?;
        let whom = self.minus(actors, unless)?;
        if whom == Diagram::FALSE {
            return Ok(whom);
        }
        let region = self.rect(forbid.rect, self.signature(action), lens)?;
        self.and(whom, region)
    }

    /// What the actor may do: what is given and not forbidden.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn allowed(&mut self, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let granted = self.granted(action, lens)?;
        if granted == Diagram::FALSE {
            return Ok(granted);
        }
        let forbidden = self.forbidden(action, lens)?;
        self.minus(granted, forbidden)
    }

    /// The accounts of the policy that are in a region of an account's rights over others, with relations and entities as they may be.
    /// The lens looks at [`Target::Named`].
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn accounts_in(&mut self, region: Diagram, lens: Lens) -> Exact<Vec<AccountId>> {
        let mut found = vec![];
        if region == Diagram::FALSE {
            return Ok(found);
        }
        let support = self.diagrams.support_of(region)?;
        let known = |f: &Fact| f.party == Party::User && !matches!(f.subject, Subject::Relation(_));
        let support = self.diagrams.vars(support).iter().copied();
        let vars: Vec<Var> = support.filter(|v| known(self.facts.get(*v))).collect();
        let own = lens.actor.account();
        let classes = self.classes(lens.day);
        // Many accounts are alike in what the region asks for.
        for (truths, alike) in self.people(&vars, lens.day).iter() {
            let all = || alike.classes.iter().flat_map(|c| &classes[*c]).copied().filter(|a| Some(*a) != own);
            let Some(one) = all().next() else { continue };
            let these = super::cells::one_of(&mut self.diagrams, &vars, vec![truths.clone()])?;
            let here = self.and(region, these)?;
            if !self.is_empty(here, Lens { target: Target::Exactly(one), ..lens })? {
                found.extend(all());
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Whether an account acts at all on a day: it is active, and the day is within its dates.
    #[must_use]
    pub fn is_acting(&self, account: AccountId, day: i32) -> bool {
        let account = &self.model.accounts[account.index()];
        account.active && self.is_on(account.valid, day)
    }

    /// What an action is done to.
    #[must_use]
    pub fn signature(&self, action: ActionId) -> Signature {
        self.model.actions[action.index()].signature
    }

    /// The days from `at` on at which what an account may do can change: `at` itself and the first days of all that follows. What
    /// holds on them holds on every day.
    #[must_use]
    pub fn moments(&self, account: AccountId, at: i32) -> Vec<i32> {
        let own = &self.rights.accounts[account.index()];
        let mut days: Vec<Days> = own.given().iter().map(|g| g.days).collect();
        days.push(self.model.accounts[account.index()].valid);
        for way in &own.assignments {
            days.push(way.days);
            days.extend(self.lasting.of_row(way.row));
        }
        self.moments_of(days, at)
    }

    /// The same for somebody whom the policy does not name, and for the own grants of roles.
    #[must_use]
    pub fn moments_of_rows(&self, at: i32) -> Vec<i32> {
        let rows = self.rights.rows.iter().filter(|r| r.role.is_some());
        let days = rows.flat_map(|r| &r.grants).map(|g| g.days).filter(|d| *d != Days::ALWAYS);
        self.moments_of(days, at)
    }

    /// The days from `at` on at which what anybody may do can change.
    #[must_use]
    pub fn moments_of_all(&self, at: i32) -> Vec<i32> {
        let accounts = &self.rights.accounts;
        let given = accounts.iter().flat_map(|a| a.given().iter()).map(|g| g.days);
        let ways = accounts.iter().flat_map(|a| &a.assignments).map(|w| w.days);
        let grants = self.rights.rows.iter().flat_map(|r| &r.grants).map(|g| g.days);
        let days = given.chain(ways).chain(grants).filter(|d| *d != Days::ALWAYS);
        self.moments_of(days, at)
    }

    /// The same for what has these days.
    #[must_use]
    pub fn moments_of(&self, days: impl IntoIterator<Item = Days>, at: i32) -> Vec<i32> {
        let mut starts = vec![at];
        for days in days {
            starts.push(days.from);
            starts.extend(days.until.checked_add(1));
        }
        starts.extend(&self.endings);
        starts.retain(|day| *day >= at);
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// The grants of an action in a row, whose grants stand in the order of their actions.
#[must_use]
pub fn grants(row: &[Grant], action: ActionId) -> &[Grant] {
    let from = row.partition_point(|g| g.action < action);
    let until = row.partition_point(|g| g.action <= action);
    &row[from..until]
}
