//! # BW307 a role that breaks its own `never`
//!
//! ## What
//! A role says `never A on S`, and gives an action of A on something in S: by a line of its own, by a role that it extends, or because
//! an action implies it. Every feature is taken as on and every condition on the actor as met, and all days from today on are looked
//! at. The finding names every such action, the lines that give it, and a target.
//!
//! ## Why
//! `never` in a role is a promise about the role alone. It takes nothing away: what the lines give, the holders have.
//!
//! ## Example
//! ```bw
//! role author  { allow courses }
//! role manager { extends author; never courses.create }
//! ```
//!
//! ## How to fix
//! Take the action out (`except courses.create`), fence the line that gives it, or take the promise back. Where nobody who holds the
//! role may do it at all, by whatever way, write a `forbid ... for holders of manager` instead.

use super::lines::{MOST_NAMED, all_named, lines, named, shown};
use super::{Context, bw009};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Target};
use crate::dates::date_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Asserted, AssertedRow, Grant, RowId};
use crate::model::Except;
use crate::model::id::{ActionId, RoleId};

/// Its code.
pub const CODE: Code = Code("BW307");

/// An action that the role gives all the same: where, in words, unless everywhere.
struct Offence<'r> {
    action: ActionId,
    grants: Vec<&'r Grant>,
    on: Option<String>,
    day: i32,
}

/// Looks at every `never` of a role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    for asserted in &context.most.asserted {
        let Asserted::Never(role, index) = asserted.what else { continue };
        let never = &context.model.roles[role.index()].nevers[index];
        match offences(context, role, asserted) {
            Ok(offences) if offences.is_empty() => {}
            Ok(offences) => findings.push(finding(context, role, never, &offences)),
            Err(_) => findings.push(bw009::undecided(CODE, "the role keeps this promise", never.span)),
        }
    }
}

fn offences<'c>(context: &'c Context<'_>, role: RoleId, asserted: &AssertedRow) -> Exact<Vec<Offence<'c>>> {
    let row = &context.most.rows[role.index()];
    let mut found = vec![];
    for action in &asserted.actions {
        let at = context.at;
        let given: Vec<&Grant> = grants(&row.grants, *action).iter().filter(|g| g.days.until >= at).collect();
        if !given.is_empty() {
            found.extend(offence(&mut context.algebra_of_most(), role, asserted, *action, given, at)?);
        }
    }
    Ok(found)
}

fn offence<'r>(
    algebra: &mut Algebra<'_>,
    role: RoleId,
    asserted: &AssertedRow,
    action: ActionId,
    given: Vec<&'r Grant>,
    at: i32,
) -> Exact<Option<Offence<'r>>> {
    let signature = algebra.signature(action);
    let mut grants = vec![];
    for grant in given {
        if meets(algebra, grant, asserted, at)? {
            grants.push(grant);
        }
    }
    if grants.is_empty() {
        return Ok(None);
    }
    for day in algebra.moments_of(grants.iter().map(|g| g.days), at) {
        for target in algebra.targets(signature, Actor::Holder) {
            let lens = Lens::new(Actor::Holder, target, day);
            let rect = algebra.rect(asserted.rect, signature, lens)?;
            let region = algebra.row(RowId(role.0), action, lens)?;
            let both = algebra.and(region, rect)?;
            if let Some(witness) = algebra.witness(both, signature, lens)? {
                let actor = witness.actor_text.filter(|text| text != "somebody").map(|text| format!(", for {text}"));
                let on = (both != Diagram::TRUE).then(|| witness.text + actor.as_deref().unwrap_or_default());
                return Ok(Some(Offence { action, grants, on, day }));
            }
        }
    }
    Ok(None)
}

/// Whether the grant reaches into what is promised, whatever target there could be, on whatever day. Mostly it does not, and nothing
/// more is to be asked.
fn meets(algebra: &mut Algebra<'_>, grant: &Grant, asserted: &AssertedRow, at: i32) -> Exact<bool> {
    let signature = algebra.signature(grant.action);
    for target in [Target::Anyone, Target::Myself] {
        let lens = Lens::new(Actor::Holder, target, at);
        let rect = algebra.rect(asserted.rect, signature, lens)?;
        let region = algebra.ungated(grant, lens)?;
        let both = algebra.and(region, rect)?;
        if !algebra.is_empty(both, lens)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn finding(context: &Context<'_>, role: RoleId, never: &Except, offences: &[Offence<'_>]) -> Finding {
    let model = context.model;
    let name = &model.roles[role.index()].name;
    let actions: Vec<ActionId> = offences.iter().map(|o| o.action).collect();
    let message = format!("`{name}` gives {}, against its own `never`", named(model, &actions));
    let mut finding = Finding::new(CODE, Severity::Error, message).at(never.span, "promised here");
    finding = shown(finding, model, lines(context.most, offences.iter().flat_map(|o| o.grants.iter().copied())));
    if actions.len() > MOST_NAMED {
        finding = finding.note(format!("all of them: {}", all_named(model, &actions)));
    }
    let day = |day: i32| if day == context.at { String::new() } else { format!(", from {} on", date_text(day)) };
    if let Some((offence, text)) = offences.iter().find_map(|o| Some((o, o.on.as_ref()?))) {
        let path = &model.actions[offence.action.index()].path;
        finding = finding.note(format!("for example `{path}` on {text}{}", day(offence.day)));
    } else if let Some(later) = offences.iter().find(|o| o.day != context.at) {
        finding = finding.note(format!("`{}`{}", model.actions[later.action.index()].path, day(later.day)));
    }
    finding.help("take it out with `except`, fence the line that gives it, or take the promise back")
}
