//! What a declaration says, an item a statement: the words that are compared, independent of order, layout and form.

use rustc_hash::FxHashMap;

use super::change::About;
use super::sorted;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ActionItem, AttributeType, Decl, DeclKind, Items, Name, Platform, Resource, Role, RoleItem, Set, Text, Tree,
};
use crate::syntax::print::{path_word, quoted, word};

/// The kind of statement that an item is: only items of one matter are two states of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Matter {
    /// That there is such a declaration.
    #[default]
    Declared,
    /// A flag of a head, a setting: one at most, told apart by its key.
    Setting,
    /// A title.
    Title,
    /// `allow`.
    Allow,
    /// `assigns`.
    Assigns,
    /// `except`.
    Except,
    /// `extends`, one role.
    Extends,
    /// `scope`.
    Scope,
    /// A role's `never`.
    Never,
    /// `holders`.
    Holders,
    /// A role or profile given to an account.
    Given,
    /// A fact about an account, told apart by its key.
    Fact,
    /// An action of a resource.
    Action,
    /// A rule without a name.
    Rule,
}

/// One statement.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) matter: Matter,
    pub(super) about: About,
    /// What it is about: items of one matter and key are two states of one thing.
    pub(super) key: String,
    /// Its key's parts, for sets: items that share one may be two states of one thing.
    pub(super) parts: Vec<String>,
    /// The statement.
    pub(super) text: String,
    pub(super) span: Span,
}

impl Item {
    pub(super) fn new(
        matter: Matter,
        about: About,
        key: impl Into<String>,
        text: impl Into<String>,
        span: Span,
    ) -> Self {
        Self { matter, about, key: key.into(), parts: vec![], text: text.into(), span }
    }

    /// The same about a set of things.
    fn of<T>(self, set: &Set<T>, text: impl Fn(&T) -> String) -> Self {
        let parts = match &set.items {
            Items::All(_) => vec!["*".to_owned()],
            Items::Listed(items) => items.iter().map(|item| text(&item.node)).collect(),
        };
        Self { key: parts.join(", "), parts, ..self }
    }

    /// The statement without its reason, which decides nothing.
    pub(super) fn core(&self) -> &str {
        let reasoned = matches!(self.matter, Matter::Allow | Matter::Assigns | Matter::Given | Matter::Rule);
        let cut = if reasoned { self.text.rfind(" reason \"") } else { None };
        cut.map_or(&self.text, |at| &self.text[..at])
    }
}

/// A declaration and its items.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    /// How it is called, such as `profile viewer`.
    pub(super) shown: String,
    pub(super) items: Vec<Item>,
}

/// The noun and the name of a declaration.
pub(super) type Key = (&'static str, String);

/// The declarations of a policy but for its accounts.
pub(super) fn declarations<'a>(decls: impl Iterator<Item = &'a Decl>) -> FxHashMap<Key, Declaration> {
    let mut all = Collected::default();
    let mut tier: Option<String> = None;
    for decl in decls {
        all.declaration(decl, &mut tier);
    }
    all.declarations
}

#[derive(Default)]
struct Collected {
    declarations: FxHashMap<Key, Declaration>,
}

impl Collected {
    /// Adds items to a declaration. Platforms and rules may be several under one key.
    fn add(&mut self, noun: &'static str, name: &str, shown: &str, items: Vec<Item>) {
        let declaration = self
            .declarations
            .entry((noun, name.to_owned()))
            .or_insert_with(|| Declaration { shown: shown.to_owned(), items: vec![] });
        declaration.items.extend(items);
    }

    /// A declaration of one name: its head, and what else it says.
    fn named(&mut self, noun: &'static str, name: &Name, items: Vec<Item>) {
        let shown = format!("{noun} {}", word(&name.node));
        let head = Item::new(Matter::Declared, About::Access, "", shown.clone(), name.span);
        self.add(noun, &name.node, &shown, std::iter::once(head).chain(items).collect());
    }

