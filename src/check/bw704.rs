//! # BW704 a paid seat for free rights
//!
//! ## What
//! A role or profile that somebody holds declares a tier that a quota counts, and all that it gives, with every feature on, is covered by
//! a lower tier that no quota counts.
//!
//! ## Why
//! Each holder takes a seat that has to be paid for, and could do the same without one.
//!
//! ## Example
//! ```bw
//! tier viewer covers view *
//! tier user covers *
//! quota at most 50 tier user
//! profile analyst tier user { allow view reports }     // `viewer` would do
//! ```
//!
//! ## How to fix
//! Declare the lower tier, or leave `tier` out: it is the lowest that covers what the role gives. Nothing, if more rights are to come.

use super::Context;
use super::certain::Holders;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Row;
use crate::model::id::TierId;
use crate::model::{Model, QuotaItem, Role};
use crate::source::Spanned;

/// Its code.
pub const CODE: Code = Code("BW704");

/// Looks at every role that declares a tier.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let counted = |tier: TierId| {
        let mut items = model.quotas.iter().flat_map(|q| &q.of);
        items.any(|item| *item == QuotaItem::Tier(tier))
    };
    if model.incomplete || !model.quotas.iter().any(|q| q.of.iter().any(|i| matches!(i, QuotaItem::Tier(_)))) {
        return;
    }
    let holders = Holders::new(context);
    for (index, (role, row)) in model.roles.iter().zip(&context.most.rows).enumerate() {
        let Some(declared) = role.tier.as_ref().filter(|t| counted(t.node)) else { continue };
        let held = holders.ways(crate::model::id::RoleId::new(index)).next().is_some();
        let mut lower = (0..declared.node.index()).map(TierId::new).filter(|t| !counted(*t));
        if let Some(enough) = lower.find(|t| held && covers(model, *t, row)) {
            findings.push(finding(model, role, declared, enough));
        }
    }
}

fn covers(model: &Model, tier: TierId, row: &Row) -> bool {
    row.grants.iter().all(|g| model.tiers[tier.index()].covers.contains(g.action.index()))
}

fn finding(model: &Model, role: &Role, declared: &Spanned<TierId>, enough: TierId) -> Finding {
    let name = |tier: TierId| model.tiers[tier.index()].name.as_str();
    let kind = if role.profile { "profile" } else { "role" };
    let message = format!(
        "the {kind} `{}` takes a seat of tier `{}`, and gives nothing that `{}` does not cover",
        role.name,
        name(declared.node),
        name(enough)
    );
    Finding::new(CODE, Severity::Note, message)
        .at(declared.span, "a tier that a quota counts")
        .at(model.tiers[enough.index()].span, "covers all that it gives, and is not counted")
        .help(format!("write `tier {}`, unless more rights are to come", name(enough)))
}
