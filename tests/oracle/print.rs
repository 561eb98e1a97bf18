//! A policy as `.bw` text, by the language's own page; a seed chooses the order of declarations, statements and items.

use std::fmt::Write as _;

use super::dice::Shuffle;
use super::policy::{
    Action, ActionItem, ActionPath, Admin, Allow, Assignment, Condition, EntityItem, Gate, Kind, Node, Period, Policy,
    Quota, QuotaItem, Resource, Role, Scope, Set, Side, Signature, Subject, Subjects, Test, UserItem, Values,
};

/// The text of a policy. With seed 0 everything stands in the order of the data.
pub(crate) fn print(policy: &Policy, seed: u64) -> String {
    declarations(Printer { shuffle: Shuffle(seed), items: Shuffle(seed), policy })
}

/// The text of a policy, its statements word for word as with seed 0, but in another order.
pub(crate) fn print_in_order(policy: &Policy, seed: u64) -> String {
    declarations(Printer { shuffle: Shuffle(seed), items: Shuffle(0), policy })
}

fn declarations(mut printer: Printer<'_>) -> String {
    let mut decls = printer.declarations();
    printer.shuffle.mix(&mut decls);
    decls.join("\n") + "\n"
}

struct Printer<'a> {
    /// The order of declarations and statements.
    shuffle: Shuffle,
    /// The order of what stands in a statement.
    items: Shuffle,
    policy: &'a Policy,
}