    /// A rule without a name: all of one noun stand together, so that one which was altered meets its former state.
    fn rule(&mut self, noun: &'static str, item: Item) {
        self.add(noun, "", noun, vec![item]);
    }

    fn declaration(&mut self, decl: &Decl, tier: &mut Option<String>) {
        let span = decl.span;
        match &decl.kind {
            DeclKind::Platform(it) => self.add("platform", "", "platform", platform(it)),
            DeclKind::Feature(it) => {
                let state = if it.on { "on" } else { "off" };
                let mut items = vec![setting("state", state, it.name.span)];
                let mut set_by = it.set_by.clone();
                sorted::names(&mut set_by);
                items.extend(set_by.iter().map(|role| governs("set by", &role.node, role.span)));
                self.named("feature", &it.name, items);
            }
            DeclKind::Tier(it) => {
                let mut covers = it.covers.clone();
                sorted::actions(&mut covers);
                let mut items = vec![setting("covers", &format!("covers {covers}"), it.covers.span)];
                let below = tier.replace(it.name.node.clone());
                items.extend(below.map(|below| setting("above", &format!("above {}", word(&below)), it.name.span)));
                self.named("tier", &it.name, items);
            }
            DeclKind::Resource(it) => self.named("resource", &it.name, resource(it)),
            DeclKind::Attribute(it) => {
                let items = match &it.ty {
                    AttributeType::Closed(values) => {
                        values.iter().map(|v| setting(&v.node, &format!("value {}", word(&v.node)), v.span)).collect()
                    }
                    AttributeType::Text => vec![setting("type", "text", it.name.span)],
                    AttributeType::Number => vec![setting("type", "number", it.name.span)],
                    AttributeType::Flag => vec![setting("type", "flag", it.name.span)],
                };
                self.named("attribute", &it.name, items);
            }
            DeclKind::Label(it) => self.tree("label", it, None),
            DeclKind::Unit(it) => self.tree("unit", it, None),
            DeclKind::Relation(it) => {
                let on =
                    it.on.iter().map(|kind| setting(&kind.node.to_string(), &format!("on {}", kind.node), kind.span));
                self.named("relation", &it.name, on.collect());
            }
            DeclKind::Group(it) => {
                let mut condition = it.condition.clone();
                sorted::condition(&mut condition);
                let text = format!("group {} = {condition}", word(&it.name.node));
                self.add(
                    "group",
                    &it.name.node,
                    &format!("group {}", word(&it.name.node)),
                    vec![Item::new(Matter::Declared, About::Access, "", text, it.name.span)],
                );
            }
            DeclKind::Role(it) => {
                let noun = if it.profile { "profile" } else { "role" };
                self.add("role", &it.name.node, &format!("{noun} {}", word(&it.name.node)), role(it));
            }
            // Accounts are compared by their logins, wherever they are written; and what nothing follows from is not compared.
            DeclKind::Admin(_) | DeclKind::People(_) | DeclKind::Lint(_) | DeclKind::Test(_) => {}
            kind => self.unnamed(kind, span),
        }
    }

