//! # BW413 a right to give roles that includes oneself
//!
//! ## What
//! An account may assign a role to itself, on some day from today on: the right to assign it reaches the account's own, and no `forbid`
//! is in the way; and the role gives an action that the account has not at all, or a rule asks who holds it. One finding a line that
//! gives such a right, with the roles and the accounts. Holders of the super role and accounts that have every action everywhere are
//! left out, since they gain nothing. (An action that `changes` one's own roles or scope is
//! BW510's matter; a role that gives more than its giver has is BW501's.)
//!
//! ## Why
//! Roles are given by one and held by another, so that two know of it. Whoever gives a role to himself is counted among its holders, is
//! let past what is reserved for them, and nobody else has agreed.
//!
//! ## Example
//! ```bw
//! role org_admin { assigns auditor on users in own unit }          // the administrator is in the unit, too
//! ```
//!
//! ## How to fix
//! Leave the actor out: `assigns auditor on users in own unit except self`; or, for everybody, `forbid assign * on users in self`.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::privilege::actions_of;
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Exact, Lens, Target};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Assignment, Days, Grant, OriginId, Rect, Row};
use crate::model::Model;
use crate::model::id::{AccountId, RoleId};
use crate::region::{Node, Nodes, Test};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW413");

/// Grants of a row that differ in nothing but the role they give: the first speaks for all.
struct Alike<'r> {
    first: &'r Grant,
    roles: Vec<RoleId>,
}

/// What a line lets whom give to himself.
#[derive(Default)]
struct Line {
    roles: BTreeSet<RoleId>,
    accounts: Vec<AccountId>,
}

/// Looks at everybody who may assign roles.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let model = context.model;
    let rows: Vec<Vec<Alike<'_>>> = context.rights.rows.iter().map(|row| alike(context, row)).collect();
    let open: Vec<FixedBitSet> = context.rights.rows.iter().map(|row| open(model, row)).collect();
    let gives: Vec<FixedBitSet> = context.rights.rows.iter().map(|row| actions_of(model, row)).collect();
    let asked = asked(context);
    let mut lines: BTreeMap<OriginId, Line> = BTreeMap::new();
    for account in &context.rights.accounts {
        if account.assignments.iter().all(|w| rows[w.row.0 as usize].is_empty()) || has_everything(context, account, &open) {
            continue;
        }
        let has = |action: usize| account.assignments.iter().any(|w| gives[w.row.0 as usize].contains(action));
        let matters = |r: &RoleId| asked.contains(r) || gives[r.index()].ones().any(|action| !has(action));
        for way in account.assignments.iter().filter(|w| w.days.until >= context.at) {
            for alike in rows[way.row.0 as usize].iter().filter(|a| a.roles.iter().any(matters)) {
                match reaches_itself(&mut context.algebra(), account.account, way, alike.first, context.at) {
                    Ok(false) => {}
                    Ok(true) => {
                        let line = lines.entry(alike.first.origin).or_default();
                        line.roles.extend(alike.roles.iter().filter(|r| matters(r)));
                        if line.accounts.last() != Some(&account.account) {
                            line.accounts.push(account.account);
                        }
                    }
                    Err(_) => {
                        let declared = &model.accounts[account.account.index()];
                        let what = format!("`{}` may give itself roles", declared.block);
                        findings.push(bw009::undecided(CODE, &what, declared.span));
                    }
                }
            }
        }
    }
    for (origin, line) in lines {
        findings.push(finding(context, origin, &line));
    }
}

/// The roles whose holders some rule asks for.
fn asked(context: &Context<'_>) -> BTreeSet<RoleId> {
    let given = |node: &Node| match node {
        Node::Test(Test::Given(role)) => Some(*role),
        _ => None,
    };
    context.rights.nodes.list().iter().filter_map(given).collect()
}

/// The grants of `assign` actions, those that are judged alike together.
fn alike<'r>(context: &Context<'_>, row: &'r Row) -> Vec<Alike<'r>> {
    let algebra = context.algebra();
    let mut all: BTreeMap<_, Alike<'r>> = BTreeMap::new();
    for grant in &row.grants {
        if let Some(role) = context.model.actions[grant.action.index()].assigns {
            let key = (grant.origin, grant.rect, &grant.holes, grant.gate, grant.days, algebra.forbids_of(grant.action));
            all.entry(key).or_insert_with(|| Alike { first: grant, roles: vec![] }).roles.push(role);
        }
    }
    all.into_values().collect()
}

/// The actions that a row gives everywhere and always.
fn open(model: &Model, row: &Row) -> FixedBitSet {
    let free = |g: &&Grant| g.rect == Rect::ALL && g.holes.is_empty() && g.gate == Nodes::TRUE && g.days == Days::ALWAYS;
    let mut open = FixedBitSet::with_capacity(model.actions.len());
    open.extend(row.grants.iter().filter(free).map(|g| g.action.index()));
    open
}

/// Whether the account holds the super role, or has every action everywhere by one way.
fn has_everything(context: &Context<'_>, account: &AccountRights, open: &[FixedBitSet]) -> bool {
    let (model, rights) = (context.model, context.rights);
    let everything = |way: &Assignment| {
        let row = &open[way.row.0 as usize];
        let free = !rights.fences[way.fence.0 as usize].restricted;
        free && model.actions.iter().enumerate().all(|(index, action)| action.assigns.is_some() || row.contains(index))
    };
    let is_super = |way: &Assignment| model.roles.get(way.row.0 as usize).is_some_and(|r| r.superuser);
    let now = |way: &&Assignment| way.days.until >= context.at;
    account.assignments.iter().filter(now).any(|way| is_super(way) || everything(way))
}

fn reaches_itself(algebra: &mut Algebra<'_>, account: AccountId, way: &Assignment, grant: &Grant, at: i32) -> Exact<bool> {
    let days = way.days.meet(grant.days);
    for day in algebra.moments(account, at).into_iter().filter(|day| days.contains(*day)) {
        let lens = Lens::new(Actor::Account(account), Target::Exactly(account), day);
        let own = algebra.grant(grant, lens)?;
        let fence = algebra.rights.fences[way.fence.0 as usize];
        let fence = algebra.fence(fence, algebra.signature(grant.action), lens)?;
        let given = algebra.and(own, fence)?;
        let forbidden = algebra.forbidden(grant.action, lens)?;
        let left = algebra.minus(given, forbidden)?;
        if !algebra.is_empty(left, lens)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn finding(context: &Context<'_>, origin: OriginId, line: &Line) -> Finding {
    let model: &Model = context.model;
    let block = |a: &AccountId| model.accounts[a.index()].block.as_str();
    let roles = quoted_list(line.roles.iter().map(|r| model.roles[r.index()].name.as_str()), "and");
    let (who, itself) = match line.accounts.as_slice() {
        [one] => (format!("`{}`", block(one)), "itself"),
        all => (quoted_list(all.iter().map(block), "and"), "themselves"),
    };
    let message = format!("{who} may give {itself} {roles}");
    let mut finding = Finding::new(CODE, Severity::Warning, message)
        .at(context.rights.origins[origin.0 as usize].span, "the actor is among those to whom it may be given");
    for account in line.accounts.iter().take(2) {
        finding = finding.at(model.accounts[account.index()].span, "has this right");
    }
    finding.help("leave the actor out: `on ... except self`; or, for everybody, `forbid assign * on users in self`")
}