impl Printer<'_> {
    fn declarations(&mut self) -> Vec<String> {
        let policy = self.policy;
        let no_super = !policy.roles.iter().any(|r| r.superuser);
        let mut out = vec![format!("platform p {{ {}}}", if no_super { "super none " } else { "" })];
        out.push("responsible \"Works council\"".into());
        for f in &policy.features {
            out.push(format!("feature {}{}", name(&f.name), if f.on { "" } else { " off" }));
        }
        let tiers: Vec<_> =
            policy.tiers.iter().map(|t| format!("tier {} covers {}", name(&t.name), self.actions(&t.covers))).collect();
        if !tiers.is_empty() {
            out.push(tiers.join("\n"));
        }
        for attribute in &policy.attributes {
            out.push(format!("attribute {} {}", name(&attribute.name), values(&attribute.values)));
        }
        self.forest("label", &policy.labels, &mut out);
        self.forest("unit", &policy.units, &mut out);
        for r in &policy.relations {
            let on = [(r.on_users, "user"), (r.on_entities, "entity")];
            let on: Vec<_> = on.iter().filter(|(used, _)| *used).map(|(_, word)| *word).collect();
            out.push(format!("relation {} on {}", name(&r.name), on.join(", ")));
        }
        for group in &policy.groups {
            out.push(format!("group {} = {}", name(&group.name), self.condition(&group.condition)));
        }
        out.extend(policy.resources.iter().map(|r| self.resource(r)));
        out.extend(policy.roles.iter().map(|r| self.role(r)));
        for rule in &policy.automatic {
            let users = self.users(&rule.users);
            out.push(format!("users in {users} hold {}{}", name(&rule.role), self.on(rule.on.as_ref())));
        }
        for f in &policy.forbids {
            let (actions, on) = (self.actions(&f.actions), self.on(f.on.as_ref()));
            let whom = f.subjects.as_ref().map_or(String::new(), |s| format!(" for {}", self.subjects(s)));
            let unless = f.unless.as_ref().map_or(String::new(), |s| format!(" unless {}", self.subjects(s)));
            out.push(format!("forbid {actions}{on}{whom}{unless}"));
        }
        out.extend(policy.admins.iter().map(|a| self.admin(a)));
        for a in &policy.assertions {
            let word = if a.always { "always" } else { "never" };
            let (whom, actions) = (self.subjects(&a.subjects), self.actions(&a.actions));
            out.push(format!("{word} {whom} can {actions}{}", self.on(a.on.as_ref())));
        }
        out.extend(policy.quotas.iter().map(quota));
        for pair in &policy.separations {
            out.push(format!("separate {} from {}", self.side(&pair.left), self.side(&pair.right)));
        }
        out
    }

    fn forest(&mut self, word: &str, nodes: &[Node], out: &mut Vec<String>) {
        for root in nodes.iter().filter(|n| n.parent.is_none()) {
            out.push(format!("{word} {}", self.tree(root, nodes)));
        }
    }

    fn tree(&mut self, node: &Node, nodes: &[Node]) -> String {
        let below: Vec<_> = nodes.iter().filter(|n| n.parent.as_ref() == Some(&node.name)).collect();
        if below.is_empty() {
            return name(&node.name);
        }
        let mut below: Vec<_> = below.iter().map(|n| self.tree(n, nodes)).collect();
        self.shuffle.mix(&mut below);
        format!("{} {{ {} }}", name(&node.name), below.join(", "))
    }

    /// A label or unit: its name, or `ancestor.name`.
    fn node(&mut self, nodes: &[Node], wanted: &str) -> String {
        let parent = nodes.iter().find(|n| n.name == wanted).and_then(|n| n.parent.as_ref());
        match parent {
            Some(parent) if self.items.0 != 0 && self.items.below(3) == 0 => {
                format!("{}.{}", name(parent), name(wanted))
            }
            _ => name(wanted),
        }
    }

    fn unit(&mut self, wanted: &str) -> String {
        let policy = self.policy;
        self.node(&policy.units, wanted)
    }

    fn label(&mut self, wanted: &str) -> String {
        let policy = self.policy;
        self.node(&policy.labels, wanted)
    }

    fn resource(&mut self, resource: &Resource) -> String {
        let on = match resource.on {
            Signature::Site => "",
            Signature::Entity => " on entity",
            Signature::User => " on user",
            Signature::EntityAndUser => " on entity, user",
            Signature::Account => " on account",
        };
        let when = match resource.when.as_slice() {
            [] => String::new(),
            features => format!(" when {}", features.iter().map(|f| name(f)).collect::<Vec<_>>().join(" and ")),
        };
        let lines = resource.actions.iter().map(|a| format!("{} {}", kind(a.kind), action(&resource.name, a)));
        format!("resource {}{on}{when} {}", name(&resource.name), self.block(lines.collect()))
    }

    fn role(&mut self, role: &Role) -> String {
        let word = if role.profile { "profile" } else { "role" };
        let mut head = format!("{}{word} {}", if role.superuser { "super " } else { "" }, name(&role.name));
        let flags = [(role.ungrantable, "ungrantable"), (role.by_claim, "by claim"), (role.spare, "spare")];
        for (_, flag) in flags.iter().filter(|(set, _)| *set) {
            let _ = write!(head, " {flag}");
        }
        for need in &role.needs {
            let _ = write!(head, " needs role {}", name(need));
        }
        head += &self.when(&role.when);
        let mut lines: Vec<_> = role.scope.iter().map(|s| format!("scope {}", self.scope(s))).collect();
        lines.extend(role.extends.iter().map(|e| format!("extends {}{}", name(&e.role), self.on(e.on.as_ref()))));
        lines.extend(role.allows.iter().map(|a| self.allow(a)));
        lines.extend(
            role.excepts.iter().map(|e| format!("except {}{}", self.actions(&e.actions), self.on(e.on.as_ref()))),
        );
        for line in &role.assigns {
            let roles = self.set(&line.roles, |_, r| name(r));
            lines.push(format!("assigns {roles}{}{}", self.on(line.on.as_ref()), self.when(&line.when)));
        }
        lines.extend(role.at_most.map(|most| format!("holders at most {most}")));
        for never in &role.nevers {
            lines.push(format!("never {}{}", self.actions(&never.actions), self.on(never.on.as_ref())));
        }
        format!("{head} {}", self.block(lines))
    }

    fn admin(&mut self, admin: &Admin) -> String {
        let title = admin.title.as_ref().map_or(String::new(), |t| format!(" {}", quoted(t)));
        let mut lines = vec![];
        let texts = [("login", &admin.login), ("email", &admin.email), ("id", &admin.id)];
        lines.extend(texts.iter().filter_map(|(word, text)| text.as_ref().map(|t| format!("{word} {}", quoted(t)))));
        lines.extend(admin.unit.iter().map(|u| format!("unit {}", self.unit(u))));
        if !admin.labels.is_empty() {
            let labels: Vec<_> = admin.labels.iter().map(|l| self.label(l)).collect();
            lines.push(format!("labels {}", labels.join(", ")));
        }
        lines
            .extend(admin.attributes.iter().map(|(attribute, value)| format!("{} {}", name(attribute), quoted(value))));
        lines.extend(admin.scope.iter().map(|s| format!("scope {}", self.scope(s))));
        lines.extend(admin.assignments.iter().map(|a| self.assignment(a)));
        lines.extend(admin.allows.iter().map(|a| self.allow(a)));
        if admin.valid != Period::default() {
            lines.push(format!("valid{}", period(admin.valid)));
        }
        if admin.inactive {
            lines.push("inactive".into());
        }
        format!("admin {}{title} {}", name(&admin.name), self.block(lines))
    }

    fn assignment(&mut self, given: &Assignment) -> String {
        let profile = self.policy.roles.iter().any(|r| r.name == given.role && r.profile);
        let word = if profile { "profile" } else { "role" };
        format!("{word} {}{}{}", name(&given.role), self.on(given.on.as_ref()), period(given.period))
    }

    fn allow(&mut self, allow: &Allow) -> String {
        let (actions, on) = (self.actions(&allow.actions), self.on(allow.on.as_ref()));
        format!("allow {actions}{on}{}{}", self.when(&allow.when), period(allow.period))
    }

    fn when(&mut self, gates: &[Gate]) -> String {
        let gates = gates.iter().map(|g| match g {
            Gate::Feature(feature) => name(feature),
            Gate::ActorIn(group) => format!("actor in {}", name(group)),
        });
        let mut gates: Vec<_> = gates.collect();
        self.items.mix(&mut gates);
        if gates.is_empty() { String::new() } else { format!(" when {}", gates.join(" and ")) }
    }

    fn block(&mut self, mut lines: Vec<String>) -> String {
        self.shuffle.mix(&mut lines);
        match lines.as_slice() {
            [] => "{ }".into(),
            [line] if self.shuffle.0 != 0 && self.shuffle.below(2) == 0 => format!("{{ {line} }}"),
            [a, b] if self.shuffle.0 != 0 && self.shuffle.below(4) == 0 => format!("{{ {a}; {b} }}"),
            _ => format!("{{\n  {}\n}}", lines.join("\n  ")),
        }
    }

    // ---- sets --------------------------------------------------------------------------------------------------------------

    fn set<T>(&mut self, set: &Set<T>, mut item: impl FnMut(&mut Self, &T) -> String) -> String {
        let mut list = |printer: &mut Self, items: &[T]| {
            let mut items: Vec<_> = items.iter().map(|i| item(printer, i)).collect();
            // `labelled` takes a list and stands last.
            let last = items.iter().position(|i| i.starts_with("labelled ")).map(|at| items.remove(at));
            printer.items.mix(&mut items);
            items.extend(last);
            items.join(", ")
        };
        let items = set.items.as_deref().map_or_else(|| "*".into(), |items| list(self, items));
        if set.except.is_empty() {
            return items;
        }
        let except = list(self, &set.except);
        format!("{items} except {except}")
    }

    fn actions(&mut self, set: &Set<ActionItem>) -> String {
        self.set(set, |_, item| match item {
            ActionItem::All => "*".into(),
            ActionItem::AllOf(k) => format!("{} *", kind(*k)),
            ActionItem::Resource(resource) => name(resource),
            ActionItem::ResourceOf(k, resource) => format!("{} {}", kind(*k), name(resource)),
            ActionItem::Assigning => "assign.*".into(),
            ActionItem::One(action) => path(action),
        })
    }

    fn side(&mut self, side: &Side) -> String {
        match side {
            Side::Role(role) => format!("role {}", name(role)),
            Side::Actions(actions) => self.actions(actions),
        }
    }

    fn users(&mut self, set: &Set<UserItem>) -> String {
        self.set(set, Self::user_item)
    }

    fn user_item(&mut self, item: &UserItem) -> String {
        match item {
            UserItem::Group(group) => name(group),
            UserItem::Relation(relation) => name(relation),
            UserItem::Unit(unit) => self.unit(unit),
            UserItem::OwnUnit => "own unit".into(),
            UserItem::Myself => "self".into(),
            UserItem::Holders(role) => format!("holders of {}", name(role)),
        }
    }

    fn entities(&mut self, set: &Set<EntityItem>) -> String {
        self.set(set, |printer, item| match item {
            EntityItem::InUnit(unit) => format!("in unit {}", printer.unit(unit)),
            EntityItem::InOwnUnit => "in own unit".into(),
            EntityItem::Id(id) => format!("id {}", quoted(id)),
            EntityItem::Relation(relation) => name(relation),
            EntityItem::Labelled { labels, all } => {
                let labels: Vec<_> = labels.iter().map(|l| printer.label(l)).collect();
                format!("labelled {}", labels.join(if *all { " and " } else { ", " }))
            }
        })
    }

    fn scope(&mut self, scope: &Scope) -> String {
        let mut parts: Vec<_> = scope.users.iter().map(|set| format!("users in {}", self.users(set))).collect();
        parts.extend(scope.entities.iter().map(|set| format!("entities {}", self.entities(set))));
        self.items.mix(&mut parts);
        parts.join(" and ")
    }

    fn on(&mut self, scope: Option<&Scope>) -> String {
        scope.map_or(String::new(), |s| format!(" on {}", self.scope(s)))
    }

    fn subjects(&mut self, subjects: &Subjects) -> String {
        let set = Set { items: Some(subjects.items.clone()), except: subjects.except.clone() };
        self.set(&set, |printer, subject| match subject {
            Subject::Everyone => "everyone".into(),
            Subject::Holders(role) => format!("holders of {}", name(role)),
            Subject::UsersIn(item) => format!("users in {}", printer.user_item(item)),
            Subject::Admin(admin) => format!("admin {}", name(admin)),
            Subject::Tier(tier) => format!("tier {}", name(tier)),
            Subject::Myself => "self".into(),
            Subject::Role(role) => format!("role {}", name(role)),
        })
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::And(parts) => self.joined(parts, " and "),
            Condition::Or(parts) => self.joined(parts, " or "),
            Condition::Not(part) => format!("not {}", self.within(part)),
            Condition::Group(group) => name(group),
            Condition::Unit { unit, only } => format!("unit {}{}", self.unit(unit), if *only { " only" } else { "" }),
            Condition::Labelled(label) => format!("labelled {}", self.label(label)),
            Condition::Holders(role) => format!("holders of {}", name(role)),
            Condition::Attribute { attribute, test, negated } => {
                let closed = self.policy.attributes.iter().any(|a| a.name == *attribute && a.values != Values::Text);
                format!("{} {}", name(attribute), self::test(test, *negated, closed))
            }
        }
    }

    fn joined(&mut self, parts: &[Condition], word: &str) -> String {
        let mut parts: Vec<_> = parts.iter().map(|p| self.within(p)).collect();
        self.items.mix(&mut parts);
        parts.join(word)
    }

    fn within(&mut self, condition: &Condition) -> String {
        let text = self.condition(condition);
        match condition {
            Condition::And(_) | Condition::Or(_) => format!("({text})"),
            _ => text,
        }
    }
}

