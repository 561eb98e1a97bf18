//! Casbin: a model's shape and a list of `p` and `g` lines as a policy.
//!
//! An object is an entity with an id, an action an action on it; where the model has no objects, actions are site-wide. Who stands
//! second in a `g` line is a role, whoever else occurs an account. A domain is a unit: `g` lines give and extend roles on the entities
//! in it, `p` lines stand in a role fenced to it. Groups of objects (`g2`) are labels. A `deny` line is a `forbid`. A `p` line without
//! a subject is held by everybody; the model's superuser holds a super role with everything. Where a `g` line gives a relation to one
//! object, it gives a role on that object; where all is allowed that is not denied, everybody holds a role with everything.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::asking::{Facts, Question, Translated, Who, compile_clean};
use crate::corpora;
use crate::labels::Labels;
use crate::names::{listed, quoted};
use crate::tally::{Means, Tally};

/// A column of a model's request; `p` lines have the same, and perhaps an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Subject,
    Domain,
    Object,
    Action,
}

/// What a model says.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) columns: Vec<Column>,
    /// Who may do everything.
    superuser: Option<String>,
    /// A `g` line names the object that it is about, and the role last.
    related: bool,
    /// What is not denied is allowed.
    default_allow: bool,
}

impl Shape {
    /// Reads the index's words for a model, such as `rbac+domains`.
    pub(crate) fn of(words: &str) -> Result<Self, String> {
        use Column::{Action, Domain, Object, Subject};
        let mut shape =
            Self { columns: vec![Subject, Object, Action], superuser: None, related: false, default_allow: false };
        for word in words.split('+') {
            match word {
                "acl" | "rbac" | "deny-override" | "resource roles" => {}
                "acl (sub,act)" => shape.columns = vec![Subject, Action],
                "acl (obj,act)" => shape.columns = vec![Object, Action],
                "relations" => shape.related = true,
                "default allow" => shape.default_allow = true,
                "domains" => shape.columns = vec![Subject, Domain, Object, Action],
                _ => match word.strip_prefix("superuser \"").and_then(|rest| rest.strip_suffix('"')) {
                    Some(name) => shape.superuser = Some(name.to_owned()),
                    None => return Err(words.to_owned()),
                },
            }
        }
        Ok(shape)
    }

    fn pick<'r>(&self, row: &'r [String], wanted: Column) -> Option<&'r str> {
        let at = self.columns.iter().position(|c| *c == wanted)?;
        row.get(at).map(String::as_str)
    }
}

/// Lines of a policy file, each with its kind first.
pub(crate) type Rows = Vec<Vec<String>>;

/// A `g` line.
#[derive(Clone, Copy)]
struct Member<'a> {
    who: &'a str,
    role: &'a str,
    domain: Option<&'a str>,
    object: Option<&'a str>,
}

impl<'a> Member<'a> {
    fn of(shape: &Shape, row: &'a [String]) -> Self {
        let third = row.get(2).map(String::as_str);
        match (shape.related, third) {
            (true, Some(role)) => Self { who: &row[0], role, domain: None, object: Some(&row[1]) },
            _ => Self { who: &row[0], role: &row[1], domain: third, object: None },
        }
    }

    /// What the role is given on, as a scope.
    fn scope(self) -> String {
        let domain = self.domain.map(|domain| format!(" on entities in unit {}", quoted(domain)));
        let object = self.object.map(|object| format!(" on entities id {}", quoted(object)));
        domain.or(object).unwrap_or_default()
    }
}

