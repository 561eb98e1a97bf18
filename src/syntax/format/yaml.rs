//! The YAML form: entries and their layout.

mod read;
pub(in crate::syntax) mod scalar;
pub(in crate::syntax) mod tree;
mod write;

use granit_parser::{Event, Options, Parser, options};

use super::Refused;
use crate::source::SourceId;
use crate::syntax::convert::Form;

/// The text of a file with these entries.
pub(in crate::syntax) fn written(root: &tree::Entries) -> String {
    super::lines::joined(&write::lines(root))
}

/// The YAML form in its one style.
///
/// # Errors
/// When the text cannot be read as a policy.
pub(super) fn text(id: SourceId, text: &str) -> Result<String, Refused> {
    let file = Form::Yaml.read(id, text).map_err(Refused::Unreadable)?;
    let root = read::entries(text).ok_or(Refused::NotTheSame)?;
    let laid_out = written(&root);
    let again = Form::Yaml.read(id, &laid_out).map_err(|_| Refused::NotTheSame)?;
    let texts =
        |text: &str| comments(text).map(|all| all.iter().map(|(_, text, _)| (*text).to_owned()).collect::<Vec<_>>());
    let same = file.to_string() == again.to_string() && texts(text) == texts(&laid_out);
    if same { Ok(laid_out) } else { Err(Refused::NotTheSame) }
}

/// All comments, however many stand below each other.
fn with_comments() -> Options {
    options! {
        emit_comments: true,
        max_buffered_comment_events: usize::MAX,
        simple_key_max_lookahead: 4_096,
        emit_unresolved_aliases: true,
    }
}

/// The comments of a file: where each begins, its text, and whether it has a line of its own. None where it is no YAML.
pub(in crate::syntax) fn comments(text: &str) -> Option<Vec<(usize, &str, bool)>> {
    let mut comments = Vec::new();
    for event in Parser::new_from_str_with_options(text, with_comments()) {
        let (event, span) = event.ok()?;
        if let Event::Comment(..) = event {
            let range = span.byte_range()?;
            let line = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
            let own = text[line..range.start].trim().is_empty();
            comments.push((range.start, text.get(range)?.trim_end(), own));
        }
    }
    comments.sort_unstable_by_key(|(at, ..)| *at);
    Some(comments)
}
