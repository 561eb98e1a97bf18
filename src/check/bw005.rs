//! # BW005 nested too deeply
//!
//! ## What
//! Braces, parentheses or `not`, or the maps and lists of a YAML file, stand inside each other more than 64 times.
//!
//! ## Why
//! Nobody can read it, and a compiler that followed it without a limit could be made to fail.
//!
//! ## Example
//! ```bw
//! group everybody = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((( country is fi
//! ```
//!
//! ## How to fix
//! Name a part of the condition as a group of its own, or make the tree of labels or units flatter.

use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW005");

/// A bracket too deep.
#[must_use]
pub fn brackets(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("brackets are nested more than {most} times"))
        .at(span, "one too many")
        .help("name a part as a group of its own, or make the tree flatter")
}

/// A `not` too many.
#[must_use]
pub fn nots(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("`not` stands more than {most} times before one condition"))
        .at(span, "one too many")
        .help("two of them cancel each other: take them away in pairs")
}

/// A map or list too deep.
#[must_use]
pub fn collections(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("maps and lists are nested more than {most} times"))
        .at(span, "one too many")
        .help("make the tree flatter")
}

/// How many steps groups may build on one another.
pub const MOST_STEPS: usize = 100;

/// A group that builds on others through too many steps.
#[must_use]
pub fn groups(name: &str, steps: usize, span: Span) -> Finding {
    Finding::fatal(CODE, format!("the group `{name}` builds on other groups through {steps} steps"))
        .at(span, format!("at most {MOST_STEPS} are allowed"))
        .help("define groups by what their members are like, rather than by one another")
}
