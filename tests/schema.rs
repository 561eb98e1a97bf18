//! The schema of the YAML form: it knows the keys and words that the front reads, takes what the front takes, and points at mistakes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::diagnostic::{Finding, Findings};
use bailiwick::source::SourceId;
use bailiwick::syntax::ast::{Admin, AdminItem, DeclKind, File};
use bailiwick::syntax::yaml;
use jsonschema::Validator;
use serde_json::Value;

/// A word that is nowhere near a key or a word of the language.
const STRANGE: &str = "qqqqqqqqqqqq";

/// A map with a strange key in each block that has keys of its own, and where the schema describes the block.
const BLOCKS: [(&str, &str); 17] = [
    ("Q: x", ""),
    ("platform: { name: a, Q: x }", "/definitions/platform"),
    ("features: { a: { Q: x } }", "/definitions/featureMap"),
    ("tiers: [{ name: a, covers: b.c, Q: x }]", "/definitions/tier"),
    ("resources: { a: { Q: x } }", "/definitions/resource"),
    ("attributes: { a: { is: text, Q: x } }", "/definitions/attributeMap"),
    ("labels: [{ name: a, Q: x }]", "/definitions/treeItem"),
    ("units: [{ name: a, Q: x }]", "/definitions/treeItem"),
    ("relations: { a: { on: user, Q: x } }", "/definitions/relationMap"),
    ("groups: { a: { is: b, Q: x } }", "/definitions/group"),
    ("roles: { a: { Q: x } }", "/definitions/role"),
    ("profiles: { a: { Q: x } }", "/definitions/profile"),
    ("forbid: [{ rule: a.b, Q: x }]", "/definitions/rule"),
    ("responsible: [{ rule: a, Q: x }]", "/definitions/rule"),
    ("exceptions: { a: { rule: for everyone may change access, Q: x } }", "/definitions/rule"),
    ("people: [{ from: a.csv, Q: x }]", "/definitions/person"),
    ("tests: { a: { Q: x } }", "/definitions/test"),
];

/// Keys that the front reads only to say why they can never stand there.
const READ_TO_BE_REFUSED: [(&str, &str); 1] = [("/definitions/resource", "assign")];

/// Values whose shape alone tells whether they fit.
const SHAPES: [&str; 8] = ["~", "''", "[]", "{}", "[[x]]", "[~]", "{ a: [[x]] }", "{ a: ~ }"];

/// A strange word wherever one of a few words stands, and where the schema lists them.
const CHOICES: [(&str, &str); 8] = [
    ("platform: { name: a, granularity: Q }", "/definitions/platform/properties/granularity/enum"),
    ("platform: { name: a, roles per account: Q }", "/definitions/platform/properties/roles per account/enum"),
    ("platform: { name: a, super: Q }", "/definitions/platform/properties/super/enum"),
    ("features: { a: Q }", "/definitions/switch/enum"),
    ("features: { a: { state: Q } }", "/definitions/switch/enum"),
    ("attributes: { a: Q }", "/definitions/attributeType/anyOf/0/enum"),
    ("lint: { BW302: Q }", "/properties/lint/additionalProperties/enum"),
    ("tests: { a: { with: { b: Q } } }", "/definitions/switch/enum"),
];

