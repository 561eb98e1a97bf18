//! # BW102 logins that look alike
//!
//! ## What
//! Two accounts have logins that are written differently and look the same, or nearly so: letters of different scripts, `rn` and `m`, `l`
//! and `1`. Logins are compared folded, as everywhere, by their skeletons of the Unicode standard (UTS 39). Inactive accounts count.
//!
//! ## Why
//! Whoever gives a right, or reads in a log who used it, takes one account for the other; and who wants to be taken for somebody else
//! chooses such a login.
//!
//! ## Example
//! ```bw
//! admin pat { login pavel }
//! admin eve { login pаvel }                     // the second letter is Cyrillic
//! ```
//!
//! ## How to fix
//! Give one of the accounts another login.

use rustc_hash::FxHashMap;
use unicode_security::skeleton;

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, NAMED, Severity};
use crate::model::{Account, Model};

/// Its code.
pub const CODE: Code = Code("BW102");

/// Looks at all logins.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let mut first_of: FxHashMap<String, usize> = FxHashMap::default();
    let mut groups: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (index, account) in model.accounts.iter().enumerate() {
        let first = *first_of.entry(skeleton(&account.login).collect()).or_insert(index);
        if first != index {
            groups.entry(first).or_insert_with(|| vec![first]).push(index);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_unstable();
    for group in groups {
        findings.push(finding(model, &group));
    }
}

fn finding(model: &Model, group: &[usize]) -> Finding {
    let accounts: Vec<&Account> = group.iter().map(|index| &model.accounts[*index]).collect();
    let mut names: Vec<String> = accounts.iter().take(NAMED).map(|a| format!("`{}`", a.login_written.node)).collect();
    if group.len() > NAMED {
        names.push(format!("{} more", group.len() - NAMED));
    }
    let last = names.pop().unwrap_or_default();
    let message = format!("the logins {} and {last} look alike", names.join(", "));
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("give one of the accounts a login that nobody takes for another's");
    accounts.iter().rev().take(NAMED).fold(finding, |f, account| {
        f.at(account.login_written.span, spelt(&account.login))
    })
}

/// What tells a login from another: the characters of it that are not ASCII, by their numbers.
fn spelt(login: &str) -> String {
    let odd: Vec<String> =
        login.chars().filter(|c| !c.is_ascii()).take(4).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    if odd.is_empty() { "in ASCII alone".to_owned() } else { format!("with {}", odd.join(", ")) }
}
