//! What is no YAML, in the words of somebody who writes policies.

use granit_parser::{ErrorKind, ScanError};

use super::load::{MOST_DEEP, Piece};
use crate::check::{bw001, bw002, bw003, bw005, bw007};
use crate::diagnostic::Finding;
use crate::source::Span;

/// What to do where YAML took a star for an alias.
pub(super) const STAR: &str =
    "to YAML a `*` at the beginning of a text is an alias: write the text in quotes, `\"*\"` or `\"* except plans\"`";
const QUOTES: &str = "write the whole text in quotes; in single quotes every sign means itself: `'users in finland'`";
const INDENT: &str = "keys of one map stand below each other, as do the `-` of one list; a key ends in `:` and a blank";

/// Nested too deeply.
pub(super) fn deep(span: Span) -> Finding {
    bw005::collections(span, MOST_DEEP)
}

/// An alias that would repeat too much.
pub(super) fn too_many_aliases(span: Span, most: usize) -> Finding {
    bw007::aliases(span, most)
}

/// Explains why a piece is no YAML.
pub(super) fn explain(piece: Piece<'_>, error: &ScanError) -> Finding {
    let at = error.marker().byte_offset().unwrap_or(0).min(piece.text.len());
    let place = Place { piece, at };
    quotes(&place, error.kind())
        .or_else(|| brackets(&place, error.kind()))
        .or_else(|| characters(&place, error.kind()))
        .or_else(|| structure(&place, error.kind()))
        .unwrap_or_else(|| bw001::yaml(format!("this is no YAML: {}", error.info()), place.here()))
}

/// Where reading stopped.
struct Place<'t> {
    piece: Piece<'t>,
    at: usize,
}

impl Place<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.piece.source, self.piece.base + start, self.piece.base + end)
    }

    /// The character at which reading stopped.
    fn found(&self) -> Option<char> {
        self.piece.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    /// Its place; at the end of the piece, that of its last character.
    fn here(&self) -> Span {
        match self.found() {
            Some('\n' | '\r') | None => self.end(),
            Some(c) => self.span(self.at, self.at + c.len_utf8()),
        }
    }

    /// Where the last thing before it ended.
    fn end(&self) -> Span {
        let end = self.piece.text.get(..self.at).map_or(self.at, |before| before.trim_end().len());
        self.span(end, end)
    }

    /// The escape that stands for nothing, in the text in quotes that begins here, or before.
    fn escape(&self) -> Option<Span> {
        let rest = self.piece.text.get(self.at..)?;
        if !rest.starts_with('"') {
            return self.last(&['\\']);
        }
        let mut at = 0;
        while let Some(next) = rest[at..].find('\\').map(|n| at + n) {
            let escaped = &rest[next + 1..];
            let digits = escaped.get(1..).unwrap_or("").bytes().take_while(u8::is_ascii_hexdigit).count();
            let sound = match escaped.chars().next()? {
                'x' => digits >= 2,
                'u' => digits >= 4,
                'U' => digits >= 8,
                c => "0abtnvfre \"/\\N_LP\t\r\n".contains(c),
            };
            let end = next + 1 + escaped.chars().next().map_or(0, char::len_utf8);
            if !sound {
                return Some(self.span(self.at + next, self.at + end));
            }
            at = end;
        }
        None
    }

    /// The last of these signs before it.
    fn last(&self, signs: &[char]) -> Option<Span> {
        let before = self.piece.text.get(..self.at)?;
        before.rfind(signs).map(|at| self.span(at, at + 1))
    }
}

/// Texts in quotes.
fn quotes(place: &Place<'_>, kind: &ErrorKind) -> Option<Finding> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedQuotedScalar | E::InvalidQuotedScalarIndent | E::DocumentIndicatorInQuotedScalar => {
            let open = match place.found() {
                Some('"' | '\'') => place.here(),
                _ => place.last(&['"', '\'']).unwrap_or_else(|| place.here()),
            };
            bw002::yaml_quote(open)
        }
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            bw001::yaml("the text in quotes has ended, and something follows it", place.here())
                .help("a text that has quotes inside is written in single quotes as a whole: `'forbid \"a b\" ...'`")
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => bw003::yaml_escape(place.escape().unwrap_or_else(|| place.here())),
        _ => return None,
    })
}

