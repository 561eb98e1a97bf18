//! # BW311 a right given to an account by itself
//!
//! ## What
//! An `admin` block has an `allow` of its own, whatever its dates and its reason.
//!
//! ## Why
//! A role says once what everybody in it may do; it is read, reviewed and taken away as one. Rights of single accounts are forgotten,
//! and the next person in the same place gets others.
//!
//! ## Example
//! ```bw
//! admin pat { role analyst; allow reports.schedule }
//! ```
//!
//! ## How to fix
//! Put the right into a role and give the role, with an `on` where it is to be narrow. If the right is meant for this account alone,
//! give it a `reason` and an `until`, and write `ignore BW311 "..."` before the block.

use super::Context;
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Account, Model};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW311");
/// How many lines of one block are shown.
const MOST_SHOWN: usize = 8;

/// Looks at every account.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut crowd = Crowd::new(context.model);
    for account in context.model.accounts.iter().filter(|a| !a.allows.is_empty()) {
        crowd.tell(account, (), || finding(context.model, account));
    }
    crowd.finish(findings);
}

fn finding(model: &Model, account: &Account) -> Finding {
    let mut actions: Vec<_> = account.allows.iter().flat_map(|allow| allow.actions.iter()).collect();
    actions.sort_unstable();
    actions.dedup();
    let list = quoted_list(actions.iter().map(|a| model.actions[a.index()].path.as_str()), "and");
    let message = format!("`{}` has rights by itself, not by a role: {list}", account.block);
    let mut lines: Vec<_> = account.allows.iter().map(|allow| allow.span).collect();
    lines.sort_unstable();
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("put them into a role and give that, so that they are reviewed and taken away together")
        .alike(&account.block, "accounts have rights by themselves, not by a role");
    lines.into_iter().take(MOST_SHOWN).fold(finding, |f, span| f.at(span, "given to this account alone"))
}
