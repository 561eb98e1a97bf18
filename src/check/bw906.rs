//! # BW906 a privilege or an exception without a reason
//!
//! ## What
//! An `allow` in an `admin` block gives privileged actions and has no `reason`; or an `exception` has none. Privileged are actions of kind
//! `become`, `destroy` or `assign`, and actions that only the last of several tiers covers. A role that is given needs no reason: what it
//! is for, its name and its documentation say.
//!
//! ## Why
//! Somebody will ask, at the next review at the latest, why this account may do what others may not, and whether it still must.
//!
//! ## Example
//! ```bw
//! admin pat { role analyst; allow accounts.delete }
//! ```
//!
//! ## How to fix
//! Write `reason "..."`: what for, and who agreed to it.

use fixedbitset::FixedBitSet;

use super::Context;
use super::privilege::{paths, privileged};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Account, Model};
use crate::source::Span;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW906");

/// Looks at rights of accounts by themselves, and at exceptions.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let privileged = privileged(model);
    for account in &model.accounts {
        let mut actions = FixedBitSet::with_capacity(model.actions.len());
        let mut lines: Vec<Span> = vec![];
        for allow in account.allows.iter().filter(|a| !is_given(a.reason.as_deref())) {
            let mut some = FixedBitSet::with_capacity(model.actions.len());
            allow.actions.iter().for_each(|a| some.union_with(&model.actions[a.index()].implies));
            if !some.is_disjoint(&privileged) {
                actions.union_with(&some);
                lines.push(allow.span);
            }
        }
        actions.intersect_with(&privileged);
        if !lines.is_empty() {
            findings.push(privilege(model, account, &actions, &lines));
        }
    }
    for exception in model.exceptions.iter().filter(|e| !is_given(e.reason.as_deref())) {
        findings.push(
            Finding::new(CODE, Severity::Warning, format!("the exception `{}` has no reason", exception.name))
                .at(exception.span, "why?")
                .help("write `reason \"...\"`: what for, and who agreed to it"),
        );
    }
}

fn privilege(model: &Model, account: &Account, actions: &FixedBitSet, lines: &[Span]) -> Finding {
    let list = quoted_list(paths(model, actions), "and");
    let message = format!("`{}` is given privileged actions without a reason: {list}", account.block);
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("write `reason \"...\"`: what for, and who agreed to it")
        .alike(&account.block, "accounts are given privileged actions without a reason");
    lines.iter().take(8).fold(finding, |f, span| f.at(*span, "why?"))
}

fn is_given(reason: Option<&str>) -> bool {
    reason.is_some_and(|text| !text.trim().is_empty())
}
