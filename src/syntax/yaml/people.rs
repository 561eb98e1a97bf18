//! Admins, and the files that name more of them.

use super::catalogue::line;
use super::fields::Block;
use super::front::{Front, Lead};
use super::node::{Entry, Node};
use super::statements::{Alone, Statement};
use crate::source::Spanned;
use crate::syntax::ast::{Admin, AdminItem, DeclKind, Name, People};

const ADMINS: Block =
    Block { what: "`admins`", example: "admins: { aino: { email: aino@acme.example, role: operator } }", keys: &[] };
const ADMIN: Block =
    Block { what: "an admin", example: "aino: { email: aino@acme.example, role: operator }", keys: &[] };

impl<'t> Front<'t, '_> {
    pub(super) fn admins(&mut self, section: &Node<'t>) {
        self.named(section, &ADMINS, Self::admin);
    }

    fn admin(&mut self, name: Name, value: &Node<'t>, lead: &mut Lead) -> Option<DeclKind> {
        let mut admin = Admin { name, title: None, body: vec![] };
        self.entries(value, &ADMIN)?;
        let fields = self.once(value, &ADMIN);
        for entry in fields {
            match entry.key.text() {
                "name" => admin.title = self.title(&entry.value, "`name`", "name: Aino Virtanen"),
                "doc" | "ignore" => drop(self.lead(entry, lead)),
                _ => self.admin_field(entry, &mut admin.body),
            }
        }
        Some(DeclKind::Admin(Box::new(admin)))
    }

    /// A statement of an admin: by its word, or an attribute by its name.
    fn admin_field(&mut self, entry: &Entry<'t>, body: &mut Vec<Spanned<AdminItem>>) {
        let value = &entry.value;
        let (example, alone) = match entry.key.text() {
            "role" | "roles" => ("role: operator on users in finland until 2026-12-31", Alone::Name),
            "profile" => ("profile: fi_analyst", Alone::Name),
            "scope" => ("scope: users in finland", Alone::Neither),
            "allow" => ("allow: reports.open on entities id \"gdpr-2026\"", Alone::Neither),
            "valid" => ("valid: from 2026-01-01 until 2028-12-31", Alone::Neither),
            _ => return body.extend(self.admin_fact(entry)),
        };
        let (what, before) = (format!("`{}`", entry.key.text()), format!("{} ", singular(entry.key.text())));
        let many = matches!(entry.key.text(), "role" | "roles" | "profile" | "allow");
        let statement = Statement { alone, many, ..line(&what, example, &before) };
        let items = if many { self.each(value) } else { std::slice::from_ref(value) };
        for item in items {
            let Some(said) = self.say(item, &statement, |it| it.admin_items()) else { continue };
            body.extend(said.node.into_iter().map(|item| Spanned::new(item, said.span)));
        }
    }

    fn admin_fact(&mut self, entry: &Entry<'t>) -> Option<Spanned<AdminItem>> {
        let (key, value) = (entry.key.text(), &entry.value);
        let span = self.entry_span(entry);
        let example = match key {
            "email" => "email: aino@acme.example".to_owned(),
            "phone" => "phone: +358 40 1234567".to_owned(),
            "unit" => "unit: helsinki".to_owned(),
            "labels" => "labels: [fi, mandatory]".to_owned(),
            _ => format!("{key}: value"),
        };
        let what = format!("`{key}`");
        let item = match key {
            "login" => AdminItem::Login(self.value(value, &what, &example)?),
            "email" => AdminItem::Email(self.value(value, &what, &example)?),
            "phone" => AdminItem::Phone(self.value(value, &what, &example)?),
            "id" => AdminItem::Id(self.value(value, &what, &example)?),
            "photo" => AdminItem::Photo(self.value(value, &what, &example)?),
            "unit" => {
                let statement = Statement { alone: Alone::Path, ..line(&what, &example, "unit ") };
                self.say(value, &statement, |it| it.admin_items())?.node.pop()?
            }
            "labels" => AdminItem::Labels(self.paths(value, &what, &example)),
            "inactive" => self.flag(entry).map(|_| AdminItem::Inactive)?,
            _ => AdminItem::Attribute { name: self.name(&entry.key)?, value: self.value(value, &what, &example)? },
        };
        Some(Spanned::new(item, span))
    }

    pub(super) fn people(&mut self, section: &Node<'t>) {
        const FILE: Block =
            Block { what: "`people`", example: "people: [people.csv]", keys: &["from", "doc", "ignore"] };
        for item in self.each(section) {
            let (mut lead, mut file) = (Lead::default(), Some(item));
            if let super::node::Kind::Map(_) = item.kind {
                file = None;
                for entry in self.fields(item, &FILE) {
                    if !self.lead(entry, &mut lead) {
                        file = Some(&entry.value);
                    }
                }
            }
            let span = self.span(item);
            let Some(file) = file else {
                self.missing(item, "from", &FILE, span);
                continue;
            };
            if let Some(path) = self.title(file, FILE.what, FILE.example) {
                self.declare(lead, DeclKind::People(People { path }), span);
            }
        }
    }

    /// The declaration that a string makes.
    pub(super) fn declaration(&mut self, node: &Node<'t>, what: &str, example: &str, before: &str) -> Option<DeclKind> {
        self.say(node, &line(what, example, before), |it| it.declaration()).map(|said| said.node)
    }
}

/// `roles` lists what `role` says once.
fn singular(key: &str) -> &str {
    if key == "roles" { "role" } else { key }
}
