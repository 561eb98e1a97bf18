//! The policy's own tests, and the questions that the command line asks in the same words.

use super::Resolver;
use crate::check::{bw105, bw405};
use crate::dates::day_of;
use crate::model::id::{AttributeId, RelationId, RoleId};
use crate::model::{Signature, Test, TestActor, TestFacts, TestLine, TestTarget};
use crate::region::Value;
use crate::source::Span;
use crate::syntax::ast::{self, Fact, Name};
use crate::text::fold_login;

impl Resolver<'_> {
    pub(super) fn test(&mut self, decl: &ast::Test) {
        let with = decl.with.iter().filter_map(|(name, on)| self.feature(name).map(|f| (f, *on))).collect();
        let lines = decl.lines.iter().filter_map(|line| self.test_line(line)).collect();
        let at = decl.at.as_ref().map(|d| day_of(d.node));
        self.model.tests.push(Test { name: decl.name.node.clone(), at, with, lines, span: decl.name.span });
    }

    fn test_line(&mut self, line: &ast::TestLine) -> Option<TestLine> {
        let actor = self.test_actor(&line.actor)?;
        self.actions.denied = false;
        let actions = if line.can { self.action_set(&line.actions) } else { self.denied_set(&line.actions) };
        let ungrantable = std::mem::take(&mut self.actions.denied);
        let target = self.test_target(line.target.as_ref());
        let before = self.findings.len();
        for action in actions.iter() {
            let action = &self.model.actions[action.index()];
            self.findings.extend(
                wrong_parts(action.signature, line.target.as_ref())
                    .map(|what| bw405::wrong_target(action, &what, line.actions.span))
                    .into_iter()
                    .collect(),
            );
        }
        (self.findings.len() == before).then_some(TestLine {
            actor,
            can: line.can,
            actions,
            ungrantable,
            target,
            span: line.span,
        })
    }

    /// Who asks.
    pub(super) fn test_actor(&mut self, actor: &ast::Actor) -> Option<TestActor> {
        match actor {
            ast::Actor::Admin(name) => self.account(name).map(TestActor::Account),
            ast::Actor::Claims { roles, facts, .. } => {
                let roles = roles.iter().filter_map(|r| self.claimed_role(r)).collect();
                Some(TestActor::Claims { roles, facts: self.facts(facts, Party::User) })
            }
        }
    }

    /// A role that may be presented: only those `by claim`.
    fn claimed_role(&mut self, name: &Name) -> Option<RoleId> {
        let role = self.role(name)?;
        if self.by_claim[role.index()] {
            return Some(role);
        }
        self.findings.push(bw105::not_by_claim(name, Some(self.roles.span(role.0))));
        None
    }

    /// On what.
    pub(super) fn test_target(&mut self, target: Option<&ast::Target>) -> TestTarget {
        let Some(target) = target else { return TestTarget::default() };
        TestTarget {
            entity: target.entity.as_ref().map(|f| self.facts(f, Party::Entity)),
            user: target.user.as_ref().map(|f| self.facts(f, Party::User)),
            account: target.account.as_ref().map(|f| self.facts(f, Party::Account)),
        }
    }

    fn facts(&mut self, facts: &ast::Facts, party: Party) -> TestFacts {
        let mut result = TestFacts::default();
        for item in &facts.items {
            self.fact_item(&mut result, &item.node, item.span, party);
        }
        result
    }

    fn fact_item(&mut self, facts: &mut TestFacts, fact: &Fact, span: Span, party: Party) {
        if party == Party::Entity && matches!(fact, Fact::Login(_) | Fact::Roles(_) | Fact::Attribute { .. }) {
            self.findings.push(bw405::not_of_entities(span));
            return;
        }
        match fact {
            Fact::Login(login) => facts.login = Some(fold_login(&login.node)),
            Fact::Id(id) => facts.attributes.push((AttributeId::ID, Some(Value::Text(id.node.clone())))),
            Fact::Unit(path) => facts.unit = self.unit(path),
            Fact::Labels(labels) => {
                let labels: Vec<_> = labels.iter().filter_map(|l| self.label(l)).collect();
                facts.labels.get_or_insert_default().extend(labels);
            }
            Fact::Relations(names) => {
                let ids = names.iter().filter_map(|n| self.relations.find(n, self.findings).map(RelationId));
                facts.relations.extend(ids);
            }
            Fact::Roles(names) => {
                let roles: Vec<_> = names.iter().filter_map(|r| self.claimed_role(r)).collect();
                facts.roles.get_or_insert_default().extend(roles);
            }
            Fact::Attribute { name, value } => {
                let Some(id) = self.attributes.find(name, self.findings).map(AttributeId) else { return };
                let value = self.told_value(id, value);
                facts.attributes.push((id, value));
            }
        }
    }

    /// A value outside a closed attribute is no mistake here: the fact is unknown.
    fn told_value(&mut self, id: AttributeId, value: &Name) -> Option<Value> {
        use crate::model::AttributeType;
        match &self.model.attributes[id.index()].ty {
            AttributeType::Closed(values) if !values.contains(&value.node) => None,
            _ => self.value(id, value),
        }
    }
}

/// Which party the facts are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    Entity,
    User,
    Account,
}

/// Why a target does not fit a signature, if it does not.
fn wrong_parts(signature: Signature, target: Option<&ast::Target>) -> Option<String> {
    let given = target.map_or((false, false, false), |t| (t.entity.is_some(), t.user.is_some(), t.account.is_some()));
    let wanted = match signature {
        Signature::Site => (false, false, false),
        Signature::Entity => (true, false, false),
        Signature::User => (false, true, false),
        Signature::Both => (true, true, false),
        Signature::Account => (false, false, true),
    };
    (given != wanted).then(|| target_words(signature).to_owned())
}

/// The target that a signature asks for, in the words of a test.
#[must_use]
pub fn target_words(signature: Signature) -> &'static str {
    match signature {
        Signature::Site => "no target: it is done to the whole site",
        Signature::Entity => "`entity { ... }`",
        Signature::User => "`user { ... }`",
        Signature::Both => "`entity { ... } and user { ... }`",
        Signature::Account => "`account { ... }`",
    }
}
