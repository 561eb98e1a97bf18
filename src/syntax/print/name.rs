//! Names and values as text: bare where nothing can be mistaken, quoted otherwise.

use std::borrow::Cow;
use std::fmt;

use pest::unicode::{XID_CONTINUE, XID_START};

use crate::syntax::ast;
use crate::text::{escape_hidden, is_hidden};

/// What is no name anywhere but after a dot and in a resource's list of actions.
const RESERVED: [&str; 13] =
    ["and", "or", "not", "is", "in", "own", "self", "except", "on", "view", "write", "destroy", "become"];

/// The fifth kind: reserved too, but the first name of `assign.learner`.
const ASSIGN: &str = "assign";

/// Words that begin something else where a name may stand: quoted there, so that no reader has to think.
const CONTEXTUAL: [&str; 51] = [
    "actor",
    "admin",
    "allow",
    "anyone",
    "as",
    "assigns",
    "at",
    "by",
    "can",
    "cannot",
    "changes",
    "counting",
    "entities",
    "everyone",
    "extends",
    "for",
    "from",
    "hold",
    "holders",
    "id",
    "implies",
    "inactive",
    "label",
    "labelled",
    "labels",
    "may",
    "needs",
    "only",
    "price",
    "primary",
    "profile",
    "reason",
    "relation",
    "relations",
    "role",
    "roles",
    "scope",
    "set",
    "signed",
    "soft",
    "spare",
    "super",
    "tier",
    "to",
    "unit",
    "unless",
    "until",
    "users",
    "valid",
    "when",
    "with",
];

/// A name where a declaration gives it: any identifier but a reserved one is bare.
#[must_use]
pub fn word_in_head(name: &str) -> Cow<'_, str> {
    bare_if(name, is_identifier(name) && !is_reserved(name))
}

/// A name where another word of the language could stand.
#[must_use]
pub fn word(name: &str) -> Cow<'_, str> {
    bare_if(name, is_identifier(name) && !is_reserved(name) && !CONTEXTUAL.contains(&name))
}

/// A name in a resource's list of actions: every identifier is one but those that begin a clause.
pub(super) fn word_in_list(name: &str) -> Cow<'_, str> {
    bare_if(name, is_identifier(name) && !["signed", "needs", "implies", "changes"].contains(&name))
}

/// The name of a resource, alone in a set of actions: nothing but what may follow the set could stand there.
pub(super) fn word_of_action(name: &str) -> Cow<'_, str> {
    let follows = ["can", "cannot", "for", "from", "reason", "role", "unless", "until", "when"];
    bare_if(name, is_identifier(name) && !is_reserved(name) && !follows.contains(&name))
}

/// A name where every identifier is one: after a dot.
pub fn word_after_dot(name: &str) -> Cow<'_, str> {
    bare_if(name, is_identifier(name))
}

/// The value of a test in a condition: a name, a number, or a quoted text.
pub(super) fn value(text: &str) -> Cow<'_, str> {
    bare_if(text, is_number(text) || is_identifier(text) && !is_reserved(text) && !CONTEXTUAL.contains(&text))
}

/// The value of a fact (`login`, `email`, an attribute): raw where it holds nothing but letters, digits, the marks of addresses
/// and numbers, and single blanks.
pub(super) fn raw(text: &str) -> Cow<'_, str> {
    let plain = |c: char| XID_CONTINUE(c) || "@.-_+".contains(c);
    bare_if(text, !text.is_empty() && text.split(' ').all(|part| !part.is_empty() && part.chars().all(plain)))
}

/// A quoted string; what cannot be seen is escaped.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if is_hidden(c) => escape_hidden(c, &mut out),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for ast::Path {
    /// The first name as [`word`] writes it, the others as names after a dot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        path_after(f, self, word)
    }
}

/// A path whose first name is written by `first`.
pub(super) fn path_after(f: &mut fmt::Formatter<'_>, path: &ast::Path, first: fn(&str) -> Cow<'_, str>) -> fmt::Result {
    for (i, name) in path.names.iter().enumerate() {
        if i == 0 {
            f.write_str(&first(&name.node))?;
        } else {
            write!(f, ".{}", word_after_dot(&name.node))?;
        }
    }
    Ok(())
}

/// Whether the text could be read as a name: Unicode's identifiers, `_` before and `-` inside them.
fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|c| XID_START(c) || c == '_');
    starts && !text.ends_with('-') && text.chars().all(|c| (XID_CONTINUE(c) || c == '-') && !is_hidden(c))
}

fn is_reserved(text: &str) -> bool {
    text == ASSIGN || RESERVED.contains(&text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn bare_if(text: &str, bare: bool) -> Cow<'_, str> {
    if bare { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_identifiers_are_bare() {
        for name in ["operator", "żółw", "finnish_sales", "self-service", "a1", "_a"] {
            assert_eq!(word(name), name);
        }
    }

    #[test]
    fn what_could_be_mistaken_is_quoted() {
        for name in ["", "1a", "a b", "a-", "-a", "a.b", "own", "when", "assign", "*", "a\u{200b}b"] {
            assert!(word(name).starts_with('"'), "{name:?} must be quoted");
        }
    }

    #[test]
    fn after_a_dot_a_reserved_word_is_a_name() {
        assert_eq!(word_after_dot("view"), "view");
        assert_eq!(word_in_head("users"), "users");
        assert_eq!(word_in_head("view"), "\"view\"");
    }

    #[test]
    fn quotes_escape_what_a_reader_would_not_see() {
        assert_eq!(quoted("a\"b\\c\nd\u{202e}é\t"), "\"a\\\"b\\\\c\\nd\\u{202e}é\\u{9}\"");
    }

    #[test]
    fn raw_values_hold_no_mark_that_could_end_them() {
        for text in ["aino@acme.example", "+358 40 1234567", "2026-01-01"] {
            assert_eq!(raw(text), text);
        }
        for text in ["", " a", "a ", "a  b", "a;b", "a // b", "a}", "\"", "a{"] {
            assert!(raw(text).starts_with('"'), "{text:?} must be quoted");
        }
    }

    #[test]
    fn values_are_bare_numbers_and_names() {
        assert_eq!(value("-3"), "-3");
        assert_eq!(value("fi"), "fi");
        assert_eq!(value("set"), "\"set\"");
        assert_eq!(value("3a"), "\"3a\"");
    }
}
