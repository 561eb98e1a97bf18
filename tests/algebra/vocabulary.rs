//! What a policy asks of accounts and entities, and every value that it can tell apart; found by reading the policy as it is written.

use std::collections::BTreeSet;

use crate::oracle::facts::login;
use crate::oracle::policy::{
    Condition, EntityItem, Gate, Policy, Scope, Set, Subject, Subjects, Test, UserItem, Values,
};

/// Everything that the policy asks, anywhere.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<UserItem>,
    pub(crate) entities: Vec<EntityItem>,
    pub(crate) tests: Vec<(String, Test)>,
    pub(crate) labels: BTreeSet<String>,
    pub(crate) units: bool,
    pub(crate) tiers: bool,
}

impl Mentions {
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut found = Self::default();
        for role in &policy.roles {
            found.scope(role.scope.as_ref());
            role.extends.iter().for_each(|e| found.scope(e.on.as_ref()));
            role.excepts.iter().chain(&role.nevers).for_each(|e| found.scope(e.on.as_ref()));
            role.allows.iter().for_each(|a| found.line(a.on.as_ref(), &a.when));
            role.assigns.iter().for_each(|a| found.line(a.on.as_ref(), &a.when));
            found.line(None, &role.when);
        }
        for admin in &policy.admins {
            found.scope(admin.scope.as_ref());
            admin.assignments.iter().for_each(|a| found.scope(a.on.as_ref()));
            admin.allows.iter().for_each(|a| found.line(a.on.as_ref(), &a.when));
        }
        for rule in &policy.automatic {
            found.user_set(&rule.users);
            found.scope(rule.on.as_ref());
        }
        for forbid in &policy.forbids {
            found.scope(forbid.on.as_ref());
            forbid.subjects.iter().chain(&forbid.unless).for_each(|s| found.subjects(s));
        }
        for assertion in &policy.assertions {
            found.scope(assertion.on.as_ref());
            found.subjects(&assertion.subjects);
        }
        policy.groups.iter().for_each(|g| found.condition(&g.condition));
        found
    }

    /// Everything that another policy asks, too.
    pub(crate) fn add(&mut self, other: Self) {
        let users = other.users.into_iter().filter(|item| !self.users.contains(item)).collect::<Vec<_>>();
        let entities = other.entities.into_iter().filter(|item| !self.entities.contains(item)).collect::<Vec<_>>();
        self.users.extend(users);
        self.entities.extend(entities);
        self.tests.extend(other.tests);
        self.labels.extend(other.labels);
        self.units |= other.units;
        self.tiers |= other.tiers;
    }

    fn line(&mut self, on: Option<&Scope>, when: &[Gate]) {
        self.scope(on);
        for gate in when {
            if let Gate::ActorIn(group) = gate {
                self.user(&UserItem::Group(group.clone()));
            }
        }
    }

    fn scope(&mut self, scope: Option<&Scope>) {
        let Some(scope) = scope else { return };
        scope.users.iter().for_each(|set| self.user_set(set));
        for item in scope.entities.iter().flat_map(|set| set.items.iter().flatten().chain(&set.except)) {
            match item {
                EntityItem::InUnit(_) | EntityItem::InOwnUnit => self.units = true,
                EntityItem::Labelled { labels, .. } => self.labels.extend(labels.iter().cloned()),
                EntityItem::Id(id) => self.tests.push(("id".into(), Test::Is(id.clone()))),
                EntityItem::Relation(_) => {}
            }
            if !self.entities.contains(item) {
                self.entities.push(item.clone());
            }
        }
    }

    pub(crate) fn user_set(&mut self, set: &Set<UserItem>) {
        set.items.iter().flatten().chain(&set.except).for_each(|item| self.user(item));
    }

    fn user(&mut self, item: &UserItem) {
        self.units |= matches!(item, UserItem::Unit(_) | UserItem::OwnUnit);
        if !self.users.contains(item) {
            self.users.push(item.clone());
        }
    }

    fn subjects(&mut self, subjects: &Subjects) {
        for subject in subjects.items.iter().chain(&subjects.except) {
            match subject {
                Subject::Holders(role) => self.user(&UserItem::Holders(role.clone())),
                Subject::UsersIn(item) => self.user(item),
                Subject::Admin(_) => {}
                Subject::Tier(_) => self.tiers = true,
                Subject::Myself => self.user(&UserItem::Myself),
                Subject::Everyone | Subject::Role(_) => {}
            }
        }
    }

    pub(crate) fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|c| self.condition(c)),
            Condition::Not(part) => self.condition(part),
            Condition::Group(group) => self.user(&UserItem::Group(group.clone())),
            Condition::Unit { .. } => self.units = true,
            Condition::Labelled(label) => drop(self.labels.insert(label.clone())),
            Condition::Holders(role) => self.user(&UserItem::Holders(role.clone())),
            Condition::Attribute { attribute, test, .. } => self.tests.push((attribute.clone(), test.clone())),
        }
    }

    /// The attributes that are tested, `id` and `login` included.
    pub(crate) fn attributes(&self) -> BTreeSet<&str> {
        self.tests.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub(crate) fn relations(&self) -> Vec<String> {
        let users = self.users.iter().filter_map(|i| if let UserItem::Relation(r) = i { Some(r) } else { None });
        let entities =
            self.entities.iter().filter_map(|i| if let EntityItem::Relation(r) = i { Some(r) } else { None });
        users.chain(entities).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether what somebody holds makes any difference.
    pub(crate) fn holders(&self) -> bool {
        self.tiers || self.users.iter().any(|i| matches!(i, UserItem::Holders(_)))
    }

    /// A value of an attribute for every way in which the tests of it come out, absence first.
    pub(crate) fn values(&self, policy: &Policy, attribute: &str) -> Vec<Option<String>> {
        let ty = policy.attributes.iter().find(|a| a.name == attribute).map_or(&Values::Text, |a| &a.values);
        let tests: Vec<&Test> = self.tests.iter().filter(|(name, _)| name == attribute).map(|(_, test)| test).collect();
        let fold = |text: &String| if attribute == "login" { text.to_lowercase() } else { text.clone() };
        let candidates = match ty {
            Values::Closed(all) => all.clone(),
            Values::Flag => vec!["false".into(), "true".into()],
            Values::Number => numbers(&tests),
            Values::Text => texts(&tests.iter().flat_map(|t| constants(t)).map(|c| fold(&c)).collect::<Vec<_>>()),
        };
        let taken = |text: &String| attribute == "login" && policy.admins.iter().any(|a| login(a) == *text);
        let free = candidates.into_iter().filter(|c| !taken(c));
        let mut seen = BTreeSet::new();
        let outcome = |value: &Option<String>| -> Vec<bool> {
            tests.iter().map(|t| value.as_ref().is_some_and(|v| passes(t, v, fold))).collect()
        };
        let all = std::iter::once(None).chain(free.map(Some));
        // Two logins of each kind: two accounts are never the same.
        let twice = usize::from(attribute == "login");
        let mut counts: std::collections::BTreeMap<Vec<bool>, usize> = std::collections::BTreeMap::new();
        all.filter(|value| seen.insert(value.clone()))
            .filter(|value| {
                let count = counts.entry(outcome(value)).or_default();
                *count += 1;
                *count <= 1 + twice
            })
            .collect()
    }
}

fn constants(test: &Test) -> Vec<String> {
    match test {
        Test::Is(text) | Test::StartsWith(text) | Test::EndsWith(text) | Test::Contains(text) => vec![text.clone()],
        Test::In(texts) => texts.clone(),
        Test::Set | Test::AtLeast(_) | Test::AtMost(_) => vec![],
    }
}

fn passes(test: &Test, value: &str, fold: impl Fn(&String) -> String) -> bool {
    let number = value.parse::<i64>();
    match test {
        Test::Is(text) => value == fold(text),
        Test::In(texts) => texts.iter().any(|t| value == fold(t)),
        Test::Set => true,
        Test::StartsWith(text) => value.starts_with(&fold(text)),
        Test::EndsWith(text) => value.ends_with(&fold(text)),
        Test::Contains(text) => value.contains(&fold(text)),
        Test::AtLeast(n) => number.is_ok_and(|v| v >= *n),
        Test::AtMost(n) => number.is_ok_and(|v| v <= *n),
    }
}

fn numbers(tests: &[&Test]) -> Vec<String> {
    let mut numbers = BTreeSet::from([0, i64::MIN, i64::MAX]);
    for test in tests {
        let told = match test {
            Test::AtLeast(n) | Test::AtMost(n) => vec![*n],
            other => constants(other).iter().filter_map(|t| t.parse().ok()).collect(),
        };
        numbers.extend(told.iter().flat_map(|n| [n - 1, *n, n + 1]));
    }
    numbers.iter().map(ToString::to_string).collect()
}

/// The constants, alone and in rows of up to four, put together with and without something else before, between and after them.
fn texts(constants: &[String]) -> Vec<String> {
    let constants: BTreeSet<&str> = constants.iter().map(String::as_str).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec![]];
    let mut last = rows.clone();
    for _ in 0..constants.len().min(4) {
        last = last.iter().flat_map(|row| constants.iter().map(move |c| [row.as_slice(), &[*c]].concat())).collect();
        rows.extend(last.iter().cloned());
    }
    let mut texts: Vec<String> = vec![];
    for joint in ["", "~"] {
        for (before, after) in [("", ""), ("~", ""), ("", "~"), ("~", "~"), ("~~", "")] {
            texts.extend(rows.iter().map(|row| format!("{before}{}{after}", row.join(joint))));
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}
