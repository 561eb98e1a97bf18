//! Roles and profiles.

use super::catalogue::line;
use super::fields::Block;
use super::front::{Front, Lead};
use super::node::{Entry, Node};
use super::statements::{Alone, Statement};
use crate::source::Spanned;
use crate::syntax::ast::{DeclKind, Name, ReadOnly, Role, RoleItem};

const ROLES: Block = Block {
    what: "`roles`",
    example: "roles: { manager: { extends: learner, allow: reports.open on users in manages } }",
    keys: &[],
};
const PROFILES: Block =
    Block { what: "`profiles`", example: "profiles: { fi_analyst: { tier: user, extends: analyst } }", keys: &[] };
const ROLE: Block = Block {
    what: "a role",
    example: "manager: { extends: learner, allow: reports.open on users in manages }",
    keys: &[
        "label",
        "super",
        "ungrantable",
        "by claim",
        "spare",
        "read only",
        "tier",
        "needs",
        "needs role",
        "when",
        "scope",
        "allow",
        "except",
        "extends",
        "assigns",
        "never",
        "holders",
        "primary",
        "doc",
        "ignore",
    ],
};
const PROFILE: Block = Block {
    what: "a profile",
    example: "fi_analyst: { tier: user, extends: analyst }",
    keys: &[
        "label",
        "ungrantable",
        "by claim",
        "spare",
        "read only",
        "tier",
        "needs",
        "needs role",
        "when",
        "scope",
        "allow",
        "except",
        "extends",
        "assigns",
        "never",
        "holders",
        "primary",
        "doc",
        "ignore",
    ],
};

/// The statements of a role's body: what each is called, an example, and the words before it in the text form.
const LINES: [(&str, &str, &str, Alone); 7] = [
    ("scope", "scope: users in own unit and entities in own unit", "scope ", Alone::Neither),
    ("allow", "allow: [courses.edit on entities in own unit, reports]", "allow ", Alone::Neither),
    ("except", "except: become accounts, plans", "except ", Alone::Neither),
    ("extends", "extends: learner", "extends ", Alone::Name),
    ("assigns", "assigns: learner on users in own unit", "assigns ", Alone::Name),
    ("never", "never: courses.create", "never ", Alone::Neither),
    ("holders", "holders: at most 2 per unit", "holders ", Alone::Neither),
];

impl<'t> Front<'t, '_> {
    pub(super) fn roles(&mut self, section: &Node<'t>) {
        self.named(section, &ROLES, |front, name, value, lead| front.role(name, value, lead, false));
    }

    pub(super) fn profiles(&mut self, section: &Node<'t>) {
        self.named(section, &PROFILES, |front, name, value, lead| front.role(name, value, lead, true));
    }

    /// A role, or a profile; one without a value says nothing but its name.
    fn role(&mut self, name: Name, value: &Node<'t>, lead: &mut Lead, profile: bool) -> Option<DeclKind> {
        let block = if profile { &PROFILE } else { &ROLE };
        let mut role = Role {
            profile,
            name,
            labels: vec![],
            superuser: None,
            ungrantable: None,
            by_claim: None,
            spare: None,
            read_only: None,
            tier: None,
            needs: vec![],
            when: vec![],
            body: vec![],
        };
        if value.is_null() {
            return Some(DeclKind::Role(role));
        }
        self.entries(value, block)?;
        let fields = self.fields(value, block);
        for entry in fields {
            if !self.lead(entry, lead) && !self.role_flag(entry, &mut role) {
                self.role_lines(entry, &mut role);
            }
        }
        Some(DeclKind::Role(role))
    }

    /// What stands in the head of a role in the text form; false for another key.
    fn role_flag(&mut self, entry: &Entry<'t>, role: &mut Role) -> bool {
        let value = &entry.value;
        match entry.key.text() {
            "label" => role.labels = self.titles(value),
            "super" => role.superuser = self.flag(entry),
            "ungrantable" => role.ungrantable = self.flag(entry),
            "by claim" => role.by_claim = self.flag(entry),
            "spare" => role.spare = self.flag(entry),
            "read only" => role.read_only = self.read_only(entry),
            "tier" => role.tier = self.one_name(value, "`tier`", "tier: admin"),
            "needs" | "needs role" => role.needs.extend(self.needs(value)),
            "when" => {
                let statement =
                    Statement { alone: Alone::Name, ..line("`when`", "when: resell and actor in top", "when ") };
                role.when = self.say_each(value, &statement, |it| it.gates()).into_iter().flatten().collect();
            }
            _ => return false,
        }
        true
    }

    /// `read only: true`, or `read only: except courses.create`.
    fn read_only(&mut self, entry: &Entry<'t>) -> Option<ReadOnly> {
        let text = entry.value.text().trim_start();
        if matches!(text, "true" | "false" | "yes" | "no" | "on" | "off" | "") {
            return self.flag(entry).map(|span| ReadOnly { except: vec![], span });
        }
        let written = text.split_whitespace().next() == Some("except");
        let before = if written { "read only " } else { "read only except " };
        let statement = line("`read only`", "read only: except courses.create", before);
        let read_only = self.say(&entry.value, &statement, |it| it.read_only())?.node;
        Some(ReadOnly { span: self.entry_span(entry), ..read_only })
    }

    /// The name of one role, tier or the like.
    pub(super) fn one_name(&mut self, node: &Node<'t>, what: &str, example: &str) -> Option<Name> {
        let statement = Statement { alone: Alone::Name, ..line(what, example, "") };
        let names = self.say(node, &statement, |it| it.names())?;
        if names.node.len() > 1 {
            let found = format!("{} names", names.node.len());
            self.report(crate::check::bw001::wrong_shape(what, "one name", &found, example, names.span));
            return None;
        }
        names.node.into_iter().next()
    }

    /// `needs: role portal_admin`, where the word `role` may be left out.
    fn needs(&mut self, node: &Node<'t>) -> Vec<Name> {
        let mut needs = Vec::new();
        for item in self.each(node) {
            let mut words = item.text().split_whitespace();
            if words.next() == Some("role") && words.next().is_some() {
                let statement = line("`needs`", "needs: role portal_admin", "role r needs ");
                match self.say(item, &statement, |it| it.declaration()).map(|said| said.node) {
                    Some(DeclKind::Role(role)) => needs.extend(role.needs),
                    _ => self.broken = true,
                }
            } else {
                needs.extend(self.names_in(item, "`needs`", "needs: role portal_admin"));
            }
        }
        needs
    }

    /// The statements of one kind in a role's body.
    fn role_lines(&mut self, entry: &Entry<'t>, role: &mut Role) {
        let key = entry.key.text();
        if key == "primary" {
            role.body.extend(self.flag(entry).map(|span| Spanned::new(RoleItem::Primary, span)));
            return;
        }
        let Some((_, example, before, alone)) = LINES.iter().find(|(word, ..)| *word == key) else { return };
        let what = format!("`{key}`");
        let statement = Statement { alone: *alone, many: key != "scope", ..line(&what, example, before) };
        if key == "scope" {
            role.body.extend(self.say(&entry.value, &statement, |it| it.role_item()));
            return;
        }
        for item in self.each(&entry.value) {
            role.body.extend(self.say(item, &statement, |it| it.role_item()));
        }
    }
}
