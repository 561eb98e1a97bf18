//! # BW508 two that may each administer the other
//!
//! ## What
//! Each of two accounts may administer the other: act as it, remove it, give it a role, or change its scope, its roles or its recovery
//! data. Counted is every such right, after prohibitions, with every feature on; relations are taken as they may be. The super role's
//! active holders are exempt. Several who may all administer one another are one finding.
//!
//! ## Why
//! Neither is above the other: whoever is quicker locks the other out, and what one may not give to itself the other may give to it.
//!
//! ## Example
//! ```bw
//! role chief { allow accounts.delete on users in * except self }
//! admin ada { role chief }
//! admin bo { role chief }
//! ```
//!
//! ## How to fix
//! Fence the right to those below (`except holders of chief`), or leave it to one.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Exact, Lens, Target};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Action;
use crate::model::id::{AccountId, ActionId};
use crate::syntax::ast::Kind;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW508");

/// Whom each account may administer, and by which action.
type Edges = BTreeMap<AccountId, BTreeMap<AccountId, ActionId>>;

/// Until when the edges of each account are the same.
type Lasts = BTreeMap<AccountId, i32>;

/// A finding for each set of accounts that are one another's administrators.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let days = context.algebra_of_most().moments_of_all(context.at);
    let mut told: BTreeSet<(AccountId, AccountId)> = BTreeSet::new();
    let mut unknown: BTreeSet<AccountId> = BTreeSet::new();
    let (mut edges, mut lasts) = (Edges::new(), Lasts::new());
    for day in days {
        if !renew(context, &mut edges, &mut lasts, day, &mut unknown) {
            continue;
        }
        let mutual = mutual(&edges);
        let mut sets: BTreeMap<BTreeSet<AccountId>, Vec<AccountId>> = BTreeMap::new();
        for (account, others) in &mutual {
            sets.entry(others.iter().copied().chain([*account]).collect()).or_default().push(*account);
        }
        for (set, members) in sets {
            // All of them are one another's, and nobody else's; or each is told with those after it.
            let closed = set.len() == members.len();
            let first = members.iter().copied().take(if closed { 1 } else { members.len() });
            for account in first.collect::<Vec<_>>() {
                let others = mutual.get(&account).into_iter().flatten().copied();
                let others: Vec<AccountId> =
                    others.filter(|o| account < *o && !told.contains(&(account, *o))).collect();
                if !others.is_empty() {
                    findings.push(each_other(context, &edges, account, &others, closed, day));
                }
            }
            told.extend(pairs(&mutual, &members));
        }
    }
    for account in unknown {
        let account = &context.model.accounts[account.index()];
        let what = format!("`{}` and somebody may each administer the other", account.block);
        findings.push(bw009::undecided(CODE, &what, account.span));
    }
}

/// Acts as somebody, removes, gives a role, or changes what decides about somebody's rights.
fn administers(action: &Action) -> bool {
    let deciding = |c: &String| ["scope", "roles", "recovery"].contains(&c.as_str());
    let kind = matches!(action.kind, Kind::Become | Kind::Destroy) || action.assigns.is_some();
    action.signature.uses_users() && (kind || action.changes.iter().any(deciding))
}

/// Makes the edges those of this day; whether any can be another one than on the day before.
fn renew(
    context: &Context<'_>,
    edges: &mut Edges,
    lasts: &mut Lasts,
    day: i32,
    unknown: &mut BTreeSet<AccountId>,
) -> bool {
    let mut actions = FixedBitSet::with_capacity(context.model.actions.len());
    actions.extend(context.model.actions.iter().enumerate().filter(|(_, a)| administers(a)).map(|(index, _)| index));
    let holders = context.algebra_of_most().holders_of(&actions);
    let mut renewed = false;
    for account in holders {
        if lasts.get(&account).is_some_and(|until| *until >= day) {
            continue;
        }
        renewed = true;
        edges.remove(&account);
        let algebra = &mut *context.algebra_of_most();
        algebra.ask_for(day);
        if algebra.is_acting(account, day) && !algebra.is_root(account, day) {
            match administered(algebra, &actions, account, day) {
                Ok(others) => drop(edges.insert(account, others)),
                Err(_) => {
                    unknown.insert(account);
                    algebra.ask_again();
                }
            }
        }
        lasts.insert(account, algebra.same_until());
    }
    renewed
}

/// Whom an account may administer on a day. Each account that does so is held against all others that differ in what its fences ask
/// for: quadratic in accounts only as far as there are as many administrators of accounts as accounts, since the pairs are the answer.
fn administered(algebra: &mut Algebra<'_>, actions: &FixedBitSet, account: AccountId, day: i32) -> Exact<BTreeMap<AccountId, ActionId>> {
    let lens = Lens::new(Actor::Account(account), Target::Named, day);
    let mut others = BTreeMap::new();
    for action in algebra.ways_to(actions, account, day) {
        let region = algebra.allowed(action, lens)?;
        for on in algebra.accounts_in(region, lens)? {
            others.entry(on).or_insert(action);
        }
    }
    Ok(others)
}

/// With whom each account shares this; without those that share it with nobody.
fn mutual(edges: &Edges) -> BTreeMap<AccountId, BTreeSet<AccountId>> {
    let back = |account: &AccountId, other: &AccountId| edges.get(other).is_some_and(|o| o.contains_key(account));
    let of = |(account, others): (&AccountId, &BTreeMap<AccountId, ActionId>)| {
        (*account, others.keys().copied().filter(|o| back(account, o)).collect::<BTreeSet<_>>())
    };
    edges.iter().map(of).filter(|(_, others)| !others.is_empty()).collect()
}

fn pairs<'m>(
    mutual: &'m BTreeMap<AccountId, BTreeSet<AccountId>>,
    members: &'m [AccountId],
) -> impl Iterator<Item = (AccountId, AccountId)> + 'm {
    members.iter().flat_map(|m| mutual.get(m).into_iter().flatten().map(|o| (*m, *o)))
}

fn each_other(
    context: &Context<'_>,
    edges: &Edges,
    account: AccountId,
    others: &[AccountId],
    closed: bool,
    day: i32,
) -> Finding {
    let model = context.model;
    let name = |a: &AccountId| model.accounts[a.index()].block.as_str();
    let message = if closed && others.len() > 1 {
        let all = std::iter::once(&account).chain(others).map(name);
        format!("{} may all administer one another", quoted_list(all, "and"))
    } else {
        format!("`{}` and {} may each administer the other", name(&account), quoted_list(others.iter().map(name), "or"))
    };
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    let other = others[0];
    for (by, on) in [(account, other), (other, account)] {
        let Some(action) = edges.get(&by).and_then(|o| o.get(&on)) else { continue };
        let (by_name, on_name, path) = (name(&by), name(&on), &model.actions[action.index()].path);
        let place = format!("`{by_name}` may use `{path}` on `{on_name}`");
        finding = match context.algebra_of_most().origin_of(by, *action, day) {
            Some(origin) => finding.at(context.most.origins[origin.0 as usize].span, place),
            None => finding.at(model.accounts[by.index()].span, place),
        };
    }
    if day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(day)));
    }
    finding.help("fence the right to those below, as in `on users in * except holders of ...`, or leave it to one of them")
}
