//! # BW106 a name declared twice
//!
//! ## What
//! Two declarations give the same name to two things of one namespace: two roles (or a role and a profile), two groups (or a group
//! and a unit or relation), two actions of one resource, two admins, two values of an attribute, two `platform` blocks; or a
//! declaration takes a name that the language needs itself.
//!
//! ## Why
//! A line that uses the name could mean either, and the reader of one file does not see the other.
//!
//! ## Example
//! ```bw
//! role editor { allow courses.edit }
//! role editor { allow reports.open }
//! ```
//!
//! ## How to fix
//! Rename one of them, or join the two declarations into one.

use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW106");

/// The same name at two places.
#[must_use]
pub fn finding(what: &str, name: &str, first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, format!("the {what} `{name}` is declared twice"))
        .at(second, "declared again")
        .at(first, "first declared here")
        .help("rename one of them, or join the two into one")
}

/// One name for a group, unit or relation and for another of them.
#[must_use]
pub fn shared(kinds: &str, name: &str, first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, format!("`{name}` names {kinds}, and a line that says `{name}` could mean either"))
        .at(second, "the second of this name")
        .at(first, "the first one")
        .help("rename one of them: groups, units and relations share their names")
}

/// A second `platform` block.
#[must_use]
pub fn second_platform(first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, "a policy is for one platform, and this is the second")
        .at(second, "the second platform")
        .at(first, "the first one")
        .help("keep one `platform` block; another platform is another policy, in a folder of its own")
}

/// A name that the language uses itself.
#[must_use]
pub fn reserved(what: &str, name: &str, span: Span, used_for: &str) -> Finding {
    Finding::fatal(CODE, format!("no {what} can be called `{name}`"))
        .at(span, format!("already the name of {used_for}"))
        .help("choose another name")
}