    fn unnamed(&mut self, kind: &DeclKind, span: Span) {
        let rule = |about, text: String| Item::new(Matter::Rule, about, text.clone(), text, span);
        match kind {
            DeclKind::Automatic(it) => {
                for role in &it.roles {
                    let text = sorted::automatic(it, role).to_string();
                    let item = Item::new(Matter::Rule, About::Access, &role.node, text, role.span);
                    self.rule("automatic rule", item);
                }
            }
            DeclKind::Forbid(it) => {
                let it = sorted::forbid(it);
                self.rule("forbid", rule(About::Access, it.to_string()).of(&it.actions, ActionItem::to_string));
            }
            DeclKind::Responsible(it) => {
                self.rule("responsible", rule(About::Governs, format!("responsible {}", quoted(&it.node))));
            }
            DeclKind::Exception(it) => {
                let item = Item { key: it.name.node.clone(), ..rule(About::Governs, it.to_string()) };
                self.rule("exception", item);
            }
            DeclKind::Transfer(it) => {
                let item = Item { key: it.role.node.clone(), ..rule(About::Governs, it.to_string()) };
                self.rule("transfer", item);
            }
            DeclKind::Quota(it) => {
                let mut of: Vec<String> = it.of.iter().map(|item| item.node.to_string()).collect();
                of.sort();
                self.rule("quota", Item { key: of.join(", "), ..rule(About::Governs, it.to_string()) });
            }
            DeclKind::Separate(it) => self.rule("separate", rule(About::Governs, sorted::separate(it).to_string())),
            DeclKind::Assertion(it) => {
                let mut it = it.clone();
                sorted::subjects(&mut it.subjects);
                sorted::actions(&mut it.actions);
                it.on.iter_mut().for_each(sorted::scope);
                let noun = if it.always { "always" } else { "never" };
                self.rule(noun, rule(About::Governs, it.to_string()).of(&it.actions, ActionItem::to_string));
            }
            _ => {}
        }
    }

    /// A node and those below it. Recursion is bounded by the nesting that the parser allows.
    fn tree(&mut self, noun: &'static str, tree: &Tree, above: Option<&str>) {
        let own = path_word(&tree.name.node);
        let path = above.map_or_else(|| own.clone().into_owned(), |above| format!("{above}.{own}"));
        let shown = format!("{noun} {path}");
        let item = Item::new(Matter::Declared, About::Access, "", shown.clone(), tree.name.span);
        self.add(noun, &path, &shown, vec![item]);
        tree.children.iter().for_each(|child| self.tree(noun, child, Some(&path)));
    }
}

/// A setting that decides.
fn setting(key: &str, text: &str, span: Span) -> Item {
    Item::new(Matter::Setting, About::Access, key, text, span)
}

/// A setting that decides nothing, but says what must hold.
fn governs(key: &str, value: &str, span: Span) -> Item {
    let text = format!("{key} {}", word(value));
    Item::new(Matter::Setting, About::Governs, text.clone(), text, span)
}

/// A title.
fn title(language: Option<&Name>, text: &Spanned<String>) -> Item {
    let key = language.map_or("", |l| l.node.as_str());
    let line = Text { language: language.cloned(), text: text.clone() };
    Item::new(Matter::Title, About::Text, key, line.to_string(), text.span)
}

fn platform(it: &Platform) -> Vec<Item> {
    let name = format!("platform {}", word(&it.name.node));
    let mut items = vec![Item::new(Matter::Setting, About::Text, "name", name, it.name.span)];
    items.extend(it.label.iter().map(|label| title(None, label)));
    items.extend(it.languages.iter().map(|l| {
        let text = format!("languages {}", word(&l.node));
        Item::new(Matter::Setting, About::Text, text.clone(), text, l.span)
    }));
    let governs = |key: &str, text: String, span| Item::new(Matter::Setting, About::Governs, key, text, span);
    items.extend(it.granularity.iter().map(|g| governs("granularity", format!("granularity {}", g.node), g.span)));
    let roles = it.roles_per_account.iter();
    items.extend(roles.map(|r| governs("roles per account", format!("roles per account {}", r.node), r.span)));
    items.extend(it.super_none.map(|span| governs("super", "super none".to_owned(), span)));
    items
}

