//! What the grammar would have taken, in words.

use super::super::grammar::Rule;
use super::super::words::DECLARATIONS;
use crate::text::quoted_list;

/// What could have stood at a place.
pub(super) struct Expected {
    rules: Vec<Rule>,
    /// The block whose statement begins here.
    statement: Option<&'static str>,
    /// The keywords among it.
    pub(super) keywords: Vec<String>,
    /// Everything else, as a noun.
    things: Vec<&'static str>,
}

impl Expected {
    /// What a failed parse tried; `one` is the rule for the statement, where nothing of it was read.
    pub(super) fn of(rules: &[Rule], one: Option<Rule>) -> Self {
        let mut expected = Self {
            rules: rules.to_vec(),
            statement: one.and_then(statement),
            keywords: Vec::new(),
            things: Vec::new(),
        };
        for rule in rules {
            expected.add(*rule);
        }
        expected.keywords.sort_unstable();
        expected.keywords.dedup();
        expected.things.sort_unstable();
        expected.things.dedup();
        expected
    }

    fn add(&mut self, rule: Rule) {
        let own = format!("{rule:?}");
        if let Some(keyword) = own.strip_prefix("kw_") {
            self.keywords.push(keyword.to_owned());
        }
        if let Some((_, thing, words)) = WORDS.iter().find(|(known, _, _)| *known == rule) {
            if !thing.is_empty() {
                self.things.push(thing);
            }
            self.keywords.extend(words.iter().map(|word| (*word).to_owned()));
        }
        if matches!(rule, Rule::decl | Rule::one_decl) {
            self.keywords.extend(DECLARATIONS.iter().map(|word| (*word).to_owned()));
        }
    }

    /// Whether this rule was tried.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }

    /// Whether a name could have stood here.
    pub(super) fn a_name(&self) -> bool {
        NAMED.iter().any(|rule| self.has(*rule))
    }

    /// The block whose statement begins here, as "a line of a role".
    pub(super) fn statement(&self) -> Option<&'static str> {
        self.statement
    }

    /// How a message names it: "a name, `on` or `when`".
    pub(super) fn shown(&self) -> String {
        if let Some(statement) = self.statement {
            return statement.to_owned();
        }
        let mut parts: Vec<String> = self.things.iter().map(|thing| (*thing).to_owned()).collect();
        if !self.has(Rule::decl) {
            parts.extend(self.keywords.iter().map(|word| format!("`{}`", spoken(word))));
        }
        if self.has(Rule::EOI) {
            parts.push("the end of the statement".to_owned());
        }
        match parts.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} or {last}", before.join(", ")),
        }
    }

    /// The keywords as a list: "`allow`, `except` or `scope`".
    pub(super) fn keyword_list(&self) -> String {
        quoted_list(self.keywords.iter().map(|word| spoken(word)), "or")
    }
}

/// A keyword with the one that always follows it.
fn spoken(keyword: &str) -> &str {
    match keyword {
        "at" => "at least",
        "starts" => "starts with",
        "ends" => "ends with",
        "users" => "users in",
        "own" => "own unit",
        "holders" => "holders of",
        other => other,
    }
}

/// What the rule for a single statement reads.
fn statement(one: Rule) -> Option<&'static str> {
    Some(match one {
        Rule::one_decl => "a declaration",
        Rule::one_platform_item => "a line of a platform",
        Rule::one_resource_item => "a line of a resource",
        Rule::one_role_item => "a line of a role",
        Rule::one_admin_item => "a line of an admin",
        Rule::one_question => "a question",
        Rule::one_fact => "a fact",
        _ => return None,
    })
}

/// The rules that take a name.
const NAMED: [Rule; 14] = [
    Rule::name,
    Rule::path,
    Rule::action,
    Rule::actions,
    Rule::user,
    Rule::users,
    Rule::entity,
    Rule::entities,
    Rule::role_set,
    Rule::value,
    Rule::gate,
    Rule::negation,
    Rule::conjunction,
    Rule::condition,
];

