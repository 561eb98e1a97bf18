//! Judges of the formats: each tries a text against its schema and counts the findings in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use bailiwick::diagnostic::Severity;
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};
use uppsala::{Document, NodeId, XsdValidator};

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file of the project")
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A schema of the project that takes no property which it does not describe: what is written has to be described.
fn strict(path: &str) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") && map.get("type") == Some(&json!("object")) {
                    map.insert("additionalProperties".to_owned(), json!(false));
                }
                map.values_mut().for_each(close);
            }
            Value::Array(list) => list.iter_mut().for_each(close),
            _ => {}
        }
    }
    let mut schema = value(&file(path));
    assert!(jsonschema::meta::is_valid(&schema), "{path} is a schema");
    close(&mut schema);
    schema
}

static FINDINGS: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft7::new(&strict("grammar/findings.schema.json")).expect("a schema"));
static TESTED: LazyLock<Validator> = LazyLock::new(|| {
    let findings = strict("grammar/findings.schema.json");
    let registry = Registry::new()
        .add("https://example.org/bailiwick/findings.schema.json", findings)
        .and_then(|registry| registry.prepare())
        .expect("a registry");
    let options = jsonschema::options().with_registry(&registry);
    options.build(&strict("grammar/tested.schema.json")).expect("a schema")
});
static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema = value(&file("tests/schemas/sarif-2.1.0.json"));
    // A bracket without its partner is no regular expression to a strict reader. No log here names a language.
    for pointer in ["/definitions/run/properties/language", "/definitions/toolComponent/properties/language"] {
        let language = schema.pointer_mut(pointer).expect("a property");
        assert_eq!(language["pattern"], "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        *language = json!(false);
    }
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("a schema")
});
static GITLAB: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&value(&file("tests/schemas/codeclimate.json"))).expect("a schema"));
static JUNIT: LazyLock<String> = LazyLock::new(|| file("tests/schemas/junit-windyroad.xsd"));

fn valid(validator: &Validator, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(crate) fn json(text: &str) -> usize {
    let report = value(text);
    valid(&FINDINGS, &report);
    list(&report, "/findings").len()
}

/// The report of tests: how many lines fail.
pub(crate) fn tested(text: &str) -> usize {
    let report = value(text);
    valid(&TESTED, &report);
    list(&report, "/tests").iter().map(|test| list(test, "/failures").len()).sum()
}

pub(crate) fn sarif(text: &str) -> usize {
    let log = value(text);
    valid(&SARIF, &log);
    let rules = list(&log, "/runs/0/tool/driver/rules");
    let results = list(&log, "/runs/0/results");
    let mut prints = BTreeSet::new();
    for result in results {
        let rule = result["ruleIndex"].as_u64().and_then(|index| rules.get(usize::try_from(index).ok()?));
        assert_eq!(rule.map(|rule| &rule["id"]), Some(&result["ruleId"]), "the index is that of the rule");
        assert!(prints.insert(result["partialFingerprints"]["finding/v1"].as_str().expect("a text")));
        assert_eq!(list(result, "/locations").len(), 1, "code scanning refuses a result without a place");
        for place in list(result, "/locations").iter().chain(list(result, "/relatedLocations")) {
            let region = &place["physicalLocation"]["region"];
            let number = |name: &str| region[name].as_u64();
            let (start, end) = (["startLine", "startColumn"].map(number), ["endLine", "endColumn"].map(number));
            assert!(start <= end, "{region}");
        }
    }
    results.len()
}

pub(crate) fn gitlab(text: &str) -> usize {
    let report = value(text);
    let issues = report.as_array().expect("a list");
    let mut prints = BTreeSet::new();
    for issue in issues {
        valid(&GITLAB, issue);
        assert!(prints.insert(issue["fingerprint"].as_str().expect("a text")), "no two alike: {issue}");
        assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().expect("a text")));
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{issue}");
        assert!(issue["check_name"].as_str().is_some_and(|name| name.starts_with("BW")), "{issue}");
    }
    issues.len()
}

