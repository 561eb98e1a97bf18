//! A peer's identifiers as names of the language.
//!
//! A name in quotes may have any character, so it stands for itself. Three kinds of identifiers cannot: the empty one, one of more
//! than 1,024 bytes as it is written, and one that is equal to another once both are composed (Unicode NFC). Those are mapped.

use std::collections::BTreeMap;

use bailiwick::text::nfc;

/// The most bytes that a name may have as it is written.
const LONGEST: usize = 1_024;

/// The names of one policy.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// By identifier, as composed text.
    given: BTreeMap<String, String>,
    mapped: usize,
}

impl Names {
    /// The name of an identifier: itself where it can be, else another one that nothing else bears.
    pub(crate) fn of(&mut self, identifier: &str) -> String {
        if let Some(name) = self.given.get(identifier) {
            return name.clone();
        }
        let composed = nfc(identifier);
        let taken = self.given.values().any(|name| *name == composed);
        let name = if identifier.is_empty() || quoted(&composed).len() > LONGEST || taken {
            self.mapped += 1;
            format!("mapped {}", self.mapped)
        } else {
            composed
        };
        self.given.insert(identifier.to_owned(), name.clone());
        name
    }

    /// Whether any name stands for another.
    pub(crate) const fn any_mapped(&self) -> bool {
        self.mapped > 0
    }
}

/// A name in quotes: printable ASCII as it is, everything else by its number.
pub(crate) fn quoted(name: &str) -> String {
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Names in quotes, separated by commas.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

#[test]
fn only_what_cannot_be_written_is_mapped() {
    let mut names = Names::default();
    for hostile in [" ", "\"", "\\", "\n", "\0", "a.b", "}", "頻", "\u{202e}x", "role"] {
        assert_eq!(names.of(hostile), hostile);
    }
    assert!(!names.any_mapped());
    assert_eq!(names.of("e\u{301}"), "é", "composed");
    assert_eq!(names.of("é"), "mapped 1", "equal to another one once it is composed");
    assert_eq!(names.of(""), "mapped 2");
    assert_eq!(names.of(&"x".repeat(1_023)), "mapped 3");
    assert_eq!(names.of(""), "mapped 2", "the same again");
    assert!(names.any_mapped());
}