/// A policy file, sorted by kind.
pub(crate) struct Source<'a> {
    pub(crate) shape: &'a Shape,
    /// The `p` lines.
    pub(crate) rules: Vec<&'a [String]>,
    members: Vec<Member<'a>>,
    labels: Labels,
    roles: BTreeSet<&'a str>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(shape: &'a Shape, rows: &'a Rows) -> Self {
        let of = |kind: &str| rows.iter().filter(|r| r[0] == kind).map(|r| &r[1..]).collect::<Vec<_>>();
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in of("g2") {
            groups.entry(row[0].clone()).or_default().push(row[1].clone());
        }
        let members: Vec<_> = of("g").into_iter().map(|row| Member::of(shape, row)).collect();
        let roles = members.iter().map(|m| m.role).collect();
        Self { shape, rules: of("p"), members, labels: Labels::new(groups, []), roles }
    }

    /// Everybody who occurs and is no role.
    fn accounts(&self) -> BTreeSet<&'a str> {
        let subjects = self.rules.iter().filter_map(|r| self.shape.pick(r, Column::Subject));
        let members = self.members.iter().map(|m| m.who);
        subjects.chain(members).filter(|name| !self.roles.contains(name)).collect()
    }

    /// A rule that takes away.
    fn denies(&self, rule: &[String]) -> bool {
        rule.get(self.shape.columns.len()).is_some_and(|effect| effect == "deny")
    }
}

/// A policy's text, and which `p` line each of its lines says.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// By line, from 1.
    pub(crate) rules: BTreeMap<usize, usize>,
}

impl Written {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn rule(&mut self, rule: usize, line: &str) {
        self.line(line);
        self.rules.insert(self.text.lines().count(), rule);
    }
}

/// The policy; `actions` are those that somebody asks for.
pub(crate) fn translate(source: &Source<'_>, actions: &BTreeSet<&str>) -> Result<Written, String> {
    let mut out = Written::default();
    let shape = source.shape;
    let none = if shape.superuser.is_none() { "super none" } else { "" };
    out.line(&format!("platform casbin {{ {none} }}\nresponsible \"whoever writes the policy file\""));
    let ruled = source.rules.iter().filter_map(|r| shape.pick(r, Column::Action));
    let actions: BTreeSet<String> = ruled.chain(actions.iter().copied()).map(str::to_owned).collect();
    let on = if shape.columns.contains(&Column::Object) { " on entity" } else { "" };
    out.line(&format!("resource data{on} {{ write {} }}", listed(&actions)));
    out.text.push_str(&source.labels.declarations());
    let domains: BTreeSet<&str> = domains(source).collect();
    domains.iter().for_each(|domain| out.line(&format!("unit {}", quoted(domain))));
    if let Some(superuser) = &shape.superuser {
        out.line("super role superuser { allow * }");
        out.line(&format!("admin {} {{ role superuser }}", quoted(superuser)));
    }
    if !shape.columns.contains(&Column::Subject) {
        out.line("role anybody {");
        (0..source.rules.len()).for_each(|rule| grant(source, rule, &mut out));
        out.line("}\nusers in * hold anybody");
    }
    if shape.default_allow {
        out.line("role everybody { allow * }\nusers in * hold everybody");
    }
    source.roles.iter().for_each(|role| holder(source, role, true, &mut out));
    source.accounts().iter().for_each(|account| holder(source, account, false, &mut out));
    let denied = source.rules.iter().filter(|r| source.denies(r));
    denied.into_iter().try_for_each(|rule| prohibition(source, rule, &mut out))?;
    Ok(out)
}

fn domains<'a>(source: &Source<'a>) -> impl Iterator<Item = &'a str> {
    let of_rules: Vec<_> = source.rules.iter().filter_map(|r| source.shape.pick(r, Column::Domain)).collect();
    let of_members: Vec<_> = source.members.iter().filter_map(|m| m.domain).collect();
    of_rules.into_iter().chain(of_members)
}