/// Reads workflow commands as the runner does: a line that begins with `::`, a name, properties up to the next `::`, the rest.
pub(crate) fn github(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let (last, commands) = lines.split_last().expect("a last line");
    assert!(!last.starts_with("::") && text.ends_with('\n'), "{last}");
    let mut gravest = Severity::Error;
    for line in commands {
        let (head, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
        let (kind, properties) = head.split_once(' ').expect("properties");
        let severity = match kind {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "notice" => Severity::Note,
            _ => panic!("the runner knows no `{kind}`"),
        };
        assert!(severity <= gravest, "the gravest first");
        gravest = severity;
        let names: Vec<&str> = properties.split(',').map(|p| p.split_once('=').expect("a value").0).collect();
        let (title, place) = names.split_last().expect("a title");
        let places = [vec![], vec!["file", "line", "endLine"], vec!["file", "line", "endLine", "col", "endColumn"]];
        assert!(*title == "title" && places.contains(&place.to_vec()), "{names:?}");
        assert!(!message.is_empty() && !decoded(message).chars().any(|c| c.is_control() && c != '\n'), "{message:?}");
        assert!(!decoded(properties).chars().any(char::is_control), "{properties:?}");
    }
    commands.len()
}

fn decoded(text: &str) -> String {
    text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
}

pub(crate) fn markdown(text: &str) -> usize {
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    for row in &rows {
        let mut bars = 0;
        let mut escaped = false;
        for c in row.chars() {
            bars += usize::from(c == '|' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        assert_eq!(bars, 5, "four cells: {row}");
    }
    let left_out = text.lines().rev().find_map(|line| line.strip_prefix("Left out: ")?.split(' ').next()?.parse().ok());
    rows.len().saturating_sub(2) + left_out.unwrap_or(0)
}

/// The elements of a name.
fn elements(document: &Document<'_>, name: &str) -> Vec<NodeId> {
    document.get_elements_by_tag_name(name)
}

fn attribute<'d>(document: &'d Document<'_>, node: NodeId, name: &str) -> &'d str {
    document.get_attribute(node, name).expect("an attribute")
}

/// What the schema says against a document.
fn against(schema: &Document<'_>, text: &str) -> Vec<String> {
    let document = uppsala::parse(text).expect("XML");
    let validator = XsdValidator::from_schema(schema).expect("a schema");
    validator.validate(&document).iter().map(ToString::to_string).collect()
}

/// Each suite of a report as a document of its own, without the attributes that only suites within a report have: the validator does
/// not look into content that a type inherits.
fn suites_alone(text: &str) -> impl Iterator<Item = String> {
    text.split("<testsuite ").skip(1).map(|rest| {
        let suite = rest.split_inclusive("</testsuite>").next().expect("an end");
        let (head, body) = suite.split_once('>').expect("a tag");
        let attributes = head.split_inclusive("\" ").filter(|a| !a.starts_with("id=") && !a.starts_with("package="));
        format!("<testsuite {}>{body}", attributes.collect::<String>())
    })
}

/// Tries a JUnit report and counts the findings: they stand on lines that are not indented.
pub(crate) fn junit(text: &str) -> usize {
    let schema = uppsala::parse(&JUNIT).expect("XML");
    let errors =
        [against(&schema, text), suites_alone(text).flat_map(|suite| against(&schema, &suite)).collect()].concat();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    let document = uppsala::parse(text).expect("XML");
    let mut failures = 0;
    for suite in elements(&document, "testsuite") {
        let number = |name: &str| attribute(&document, suite, name).parse::<usize>().expect("a number");
        let named = |node: &NodeId| document.element(*node).is_some_and(|e| &*e.name.local_name == "testcase");
        assert_eq!(number("tests"), document.children(suite).iter().filter(|node| named(node)).count());
        failures += number("failures");
    }
    let failed = elements(&document, "failure");
    assert_eq!(failures, failed.len());
    let said = failed.into_iter().chain(elements(&document, "system-out"));
    let lines = |node| document.text_content_deep(node).lines().filter(|l| !l.starts_with(' ')).count();
    said.map(lines).sum()
}

#[test]
fn judges_see_what_is_wrong() {
    let wrong = |judge: fn(&str) -> usize, text: &str| {
        assert!(std::panic::catch_unwind(|| judge(text)).is_err(), "taken: {text}");
    };
    let good = "<testsuites><testsuite id=\"0\" package=\"p\" name=\"n\" hostname=\"h\" timestamp=\"2026-01-01T00:00:00\" \
                time=\"0\" tests=\"1\" failures=\"1\" errors=\"0\"><properties/><testcase classname=\"c\" name=\"n\" time=\"0\">\
                <failure type=\"error\" message=\"m\">one\n two\nthree</failure></testcase><system-out/><system-err/>\
                </testsuite></testsuites>";
    assert_eq!(junit(good), 2);
    for (from, to) in [
        ("<properties/>", ""),
        ("time=\"0\" tests", "time=\"soon\" tests"),
        ("T00:00:00\"", "T00:00:00Z\""),
        ("id=\"0\" ", ""),
        ("id=\"0\"", "id=\"0\" file=\"f\""),
        ("name=\"n\" hostname", "name=\"\" hostname"),
        ("type=\"error\" ", ""),
        ("<system-out/><system-err/>", "<system-err/><system-out/>"),
        ("failures=\"1\"", "failures=\"2\""),
        ("<properties/>", "<properties/><properties/>"),
        ("<testcase ", "<testcase line=\"3\" "),
        ("</failure>", "<b/></failure>"),
        ("</failure>", "</failure><failure type=\"a\"/>"),
        ("name=\"n\" time", "time"),
    ] {
        assert!(good.contains(from));
        wrong(junit, &good.replacen(from, to, 1));
    }
    wrong(json, "{ \"version\": 2, \"findings\": [], \"summary\": { \"errors\": 0, \"warnings\": 0, \"notes\": 0 } }");
    wrong(
        json,
        "{ \"version\": 1, \"findings\": [], \"more\": 1, \"summary\": { \"errors\": 0, \"warnings\": 0, \"notes\": 0 } }",
    );
    wrong(
        tested,
        "{ \"version\": 1, \"tests\": [], \"errors\": [{}], \"summary\": { \"tests\": 0, \"lines\": 0, \"passed\": 0, \"failed\": 0 } }",
    );
    wrong(sarif, "{ \"version\": \"2.1.0\", \"runs\": [{ \"tool\": { \"driver\": { } } }] }");
    wrong(gitlab, "[{ \"description\": \"d\", \"check_name\": \"BW1\", \"severity\": \"major\", \"location\": {} }]");
    wrong(github, "::error file=a,b,title=t::m\nlast\n");
    wrong(markdown, "| a | b |\n");
}
