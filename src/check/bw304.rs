//! # BW304 an assignment that adds nothing
//!
//! ## What
//! All that an account has by one of its roles, or by its profile, it has by its other ways as well, on the same targets, at all times
//! from today on, with the features as written and with every feature on. The assignments that are reported can be taken away together.
//! Left alone are roles that count by being held: that give nothing, are `primary` or `super`, limit their `holders`, or that another
//! role needs or a rule or a group asks for.
//!
//! ## Why
//! Nobody misses it when it is taken away. But whoever takes one of the other ways away, believing to have taken the rights, has not.
//!
//! ## Example
//! ```bw
//! role operator { allow accounts.list, accounts.open }
//! admin aino { role operator; role operator on users in finns }        // the second is within the first
//! ```
//!
//! ## How to fix
//! Take the assignment away; or, where the narrower one is meant, the other one.

use fixedbitset::FixedBitSet;

use super::privilege::actions_of;
use super::regions::starts;
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Target};
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::lower::rights::{AccountRights, Assignment, Days, Rights, RowId};
use crate::model::id::{ActionId, RoleId};
use crate::model::Model;
use crate::region::{Node, Test};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW304");

/// Looks at every account with several ways to rights.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let model = context.model;
    let counts = counts_by_itself(context);
    let most = Rows::of(model, context.most);
    for (declared, rights) in model.accounts.iter().zip(&context.most.accounts) {
        if rights.assignments.len() < 2 {
            continue;
        }
        // From the last to the first, so that of two that say the same the first stays.
        let mut gone: Vec<Span> = vec![];
        for way in rights.assignments.iter().rev().filter(|w| w.days.until >= context.at) {
            let Some(role) = context.most.rows[way.row.0 as usize].role.filter(|r| !counts[r.index()]) else { continue };
            // Of millions of ways hardly one may be.
            if !may_be_covered(rights, way, &most) {
                continue;
            }
            let span = span(context.most, way);
            let explicit = declared.assignments.iter().any(|a| a.span == span);
            if !explicit {
                continue;
            }
            match is_superfluous(context, rights, way, &gone) {
                Ok(true) => {
                    gone.push(span);
                    findings.push(finding(context, rights, role, span, &gone, &most));
                }
                Ok(false) => {}
                Err(_) => {
                    let what = format!("`{}` gives `{}` anything", model.roles[role.index()].name, declared.block);
                    findings.push(bw009::undecided(CODE, &what, span));
                }
            }
        }
    }
}

/// The actions of each row.
struct Rows {
    all: Vec<FixedBitSet>,
    /// Of each row, the action that the fewest rows have; none where it has none.
    rarest: Vec<Option<usize>>,
}

impl Rows {
    fn of(model: &Model, rights: &Rights) -> Self {
        let all: Vec<FixedBitSet> = rights.rows.iter().map(|row| actions_of(model, row)).collect();
        let mut rows_with = vec![0_usize; model.actions.len()];
        all.iter().flat_map(FixedBitSet::ones).for_each(|action| rows_with[action] += 1);
        let rarest = all.iter().map(|row| row.ones().min_by_key(|action| rows_with[*action])).collect();
        Self { all, rarest }
    }

    fn get(&self, row: RowId) -> &FixedBitSet {
        &self.all[row.0 as usize]
    }
}

fn span(rights: &Rights, way: &Assignment) -> Span {
    rights.origins[way.origin.0 as usize].span
}

/// The roles that count by being held, whatever they give.
fn counts_by_itself(context: &Context<'_>) -> Vec<bool> {
    let model = context.model;
    let plain = |r: &crate::model::Role| !r.primary && !r.superuser && r.holders.is_empty();
    let mut counts: Vec<bool> = model.roles.iter().map(|r| !plain(r)).collect();
    for node in context.most.nodes.list() {
        if let Node::Test(Test::Given(role)) = node {
            counts[role.index()] = true;
        }
    }
    for needed in model.roles.iter().flat_map(|r| &r.needs) {
        for (role, counts) in counts.iter_mut().enumerate() {
            *counts = *counts || model.is_or_extends(RoleId::new(role), needed.node);
        }
    }
    counts
}

