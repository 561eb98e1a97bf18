//! # BW112 two accounts with one id
//!
//! ## What
//! Two accounts have the same `id`, the number under which the organisation knows a person. Inactive accounts count. What is compared is
//! the text as it is written (NFC).
//!
//! ## Why
//! An id stands for one person: a scope `id "E-1017"`, an import and a report would each mean both.
//!
//! ## Example
//! ```bw
//! admin aino { id "E-1017"; role editor }
//! admin bo   { id "E-1017"; role editor }
//! ```
//!
//! ## How to fix
//! Correct one of the ids; where both accounts are the same person's, keep one account.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Account;
use crate::text::nfc;

/// Its code.
pub const CODE: Code = Code("BW112");

/// Looks at every id once.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut first: FxHashMap<String, &Account> = FxHashMap::default();
    for account in &context.model.accounts {
        let Some(id) = &account.id else { continue };
        match first.entry(nfc(&id.node)) {
            Entry::Vacant(entry) => drop(entry.insert(account)),
            Entry::Occupied(entry) => findings.push(same(entry.get(), account)),
        }
    }
}

fn same(one: &Account, other: &Account) -> Finding {
    let place = |account: &Account| account.id.as_ref().map_or(account.span, |id| id.span);
    let id = other.id.as_ref().map_or("", |id| id.node.as_str());
    Finding::new(CODE, Severity::Error, format!("`{}` has the id `{id}`, as `{}` has", other.block, one.block))
        .at(place(other), "the same id")
        .at(place(one), format!("`{}` has it", one.block))
        .help("correct one of them; an id stands for one person")
}
