//! Roles and profiles, and the lines of their bodies.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Allow, Assigns, Except, Extends, Holders, ReadOnly, Role, RoleItem, Text};

/// A line of a role's body; its titles stand apart in the tree.
#[expect(clippy::large_enum_variant, reason = "lives only until the line is put in its place")]
enum Line {
    Item(RoleItem),
    Label(Text),
}

impl Reader<'_> {
    pub(super) fn role(&mut self, node: Node<'_>) -> Option<Role> {
        let profile = node.as_rule() == Rule::profile;
        let mut parts = Parts::of(node).peekable();
        let superuser = parts.next_if(|part| part.as_rule() == Rule::kw_super).map(|part| self.span(&part));
        let name = parts.find(|part| part.as_rule() == Rule::name)?;
        let mut role = Role {
            profile,
            name: self.name(&name),
            labels: vec![],
            superuser,
            ungrantable: None,
            by_claim: None,
            spare: None,
            read_only: None,
            tier: None,
            needs: vec![],
            when: vec![],
            body: vec![],
        };
        let mut seen = Vec::new();
        for part in parts {
            let span = self.span(&part);
            if let Some(word) = self.role_flag(part, span, &mut role)? {
                seen.push((word, span));
            }
        }
        self.only_once(seen.iter().copied());
        Some(role)
    }

    /// Reads a word of the head, or the body; returns the word of a flag.
    fn role_flag(&mut self, part: Node<'_>, span: Span, role: &mut Role) -> Option<Option<&'static str>> {
        let word = match part.as_rule() {
            Rule::text => {
                role.labels.push(Text { language: None, text: self.text(&part) });
                "title"
            }
            Rule::kw_ungrantable => {
                role.ungrantable = Some(span);
                "ungrantable"
            }
            Rule::by_claim => {
                role.by_claim = Some(span);
                "by claim"
            }
            Rule::kw_spare => {
                role.spare = Some(span);
                "spare"
            }
            Rule::read_only => {
                role.read_only = Some(self.read_only(part, span));
                "read only"
            }
            Rule::one_tier => {
                role.tier = Some(self.name_in(part)?);
                "tier"
            }
            Rule::needs_role => {
                role.needs = self.next_names(&mut Parts::of(part))?;
                "needs role"
            }
            Rule::gates => {
                role.when = self.gates(part);
                "when"
            }
            Rule::role_body => {
                self.role_body(part, role);
                return Some(None);
            }
            _ => return Some(None),
        };
        Some(Some(word))
    }

    pub(super) fn read_only(&mut self, node: Node<'_>, span: Span) -> ReadOnly {
        let except = Parts::of(node).next_of(Rule::excepted_actions);
        ReadOnly { except: except.map(|except| self.action_items(except)).unwrap_or_default(), span }
    }

    fn role_body(&mut self, body: Node<'_>, role: &mut Role) {
        let lines = self.block(body, Rule::one_role_item, Self::role_line);
        self.only_once(lines.iter().filter_map(|line| match &line.node {
            Line::Item(RoleItem::Scope(_)) => Some(("scope", line.span)),
            Line::Item(RoleItem::Primary) => Some(("primary", line.span)),
            _ => None,
        }));
        for Spanned { node, span } in lines {
            match node {
                Line::Item(item) => role.body.push(Spanned::new(item, span)),
                Line::Label(label) => role.labels.push(label),
            }
        }
    }

    fn role_line(&mut self, node: Node<'_>) -> Option<Line> {
        if node.as_rule() == Rule::label_line {
            return self.label_line(node).map(Line::Label);
        }
        self.role_item(node).map(Line::Item)
    }

    pub(super) fn role_item(&mut self, node: Node<'_>) -> Option<RoleItem> {
        Some(match node.as_rule() {
            Rule::scope_line => RoleItem::Scope(self.scope_in(node)?),
            Rule::extends => RoleItem::Extends(self.extends(node)?),
            Rule::allow => RoleItem::Allow(self.allow(node)?),
            Rule::except_line => RoleItem::Except(self.except(node)?),
            Rule::assigns => RoleItem::Assigns(self.assigns(node)?),
            Rule::never_line => RoleItem::Never(self.except(node)?),
            Rule::holders_line => RoleItem::Holders(self.holders(node)?),
            _ => RoleItem::Primary,
        })
    }

    fn extends(&mut self, node: Node<'_>) -> Option<Extends> {
        let mut parts = Parts::of(node);
        let roles = self.next_names(&mut parts)?;
        Some(Extends { roles, on: self.extras(parts)?.on })
    }

    /// `allow ...`, in a role or an admin.
    pub(super) fn allow(&mut self, node: Node<'_>) -> Option<Allow> {
        let mut parts = Parts::of(node);
        let actions = parts.next_of(Rule::actions)?;
        let actions = self.actions(actions)?;
        let extras = self.extras(parts)?;
        Some(Allow { actions, on: extras.on, when: extras.when, period: extras.period, reason: extras.reason })
    }

    /// `except ...` and `never ...`.
    fn except(&mut self, node: Node<'_>) -> Option<Except> {
        let mut parts = Parts::of(node);
        let actions = parts.next_of(Rule::actions)?;
        let actions = self.actions(actions)?;
        Some(Except { actions, on: self.extras(parts)?.on })
    }

    fn assigns(&mut self, node: Node<'_>) -> Option<Assigns> {
        let mut parts = Parts::of(node);
        let roles = parts.next_of(Rule::role_set)?;
        let roles = self.role_set(roles)?;
        let extras = self.extras(parts)?;
        Some(Assigns { roles, on: extras.on, when: extras.when, period: extras.period, reason: extras.reason })
    }

    /// `holders at least 1, at most 3 per unit`.
    fn holders(&mut self, node: Node<'_>) -> Option<Holders> {
        let mut holders = Holders { least: None, most: None, per_unit: false };
        let mut seen = Vec::new();
        for part in Parts::of(node) {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::least => {
                    holders.least = Some(self.count_in(part)?);
                    seen.push(("at least", span));
                }
                Rule::most => {
                    holders.most = Some(self.count_in(part)?);
                    seen.push(("at most", span));
                }
                Rule::exactly => {
                    let count = self.count_in(part)?;
                    (holders.least, holders.most) = (Some(count.clone()), Some(count));
                    seen.extend([("at least", span), ("at most", span)]);
                }
                Rule::per_unit => holders.per_unit = true,
                _ => {}
            }
        }
        self.only_once(seen.iter().copied());
        Some(holders)
    }

    /// `label en "Analyst"`.
    pub(super) fn label_line(&mut self, node: Node<'_>) -> Option<Text> {
        let mut parts = Parts::of(node).peekable();
        let language = parts.find(|part| matches!(part.as_rule(), Rule::name | Rule::text))?;
        if language.as_rule() == Rule::text {
            return Some(Text { language: None, text: self.text(&language) });
        }
        let text = parts.find(|part| part.as_rule() == Rule::text)?;
        Some(Text { language: Some(self.name(&language)), text: self.text(&text) })
    }
}