/// Whether the other ways give all of the actions at all.
fn may_be_covered(account: &AccountRights, way: &Assignment, rows: &Rows) -> bool {
    let others = || account.assignments.iter().filter(|o| *o != way).map(|o| rows.get(o.row));
    // Of millions of ways nearly each has something that no other one of its account has.
    rows.rarest[way.row.0 as usize].is_some_and(|rarest| others().any(|row| row.contains(rarest)))
        && rows.get(way.row).ones().all(|action| others().any(|row| row.contains(action)))
}

/// Whether nothing is missed without this way, and without those that are gone already.
fn is_superfluous(context: &Context<'_>, account: &AccountRights, way: &Assignment, gone: &[Span]) -> Exact<bool> {
    let most = covered(&mut context.algebra_of_most(), account, way, gone, context.at)?;
    if !most || std::ptr::eq(context.most, context.rights) {
        return Ok(most);
    }
    let written = &context.rights.accounts[account.account.index()];
    let at = span(context.most, way);
    let same = |w: &&Assignment| w.row == way.row && w.days == way.days && span(context.rights, w) == at;
    let Some(way) = written.assignments.iter().find(same) else { return Ok(false) };
    covered(&mut context.algebra(), written, way, gone, context.at)
}

fn covered(algebra: &mut Algebra<'_>, account: &AccountRights, way: &Assignment, gone: &[Span], at: i32) -> Exact<bool> {
    let rights = algebra.rights;
    let row = &rights.rows[way.row.0 as usize];
    let others: Vec<&Assignment> =
        account.assignments.iter().filter(|o| *o != way && !gone.contains(&span(rights, o))).collect();
    let given = account.given().iter().map(|g| g.days);
    let dated = |w: &Assignment| rights.rows[w.row.0 as usize].grants.iter().map(|g| g.days).filter(|d| *d != Days::ALWAYS);
    let ways = account.assignments.iter().flat_map(|w| std::iter::once(w.days).chain(dated(w)));
    let mut some = false;
    let mut actions: Vec<ActionId> = row.grants.iter().map(|g| g.action).collect();
    actions.dedup();
    for day in starts(given.chain(ways), at).into_iter().filter(|day| way.days.contains(*day)) {
        for target in [Target::Anyone, Target::Exactly(account.account)] {
            let lens = Lens::new(Actor::Account(account.account), target, day);
            for action in &actions {
                let own = algebra.way(way, *action, lens)?;
                let mut more = own;
                for other in &others {
                    let theirs = algebra.way(other, *action, lens)?;
                    more = algebra.minus(more, theirs)?;
                }
                if !algebra.is_empty(more, lens)? {
                    return Ok(false);
                }
                // A way that leads nowhere is another finding.
                some = some || own != Diagram::FALSE;
            }
        }
    }
    Ok(some)
}

fn finding(
    context: &Context<'_>,
    account: &AccountRights,
    role: RoleId,
    own: Span,
    gone: &[Span],
    rows: &Rows,
) -> Finding {
    let model = context.model;
    let (name, role_name) = (&model.accounts[account.account.index()].block, &model.roles[role.index()].name);
    let message = format!("`{role_name}` gives `{name}` nothing here that the account does not have anyway");
    let mut finding = Finding::new(CODE, Severity::Warning, message).at(own, "adds nothing");
    let shares = |w: &&Assignment| !rows.get(w.row).is_disjoint(&rows.all[role.index()]);
    let mut others: Vec<Span> = account.assignments.iter().filter(shares).map(|w| span(context.most, w)).collect();
    others.retain(|s| !gone.contains(s));
    others.dedup();
    for other in others.into_iter().take(3) {
        finding = finding.at(other, "gives it");
    }
    let title = format!("take `{role_name}` from `{name}` here");
    finding
        .help("take the assignment away; where the narrower one is meant, the other one")
        .fix(title, Mend::Statement(own))
}
