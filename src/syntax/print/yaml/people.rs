//! Admins.

use super::lead::{Carried, lead};
use super::roles::grouped;
use crate::source::Spanned;
use crate::syntax::ast::{Admin, AdminItem, Decl, Path};
use crate::syntax::format::yaml::tree::{Entry, Value};

/// The words of an admin's statements that can be repeated, and of those that read like them.
const STATEMENTS: [&str; 5] = ["profile", "role", "scope", "allow", "valid"];

pub(super) fn admin(admin: &Admin, decl: &Decl, carried: &mut Carried) -> Entry {
    let mut fields = Vec::new();
    if let Some(title) = &admin.title {
        fields.push(Entry::word("name", Value::said(&*title.node)));
    }
    for Spanned { node, span } in &admin.body {
        fields.extend(fact(node).map(|entry| carried.stated(entry, *span)));
    }
    let statement = |Spanned { node, span }: &Spanned<AdminItem>| Some((keyword(node)?, node.to_string(), *span));
    let statements: Vec<_> = admin.body.iter().filter_map(statement).collect();
    fields.extend(grouped(&STATEMENTS, &statements, carried));
    if let Some(inactive) = admin.body.iter().find(|item| matches!(item.node, AdminItem::Inactive)) {
        fields.push(carried.stated(Entry::word("inactive", Value::word("true")), inactive.span));
    }
    fields.extend(lead(decl));
    Entry::named(&admin.name.node, Value::map(fields))
}

const fn keyword(item: &AdminItem) -> Option<&'static str> {
    Some(match item {
        AdminItem::Profile(_) => "profile",
        AdminItem::Role(_) => "role",
        AdminItem::Scope(_) => "scope",
        AdminItem::Allow(_) => "allow",
        AdminItem::Valid(_) => "valid",
        _ => return None,
    })
}

/// What is known of an admin; none for another statement.
fn fact(item: &AdminItem) -> Option<Entry> {
    Some(match item {
        AdminItem::Login(it) => Entry::word("login", Value::said(&*it.node)),
        AdminItem::Email(it) => Entry::word("email", Value::said(&*it.node)),
        AdminItem::Phone(it) => Entry::word("phone", Value::said(&*it.node)),
        AdminItem::Id(it) => Entry::word("id", Value::said(&*it.node)),
        AdminItem::Photo(it) => Entry::word("photo", Value::said(&*it.node)),
        AdminItem::Unit(unit) => Entry::word("unit", Value::said(unit.to_string())),
        AdminItem::Labels(labels) => {
            let labels = labels.iter().map(|label: &Path| Value::said(label.to_string()));
            Entry::word("labels", Value::short_list(labels))
        }
        AdminItem::Attribute { name, value } => Entry::named(&name.node, Value::said(&*value.node)),
        _ => return None,
    })
}