fn test(test: &Test, negated: bool, bare: bool) -> String {
    let constant = |text: &String| if bare { text.clone() } else { quoted(text) };
    let list = |texts: &[String]| texts.iter().map(constant).collect::<Vec<_>>().join(", ");
    match (test, negated) {
        (Test::Is(value), false) => format!("is {}", constant(value)),
        (Test::Is(value), true) => format!("is not {}", constant(value)),
        (Test::In(values), false) => format!("in ({})", list(values)),
        (Test::In(values), true) => format!("not in ({})", list(values)),
        (Test::Set, false) => "is set".into(),
        (Test::Set, true) => "is not set".into(),
        (Test::StartsWith(text), _) => format!("starts with {}", quoted(text)),
        (Test::EndsWith(text), _) => format!("ends with {}", quoted(text)),
        (Test::Contains(text), _) => format!("contains {}", quoted(text)),
        (Test::AtLeast(number), _) => format!("at least {number}"),
        (Test::AtMost(number), _) => format!("at most {number}"),
    }
}

fn quota(quota: &Quota) -> String {
    let item = |item: &QuotaItem| match item {
        QuotaItem::Tier(tier) => format!("tier {}", name(tier)),
        QuotaItem::Role(role) => format!("role {}", name(role)),
        QuotaItem::Unit(unit) => format!("unit {}", name(unit)),
    };
    let of: Vec<_> = quota.of.iter().map(item).collect();
    format!("quota at most {} {}{}", quota.most, of.join(", "), if quota.all { " counting all" } else { "" })
}

