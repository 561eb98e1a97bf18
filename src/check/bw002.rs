//! # BW002 an unclosed brace, parenthesis or quote
//!
//! ## What
//! A `{`, `(` or `"` is opened and never closed, or a `}` or `)` closes nothing. In a YAML file `[` and `'` too.
//!
//! ## Why
//! Without its end nobody can say what belongs to a block. The finding shows where it was opened; what follows is read from the next
//! line that begins a declaration as far to the left.
//!
//! ## Example
//! ```bw
//! role operator {
//!   allow accounts.list
//! role learner { allow courses.list }   // the brace of `operator` is still open
//! ```
//!
//! ## How to fix
//! Close it, or take the superfluous sign away. A text in quotes ends in the line it begins in; a line end inside it is written `\n`,
//! a quote `\"`.

use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW002");

/// A block without its end.
#[must_use]
pub fn brace(open: Span, end: Span) -> Finding {
    Finding::fatal(CODE, "the brace `{` is not closed")
        .at(open, "opened here")
        .at(end, "`}` is missing before this")
        .help("close the block with `}`")
}

/// A condition or list without its end.
#[must_use]
pub fn round(open: Span, end: Span) -> Finding {
    Finding::fatal(CODE, "the parenthesis `(` is not closed")
        .at(open, "opened here")
        .at(end, "`)` is missing before this")
        .help("close it with `)`")
}

/// A text without its end.
#[must_use]
pub fn quote(span: Span) -> Finding {
    Finding::fatal(CODE, "the quote `\"` is not closed")
        .at(span, "opened here")
        .help("close the text with `\"` in the same line; inside it a quote is written `\\\"`, a line end `\\n`")
}

/// A brace or parenthesis that closes nothing.
#[must_use]
pub fn stray(sign: char, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{sign}` closes nothing"))
        .at(span, "")
        .help(format!("take it away, or open its block with `{}`", if sign == ')' { '(' } else { '{' }))
}

/// A text in a YAML file without its end.
#[must_use]
pub fn yaml_quote(open: Span) -> Finding {
    Finding::fatal(CODE, "the quote is not closed").at(open, "opened here").help(
        "close the text with the quote that opens it; inside `\"...\"` a quote is written `\\\"`, inside `'...'` twice",
    )
}

/// A map or list in brackets without its end.
#[must_use]
pub fn yaml_bracket(sign: char, open: Span, end: Option<Span>) -> Finding {
    let close = if sign == '[' { ']' } else { '}' };
    let finding = Finding::fatal(CODE, format!("the bracket `{sign}` is not closed, or a comma is missing in it"))
        .at(open, "opened here");
    let finding = match end {
        Some(end) => finding.at(end, format!("`,` or `{close}` is missing before this")),
        None => finding,
    };
    finding
        .help(format!("close it with `{close}`; a text that has brackets, commas or `: ` inside is written in quotes"))
}
