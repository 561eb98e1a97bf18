//! Roles and profiles: heads and bodies.

use super::Resolver;
use crate::check::{bw004, bw405};
use crate::dates::days_of;
use crate::lower::rights::Days;
use crate::model::{ActionSet, Allow, Except, Extends, HolderLimit, Role};
use crate::region::Scope;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Period, RoleItem};

impl Resolver<'_> {
    /// A role with all that it says.
    pub(super) fn resolve_role(&mut self, decl: &ast::Role, doc: Option<&str>) -> Role {
        let mut role = self.role_head(decl, doc);
        for item in &decl.body {
            self.role_item(&mut role, &item.node, item.span);
        }
        in_order(&mut role);
        role
    }

    fn role_head(&mut self, decl: &ast::Role, doc: Option<&str>) -> Role {
        let read_only = decl.read_only.as_ref().map(|r| {
            let items = r.except.clone();
            if items.is_empty() {
                return self.action_set_of_nothing(r.span);
            }
            self.action_set(&ast::Set { items: ast::Items::Listed(items), except: vec![], span: r.span })
        });
        Role {
            name: decl.name.node.clone(),
            profile: decl.profile,
            labels: decl.labels.iter().map(|l| (l.language.as_ref().map(|n| n.node.clone()), l.text.clone())).collect(),
            doc: doc.map(str::to_owned),
            superuser: decl.superuser.is_some(),
            ungrantable: decl.ungrantable.is_some(),
            by_claim: decl.by_claim,
            spare: decl.spare.is_some(),
            primary: decl.body.iter().any(|i| matches!(i.node, RoleItem::Primary)),
            read_only,
            tier: decl.tier.as_ref().and_then(|n| self.tier(n).map(|t| Spanned::new(t, n.span))),
            needs: decl.needs.iter().filter_map(|n| self.role(n).map(|r| Spanned::new(r, n.span))).collect(),
            when: self.gates(&decl.when),
            scope: None,
            extends: vec![],
            allows: vec![],
            excepts: vec![],
            nevers: vec![],
            holders: vec![],
            span: decl.name.span,
        }
    }

    fn role_item(&mut self, role: &mut Role, item: &RoleItem, span: Span) {
        match item {
            RoleItem::Scope(scope) => role.scope = Some(Spanned::new(self.scope(Some(scope)), span)),
            RoleItem::Extends(extends) => {
                let on = self.scope(extends.on.as_ref());
                for name in &extends.roles {
                    let Some(parent) = self.role(name) else { continue };
                    let text = item.to_string();
                    role.extends.push(Extends { role: parent, on: on.clone(), text, span: name.span });
                }
            }
            RoleItem::Allow(allow) => {
                let resolved = self.allow(allow, item.to_string(), span);
                role.allows.push(resolved);
            }
            RoleItem::Assigns(assigns) => {
                let resolved = self.assigns_line(assigns, item.to_string(), span);
                role.allows.push(resolved);
            }
            RoleItem::Except(except) => {
                let actions = self.action_set(&except.actions);
                let resolved = self.except(except, actions, item.to_string(), span);
                role.excepts.push(resolved);
            }
            RoleItem::Never(never) => {
                let actions = self.denied_set(&never.actions);
                let resolved = self.except(never, actions, item.to_string(), span);
                role.nevers.push(resolved);
            }
            RoleItem::Holders(limit) => role.holders.push(HolderLimit {
                least: limit.least.as_ref().map(|n| n.node),
                most: limit.most.as_ref().map(|n| n.node),
                per_unit: limit.per_unit,
                span,
            }),
            RoleItem::Primary => {}
        }
    }

    /// `allow ...`, in a role or an admin.
    pub(super) fn allow(&mut self, allow: &ast::Allow, text: String, span: Span) -> Allow {
        let actions = self.action_set(&allow.actions);
        let on = self.scope(allow.on.as_ref());
        self.check_parts(&actions, &on, allow.on.as_ref());
        Allow {
            actions,
            assigns: false,
            on,
            when: self.gates(&allow.when),
            days: self.period(&allow.period),
            reason: allow.reason.as_ref().map(|r| r.node.clone()),
            text,
            span,
        }
    }

    fn assigns_line(&mut self, assigns: &ast::Assigns, text: String, span: Span) -> Allow {
        Allow {
            actions: self.assigns(&assigns.roles),
            assigns: true,
            on: self.scope(assigns.on.as_ref()),
            when: self.gates(&assigns.when),
            days: self.period(&assigns.period),
            reason: assigns.reason.as_ref().map(|r| r.node.clone()),
            text,
            span,
        }
    }

    fn except(&mut self, except: &ast::Except, actions: ActionSet, text: String, span: Span) -> Except {
        let on = self.scope(except.on.as_ref());
        self.check_parts(&actions, &on, except.on.as_ref());
        Except { actions, on, text, span }
    }

    /// An action that a line names by its full path must use every part that the line restricts.
    pub(super) fn check_parts(&mut self, actions: &ActionSet, on: &Scope, written: Option<&ast::Scope>) {
        let Some(written) = written else { return };
        for (id, span) in &actions.named {
            let action = &self.model.actions[id.index()];
            if on.users.is_some() && !action.signature.uses_users() {
                let place = written.users.as_ref().map_or(written.span, |s| s.span);
                self.findings.push(bw405::unused_part(action, *span, place, "users in"));
            }
            if on.entities.is_some() && !action.signature.uses_entities() {
                let place = written.entities.as_ref().map_or(written.span, |s| s.span);
                self.findings.push(bw405::unused_part(action, *span, place, "entities"));
            }
        }
    }

    /// The days of a period; one that ends before it begins is a finding.
    pub(super) fn period(&mut self, period: &Period) -> Days {
        let days = days_of(period);
        if let (true, Some(from), Some(until)) = (days.is_empty(), &period.from, &period.until) {
            self.findings.push(bw004::backward_period(from.span, until.span));
        }
        days
    }

    fn action_set_of_nothing(&self, span: Span) -> ActionSet {
        let members = fixedbitset::FixedBitSet::with_capacity(self.model.actions.len());
        ActionSet { members, named: vec![], finer: vec![], open: vec![], idle: vec![], span }
    }
}

/// The order of the lines means nothing, so it must not show in what is compiled.
fn in_order(role: &mut Role) {
    role.allows.sort_by(|a, b| a.text.cmp(&b.text));
    role.excepts.sort_by(|a, b| a.text.cmp(&b.text));
    role.nevers.sort_by(|a, b| a.text.cmp(&b.text));
    role.extends.sort_by(|a, b| (a.role, &a.text).cmp(&(b.role, &b.text)));
}
