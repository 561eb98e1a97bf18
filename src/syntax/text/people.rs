//! Admins, and the other declarations that name people.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::source::Spanned;
use crate::syntax::ast::{Admin, AdminItem, Assignment, Exception, Name, People, Period, Transfer};

impl Reader<'_> {
    pub(super) fn admin(&mut self, node: Node<'_>) -> Option<Admin> {
        let mut parts = Parts::of(node);
        let mut admin = Admin { name: self.maybe_name(parts.next_of(Rule::name))?, title: None, body: vec![] };
        for part in parts {
            match part.as_rule() {
                Rule::text => admin.title = Some(self.text(&part)),
                Rule::admin_body => admin.body = self.admin_body(part),
                _ => {}
            }
        }
        Some(admin)
    }

    fn admin_body(&mut self, body: Node<'_>) -> Vec<Spanned<AdminItem>> {
        let lines = self.block(body, Rule::one_admin_item, Self::admin_items);
        let items: Vec<_> = lines
            .into_iter()
            .flat_map(|line| line.node.into_iter().map(move |item| Spanned::new(item, line.span)))
            .collect();
        self.only_once(items.iter().filter_map(|item| Some((single(&item.node)?, item.span))));
        items
    }

    /// One line, which may give several roles.
    pub(super) fn admin_items(&mut self, node: Node<'_>) -> Option<Vec<AdminItem>> {
        let item = match node.as_rule() {
            Rule::fact_line => self.admin_fact(node)?,
            Rule::role_line => return Some(self.assignments(node)?.into_iter().map(AdminItem::Role).collect()),
            Rule::profile_line => return Some(self.assignments(node)?.into_iter().map(AdminItem::Profile).collect()),
            Rule::scope_line => AdminItem::Scope(Box::new(self.scope_in(node)?)),
            Rule::allow => AdminItem::Allow(Box::new(self.allow(node)?)),
            Rule::unit_line => AdminItem::Unit(self.paths(node).pop()?),
            Rule::labels_line => AdminItem::Labels(self.paths_in(node)?),
            Rule::valid => AdminItem::Valid(self.extras(Parts::of(node))?.period),
            _ => AdminItem::Inactive,
        };
        Some(vec![item])
    }

    /// `email aino@acme.example`, `country fi`.
    fn admin_fact(&mut self, node: Node<'_>) -> Option<AdminItem> {
        let (name, value) = self.name_and_value(node)?;
        Some(match name.node.as_str() {
            "login" => AdminItem::Login(value),
            "email" => AdminItem::Email(value),
            "phone" => AdminItem::Phone(value),
            "id" => AdminItem::Id(value),
            "photo" => AdminItem::Photo(value),
            _ => AdminItem::Attribute { name, value },
        })
    }

    /// A name and the raw value behind it.
    pub(super) fn name_and_value(&mut self, node: Node<'_>) -> Option<(Name, Name)> {
        let mut parts = Parts::of(node);
        let name = self.maybe_name(parts.next_of(Rule::name))?;
        let value = parts.next_of(Rule::raw)?;
        Some((name, self.value(&value)))
    }

    /// `role operator, editor on ... until ...`: several roles carry the same.
    fn assignments(&mut self, node: Node<'_>) -> Option<Vec<Assignment>> {
        let mut parts = Parts::of(node);
        let roles = self.next_names(&mut parts)?;
        let extras = self.extras(parts)?;
        let given = |role| Assignment {
            role,
            on: extras.on.clone().map(Box::new),
            period: extras.period.clone(),
            reason: extras.reason.clone(),
        };
        Some(roles.into_iter().map(given).collect())
    }

    pub(super) fn people(&mut self, node: Node<'_>) -> Option<People> {
        Some(People { path: self.text_in(node)? })
    }

    pub(super) fn exception(&mut self, node: Node<'_>) -> Option<Exception> {
        let mut parts = Parts::of(node);
        let name = parts.next_of(Rule::text)?;
        let name = self.text(&name);
        let subjects = parts.next_of(Rule::subjects)?;
        let subjects = self.subjects(subjects)?;
        let changes = self.next_names(&mut parts)?;
        let extras = self.extras(parts)?;
        Some(Exception { name, subjects, changes, period: extras.period, reason: extras.reason })
    }

    pub(super) fn transfer(&mut self, node: Node<'_>) -> Option<Transfer> {
        let mut parts = Parts::of(node);
        let role = self.maybe_name(parts.next_of(Rule::name))?;
        let from = self.maybe_name(parts.next_of(Rule::name))?;
        let to = self.maybe_name(parts.next_of(Rule::name))?;
        Some(Transfer { role, from, to, reason: self.extras(parts)?.reason })
    }
}

/// The word of a statement that an admin may have once.
pub(super) fn single(item: &AdminItem) -> Option<&str> {
    Some(match item {
        AdminItem::Login(_) => "login",
        AdminItem::Email(_) => "email",
        AdminItem::Phone(_) => "phone",
        AdminItem::Id(_) => "id",
        AdminItem::Photo(_) => "photo",
        AdminItem::Unit(_) => "unit",
        AdminItem::Labels(_) => "labels",
        AdminItem::Scope(_) => "scope",
        AdminItem::Valid(Period { .. }) => "valid",
        AdminItem::Inactive => "inactive",
        AdminItem::Attribute { name, .. } => &name.node,
        AdminItem::Profile(_) | AdminItem::Role(_) | AdminItem::Allow(_) => return None,
    })
}
