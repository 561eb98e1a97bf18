//! # BW703 a tier below what the rights need
//!
//! ## What
//! A role declares a tier that does not cover all that the role gives with every feature on; or no tier covers it; or the last tier
//! does not cover `*`. (That it covers every `assign` action goes without saying.)
//!
//! ## Why
//! A tier is what a seat costs. A role that gives more than its tier covers would be sold below its price.
//!
//! ## Example
//! ```bw
//! tier viewer covers view *
//! tier user   covers *
//! role clerk tier viewer { allow courses.edit }
//! ```
//!
//! ## How to fix
//! Declare the tier that is needed, leave the declaration out (it is computed), or take the action away.

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Row;
use crate::model::id::{ActionId, TierId};
use crate::model::{Model, Role, Tier};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW703");

/// Looks at the last tier and at every role that declares one.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let Some(last) = model.tiers.last() else { return };
    let missing: Vec<ActionId> =
        (0..model.actions.len()).map(ActionId::new).filter(|a| !last.covers.contains(a.index())).collect();
    if !missing.is_empty() && !model.incomplete {
        findings.push(last_covers_not_all(model, last, &missing));
    }
    for (role, row) in model.roles.iter().zip(&context.most.rows) {
        let Some(declared) = &role.tier else { continue };
        let above = not_covered(model, declared.node, row);
        if !above.is_empty() {
            findings.push(too_low(model, role, declared.node, &above));
        }
    }
}

fn not_covered(model: &Model, tier: TierId, row: &Row) -> Vec<ActionId> {
    let covers = &model.tiers[tier.index()].covers;
    let mut above: Vec<ActionId> = row.grants.iter().map(|g| g.action).filter(|a| !covers.contains(a.index())).collect();
    above.dedup();
    above
}

fn paths<'m>(model: &'m Model, actions: &'m [ActionId]) -> impl Iterator<Item = &'m str> {
    actions.iter().map(|a| model.actions[a.index()].path.as_str())
}

fn too_low(model: &Model, role: &Role, declared: TierId, above: &[ActionId]) -> Finding {
    let tier = &model.tiers[declared.index()];
    let all = above.iter().copied();
    let needed = model.tiers.iter().find(|t| all.clone().all(|a| t.covers.contains(a.index())));
    let span = role.tier.as_ref().map_or(role.span, |t| t.span);
    let list = quoted_list(paths(model, above), "and");
    Finding::new(CODE, Severity::Error, format!("the role `{}` gives more than its tier `{}` covers", role.name, tier.name))
        .at(span, "declared here")
        .at(tier.span, "what the tier covers")
        .note(format!("not covered: {list}"))
        .help(match needed {
            Some(needed) => format!("declare `tier {}`, or take those actions away", needed.name),
            None => "take those actions away, or let a tier cover them".to_owned(),
        })
}

fn last_covers_not_all(model: &Model, last: &Tier, missing: &[ActionId]) -> Finding {
    let list = quoted_list(paths(model, missing), "and");
    Finding::new(CODE, Severity::Error, format!("the last tier, `{}`, does not cover every action", last.name))
        .at(last.span, "the highest tier")
        .note(format!("not covered: {list}"))
        .help("write `covers *`: what no tier covers could be held by nobody")
}
