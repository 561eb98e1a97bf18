//! # BW306 an action without the action that it needs
//!
//! ## What
//! A role gives an action that `needs` another, by itself or through what it needs, and does not give that other one at all: neither in
//! its own lines nor in what it extends. One finding for each role and each missing action. Where a role merely inherits the gap, it is
//! told at the role that it comes from. The rights of an account by itself are judged together with all that the account holds. Every
//! feature is taken as on; fences, gates and days are not compared.
//!
//! ## Why
//! A prerequisite is not given silently. Who may start a broadcast but not see it has a right that does not work, and a reviewer
//! cannot tell what the role is for. A holder may have the missing action by another role today; the role is wrong all the same.
//!
//! ## Example
//! ```bw
//! resource broadcasts { view list; write start needs list }
//! role starter { allow broadcasts.start }
//! ```
//!
//! ## How to fix
//! Give the missing action in the same role, or take `needs` away if the action makes sense without it.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::Context;
use super::privilege::{actions_of, actions_of_roles, listed};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::RowId;
use crate::model::id::ActionId;
use crate::model::{Allow, Model};
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW306");

/// The actions that are given without it, by the missing action.
type Gaps = BTreeMap<ActionId, Vec<ActionId>>;

/// Looks at every role, and at rights of accounts by themselves.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete || model.actions.iter().all(|a| a.needs.is_empty()) {
        return;
    }
    let needs: Vec<FixedBitSet> = (0..model.actions.len()).map(|a| needed_by(model, a)).collect();
    let given = actions_of_roles(context);
    let gaps: Vec<Gaps> = given.iter().map(|actions| gaps_of(&needs, actions, actions)).collect();
    for (index, role) in model.roles.iter().enumerate() {
        for (missing, mut without) in gaps[index].clone() {
            let inherited = |a: &ActionId| {
                role.extends.iter().any(|e| gaps[e.role.index()].get(&missing).is_some_and(|some| some.contains(a)))
            };
            without.retain(|a| !inherited(a));
            if !without.is_empty() {
                let words = format!("the {} `{}` gives", if role.profile { "profile" } else { "role" }, role.name);
                let giver = Giver { words, span: role.span, lines: &role.allows };
                findings.push(finding(model, &giver, &without, missing));
            }
        }
    }
    for (account, rights) in model.accounts.iter().zip(&context.most.accounts).filter(|(a, _)| !a.allows.is_empty()) {
        let (mut own, mut all) = (FixedBitSet::with_capacity(needs.len()), FixedBitSet::with_capacity(needs.len()));
        for RowId(row) in rights.assignments.iter().map(|a| a.row) {
            match given.get(row as usize) {
                Some(actions) => all.union_with(actions),
                None => own.union_with(&actions_of(model, &context.most.rows[row as usize])),
            }
        }
        all.union_with(&own);
        for (missing, without) in gaps_of(&needs, &own, &all) {
            let words = format!("the account `{}` has", account.block);
            let giver = Giver { words, span: account.span, lines: &account.allows };
            findings.push(finding(model, &giver, &without, missing));
        }
    }
}

/// All that an action needs, by itself or through what it needs.
fn needed_by(model: &Model, action: usize) -> FixedBitSet {
    let mut needed = FixedBitSet::with_capacity(model.actions.len());
    let mut stack = model.actions[action].needs.clone();
    while let Some(next) = stack.pop() {
        if !needed.put(next.index()) {
            stack.extend(&model.actions[next.index()].needs);
        }
    }
    needed
}

/// What these actions need and all of them together do not have.
fn gaps_of(needs: &[FixedBitSet], actions: &FixedBitSet, all: &FixedBitSet) -> Gaps {
    let mut gaps = Gaps::new();
    for action in listed(actions) {
        for missing in needs[action.index()].difference(all) {
            gaps.entry(ActionId::new(missing)).or_default().push(action);
        }
    }
    gaps
}

/// A role, or an account with rights of its own.
struct Giver<'m> {
    /// "the role `a` gives", "the account `a` has".
    words: String,
    span: Span,
    lines: &'m [Allow],
}

fn finding(model: &Model, giver: &Giver<'_>, without: &[ActionId], missing: ActionId) -> Finding {
    let path = &model.actions[missing.index()].path;
    let list = quoted_list(without.iter().map(|a| model.actions[a.index()].path.as_str()), "and");
    let need = if without.len() == 1 { "it needs" } else { "they need" };
    let message = format!("{} {list} without `{path}`, which {need}", giver.words);
    let mut finding = Finding::new(CODE, Severity::Warning, message);
    if let Some(line) = giver.lines.iter().find(|l| without.iter().any(|a| gives(model, l, *a))) {
        finding = finding.at(line.span, "given here");
    }
    finding = finding.at(giver.span, format!("without `{path}`"));
    let directly = without.iter().map(|a| &model.actions[a.index()]).find(|a| a.needs.contains(&missing));
    if let Some(action) = directly {
        finding = finding.at(action.span, format!("needs `{path}`"));
    }
    finding.help(format!("add `allow {path}`, or take {list} away"))
}

/// Whether a line gives an action, by itself or through what it implies.
fn gives(model: &Model, line: &Allow, action: ActionId) -> bool {
    !line.actions.members.is_disjoint(&model.actions[action.index()].implied_by)
}
