//! The one style of a policy's text: where lines end, how far they stand in, and what is aligned.
//!
//! ```text
//! text --parse--> tree --outline--> places of statements
//!   `---tokens---> words, signs and comments --block--> blocks of lines --layout--> lines --lines--> text
//! ```
//!
//! A style moves words and never changes one: what is written, its order, its quotes and its comments stay. What comes of it is read
//! again, and a text that does not say the same is never given out.

mod block;
mod cells;
mod layout;
mod lines;
mod tokens;
pub(in crate::syntax) mod yaml;

use crate::diagnostic::Finding;
use crate::source::{Source, SourceId};
use crate::syntax::ast::File;
use crate::syntax::convert::Form;
use crate::syntax::text as front;

/// No line is longer than this, unless a single word or a comment makes it so.
const WIDTH: usize = 120;
/// One level of indentation.
const INDENT: usize = 2;

/// Why a text was not laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read, and this is why.
    Unreadable(Vec<Finding>),
    /// It would not have said the same afterwards. This is a mistake of the style, not of the text.
    NotTheSame,
}

/// A source in its one style.
///
/// # Errors
/// When it cannot be read as a policy.
pub fn source(id: SourceId, source: &Source) -> Result<String, Refused> {
    match Form::of(&source.path) {
        Form::Text => text(id, &source.text),
        Form::Yaml => yaml::text(id, &source.text),
    }
}

/// The text form in its one style. Findings are about `source`, which the text is that of.
///
/// # Errors
/// When the text cannot be read as a policy.
pub fn text(source: SourceId, text: &str) -> Result<String, Refused> {
    let file = Form::Text.read(source, text).map_err(Refused::Unreadable)?;
    let (tokens, block) = blocks(text, &file).ok_or(Refused::NotTheSame)?;
    let laid_out = lines::joined(&layout::file(&block));
    let again = Form::Text.read(source, &laid_out).map_err(|_| Refused::NotTheSame)?;
    let comments = outline_tokens(&laid_out, &again).ok_or(Refused::NotTheSame)?.0;
    let same = file.to_string() == again.to_string() && tokens::comments(&tokens).eq(tokens::comments(&comments));
    if same { Ok(laid_out) } else { Err(Refused::NotTheSame) }
}

fn outline_tokens<'t>(text: &'t str, file: &File) -> Option<(Vec<tokens::Token<'t>>, front::Outline)> {
    let outline = front::outline(text, file)?;
    Some((tokens::tokens(text, &outline.raws), outline))
}

/// The comments of a text: where each begins, its text, and whether it has a line of its own.
pub(in crate::syntax) fn comments<'t>(text: &'t str, file: &File) -> Option<Vec<(usize, &'t str, bool)>> {
    let (tokens, _) = outline_tokens(text, file)?;
    let mut comments = Vec::new();
    let mut line = None;
    for token in tokens {
        if token.sort == tokens::Sort::Comment {
            comments.push((token.at, token.text, line != Some(token.line)));
        }
        line = Some(token.line);
    }
    Some(comments)
}

fn blocks<'t>(text: &'t str, file: &File) -> Option<(Vec<tokens::Token<'t>>, block::Block<'t>)> {
    let (tokens, outline) = outline_tokens(text, file)?;
    let block = block::build(&tokens, &outline)?;
    Some((tokens, block))
}
