//! Accounts as they are written: blocks by their trees, rows of tables by what was read of them.
//!
//! There may be millions of rows, so an account's items are made when it is compared, and let go after.

use rustc_hash::FxHashMap;

use super::change::About;
use super::items::{Item, Matter};
use super::sorted;
use super::view::{Asked, View};
use crate::dates::date_text;
use crate::diagnostic::Findings;
use crate::lower::rights::Days;
use crate::model::forest::{Forest, Tree};
use crate::model::{Account, AttributeType, Model};
use crate::region::Value;
use crate::source::Span;
use crate::syntax::ast::{Admin, AdminItem, Assignment, DeclKind, Name, Scope};
use crate::syntax::print::{path_word, word};
use crate::syntax::text::{Fragment, Origin};
use crate::text::fold_login;

/// How an account is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Written<'v> {
    /// As a block.
    Block(&'v Admin),
    /// As a row of a table.
    Row(&'v Account),
}

/// An account of one side.
#[derive(Debug, Clone)]
pub(super) struct Person<'v> {
    /// Folded.
    pub(super) login: String,
    pub(super) written: Written<'v>,
}

impl Person<'_> {
    /// The name of its block.
    pub(super) fn block(&self) -> &str {
        match self.written {
            Written::Block(admin) => &admin.name.node,
            Written::Row(account) => &account.block,
        }
    }

    /// Where it is named.
    pub(super) fn span(&self) -> Span {
        match self.written {
            Written::Block(admin) => admin.name.span,
            Written::Row(account) => account.span,
        }
    }

    /// The statement that declares it, with the person's names.
    pub(super) fn head(&self) -> String {
        format!("admin {}", word(self.block()))
    }
}

/// The accounts of a policy, by login; of those with one login the first.
pub(super) fn people<'v>(view: &'v View<'_>) -> Vec<Person<'v>> {
    let blocks = view.decls().filter_map(|decl| match &decl.kind {
        DeclKind::Admin(admin) => Some(Person { login: login(admin), written: Written::Block(admin) }),
        _ => None,
    });
    let rows = view.model.accounts.iter().filter(|account| view.is_row(account.span));
    let mut all: Vec<Person<'v>> = blocks.collect();
    all.extend(rows.map(|account| Person { login: account.login.to_string(), written: Written::Row(account) }));
    all.sort_by(|a, b| a.login.cmp(&b.login));
    all.dedup_by(|b, a| a.login == b.login);
    all
}

pub(super) fn login(admin: &Admin) -> String {
    let written = admin.body.iter().find_map(|item| match &item.node {
        AdminItem::Login(login) => Some(&login.node),
        _ => None,
    });
    fold_login(written.unwrap_or(&admin.name.node))
}

/// Makes items of the accounts of one side.
pub(super) struct Reader<'v> {
    view: &'v View<'v>,
    asked: &'v Asked,
    /// The scopes of rows, in order, by what the cell says.
    scopes: FxHashMap<String, String>,
    units: Vec<String>,
    labels: Vec<String>,
}

impl<'v> Reader<'v> {
    pub(super) fn new(view: &'v View<'v>, asked: &'v Asked) -> Self {
        let (units, labels) = (short_names(&view.model.units), short_names(&view.model.labels));
        Self { view, asked, scopes: FxHashMap::default(), units, labels }
    }

    /// What is said about an account; its login is a statement only where it is another than the name of its block.
    pub(super) fn items(&mut self, person: &Person<'_>) -> Vec<Item> {
        match person.written {
            Written::Block(admin) => self.block(admin, &person.login),
            Written::Row(account) => self.row(account),
        }
    }

    /// Facts that a predicate asks for are access; others are the person's own business.
    fn about(&self, attribute: &str, otherwise: About) -> About {
        if self.asked.attributes.contains(attribute) { About::Access } else { otherwise }
    }

    fn fact(&self, key: &str, otherwise: About, text: String, span: Span) -> Item {
        Item::new(Matter::Fact, self.about(key, otherwise), key, text, span)
    }

    fn head(&self, block: &str, login: &str, span: Span) -> Vec<Item> {
        let name = Item::new(Matter::Declared, About::Text, "", format!("admin {}", word(block)), span);
        let login = Item::new(Matter::Fact, About::Access, "login", format!("login {login}"), span);
        vec![name, login]
    }

    fn block(&self, admin: &Admin, login: &str) -> Vec<Item> {
        let mut items = self.head(&admin.name.node, login, admin.name.span);
        items
            .extend(admin.title.iter().map(|t| self.fact("name", About::Personal, format!("name {}", t.node), t.span)));
        items.extend(admin.body.iter().filter_map(|item| self.admin_item(&item.node, item.span)));
        items
    }

    fn admin_item(&self, item: &AdminItem, span: Span) -> Option<Item> {
        let text = item.to_string();
        let personal = |asked| if asked { About::Access } else { About::Personal };
        let plain = |matter, key: &str, text: String| Item::new(matter, About::Access, key, text, span);
        Some(match item {
            AdminItem::Login(_) => return None,
            AdminItem::Email(_) => self.fact("email", About::Recovery, text, span),
            AdminItem::Phone(_) => Item::new(Matter::Fact, About::Recovery, "phone", text, span),
            AdminItem::Id(_) => self.fact("id", About::Personal, text, span),
            AdminItem::Photo(_) => Item::new(Matter::Fact, About::Personal, "photo", text, span),
            AdminItem::Unit(_) => Item::new(Matter::Fact, personal(self.asked.unit), "unit", text, span),
            AdminItem::Labels(labels) => {
                let mut labels = labels.clone();
                sorted::paths(&mut labels);
                let text = AdminItem::Labels(labels).to_string();
                Item::new(Matter::Fact, personal(self.asked.labels), "labels", text, span)
            }
            AdminItem::Profile(given) => given_item("profile", given),
            AdminItem::Role(given) => given_item("role", given),
            AdminItem::Scope(scope) => plain(Matter::Scope, "", format!("scope {}", in_order(scope))),
            AdminItem::Allow(allow) => {
                let allow = sorted::allow(allow);
                plain(Matter::Allow, &allow.actions.to_string(), allow.to_string())
            }
            AdminItem::Valid(_) => plain(Matter::Fact, "valid", text),
            AdminItem::Inactive => plain(Matter::Fact, "inactive", text),
            AdminItem::Attribute { name, .. } => self.fact(&name.node, About::Personal, text, span),
        })
    }

