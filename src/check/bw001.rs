//! # BW001 an unexpected or missing word
//!
//! ## What
//! A statement has a word, a sign or an end where the language has something else. In a YAML file: an unknown key, a list where a map
//! belongs (or the reverse), or something of YAML that a policy does not use, such as a tag or a second document.
//!
//! ## Why
//! What cannot be read cannot be granted or forbidden: the whole statement is left out and no table is written.
//!
//! ## Example
//! ```bw
//! role operator { alow accounts.list }   // did you mean `allow`?
//! ```
//!
//! ## How to fix
//! Write one of the words that the finding lists. A name that is one of the language's reserved words (`and`, `or`, `not`, `is`,
//! `in`, `own`, `self`, `except`, `on`, `view`, `write`, `destroy`, `become`, `assign`) is written in quotes.

pub use super::bw003::shown;
use crate::diagnostic::{Code, Finding, Mend};
use crate::source::Span;
use crate::text::did_you_mean;

/// Its code.
pub const CODE: Code = Code("BW001");

/// Something else is wanted where `found` stands.
#[must_use]
pub fn unexpected(found: &str, expected: &str, span: Span) -> Finding {
    let message =
        if expected.is_empty() { format!("unexpected {found}") } else { format!("expected {expected}, found {found}") };
    Finding::fatal(CODE, message).at(span, "")
}

/// A line at the top that begins no declaration.
#[must_use]
pub fn no_declaration(found: &str, span: Span) -> Finding {
    unexpected(found, "a declaration", span)
}

/// An `ignore` or a `///` that nothing follows.
#[must_use]
pub fn ignore_alone(span: Span) -> Finding {
    Finding::fatal(CODE, "no declaration follows this `ignore`")
        .at(span, "")
        .help("write it in the line before the declaration that it speaks of")
}

/// A statement that no rule can say more about.
#[must_use]
pub fn unreadable(found: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("{found} begins no statement that can be read here")).at(span, "")
}

/// A target that is an account and something else.
#[must_use]
pub fn account_alone(account: Span, other: Span) -> Finding {
    Finding::fatal(CODE, "`account` stands alone in a target")
        .at(account, "already the entity and the user at once")
        .at(other, "a further part")
        .help("write either `account { ... }`, or `entity { ... } and user { ... }`")
}

/// Something that YAML, or the YAML form of a policy, has no use for.
#[must_use]
pub fn yaml(message: impl Into<String>, span: Span) -> Finding {
    Finding::fatal(CODE, message).at(span, "")
}

/// A key that its map does not have.
#[must_use]
pub fn unknown_key(key: &str, what: &str, known: &[&str], span: Span) -> Finding {
    let near = did_you_mean(key, known.iter().copied());
    let help = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its keys are {}", list(known)),
    };
    let finding = Finding::fatal(CODE, format!("{what} has no key `{}`", shown(key))).at(span, "").help(help);
    word_meant(finding, span, &near)
}

/// Says that another of the language's own words was meant, where one alone comes near.
#[must_use]
pub fn word_meant(finding: Finding, span: Span, near: &[&str]) -> Finding {
    match near {
        [one] => finding.fix(format!("write `{one}`"), Mend::Words(span, (*one).to_owned())),
        _ => finding,
    }
}

/// A key that its map must have.
#[must_use]
pub fn missing_key(key: &str, what: &str, example: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("{what} without the key `{key}`")).at(span, "").help(format!("write `{example}`"))
}

/// A map, a list or a text where another of them belongs.
#[must_use]
pub fn wrong_shape(what: &str, expected: &str, found: &str, example: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("{what} is {expected}, found {found}")).at(span, "").help(format!("write `{example}`"))
}

/// All of them: "`a`, `b` and `c`".
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}
