//! # BW401 a way that leads nowhere
//!
//! ## What
//! An account has a way to an action on which the fences exclude one another: whatever target there could be, the account's scope, the
//! assignment's, the role's and the line's never hold together in a part that the action uses. A role whose own fences do so is reported
//! at its line.
//!
//! ## Why
//! Fences on one way intersect. Two that do not overlap give nothing, and nobody notices: the right is written down, and it is never
//! there.
//!
//! ## Example
//! ```bw
//! admin aino { scope users in swedes; role reporter on users in finns }   // nobody is both
//! ```
//!
//! ## How to fix
//! Widen one of the fences, or name the same people in both; where nothing shall be given, take the assignment away.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Context, bw009};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Target};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Assignment, FenceId, Grant, OriginId, Rect, Row, RowId};
use crate::model::id::{AccountId, ActionId, RoleId, UnitId};
use crate::model::{Model, Signature};
use crate::region::{Node, NodeId, Nodes, Test, Value};
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW401");

/// What a way's emptiness depends on, beside the actor itself.
type Way = (RowId, FenceId, Option<UnitId>);

/// What decides where a grant is, whatever its condition on the actor.
type Shape<'g> = (Signature, Rect, &'g [Rect]);

/// Looks at every line of a role, then at every way of an account.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let mut never = Never::default();
    let own: Vec<Vec<bool>> = context.rights.rows.iter().map(|row| of_row(context, &mut never, row, findings)).collect();
    let rows = context.rights.rows.iter().zip(&own);
    let open: Vec<Option<Open>> = rows.map(|(row, own)| Open::of(context.model, row, own)).collect();
    let mut known: FxHashMap<Way, Exact<Vec<ActionId>>> = FxHashMap::default();
    for (account, rights) in context.model.accounts.iter().zip(&context.rights.accounts) {
        let unit = account.unit.as_ref().map(|u| u.node);
        for way in &rights.assignments {
            if open[way.row.0 as usize].is_some_and(|open| open.leads_somewhere(context, way.fence)) {
                continue;
            }
            let found = known.entry((way.row, way.fence, unit)).or_insert_with(|| {
                let row = &context.rights.rows[way.row.0 as usize];
                dead(&mut context.algebra(), rights.account, way, row, &own[way.row.0 as usize])
            });
            let span = context.rights.origins[way.origin.0 as usize].span;
            match found {
                Ok(actions) if actions.is_empty() => {}
                Ok(actions) => findings.push(nowhere(context.model, &account.block, actions, span)),
                Err(_) => findings.push(bw009::undecided(CODE, &format!("a way of `{}` leads nowhere", account.block), span)),
            }
        }
    }
}

/// A row all of whose grants that give anything give it everywhere: whether a way to it leads somewhere is a matter of the fence alone.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// Whether an action is done to an account, which both parts of a fence speak of.
    on_accounts: bool,
}

impl Open {
    fn of(model: &Model, row: &Row, own: &[bool]) -> Option<Self> {
        let mut given = row.grants.iter().zip(own).filter(|(_, empty)| !**empty).map(|(grant, _)| grant);
        let on_account = |grant: &Grant| model.actions[grant.action.index()].signature == Signature::Account;
        let on_accounts = given.clone().any(on_account);
        given.all(|grant| grant.rect == Rect::ALL && grant.holes.is_empty()).then_some(Self { on_accounts })
    }

    /// Whether something surely lies within a fence. Of millions of ways nearly all are of this kind; others are left to the algebra.
    fn leads_somewhere(self, context: &Context<'_>, fence: FenceId) -> bool {
        let Rect { entities, users } = context.rights.fences[fence.0 as usize].rect;
        let apart = !self.on_accounts || entities == Nodes::TRUE || users == Nodes::TRUE;
        apart && is_evident(&context.rights.nodes, entities) && is_evident(&context.rights.nodes, users)
    }
}

/// Whether a predicate is true of some entity and of some account that could be, whoever acts: it asks for one unit, label or value, or
/// for one of several.
fn is_evident(nodes: &Nodes, id: NodeId) -> bool {
    let asks_for_one = |id: &NodeId| {
        let test = |test: &Test| {
            matches!(test, Test::Unit(_) | Test::UnitOnly(_) | Test::Label(_) | Test::Is(_, Value::Closed(_)))
        };
        matches!(nodes.get(*id), Node::True) || matches!(nodes.get(*id), Node::Test(asked) if test(asked))
    };
    match nodes.get(id) {
        Node::Or(any) => any.iter().any(asks_for_one),
        _ => asks_for_one(&id),
    }
}

