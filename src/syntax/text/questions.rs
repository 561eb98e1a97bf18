//! Tests, and what they are made of: actors, targets, facts.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::check::{bw001, bw006};
use crate::source::Span;
use crate::syntax::ast::{Actor, Fact, Facts, Path, Target, TargetKind, Test, TestLine};

use super::catalogue::target_kind;

impl Reader<'_> {
    pub(super) fn test(&mut self, node: Node<'_>) -> Option<Test> {
        let mut parts = Parts::of(node);
        let name = parts.next_of(Rule::text)?;
        let mut test = Test { name: self.text(&name), at: None, with: vec![], lines: vec![] };
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::at_day => {
                    test.at = Some(self.day_in(part)?);
                    seen.push(("at", span));
                }
                Rule::with => {
                    test.with.extend(self.switches(part));
                    seen.push(("with", span));
                }
                Rule::test_body => {
                    let lines = self.block(part, Rule::one_question, Self::question);
                    test.lines = lines.into_iter().map(|line| line.node).collect();
                }
                _ => {}
            }
        }
        self.only_once(seen.iter().copied());
        Some(test)
    }

    /// `with resell on, ecommerce off`.
    pub(super) fn switches(&mut self, node: Node<'_>) -> Vec<(crate::syntax::ast::Name, bool)> {
        let switches = Parts::of(node).filter(|part| part.as_rule() == Rule::switch);
        switches.filter_map(|part| self.switch(part)).collect()
    }

    fn switch(&mut self, node: Node<'_>) -> Option<(crate::syntax::ast::Name, bool)> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        Some((name, parts.next()?.as_rule() == Rule::kw_on))
    }

    /// `aino can reports.open on user { country fi }`.
    pub(super) fn question(&mut self, node: Node<'_>) -> Option<TestLine> {
        let span = self.span(&node);
        let mut parts = Parts::of(node);
        let actor = parts.next()?;
        let actor = self.actor(actor)?;
        let can = parts.next()?.as_rule() == Rule::kw_can;
        let actions = parts.next_of(Rule::actions)?;
        let actions = self.actions(actions)?;
        let target = match parts.next_of(Rule::target) {
            Some(target) => Some(self.target(target)?),
            None => None,
        };
        Some(TestLine { actor, can, actions, target, span })
    }

    /// An admin's name, or `as learner { unit oulu }`.
    pub(super) fn actor(&mut self, node: Node<'_>) -> Option<Actor> {
        if node.as_rule() != Rule::claims {
            return Some(Actor::Admin(self.name(&node)));
        }
        let span = self.span(&node);
        let (mut roles, mut facts) = (vec![], Facts { items: vec![], span });
        for part in Parts::of(node) {
            match part.as_rule() {
                Rule::names => roles = self.names(part),
                Rule::facts => facts = self.facts(part, span),
                _ => {}
            }
        }
        Some(Actor::Claims { roles, facts, span })
    }

    /// `entity { ... } and user { ... }`.
    pub(super) fn target(&mut self, node: Node<'_>) -> Option<Target> {
        let span = self.span(&node);
        let mut target = Target { entity: None, user: None, account: None, span };
        for part in Parts::of(node).filter(|part| part.as_rule() == Rule::part) {
            let place = self.span(&part);
            let word = Parts::of(part.clone()).next()?;
            let kind = target_kind(word.as_rule())?;
            let facts = Parts::of(part).next_of(Rule::facts)?;
            let facts = self.facts(facts, place);
            let (slot, word) = match kind {
                TargetKind::Entity => (&mut target.entity, "entity"),
                TargetKind::User => (&mut target.user, "user"),
                TargetKind::Account => (&mut target.account, "account"),
            };
            if let Some(first) = slot.replace(facts) {
                self.report(bw006::twice(word, first.span, place));
            }
        }
        if let (Some(account), Some(other)) = (&target.account, target.entity.as_ref().or(target.user.as_ref())) {
            let finding = bw001::account_alone(account.span, other.span);
            self.report(finding);
            return None;
        }
        Some(target)
    }

    /// The facts in braces; `word` is the place of what they are about.
    fn facts(&mut self, node: Node<'_>, word: Span) -> Facts {
        let span = word.to(self.span(&node));
        let items = self.block(node, Rule::one_fact, Self::fact);
        self.only_once(items.iter().map(|item| (fact_word(&item.node), item.span)));
        Facts { items, span }
    }

    pub(super) fn fact(&mut self, node: Node<'_>) -> Option<Fact> {
        Some(match node.as_rule() {
            Rule::unit_line => Fact::Unit(self.paths(node).pop()?),
            Rule::told_labels => Fact::Labels(self.paths_in(node)?),
            Rule::told_relations => Fact::Relations(self.next_names(&mut Parts::of(node))?),
            Rule::told_roles => Fact::Roles(self.next_names(&mut Parts::of(node))?),
            _ => {
                let (name, value) = self.name_and_value(node)?;
                match name.node.as_str() {
                    "login" => Fact::Login(value),
                    "id" => Fact::Id(value),
                    _ => Fact::Attribute { name, value },
                }
            }
        })
    }

    /// The paths in the list of a node.
    pub(super) fn paths_in(&mut self, node: Node<'_>) -> Option<Vec<Path>> {
        let paths = Parts::of(node).next_of(Rule::paths)?;
        Some(self.paths(paths))
    }
}

/// The word that a fact begins with.
fn fact_word(fact: &Fact) -> &str {
    match fact {
        Fact::Login(_) => "login",
        Fact::Id(_) => "id",
        Fact::Unit(_) => "unit",
        Fact::Labels(_) => "labels",
        Fact::Relations(_) => "relation",
        Fact::Roles(_) => "role",
        Fact::Attribute { name, .. } => &name.node,
    }
}
