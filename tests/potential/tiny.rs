//! A tiny policy as plain data, and its text: two values of an attribute, three units, one label, a few roles and accounts.

use std::fmt::Write as _;

/// The units: `n`, `h` below it, and `s`; 0 is none.
pub(crate) const UNITS: [&str; 4] = ["", "n", "h", "s"];
/// The values of the attribute; 0 is none.
pub(crate) const COUNTRIES: [&str; 3] = ["", "fi", "se"];

/// What is asked for in a policy: what is not asked for is never told.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dims {
    pub(crate) country: bool,
    pub(crate) unit: bool,
    pub(crate) label: bool,
    pub(crate) relation: bool,
}

/// The number of a scope in its policy.
pub(crate) type ScopeId = usize;

#[derive(Debug, Clone, Default)]
pub(crate) struct Tiny {
    pub(crate) dims: Dims,
    pub(crate) actions: Vec<Action>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) roles: Vec<Role>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) forbids: Vec<Forbid>,
    pub(crate) accounts: Vec<Account>,
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum On {
    Account,
    User,
    Entity,
    Site,
}

#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) resource: &'static str,
    pub(crate) name: String,
    pub(crate) on: On,
    /// Who uses it acts as the other.
    pub(crate) takes_over: bool,
    /// By its kind, or because it changes recovery data.
    pub(crate) by_kind: bool,
    /// It is of kind `destroy`.
    pub(crate) destroys: bool,
    pub(crate) country: bool,
    pub(crate) unit: bool,
    pub(crate) label: bool,
    pub(crate) scope: bool,
    pub(crate) roles: bool,
    pub(crate) assigns: Option<usize>,
}

impl Action {
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.resource, self.name)
    }

    pub(crate) const fn changes_facts(&self) -> bool {
        self.country || self.unit || self.label
    }
}

/// A test of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Item {
    Country(u8),
    NotCountry(u8),
    Unit(u8),
    Labelled,
    NotLabelled,
    Holders(usize),
    NotHolders(usize),
    OwnUnit,
    Myself,
    Manages,
}

/// A test of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Thing {
    Unit(u8),
    OwnUnit,
    Labelled,
}

/// Any of the first, and none of the second; none of the first is `*`.
pub(crate) type Set<T> = (Vec<T>, Vec<T>);

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scope {
    pub(crate) users: Option<Set<Item>>,
    pub(crate) entities: Option<Set<Thing>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) action: usize,
    pub(crate) on: Option<ScopeId>,
    pub(crate) when: Option<Item>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Role {
    pub(crate) by_claim: bool,
    pub(crate) ungrantable: bool,
    pub(crate) scope: Option<ScopeId>,
    pub(crate) when: Option<Item>,
    pub(crate) extends: Vec<(usize, Option<ScopeId>)>,
    pub(crate) lines: Vec<Line>,
    pub(crate) excepts: Vec<(usize, Option<ScopeId>)>,
}

/// `users in GROUP hold ROLE on SCOPE`.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) group: Item,
    pub(crate) role: usize,
    pub(crate) on: Option<ScopeId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Forbid {
    pub(crate) action: usize,
    pub(crate) on: Option<ScopeId>,
    pub(crate) whom: Option<Item>,
    pub(crate) unless: Option<Item>,
}

/// The facts of an account or entity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Facts {
    pub(crate) country: u8,
    pub(crate) unit: u8,
    pub(crate) label: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    pub(crate) facts: Facts,
    pub(crate) inactive: bool,
    pub(crate) scope: Option<ScopeId>,
    pub(crate) roles: Vec<(usize, Option<ScopeId>)>,
    pub(crate) lines: Vec<Line>,
}

/// The name of an account.
pub(crate) const ACCOUNTS: [&str; 3] = ["ada", "bo", "cy"];

impl Tiny {
    /// The policy in the language.
    pub(crate) fn text(&self) -> String {
        let mut out =
            "platform p { super none }\nresponsible \"Works council\"\nattribute country { fi, se }\nlabel x\n\
                       unit n { h }\nunit s\nrelation manages on user\n"
                .to_owned();
        for resource in ["acc", "men", "docs", "site"] {
            let on = self.actions.iter().find(|a| a.resource == resource).map(|a| a.on);
            let on = match on {
                None => continue,
                Some(On::Account) => " on account",
                Some(On::User) => " on user",
                Some(On::Entity) => " on entity",
                Some(On::Site) => "",
            };
            let _ = writeln!(out, "resource {resource}{on} {{");
            for action in self.actions.iter().filter(|a| a.resource == resource) {
                let _ = writeln!(out, "  {}", declared(action));
            }
            out += "}\n";
        }
        for group in self.groups() {
            let _ = writeln!(out, "group {} = {}", group_name(group), condition(group));
        }
        self.roles.iter().enumerate().for_each(|(i, r)| out += &self.role(i, r));
        for rule in &self.rules {
            let _ = writeln!(out, "users in {} hold r{}{}", group_name(rule.group), rule.role, self.on(rule.on));
        }
        for forbid in &self.forbids {
            let path = self.actions[forbid.action].path();
            let whom = forbid.whom.map_or(String::new(), |w| format!(" for {}", subject(w)));
            let unless = forbid.unless.map_or(String::new(), |u| format!(" unless {}", subject(u)));
            let _ = writeln!(out, "forbid {path}{}{whom}{unless}", self.on(forbid.on));
        }
        self.accounts.iter().enumerate().for_each(|(i, a)| out += &self.account(i, a));
        out
    }

