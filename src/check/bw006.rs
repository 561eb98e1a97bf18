//! # BW006 said twice where once is allowed
//!
//! ## What
//! A statement, or a part of one, stands twice where only one can hold: two `scope` lines in a block, two logins, two `until` on one
//! line, two `lint` lines for one code, a key that its map in a YAML file has twice.
//!
//! ## Why
//! If one of them silently won, the other would still be read by people as if it held.
//!
//! ## Example
//! ```bw
//! role operator {
//!   scope users in finland
//!   scope users in sweden
//!   allow accounts.list
//! }
//! ```
//!
//! ## How to fix
//! Keep one of them. To allow either of two sets, list them with a comma; to fence by both, nest the fences or name a group that
//! joins them with `and`.

use super::bw003::shown;
use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW006");

/// `word` was said before.
#[must_use]
pub fn twice(word: &str, first: Span, second: Span) -> Finding {
    let help = match word {
        "scope" => "keep one: join the sets with a comma to allow either, or nest the fences to need both",
        "on" => "keep one `on`: its sets are joined by commas, its two parts by `and`",
        "when" => "keep one `when`: its conditions are joined by `and`",
        "labels" | "relation" | "role" => "keep one: what it lists is joined by commas",
        _ => "keep one of them",
    };
    said_twice(word, first, second).help(help)
}

/// A key that its map has twice.
#[must_use]
pub fn key_twice(key: &str, first: Span, second: Span) -> Finding {
    said_twice(key, first, second)
        .help("keep one: what there is to say stands below one key, several statements as a list")
}

fn said_twice(word: &str, first: Span, second: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` is said twice", shown(word)))
        .at(second, "the second time")
        .at(first, "the first time")
}
