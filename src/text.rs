//! Text as policies compare it: NFC, and for logins case-folded too.

use std::borrow::Cow;
use std::fmt::Write as _;

use pest::unicode::DEFAULT_IGNORABLE_CODE_POINT;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text in Unicode's composed form (NFC).
#[must_use]
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// A login as tables store it: NFC, fully case-folded, NFC again (folding may decompose).
#[must_use]
pub fn fold_login(login: &str) -> String {
    if login.is_ascii() {
        return login.to_ascii_lowercase();
    }
    nfc(&caseless::default_case_fold_str(&nfc(login)))
}

/// Whether nobody sees a character, or sees what is not there: controls, what Unicode lets programs leave out, line ends other than
/// `\n`, marks that turn the direction of writing, and what is no character at all.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let no_character = u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    c.is_control() || no_character || DEFAULT_IGNORABLE_CODE_POINT(c) || ('\u{2028}'..='\u{202e}').contains(&c)
}

/// A hidden character as the language's quoted strings write it: `\n`, `\u{1b}`.
pub fn escape_hidden(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        // Writing to a `String` cannot fail.
        c => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

/// The text on one line, with nothing in it that a terminal would obey: every hidden character is shown by its escape. What is shown
/// to people goes through here.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { escape_hidden(c, &mut out) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// The names nearest to a mistyped one, nearest first, at most three; none where nothing is near.
#[must_use]
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    let folded = wrong.to_lowercase();
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|name| name.len().abs_diff(wrong.len()) <= 4 * limit)
        .map(|name| (strsim::damerau_levenshtein(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= best + 1);
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

/// "`a`, `b` or `c`", at most eight of them.
#[must_use]
pub fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>, joint: &str) -> String {
    const SHOWN: usize = 8;
    let all: Vec<&str> = names.into_iter().collect();
    let mut quoted: Vec<String> = all.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if all.len() > SHOWN {
        quoted.push(format!("{} more", all.len() - SHOWN));
    }
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {joint} {last}", before.join(", ")),
    }
}

/// "1 holder", "2 holders".
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_fold_composed_and_caseless() {
        assert_eq!(fold_login("A\u{30a}sa"), fold_login("ÅSA"));
        assert_eq!(fold_login("Straße"), fold_login("STRASSE"));
        assert_eq!(fold_login("Pat"), "pat");
    }

    #[test]
    fn suggestions_are_near_and_few() {
        assert_eq!(did_you_mean("analist", ["analyst", "operator", "analysts"]), ["analyst", "analysts"]);
        assert!(did_you_mean("x", ["manager"]).is_empty());
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{9b}c\u{202e}d\u{200b}e\tf"),
            "a\\u{1b}[31m\\nb\\u{9b}c\\u{202e}d\\u{200b}e\\u{9}f"
        );
        assert_eq!(visible("\u{ffff}\u{1fffe}\u{fdd0}\r"), "\\u{ffff}\\u{1fffe}\\u{fdd0}\\u{d}");
        assert!(matches!(visible("żółw \\ \"x\" 你好"), Cow::Borrowed(_)), "nothing else is touched");
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(quoted_list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(quoted_list(["a"], "or"), "`a`");
    }
}
