//! OpenFGA: a store's model and tuples together as a graph of roles.
//!
//! A type is a resource, a relation an action on it, an object an entity with an id. Everybody who has a relation to an object (a
//! userset, such as `team:core#member`) is a role that allows the relation's action on that object. A tuple gives a role to an account,
//! or lets one role extend another; so do `or` and `from`, whose chains are followed when the store is translated. `and` is an automatic
//! rule for the holders of both sides, `user:*` one for every account of that type. A userset that asks is an account that presents the
//! role as a claim.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::asking::{Facts, Question, Translated, Who, compile_clean};
use crate::corpora;
use crate::names::{listed, quoted};
use crate::rewrites::Rewrite;
use crate::tally::{Means, Tally};

/// Subject, relation, object.
type Tuple = (String, String, String);

#[derive(Deserialize, Clone)]
struct Store {
    store: String,
    tuples: Vec<Tuple>,
    /// By type and relation, the definitions.
    types: BTreeMap<String, BTreeMap<String, String>>,
}

impl Store {
    /// Who has a relation to an object by a tuple.
    fn subjects<'a>(&'a self, relation: &'a str, object: &'a str) -> impl Iterator<Item = &'a String> {
        let wanted = move |(_, r, o): &&Tuple| (r.as_str(), o.as_str()) == (relation, object);
        self.tuples.iter().filter(wanted).map(|(subject, ..)| subject)
    }
}

#[derive(Deserialize)]
struct Case {
    store: String,
    kind: String,
    relation: String,
    user: Option<String>,
    object: Option<String>,
    object_type: Option<String>,
    user_type: Option<BTreeMap<String, String>>,
    extra_tuples: Vec<Tuple>,
    expected: Value,
}

/// The type of an object or subject: `team` of `team:core#member`.
fn type_of(thing: &str) -> &str {
    thing.split_once(':').map_or(thing, |(kind, _)| kind)
}

/// The object of a userset: `team:core` of `team:core#member`.
fn object_of(thing: &str) -> &str {
    thing.split_once('#').map_or(thing, |(object, _)| object)
}

/// A store as a graph.
#[derive(Default)]
struct Graph {
    objects: BTreeSet<String>,
    /// By userset, those that its members have too; told apart is whether a `from` leads there.
    leads: BTreeMap<String, BTreeSet<(String, bool)>>,
    /// By account, its roles.
    given: BTreeMap<String, BTreeSet<String>>,
    /// By type, what each account of it has.
    public: BTreeMap<String, BTreeSet<String>>,
    /// Usersets of those that are in every part.
    all: Vec<(String, Vec<String>)>,
}

impl Graph {
    fn of(store: &Store, asked: &[&str]) -> Result<Self, String> {
        let mut graph = Self::default();
        let subjects = store.tuples.iter().map(|(subject, ..)| object_of(subject)).filter(|s| !s.ends_with(":*"));
        let things = store.tuples.iter().map(|(.., object)| object.as_str()).chain(subjects);
        graph.objects = things.chain(asked.iter().copied()).map(str::to_owned).collect();
        for object in graph.objects.clone() {
            for (relation, definition) in store.types.get(type_of(&object)).into_iter().flatten() {
                let target = format!("{object}#{relation}");
                graph.leads.entry(target.clone()).or_default();
                graph.wire(store, &target, (&object, relation), &Rewrite::read(definition)?);
            }
        }
        Ok(graph)
    }

    fn lead(&mut self, from: &str, to: &str, by_from: bool) {
        self.leads.entry(from.to_owned()).or_default().insert((to.to_owned(), by_from));
    }

    /// Leads to a userset what its definition says.
    fn wire(&mut self, store: &Store, target: &str, (object, relation): (&str, &str), rewrite: &Rewrite) {
        match rewrite {
            Rewrite::Direct(_) => store.subjects(relation, object).for_each(|subject| self.tuple(subject, target)),
            Rewrite::Same(other) => self.lead(&format!("{object}#{other}"), target, false),
            Rewrite::From { relation, through } => {
                let defines = |thing: &str| store.types.get(type_of(thing)).is_some_and(|t| t.contains_key(relation));
                let above = store.subjects(through, object).filter(|subject| defines(subject));
                above.for_each(|above| self.lead(&format!("{above}#{relation}"), target, true));
            }
            Rewrite::Any(parts) => parts.iter().for_each(|p| self.wire(store, target, (object, relation), p)),
            Rewrite::All(parts) => {
                let names: Vec<_> = (1..=parts.len()).map(|n| format!("{target}, condition {n}")).collect();
                for (name, part) in names.iter().zip(parts) {
                    self.leads.entry(name.clone()).or_default();
                    self.wire(store, name, (object, relation), part);
                }
                self.all.push((target.to_owned(), names));
            }
        }
    }

