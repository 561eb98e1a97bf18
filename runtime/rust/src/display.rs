//! Predicates in the language's words.

use core::fmt;

use crate::describe::{self, Signature};
use crate::id::{AttributeId, RelationId};
use crate::layout::section;
use crate::lookup;
use crate::name::{Name, Quoted, Visible};
use crate::node::Test;
use crate::pred::{Pred, Shown};
use crate::raw::Raw;
use crate::reason::Part;
use crate::target::Value;

/// How tightly the words around a predicate bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
}

impl fmt::Display for Pred<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let both = self.signature() == Some(Signature::Both);
        let several = both || parties(self).is_none();
        write(self, f, Binding::Or, several)
    }
}

/// A predicate as a part of a sentence: in brackets where it says `or`.
pub(crate) struct Tight<'p>(pub(crate) Pred<'p>);

impl fmt::Display for Tight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f, Binding::And, false)
    }
}

/// The only party that a predicate is about; none where there are several.
fn parties(pred: &Pred<'_>) -> Option<Part> {
    match pred.shown() {
        Shown::All | Shown::Nothing => Some(Part::Account),
        Shown::Test(part, _) => Some(part),
        Shown::Not(inner) => parties(&inner),
        Shown::And(children) | Shown::Or(children) => {
            let mut all = children.map(|child| parties(&child));
            let first = all.next()??;
            all.all(|part| part == Some(first)).then_some(first)
        }
    }
}

/// `prefixed`: what is about one party alone is to say so.
fn write(pred: &Pred<'_>, f: &mut fmt::Formatter<'_>, outer: Binding, prefixed: bool) -> fmt::Result {
    if prefixed
        && pred.folded().is_none()
        && let Some(part) = parties(pred)
    {
        f.write_str(match part {
            Part::Actor => "actor where ",
            Part::Entity => "entities where ",
            Part::User => "users where ",
            Part::Account => "accounts where ",
        })?;
        return write(pred, f, Binding::Not, false);
    }
    match pred.shown() {
        Shown::All => f.write_str("*"),
        Shown::Nothing => f.write_str("nothing"),
        Shown::Test(part, test) => write_test(pred.raw, part, test, false, f),
        Shown::Not(inner) => match inner.shown() {
            Shown::Test(part, test) if !prefixed => write_test(pred.raw, part, test, true, f),
            _ => {
                f.write_str("not ")?;
                write(&inner, f, Binding::Not, prefixed)
            }
        },
        Shown::And(children) => list(children, f, (outer, Binding::And), prefixed, " and "),
        Shown::Or(children) => list(children, f, (outer, Binding::Or), prefixed, " or "),
    }
}

fn list<'p>(
    children: impl Iterator<Item = Pred<'p>>,
    f: &mut fmt::Formatter<'_>,
    (outer, own): (Binding, Binding),
    prefixed: bool,
    joint: &str,
) -> fmt::Result {
    let bracketed = outer > own;
    f.write_str(if bracketed { "(" } else { "" })?;
    for (i, child) in children.enumerate() {
        f.write_str(if i == 0 { "" } else { joint })?;
        write(&child, f, own, prefixed)?;
    }
    f.write_str(if bracketed { ")" } else { "" })
}

/// A test, or its complement.
fn write_test(raw: Raw<'_>, part: Part, test: Test<'_>, negated: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let not = if negated { "not " } else { "" };
    let within = if part == Part::Entity { "in " } else { "" };
    match test {
        Test::Is(attribute, value) => {
            let is = if part == Part::Entity && attribute == AttributeId::ID && !negated { "" } else { "is " };
            write!(f, "{} {is}{not}", Name(lookup::attribute_name(raw, attribute)))?;
            write_value(raw, attribute, value, f)
        }
        Test::Set(attribute) => write!(f, "{} is {not}set", Name(lookup::attribute_name(raw, attribute))),
        Test::StartsWith(a, text) => text_test(raw, a, (not, "starts with"), text, f),
        Test::EndsWith(a, text) => text_test(raw, a, (not, "ends with"), text, f),
        Test::Contains(a, text) => text_test(raw, a, (not, "contains"), text, f),
        Test::AtLeast(a, least) => write!(f, "{not}{} at least {least}", Name(lookup::attribute_name(raw, a))),
        Test::AtMost(a, most) => write!(f, "{not}{} at most {most}", Name(lookup::attribute_name(raw, a))),
        Test::Unit(unit) => write!(f, "{not}{within}unit {}", Visible(lookup::short_path(raw, section::UNITS, unit.0))),
        Test::UnitOnly(unit) => {
            write!(f, "{not}{within}unit {} only", Visible(lookup::short_path(raw, section::UNITS, unit.0)))
        }
        Test::OwnUnit => write!(f, "{not}{within}own unit"),
        Test::Label(label) => write!(f, "{not}labelled {}", Visible(lookup::short_path(raw, section::LABELS, label.0))),
        Test::Relation(relation) => write!(f, "{not}{}", Name(relation_name(raw, relation))),
        Test::Myself => write!(f, "{not}self"),
        Test::Given(role) => write!(f, "{not}holders of {}", Name(describe::role(raw, role).map_or("?", |r| r.name))),
        Test::DirectTier(tier) => {
            write!(f, "{not}direct allows of {}", Name(lookup::tier_name(raw, tier).unwrap_or("?")))
        }
    }
}

fn text_test(
    raw: Raw<'_>,
    attribute: AttributeId,
    (not, words): (&str, &str),
    text: &str,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{not}{} {words} ", Name(lookup::attribute_name(raw, attribute)))?;
    write!(f, "{}", Quoted(text))
}

fn write_value(raw: Raw<'_>, attribute: AttributeId, value: Value<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Choice(choice) => write!(f, "{}", Name(lookup::value_text(raw, attribute, choice).unwrap_or("?"))),
        Value::Outside => f.write_str("?"),
        Value::Text(text) => write!(f, "{}", Quoted(text)),
        Value::Number(number) => write!(f, "{number}"),
    }
}

fn relation_name(raw: Raw<'_>, relation: RelationId) -> &str {
    describe::relation_of(raw, relation).map_or("?", |r| r.name)
}
