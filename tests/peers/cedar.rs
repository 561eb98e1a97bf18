//! Cedar: each policy as a role that an automatic rule gives, or as a `forbid`; entities as facts told with the question.
//!
//! An entity's name is its type and its id, as Cedar writes both: `User::"alice"`. The principal is an account that the policy does
//! not name, known by its `id` and its labels; the resource is an entity likewise. Whatever something is in is a label. A group of
//! actions is written out as its members: `implies` leads a prohibition to whatever implies what is forbidden, not to what is implied.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::asking::{Facts, Question, Translated, Who, compile_clean};
use crate::corpora;
use crate::labels::Labels;
use crate::names::{Names, listed, quoted};
use crate::tally::{Means, Tally};

/// An entity: type and id.
type Uid = (String, String);

/// One part of a policy's scope.
#[derive(Deserialize)]
struct Part {
    op: String,
    of: Vec<Uid>,
}

#[derive(Deserialize)]
struct Policy {
    effect: String,
    principal: Option<Part>,
    action: Option<Part>,
    resource: Option<Part>,
    conditions: Vec<(String, Value)>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    /// Every entity, with what it is in.
    parents: Vec<(Uid, Vec<Uid>)>,
    policies: Vec<Policy>,
    /// Principal, action, resource, answer, and perhaps a description.
    requests: Vec<Value>,
}

#[derive(Debug)]
struct Request {
    principal: Uid,
    action: Uid,
    resource: Uid,
    allow: bool,
}

impl Case {
    fn requests(&self) -> Result<Vec<Request>, String> {
        let read = |request: &Value| {
            let uid = |i: usize| serde_json::from_value(request[i].clone()).map_err(|e| e.to_string());
            let allow = request[3] == "allow";
            Ok(Request { principal: uid(0)?, action: uid(1)?, resource: uid(2)?, allow })
        };
        self.requests.iter().map(read).collect()
    }
}

/// An entity as Cedar writes it. A type has no quote in it, so no two entities are written alike.
fn written((kind, id): &Uid) -> String {
    format!("{kind}::\"{id}\"")
}

fn is_action((kind, _): &Uid) -> bool {
    kind.rsplit("::").next() == Some("Action")
}

/// The one resource that every action is declared in.
const ACTIONS: &str = "cedar";

/// A case, translated.
struct Translation {
    names: Names,
    labels: Labels,
    table: Translated,
    /// A group of actions had to be written out.
    expanded: bool,
}

/// What a translation is made from.
struct Translator<'a> {
    case: &'a Case,
    names: Names,
    /// By action, the groups that it is in, itself among them.
    groups: BTreeMap<String, BTreeSet<String>>,
    text: String,
    expanded: bool,
}