fn resource(it: &Resource) -> Vec<Item> {
    let mut items: Vec<Item> = it.label.iter().map(|label| title(None, label)).collect();
    items.extend(
        it.on.iter().map(|kind| setting(&format!("on {}", kind.node), &format!("on {}", kind.node), kind.span)),
    );
    items.extend(it.when.iter().map(|f| {
        let text = format!("when {}", word(&f.node));
        setting(&text, &text, f.span)
    }));
    items.extend(it.actions.iter().map(|action| {
        let mut action = action.clone();
        sorted::paths(&mut action.implies);
        sorted::paths(&mut action.needs);
        sorted::names(&mut action.changes);
        let text = format!("{} {action}", action.kind);
        Item::new(Matter::Action, About::Access, &action.name.node, text, action.name.span)
    }));
    items
}

fn role(it: &Role) -> Vec<Item> {
    let head = format!("{} {}", if it.profile { "profile" } else { "role" }, word(&it.name.node));
    let mut items = vec![Item::new(Matter::Declared, About::Access, "", head, it.name.span)];
    items.extend(it.labels.iter().map(|label| title(label.language.as_ref(), &label.text)));
    let flag = |about, text: &str, span: Option<Span>| span.map(|s| Item::new(Matter::Setting, about, text, text, s));
    items.extend(flag(About::Access, "super", it.superuser));
    items.extend(flag(About::Access, "ungrantable", it.ungrantable));
    items.extend(flag(About::Access, "by claim", it.by_claim));
    items.extend(flag(About::Governs, "spare", it.spare));
    items.extend(it.read_only.iter().map(|read_only| {
        let mut except = read_only.except.clone();
        except.sort_by_cached_key(|item| item.node.to_string());
        let text = crate::syntax::ast::ReadOnly { except, span: read_only.span }.to_string();
        Item::new(Matter::Setting, About::Governs, "read only", text, read_only.span)
    }));
    items.extend(it.tier.iter().map(|tier| setting("tier", &format!("tier {}", word(&tier.node)), tier.span)));
    items.extend(it.needs.iter().map(|role| {
        let text = format!("needs role {}", word(&role.node));
        setting(&text, &text, role.span)
    }));
    items.extend(it.when.iter().map(|gate| {
        let text = format!("when {gate}");
        setting(&text, &text, it.name.span)
    }));
    items.extend(it.body.iter().flat_map(|item| role_item(&item.node, item.span)));
    items
}

fn role_item(item: &RoleItem, span: Span) -> Vec<Item> {
    let one = |matter, text: String| Item::new(matter, About::Access, "", text, span);
    let item = match item {
        RoleItem::Scope(scope) => {
            let mut scope = scope.clone();
            sorted::scope(&mut scope);
            one(Matter::Scope, format!("scope {scope}"))
        }
        RoleItem::Extends(extends) => {
            let mut on = extends.on.clone();
            on.iter_mut().for_each(sorted::scope);
            let on = on.map_or_else(String::new, |on| format!(" on {on}"));
            let each = extends.roles.iter().map(|role| {
                let text = format!("extends {}{on}", word(&role.node));
                Item::new(Matter::Extends, About::Access, &role.node, text, role.span)
            });
            return each.collect();
        }
        RoleItem::Allow(allow) => {
            let allow = sorted::allow(allow);
            one(Matter::Allow, allow.to_string()).of(&allow.actions, ActionItem::to_string)
        }
        RoleItem::Assigns(assigns) => {
            let assigns = sorted::assigns(assigns);
            one(Matter::Assigns, assigns.to_string()).of(&assigns.roles, |name| word(&name.node).into_owned())
        }
        RoleItem::Except(except) => {
            let except = sorted::except(except);
            one(Matter::Except, format!("except {except}")).of(&except.actions, ActionItem::to_string)
        }
        RoleItem::Never(never) => {
            let never = sorted::except(never);
            let item = Item::new(Matter::Never, About::Governs, "", format!("never {never}"), span);
            item.of(&never.actions, ActionItem::to_string)
        }
        RoleItem::Holders(limit) => Item::new(Matter::Holders, About::Governs, "", limit.to_string(), span),
        RoleItem::Primary => Item::new(Matter::Setting, About::Text, "primary", "primary", span),
    };
    vec![item]
}