/// The lines of a role.
const ROLE: [&str; 9] = ["allow", "assigns", "except", "extends", "holders", "label", "never", "primary", "scope"];
/// The lines of an admin.
const ADMIN: [&str; 13] = [
    "allow", "email", "id", "inactive", "labels", "login", "phone", "photo", "profile", "role", "scope", "unit",
    "valid",
];

const ACTION: &str = "an action, a resource or `*`";
const USERS: &str = "a group, a unit, a relation";
const ENTITIES: &str = "a relation";
const CONDITION: &str = "a condition";

/// What a rule is called, and the keywords it begins with besides.
const WORDS: &[(Rule, &str, &[&str])] = &[
    (Rule::one_platform_item, "", &["languages", "granularity", "roles per account", "super none"]),
    (Rule::one_resource_item, "", &["view", "write", "destroy", "become"]),
    (Rule::one_role_item, "", &ROLE),
    (Rule::one_admin_item, "", &ADMIN),
    (Rule::one_fact, "an attribute", &["login", "id", "unit", "labels", "relation", "role"]),
    (Rule::name, "a name", &[]),
    (Rule::any_name, "a name", &[]),
    (Rule::path, "a name", &[]),
    (Rule::any_path, "a name", &[]),
    (Rule::text, "a text in quotes", &[]),
    (Rule::raw, "a value", &[]),
    (Rule::value, "a value", &[]),
    (Rule::number, "a number", &[]),
    (Rule::date, "a day such as `2026-12-31`", &[]),
    (Rule::brace, "`{`", &[]),
    (Rule::close, "`}`", &[]),
    (Rule::round_open, "`(`", &[]),
    (Rule::round_close, "`)`", &[]),
    (Rule::equals, "`=`", &[]),
    (Rule::star, "`*`", &[]),
    (Rule::kind, "", &["view", "write", "destroy", "become", "assign"]),
    (Rule::action, ACTION, &[]),
    (Rule::actions, ACTION, &[]),
    (Rule::user, USERS, &["own unit", "self", "holders of"]),
    (Rule::users, USERS, &["own unit", "self", "holders of"]),
    (Rule::entity, ENTITIES, &["in unit", "in own unit", "id", "labelled"]),
    (Rule::entities, ENTITIES, &["in unit", "in own unit", "id", "labelled"]),
    (Rule::in_own_unit, "", &["in"]),
    (Rule::scope, "", &["users in", "entities"]),
    (Rule::subjects, "", &["everyone", "holders of", "users in", "admin", "role", "tier", "self"]),
    (Rule::role_set, "a role or `*`", &[]),
    (Rule::negation, CONDITION, &[]),
    (Rule::conjunction, CONDITION, &[]),
    (Rule::condition, CONDITION, &[]),
    (Rule::gate, "a feature", &["actor in"]),
    (Rule::attribute_test, "a test of an attribute", &["is", "in"]),
    (Rule::in_test, "", &["in", "not in"]),
    (Rule::valid, "", &["from", "until"]),
    (Rule::assertion, "", &["never", "always"]),
    (Rule::role, "", &["role", "super role"]),
    (Rule::part, "", &["entity", "user", "account"]),
    (Rule::target, "", &["entity", "user", "account"]),
    (Rule::facts, "`{`", &[]),
    (Rule::claims, "the name of an admin", &["as"]),
    (Rule::decl, "a declaration", &[]),
    (Rule::told_labels, "", &["labels"]),
    (Rule::told_relations, "", &["relation"]),
    (Rule::told_roles, "", &["role"]),
    (Rule::fact_line, "an attribute", &[]),
    (Rule::told_fact, "an attribute", &[]),
    (Rule::tree, "a name", &[]),
    (Rule::switch, "a feature", &[]),
];
