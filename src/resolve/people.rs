//! The accounts that a policy names.

use smol_str::SmolStr;

use super::Resolver;
use super::names::Namespace;
use crate::check::{bw101, bw105, bw107};
use crate::dates::days_of;
use crate::diagnostic::Findings;
use crate::model::id::{AccountId, AttributeId};
use crate::model::{Account, Assignment, FactValue, Model, On};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, AdminItem, Name};
use crate::text::fold_login;

/// The admins in the order of their logins.
pub(super) struct Logins<'a> {
    /// The folded login and the declaration of each account.
    pub(super) accounts: Vec<(String, &'a ast::Admin)>,
    /// The account of each block, by the block's number; that of the first where two share a login.
    pub(super) of_block: Vec<Option<AccountId>>,
}

/// Puts the admins in the order of their logins; a login that two of them share is a finding.
pub(super) fn by_login<'a>(blocks: &[&'a ast::Admin], findings: &mut Findings) -> Logins<'a> {
    let mut keyed: Vec<(String, usize)> =
        blocks.iter().enumerate().map(|(i, a)| (fold_login(&written_login(a).node), i)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| blocks[a.1].name.span.cmp(&blocks[b.1].name.span)));
    let mut result = Logins { accounts: vec![], of_block: vec![None; blocks.len()] };
    for (login, block) in keyed {
        let same = result.accounts.last().filter(|(last, _)| *last == login);
        if let Some((_, first)) = same {
            let (first, second) = (written_login(first), written_login(blocks[block]));
            let told = |login: &'a Name| (login.node.as_str(), login.span);
            findings.push(bw101::finding(&login, told(first), told(second), bw101::Written::Blocks));
        } else {
            result.accounts.push((login, blocks[block]));
        }
        result.of_block[block] = Some(AccountId::new(result.accounts.len() - 1));
    }
    result
}

fn written_login(admin: &ast::Admin) -> &Name {
    let written = admin.body.iter().find_map(|item| match &item.node {
        AdminItem::Login(login) => Some(login),
        _ => None,
    });
    written.unwrap_or(&admin.name)
}

/// The blocks by name.
pub(super) fn by_block<'a>(admins: Vec<&'a ast::Admin>, findings: &mut Findings) -> (Namespace, Vec<&'a ast::Admin>) {
    Namespace::declare("admin", admins.into_iter().map(|a| (&a.name, a)).collect(), findings)
}

/// A login, folded.
pub(super) fn folded(login: &str) -> SmolStr {
    let folds = login.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
    if folds { fold_login(login).into() } else { login.into() }
}

/// Puts what an account has in order, whatever order it was written in.
pub(super) fn in_order(account: &mut Account, model: &Model) {
    if !account.is_bare() {
        account.labels.sort_unstable();
        account.labels.dedup();
        account.attributes.sort();
        account.allows.sort_by(|a, b| a.text.cmp(&b.text));
    }
    if !account.assignments.is_sorted_by(|a, b| a.in_order(b, model).is_le()) {
        account.assignments.sort_by(|a, b| a.in_order(b, model));
    }
    for assignment in &mut account.assignments {
        assignment.days = assignment.days.meet(account.valid);
    }
}

impl Resolver<'_> {
    /// An account with all that its block says.
    pub(super) fn resolve_account(&mut self, login: String, admin: &ast::Admin) -> Account {
        let mut account = Account::bare(admin.name.node.as_str().into(), login.into(), admin.name.span);
        if let Some(title) = &admin.title {
            account.name = Some(title.node.clone());
        }
        for item in &admin.body {
            self.account_item(&mut account, &item.node, item.span);
        }
        in_order(&mut account, &self.model);
        account
    }

    fn account_item(&mut self, account: &mut Account, item: &AdminItem, span: Span) {
        match item {
            AdminItem::Login(login) => account.own_login = Some(Box::new(login.clone())),
            AdminItem::Email(text) => account.email = Some(Box::new(text.clone())),
            AdminItem::Phone(text) => account.phone = Some(Box::new(text.clone())),
            AdminItem::Id(text) => account.id = Some(Box::new(text.clone())),
            AdminItem::Photo(text) => account.photo = Some(text.node.clone()),
            AdminItem::Unit(path) => account.unit = self.unit(path).map(|u| Spanned::new(u, path.span)),
            AdminItem::Labels(labels) => account.labels.extend(labels.iter().filter_map(|l| self.label(l))),
            AdminItem::Profile(given) | AdminItem::Role(given) => {
                let plain = if matches!(item, AdminItem::Role(_)) { self.plain_given(given) } else { None };
                let given = plain.or_else(|| self.assignment(given, item.to_string()));
                account.assignments.extend(given);
            }
            AdminItem::Scope(scope) => account.scope = Some(Box::new(Spanned::new(self.scope(Some(scope)), span))),
            AdminItem::Allow(allow) => {
                let resolved = self.allow(allow, item.to_string(), span);
                account.allows.push(resolved);
            }
            AdminItem::Valid(period) => {
                self.period(period);
                account.valid = days_of(period);
            }
            AdminItem::Inactive => account.active = false,
            AdminItem::Attribute { name, value } => account.attributes.extend(self.fact(name, value)),
        }
    }

    /// A role given to an account, by a statement of this text.
    pub(super) fn assignment(&mut self, given: &ast::Assignment, text: String) -> Option<Assignment> {
        Some(Assignment {
            role: self.role(&given.role)?,
            on: match &given.on {
                None => On::Everywhere,
                on => On::Scope(self.scope(on.as_deref()).into()),
            },
            days: self.period(&given.period),
            said: Some(text.into()),
            span: given.role.span,
        })
    }

    fn fact(&mut self, name: &Name, value: &Name) -> Option<FactValue> {
        if bw107::is_secret(&name.node) {
            self.findings.push(bw107::in_admin(name));
            return None;
        }
        let Some(id) = self.attributes.get(&name.node) else {
            let keywords = bw105::ADMIN_KEYWORDS.iter().copied();
            let known: Vec<&str> = self.attributes.names().skip(4).chain(keywords).collect();
            self.findings.push(bw105::undeclared("attribute", name, known));
            return None;
        };
        let attribute = AttributeId(id);
        self.value(attribute, value).map(|value| FactValue { attribute, value })
    }
}
