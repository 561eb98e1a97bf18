//! # BW507 an ungrantable role is granted
//!
//! ## What
//! `assigns`, or an action `assign.ROLE`, names a role that is declared `ungrantable`. Where it is said that somebody may not do it (`never`,
//! and `cannot` in a test), it may be named: that is true.
//!
//! ## Why
//! Such a role has no action that gives it: nobody can be allowed to. It changes hands only by a `transfer` that a reviewer sees.
//!
//! ## Example
//! ```bw
//! role owner ungrantable { allow * }
//! role admin { assigns owner }
//! ```
//!
//! ## How to fix
//! Take the role out of `assigns`; `assigns *` leaves it out by itself.

use crate::diagnostic::{Code, Finding, Mend};
use crate::source::Span;
use crate::syntax::ast::Name;

/// Its code.
pub const CODE: Code = Code("BW507");

/// The role is named where roles are given.
#[must_use]
pub fn ungrantable(role: &Name, declared: Option<Span>) -> Finding {
    let finding = Finding::fatal(CODE, format!("the role `{}` is `ungrantable`, so nobody can assign it", role.node))
        .at(role.span, "assigned here");
    let finding = match declared {
        Some(span) => finding.at(span, "declared `ungrantable`"),
        None => finding,
    };
    finding
        .help("leave it out; `assigns *` means every role but the ungrantable ones")
        .fix(format!("leave `{}` out", role.node), Mend::Item(role.span))
}
