//! # BW101 two accounts with the same login
//!
//! ## What
//! Two `admin` blocks, two rows of tables, or a block and a row have logins that are equal once they are composed (Unicode NFC) and
//! case-folded. Inactive accounts count.
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
//! Give one of them another login. If they are one person, join the two blocks, or keep one of the rows.

use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW101");

/// What the two accounts are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Two `admin` blocks.
    Blocks,
    /// An `admin` block and a row of a table.
    BlockAndRow,
    /// Two rows.
    Rows,
}

/// `second` has the login of `first`.
#[must_use]
pub fn finding(folded: &str, first: (&str, Span), second: (&str, Span), written: Written) -> Finding {
    let differ = first.0 != second.0;
    let help = match written {
        Written::Blocks => "give one of them a `login` of its own, or join the two blocks if they are one person",
        Written::BlockAndRow => {
            "if they are one person, keep the block or the row; otherwise give one of them another login"
        }
        Written::Rows => "if they are one person, keep one of the two rows; otherwise give one of them another login",
    };
    let finding = Finding::fatal(CODE, format!("the login `{folded}` belongs to two accounts"))
        .at(second.1, "the second account with this login")
        .at(first.1, "the first one")
        .help(help);
    if differ { finding.note("logins are compared without regard to case") } else { finding }
}
