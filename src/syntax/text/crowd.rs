//! Many plain admins at once: a chunk of text that holds nothing else is cut by `grammar/people.pest` and read by hand.
//!
//! The grammar of the language would make a dozen nodes of each, and looks at each byte several times. Here pest searches for brackets,
//! and chunks are long, so that beginning to parse costs little. An admin that is not quite plain leaves its chunk to that grammar.

use std::ops::Range;

use memchr::{memchr_iter, memmem};
use pest::Parser as _;

use super::apart::{is_apart, is_brief};
use super::plain;
use super::reader::Origin;
use crate::source::SourceId;
use crate::syntax::ast::Admin;

/// How long a chunk is at most.
const CHUNK: usize = 64 * 1024;

/// What every admin begins with, and what stands before all but the first.
const NEXT: &[u8] = b"\nadmin ";

#[derive(pest_derive::Parser)]
#[grammar = "grammar/people.pest"]
struct People;

/// The chunk that begins with the declaration at `start`: up to a line with which an admin begins, and no longer than it may be. None
/// where no admin begins there, or where there is no such line.
pub(super) fn chunk(text: &str, start: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let window = bytes.get(start..bytes.len().min(start + CHUNK))?;
    if !window.starts_with(&NEXT[1..]) {
        return None;
    }
    memmem::rfind(window, NEXT).map(|length| start..start + length)
}

/// A plain admin.
#[derive(Debug)]
pub(super) enum Plain {
    /// One that is set apart.
    Apart,
    /// One with its tree.
    Tree(Admin),
}

impl Plain {
    /// The admin that a text declares, if it is a plain one; set apart if that is wanted and may be.
    pub(super) fn of(text: &str, origin: Origin<'_>, apart: bool) -> Option<Self> {
        if apart && is_brief(text) {
            return Some(Self::Apart);
        }
        let admin = plain::admin(text, origin)?;
        Some(if apart && is_apart(&admin) { Self::Apart } else { Self::Tree(admin) })
    }
}

/// The admins of a chunk, each with its place, if all of them are plain; those that may be are set apart if that is wanted.
pub(super) fn admins(
    source: SourceId,
    text: &str,
    chunk: &Range<usize>,
    apart: bool,
) -> Option<Vec<(Plain, Range<usize>)>> {
    let chunk_text = text.get(chunk.clone())?;
    let tokens = People::parse(Rule::people, chunk_text).ok()?.next()?.into_inner();
    let mut admins = Vec::with_capacity(memchr_iter(b'}', chunk_text.as_bytes()).count());
    for token in tokens.filter(|token| token.as_rule() == Rule::admin) {
        let span = token.as_span();
        let range = chunk.start + span.start()..chunk.start + span.end();
        // A second bracket could be one that the language counts.
        let brackets = memchr_iter(b'{', token.as_str().as_bytes()).count();
        let plain = Plain::of(token.as_str(), Origin::at(source, range.start), apart).filter(|_| brackets == 1)?;
        admins.push((plain, range));
    }
    Some(admins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Option<Vec<&str>> {
        let chunk = chunk(text, 0)?;
        let admins = admins(SourceId(0), text, &chunk, false)?;
        Some(admins.into_iter().map(|(_, range)| &text[range]).collect())
    }

    #[test]
    fn a_chunk_ends_before_an_admin() {
        let text = "admin a { role b }\n\n ;admin c {\n role d\r\n}\r\nadmin e { role f }\n";
        assert_eq!(cut(text), Some(vec!["admin a { role b }", "admin c {\n role d\r\n}"]));
        assert_eq!(chunk("admin a { role b }", 0), None);
        assert_eq!(chunk("role a\nadmin a { role b }", 0), None);
    }

    #[test]
    fn what_is_not_plain_leaves_the_chunk() {
        for middle in [
            "role b",
            "// c",
            "/// c",
            "admin c { photo \"}\" }",
            "admin c { role d // }\n}",
            "admin c { country { x }",
            "admin c { role d } admin e { role f }",
            "admin c { role d until 2026-01-01 }",
            "admin \"{\" { role d }",
        ] {
            let text = format!("admin a {{ role b }}\n{middle}\nadmin z {{ role b }}\n");
            assert_eq!(cut(&text), None, "{middle}");
        }
    }

    #[test]
    fn chunks_are_no_longer_than_they_may_be() {
        let text = "admin a { role b }\n".repeat(10_000);
        let mut start = 0;
        let mut found = 0;
        while let Some(chunk) = chunk(&text, start) {
            assert!(chunk.len() <= CHUNK);
            found += admins(SourceId(0), &text, &chunk, true).map_or(0, |admins| admins.len());
            start = chunk.end + 1;
        }
        assert_eq!(found, 9_999, "all but the last");
    }
}
