//! Conditions of groups: words about one account to a predicate.

use super::Resolver;
use crate::check::{bw105, bw110};
use crate::model::AttributeType;
use crate::model::id::{AttributeId, GroupId, LabelId, RoleId, UnitId};
use crate::region::{Pred, Test, Value};
use crate::syntax::ast::{self, AttributeTest, Condition, ConditionKind, Name};

impl Resolver<'_> {
    /// The predicate that a condition means; a part that could not be resolved holds for nobody.
    pub(super) fn condition(&mut self, condition: &Condition) -> Pred {
        match &condition.kind {
            ConditionKind::And(all) => Pred::And(all.iter().map(|c| self.condition(c)).collect()),
            ConditionKind::Or(any) => Pred::Or(any.iter().map(|c| self.condition(c)).collect()),
            ConditionKind::Not(inner) => Pred::Not(Box::new(self.condition(inner))),
            ConditionKind::Group(path) => self.group_or_unit(path),
            ConditionKind::Unit { unit, only } => self
                .unit(unit)
                .map_or(Pred::False, |u| Pred::Test(if *only { Test::UnitOnly(u) } else { Test::Unit(u) })),
            ConditionKind::Labelled(path) => self.label_test(path),
            ConditionKind::Holders(role) => self.holds(role),
            ConditionKind::Attribute { attribute, test, negated } => {
                let pred = self.attribute_test(attribute, test);
                if *negated { Pred::Not(Box::new(pred)) } else { pred }
            }
        }
    }

    /// A group, or a unit where no group bears the name.
    fn group_or_unit(&mut self, path: &ast::Path) -> Pred {
        if let [name] = path.names.as_slice() {
            if let Some(group) = self.groups.get(&name.node) {
                return Pred::Test(Test::Group(GroupId(group)));
            }
            if self.relations.get(&name.node).is_some() {
                self.findings.push(bw110::relation_in_group(name));
                return Pred::False;
            }
            if !self.units.has(&name.node) {
                let known: Vec<&str> = self.groups.names().chain(self.units.names()).collect();
                self.findings.push(bw105::undeclared("group", name, known));
                return Pred::False;
            }
        }
        self.unit(path).map_or(Pred::False, |u| Pred::Test(Test::Unit(u)))
    }

    pub(super) fn unit(&mut self, path: &ast::Path) -> Option<UnitId> {
        self.units.find(path, self.findings).map(UnitId)
    }

    pub(super) fn label(&mut self, path: &ast::Path) -> Option<LabelId> {
        self.labels.find(path, self.findings).map(LabelId)
    }

    pub(super) fn label_test(&mut self, path: &ast::Path) -> Pred {
        self.label(path).map_or(Pred::False, |l| Pred::Test(Test::Label(l)))
    }

    pub(super) fn role(&mut self, name: &Name) -> Option<RoleId> {
        self.roles.find(name, self.findings).map(RoleId)
    }

    pub(super) fn holds(&mut self, role: &Name) -> Pred {
        self.role(role).map_or(Pred::False, |r| Pred::Test(Test::Holds(r)))
    }

    fn attribute_test(&mut self, attribute: &Name, test: &AttributeTest) -> Pred {
        let Some(id) = self.attributes.find(attribute, self.findings).map(AttributeId) else { return Pred::False };
        match test {
            AttributeTest::Set => Pred::Test(Test::Set(id)),
            AttributeTest::Is(value) => self.is(id, value),
            AttributeTest::In(values) => Pred::Or(values.iter().map(|v| self.is(id, v)).collect()),
            AttributeTest::StartsWith(t) => self.text_test(id, t, Test::StartsWith, |v, t| v.starts_with(t)),
            AttributeTest::EndsWith(t) => self.text_test(id, t, Test::EndsWith, |v, t| v.ends_with(t)),
            AttributeTest::Contains(t) => self.text_test(id, t, Test::Contains, |v, t| v.contains(t)),
            AttributeTest::AtLeast(n) => self.number_test(id, n, Test::AtLeast),
            AttributeTest::AtMost(n) => self.number_test(id, n, Test::AtMost),
        }
    }

    fn is(&mut self, id: AttributeId, value: &Name) -> Pred {
        self.value(id, value).map_or(Pred::False, |v| Pred::Test(Test::Is(id, v)))
    }

    /// A value of an attribute, by its type, or a finding.
    pub(super) fn value(&mut self, id: AttributeId, value: &Name) -> Option<Value> {
        let attribute = &self.model.attributes[id.index()];
        match &attribute.ty {
            AttributeType::Text if id == AttributeId::LOGIN => Some(Value::Text(crate::text::fold_login(&value.node))),
            AttributeType::Text => Some(Value::Text(value.node.clone())),
            AttributeType::Number => {
                let number = value.node.parse().ok().map(Value::Number);
                if number.is_none() {
                    self.findings.push(bw110::not_a_number(&attribute.name, value));
                }
                number
            }
            AttributeType::Closed(values) => {
                let found = values.iter().position(|v| *v == value.node);
                if found.is_none() {
                    self.findings.push(bw105::undeclared_value(&attribute.name, value, values));
                }
                found.map(|i| Value::Closed(u32::try_from(i).unwrap_or(u32::MAX)))
            }
        }
    }

    fn text_test(
        &mut self,
        id: AttributeId,
        text: &Name,
        test: fn(AttributeId, String) -> Test,
        matches: fn(&str, &str) -> bool,
    ) -> Pred {
        let attribute = &self.model.attributes[id.index()];
        match &attribute.ty {
            AttributeType::Text if id == AttributeId::LOGIN => {
                Pred::Test(test(id, crate::text::fold_login(&text.node)))
            }
            AttributeType::Text => Pred::Test(test(id, text.node.clone())),
            AttributeType::Closed(values) => {
                let hits = (0u32..).zip(values).filter(|(_, v)| matches(v, &text.node));
                Pred::Or(hits.map(|(i, _)| Pred::Test(Test::Is(id, Value::Closed(i)))).collect())
            }
            AttributeType::Number => {
                self.findings.push(bw110::text_test_on_number(&attribute.name, text));
                Pred::False
            }
        }
    }

    fn number_test(&mut self, id: AttributeId, number: &Name, test: fn(AttributeId, i64) -> Test) -> Pred {
        let attribute = &self.model.attributes[id.index()];
        if attribute.ty != AttributeType::Number {
            self.findings.push(bw110::number_test_on_other(&attribute.name, number));
            return Pred::False;
        }
        match self.value(id, number) {
            Some(Value::Number(n)) => Pred::Test(test(id, n)),
            _ => Pred::False,
        }
    }
}
