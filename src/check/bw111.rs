//! # BW111 an `ignore` that silences nothing, or says no reason
//!
//! ## What
//! An `ignore CODE "reason"` line stands before a declaration that has no finding of this code, or it gives an empty reason, or it
//! tries to silence an error without which no table can be built. While there is such an error anywhere, not every check has looked,
//! and of other lines it is not said that they silence nothing.
//!
//! ## Why
//! What is no longer needed would hide the next finding of that code. And a reviewer must be able to judge the exception by its
//! reason.
//!
//! ## Example
//! ```bw
//! ignore BW302 "kept for the summer school"
//! profile editor { extends author }           // somebody holds it again
//! ```
//!
//! ## How to fix
//! Delete the line, or give the reason.

use crate::diagnostic::{Code, Finding, Mend, Severity};
use crate::source::Span;
use crate::syntax::ast::Ignore;

/// Its code.
pub const CODE: Code = Code("BW111");

/// Nothing of this code was found in the declaration behind it.
#[must_use]
pub fn silences_nothing(code: &str, span: Span) -> Finding {
    Finding::new(CODE, Severity::Warning, format!("this `ignore` silences no finding of code `{code}`"))
        .at(span, "no longer needed")
        .help("delete the line")
        .fix(format!("delete this `ignore {code}`"), Mend::Statement(span))
}

/// The error cannot be silenced.
#[must_use]
pub fn cannot_silence(code: &str, span: Span) -> Finding {
    Finding::new(CODE, Severity::Warning, format!("a finding of code `{code}` cannot be ignored"))
        .at(span, "silences nothing")
        .help("mend what the finding says: with it no table can be built")
}

/// The reason is empty.
#[must_use]
pub fn without_reason(ignore: &Ignore) -> Finding {
    Finding::new(CODE, Severity::Warning, "this `ignore` gives no reason")
        .at(ignore.reason.span, "empty")
        .help("say why the finding may stand, for the next reader")
}