    fn groups(&self) -> Vec<Item> {
        let mut all: Vec<Item> = (1..3).flat_map(|c| [Item::Country(c), Item::NotCountry(c)]).collect();
        all.extend((1..4).map(Item::Unit).chain([Item::Labelled, Item::NotLabelled]));
        all.extend((0..self.roles.len()).flat_map(|r| [Item::Holders(r), Item::NotHolders(r)]));
        all
    }

    fn role(&self, index: usize, role: &Role) -> String {
        let claim = if role.by_claim { " by claim" } else { "" };
        let ungrantable = if role.ungrantable { " ungrantable" } else { "" };
        let mut out = format!("role r{index}{claim}{ungrantable}{} {{\n", when(role.when));
        if let Some(scope) = role.scope {
            let _ = writeln!(out, "  scope {}", scope_text(&self.scopes[scope]));
        }
        for (other, on) in &role.extends {
            let _ = writeln!(out, "  extends r{other}{}", self.on(*on));
        }
        role.lines.iter().for_each(|l| out += &self.line(l));
        for (action, on) in &role.excepts {
            let _ = writeln!(out, "  except {}{}", self.actions[*action].path(), self.on(*on));
        }
        out + "}\n"
    }

    fn line(&self, line: &Line) -> String {
        format!("  allow {}{}{}\n", self.actions[line.action].path(), self.on(line.on), when(line.when))
    }

    fn on(&self, scope: Option<ScopeId>) -> String {
        scope.map_or(String::new(), |s| format!(" on {}", scope_text(&self.scopes[s])))
    }

    fn account(&self, index: usize, account: &Account) -> String {
        let mut out = format!("admin {} {{\n", ACCOUNTS[index]);
        let facts = account.facts;
        if facts.country > 0 {
            let _ = writeln!(out, "  country {}", COUNTRIES[usize::from(facts.country)]);
        }
        if facts.unit > 0 {
            let _ = writeln!(out, "  unit {}", UNITS[usize::from(facts.unit)]);
        }
        out += if facts.label { "  labels x\n" } else { "" };
        out += if account.inactive { "  inactive\n" } else { "" };
        if let Some(scope) = account.scope {
            let _ = writeln!(out, "  scope {}", scope_text(&self.scopes[scope]));
        }
        for (role, on) in &account.roles {
            let _ = writeln!(out, "  role r{role}{}", self.on(*on));
        }
        account.lines.iter().for_each(|l| out += &self.line(l));
        out + "}\n"
    }
}

fn declared(action: &Action) -> String {
    let words = [
        (action.takes_over && !action.by_kind, "recovery"),
        (action.country, "country"),
        (action.unit, "unit"),
        (action.label, "labels"),
        (action.scope, "scope"),
        (action.roles, "roles"),
    ];
    let words: Vec<&str> = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    let kind = match (action.takes_over && action.by_kind, words.is_empty()) {
        _ if action.destroys => "destroy",
        (true, _) => "become",
        (false, true) => "view",
        (false, false) => "write",
    };
    let changes = if words.is_empty() { String::new() } else { format!(" changes {}", words.join(", ")) };
    format!("{kind} {}{changes}", action.name)
}

fn group_name(item: Item) -> String {
    match item {
        Item::Country(c) => format!("g_{}", COUNTRIES[usize::from(c)]),
        Item::NotCountry(c) => format!("g_not_{}", COUNTRIES[usize::from(c)]),
        Item::Unit(u) => format!("g_in_{}", UNITS[usize::from(u)]),
        Item::Labelled => "g_x".into(),
        Item::NotLabelled => "g_not_x".into(),
        Item::Holders(r) => format!("g_r{r}"),
        Item::NotHolders(r) => format!("g_not_r{r}"),
        Item::OwnUnit => "own unit".into(),
        Item::Myself => "self".into(),
        Item::Manages => "manages".into(),
    }
}

fn condition(item: Item) -> String {
    match item {
        Item::Country(c) => format!("country is {}", COUNTRIES[usize::from(c)]),
        Item::NotCountry(c) => format!("country is not {}", COUNTRIES[usize::from(c)]),
        Item::Unit(u) => format!("unit {}", UNITS[usize::from(u)]),
        Item::Labelled => "labelled x".into(),
        Item::NotLabelled => "not labelled x".into(),
        Item::Holders(r) => format!("holders of r{r}"),
        Item::NotHolders(r) => format!("not holders of r{r}"),
        other => group_name(other),
    }
}

fn when(item: Option<Item>) -> String {
    item.map_or(String::new(), |i| format!(" when actor in {}", group_name(i)))
}

fn subject(item: Item) -> String {
    match item {
        Item::Myself => "self".into(),
        other => format!("users in {}", group_name(other)),
    }
}

fn scope_text(scope: &Scope) -> String {
    let thing = |thing: &Thing| match thing {
        Thing::Unit(u) => format!("in unit {}", UNITS[usize::from(*u)]),
        Thing::OwnUnit => "in own unit".into(),
        Thing::Labelled => "labelled x".into(),
    };
    let users = scope.users.as_ref().map(|s| format!("users in {}", set_text(s, |i| group_name(*i))));
    let entities = scope.entities.as_ref().map(|s| format!("entities {}", set_text(s, thing)));
    users.into_iter().chain(entities).collect::<Vec<_>>().join(" and ")
}

fn set_text<T>((items, except): &Set<T>, word: impl Fn(&T) -> String) -> String {
    let words = |items: &[T]| items.iter().map(&word).collect::<Vec<_>>().join(", ");
    let any = if items.is_empty() { "*".to_owned() } else { words(items) };
    if except.is_empty() { any } else { format!("{any} except {}", words(except)) }
}