/// The block of a role or an account, and the roles for what it has in one domain only.
fn holder(source: &Source<'_>, name: &str, is_role: bool, out: &mut Written) {
    let pick = |rule: usize, column| source.shape.pick(source.rules[rule], column);
    let own = |rule: &usize| pick(*rule, Column::Subject) == Some(name) && !source.denies(source.rules[*rule]);
    let own: Vec<usize> = (0..source.rules.len()).filter(own).collect();
    let domains: BTreeSet<&str> = own.iter().filter_map(|rule| pick(*rule, Column::Domain)).collect();
    let piece = |domain: &str| quoted(&format!("{name} in {domain}"));
    for domain in &domains {
        out.line(&format!("role {} {{\n  scope entities in unit {}", piece(domain), quoted(domain)));
        let here = own.iter().filter(|rule| pick(**rule, Column::Domain) == Some(domain));
        here.for_each(|rule| grant(source, *rule, out));
        out.line("}");
    }
    let (kind, gives) = if is_role { ("role", "extends") } else { ("admin", "role") };
    out.line(&format!("{kind} {} {{", quoted(name)));
    domains.iter().for_each(|domain| out.line(&format!("  {gives} {}", piece(domain))));
    own.iter().filter(|rule| pick(**rule, Column::Domain).is_none()).for_each(|rule| grant(source, *rule, out));
    for member in source.members.iter().filter(|m| m.who == name) {
        out.line(&format!("  {gives} {}{}", quoted(member.role), member.scope()));
    }
    out.line("}");
}

/// What a rule is on, as a scope.
fn scope(source: &Source<'_>, rule: &[String]) -> String {
    match source.shape.pick(rule, Column::Object) {
        Some(object) if source.labels.has(object) => format!(" on entities labelled {}", quoted(object)),
        Some(object) => format!(" on entities id {}", quoted(object)),
        None => String::new(),
    }
}

fn grant(source: &Source<'_>, rule: usize, out: &mut Written) {
    let row = source.rules[rule];
    if let Some(action) = source.shape.pick(row, Column::Action) {
        out.rule(rule, &format!("  allow data.{}{}", quoted(action), scope(source, row)));
    }
}

/// A `deny` line: for the account, or for whoever has the role, also by another role.
fn prohibition(source: &Source<'_>, rule: &[String], out: &mut Written) -> Result<(), String> {
    if source.shape.pick(rule, Column::Domain).is_some() {
        return Err("a deny on one object in one domain".to_owned());
    }
    let subject = source.shape.pick(rule, Column::Subject).ok_or("a deny without a subject")?;
    let mut names = BTreeSet::from([subject]);
    let mut before = 0;
    while names.len() > before {
        before = names.len();
        let more: Vec<_> = source.members.iter().filter(|m| names.contains(m.role)).map(|m| m.who).collect();
        names.extend(more);
    }
    let whom = names.into_iter().map(|name| match source.roles.contains(name) {
        true => format!("holders of {}", quoted(name)),
        false => format!("admin {}", quoted(name)),
    });
    let whom = whom.collect::<Vec<_>>().join(", ");
    let action = source.shape.pick(rule, Column::Action).ok_or("a deny without an action")?;
    out.line(&format!("forbid data.{}{} for {whom}", quoted(action), scope(source, rule)));
    Ok(())
}

/// Asks a table what a request asks; the second is whether a group of objects had to be told.
pub(crate) fn ask(source: &Source<'_>, table: &Translated, request: &[String]) -> Result<(bool, bool), String> {
    let shape = source.shape;
    let action = shape.pick(request, Column::Action).ok_or("a request without an action")?;
    let who = match shape.pick(request, Column::Subject) {
        Some(subject) if table.names(subject)? => Who::Account(subject.to_owned()),
        _ => Who::Unnamed(Facts::default()),
    };
    let known = |domain: &&str| domains(source).any(|d| d == *domain);
    let unit = shape.pick(request, Column::Domain).filter(known).map(str::to_owned);
    let object = shape.pick(request, Column::Object);
    let (labels, flattened) = object.map(|object| source.labels.borne(object)).unwrap_or_default();
    let entity = object.map(|id| Facts { id: Some(id.to_owned()), unit, labels, ..Facts::default() });
    let question = Question { who, action: ["data".to_owned(), action.to_owned()], entity };
    Ok((table.ask(&question)?, flattened))
}

