//! # BW009 a question with too many cases
//!
//! ## What
//! A check asked something that has an exact answer, but more cases than are told apart within the limits: a million nodes of a
//! decision diagram, 4,096 facts, or more than twelve different `contains` tests of one attribute. The answer is unknown, and this
//! note says so.
//!
//! ## Why
//! The absence of a finding means that something was decided. What was not decided must not look the same.
//!
//! ## Example
//! ```bw
//! group odd = email contains "a" or email contains "b"      // ... and eleven more
//! ```
//!
//! ## How to fix
//! Ask for fewer different things in one region: a closed attribute instead of many text tests, a unit or a label instead of a list.

use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW009");

/// That a check could not decide about something: `what` goes on after "whether".
#[must_use]
pub fn undecided(check: Code, what: &str, span: Span) -> Finding {
    Finding::new(CODE, Severity::Note, format!("it is unknown whether {what}: there are too many cases"))
        .at(span, format!("{check} is not decided here"))
        .help("use fewer different tests here: a closed attribute, a unit or a label instead of many texts")
}
