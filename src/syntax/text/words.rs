//! The words that begin a declaration, and those that carry a statement over a line end.

/// The words that begin a declaration.
pub(super) const DECLARATIONS: [&str; 25] = [
    "admin",
    "admins",
    "always",
    "attribute",
    "exception",
    "feature",
    "forbid",
    "group",
    "label",
    "lint",
    "never",
    "platform",
    "profile",
    "quota",
    "relation",
    "resource",
    "responsible",
    "role",
    "separate",
    "super",
    "test",
    "tier",
    "transfer",
    "unit",
    "users",
];
/// The word before a declaration that silences a finding.
pub(super) const IGNORE: &str = "ignore";

/// The declaring word at the beginning of a text, or `ignore`.
pub(super) fn declaring_word(text: &str) -> Option<&'static str> {
    let length = text.bytes().position(|b| !b.is_ascii_lowercase()).unwrap_or(text.len());
    let word = &text[..length];
    if !(4..=11).contains(&length) || text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
    {
        return None;
    }
    if word == IGNORE {
        return Some(IGNORE);
    }
    DECLARATIONS.into_iter().find(|known| *known == word)
}

/// Whether a statement goes on in the next line after this text, without its trailing space and comments.
pub(super) fn continues(text: &str) -> bool {
    if text.ends_with([',', '(', '=']) {
        return true;
    }
    let start = text.bytes().rposition(|b| !b.is_ascii_lowercase()).map_or(0, |n| n + 1);
    matches!(&text[start..], "and" | "or" | "except" | "when" | "on")
}

/// Whether a line that begins so carries on the statement before it.
pub(super) fn carries_on(line: &str) -> bool {
    let length = line.bytes().position(|b| !b.is_ascii_lowercase()).unwrap_or(line.len());
    matches!(&line[..length], "on" | "when" | "unless" | "until" | "and" | "or" | "reason")
}