impl<'a> Translator<'a> {
    fn new(case: &'a Case, requests: &[Request]) -> Self {
        let mut names = Names::default();
        let parts = case.policies.iter().filter_map(|p| p.action.as_ref());
        let asked = requests.iter().map(|r| &r.action).chain(parts.flat_map(|part| &part.of));
        let declared = case.parents.iter().map(|(uid, _)| uid).filter(|uid| is_action(uid));
        let mut groups = BTreeMap::new();
        for uid in declared.chain(asked) {
            groups.insert(names.of(&written(uid)), ancestors(case, uid, &mut names));
        }
        Self { case, names, groups, text: String::new(), expanded: false }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn translate(mut self) -> Result<Translation, String> {
        self.line("platform cedar { super none }\nresponsible \"whoever writes the policies\"\nfeature never off");
        let declared = listed(self.groups.keys());
        self.line(&format!("resource {ACTIONS} on entity {{ write {declared} }}"));
        let labels = self.labels();
        self.text.push_str(&labels.declarations());
        for (number, policy) in self.case.policies.iter().enumerate() {
            self.policy(number, policy)?;
        }
        let table = compile_clean(&self.text)?;
        Ok(Translation { names: self.names, labels, table, expanded: self.expanded })
    }

    /// What anything but an action is in, and what policies ask for with `in`.
    fn labels(&mut self) -> Labels {
        let mut parents = BTreeMap::new();
        for (uid, above) in self.case.parents.iter().filter(|(uid, _)| !is_action(uid)) {
            let above = above.iter().map(|uid| self.names.of(&written(uid))).collect();
            parents.insert(self.names.of(&written(uid)), above);
        }
        let parts = self.case.policies.iter().flat_map(|p| [&p.principal, &p.resource]).flatten();
        let asked = parts.filter(|part| part.op == "in").flat_map(|part| &part.of);
        let asked: Vec<String> = asked.map(|uid| self.names.of(&written(uid))).collect();
        Labels::new(parents, asked)
    }

    fn policy(&mut self, number: usize, policy: &Policy) -> Result<(), String> {
        let applies = applies(&policy.conditions)?;
        let actions = self.actions(policy.action.as_ref());
        let scope = match &policy.resource {
            None => String::new(),
            Some(part) => {
                let (word, name) = self.thing(part, ["id", "labelled"])?;
                format!(" on entities {word} {name}")
            }
        };
        let whom = match &policy.principal {
            None => None,
            Some(part) => {
                let (word, name) = self.thing(part, ["id is", "labelled"])?;
                self.line(&format!("group principal{number} = {word} {name}"));
                Some(format!("users in principal{number}"))
            }
        };
        if policy.effect == "forbid" {
            let whom = whom.map(|whom| format!(" for {whom}")).unwrap_or_default();
            let unless = if applies { "" } else { " unless everyone" };
            self.line(&format!("forbid {actions}{scope}{whom}{unless}"));
        } else {
            let when = if applies { "" } else { " when never" };
            self.line(&format!("role policy{number} {{ allow {actions}{scope}{when} }}"));
            self.line(&format!("{} hold policy{number}", whom.unwrap_or_else(|| "users in *".to_owned())));
        }
        Ok(())
    }

    /// The one entity of `==` or `in`, with the word for each.
    fn thing(&mut self, part: &Part, [is, within]: [&'static str; 2]) -> Result<(&'static str, String), String> {
        let [uid] = part.of.as_slice() else { return Err(format!("`{}` with several entities", part.op)) };
        let word = if part.op == "==" { is } else { within };
        Ok((word, quoted(&self.names.of(&written(uid)))))
    }

    /// The actions that a policy is about.
    fn actions(&mut self, part: Option<&Part>) -> String {
        let Some(part) = part else { return "*".to_owned() };
        let named: BTreeSet<String> = part.of.iter().map(|uid| self.names.of(&written(uid))).collect();
        let is = |action: &str, above: &BTreeSet<String>| match part.op.as_str() {
            "==" => named.contains(action),
            _ => !above.is_disjoint(&named),
        };
        let members: Vec<&String> = self.groups.iter().filter(|(a, above)| is(a, above)).map(|(a, _)| a).collect();
        self.expanded |= members.iter().any(|action| !named.contains(*action));
        match members.is_empty() {
            true => "* except *".to_owned(),
            false => members.iter().map(|a| format!("{ACTIONS}.{}", quoted(a))).collect::<Vec<_>>().join(", "),
        }
    }
}

/// An entity and everything that it is in, at any distance.
fn ancestors(case: &Case, uid: &Uid, names: &mut Names) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec![uid];
    while let Some(uid) = todo.pop() {
        if found.insert(names.of(&written(uid))) {
            todo.extend(case.parents.iter().filter(|(child, _)| child == uid).flat_map(|(_, above)| above));
        }
    }
    found
}

/// Whether a policy applies at all: its conditions are constants.
fn applies(conditions: &[(String, Value)]) -> Result<bool, String> {
    let holds = |(word, value): &(String, Value)| match (word.as_str(), value.as_bool()) {
        ("when", Some(value)) => Ok(value),
        ("unless", Some(value)) => Ok(!value),
        _ => Err("a condition on attributes or context".to_owned()),
    };
    Ok(conditions.iter().map(holds).collect::<Result<Vec<bool>, _>>()?.into_iter().all(|holds| holds))
}

impl Translation {
    fn ask(&mut self, request: &Request) -> Result<(bool, Means), String> {
        let mut facts = |uid: &Uid| {
            let name = self.names.of(&written(uid));
            let (labels, flattened) = self.labels.borne(&name);
            (Facts { id: Some(name), labels, ..Facts::default() }, flattened)
        };
        let (principal, told) = facts(&request.principal);
        let (resource, also_told) = facts(&request.resource);
        let action = [ACTIONS.to_owned(), self.names.of(&written(&request.action))];
        let question = Question { who: Who::Unnamed(principal), action, entity: Some(resource) };
        let flattened = self.expanded || told || also_told;
        Ok((self.table.ask(&question)?, Means { mapped: self.names.any_mapped(), flattened }))
    }
}

/// Whether an id has a blank, a quote, a backslash, a control character or one beyond ASCII.
fn is_hostile((_, id): &Uid) -> bool {
    id.chars().any(|c| !c.is_ascii_graphic() || c == '"' || c == '\\')
}

/// Answers every request of a file of cases; also, how many ask with a hostile id.
fn answers(cases: &[Case]) -> Result<(Tally, usize), String> {
    let (mut tally, mut hostile) = (Tally::default(), 0);
    for case in cases {
        let requests = case.requests()?;
        let mut translation = Translator::new(case, &requests).translate();
        for (number, request) in requests.iter().enumerate() {
            let answer = translation.as_mut().map_err(|reason| reason.clone()).and_then(|t| t.ask(request));
            tally.count(&format!("{} #{number}", case.id), &request.allow, answer);
            hostile +=
                usize::from([&request.principal, &request.action, &request.resource].into_iter().any(is_hostile));
        }
    }
    Ok((tally, hostile))
}

#[test]
fn cedar_decides_so_by_hand() -> Result<(), String> {
    let Some(folder) = corpora::folder("cedar") else { return Ok(()) };
    let (tally, hostile) = answers(&corpora::read::<Vec<Case>>(&folder, "handwritten_cases.json")?)?;
    tally.hold(31, 0, 0, &[]);
    assert_eq!(hostile, 0);
    Ok(())
}

#[test]
fn cedar_decides_so_at_random() -> Result<(), String> {
    let Some(folder) = corpora::folder("cedar") else { return Ok(()) };
    let (tally, hostile) = answers(&corpora::read::<Vec<Case>>(&folder, "fuzz_cases.json")?)?;
    tally.hold(1_013, 0, 54, &[]);
    assert_eq!(hostile, 483);
    Ok(())
}
