//! Conditions: predicates on one account, where `not` binds before `and`, and `and` before `or`.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::check::bw005;
use crate::source::Span;
use crate::syntax::ast::{AttributeTest, Condition, ConditionKind, Name};

/// How often `not` may stand before one condition.
const MOST_NOTS: usize = 64;

impl Reader<'_> {
    /// `a and b or not c`.
    pub(super) fn condition(&mut self, node: Node<'_>) -> Option<Condition> {
        self.joined(node, Rule::conjunction, Self::conjunction, ConditionKind::Or)
    }

    fn conjunction(&mut self, node: Node<'_>) -> Option<Condition> {
        self.joined(node, Rule::negation, Self::negation, ConditionKind::And)
    }

    /// Parts joined by one word; a single part stands for itself.
    fn joined(
        &mut self,
        node: Node<'_>,
        joint: Rule,
        read: fn(&mut Self, Node<'_>) -> Option<Condition>,
        join: fn(Vec<Condition>) -> ConditionKind,
    ) -> Option<Condition> {
        let span = self.span(&node);
        let mut parts = Vec::new();
        for piece in Parts::of(node).filter(|piece| piece.as_rule() == joint) {
            parts.push(read(self, piece)?);
        }
        if parts.len() > 1 { Some(Condition { kind: join(parts), span }) } else { parts.pop() }
    }

    fn negation(&mut self, node: Node<'_>) -> Option<Condition> {
        let whole = self.span(&node);
        let mut nots = Vec::new();
        let mut term = None;
        for part in Parts::of(node) {
            if part.as_rule() == Rule::kw_not {
                nots.push(self.span(&part));
            } else {
                term = Some(part);
            }
        }
        if let Some(deep) = nots.get(MOST_NOTS) {
            self.report(bw005::nots(*deep, MOST_NOTS));
            return None;
        }
        let mut condition = self.term(term?)?;
        for not in nots.into_iter().rev() {
            condition = Condition { kind: ConditionKind::Not(Box::new(condition)), span: not.to(whole) };
        }
        Some(condition)
    }

    fn term(&mut self, node: Node<'_>) -> Option<Condition> {
        let span = self.span(&node);
        let kind = match node.as_rule() {
            Rule::round => return self.round(node, span),
            Rule::unit_test => self.unit_test(node)?,
            Rule::label_test => ConditionKind::Labelled(self.paths(node).pop()?),
            Rule::holders_of => ConditionKind::Holders(self.name_in(node)?),
            Rule::attribute_test => self.attribute_test(node)?,
            _ => ConditionKind::Group(self.path(&node)),
        };
        Some(Condition { kind, span })
    }

    /// A condition in parentheses, which belong to its place.
    fn round(&mut self, node: Node<'_>, span: Span) -> Option<Condition> {
        let inside = Parts::of(node).next_of(Rule::condition)?;
        let condition = self.condition(inside)?;
        Some(Condition { span, ..condition })
    }

    fn unit_test(&mut self, node: Node<'_>) -> Option<ConditionKind> {
        let mut parts = Parts::of(node);
        let unit = parts.next_of(Rule::path)?;
        let only = parts.next_of(Rule::kw_only).is_some();
        Some(ConditionKind::Unit { unit: self.path(&unit), only })
    }

    fn attribute_test(&mut self, node: Node<'_>) -> Option<ConditionKind> {
        let mut parts = Parts::of(node);
        let name = parts.next_of(Rule::name)?;
        let attribute = self.name(&name);
        let test = parts.next()?;
        let rule = test.as_rule();
        let negated = Parts::of(test.clone()).any(|part| part.as_rule() == Rule::kw_not);
        let set = Parts::of(test.clone()).any(|part| part.as_rule() == Rule::kw_set);
        let mut values = self.values(test);
        let test = match rule {
            Rule::in_test => AttributeTest::In(values),
            Rule::is_test if set => AttributeTest::Set,
            Rule::starts_with => AttributeTest::StartsWith(values.pop()?),
            Rule::ends_with => AttributeTest::EndsWith(values.pop()?),
            Rule::contains => AttributeTest::Contains(values.pop()?),
            Rule::at_least => AttributeTest::AtLeast(values.pop()?),
            Rule::at_most => AttributeTest::AtMost(values.pop()?),
            _ => AttributeTest::Is(values.pop()?),
        };
        Some(ConditionKind::Attribute { attribute, test, negated })
    }

    /// The values among the pieces of a node.
    pub(super) fn values(&mut self, node: Node<'_>) -> Vec<Name> {
        Parts::of(node).filter(|part| part.as_rule() == Rule::value).map(|part| self.value(&part)).collect()
    }
}