    fn row(&mut self, account: &Account) -> Vec<Item> {
        let model: &Model = &self.view.model;
        let mut items = self.head(&account.block, &account.login, account.span);
        let span = account.span;
        let name = |text: &str| Name::new(text.to_owned(), span);
        items.extend(account.name.iter().map(|it| self.fact("name", About::Personal, format!("name {it}"), span)));
        let said = [
            account.email.as_deref().cloned().map(AdminItem::Email),
            account.phone.as_deref().cloned().map(AdminItem::Phone),
            account.id.as_deref().cloned().map(AdminItem::Id),
            account.photo.as_deref().map(|it| AdminItem::Photo(name(it))),
            (!account.active).then_some(AdminItem::Inactive),
        ];
        items.extend(said.into_iter().flatten().filter_map(|item| self.admin_item(&item, span)));
        items.extend(account.unit.as_ref().map(|unit| {
            let about = if self.asked.unit { About::Access } else { About::Personal };
            let text = format!("unit {}", self.units[unit.node.index()]);
            Item::new(Matter::Fact, about, "unit", text, unit.span)
        }));
        if !account.labels.is_empty() {
            let mut labels: Vec<&str> =
                account.labels.iter().map(|label| self.labels[label.index()].as_str()).collect();
            labels.sort_unstable();
            let about = if self.asked.labels { About::Access } else { About::Personal };
            items.push(Item::new(Matter::Fact, about, "labels", format!("labels {}", labels.join(", ")), span));
        }
        for fact in &account.attributes {
            let attribute = &model.attributes[fact.attribute.index()];
            let value = match (&fact.value, &attribute.ty) {
                (Value::Closed(index), AttributeType::Closed(values)) => {
                    values.get(*index as usize).cloned().unwrap_or_default()
                }
                (Value::Closed(index), _) => index.to_string(),
                (Value::Text(text), _) => text.clone(),
                (Value::Number(number), _) => number.to_string(),
            };
            let item = AdminItem::Attribute { name: name(&attribute.name), value: name(&value) };
            items.push(self.fact(&attribute.name, About::Personal, item.to_string(), span));
        }
        items.extend(account.assignments.iter().map(|given| {
            let key = format!("{} {}", keyword(model, given.role), model.roles[given.role.index()].name);
            Item::new(Matter::Given, About::Access, key, given.text(model), given.span)
        }));
        items.extend(
            account
                .scope
                .as_ref()
                .map(|scope| Item::new(Matter::Scope, About::Access, "", self.scope(scope.span), scope.span)),
        );
        items.extend(valid(account.valid).map(|text| Item::new(Matter::Fact, About::Access, "valid", text, span)));
        items
    }

    /// The scope that a cell says, in order.
    fn scope(&mut self, span: Span) -> String {
        let cell = self.view.sources.text(span);
        if let Some(known) = self.scopes.get(cell) {
            return known.clone();
        }
        let words = cell.trim().trim_matches('"').replace("\"\"", "\"");
        let read = Fragment::new(Origin::at(span.source, 0), &words, &mut Findings::new()).scope();
        let text = format!("scope {}", read.map_or(words, |scope| in_order(&scope).to_string()));
        self.scopes.insert(cell.to_owned(), text.clone());
        text
    }
}

/// The name to write for each node: its own where no other node has it, else its path.
fn short_names(forest: &Forest) -> Vec<String> {
    let mut times: FxHashMap<&str, usize> = FxHashMap::default();
    forest.nodes.iter().for_each(|node| *times.entry(&node.name).or_default() += 1);
    let short = |node: &Tree| {
        if times.get(node.name.as_str()) == Some(&1) { path_word(&node.name).into_owned() } else { node.path.clone() }
    };
    forest.nodes.iter().map(short).collect()
}

/// The word before a role where it is given.
fn keyword(model: &Model, role: crate::model::id::RoleId) -> &'static str {
    if model.roles[role.index()].profile { "profile" } else { "role" }
}

fn given_item(keyword: &'static str, given: &Assignment) -> Item {
    let mut given = given.clone();
    given.on.iter_mut().for_each(|on| sorted::scope(on));
    let key = format!("{keyword} {}", given.role.node);
    Item::new(Matter::Given, About::Access, key, format!("{keyword} {given}"), given.role.span)
}

fn in_order(scope: &Scope) -> Scope {
    let mut scope = scope.clone();
    sorted::scope(&mut scope);
    scope
}

/// `valid from ... until ...`; none for always.
fn valid(days: Days) -> Option<String> {
    if days == Days::ALWAYS {
        return None;
    }
    let mut text = "valid".to_owned();
    if days.from > i32::MIN {
        text += &format!(" from {}", date_text(days.from));
    }
    if days.until < i32::MAX {
        text += &format!(" until {}", date_text(days.until));
    }
    Some(text)
}