/// Policies that spell things in less usual ways; the front and the schema take them.
const UNUSUAL: [&str; 16] = [
    "",
    "roles:\nunits:\nforbid: ~\npeople:\n",
    "platform: 12",
    "platform: { name: 1.0, label: 5, languages: en, super: none, doc: 7 }",
    "tiers: [{ name: 017, covers: '*' }]",
    "resources: { 017: { on: 'user , entity', when: 5, view: 'list, open', write: [on, 1.0] } }",
    "attributes: { 5: [1, true, no], badge: { is: number, doc: on the door }, flag: flag }",
    "labels: [a, 017, { name: b, below: { c: [d, { e: [f] }], g: } }]\nunits: { a: { b: [{ c: [d] }] } }",
    "relations: { manages: [user, entity], leads: { on: user, ignore: { BW302: soon } } }",
    "roles: { a: { label: [A, { pl: B }], needs: [b, role c], tier: 017, read only: except a.b, super: false } }",
    "profiles: { a: { needs role: b, extends: 017, holders: [at least 1, at most 3], primary: true } }",
    "forbid: a.b\nalways: { rule: everyone can a.b, doc: of course }\nresponsible: 12\ntransfers: [a from b to c]",
    "exceptions: ['\"a\" for everyone may change access until 2027-01-01']\npeople: { from: people.csv }",
    "exceptions: { a: { rule: for everyone may change access until 2027-01-01, doc: the works council } }",
    "admins: { a: { phone: 0049, level: 3, remote: true, unit: b.017, labels: 017, role: 017, inactive: true } }",
    "tests: { a: b can c.d, e: { at: 2027-02-01, with: f on, lines: b can c.d }, g: { with: [f on, h off] } }",
];

/// Mistakes, and where the schema finds them.
const MISTAKES: [(&str, &str); 34] = [
    ("rols: { a: { } }", ""),
    ("[a]", ""),
    ("roles: { a: { alow: b.c } }", "/roles/a"),
    ("roles: { a: { allow: { b.c: true } } }", "/roles/a/allow"),
    ("roles: { a: { allow: 5 } }", "/roles/a/allow"),
    ("roles: { a: { allow: [b.c, 5] } }", "/roles/a/allow/1"),
    ("roles: { a: { allow: '' } }", "/roles/a/allow"),
    ("roles: { a: { scope: [users in b] } }", "/roles/a/scope"),
    ("roles: { a: { tier: [b, c] } }", "/roles/a/tier"),
    ("roles: { a: { super: yes } }", "/roles/a/super"),
    ("roles: { a: { read only: on } }", "/roles/a/read only"),
    ("roles: [a]", "/roles"),
    ("roles: { a: [b.c] }", "/roles/a"),
    ("roles: { a: { ignore: { BW302: [a] } } }", "/roles/a/ignore/BW302"),
    ("profiles: { a: { super: true } }", "/profiles/a"),
    ("platform: { label: A }", "/platform"),
    ("platform: { name: a, granularity: actions }", "/platform/granularity"),
    ("features: { a: true }", "/features/a"),
    ("features: { a: { state: maybe } }", "/features/a"),
    ("features: [a]", "/features"),
    ("tiers: 5", "/tiers"),
    ("tiers: { a: view * }", "/tiers"),
    ("tiers: [{ name: a }]", "/tiers/0"),
    ("resources: { a: { read: open } }", "/resources/a"),
    ("resources: { a: { on: role } }", "/resources/a/on"),
    ("resources: { a: }", "/resources/a"),
    ("groups: { a: [country is fi] }", "/groups/a"),
    ("forbid: [{ doc: A }]", "/forbid/0"),
    ("forbid: { rul: a.b }", "/forbid"),
    ("admins: { a: { country: } }", "/admins/a/country"),
    ("admins: { a: { roles: { b: true } } }", "/admins/a/roles"),
    ("lint: { BW302: none }", "/lint/BW302"),
    ("tests: { a: { at: tomorrow } }", "/tests/a/at"),
    ("units: north", "/units"),
];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schema() -> Value {
    let text = fs::read_to_string(root("grammar/policy.schema.json")).expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::draft7::new(&schema()).expect("a schema whose references lead somewhere")
}

fn at<'s>(schema: &'s Value, pointer: &str) -> &'s Value {
    schema.pointer(pointer).unwrap_or_else(|| panic!("the schema has no {pointer}"))
}

/// Reads YAML as the compiler does.
fn read(text: &str) -> (File, Vec<Finding>) {
    let mut findings = Findings::new();
    let file = yaml::parse(SourceId(0), text, &mut findings);
    (file, findings.sorted())
}

