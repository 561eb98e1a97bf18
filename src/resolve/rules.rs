//! Rules that stand beside roles and people.

use super::Resolver;
use super::sets::Place;
use crate::check::{bw006, bw105, bw110, bw111};
use crate::dates::days_of;
use crate::diagnostic::Severity;
use crate::model::{Assertion, Automatic, Exception, Forbid, LintLevel, Quota, QuotaItem, Separate, Side, Transfer};
use crate::region::Pred;
use crate::source::{Span, Spanned};
use crate::syntax::ast;

impl Resolver<'_> {
    /// One rule a role.
    pub(super) fn automatic(&mut self, decl: &ast::Automatic) {
        let users = self.users(&decl.users, Place::Actor).unwrap_or(Pred::True);
        let on = self.scope(decl.on.as_ref());
        for name in &decl.roles {
            let Some(role) = self.role(name) else { continue };
            let one = ast::Automatic { roles: vec![name.clone()], ..decl.clone() };
            let rule = Automatic { users: users.clone(), role, on: on.clone(), text: one.to_string(), span: name.span };
            self.model.automatic.push(rule);
        }
    }

    pub(super) fn forbid(&mut self, decl: &ast::Forbid, span: Span) {
        let actions = self.action_set(&decl.actions);
        let on = self.scope(decl.on.as_ref());
        self.check_parts(&actions, &on, decl.on.as_ref());
        let forbid = Forbid {
            actions,
            on,
            subjects: self.actors(decl.subjects.as_ref(), Pred::True),
            unless: self.actors(decl.unless.as_ref(), Pred::False),
            text: decl.to_string(),
            span,
        };
        self.model.forbids.push(forbid);
    }

    pub(super) fn quota(&mut self, decl: &ast::Quota, span: Span) {
        let of = decl.of.iter().filter_map(|item| self.quota_item(item)).collect();
        self.model.quotas.push(Quota {
            most: decl.most.node,
            of,
            counting_all: decl.counting_all,
            soft: decl.soft.is_some(),
            price: decl.price.as_ref().map(|p| (p.cents, p.currency.node.clone())),
            span,
        });
    }

    fn quota_item(&mut self, item: &Spanned<ast::QuotaItem>) -> Option<QuotaItem> {
        match &item.node {
            ast::QuotaItem::Tier(name) => self.tier(name).map(QuotaItem::Tier),
            ast::QuotaItem::Role(name) => self.role(name).map(QuotaItem::Role),
            ast::QuotaItem::Unit(path) => self.unit(path).map(QuotaItem::Unit),
        }
    }

    pub(super) fn separation(&mut self, decl: &ast::Separate, span: Span) {
        let (left, right) = (self.side(&decl.left), self.side(&decl.right));
        if let (Some(left), Some(right)) = (left, right) {
            self.model.separations.push(Separate { left, right, span });
        }
    }

    fn side(&mut self, side: &ast::Side) -> Option<Side> {
        match side {
            ast::Side::Actions(set) => Some(Side::Actions(self.action_set(set))),
            ast::Side::Role(name) => self.role(name).map(Side::Role),
        }
    }

    pub(super) fn assertion(&mut self, decl: &ast::Assertion, span: Span) {
        let actions = if decl.always { self.action_set(&decl.actions) } else { self.denied_set(&decl.actions) };
        let on = self.scope(decl.on.as_ref());
        self.check_parts(&actions, &on, decl.on.as_ref());
        let subjects = self.subjects(&decl.subjects);
        self.model.assertions.push(Assertion { always: decl.always, subjects, actions, on, span });
    }

    pub(super) fn exception(&mut self, decl: &ast::Exception, span: Span) {
        const CHANGES: [&str; 3] = ["personal", "access", "recovery"];
        for change in decl.changes.iter().filter(|c| !CHANGES.contains(&c.node.as_str())) {
            self.findings.push(bw105::undeclared("kind of change", change, CHANGES));
        }
        self.period(&decl.period);
        let exception = Exception {
            name: decl.name.node.clone(),
            subjects: self.subjects(&decl.subjects),
            changes: decl.changes.iter().map(|c| c.node.clone()).collect(),
            days: days_of(&decl.period),
            reason: decl.reason.as_ref().map(|r| r.node.clone()),
            span,
        };
        self.model.exceptions.push(exception);
    }

    pub(super) fn transfer(&mut self, decl: &ast::Transfer, span: Span) {
        let (role, to) = (self.role(&decl.role), self.account(&decl.to));
        if let (Some(role), Some(to)) = (role, to) {
            let to = Spanned::new(to, decl.to.span);
            let reason = decl.reason.as_ref().map(|r| r.node.clone());
            self.model.transfers.push(Transfer { role, from: decl.from.clone(), to, reason, span });
        }
    }

    pub(super) fn lint(&mut self, decl: &ast::Lint) {
        let level = match decl.level.node.as_str() {
            "off" => LintLevel::Off,
            "note" => LintLevel::At(Severity::Note),
            "warning" => LintLevel::At(Severity::Warning),
            "error" => LintLevel::At(Severity::Error),
            _ => {
                self.findings.push(bw110::not_a_level(&decl.level));
                return;
            }
        };
        if !self.is_code(&decl.code) {
            return;
        }
        // If the last one won, the order of files would matter.
        let code = &decl.code;
        if let Some((first, _)) = self.model.lints.levels.iter().find(|(known, _)| known.node == code.node) {
            self.findings.push(bw006::twice(&format!("lint {}", code.node), first.span, code.span));
            return;
        }
        self.model.lints.levels.push((code.clone(), level));
    }

    pub(super) fn ignore(&mut self, ignore: &ast::Ignore, silenced: Span) {
        if self.is_code(&ignore.code) {
            self.model.lints.ignores.push((ignore.code.clone(), silenced));
        }
        if ignore.reason.node.trim().is_empty() {
            self.findings.push(bw111::without_reason(ignore));
        }
    }

    fn is_code(&mut self, code: &ast::Name) -> bool {
        let known = crate::check::is_known(&code.node);
        if !known {
            let codes = crate::check::CHECKS.iter().map(|c| c.code.0);
            self.findings.push(bw105::unknown_code(code, codes));
        }
        known
    }
}