/// Which models the index counts as within the language's power, with their shape, and why the others are not.
#[derive(Deserialize)]
pub(crate) struct Models {
    in_power: BTreeMap<String, String>,
    out_of_power: BTreeMap<String, String>,
}

/// A decision: request and answer.
#[derive(Deserialize)]
struct Case {
    model: String,
    policy: String,
    request: Vec<String>,
    expected: bool,
    in_rbac_scope_power: bool,
}

fn decide(case: &Case, all: &[Case], models: &Models, files: &BTreeMap<String, Rows>) -> Result<(bool, Means), String> {
    let also = ALSO.iter().find(|(model, _)| *model == case.model).map(|(_, words)| *words);
    let within = models.in_power.get(&case.model).map(String::as_str).or(also);
    let beyond = || models.out_of_power.get(&case.model).map_or("a model that the index does not tell of", |r| r);
    let shape = Shape::of(within.ok_or_else(beyond)?)?;
    let rows = files.get(&case.policy).ok_or("no such policy file")?;
    let source = Source::new(&shape, rows);
    let alike = all.iter().filter(|c| (&c.model, &c.policy) == (&case.model, &case.policy));
    let actions = alike.filter_map(|c| shape.pick(&c.request, Column::Action)).collect();
    let table = compile_clean(&translate(&source, &actions)?.text)?;
    let (answer, flattened) = ask(&source, &table, &case.request)?;
    Ok((answer, Means { mapped: false, flattened }))
}

/// Models that the index counts as beyond the language, though it can say them.
const ALSO: [(&str, &str); 2] = [("rbac_with_not_deny_model", "rbac+default allow"), ("rebac_model", "rbac+relations")];

/// The models that are beyond the language: their decisions, by their place in the file, and the reason.
const BEYOND: [(&str, &[usize], &str); 8] = [
    ("eval_operator_model", &[21, 22, 23], "expressions evaluated at request time"),
    ("glob_model", &[132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143], "glob patterns"),
    ("ipmatch_model", &[116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131], "CIDR"),
    ("keymatch2_model", &[112, 113, 114, 115], "URL parameter patterns"),
    (
        "keymatch_model",
        &[93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111],
        "key patterns and action regexes",
    ),
    ("keymatch_with_rbac_in_domain", &[12], "key patterns"),
    ("priority_model", &[144, 145, 146, 147, 148, 149, 150, 151, 152], "first matching rule wins (order dependent)"),
    ("priority_model_explicit", &[185], "numeric priority"),
];

#[test]
fn casbin_decides_so() -> Result<(), String> {
    let Some(folder) = corpora::folder("casbin") else { return Ok(()) };
    let cases: Vec<Case> = corpora::read(&folder, "cases.json")?;
    let models: Models = corpora::read(&folder, "models_scope.json")?;
    let files: BTreeMap<String, Rows> = corpora::read(&folder, "policies.json")?;
    let (mut within, mut also) = (Tally::default(), Tally::default());
    let mut beyond = BTreeMap::<_, Vec<usize>>::new();
    for (number, case) in cases.iter().enumerate() {
        let id = format!("{} #{number} {}", case.model, case.request.join(", "));
        let answer = decide(case, &cases, &models, &files);
        match (&answer, case.in_rbac_scope_power) {
            (Err(reason), false) => beyond.entry((case.model.clone(), reason.clone())).or_default().push(number),
            (Ok(_), false) => also.count(&id, &case.expected, answer),
            (_, true) => within.count(&id, &case.expected, answer),
        }
    }
    within.hold(108, 0, 0, &[]);
    also.hold(13, 0, 0, &[]);
    let told: Vec<_> =
        beyond.iter().map(|((model, reason), n)| (model.as_str(), n.as_slice(), reason.as_str())).collect();
    assert_eq!(told, BEYOND);
    assert_eq!(BEYOND.iter().map(|(_, cases, _)| cases.len()).sum::<usize>(), 65);
    Ok(())
}
