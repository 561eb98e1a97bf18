//! # BW101 two accounts with the same login
//!
//! ## What
//! Two `admin` blocks have logins that are equal once they are composed (Unicode NFC) and case-folded. Inactive accounts count.
//!
//! ## Why
//! A runtime finds an account by its login. If two accounts answer to one login, nobody can say whose rights are used.
//!
//! ## Example
//! ```bw
//! admin pat       { role editor }
//! admin pat_smith { login Pat; role editor }
//! ```
//!
//! ## How to fix
//! Give one of them another login, or join the two blocks if they are one person.

use crate::diagnostic::{Code, Finding};
use crate::syntax::ast::Name;

/// Its code.
pub const CODE: Code = Code("BW101");

/// `second` has the login of `first`.
#[must_use]
pub fn finding(folded: &str, first: &Name, second: &Name) -> Finding {
    let differ = first.node != second.node;
    let finding = Finding::fatal(CODE, format!("the login `{folded}` belongs to two accounts"))
        .at(second.span, "the second account with this login")
        .at(first.span, "the first one")
        .help("give one of them a `login` of its own, or join the two blocks if they are one person");
    if differ { finding.note("logins are compared without regard to case") } else { finding }
}
