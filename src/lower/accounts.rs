//! Named accounts: their ways to rights, and what they were given.

use super::Lowering;
use super::facts::{Known, Mode};
use super::rights::{
    AccountRights, Assignment, AutomaticRow, Days, FenceId, Gifts, Given, GivenWhat, Grant, OriginId, Row, RowId,
};
use super::roles::{implied, lowest_tier};
use crate::model::id::{AccountId, ActionId, TierId};
use crate::model::{Account, Allow, Model, On, Signature};
use crate::region::{NodeId, Nodes, Scope, Test};

impl Lowering<'_> {
    /// Every account's rights.
    pub(super) fn account_rights(&mut self, automatic: &[AutomaticRow]) -> Vec<AccountRights> {
        let dated: Vec<bool> = automatic.iter().map(|rule| depends_on_roles(&self.nodes, rule.users)).collect();
        let model = self.model;
        self.expect_fences();
        let accounts = model.accounts.iter().enumerate();
        let mut given = vec![];
        accounts
            .map(|(index, account)| {
                self.given(account, &mut given);
                // There may be millions of accounts, mostly with one assignment each.
                let mut assignments = Vec::with_capacity(account.assignments.len());
                if account.active && !account.valid.is_empty() {
                    self.direct(account, &mut assignments);
                    self.assigned(AccountId::new(index), account, &mut assignments);
                    for (rule, dated) in automatic.iter().zip(&dated) {
                        self.by_rule(account, &given, rule, *dated, &mut assignments);
                    }
                }
                let scope = self.own_fence(account);
                let by_ways = Gifts::Ways(&assignments).iter().eq(given.iter().copied());
                let gifts = (!by_ways).then(|| given.as_slice().into());
                AccountRights { account: AccountId::new(index), assignments, scope, gifts }
            })
            .collect()
    }

    /// Makes room for as many fences as there may be, so that what there is need not be moved again and again.
    fn expect_fences(&mut self) {
        let given = self.model.accounts.iter().flat_map(|account| &account.assignments);
        let fenced = given.filter(|given| matches!(given.on, On::Units { .. })).count();
        self.fences.reserve(fenced);
        self.nodes.reserve(fenced);
        self.origins.list.reserve(self.model.accounts.iter().map(|account| account.assignments.len()).sum());
    }

    fn direct(&mut self, account: &Account, assignments: &mut Vec<Assignment>) {
        let grants = self.direct_grants(&account.block, &account.allows);
        if grants.is_empty() {
            return;
        }
        let row = self.direct_row(grants);
        let fence = self.own_fence(account);
        let origin = self.origins.add(format!("admin {}", account.block), account.span);
        assignments.push(Assignment { row, fence, alone: FenceId::NONE, days: account.valid, origin });
    }

    fn direct_row(&mut self, grants: Vec<Grant>) -> RowId {
        if let Some(known) = self.direct_rows.get(&grants) {
            return *known;
        }
        let id = RowId(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        self.direct_rows.insert(grants.clone(), id);
        self.rows.push(Row { role: None, grants });
        id
    }

    fn assigned(&mut self, id: AccountId, account: &Account, assignments: &mut Vec<Assignment>) {
        let mut last = None;
        for (index, given) in (0..).zip(&account.assignments) {
            if given.days.is_empty() {
                continue;
            }
            let own = account.scope.as_ref().map(|s| &s.node);
            let fence = self.given_fence(own, &given.on);
            let origin = self.origin_of((id, index), given, last);
            last = Some((given, origin));
            let alone = if own.is_some() { self.given_fence(None, &given.on) } else { fence };
            assignments.push(Assignment { row: RowId(given.role.0), fence, alone, days: given.days, origin });
        }
    }

    /// The origin of an assignment. They stand in the order of their texts, so equal ones are neighbours.
    fn origin_of(
        &mut self,
        (account, index): (AccountId, u32),
        given: &crate::model::Assignment,
        last: Option<(&crate::model::Assignment, OriginId)>,
    ) -> OriginId {
        match last {
            Some((before, origin)) if before.in_order(given, self.model).is_eq() => {
                self.origins.also_at(origin, given.span)
            }
            _ => self.origins.add_own(account, index, given.span),
        }
    }

    /// The account's own scope.
    fn own_fence(&mut self, account: &Account) -> FenceId {
        account.scope.as_ref().map_or(FenceId::NONE, |own| self.fence(&[&own.node]))
    }

    /// What an automatic rule gives the account, and on which days.
    fn by_rule(
        &mut self,
        account: &Account,
        given: &[Given],
        rule: &AutomaticRow,
        dated: bool,
        assignments: &mut Vec<Assignment>,
    ) {
        let gifts = Gifts::Listed(given);
        let holds = |day| Known::new(self.model, &self.nodes, account, gifts, day, Mode::Actor).holds(rule.users);
        let starts = if dated { starts_of_change(account.valid, given) } else { vec![account.valid.from] };
        let mut spans: Vec<Days> = vec![];
        for (i, from) in starts.iter().enumerate() {
            if !holds(*from) {
                continue;
            }
            let until = starts.get(i + 1).map_or(account.valid.until, |next| next - 1);
            match spans.last_mut().filter(|last| last.until.checked_add(1) == Some(*from)) {
                Some(last) => last.until = until,
                None => spans.push(Days { from: *from, until }),
            }
        }
        if spans.is_empty() {
            return;
        }
        let own = account.scope.as_ref().map(|s| &s.node);
        let fence = self.joined_fence(own, rule.fence);
        for days in spans {
            assignments.push(Assignment { row: rule.row, fence, alone: rule.fence, days, origin: rule.origin });
        }
    }

    /// The account's own scope on top of a fence that stands.
    fn joined_fence(&mut self, own: Option<&Scope>, outer: FenceId) -> FenceId {
        let Some(own) = own else { return outer };
        let own = self.fence(&[own]);
        let (a, b) = (self.fences[own.0 as usize], self.fences[outer.0 as usize]);
        let entities = self.nodes.and([a.rect.entities, b.rect.entities]);
        let users = self.nodes.and([a.rect.users, b.rect.users]);
        let rect = super::rights::Rect { entities, users };
        self.intern_fence(super::rights::Fence { rect, restricted: a.restricted || b.restricted })
    }

    /// The roles that the account was given, and the tiers of its direct allows.
    fn given(&self, account: &Account, given: &mut Vec<Given>) {
        let active = account.active;
        let roles = account.assignments.iter().map(|a| Given { what: GivenWhat::Role(a.role), days: a.days, active });
        let tiers = account.allows.iter().filter_map(|allow| {
            let what = GivenWhat::DirectTier(tier_of_allow(self.model, account, allow)?);
            Some(Given { what, days: allow.days.meet(account.valid), active })
        });
        given.clear();
        given.extend(roles.chain(tiers).filter(|one| !one.days.is_empty()));
        given.sort_unstable();
        given.dedup();
    }
}

