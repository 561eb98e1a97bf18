//! # BW204 given by name, and always forbidden
//!
//! ## What
//! A line names an action by its full path, and a `forbid` takes all that the line gives of it from everybody who gets it. Looked at
//! are, on every day from today on, all accounts that hold the line's role or one that extends it, and those that get it from a token or
//! by rule; where nobody does, whoever there could be. Every feature is taken as on. A line that gives the action in a set (`allow *`) is left alone: a set means what remains of it.
//!
//! ## Why
//! Whoever wrote the line believes that it gives something. Either the line is a mistake, or the `forbid` is.
//!
//! ## Example
//! ```bw
//! forbid site.delete unless holders of owner
//! role portal_admin { allow site.delete }            // none of whom is the owner
//! ```
//!
//! ## How to fix
//! Take the action out of the line, or name its holders in the `unless` of the `forbid`.

use std::collections::BTreeSet;

use super::lines::named;
use super::regions::starts;
use super::{Context, bw009};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, FenceId, Grant, OriginId, Row, RowId};
use crate::model::id::{ActionId, RoleId};
use crate::model::Allow;
use crate::region::Nodes;
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW204");

/// How many places of a kind are shown.
const MOST_SHOWN: usize = 4;

/// What became of what a line gives.
#[derive(Debug, Default)]
struct Fate {
    /// It was asked of somebody to whom the line gives something.
    given: bool,
    /// Somebody keeps some of it.
    alive: bool,
    /// The prohibitions that take it.
    by: BTreeSet<usize>,
}

/// Looks at every action that is given by its full path.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete || context.most.forbids.is_empty() {
        return;
    }
    for (index, role) in model.roles.iter().enumerate() {
        let id = RoleId::new(index);
        for allow in &role.allows {
            look(context, &[RowId(id.0)], allow, &role.name, |action, origin| of_role(context, id, action, origin), findings);
        }
    }
    for (account, rights) in model.accounts.iter().zip(&context.most.accounts) {
        for allow in &account.allows {
            let direct = rights.assignments.iter().filter(|a| context.most.rows[a.row.0 as usize].role.is_none());
            let rows: Vec<RowId> = direct.map(|a| a.row).collect();
            let fate = |action, origin| of_rows(context, std::slice::from_ref(rights), &rows, action, origin);
            look(context, &rows, allow, &account.block, fate, findings);
        }
    }
}

fn look(
    context: &Context<'_>,
    rows: &[RowId],
    allow: &Allow,
    holder: &str,
    fate: impl Fn(ActionId, OriginId) -> Exact<Fate>,
    findings: &mut Findings,
) {
    let model = context.model;
    let mut dead: Vec<(ActionId, Span)> = vec![];
    let mut by: BTreeSet<usize> = BTreeSet::new();
    for (action, span) in &allow.actions.named {
        if context.algebra_of_most().forbids_of(*action).is_empty() {
            continue;
        }
        let Some(origin) = origin_of(context, rows, allow, *action) else { continue };
        match fate(*action, origin) {
            Ok(fate) if fate.given && !fate.alive => {
                dead.push((*action, *span));
                by.extend(fate.by);
            }
            Ok(_) => {}
            Err(_) => {
                let what = format!("`{}` is always forbidden here", model.actions[action.index()].path);
                findings.push(bw009::undecided(CODE, &what, *span));
            }
        }
    }
    if !dead.is_empty() {
        findings.push(finding(context, holder, &dead, &by));
    }
}

/// The origin of a line of these rows, where it gives the action at all.
fn origin_of(context: &Context<'_>, rows: &[RowId], allow: &Allow, action: ActionId) -> Option<OriginId> {
    let given = rows.iter().flat_map(|row| grants(&context.most.rows[row.0 as usize].grants, action));
    given.map(|g| g.origin).find(|o| context.most.origins[o.0 as usize].span == allow.span)
}

/// Asks the holders of the role and of those that extend it; where there are none, whoever there could be.
fn of_role(context: &Context<'_>, role: RoleId, action: ActionId, origin: OriginId) -> Exact<Fate> {
    let own = RowId(role.0);
    let roles = context.most.rows.iter().take(context.model.roles.len()).enumerate();
    let gives = |row: &Row| grants(&row.grants, action).iter().any(|g| g.origin == origin);
    let rows: Vec<RowId> = roles.filter(|(_, row)| gives(row)).map(|(r, _)| RowId(RoleId::new(r).0)).collect();
    let held: Vec<RowId> = rows.iter().copied().filter(|row| is_held(context, *row)).collect();
    if !held.is_empty() {
        return of_rows(context, &context.most.accounts, &held, action, origin);
    }
    let mut fate = Fate::default();
    for grant in of_line(context, own, action, origin) {
        let mut algebra = context.algebra_of_most();
        ask(&mut algebra, context.at, grant, Actor::Holder, |_, _| Ok(Diagram::TRUE), &mut fate)?;
    }
    Ok(fate)
}

/// Whether anybody has the row from today on: an account of the policy, or somebody from a token or by rule.
fn is_held(context: &Context<'_>, row: RowId) -> bool {
    let claimed = context.model.roles.get(row.0 as usize).is_some_and(|r| r.by_claim.is_some());
    let now = |a: &crate::lower::rights::Assignment| a.row == row && a.days.until >= context.at;
    claimed
        || context.most.automatic.iter().any(|rule| rule.row == row)
        || context.most.accounts.iter().any(|a| a.assignments.iter().any(now))
}

