//! Texts as scalars that every reader of YAML, of whatever version, reads as the same text.

use std::fmt::Write as _;

use pest::unicode::DEFAULT_IGNORABLE_CODE_POINT;

/// A text as a scalar; `flow` where it stands in brackets.
pub(in crate::syntax) fn scalar(text: &str, flow: bool) -> String {
    if is_plain(text, flow) {
        return text.to_owned();
    }
    if text.contains(must_be_escaped) {
        return escaped(text);
    }
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// Whether a character can be written in no other way than by its number.
pub(in crate::syntax) fn must_be_escaped(c: char) -> bool {
    let unassigned = matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff);
    c.is_control() || unassigned || DEFAULT_IGNORABLE_CODE_POINT(c) || ('\u{2028}'..='\u{202e}').contains(&c)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    out.push('"');
    for c in text.chars() {
        // Writing to a `String` cannot fail.
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => out.write_str("\\n"),
            '\t' => out.write_str("\\t"),
            c if must_be_escaped(c) => match u32::from(c) {
                number @ ..=0xff => write!(out, "\\x{number:02x}"),
                number @ ..=0xffff => write!(out, "\\u{number:04x}"),
                number => write!(out, "\\U{number:08x}"),
            },
            c => out.write_char(c),
        };
    }
    out.push('"');
    out
}

/// Whether a text can stand without quotes, and is a text then.
fn is_plain(text: &str, flow: bool) -> bool {
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '(' | '/' | '+');
    let ends = |c: char| !matches!(c, ' ' | ':');
    let sign = |c: char| must_be_escaped(c) || flow && matches!(c, ',' | '[' | ']' | '{' | '}');
    text.starts_with(begins)
        && text.ends_with(ends)
        && !text.contains(sign)
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_another_type(text)
}

/// Whether some reader takes the text for a flag, nothing, a number or a day.
fn is_another_type(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let number = |c: char| {
        c.is_ascii_hexdigit() || matches!(c, 'x' | 'X' | 'o' | '_' | ':' | '.' | '+' | '-' | 'T' | 't' | 'Z' | ' ')
    };
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.starts_with(|c: char| c.is_ascii_digit() || c == '+') && text.chars().all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_they_are() {
        for text in
            ["fi", "żółw", "users in own unit", "reports.open on entities id \"gdpr\"", "3 of a kind", "(a or b)"]
        {
            assert_eq!(scalar(text, true), text);
        }
        assert_eq!(scalar("accounts, courses", false), "accounts, courses");
        assert_eq!(scalar("x on entity { id \"a\" }", false), "x on entity { id \"a\" }");
    }

    #[test]
    fn what_a_reader_could_mistake_is_quoted() {
        let texts = [
            "",
            " a",
            "a ",
            "no",
            "On",
            "y",
            "NULL",
            "~",
            "17",
            "017",
            "1e3",
            "1.0",
            "0x1f",
            "12:30",
            "2026-12-31",
            "+48 12",
            "-3",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "*",
            "* except a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "?",
            "=",
            "<<",
            "a\tb",
            ".inf",
            "---",
            "[a]",
            "{a}",
            "'a'",
        ];
        for text in texts {
            assert_eq!(scalar(text, false), format!("\"{}\"", text.replace('\t', "\\t")));
        }
        assert_eq!(scalar("a, b", true), "\"a, b\"");
    }

    #[test]
    fn quotes_are_chosen_by_what_stands_inside() {
        assert_eq!(scalar("\"a b\".c", false), "'\"a b\".c'");
        assert_eq!(scalar("\"it's\"", false), "'\"it''s\"'");
        assert_eq!(scalar("a\u{0}\u{85}\u{feff}\u{e0001}\n\"", false), "\"a\\x00\\x85\\ufeff\\U000e0001\\n\\\"\"");
    }
}
