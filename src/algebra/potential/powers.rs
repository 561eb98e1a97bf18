//! The actions that reach others, who has any way to them, and what comes of using one.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashSet;

use super::{How, Search, Who};
use crate::algebra::Algebra;
use crate::algebra::guise::Guise;
use crate::algebra::reach::grants;
use crate::lower::rights::{AccountRights, Grant, OriginId, Rights, Row, RowId};
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::model::{Action, Model};
use crate::syntax::ast::Kind;

/// What reaches others, by where it comes from.
#[derive(Debug)]
pub(in crate::algebra) struct Powers {
    all: FixedBitSet,
    /// Of each row these, those that destroy accounts and those that change anything, in order.
    by_row: Vec<Vec<ActionId>>,
    /// The rows that somebody unnamed can have: of roles that are presented, and by rule.
    of_anybody: Vec<RowId>,
    /// The lines of the automatic rules.
    rules: FxHashSet<OriginId>,
    /// All actions, those that matter most first.
    gravest: Vec<ActionId>,
    /// The place of each action there.
    ranks: Vec<usize>,
}

impl Powers {
    /// The actions that act as somebody, give a role, or change something of an account.
    pub(in crate::algebra) fn of(model: &Model, rights: &Rights) -> Self {
        let actions = || model.actions.iter().enumerate().filter(|(_, a)| a.signature.uses_users());
        let power = |a: &Action| a.kind == Kind::Become || a.assigns.is_some() || !a.changes.is_empty();
        let mut all = FixedBitSet::with_capacity(model.actions.len());
        all.extend(actions().filter(|(_, a)| power(a)).map(|(i, _)| i));
        let mut any = all.clone();
        any.extend(actions().filter(|(_, a)| a.kind == Kind::Destroy).map(|(i, _)| i));
        any.extend(model.actions.iter().enumerate().filter(|(_, a)| !a.changes.is_empty()).map(|(i, _)| i));
        let of_row = |grants: &[Grant]| {
            let mut own: Vec<ActionId> = grants.iter().map(|g| g.action).filter(|a| any.contains(a.index())).collect();
            own.dedup();
            own
        };
        let by_row = rights.rows.iter().map(|row| of_row(&row.grants)).collect();
        let claims = model.roles.iter().enumerate().filter(|(_, role)| role.by_claim.is_some());
        let claims = claims.map(|(index, _)| RowId(RoleId::new(index).0));
        let of_anybody = claims.chain(rights.automatic.iter().map(|rule| rule.row)).collect();
        let rules = rights.automatic.iter().map(|rule| rule.origin).collect();
        let gravest = gravest_first(model);
        let mut ranks = vec![0; gravest.len()];
        for (rank, action) in gravest.iter().enumerate() {
            ranks[action.index()] = rank;
        }
        Self { all, by_row, of_anybody, rules, gravest, ranks }
    }

    /// Whether a way comes by an automatic rule.
    pub(in crate::algebra) fn is_by_rule(&self, origin: OriginId) -> bool {
        self.rules.contains(&origin)
    }
}

/// The actions of a policy, those that matter most first.
fn gravest_first(model: &Model) -> Vec<ActionId> {
    let rank = |kind: Kind| match kind {
        Kind::Become => 0,
        Kind::Destroy => 1,
        Kind::Assign => 2,
        Kind::Write => 3,
        Kind::View => 4,
    };
    let mut all: Vec<ActionId> = (0..model.actions.len()).map(ActionId::new).collect();
    all.sort_by_key(|a| (rank(model.actions[a.index()].kind), *a));
    all
}

impl Algebra<'_> {
    /// The actions, those that matter most first.
    pub(in crate::algebra) fn all_actions(&self) -> Vec<ActionId> {
        self.powers.gravest.clone()
    }

    /// The actions to which these rows are a way, those that matter most first.
    pub(in crate::algebra) fn actions_in(&self, rows: impl IntoIterator<Item = RowId>) -> Vec<ActionId> {
        let mut ranks = FixedBitSet::with_capacity(self.powers.ranks.len());
        for row in rows {
            ranks.extend(self.rights.rows[row.0 as usize].grants.iter().map(|g| self.powers.ranks[g.action.index()]));
        }
        ranks.ones().map(|rank| self.powers.gravest[rank]).collect()
    }

    /// The rows that somebody has in any case, whatever the day and the fences.
    pub(in crate::algebra) fn rows_of(&self, guise: &Guise) -> Vec<RowId> {
        let own = guise.account.map_or(&[][..], |account| &self.rights.accounts[account.index()].assignments);
        let own = own.iter().map(|w| w.row);
        let extra = guise.extra.iter().map(|e| RowId(e.role.0));
        // By other facts or roles it may have what others have by rule.
        let more = if guise.account.is_some() && guise.is_plain() { &[][..] } else { &self.powers.of_anybody };
        own.chain(extra).chain(more.iter().copied()).collect()
    }

    /// The actions that reach others: they act as somebody, give a role, or change something of an account.
    #[must_use]
    pub const fn powers(&self) -> &FixedBitSet {
        &self.powers.all
    }

    /// Those of these actions, powers or such as destroy or change, to which an account has any way on a day, whatever the fences, in order.
    #[must_use]
    pub fn ways_to(&self, actions: &FixedBitSet, account: AccountId, day: i32) -> Vec<ActionId> {
        let ways = self.rights.accounts[account.index()].assignments.iter().filter(|w| self.is_on(w.days, day));
        let mut all = vec![];
        for row in ways.map(|w| w.row.0 as usize) {
            let given =
                |a: &ActionId| grants(&self.rights.rows[row].grants, *a).iter().any(|g| self.is_on(g.days, day));
            let these = self.powers.by_row[row].iter().filter(|a| actions.contains(a.index()));
            all.extend(these.copied().filter(given));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The accounts that have any way to one of these actions, on whatever day.
    #[must_use]
    pub fn holders_of(&self, actions: &FixedBitSet) -> Vec<AccountId> {
        let rights = self.rights;
        let gives = |row: &Row| row.grants.iter().any(|g| actions.contains(g.action.index()));
        let gives: Vec<bool> = rights.rows.iter().map(gives).collect();
        if !gives.contains(&true) {
            return vec![];
        }
        let has = |account: &&AccountRights| account.assignments.iter().any(|w| gives[w.row.0 as usize]);
        rights.accounts.iter().filter(has).map(|account| account.account).collect()
    }

    /// The powers to which an account has any way on a day, whatever the fences, in order.
    #[must_use]
    pub fn ways_to_others(&self, account: AccountId, day: i32) -> Vec<ActionId> {
        self.ways_to(&self.powers.all, account, day)
    }

    /// The powers to which somebody has any way, whatever the fences, in order.
    pub(super) fn powers_of(&self, search: &Search, who: Who) -> Vec<ActionId> {
        let rows = self.rows_of(&search.now(who).0);
        let all = rows.into_iter().flat_map(|row| &self.powers.by_row[row.0 as usize]).copied();
        let mut all: Vec<ActionId> = all.filter(|a| self.powers.all.contains(a.index())).collect();
        all.sort_unstable();
        all.dedup();
        all
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
        ways.iter().any(|w| superuser(w.row) && self.is_on(w.days, day))
    }
}