fn of_line<'c>(context: &'c Context<'_>, row: RowId, action: ActionId, origin: OriginId) -> impl Iterator<Item = &'c Grant> {
    grants(&context.most.rows[row.0 as usize].grants, action).iter().filter(move |g| g.origin == origin)
}

/// Asks everybody among these who has one of these rows, until somebody keeps something. All accounts are looked through for each line
/// of a role that names an action of a `forbid`; usually the first holder keeps something.
fn of_rows(
    context: &Context<'_>,
    among: &[AccountRights],
    rows: &[RowId],
    action: ActionId,
    origin: OriginId,
) -> Exact<Fate> {
    let mut fate = Fate::default();
    for row in rows {
        for grant in of_line(context, *row, action, origin) {
            of_grant(context, among, *row, grant, &mut fate)?;
            if fate.alive {
                return Ok(fate);
            }
        }
    }
    Ok(fate)
}

fn of_grant(
    context: &Context<'_>,
    among: &[AccountRights],
    row: RowId,
    grant: &Grant,
    fate: &mut Fate,
) -> Exact<()> {
    for account in among {
        for way in account.assignments.iter().filter(|a| a.row == row && a.days.until >= context.at) {
            let mut algebra = context.algebra_of_most();
            let behind = |algebra: &mut Algebra<'_>, lens: Lens| match way.days.contains(lens.day) {
                true => fence(algebra, way.fence, grant, lens),
                false => Ok(Diagram::FALSE),
            };
            ask(&mut algebra, context.at, grant, Actor::Account(account.account), behind, fate)?;
            if fate.alive {
                return Ok(());
            }
        }
    }
    for rule in context.most.automatic.iter().filter(|rule| rule.row == row) {
        let behind = |algebra: &mut Algebra<'_>, lens: Lens| {
            let who = algebra.node(rule.users, Party::Actor, lens)?;
            let fence = fence(algebra, rule.fence, grant, lens)?;
            algebra.and(who, fence)
        };
        ask(&mut context.algebra_of_most(), context.at, grant, Actor::Anybody, behind, fate)?;
    }
    if context.model.roles.get(row.0 as usize).is_some_and(|r| r.by_claim.is_some()) {
        let presented = |algebra: &mut Algebra<'_>, lens: Lens| algebra.presented(RoleId(row.0), Party::Actor, lens);
        ask(&mut context.algebra_of_most(), context.at, grant, Actor::Anybody, presented, fate)?;
    }
    Ok(())
}

fn fence(algebra: &mut Algebra<'_>, fence: FenceId, grant: &Grant, lens: Lens) -> Exact<Diagram> {
    let fence = algebra.rights.fences[fence.0 as usize];
    algebra.fence(fence, algebra.signature(grant.action), lens)
}

/// Asks one actor on all days: what the grant gives behind this, and what the prohibitions leave of it.
fn ask<'a>(
    algebra: &mut Algebra<'a>,
    at: i32,
    grant: &Grant,
    actor: Actor,
    behind: impl Fn(&mut Algebra<'a>, Lens) -> Exact<Diagram>,
    fate: &mut Fate,
) -> Exact<()> {
    let days = match actor {
        Actor::Account(account) => algebra.moments(account, at),
        Actor::Anybody | Actor::Holder | Actor::Guise(_) => starts([grant.days], at),
    };
    for day in days.into_iter().filter(|day| grant.days.contains(*day)) {
        for target in algebra.targets(algebra.signature(grant.action), actor) {
            let lens = Lens::new(actor, target, day);
            let (given, behind) = (algebra.grant(grant, lens)?, behind(algebra, lens)?);
            let given = algebra.and(given, behind)?;
            let given = algebra.possible(given, lens)?;
            let forbidden = algebra.forbidden(grant.action, lens)?;
            let left = algebra.minus(given, forbidden)?;
            fate.given |= given != Diagram::FALSE;
            fate.alive |= left != Diagram::FALSE && !algebra.is_empty(left, lens)?;
            if fate.alive {
                return Ok(());
            }
            for row in algebra.forbids_of(grant.action) {
                let taken = algebra.forbidden_by(row, grant.action, lens)?;
                let both = algebra.and(given, taken)?;
                if !algebra.is_empty(both, lens)? {
                    fate.by.insert(row);
                }
            }
        }
    }
    Ok(())
}

fn finding(context: &Context<'_>, holder: &str, dead: &[(ActionId, Span)], by: &BTreeSet<usize>) -> Finding {
    let actions: Vec<ActionId> = dead.iter().map(|(action, _)| *action).collect();
    let (it, is) = if actions.len() == 1 { ("it", "is") } else { ("they", "are") };
    let list = named(context.model, &actions);
    let message = format!("`{holder}` is given {list} by name, and {it} {is} always forbidden");
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    for (_, span) in dead.iter().take(MOST_SHOWN) {
        finding = finding.at(*span, "given here");
    }
    let mut exempt = false;
    for row in by.iter().take(MOST_SHOWN) {
        let forbid = &context.most.forbids[*row];
        exempt |= forbid.unless != Nodes::FALSE;
        finding = finding.at(context.most.origins[forbid.origin.0 as usize].span, "taken away here");
    }
    let them = if actions.len() == 1 { "the action" } else { "the actions" };
    finding.help(if exempt {
        format!("take {them} out of the line, or let its holders past the `forbid`, in its `unless`")
    } else {
        format!("take {them} out of the line, or narrow the `forbid`")
    })
}
