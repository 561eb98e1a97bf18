//! # BW414 an own unit that holds in one part only
//!
//! ## What
//! A role's `scope` keeps one part of its rights to the `own unit` and leaves the other part open, and the role gives actions that are done
//! to the other part with no fence on it. With `scope users in own unit` these are actions on entities, and on an entity and a user; with
//! `scope entities in own unit`, actions on users, and on both. Actions on `account` are not meant, since either part fences the account.
//! Every feature is taken as on.
//!
//! ## Why
//! Such a role is written for somebody who administers a unit. What the scope does not reach, it gives everywhere.
//!
//! ## Example
//! ```bw
//! resource courses on entity { write edit }
//! role org_admin { scope users in own unit; allow courses.edit }        // any course at all
//! ```
//!
//! ## How to fix
//! Fence both parts: `scope users in own unit and entities in own unit`. Where one action is meant to reach further, give it by another
//! role, so that it is seen.

use fixedbitset::FixedBitSet;

use super::Context;
use super::privilege::paths;
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::lower::rights::Row;
use crate::model::{Model, Role, Signature};
use crate::region::{Nodes, Pred, Scope, Test};
use crate::source::{Span, Spanned};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW414");

/// Looks at every role with a scope.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for (role, row) in model.roles.iter().zip(&context.most.rows) {
        let Some(scope) = &role.scope else { continue };
        let within = |part: Option<&Pred>| part.is_some_and(is_within_own_unit);
        let open = match (within(scope.node.users.as_ref()), within(scope.node.entities.as_ref())) {
            (true, false) => unfenced(model, row, true),
            (false, true) => unfenced(model, row, false),
            _ => continue,
        };
        if !open.is_clear() {
            findings.push(finding(model, role, scope, &open));
        }
    }
}

/// Whether everything in the predicate is certainly in the actor's unit.
fn is_within_own_unit(pred: &Pred) -> bool {
    match pred {
        Pred::Test(test) => *test == Test::OwnUnit,
        Pred::And(all) => all.iter().any(is_within_own_unit),
        Pred::Or(any) => !any.is_empty() && any.iter().all(is_within_own_unit),
        Pred::True | Pred::False | Pred::Not(_) => false,
    }
}

/// The actions of a row that are done to entities (or to users) anywhere; on accounts either part fences.
fn unfenced(model: &Model, row: &Row, entities: bool) -> FixedBitSet {
    let mut open = FixedBitSet::with_capacity(model.actions.len());
    for grant in &row.grants {
        let signature = model.actions[grant.action.index()].signature;
        let (used, rect) = if entities {
            (signature.uses_entities(), grant.rect.entities)
        } else {
            (signature.uses_users(), grant.rect.users)
        };
        if signature != Signature::Account && used && rect == Nodes::TRUE {
            open.insert(grant.action.index());
        }
    }
    open
}

fn finding(model: &Model, role: &Role, scope: &Spanned<Scope>, open: &FixedBitSet) -> Finding {
    let users = scope.node.users.as_ref().is_some_and(is_within_own_unit);
    let (fenced, other, part) =
        if users { ("users", "entities", "entities in own unit") } else { ("entities", "users", "users in own unit") };
    let message = format!("the role `{}` keeps to the own unit for {fenced}, and gives rights on {other} anywhere", role.name);
    let behind = Span { start: scope.span.end, ..scope.span };
    Finding::new(CODE, Severity::Error, message)
        .at(scope.span, format!("says nothing of {other}"))
        .at(role.span, "the role")
        .note(format!("not kept to the own unit: {}", quoted_list(paths(model, open), "and")))
        .help(format!("write `{part}` too, or give what is meant to reach further by another role"))
        .fix(format!("write `{part}` too"), Mend::Words(behind, format!(" and {part}")))
}
