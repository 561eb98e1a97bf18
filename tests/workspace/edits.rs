//! Edits of a policy's text, as somebody makes them who works on it, sensible and not: each takes what it changes by number.

/// An edit: which kind, where, and what with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edit {
    /// The kind, modulo their number.
    pub(crate) kind: usize,
    /// The line or declaration, modulo their number.
    pub(crate) place: usize,
    /// Another such number.
    pub(crate) other: usize,
}

/// How many kinds there are.
pub(crate) const KINDS: usize = 10;

/// The text with the edit made.
pub(crate) fn edited(text: &str, edit: Edit) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(at) = edit.place.checked_rem(lines.len()) else { return "# nothing but this\n".to_owned() };
    let joined = |lines: &[&str]| lines.concat();
    let mut new = lines.clone();
    match edit.kind % KINDS {
        // Everything moves.
        0 => new.insert(0, "\n# moved\n"),
        // A line goes, or comes twice.
        1 => drop(new.remove(at)),
        2 => new.insert(at, lines[at]),
        // Two lines change places.
        3 => new.swap(at, edit.other % lines.len()),
        // A declaration goes, or comes twice, or goes to the end.
        4..=6 => {
            let starts = starts(&lines);
            let Some(number) = edit.place.checked_rem(starts.len()) else { return joined(&new) };
            let range = starts[number]..starts.get(number + 1).copied().unwrap_or(lines.len());
            let declaration = joined(&lines[range.clone()]);
            if edit.kind % KINDS != 5 {
                new.drain(range);
            }
            if edit.kind % KINDS != 4 {
                return joined(&new) + "\n" + &again(&declaration, edit);
            }
        }
        // A word is another one.
        7 => return other_word(text, edit),
        // What somebody holds ends one day, or begins.
        8 => return dated(&lines, edit).unwrap_or_else(|| other_word(text, edit)),
        // A character goes.
        _ => {
            let gone = edit.place % text.len();
            let characters = text.char_indices().filter(|(at, c)| !(*at..*at + c.len_utf8()).contains(&gone));
            return characters.map(|(_, c)| c).collect();
        }
    }
    joined(&new)
}

/// The text where a line that gives a role to somebody has another end, or a first day; none where there is no such line.
fn dated(lines: &[&str], edit: Edit) -> Option<String> {
    let gives = |line: &str| ["  role ", "  profile ", "  valid "].iter().any(|word| line.starts_with(word));
    let all: Vec<usize> = (0..lines.len()).filter(|at| gives(lines[*at])).collect();
    let at = all[edit.place.checked_rem(all.len())?];
    let kept =
        lines[at].split(" from ").next().and_then(|line| line.split(" until ").next()).unwrap_or_default().trim_end();
    let word = if edit.other.is_multiple_of(3) { "from" } else { "until" };
    let line = format!("{kept} {word} 2026-{:02}-{:02}\n", 1 + edit.other % 12, 1 + edit.other % 28);
    let mut new = lines.to_vec();
    new[at] = &line;
    Some(new.concat())
}

/// The lines that begin something: what is not indented, no bracket and no comment.
fn starts(lines: &[&str]) -> Vec<usize> {
    let begins = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase() || c == '-');
    (0..lines.len()).filter(|at| begins(lines[*at])).collect()
}

/// A declaration as it was, or with another name.
fn again(declaration: &str, edit: Edit) -> String {
    let mut words = declaration.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some(noun), Some(name), Some(rest)) if edit.other.is_multiple_of(2) => {
            format!("{noun} {name}_{} {rest}", edit.other)
        }
        _ => declaration.to_owned(),
    }
}

/// A word of the text in the place of another one.
fn other_word(text: &str, edit: Edit) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut words = vec![];
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if words.is_empty() {
        return text.to_owned();
    }
    let (old, new) = (&words[edit.place % words.len()], &words[edit.other % words.len()]);
    format!("{}{}{}", &text[..old.start], &text[new.clone()], &text[old.end..])
}
