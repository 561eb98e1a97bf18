//! Rules and requirements: automatic roles, forbids, quotas, separations, assertions, lints.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Assertion, Automatic, Forbid, Ignore, Lint, Quota, QuotaItem, Separate, Side};

impl Reader<'_> {
    /// `ignore BW302 "reason"`.
    pub(super) fn ignore(&mut self, node: Node<'_>) -> Option<Ignore> {
        let mut parts = Parts::of(node);
        let word = parts.next_of(Rule::kw_ignore)?;
        let code = self.maybe_name(parts.next_of(Rule::name))?;
        let reason = parts.next_of(Rule::text)?;
        let span = self.span(&word).to(self.span(&reason));
        Some(Ignore { code, reason: self.text(&reason), span })
    }

    pub(super) fn automatic(&mut self, node: Node<'_>) -> Option<Automatic> {
        let mut parts = Parts::of(node);
        let users = parts.next_of(Rule::users)?;
        let users = self.users(users)?;
        let roles = self.next_names(&mut parts)?;
        Some(Automatic { users, roles, on: self.extras(parts)?.on })
    }

    pub(super) fn forbid(&mut self, node: Node<'_>) -> Option<Forbid> {
        let mut parts = Parts::of(node);
        let actions = parts.next_of(Rule::actions)?;
        let actions = self.actions(actions)?;
        let extras = self.extras(parts)?;
        Some(Forbid { actions, on: extras.on, subjects: extras.subjects, unless: extras.unless, reason: extras.reason })
    }

    pub(super) fn quota(&mut self, node: Node<'_>) -> Option<Quota> {
        let mut parts = Parts::of(node);
        let most = parts.next_of(Rule::most)?;
        let mut quota = Quota { most: self.count_in(most)?, of: vec![], counting_all: false, soft: None, price: None };
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::counting => {
                    quota.counting_all = Parts::of(part).next_of(Rule::kw_all).is_some();
                    seen.push(("counting", span));
                }
                Rule::kw_soft => {
                    quota.soft = Some(span);
                    seen.push(("soft", span));
                }
                Rule::price => {
                    quota.price = Some(self.price(part)?);
                    seen.push(("price", span));
                }
                _ => quota.of.push(Spanned::new(self.quota_item(part)?, span)),
            }
        }
        self.only_once(seen.iter().copied());
        Some(quota)
    }

    fn quota_item(&mut self, node: Node<'_>) -> Option<QuotaItem> {
        Some(match node.as_rule() {
            Rule::one_tier => QuotaItem::Tier(self.name_in(node)?),
            Rule::one_role => QuotaItem::Role(self.name_in(node)?),
            _ => QuotaItem::Unit(self.paths(node).pop()?),
        })
    }

    pub(super) fn separate(&mut self, node: Node<'_>) -> Option<Separate> {
        let mut sides = Parts::of(node).filter(|part| matches!(part.as_rule(), Rule::one_role | Rule::actions));
        let (left, right) = (sides.next()?, sides.next()?);
        Some(Separate { left: self.side(left)?, right: self.side(right)? })
    }

    fn side(&mut self, node: Node<'_>) -> Option<Side> {
        Some(match node.as_rule() {
            Rule::one_role => Side::Role(self.name_in(node)?),
            _ => Side::Actions(self.actions(node)?),
        })
    }

    pub(super) fn assertion(&mut self, node: Node<'_>) -> Option<Assertion> {
        let mut parts = Parts::of(node);
        let always = parts.next()?.as_rule() == Rule::kw_always;
        let subjects = parts.next_of(Rule::subjects)?;
        let subjects = self.subjects(subjects)?;
        let actions = parts.next_of(Rule::actions)?;
        let actions = self.actions(actions)?;
        Some(Assertion { always, subjects, actions, on: self.extras(parts)?.on })
    }

    pub(super) fn lint(&mut self, node: Node<'_>) -> Option<Lint> {
        let mut parts = Parts::of(node);
        let code = self.maybe_name(parts.next_of(Rule::name))?;
        let level = parts.next()?;
        Some(Lint { code, level: self.name(&level) })
    }
}
