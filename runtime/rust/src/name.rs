//! Names as people read them: in quotes where something else could be meant, and never with a character that a terminal would obey.

use core::fmt::{self, Write as _};

/// What is no name in the language unless it stands in quotes.
const RESERVED: [&str; 14] =
    ["and", "or", "not", "is", "in", "own", "self", "except", "on", "view", "write", "destroy", "become", "assign"];

/// A name as the language would write it: bare where it is plainly one, otherwise in quotes.
pub(crate) struct Name<'t>(pub(crate) &'t str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) && !RESERVED.contains(&self.0) { f.write_str(self.0) } else { Quoted(self.0).fmt(f) }
    }
}

/// A text as the language writes it, in quotes.
pub(crate) struct Quoted<'t>(pub(crate) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                f.write_char('\\')?;
            }
            write_visible(c, f)?;
        }
        f.write_char('"')
    }
}

/// A text without quotes, of which every hidden character is shown by its escape.
pub(crate) struct Visible<'t>(pub(crate) &'t str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| write_visible(c, f))
    }
}

fn write_visible(c: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match c {
        '\n' => f.write_str("\\n"),
        c if is_hidden(c) => write!(f, "\\u{{{:x}}}", u32::from(c)),
        c => f.write_char(c),
    }
}

fn is_plain(text: &str) -> bool {
    let part = |c: char| (c.is_alphanumeric() || c == '_' || c == '-') && !is_hidden(c);
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !text.ends_with('-') && text.chars().all(part)
}

/// Whether nobody sees a character, or sees what is not there: controls, line and paragraph ends, marks that turn the direction of
/// writing, what is no character, and Unicode's `Default_Ignorable_Code_Point`, whose ranges are fixed for good.
#[must_use]
pub(crate) fn is_hidden(c: char) -> bool {
    let ignorable = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}');
    let no_character = u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    c.is_control() || ignorable || no_character || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    extern crate alloc;

    use alloc::string::ToString;

    use super::{Name, Visible};

    #[test]
    fn plain_names_are_bare() {
        for name in ["operator", "żółw", "finnish_sales", "self-service", "a1", "_a", "国"] {
            assert_eq!(Name(name).to_string(), name);
        }
    }

    #[test]
    fn what_could_be_mistaken_is_quoted_and_seen() {
        for (name, shown) in [
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("own", "\"own\""),
            ("a-", "\"a-\""),
            ("1a", "\"1a\""),
            ("a\"b\\", "\"a\\\"b\\\\\""),
            ("a\u{1b}[2J\n", "\"a\\u{1b}[2J\\n\""),
            ("a\u{202e}b", "\"a\\u{202e}b\""),
            ("a\u{3164}", "\"a\\u{3164}\""),
        ] {
            assert_eq!(Name(name).to_string(), shown);
        }
        assert_eq!(Visible("a b\u{9b}\u{ffff}").to_string(), "a b\\u{9b}\\u{ffff}");
    }
}