/// Maps and lists in brackets.
fn brackets(place: &Place<'_>, kind: &ErrorKind) -> Option<Finding> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedFlowCollection { open } => {
            let opened = if place.found() == Some(*open) { Some(place.here()) } else { place.last(&[*open]) };
            bw002::yaml_bracket(*open, opened.unwrap_or_else(|| place.here()), None)
        }
        E::UnexpectedEofFlowSequence | E::ExpectedFlowSequenceSeparator => {
            bw002::yaml_bracket('[', place.last(&['[']).unwrap_or_else(|| place.here()), Some(place.here()))
        }
        E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator
        | E::InvalidColonPlacement
        | E::InvalidFlowScalarIndent
        | E::BlockEntryInFlowCollection => {
            let open = place.last(&['{', '[']).unwrap_or_else(|| place.here());
            let sign = place.piece.text[..place.at].chars().rev().find(|c| matches!(c, '{' | '[')).unwrap_or('{');
            bw002::yaml_bracket(sign, open, Some(place.here()))
        }
        E::MismatchedFlowCollectionEnd { open, .. } => {
            bw002::yaml_bracket(*open, place.last(&[*open]).unwrap_or_else(|| place.here()), Some(place.here()))
        }
        E::MisplacedFlowCollectionEnd => bw002::stray(place.found().unwrap_or('}'), place.here()),
        E::RecursionLimitExceeded => deep(place.here()),
        _ => return None,
    })
}

/// Signs and blanks that cannot stand where they do.
fn characters(place: &Place<'_>, kind: &ErrorKind) -> Option<Finding> {
    use ErrorKind as E;
    Some(match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInIndentation
        | E::TabInPlainScalar => {
            let tab = if place.found() == Some('\t') { Some(place.here()) } else { place.last(&['\t']) };
            bw003::tab(tab.unwrap_or_else(|| place.here()))
        }
        E::MissingAnchorOrAliasName => {
            let sign = if matches!(place.found(), Some('*' | '&')) { None } else { place.last(&['*', '&']) };
            bw001::yaml("in YAML no text can begin with `*` or `&`", sign.unwrap_or_else(|| place.here())).help(STAR)
        }
        E::UnexpectedCharacter { character } if character.is_control() => bw003::character(*character, place.here()),
        E::UnexpectedCharacter { character } => {
            bw001::yaml(format!("in YAML no text can begin with `{character}`"), place.here()).help(QUOTES)
        }
        E::BomInsideDocument => bw003::character('\u{feff}', place.here()),
        E::CommentNotSeparated => bw001::yaml("a comment begins with a blank and `#`", place.here()).help(QUOTES),
        _ => return None,
    })
}

/// Keys, items and their indentation.
fn structure(place: &Place<'_>, kind: &ErrorKind) -> Option<Finding> {
    use ErrorKind as E;
    Some(match kind {
        E::MappingValueNotAllowed | E::InvalidMappingValueWhitespace | E::FlowMappingValueAdjacentCollection => {
            bw001::yaml("a `:` that belongs to no key", place.here())
                .help(format!("a text that has `: ` inside is written in quotes; otherwise, {INDENT}"))
        }
        E::SimpleKeyExpected | E::InvalidSimpleKey | E::ExpectedBlockMappingKey | E::MappingKeyNotAllowed => {
            bw001::yaml("expected a key with `:` here", place.here()).help(INDENT)
        }
        E::InvalidIndentation
        | E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::InvalidBlockEntryWhitespace
        | E::ExpectedNodeContent
        | E::InvalidBlockScalarIndent => {
            bw001::yaml("this stands at no place where a key or an item could", place.here()).help(INDENT)
        }
        E::DirectiveDisallowed | E::MissingDocumentEndBeforeDirective => {
            bw001::yaml("a line with `%` is not used here", place.here()).help("take it away")
        }
        E::UndeclaredTagHandle => bw001::yaml("a tag is not used here", place.here())
            .help("take it away: every value is read as text; one that begins with `!` is written in quotes"),
        _ => return None,
    })
}