fn values(values: &Values) -> String {
    match values {
        Values::Closed(all) => format!("{{ {} }}", all.iter().map(|v| name(v)).collect::<Vec<_>>().join(", ")),
        Values::Text => "text".into(),
        Values::Number => "number".into(),
        Values::Flag => "flag".into(),
    }
}

fn action(resource: &str, action: &Action) -> String {
    let local = |a: &ActionPath| if a.resource == resource { name(&a.action) } else { path(a) };
    match action.implies.as_slice() {
        [] => name(&action.name),
        implied => {
            format!("{} implies {}", name(&action.name), implied.iter().map(local).collect::<Vec<_>>().join(", "))
        }
    }
}

fn path(action: &ActionPath) -> String {
    // The built-in delegation is written with its reserved word.
    let resource = if action.resource == "assign" { "assign".into() } else { name(&action.resource) };
    format!("{resource}.{}", name(&action.action))
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::View => "view",
        Kind::Write => "write",
        Kind::Destroy => "destroy",
        Kind::Become => "become",
        Kind::Assign => "assign",
    }
}

fn period(period: Period) -> String {
    let from = period.from.map_or(String::new(), |d| format!(" from {}", date(d)));
    let until = period.until.map_or(String::new(), |d| format!(" until {}", date(d)));
    from + &until
}

/// The ISO date of a day since 1970-01-01.
fn date(day: i32) -> String {
    (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day)).to_string()
}

/// A name as it is, or in quotes where it is no identifier, or a reserved word.
fn name(name: &str) -> String {
    const RESERVED: &str = " and or not is in own self except on view write destroy become assign ";
    let identifier = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let plain = identifier && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if plain && !RESERVED.contains(&format!(" {name} ")) { name.into() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
