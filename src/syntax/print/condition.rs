//! Conditions, with no more parentheses than they need.

use std::fmt::{self, Display as _};

use super::list;
use super::name::{quoted, value, word};
use super::set::holders_of;
use crate::syntax::ast::{AttributeTest, Condition, ConditionKind, Name};

/// How tightly a form binds; a looser one inside a tighter one needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Test,
}

fn binding(kind: &ConditionKind) -> Binding {
    match kind {
        ConditionKind::Or(_) => Binding::Or,
        ConditionKind::And(_) => Binding::And,
        ConditionKind::Not(_) => Binding::Not,
        ConditionKind::Attribute { test, negated: true, .. } if !has_negated_form(test) => Binding::Not,
        _ => Binding::Test,
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ConditionKind::And(parts) => joined(f, parts, " and ", Binding::And),
            ConditionKind::Or(parts) => joined(f, parts, " or ", Binding::Or),
            ConditionKind::Not(inner) => {
                f.write_str("not ")?;
                inside(f, inner, Binding::Not)
            }
            ConditionKind::Group(group) => group.fmt(f),
            ConditionKind::Unit { unit, only } => write!(f, "unit {unit}{}", if *only { " only" } else { "" }),
            ConditionKind::Labelled(label) => write!(f, "labelled {label}"),
            ConditionKind::Holders(role) => holders_of(f, role),
            ConditionKind::Attribute { attribute, test, negated } => attribute_test(f, attribute, test, *negated),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Condition], between: &str, outer: Binding) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        inside(f, part, outer)?;
    }
    Ok(())
}

/// Writes a part of a form that binds as `outer`: a part that binds no tighter gets parentheses.
fn inside(f: &mut fmt::Formatter<'_>, part: &Condition, outer: Binding) -> fmt::Result {
    if binding(&part.kind) > outer { part.fmt(f) } else { write!(f, "({part})") }
}

const fn has_negated_form(test: &AttributeTest) -> bool {
    matches!(test, AttributeTest::Is(_) | AttributeTest::In(_) | AttributeTest::Set)
}

fn attribute_test(f: &mut fmt::Formatter<'_>, attribute: &Name, test: &AttributeTest, negated: bool) -> fmt::Result {
    let before = if negated && !has_negated_form(test) { "not " } else { "" };
    let not = if negated { " not" } else { "" };
    let name = if is_built_in(&attribute.node) { attribute.node.as_str().into() } else { word(&attribute.node) };
    write!(f, "{before}{name} ")?;
    match test {
        AttributeTest::Is(it) => write!(f, "is{not} {}", value(&it.node)),
        AttributeTest::In(values) => {
            f.write_str(if negated { "not in (" } else { "in (" })?;
            list(f, values, |f, it| f.write_str(&value(&it.node)))?;
            f.write_str(")")
        }
        AttributeTest::Set => write!(f, "is{not} set"),
        AttributeTest::StartsWith(it) => write!(f, "starts with {}", quoted(&it.node)),
        AttributeTest::EndsWith(it) => write!(f, "ends with {}", quoted(&it.node)),
        AttributeTest::Contains(it) => write!(f, "contains {}", quoted(&it.node)),
        AttributeTest::AtLeast(it) => write!(f, "at least {}", value(&it.node)),
        AttributeTest::AtMost(it) => write!(f, "at most {}", value(&it.node)),
    }
}

/// The attributes that every account has; their names are words of other places.
fn is_built_in(name: &str) -> bool {
    matches!(name, "login" | "name" | "email" | "id")
}
