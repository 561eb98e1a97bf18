//! Explains what could not be parsed: what was found, what was expected instead, and what to do about it.

mod expected;
mod found;
mod hints;

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use self::expected::Expected;
use self::found::{Found, Token};
use super::grammar::{Grammar, Rule};
use super::reader::Origin;
use super::words::DECLARATIONS;
use crate::check::{bw001, bw002, bw003};
use crate::diagnostic::Finding;

/// Parses a text again, by the rule for one thing, and explains why it does not fit.
pub(super) fn why_not(origin: Origin<'_>, text: &str, one: Rule) -> Finding {
    match Grammar::parse(one, text) {
        Ok(_) => unreadable(origin, text),
        Err(error) => explain(origin, text, one, &error),
    }
}

/// Explains why `text` does not fit the rule for one thing.
pub(super) fn explain(origin: Origin<'_>, text: &str, one: Rule, error: &Error<Rule>) -> Finding {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let found = Found::at(text, at);
    let first = text[..found.start].trim().is_empty();
    let expected = Expected::of(rules, first.then_some(one));
    if let Some(finding) = lexical(origin, &found) {
        return finding;
    }
    if let Some(finding) = unclosed(origin, text, &found, &expected) {
        return finding;
    }
    let span = origin.span(found.start, found.end);
    let finding = bw001::unexpected(&found.shown(), &expected.shown(), span);
    let finding = bw001::word_meant(finding, span, &hints::near(&found, &expected));
    match hints::hint(text, &found, &expected, origin.places.is_some()) {
        Some(hint) => finding.help(hint),
        None => finding,
    }
}

/// A slice that begins with no declaring word.
pub(super) fn no_declaration(origin: Origin<'_>, text: &str) -> Finding {
    let found = Found::at(text, 0);
    if let Some(finding) = lexical(origin, &found) {
        return finding;
    }
    let span = origin.span(found.start, found.end);
    let finding = bw001::word_meant(bw001::no_declaration(&found.shown(), span), span, &hints::declaring_near(&found));
    finding.help(hints::declaration(&found))
}

/// A statement that does not fit, although the rule for a single one takes it.
pub(super) fn unreadable(origin: Origin<'_>, text: &str) -> Finding {
    let found = Found::at(text, 0);
    bw001::unreadable(&found.shown(), origin.span(found.start, found.end))
}

/// What is wrong whatever was expected: a quote without its end, a character that stands for nothing.
fn lexical(origin: Origin<'_>, found: &Found<'_>) -> Option<Finding> {
    let span = origin.span(found.start, found.end);
    match found.token {
        Token::OpenQuote => Some(bw002::quote(origin.span(found.start, found.start + 1))),
        Token::Odd(c) => Some(bw003::character(c, span)),
        _ => None,
    }
}

/// A bracket without its end.
fn unclosed(origin: Origin<'_>, text: &str, found: &Found<'_>, expected: &Expected) -> Option<Finding> {
    let end = origin.span(found.start, found.end);
    let ended = matches!(found.token, Token::End) || matches!(found.text, "}" | "{" | ";");
    if expected.has(Rule::round_close) && ended {
        let open = found::last_open(&text[..found.start], '(', ')')?;
        return Some(bw002::round(origin.span(open, open + 1), end));
    }
    if expected.has(Rule::close) && matches!(found.token, Token::End) {
        let open = found::last_open(&text[..found.start], '{', '}')?;
        return Some(bw002::brace(origin.span(open, open + 1), end));
    }
    if found.text == ")" && expected.has(Rule::EOI) {
        return Some(bw002::stray(')', end));
    }
    None
}

/// The words that begin a declaration.
fn declaring_words() -> &'static [&'static str] {
    &DECLARATIONS
}
