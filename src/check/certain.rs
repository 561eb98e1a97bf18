//! What is certain about those who act, without the algebra of regions: whether a `forbid` binds somebody for sure.
//!
//! Answers are Kleene's: true, false, or not certain. Only roles, logins and groups of these are looked at, so what depends on
//! attributes, units, labels, tiers or the target is not certain.

use super::Context;
use crate::lower::rights::{Days, RowId};
use crate::model::id::{AccountId, AttributeId, RoleId};
use crate::model::{Account, Forbid};
use crate::region::{Pred, Test, Value};

/// A way in which somebody comes to act.
#[derive(Debug, Clone, Copy)]
pub struct Way<'c> {
    /// The account; none for those that the policy does not name.
    pub account: Option<&'c Account>,
    /// The role through which it acts; none for rights of its own.
    pub role: Option<RoleId>,
    /// On which days.
    pub days: Days,
}

/// Who holds what, by role.
#[derive(Debug)]
pub struct Holders<'c, 'm> {
    context: &'c Context<'m>,
    /// Named accounts, also inactive ones; what has ended by the day of the check is left out.
    named: Vec<Vec<(AccountId, Days)>>,
    /// Whether a rule gives the role.
    by_rule: Vec<bool>,
}

impl<'c, 'm> Holders<'c, 'm> {
    /// Looks at all that is given.
    #[must_use]
    pub fn new(context: &'c Context<'m>) -> Self {
        let model = context.model;
        let mut named: Vec<Vec<(AccountId, Days)>> = vec![vec![]; model.roles.len()];
        let lasts = |days: Days| !days.is_empty() && days.until >= context.at;
        for (index, account) in model.accounts.iter().enumerate() {
            for given in account.assignments.iter().filter(|g| lasts(g.days)) {
                named[given.role.index()].push((AccountId::new(index), given.days));
            }
        }
        let mut by_rule = vec![false; model.roles.len()];
        for rule in &context.most.automatic {
            by_rule[rule.row.0 as usize] = true;
        }
        for rights in &context.most.accounts {
            for held in rights.assignments.iter().filter(|a| lasts(a.days)) {
                let RowId(row) = held.row;
                if by_rule.get(row as usize) == Some(&true) {
                    named[row as usize].push((rights.account, held.days));
                }
            }
        }
        Self { context, named, by_rule }
    }

    /// Every way in which somebody holds the role.
    pub fn ways(&self, role: RoleId) -> impl Iterator<Item = Way<'c>> + '_ {
        let accounts = &self.context.model.accounts;
        let named = self.named[role.index()].iter().map(move |(id, days)| Way {
            account: Some(&accounts[id.index()]),
            role: Some(role),
            days: *days,
        });
        let unnamed = Way { account: None, role: Some(role), days: Days::ALWAYS };
        named.chain(self.may_be_unnamed(role).then_some(unnamed))
    }

    /// Whether accounts that the policy does not name may hold the role.
    fn may_be_unnamed(&self, role: RoleId) -> bool {
        self.by_rule[role.index()] || self.context.model.roles[role.index()].by_claim.is_some()
    }

    /// Whether somebody holds the role, or it is kept for later.
    #[must_use]
    pub fn is_held(&self, role: RoleId) -> bool {
        let kept = self.context.model.roles[role.index()].spare;
        kept || self.may_be_unnamed(role) || !self.named[role.index()].is_empty()
    }

    /// Whether a `forbid` certainly binds whoever acts in this way, on any target.
    #[must_use]
    pub fn binds(&self, forbid: &Forbid, way: Way<'_>) -> bool {
        let holds = |role: RoleId| self.holds(role, way);
        let is = |login: &str| self.is(login, way);
        let facts = Facts { holds: &holds, is: &is };
        !forbid.on.is_restricted()
            && self.decide(&forbid.subjects, &facts) == Some(true)
            && self.decide(&forbid.unless, &facts) == Some(false)
    }

    /// What is certain of a predicate whoever it is asked of.
    #[must_use]
    pub fn of_anybody(&self, pred: &Pred) -> Option<bool> {
        let holds = |role: RoleId| if self.is_held(role) { None } else { Some(false) };
        self.decide(pred, &Facts { holds: &holds, is: &|_| None })
    }

    /// Whether a `forbid` certainly binds everybody, on any target.
    #[must_use]
    pub fn binds_everybody(&self, forbid: &Forbid) -> bool {
        !forbid.on.is_restricted()
            && self.of_anybody(&forbid.subjects) == Some(true)
            && self.of_anybody(&forbid.unless) == Some(false)
    }

    fn holds(&self, role: RoleId, way: Way<'_>) -> Option<bool> {
        if way.role == Some(role) {
            return Some(true);
        }
        let Some(account) = way.account else {
            return if self.may_be_unnamed(role) { None } else { Some(false) };
        };
        let mut given = account.assignments.iter().filter(|a| a.role == role).map(|a| a.days.meet(way.days));
        let mut overlaps = given.clone().filter(|days| !days.is_empty());
        if given.any(|days| days == way.days) {
            Some(true)
        } else if overlaps.next().is_none() && !self.by_rule[role.index()] {
            Some(false)
        } else {
            None
        }
    }

    fn is(&self, login: &str, way: Way<'_>) -> Option<bool> {
        match way.account {
            Some(account) => Some(account.login == login),
            // An account that the policy names is never taken for another.
            None => self.context.model.accounts.binary_search_by(|a| a.login.as_str().cmp(login)).ok().map(|_| false),
        }
    }

    /// Recursion follows the nesting of conditions and of groups, both bounded when they were read.
    fn decide(&self, pred: &Pred, facts: &Facts<'_>) -> Option<bool> {
        match pred {
            Pred::True => Some(true),
            Pred::False => Some(false),
            Pred::Not(inner) => self.decide(inner, facts).map(|value| !value),
            Pred::And(all) => self.decide_all(all, facts, false),
            Pred::Or(any) => self.decide_all(any, facts, true),
            Pred::Test(Test::Group(group)) => self.decide(&self.context.model.groups[group.index()].pred, facts),
            Pred::Test(Test::Holds(role)) => (facts.holds)(*role),
            Pred::Test(Test::Is(AttributeId::LOGIN, Value::Text(login))) => (facts.is)(login),
            Pred::Test(_) => None,
        }
    }

    /// `decisive` is the value that settles it: true for "any of them", false for "all of them".
    fn decide_all(&self, preds: &[Pred], facts: &Facts<'_>, decisive: bool) -> Option<bool> {
        let mut result = Some(!decisive);
        for pred in preds {
            match self.decide(pred, facts) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => result = None,
            }
        }
        result
    }
}

/// What is certain of whoever is asked about.
struct Facts<'f> {
    holds: &'f dyn Fn(RoleId) -> Option<bool>,
    is: &'f dyn Fn(&str) -> Option<bool>,
}
