//! Predicates decided in Kleene's logic: an unknown is named by the first fact that was missing.

use crate::id::{AttributeId, UnitId};
use crate::layout::{limit, reference, section};
use crate::lookup;
use crate::node::{Join, Ref, Shape, Test};
use crate::question::Question;
use crate::reason::{FactName, Kleene};
use crate::side::Side;
use crate::target::{Fact, Value};

/// Both, the unknown of the first named before that of the second.
#[inline]
pub(crate) fn both(first: Kleene, second: impl FnOnce() -> Kleene) -> Kleene {
    match first {
        Ok(false) => Ok(false),
        Ok(true) => second(),
        Err(missing) => match second() {
            Ok(false) => Ok(false),
            _ => Err(missing),
        },
    }
}

/// The complement.
#[inline]
pub(crate) fn not(value: Kleene) -> Kleene {
    value.map(|holds| !holds)
}

impl Question<'_> {
    /// Whether the predicate holds of a party.
    #[inline]
    pub(crate) fn holds(&self, node: Ref, side: &Side<'_>) -> Kleene {
        if node == Ref::TRUE { Ok(true) } else { self.eval(node, side, limit::DEPTH) }
    }

    #[inline]
    fn eval(&self, node: Ref, side: &Side<'_>, depth: u32) -> Kleene {
        let value = match node.kind() {
            reference::UNIT => self.in_unit(side, UnitId(node.payload())),
            reference::NODE | reference::LIST => self.composite(node, side, depth),
            _ => self.leaf(node, side),
        };
        if node.is_negated() { not(value) } else { value }
    }

    /// A verified table nests no deeper than `depth` allows; should the bytes change under the reader, nothing is known.
    fn composite(&self, node: Ref, side: &Side<'_>, depth: u32) -> Kleene {
        match node.shape(self.asking.raw) {
            Shape::Join(join) if depth > 0 => self.join(join, side, depth - 1),
            _ => Err(side.missing(FactName::Login)),
        }
    }

    fn leaf(&self, node: Ref, side: &Side<'_>) -> Kleene {
        match node.shape(self.asking.raw) {
            Shape::Const(holds) => Ok(holds),
            Shape::Test(test) => self.test(test, side),
            Shape::Join(_) => Err(side.missing(FactName::Login)),
        }
    }

    #[inline]
    fn join(&self, join: Join<'_>, side: &Side<'_>, depth: u32) -> Kleene {
        let mut unknown = None;
        for child in join.children() {
            match self.eval(child, side, depth) {
                Ok(holds) if holds == join.is_or => return Ok(holds),
                Ok(_) => {}
                Err(missing) => unknown = unknown.or(Some(missing)),
            }
        }
        unknown.map_or(Ok(!join.is_or), Err)
    }

    /// Whether a test holds of a party.
    pub(crate) fn test(&self, test: Test<'_>, side: &Side<'_>) -> Kleene {
        match test {
            Test::Unit(unit) => self.in_unit(side, unit),
            Test::UnitOnly(unit) => match side.unit() {
                Fact::Known(own) => Ok(own == unit),
                Fact::Absent => Ok(false),
                _ => Err(side.missing(FactName::Unit)),
            },
            Test::OwnUnit => self.in_own_unit(side),
            Test::Label(label) => side.label(label),
            Test::Relation(relation) => side.relation(relation),
            Test::Myself => self.is_actor(),
            Test::Given(role) => side.given(role),
            Test::DirectTier(tier) => side.direct_tier(tier),
            Test::Is(attribute, _)
            | Test::Set(attribute)
            | Test::StartsWith(attribute, _)
            | Test::EndsWith(attribute, _)
            | Test::Contains(attribute, _)
            | Test::AtLeast(attribute, _)
            | Test::AtMost(attribute, _) => attribute_test(attribute, test, side),
        }
    }

    #[inline]
    fn in_unit(&self, side: &Side<'_>, unit: UnitId) -> Kleene {
        match side.unit() {
            Fact::Known(own) => Ok((unit.0..lookup::end(self.asking.raw, section::UNITS, unit.0)).contains(&own.0)),
            Fact::Absent => Ok(false),
            _ => Err(side.missing(FactName::Unit)),
        }
    }

    /// False where either unit is known to be absent, else unknown where either is unknown.
    fn in_own_unit(&self, side: &Side<'_>) -> Kleene {
        match (self.asking.actor.unit(), side.unit()) {
            (Fact::Absent, _) | (_, Fact::Absent) => Ok(false),
            (Fact::Known(own), Fact::Known(_)) => self.in_unit(side, own),
            (Fact::Known(_), _) => Err(side.missing(FactName::Unit)),
            _ => Err(self.asking.actor.missing(FactName::Unit)),
        }
    }

    /// Whether the target account is the actor, whichever party is asked.
    fn is_actor(&self) -> Kleene {
        let Some(user) = self.user else { return Ok(false) };
        if let (Some(user), Some(actor)) = (user.named, self.asking.actor.named) {
            return Ok(user.index == actor.index);
        }
        match (user.login(), self.asking.actor.login()) {
            (Fact::Known(user), Fact::Known(actor)) => Ok(user == actor),
            (Fact::Absent, _) => Ok(false),
            _ => Err(user.missing(FactName::Login)),
        }
    }
}

