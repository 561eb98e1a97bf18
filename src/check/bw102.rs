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

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;
use unicode_security::skeleton;

use super::Context;
use crate::diagnostic::{Code, Finding, Findings, NAMED, Severity};
use crate::model::{Account, Model};

/// Its code.
pub const CODE: Code = Code("BW102");

/// Looks at all logins.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let skeletons = Skeletons::new();
    let mut text = String::new();
    // Beside the hash of its skeleton the number of each account; what is alike stands together.
    let mut all: Vec<(u32, u32)> = (0..)
        .zip(&model.accounts)
        .map(|(index, account)| {
            skeletons.write(&account.login, &mut text);
            (short(FxBuildHasher.hash_one(text.as_str())), index)
        })
        .collect();
    all.sort_unstable();
    let mut groups: Vec<Vec<usize>> = vec![];
    for same in all.chunk_by(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1) {
        let mut by_skeleton: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (_, index) in same {
            skeletons.write(&model.accounts[*index as usize].login, &mut text);
            by_skeleton.entry(text.clone()).or_default().push(*index as usize);
        }
        groups.extend(by_skeleton.into_values().filter(|group| group.len() > 1));
    }
    groups.sort_unstable();
    for group in groups {
        findings.push(finding(model, &group));
    }
}

/// The skeletons of ASCII characters, so that most logins need no other table.
struct Skeletons(Vec<String>);

impl Skeletons {
    fn new() -> Self {
        Self((0..128_u8).map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0; 4])).collect()).collect())
    }

    /// Puts the skeleton of a login in a text. That of ASCII text is its characters' skeletons one after the other.
    fn write(&self, login: &str, text: &mut String) {
        text.clear();
        if login.is_ascii() {
            text.extend(login.bytes().map(|byte| self.0[usize::from(byte)].as_str()));
        } else {
            text.extend(skeleton(login));
        }
    }
}

/// Half of the bits of a hash: few are alike in these that are not in all.
const fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn finding(model: &Model, group: &[usize]) -> Finding {
    let accounts: Vec<&Account> = group.iter().map(|index| &model.accounts[*index]).collect();
    let mut names: Vec<String> = accounts.iter().take(NAMED).map(|a| format!("`{}`", a.login_written().0)).collect();
    if group.len() > NAMED {
        names.push(format!("{} more", group.len() - NAMED));
    }
    let last = names.pop().unwrap_or_default();
    let message = format!("the logins {} and {last} look alike", names.join(", "));
    let finding = Finding::new(CODE, Severity::Warning, message)
        .help("give one of the accounts a login that nobody takes for another's");
    accounts.iter().rev().take(NAMED).fold(finding, |f, account| {
        f.at(account.login_written().1, spelt(&account.login))
    })
}

/// What tells a login from another: the characters of it that are not ASCII, by their numbers.
fn spelt(login: &str) -> String {
    let odd: Vec<String> =
        login.chars().filter(|c| !c.is_ascii()).take(4).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    if odd.is_empty() { "in ASCII alone".to_owned() } else { format!("with {}", odd.join(", ")) }
}