/// Where the schema finds fault with YAML that another reader has read.
fn faults(validator: &Validator, text: &str) -> BTreeSet<String> {
    let value: Value = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect()
}

/// The words in backticks, but for the strange one.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| *word != STRANGE).collect()
}

fn keys(block: &Value) -> BTreeSet<&str> {
    let properties = block["properties"].as_object().expect("a block with keys");
    properties.keys().map(String::as_str).collect()
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            found.push(path);
        }
    }
}

/// Calls back for every map of the schema, with its place.
fn visit(value: &Value, place: &str, see: &mut impl FnMut(&Value, &str)) {
    see(value, place);
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| visit(inner, &format!("{place}/{key}"), see)),
        Value::Array(items) => items.iter().for_each(|inner| visit(inner, place, see)),
        _ => {}
    }
}

#[test]
fn the_schema_is_a_schema() {
    if let Err(error) = jsonschema::draft7::meta::validate(&schema()) {
        panic!("{error}");
    }
    validator();
}

#[test]
fn the_schema_has_the_keys_of_the_front() {
    let schema = schema();
    for (text, pointer) in BLOCKS {
        let text = text.replace('Q', STRANGE);
        let (_, findings) = read(&text);
        let helps: Vec<_> =
            findings.iter().filter(|f| f.message.contains(STRANGE)).filter_map(|f| f.help.as_deref()).collect();
        let [help] = helps[..] else { panic!("{findings:?} in {text}") };
        let mut known = quoted(help);
        known.retain(|key| !READ_TO_BE_REFUSED.contains(&(pointer, *key)));
        assert_eq!(keys(at(&schema, pointer)), known, "the schema's {pointer} and the front, of {text}");
    }
}

/// A block that the schema describes is compared with the front's: none is forgotten above.
#[test]
fn every_block_of_the_schema_is_compared() {
    let compared: BTreeSet<&str> = BLOCKS.iter().map(|(_, pointer)| *pointer).collect();
    let mut described = BTreeSet::new();
    visit(&schema(), "", &mut |value, place| {
        if value.get("properties").is_some_and(Value::is_object) {
            described.insert(place.to_owned());
        }
    });
    assert!(described.remove("/definitions/admin"), "an admin has a test of its own");
    assert_eq!(described, compared.into_iter().map(str::to_owned).collect());
}

#[test]
fn the_schema_has_the_words_of_the_front() {
    let schema = schema();
    for (text, pointer) in CHOICES {
        let text = text.replace('Q', STRANGE);
        let (_, findings) = read(&text);
        let [finding] = &findings[..] else { panic!("{findings:?} in {text}") };
        let words = at(&schema, pointer).as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(quoted(&finding.message), words, "the front and the schema's {pointer}, of {text}");
    }
}

/// The key of an admin's statement; nothing for an attribute, whose name is free.
fn key_of(item: &AdminItem) -> Option<&'static str> {
    Some(match item {
        AdminItem::Login(_) => "login",
        AdminItem::Email(_) => "email",
        AdminItem::Phone(_) => "phone",
        AdminItem::Id(_) => "id",
        AdminItem::Photo(_) => "photo",
        AdminItem::Unit(_) => "unit",
        AdminItem::Labels(_) => "labels",
        AdminItem::Profile(_) => "profile",
        AdminItem::Role(_) => "role",
        AdminItem::Scope(_) => "scope",
        AdminItem::Allow(_) => "allow",
        AdminItem::Valid(_) => "valid",
        AdminItem::Inactive => "inactive",
        AdminItem::Attribute { .. } => return None,
    })
}

fn admin(text: &str) -> Box<Admin> {
    let (file, findings) = read(text);
    assert!(findings.is_empty(), "{findings:?} in {text}");
    let [decl] = &file.decls[..] else { panic!("one admin in {text}") };
    let DeclKind::Admin(admin) = &decl.kind else { panic!("an admin in {text}") };
    admin.clone()
}