    fn tuple(&mut self, subject: &str, target: &str) {
        match subject.strip_suffix(":*") {
            Some(kind) => _ = self.public.entry(kind.to_owned()).or_default().insert(target.to_owned()),
            None if subject.contains('#') => self.lead(subject, target, false),
            None => _ = self.given.entry(subject.to_owned()).or_default().insert(target.to_owned()),
        }
    }

    /// Everything that leads to a userset, itself among it; and whether a `from` does.
    fn leading_to<'a>(&'a self, userset: &'a str) -> (BTreeSet<&'a str>, bool) {
        let (mut found, mut by_from) = (BTreeSet::new(), false);
        let mut todo = vec![userset];
        while let Some(userset) = todo.pop() {
            if !found.insert(userset) {
                continue;
            }
            for (from, leads) in &self.leads {
                for (_, through) in leads.iter().filter(|(to, _)| to == userset) {
                    by_from |= through;
                    todo.push(from);
                }
            }
            let parts = self.all.iter().filter(|(target, _)| target == userset).flat_map(|(_, parts)| parts);
            for part in parts {
                by_from |= self.leading_to(part).1;
            }
        }
        (found, by_from)
    }
}

/// A store as a policy.
fn translate(store: &Store, graph: &Graph) -> Result<String, String> {
    let mut lines = vec!["platform openfga { super none }\nresponsible \"whoever writes the tuples\"".to_owned()];
    lines.push(format!("attribute type {{ {} }}", listed(store.types.keys())));
    let mut claims = BTreeSet::new();
    for (kind, relations) in store.types.iter().filter(|(_, relations)| !relations.is_empty()) {
        lines.push(format!("resource {} on entity {{ write {} }}", quoted(kind), listed(relations.keys())));
        for definition in relations.values() {
            claims.extend(Rewrite::read(definition)?.kinds().into_iter().map(str::to_owned));
        }
    }
    lines.extend(graph.leads.iter().map(|(userset, leads)| role(userset, leads, &claims)));
    for (kind, usersets) in &graph.public {
        let everyone = quoted(&format!("{kind}:*"));
        lines.push(format!("group {everyone} = type is {}", quoted(kind)));
        lines.push(format!("users in {everyone} hold {}", listed(usersets)));
    }
    for (target, parts) in &graph.all {
        let holders = parts.iter().map(|part| {
            let some: Vec<_> = graph.leading_to(part).0.iter().map(|u| format!("holders of {}", quoted(u))).collect();
            format!("({})", some.join(" or "))
        });
        let group = quoted(&format!("all conditions of {target}"));
        lines.push(format!("group {group} = {}", holders.collect::<Vec<_>>().join(" and ")));
        lines.push(format!("users in {group} hold {}", quoted(target)));
    }
    for (account, roles) in &graph.given {
        let (name, kind) = (quoted(account), quoted(type_of(account)));
        lines.push(format!("admin {name} {{ type {kind}; role {} }}", listed(roles)));
    }
    Ok(lines.join("\n") + "\n")
}

/// The role of a userset, or of a condition of one, which allows nothing by itself.
fn role(userset: &str, leads: &BTreeSet<(String, bool)>, claims: &BTreeSet<String>) -> String {
    let object = object_of(userset);
    let relation = userset.strip_prefix(object).and_then(|rest| rest.strip_prefix('#')).unwrap_or_default();
    let claim = if claims.contains(&format!("{}#{relation}", type_of(object))) { " by claim" } else { "" };
    let mut says = vec![];
    if !relation.contains(", condition ") {
        let action = format!("{}.{}", quoted(type_of(object)), quoted(relation));
        says.push(format!("allow {action} on entities id {}", quoted(object)));
    }
    says.extend(leads.iter().map(|(to, _)| format!("extends {}", quoted(to))));
    format!("role {}{claim} {{ {} }}", quoted(userset), says.join("; "))
}

/// A translated store.
struct Translation {
    graph: Graph,
    table: Translated,
}

impl Translation {
    fn of(store: &Store, asked: &[&str]) -> Result<Self, String> {
        let graph = Graph::of(store, asked)?;
        let table = compile_clean(&translate(store, &graph)?)?;
        Ok(Self { graph, table })
    }

    /// Whether a subject has a relation to an object: an account, a userset, or everybody of a type (`user:*`).
    fn check(&self, subject: &str, relation: &str, object: &str) -> Result<bool, String> {
        let kind = || vec![("type".to_owned(), type_of(subject).to_owned())];
        let who = if subject.contains('#') {
            Who::Unnamed(Facts { roles: vec![subject.to_owned()], ..Facts::default() })
        } else if self.table.names(subject)? {
            Who::Account(subject.to_owned())
        } else {
            Who::Unnamed(Facts { attributes: kind(), ..Facts::default() })
        };
        let action = [type_of(object).to_owned(), relation.to_owned()];
        let entity = Some(Facts { id: Some(object.to_owned()), ..Facts::default() });
        self.table.ask(&Question { who, action, entity })
    }

