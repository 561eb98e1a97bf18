//! Text as policies compare it: NFC, and for logins case-folded too.

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
    fn lists_read_as_a_sentence() {
        assert_eq!(quoted_list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(quoted_list(["a"], "or"), "`a`");
    }
}
