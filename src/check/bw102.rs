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

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
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
    let mut ends = Vec::with_capacity(model.accounts.len());
    let mut all = String::with_capacity(model.accounts.iter().map(|account| account.login.len()).sum());
    for account in &model.accounts {
        skeletons.add(&account.login, &mut all);
        ends.push(all.len());
    }
    let of = |index: usize| &all.as_bytes()[index.checked_sub(1).map_or(0, |before| ends[before])..ends[index]];
    // The first of each skeleton, by its hash: skeletons stand in one text.
    let mut first_of: HashTable<usize> = HashTable::with_capacity(model.accounts.len());
    let mut groups: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for index in 0..model.accounts.len() {
        let hash = FxBuildHasher.hash_one(of(index));
        match first_of.find(hash, |first| of(*first) == of(index)) {
            Some(first) => groups.entry(*first).or_insert_with(|| vec![*first]).push(index),
            None => drop(first_of.insert_unique(hash, index, |index| FxBuildHasher.hash_one(of(*index)))),
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
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

    /// Adds the skeleton of a login to a text. That of ASCII text is its characters' skeletons one after the other.
    fn add(&self, login: &str, text: &mut String) {
        if login.is_ascii() {
            text.extend(login.bytes().map(|byte| self.0[usize::from(byte)].as_str()));
        } else {
            text.extend(skeleton(login));
        }
    }
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
