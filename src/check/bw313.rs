//! # BW313 an exception without effect
//!
//! ## What
//! An `except` of a role takes nothing away, or an action that it names by its full path: nothing that the role's own lines and the
//! roles that it extends give is in it, with every feature on. Or a `forbid` can never apply: there is no action, no target or nobody
//! that all of its parts are true of, whoever there could be. A `forbid` of what nobody may do today is no such: it keeps it so.
//!
//! ## Why
//! A reader takes the line for a limit. Mostly the name in it is the wrong one, and what should have been taken away is still there.
//!
//! ## Example
//! ```bw
//! role editor { allow courses; except reports.open }                    // gives no reports anyway
//! forbid courses.delete for holders of editor unless everyone
//! ```
//!
//! ## How to fix
//! Name what is meant, or delete the line.

use super::regions::WHOEVER;
use super::{Context, bw009};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party};
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::lower::rights::{ExceptRows, ForbidRow, Rect};
use crate::model::id::ActionId;
use crate::model::{Except, Forbid, Model, Signature};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW313");

/// Looks at every `except` of a role and at every `forbid`.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    for rows in &context.most.excepts {
        let role = &context.model.roles[rows.role.index()];
        for (line, (actions, rect)) in role.excepts.iter().zip(&rows.lines) {
            match of_except(context, rows, line, actions, *rect) {
                Ok(found) => found.into_iter().for_each(|f| findings.push(f)),
                Err(_) => findings.push(bw009::undecided(CODE, "this `except` takes anything away", line.span)),
            }
        }
    }
    for forbid in &context.model.forbids {
        let origin = |row: &&ForbidRow| context.most.text(row.origin, context.model) == forbid.text;
        let applies = match context.most.forbids.iter().find(origin) {
            Some(row) => applies(&mut context.algebra_of_most(), row, context.at),
            // What cannot apply by its form was left out when it was lowered.
            None => Ok(false),
        };
        match applies {
            Ok(true) => {}
            Ok(false) => findings.push(never(context.model, forbid)),
            Err(_) => findings.push(bw009::undecided(CODE, "this `forbid` can apply", forbid.span)),
        }
    }
}

fn of_except(
    context: &Context<'_>,
    rows: &ExceptRows,
    line: &Except,
    actions: &[ActionId],
    rect: Rect,
) -> Exact<Option<Finding>> {
    let mut algebra = context.algebra_of_most();
    let mut taken: Vec<ActionId> = vec![];
    for action in actions {
        if is_cut(&mut algebra, rows, *action, rect, context.at)? {
            taken.push(*action);
        }
    }
    let name = &context.model.roles[rows.role.index()].name;
    if taken.is_empty() {
        let message = format!("this `except` takes nothing away: `{name}` gives nothing of it");
        let fix = Mend::Statement(line.span);
        return Ok(Some(finding(message).at(line.span, "without effect").fix("delete this `except`", fix)));
    }
    // A named action is taken with all that implies it.
    let in_vain = |a: &ActionId| !taken.iter().any(|t| context.model.actions[a.index()].implied_by.contains(t.index()));
    let vain: Vec<_> = line.actions.named.iter().filter(|(a, _)| line.actions.members.contains(a.index()) && in_vain(a)).collect();
    if vain.is_empty() {
        return Ok(None);
    }
    let paths = quoted_list(vain.iter().map(|(a, _)| context.model.actions[a.index()].path.as_str()), "and");
    let mut found = finding(format!("nothing of {paths} is there to be taken away: `{name}` gives none"));
    for (_, span) in &vain {
        found = found.at(*span, "without effect");
    }
    if let [(action, span)] = vain[..] {
        let title = format!("take `{}` out of this `except`", context.model.actions[action.index()].path);
        found = found.fix(title, Mend::Item(*span));
    }
    Ok(Some(found))
}

fn finding(message: String) -> Finding {
    Finding::new(CODE, Severity::Warning, message).help("name what is meant, or delete it")
}

/// Whether a line takes something of what the role would give of an action.
fn is_cut(algebra: &mut Algebra<'_>, rows: &ExceptRows, action: ActionId, rect: Rect, at: i32) -> Exact<bool> {
    let before = grants(&rows.before, action);
    if rect == Rect::ALL || before.is_empty() {
        return Ok(!before.is_empty());
    }
    let signature = algebra.signature(action);
    for target in WHOEVER {
        let lens = Lens::new(Actor::Holder, target, at);
        let out = algebra.rect(rect, signature, lens)?;
        for grant in before {
            let region = algebra.ungated(grant, lens)?;
            let cut = algebra.and(region, out)?;
            if !algebra.is_empty(cut, lens)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether there could be somebody and something that a `forbid` is true of.
fn applies(algebra: &mut Algebra<'_>, forbid: &ForbidRow, at: i32) -> Exact<bool> {
    let mut signatures: Vec<Signature> = forbid.actions.iter().map(|a| algebra.signature(*a)).collect();
    signatures.sort_unstable();
    signatures.dedup();
    for signature in signatures {
        for target in WHOEVER {
            let lens = Lens::new(Actor::Holder, target, at);
            let actors = algebra.node(forbid.actors, Party::Actor, lens)?;
            let unless = algebra.node(forbid.unless, Party::Actor, lens)?;
            let whom = algebra.minus(actors, unless)?;
            let region = algebra.rect(forbid.rect, signature, lens)?;
            let both = algebra.and(whom, region)?;
            if both == Diagram::TRUE || !algebra.is_empty(both, lens)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn never(model: &Model, forbid: &Forbid) -> Finding {
    let used = |a: ActionId| {
        let signature = model.actions[a.index()].signature;
        (forbid.on.users.is_none() || signature.uses_users()) && (forbid.on.entities.is_none() || signature.uses_entities())
    };
    let why = if forbid.actions.members.is_clear() {
        "there is no action in it"
    } else if !forbid.actions.iter().any(used) {
        "none of its actions is done to all that its `on` restricts"
    } else {
        "its parts exclude one another"
    };
    let finding = finding("this `forbid` can never apply".to_owned()).at(forbid.span, why);
    finding.fix("delete this `forbid`", Mend::Statement(forbid.span))
}