/// The lowest tier that covers what a direct allow gives; a site-wide action behind a fence is not given.
pub(crate) fn tier_of_allow(model: &Model, account: &Account, allow: &Allow) -> Option<TierId> {
    let own = account.scope.as_ref().is_some_and(|s| s.node.is_restricted());
    let fenced = own || allow.on.is_restricted();
    let given = |a: &ActionId| !fenced || model.actions[a.index()].signature != Signature::Site;
    let actions: Vec<ActionId> = implied(model, &allow.actions.members).into_iter().filter(given).collect();
    lowest_tier(model, actions.into_iter())
}

/// The days on which what the account holds may change, from its first valid day on.
fn starts_of_change(valid: Days, given: &[Given]) -> Vec<i32> {
    let mut starts = vec![valid.from];
    for one in given {
        starts.push(one.days.from);
        starts.extend(one.days.until.checked_add(1));
    }
    starts.retain(|day| valid.contains(*day));
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Whether a predicate asks for roles, which come and go with their dates.
fn depends_on_roles(nodes: &Nodes, id: NodeId) -> bool {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut stack = vec![id];
    while let Some(at) = stack.pop() {
        if !seen.insert(at) {
            continue;
        }
        match nodes.get(at) {
            crate::region::Node::Test(Test::Given(_) | Test::DirectTier(_)) => return true,
            crate::region::Node::Not(inner) => stack.push(*inner),
            crate::region::Node::And(all) | crate::region::Node::Or(all) => stack.extend(all.iter()),
            _ => {}
        }
    }
    false
}