/// Which grants of a row are empty by themselves; those of a role are reported, its own lines and then what it takes from others.
fn of_row<'c>(context: &'c Context<'_>, never: &mut Never<'c>, row: &'c Row, findings: &mut Findings) -> Vec<bool> {
    let found: Vec<Exact<bool>> = row.grants.iter().map(|grant| never.is(context, grant)).collect();
    let Some(role) = row.role else { return found.into_iter().map(|f| f != Ok(false)).collect() };
    let declared = &context.model.roles[role.index()];
    let mut lines: BTreeMap<OriginId, Vec<ActionId>> = BTreeMap::new();
    for (grant, found) in row.grants.iter().zip(&found) {
        let span = context.rights.origins[grant.origin.0 as usize].span;
        let own = declared.allows.iter().any(|allow| allow.span == span);
        match found {
            Ok(false) => {}
            Ok(true) if own || !is_never_in_a_parent(context, never, role, grant) => {
                lines.entry(grant.origin).or_default().push(grant.action);
            }
            Err(_) if own => findings.push(bw009::undecided(CODE, "this line gives anything", span)),
            _ => {}
        }
    }
    for (origin, mut actions) in lines {
        actions.dedup();
        let span = context.rights.origins[origin.0 as usize].span;
        findings.push(match declared.allows.iter().any(|allow| allow.span == span) {
            true => line(context.model, &actions, span),
            false => taken(context.model, role, &actions, span),
        });
    }
    found.into_iter().map(|f| f != Ok(false)).collect()
}

/// Which shapes of grants are empty by themselves, as far as it was asked: many roles have the same.
#[derive(Default)]
struct Never<'g>(FxHashMap<Shape<'g>, Exact<bool>>);

impl<'g> Never<'g> {
    /// Whether no target could be in a grant: neither an account, whatever it was given, nor the actor itself.
    fn is(&mut self, context: &Context<'_>, grant: &'g Grant) -> Exact<bool> {
        let signature = context.model.actions[grant.action.index()].signature;
        let known = self.0.entry((signature, grant.rect, &grant.holes)).or_insert_with(|| {
            for target in [Target::Anyone, Target::Myself] {
                let lens = Lens::new(Actor::Holder, target, context.at);
                if !is_empty(&mut context.algebra(), grant, lens, None)? {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        *known
    }
}

/// Whether a role that this one extends has the same grant, as empty as here: it is reported there.
fn is_never_in_a_parent<'c>(
    context: &'c Context<'_>,
    never: &mut Never<'c>,
    role: RoleId,
    grant: &Grant,
) -> bool {
    context.model.roles[role.index()].extends.iter().any(|extends| {
        let row = &context.rights.rows[extends.role.index()];
        let same = grants(&row.grants, grant.action).iter().filter(|g| g.origin == grant.origin);
        same.clone().count() > 0 && same.clone().all(|g| never.is(context, g) == Ok(true))
    })
}

/// The actions that a way gives on nothing, though its role gives them on something.
fn dead(algebra: &mut Algebra<'_>, account: AccountId, way: &Assignment, row: &Row, own: &[bool]) -> Exact<Vec<ActionId>> {
    let mut dead: Vec<ActionId> = vec![];
    let mut alive: Vec<ActionId> = vec![];
    let mut known: FxHashMap<Shape<'_>, bool> = FxHashMap::default();
    for (grant, _) in row.grants.iter().zip(own).filter(|(_, empty)| !**empty) {
        let shape = (algebra.signature(grant.action), grant.rect, grant.holes.as_slice());
        let empty = match known.get(&shape) {
            Some(empty) => *empty,
            None => {
                let mut empty = true;
                for target in [Target::Anyone, Target::Exactly(account)] {
                    let lens = Lens::new(Actor::Account(account), target, way.days.from);
                    empty = empty && is_empty(algebra, grant, lens, Some(way.fence))?;
                }
                known.insert(shape, empty);
                empty
            }
        };
        let list = if empty { &mut dead } else { &mut alive };
        list.push(grant.action);
    }
    dead.dedup();
    dead.retain(|a| !alive.contains(a));
    Ok(dead)
}

fn is_empty(algebra: &mut Algebra<'_>, grant: &Grant, lens: Lens, fence: Option<FenceId>) -> Exact<bool> {
    let signature = algebra.signature(grant.action);
    let mut region = algebra.ungated(grant, lens)?;
    if let Some(fence) = fence
        && signature != Signature::Site
    {
        let fence = algebra.rights.fences[fence.0 as usize];
        let fence = algebra.fence(fence, signature, lens)?;
        region = algebra.and(region, fence)?;
    }
    if region == Diagram::TRUE { Ok(false) } else { algebra.is_empty(region, lens) }
}

fn nowhere(model: &Model, account: &str, actions: &[ActionId], span: Span) -> Finding {
    let message = format!("this gives `{account}` {} on nothing", named(model, actions));
    Finding::new(CODE, Severity::Error, message)
        .at(span, "the fences on this way exclude one another")
        .help("widen one of the fences (the account's scope, the assignment's, the role's), or take the assignment away")
}

fn line(model: &Model, actions: &[ActionId], span: Span) -> Finding {
    Finding::new(CODE, Severity::Error, format!("this line gives {} on nothing", named(model, actions)))
        .at(span, "its fences exclude one another")
        .help("widen one of the fences (the role's scope, the line's), or delete the line")
}

fn taken(model: &Model, role: RoleId, actions: &[ActionId], span: Span) -> Finding {
    let role = &model.roles[role.index()];
    let message = format!("`{}` takes {} from another role, on nothing", role.name, named(model, actions));
    Finding::new(CODE, Severity::Error, message)
        .at(role.span, "its fences exclude the line's")
        .at(span, "given here")
        .help("widen one of the fences (the role's scope, that of `extends`, the line's), or take the actions out with `except`")
}

fn named(model: &Model, actions: &[ActionId]) -> String {
    quoted_list(actions.iter().map(|a| model.actions[a.index()].path.as_str()), "and")
}
