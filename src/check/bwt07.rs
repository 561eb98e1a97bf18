//! # BWT07 a change that touches many accounts
//!
//! ## What
//! At least so many percent of all accounts that either policy names gain or lose something, are new, or are gone. Unless another share
//! is asked for (`--many`), it is a quarter of them, and no fewer than ten.
//!
//! ## Why
//! A line that was meant for one role may stand in a group that everybody is in. What touches many deserves a second look, whatever it is.
//!
//! ## Example
//! ```bw
//! users in staff hold reader              // and everybody is `staff`
//! ```
//!
//! ## How to fix
//! Look at what the change does for whom. If it is too much, fence it, or give it to a smaller group.

use crate::diagnostic::{Code, Finding, Severity};
use crate::diff::change::Accounts;

/// Its code.
pub const CODE: Code = Code("BWT07");
/// The share that is many where none is asked for, in percent.
const SHARE: u8 = 25;
/// How many accounts are not many, whatever their share, where none is asked for.
const FEW: usize = 10;

/// A finding where the change touches that share of the accounts, in percent.
#[must_use]
pub fn finding(accounts: Accounts, many: Option<u8>) -> Option<Finding> {
    let Accounts { either, touched, .. } = accounts;
    let share = many.unwrap_or(SHARE);
    let few = many.is_none() && touched < FEW;
    if touched == 0 || few || touched.saturating_mul(100) < either.saturating_mul(usize::from(share)) {
        return None;
    }
    let percent = touched.saturating_mul(100) / either.max(1);
    let message = format!("the change touches {touched} of {either} accounts, {percent} percent of them");
    let note = format!("{share} percent or more are worth a second look");
    Some(Finding::new(CODE, Severity::Warning, message).note(note).help("look at what it does for whom, and fence it if it is too much"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_is_a_share_and_a_number() {
        let accounts = |touched, either| Accounts { before: either, after: either, either, touched };
        assert!(finding(accounts(10, 40), None).is_some());
        assert!(finding(accounts(9, 20), None).is_none(), "few, whatever their share");
        assert!(finding(accounts(10, 41), None).is_none());
        assert!(finding(accounts(1, 20), Some(5)).is_some());
        assert!(finding(accounts(0, 20), Some(0)).is_none());
        assert_eq!(finding(accounts(1, 3), Some(5)).map(|f| f.message), Some("the change touches 1 of 3 accounts, 33 percent of them".to_owned()));
    }
}
