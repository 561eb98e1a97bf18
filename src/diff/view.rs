//! A policy as a comparison sees it: its trees, and the model that they were resolved to, also where the policy has errors.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::Policy;
use crate::Outcome;
use crate::diagnostic::Findings;
use crate::model::{Gate, Model, QuotaItem};
use crate::region::{Pred, Scope, Test};
use crate::source::{SourceKind, SourceMap, Span};
use crate::syntax::ast::{self, Decl};

/// A policy with its model.
#[derive(Debug)]
pub(crate) struct View<'a> {
    /// Its sources.
    pub(crate) sources: &'a SourceMap,
    /// Its trees.
    pub(crate) files: &'a [ast::File],
    /// What came of compiling it.
    pub(crate) outcome: &'a Outcome,
    /// Its model; incomplete where the policy has errors of reading or naming.
    pub(crate) model: Cow<'a, Model>,
}

impl<'a> View<'a> {
    /// Takes the compiled model where there is one, and resolves the trees once more otherwise.
    pub(crate) fn new(policy: &Policy<'a>) -> Self {
        let model = match &policy.outcome.compiled {
            Some(compiled) => Cow::Borrowed(compiled.model()),
            None => Cow::Owned(crate::resolve::resolve(policy.files, policy.sources, &mut Findings::new())),
        };
        Self { sources: policy.sources, files: policy.files, outcome: policy.outcome, model }
    }

    /// All declarations, in the order of the sources.
    pub(crate) fn decls(&self) -> impl Iterator<Item = &'a Decl> {
        self.files.iter().flat_map(|file| &file.decls)
    }

    /// `path:line` of a place.
    pub(crate) fn line(&self, span: Span) -> String {
        let place = self.sources.locate(span);
        format!("{}:{}", place.path, place.line)
    }

    /// Whether a place lies in a table of people.
    pub(crate) fn is_row(&self, span: Span) -> bool {
        self.sources.get(span.source).kind == SourceKind::People
    }
}

/// The facts of accounts that the predicates of a policy ask for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// A unit, or whether two are one.
    pub(crate) unit: bool,
    /// A label.
    pub(crate) labels: bool,
    /// Attributes by name, built-in ones included.
    pub(crate) attributes: FxHashSet<String>,
}

impl Asked {
    /// Adds what a model asks for.
    pub(crate) fn add(&mut self, model: &Model) {
        model.groups.iter().for_each(|group| self.pred(model, &group.pred));
        for rule in &model.automatic {
            self.pred(model, &rule.users);
            self.scope(model, &rule.on);
        }
        for forbid in &model.forbids {
            self.scope(model, &forbid.on);
            self.pred(model, &forbid.subjects);
            self.pred(model, &forbid.unless);
        }
        for role in &model.roles {
            self.gates(model, &role.when);
            let lines = role.allows.iter().map(|it| &it.on).chain(role.excepts.iter().map(|it| &it.on));
            let fences = role.extends.iter().map(|it| &it.on).chain(role.scope.iter().map(|it| &it.node));
            lines.chain(fences).for_each(|scope| self.scope(model, scope));
            role.allows.iter().for_each(|allow| self.gates(model, &allow.when));
            self.unit |= role.holders.iter().any(|limit| limit.per_unit);
        }
        for account in &model.accounts {
            account.assignments.iter().for_each(|it| self.scope(model, &it.on.scope()));
            let own = account.allows.iter().map(|it| &it.on).chain(account.scope.iter().map(|it| &it.node));
            own.for_each(|scope| self.scope(model, scope));
        }
        self.unit |= model.quotas.iter().flat_map(|q| &q.of).any(|item| matches!(item, QuotaItem::Unit(_)));
    }

    fn gates(&mut self, model: &Model, gates: &[Gate]) {
        for gate in gates {
            if let Gate::ActorIn(pred, _) = gate {
                self.pred(model, pred);
            }
        }
    }

    fn scope(&mut self, model: &Model, scope: &Scope) {
        scope.users.iter().chain(&scope.entities).for_each(|pred| self.pred(model, pred));
    }

    fn pred(&mut self, model: &Model, pred: &Pred) {
        tests(pred, &mut |test| match test {
            Test::Unit(_) | Test::UnitOnly(_) | Test::OwnUnit => self.unit = true,
            Test::Label(_) => self.labels = true,
            Test::Is(attribute, _)
            | Test::Set(attribute)
            | Test::StartsWith(attribute, _)
            | Test::EndsWith(attribute, _)
            | Test::Contains(attribute, _)
            | Test::AtLeast(attribute, _)
            | Test::AtMost(attribute, _) => {
                self.attributes.insert(model.attributes[attribute.index()].name.clone());
            }
            _ => {}
        });
    }
}

/// Every test of a predicate. Recursion is bounded by the nesting that the parser allows.
pub(crate) fn tests(pred: &Pred, visit: &mut dyn FnMut(&Test)) {
    match pred {
        Pred::True | Pred::False => {}
        Pred::Test(test) => visit(test),
        Pred::Not(inner) => tests(inner, visit),
        Pred::And(all) | Pred::Or(all) => all.iter().for_each(|inner| tests(inner, visit)),
    }
}