fn attribute_test(attribute: AttributeId, test: Test<'_>, side: &Side<'_>) -> Kleene {
    if attribute == AttributeId::LOGIN {
        return login_test(test, side);
    }
    let holds = match side.attribute(attribute) {
        Fact::Absent => Some(false),
        Fact::Known(value) => value_test(test, value),
        Fact::Unknown | Fact::Unset => None,
    };
    holds.ok_or_else(|| side.missing(FactName::Attribute(attribute)))
}

/// Whether a value passes; none where it is of another type than the test.
fn value_test(test: Test<'_>, value: Value<'_>) -> Option<bool> {
    match (test, value) {
        (Test::Set(_), _) => Some(true),
        (Test::Is(_, Value::Choice(wanted)), Value::Choice(value)) => Some(value == wanted),
        (Test::Is(_, Value::Text(wanted)), Value::Text(value)) => Some(value == wanted),
        (Test::Is(_, Value::Number(wanted)), Value::Number(value)) => Some(value == wanted),
        (Test::StartsWith(_, start), Value::Text(value)) => Some(value.starts_with(start)),
        (Test::EndsWith(_, end), Value::Text(value)) => Some(value.ends_with(end)),
        (Test::Contains(_, inner), Value::Text(value)) => Some(value.contains(inner)),
        (Test::AtLeast(_, least), Value::Number(value)) => Some(value >= least),
        (Test::AtMost(_, most), Value::Number(value)) => Some(value <= most),
        _ => None,
    }
}

/// Logins are compared folded; the constants of a table are.
fn login_test(test: Test<'_>, side: &Side<'_>) -> Kleene {
    let login = match side.login() {
        Fact::Known(login) => login.as_str().as_bytes(),
        Fact::Absent => return Ok(false),
        _ => return Err(side.missing(FactName::Login)),
    };
    let same = |part: Option<&[u8]>, text: &str| part.is_some_and(|p| p.eq_ignore_ascii_case(text.as_bytes()));
    Ok(match test {
        Test::Set(_) => true,
        Test::Is(_, Value::Text(wanted)) => same(Some(login), wanted),
        Test::StartsWith(_, start) => same(login.get(..start.len()), start),
        Test::EndsWith(_, end) => same(login.len().checked_sub(end.len()).and_then(|at| login.get(at..)), end),
        Test::Contains(_, "") => true,
        Test::Contains(_, inner) => login.windows(inner.len()).any(|part| same(Some(part), inner)),
        _ => false,
    })
}
