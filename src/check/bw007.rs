//! # BW007 something over the limits
//!
//! ## What
//! A name or a value has more than 1,024 bytes, a title or a reason more than 65,536, a line more than one million, a declaration more
//! than sixteen million, or a file more than two thousand million; or the
//! aliases of a YAML file repeat more than 100,000 nodes and bytes.
//!
//! ## Why
//! No policy that people review has such names or lines. A limit keeps a broken or hostile file from exhausting the machine.
//!
//! ## Example
//! ```bw
//! label northern_northern_northern_northern_northern_northern_northern_northern   // and so on
//! ```
//!
//! ## How to fix
//! Shorten the name. Break the line: after a comma it may go on in the next one. Lists of people come from a file: `admins from "people.csv"`.

use super::bw003::shown;
use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW007");

/// The longest name or value, in bytes.
pub const NAME: usize = 1_024;
/// The longest title or reason, in bytes.
pub const TEXT: usize = 65_536;
/// The longest file, in bytes.
pub const FILE: usize = 2_000_000_000;

/// A line that is too long.
#[must_use]
pub fn line(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("the line has more than {most} bytes"))
        .at(span, "begins here")
        .help("break it: after a comma a statement goes on in the next line")
}

/// A declaration that is too long.
#[must_use]
pub fn declaration(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("the declaration has more than {most} bytes"))
        .at(span, "begins here")
        .help("split it, or look for a brace that is not closed")
}

/// A file that is too long.
#[must_use]
pub fn text(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("the file has more than {most} bytes"))
        .at(span, "")
        .help("split it into several files of one folder")
}

/// Aliases that repeat too much.
#[must_use]
pub fn aliases(span: Span, most: usize) -> Finding {
    Finding::fatal(CODE, format!("the aliases of this file repeat more than {most} values and bytes"))
        .at(span, "one too many")
        .help("write it out, or name it once as a role, a group or a label and refer to that")
}

/// A name, value or text that is too long; `first` is its first character.
#[must_use]
pub fn long(what: &str, text: &str, most: usize, first: Span) -> Finding {
    Finding::fatal(CODE, format!("the {what} `{}` is too long", shown(text)))
        .at(first, "begins here")
        .note(format!("it has {} bytes; at most {most} are allowed", text.len()))
        .help("shorten it")
}
