//! Text of users in Markdown (GitHub's and GitLab's dialects): shown as it is, and nothing in it is markup, a mention or a link.

use std::fmt::Write as _;

use crate::text::visible;

/// Characters of one text that are shown: no name makes a page too long by itself.
const LONGEST: usize = 400;

/// A span of code, also in a cell of a table.
///
/// What a span in backticks cannot say in a table (a backtick, `|`, a backslash), or could be taken for a tag, is written as `<code>` with every sign as a number, in
/// which all dialects agree.
#[must_use]
pub fn code(text: &str) -> String {
    let text = cut(text);
    if text.trim().is_empty() {
        return format!("<code>{}</code>", "&#32;".repeat(text.len()));
    }
    if !text.contains(['`', '|', '\\', '<', '>']) && text.trim() == text {
        return format!("`{text}`");
    }
    let mut out = String::from("<code>");
    for c in text.chars() {
        if c == ' ' || c.is_alphanumeric() {
            out.push(c);
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out + "</code>"
}

/// A sentence whose names in backticks are code. Words that could notify somebody or become a link are code too.
#[must_use]
pub fn prose(text: &str) -> String {
    let text = cut(text);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        match index % 2 == 1 {
            true if paired => out += &code(part),
            _ if index > 0 && !paired => out += &format!("&#96;{}", words(part)),
            _ => out += &words(part),
        }
    }
    out
}

/// Words in which nothing is markup.
fn words(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let live = word.contains(['@', '#', ':', '/', '!', '$', '^', '%']) && word.chars().any(char::is_alphanumeric);
        // A sentence's own colon and the marks behind a word stay outside.
        let bare = word.trim_end_matches([':', ',', ';', '.']);
        let live = live && bare.contains(['@', '#', ':', '/', '!', '$', '^', '%']);
        if live || word.starts_with("www.") || word.starts_with("GH-") {
            format!("{}{}", code(bare), &word[bare.len()..])
        } else {
            plain(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A word with every sign that Markdown may read as a number.
fn plain(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        let kept = c.is_alphanumeric() || !c.is_ascii() || ".,;:()'-?".contains(c);
        if kept {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out
}

/// A text on one line, with what nobody sees shown, and not too long.
fn cut(text: &str) -> String {
    let shown = visible(text);
    match shown.char_indices().nth(LONGEST) {
        None => shown.into_owned(),
        Some((at, _)) => format!("{}…", &shown[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_never_anything_else() {
        assert_eq!(code("books.edit"), "`books.edit`");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(code("`@all` \\|"), "<code>&#96;&#64;all&#96; &#92;&#124;</code>");
        assert_eq!(code("a\nb"), "<code>a&#92;nb</code>");
        assert_eq!(code(" a"), "<code> a</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(code(&"x".repeat(500)).chars().count(), 403);
    }

    #[test]
    fn prose_notifies_nobody() {
        assert_eq!(
            prose("role `a|b` gains *all*: @octocat, see #12"),
            "role <code>a&#124;b</code> gains &#42;all&#42;: `@octocat`, see `#12`"
        );
        assert_eq!(prose("odd ` tick <b>"), "odd &#96; tick &#60;b&#62;");
        assert_eq!(prose("see https://x.example/y."), "see `https://x.example/y`.");
        assert_eq!(prose("| a"), "&#124; a");
        assert_eq!(prose("it takes over accounts (2 of 3)"), "it takes over accounts (2 of 3)");
    }
}
