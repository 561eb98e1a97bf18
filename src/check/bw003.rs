//! # BW003 a bad character, a bad escape or an empty name
//!
//! ## What
//! A character that the language does not use, an escape that stands for nothing, or a name that is empty; in a YAML file, a tab that
//! indents.
//!
//! ## Why
//! A character that nobody sees, in a name or a value, would make two different things look alike.
//!
//! ## Example
//! ```bw
//! role "back\slash" { allow courses.list }   // `\s` stands for nothing
//! ```
//!
//! ## How to fix
//! The escapes are `\"`, `\\`, `\n` and `\u{1F600}`. A name with any other character than letters, digits, `_` and `-` is written in
//! quotes.

use crate::diagnostic::{Code, Finding, Mend};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW003");

/// An escape that stands for nothing.
#[must_use]
pub fn escape(text: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no escape", shown(text)))
        .at(span, "")
        .help("the escapes are `\\\"`, `\\\\`, `\\n` and `\\u{...}` with the number of a character")
}

/// A character that stands for nothing.
#[must_use]
pub fn character(c: char, span: Span) -> Finding {
    let finding = Finding::fatal(CODE, format!("the character {} cannot stand here", named(c))).at(span, "");
    match c {
        '\u{a0}' | '\u{2000}'..='\u{200d}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}' => {
            let fix = Mend::Words(span, " ".to_owned());
            finding.help("it looks like a blank, or like nothing, and is none: write a plain blank").fix("write a blank", fix)
        }
        '\u{2018}'..='\u{201f}' | '\'' | '`' | '\u{ab}' | '\u{bb}' => {
            finding.help("texts and unusual names stand in plain double quotes: `\"`")
        }
        _ if c.is_control() => finding.help(format!(
            "take it away; where it is meant, quotes and an escape show it: `\\u{{{:x}}}`",
            u32::from(c)
        )),
        '#' => finding.help("a comment begins with `//`").fix("write `//`", Mend::Words(span, "//".to_owned())),
        _ => finding.help("a name with unusual characters is written in quotes"),
    }
}

/// A name without a letter.
#[must_use]
pub fn empty(span: Span) -> Finding {
    Finding::fatal(CODE, "a name cannot be empty").at(span, "").help("write at least one character between the quotes")
}

/// A character as people can read it: control characters by number.
fn named(c: char) -> String {
    if c.is_control() || c.is_whitespace() || ('\u{200b}'..='\u{200f}').contains(&c) || c == '\u{feff}' {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("`{c}` (U+{:04X})", u32::from(c))
    }
}

/// At most thirty characters of a text, none of which could disturb a terminal.
#[must_use]
pub fn shown(text: &str) -> String {
    const MOST: usize = 30;
    let clean = |c: char| match c {
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        _ if c.is_control() => '\u{fffd}',
        _ => c,
    };
    let mut shown: String = text.chars().take(MOST).map(clean).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push_str("...");
    }
    shown
}

/// An escape that stands for nothing in a YAML text.
#[must_use]
pub fn yaml_escape(span: Span) -> Finding {
    Finding::fatal(CODE, "this is no escape").at(span, "").help(
        "in double quotes a `\\` begins an escape such as `\\n` or `\\u00e4`: double it, or write the text in single quotes",
    )
}

/// A tab that YAML does not take as a blank.
#[must_use]
pub fn tab(span: Span) -> Finding {
    Finding::fatal(CODE, "a tab cannot stand here")
        .at(span, "")
        .help("YAML is indented by blanks: write two for each level")
}