#[test]
fn the_schema_has_the_keys_of_an_admin() {
    let (schema, validator) = (schema(), validator());
    let mut said = BTreeSet::from(["name", "doc", "ignore", "roles"]);
    for key in keys(at(&schema, "/definitions/admin")) {
        let value = match key {
            "scope" => "users in x",
            "allow" => "x.y",
            "valid" => "from 2026-01-01",
            "inactive" => "true",
            "ignore" => "{ BW302: x }",
            _ => "x",
        };
        let text = format!("admins: {{ a: {{ {key}: {value} }} }}");
        assert_eq!(faults(&validator, &text), BTreeSet::new(), "{text}");
        let body = admin(&text).body;
        assert!(body.len() <= 1, "{text}");
        for item in &body {
            said.insert(key_of(&item.node).unwrap_or_else(|| panic!("{key} is an attribute to the front")));
        }
    }
    assert_eq!(said, keys(at(&schema, "/definitions/admin")));
}

#[test]
fn every_key_is_described() {
    let schema = schema();
    visit(&schema, "", &mut |value, place| {
        for (key, property) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let target = property["$ref"]
                .as_str()
                .map_or(property, |to| at(&schema, &to.trim_start_matches('#').replace("%20", " ")));
            let text = property["description"].as_str().or(target["description"].as_str()).unwrap_or("");
            assert!(text.ends_with('.') && text.len() > 10, "{place}: `{key}` is described by {text:?}");
        }
    });
}

#[test]
fn what_the_front_reads_is_valid() {
    let validator = validator();
    let page = fs::read_to_string(root("docs/yaml.md")).expect("the page");
    let examples = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut texts: Vec<String> = examples.chain(UNUSUAL).map(str::to_owned).collect();
    for text in &texts {
        let (_, findings) = read(text);
        assert!(findings.is_empty(), "{findings:?} in\n{text}");
    }
    let mut files = vec![];
    ["tests/cases", "policies"].iter().for_each(|folder| yaml_files(&root(folder), &mut files));
    let contents = files.iter().map(|path| fs::read_to_string(path).expect("a file"));
    let readable: Vec<String> = contents.filter(|text| read(text).1.is_empty()).collect();
    assert!(readable.len() > 20, "only {} files can be read", readable.len());
    texts.extend(readable);
    for text in &texts {
        assert_eq!(faults(&validator, text), BTreeSet::new(), "in\n{text}");
    }
}

/// Every section, every entry of one and every key of every block with every shape: the front finds fault where the schema does.
#[test]
fn shapes_fit_alike() {
    let (schema, validator) = (schema(), validator());
    let mut texts = vec![];
    for (text, pointer) in BLOCKS.into_iter().chain([("admins: { a: { Q: x } }", "/definitions/admin")]) {
        let free = |key: &&str| !text.contains(&format!("{key}: "));
        texts.extend(
            keys(at(&schema, pointer)).into_iter().filter(free).map(|key| text.replace("Q: x", &format!("{key}: V"))),
        );
    }
    for section in keys(&schema) {
        texts.extend([format!("{section}: {{ BW302: V }}"), format!("{section}: [V]")]);
    }
    let mut differ = vec![];
    let all = texts.iter().flat_map(|text| SHAPES.map(|shape| text.replace('V', shape)));
    for text in all {
        let (found, faults) = (read(&text).1, faults(&validator, &text));
        if found.is_empty() != faults.is_empty() {
            differ.push(format!("{text}: the front has {found:?}, the schema {faults:?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn mistakes_are_found_at_their_place() {
    let validator = validator();
    for (text, place) in MISTAKES {
        assert!(!read(text).1.is_empty(), "the front takes {text}");
        assert_eq!(faults(&validator, text), BTreeSet::from([place.to_owned()]), "{text}");
    }
}