    fn objects<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a String> {
        self.graph.objects.iter().filter(move |object| type_of(object) == kind)
    }
}

/// The answer to a case, and whether a `from` had to be followed for it.
fn answer(case: &Case, store: &Store) -> Result<(Value, Means), String> {
    let mut store = store.clone();
    store.tuples.extend(case.extra_tuples.iter().cloned());
    let asked: Vec<&str> = case.object.as_deref().into_iter().collect();
    let translation = Translation::of(&store, &asked)?;
    let user = || case.user.as_deref().ok_or("no user");
    let object = || case.object.as_deref().ok_or("no object");
    let relation = case.relation.as_str();
    let found = match case.kind.as_str() {
        "check" => json!(translation.check(user()?, relation, object()?)?),
        "list_objects" => {
            let kind = case.object_type.as_deref().ok_or("no type")?;
            let mut found = vec![];
            for object in translation.objects(kind) {
                if translation.check(user()?, relation, object)? {
                    found.push(object);
                }
            }
            json!(found)
        }
        "list_users" => {
            let kind = case.user_type.as_ref().ok_or("no type of user")?;
            json!(users(&translation, &store, kind, (relation, object()?))?)
        }
        other => return Err(format!("the question {other}")),
    };
    let about: Vec<&String> = match &case.object {
        Some(object) => vec![object],
        None => translation.objects(case.object_type.as_deref().unwrap_or_default()).collect(),
    };
    let usersets = about.iter().map(|object| format!("{object}#{relation}"));
    let flattened = usersets.into_iter().any(|userset| translation.graph.leading_to(&userset).1);
    Ok((found, Means { mapped: false, flattened }))
}

/// Who has a relation to an object, among the accounts of a type or the usersets of a type and relation.
///
/// Where every account of the type has it, that is said once, and of the accounts only those are listed that have it without that.
fn users(
    translation: &Translation,
    store: &Store,
    kind: &BTreeMap<String, String>,
    (relation, object): (&str, &str),
) -> Result<BTreeSet<String>, String> {
    let of_type = kind.get("type").ok_or("no type of user")?;
    let members = kind.get("relation").map(|relation| format!("#{relation}"));
    let mut found = BTreeSet::new();
    let everybody = format!("{of_type}:*");
    let public = members.is_none() && translation.check(&everybody, relation, object)?;
    let private;
    let mut asked = translation;
    if public {
        found.insert(everybody);
        let mut store = store.clone();
        store.tuples.retain(|(subject, ..)| !subject.ends_with(":*"));
        private = Translation::of(&store, &[object])?;
        asked = &private;
    }
    for candidate in translation.objects(of_type) {
        let subject = format!("{candidate}{}", members.as_deref().unwrap_or_default());
        if asked.check(&subject, relation, object)? {
            found.insert(subject);
        }
    }
    Ok(found)
}

/// The results that the index has from the peer's files without having checked them: usersets, and everybody.
const UNCHECKED: [&str; 3] = [
    "gdrive #32 list_users viewer doc:public-roadmap",
    "gdrive #34 list_users viewer folder:product-2021",
    "github #45 list_users writer repo:openfga/openfga",
];

#[test]
fn openfga_answers_so() -> Result<(), String> {
    let Some(folder) = corpora::folder("openfga") else { return Ok(()) };
    let cases: Vec<Case> = corpora::read(&folder, "cases.json")?;
    let stores: Vec<Store> = corpora::read(&folder, "stores.json")?;
    let (mut tallies, mut unchecked) = (BTreeMap::<&str, Tally>::new(), vec![]);
    for (number, case) in cases.iter().enumerate() {
        let on = case.object.as_ref().or(case.object_type.as_ref());
        let id = format!("{} #{number} {} {} {}", case.store, case.kind, case.relation, on.map_or("", String::as_str));
        let store = stores.iter().find(|s| s.store == case.store).ok_or("no such store")?;
        tallies.entry(&case.kind).or_default().count(&id, &case.expected, answer(case, store));
        if case.expected.as_array().into_iter().flatten().filter_map(Value::as_str).any(|s| s.contains(['#', '*'])) {
            unchecked.push(id);
        }
    }
    assert_eq!(tallies.len(), 3);
    tallies["check"].hold(84, 0, 66, &[]);
    tallies["list_objects"].hold(7, 0, 5, &[]);
    tallies["list_users"].hold(14, 0, 8, &[]);
    assert_eq!(unchecked, UNCHECKED);
    Ok(())
}
