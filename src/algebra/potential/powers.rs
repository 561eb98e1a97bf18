//! The actions that reach others, who has any way to them, and what comes of using one.

use fixedbitset::FixedBitSet;

use super::{How, Search, Who};
use crate::algebra::Algebra;
use crate::lower::rights::RowId;
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::syntax::ast::Kind;

impl Algebra<'_> {
    /// The actions that reach others: they act as somebody, give a role, or change something of an account.
    #[must_use]
    pub fn powers(&self) -> FixedBitSet {
        let actions = self.model.actions.iter().enumerate();
        let powers = actions.filter(|(_, a)| {
            a.signature.uses_users() && (a.kind == Kind::Become || a.assigns.is_some() || !a.changes.is_empty())
        });
        let mut all = FixedBitSet::with_capacity(self.model.actions.len());
        all.extend(powers.map(|(i, _)| i));
        all
    }

    /// Those of these actions to which an account has any way on a day, whatever the fences, in order. It looks through what the account
    /// has and not through the actions, of which there may be one for each role.
    #[must_use]
    pub fn ways_to(&self, actions: &FixedBitSet, account: AccountId, day: i32) -> Vec<ActionId> {
        let ways = self.rights.accounts[account.index()].assignments.iter().filter(|w| w.days.contains(day));
        let grants = ways.flat_map(|w| &self.rights.rows[w.row.0 as usize].grants);
        let these = grants.filter(|g| actions.contains(g.action.index()) && g.days.contains(day));
        let mut all: Vec<ActionId> = these.map(|g| g.action).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The powers to which somebody has any way, whatever the fences.
    pub(super) fn powers_of(&self, search: &Search, who: Who) -> FixedBitSet {
        let guise = &search.now(who).0;
        let rights = self.rights;
        let mut powers = self.powers();
        let Some(account) = guise.account else { return powers };
        let own = rights.accounts[account.index()].assignments.iter().map(|w| w.row);
        let extra = guise.extra.iter().map(|e| RowId(e.role.0));
        let by_rule = rights.automatic.iter().filter(|_| !guise.freed.is_empty()).map(|r| r.row);
        let mut has = FixedBitSet::with_capacity(powers.len());
        for row in own.chain(extra).chain(by_rule) {
            has.extend(rights.rows[row.0 as usize].grants.iter().map(|g| g.action.index()));
        }
        powers.intersect_with(&has);
        powers
    }

    /// What using an action on an account that is controlled comes to, beside acting as it.
    pub(crate) fn outcomes(&self, action: ActionId) -> Vec<How> {
        let declared = &self.model.actions[action.index()];
        if let Some(role) = declared.assigns {
            return vec![How::Give(role)];
        }
        let mut all = vec![];
        for change in &declared.changes {
            match change.as_str() {
                "recovery" => {}
                "scope" => all.push(How::Unscope),
                "roles" => {
                    let roles = self.model.roles.iter().enumerate().filter(|(_, r)| !r.ungrantable);
                    all.extend(roles.map(|(i, _)| How::Give(RoleId::new(i))));
                }
                _ => {}
            }
        }
        let fact = |c: &&String| self.subject_named(c).is_some();
        let facts: Vec<String> = declared.changes.iter().filter(fact).cloned().collect();
        all.extend((!facts.is_empty()).then_some(How::Free(facts)));
        all
    }

    /// Whether an account is an active holder of the super role on a day: the root of the analysis.
    #[must_use]
    pub fn is_root(&self, account: AccountId, day: i32) -> bool {
        let superuser = |row: RowId| self.model.roles.get(row.0 as usize).is_some_and(|r| r.superuser);
        let ways = &self.rights.accounts[account.index()].assignments;
        ways.iter().any(|w| w.days.contains(day) && superuser(w.row))
    }
}
