//! # BW207 many who are given everything
//!
//! ## What
//! On some day from today on, more than 5 active accounts are given everything, by one role or by themselves: every declared action,
//! everywhere, without a fence, a condition or an end of its own. Or more than 10 are given privileged actions, wherever: actions of kind
//! `become`, `destroy` or `assign`, and actions that only the last of several tiers covers. What a `forbid` takes away again counts as
//! given. Accounts that the policy does not name cannot be counted. Features are as written.
//!
//! ## Why
//! Each of these accounts is a way into all others. Whether they are needed is worth a look once a year.
//!
//! ## Example
//! ```bw
//! role portal_admin { allow * }                 // and six people who hold it
//! ```
//!
//! ## How to fix
//! Let most of them have a role with what they need. Where a platform needs as many, write `lint BW207 off`.

use super::Context;
use super::holding::{Holding, peak, stretch_text};
use super::privilege::{actions_of, privileged};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Days, Grant, Rect, Row, RowId};
use crate::model::Model;
use crate::model::id::AccountId;
use crate::region::Nodes;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW207");
/// How many accounts may hold everything.
const EVERYTHING: usize = 5;
/// How many accounts may hold privileged actions.
const PRIVILEGED: usize = 10;

/// Counts both.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.actions.iter().all(|a| a.resource.is_none()) {
        return;
    }
    let privileged = privileged(model);
    let (mut all, mut some) = (vec![], vec![]);
    for row in &context.rights.rows {
        all.push(is_everything(model, row));
        some.push(!actions_of(model, row).is_disjoint(&privileged));
    }
    let (mut everything, mut grave) = (vec![], vec![]);
    for rights in &context.rights.accounts {
        for held in &rights.assignments {
            let RowId(row) = held.row;
            let holding = Holding { account: rights.account, days: held.days };
            let free = !context.rights.fences[held.fence.0 as usize].restricted;
            everything.extend((free && all[row as usize]).then_some(holding));
            grave.extend(some[row as usize].then_some(holding));
        }
    }
    let all = peak(&everything, context.at).filter(|(_, holders)| holders.len() > EVERYTHING);
    let some = peak(&grave, context.at).filter(|(_, holders)| holders.len() > PRIVILEGED);
    // Who holds everything is not told twice.
    let some = some.filter(|(_, holders)| all.as_ref().is_none_or(|(_, same)| same != holders));
    let what = [(all, EVERYTHING, "everything"), (some, PRIVILEGED, "privileged actions")];
    for (found, most, words) in what {
        if let Some((days, holders)) = found {
            findings.push(finding(context, words, most, days, &holders));
        }
    }
}

/// Whether a row gives every declared action everywhere.
fn is_everything(model: &Model, row: &Row) -> bool {
    let whole = |g: &&Grant| g.rect == Rect::ALL && g.holes.is_empty() && g.gate == Nodes::TRUE && g.days == Days::ALWAYS;
    let mut given = fixedbitset::FixedBitSet::with_capacity(model.actions.len());
    given.extend(row.grants.iter().filter(whole).map(|g| g.action.index()));
    model.actions.iter().enumerate().all(|(index, action)| action.resource.is_none() || given.contains(index))
}

fn finding(context: &Context<'_>, words: &str, most: usize, days: Days, holders: &[AccountId]) -> Finding {
    let model = context.model;
    let when = stretch_text(days, context.at);
    let message = format!("{} accounts are given {words} {when}, more than {most}", holders.len());
    let names = holders.iter().map(|h| model.accounts[h.index()].block.as_str());
    let finding = Finding::new(CODE, Severity::Warning, message)
        .note(format!("given to {}", quoted_list(names, "and")))
        .help("give those who need less a role that gives less");
    match model.platform.span {
        Some(span) => finding.at(span, "on this platform"),
        None => finding,
    }
}
