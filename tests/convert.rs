//! From one form to the other and back: the same policy, the same table, the comments with what they belong to.

#[expect(dead_code, reason = "only its random policies are needed")]
mod oracle;

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::diagnostic::Severities;
use bailiwick::model::LintLevel;
use bailiwick::source::{Source, SourceId, SourceMap};
use bailiwick::syntax::convert::converted;
use bailiwick::{Options, check};
use oracle::cases::cases;
use oracle::print::print;
use proptest::prelude::*;

fn convert(path: &str, text: &str) -> Result<String, String> {
    converted(SourceId(0), &Source::new(path, text)).map_err(|why| format!("{why:?}\n{text}"))
}

fn to_yaml(text: &str) -> String {
    convert("p.bw", text).unwrap_or_else(|why| panic!("{why}"))
}

fn to_text(text: &str) -> String {
    convert("p.yaml", text).unwrap_or_else(|why| panic!("{why}"))
}

/// The table of a policy, whatever its lesser findings are; none where it has an error.
fn table(path: &str, text: &str) -> Option<Vec<u8>> {
    let levels = check::CHECKS.iter().map(|c| (c.code.to_string(), LintLevel::Off)).collect();
    let options = Options { severities: Severities { levels, ..Severities::default() }, ..Options::default() };
    let people = Source::people("people.csv", "login\n");
    bailiwick::compile(&SourceMap::new(vec![Source::new(path, text), people]), &options)
        .compiled
        .map(|it| it.table().to_vec())
}

/// Checks a text, what it becomes in YAML, and what that becomes in text.
fn there_and_back(text: &str) -> Result<(), String> {
    let yaml = convert("p.bw", text)?;
    let back = convert("p.yaml", &yaml)?;
    let again = convert("p.bw", &back)?;
    let tables = [table("p.bw", text), table("p.yaml", &yaml), table("p.bw", &back)];
    if tables[0] != tables[1] || tables[0] != tables[2] {
        return Err(format!("another table:\n{text}\n---\n{yaml}\n---\n{back}"));
    }
    let differing = yaml.lines().zip(again.lines()).find(|(one, other)| one != other);
    if yaml == again { Ok(()) } else { Err(format!("another file: {differing:?}\n{yaml}\n---\n{back}\n---\n{again}")) }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.into_iter().filter(|path| path.extension().is_some_and(|it| it == "bw"));
    here.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}

#[test]
fn policies_and_cases_go_there_and_back() {
    let folders = ["policies", "tests/cases/accept", "tests/cases/decide"].map(|folder| files(&root().join(folder)));
    let paths: Vec<_> = folders.into_iter().flatten().collect();
    assert!(paths.len() > 40, "{}", paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).expect("a file");
        assert_eq!(there_and_back(&text), Ok(()), "{}", path.display());
    }
}

/// The one example of a manual that declares the platform `acme`.
fn tour(page: &str, language: &str) -> String {
    let page = fs::read_to_string(root().join(page)).expect("the manual");
    let fence = format!("```{language}\n");
    let mut examples = page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next());
    examples.find(|text| text.contains("Acme Learning")).expect("the tour").to_owned()
}

#[test]
fn both_tours_become_each_other() {
    let text = tour("docs/language.md", "bw");
    let yaml = tour("docs/yaml.md", "yaml");
    assert_eq!(there_and_back(&text), Ok(()));
    let tables = [table("p.yaml", &to_yaml(&text)), table("p.bw", &to_text(&yaml))];
    assert!(tables[0].is_some());
    assert_eq!(tables[0], tables[1]);
}

const COMMENTED: &str = r#"// Of the file.

/// Documentation.
platform p // the platform
// Of the role.
role r "R" { // behind the head
  // of the first line
  allow a // behind it
  // of the second
  allow b,
    // inside it
    c
  primary // alone
  // of nothing in particular
}
label l { a, // inside a tree
  b { c } } // behind a tree
admin x {
  country fi // a fact
  // of a role
  role r // given
}
test "t" {
  // of a question
  x can a.b // answered
}
// The end.
"#;

const COMMENTED_IN_YAML: &str = r#"# Of the file.
platform:  # the platform
  name: p
  doc: Documentation.

labels:
  # behind a tree
  l:  # inside a tree
    a:
    b: [c]

roles:
  # Of the role.
  # of nothing in particular
  r:  # behind the head
    label: R
    allow:
      # of the first line
      - a  # behind it
      # of the second
      # inside it
      - b, c
    primary: true  # alone

admins:
  x:
    country: fi  # a fact
    # of a role
    role: r  # given

tests:
  t:
    # of a question
    - x can a.b  # answered
# The end.
"#;

const COMMENTED_AND_BACK: &str = r#"// Of the file.
/// Documentation.
platform p  // the platform

// behind a tree
label l { a, b { c } }  // inside a tree

// Of the role.
// of nothing in particular
role r "R" {  // behind the head
  // of the first line
  allow   a  // behind it
  // of the second
  // inside it
  allow   b, c
  primary  // alone
}

admin x {
  country fi  // a fact
  // of a role
  role    r  // given
}

test "t" {
  // of a question
  x can a.b  // answered
}

// The end.
"#;

#[test]
fn comments_go_with_what_they_belong_to() {
    let yaml = to_yaml(COMMENTED);
    assert_eq!(yaml, COMMENTED_IN_YAML);
    assert_eq!(to_text(&yaml), COMMENTED_AND_BACK);
}

/// The scalars that another reader of YAML takes for something else than a text, but for flags.
fn mistaken(value: &serde_yaml::Value) -> Vec<&serde_yaml::Value> {
    match value {
        serde_yaml::Value::Sequence(items) => items.iter().flat_map(mistaken).collect(),
        serde_yaml::Value::Mapping(map) => {
            map.iter().flat_map(|(key, value)| [key, value]).flat_map(mistaken).collect()
        }
        serde_yaml::Value::String(_) | serde_yaml::Value::Null | serde_yaml::Value::Bool(true) => vec![],
        other => vec![other],
    }
}

#[test]
fn what_is_written_fits_the_schema() {
    let schema = fs::read_to_string(root().join("grammar/policy.schema.json")).expect("the schema");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for path in files(&root().join("policies")).into_iter().chain(files(&root().join("tests/cases/decide"))) {
        let yaml = to_yaml(&fs::read_to_string(&path).expect("a file"));
        let read: serde_json::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|why| panic!("{why}\n{yaml}"));
        let faults: Vec<_> = validator.iter_errors(&read).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?} in\n{yaml}");
    }
}

/// Texts that YAML, or some version of it, reads as something else.
const ODD: [&str; 24] = [
    "no",
    "On",
    "y",
    "null",
    "~",
    "017",
    "1e3",
    ".5",
    "0x1f",
    "12:30:45",
    "2026-12-31",
    "+1",
    "-1",
    "- a",
    "a: b",
    "a #b",
    "*a",
    "&a",
    "!a",
    "a\"b'c",
    "%a",
    "{a}",
    "[a]",
    "<<",
];

#[test]
fn odd_names_stay_what_they_are() {
    for odd in ODD {
        let name = bailiwick::syntax::print::quoted(odd);
        let text = format!(
            "resource {name} {{ view {name} }}\nattribute {name} {{ {name} }}\nlabel {name} {{ {name}, x {{ {name} }} }}\n\
             role {name} {name} {{ label {name} {name}; allow {name}.{name} reason {name}; extends {name} }}\n\
             admin a {name} {{ login {name}; {name} {name}; labels {name} }}\ntest {name} {{ a can {name} }}\n\
             responsible {name}\nadmins from {name}\ngroup {name} = {name} is {name}\n"
        );
        let yaml = to_yaml(&text);
        let read: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|why| panic!("{why}\n{yaml}"));
        assert!(mistaken(&read).is_empty(), "{:?} in\n{yaml}", mistaken(&read));
        assert_eq!(there_and_back(&text), Ok(()));
    }
}

#[test]
fn a_long_title_is_a_key_that_every_reader_takes() {
    for title in [
        "long ".repeat(199),
        "longer ".repeat(200),
        "it \\\"is\\\" ".repeat(6_000),
        "\\u{1}".repeat(9_000),
        String::new(),
    ] {
        let text = format!(
            "test \"{title}\" {{ a can b.c }}\nexception \"{title}\" for everyone may change personal until 2027-01-01\n"
        );
        assert_eq!(there_and_back(&text), Ok(()));
        let yaml = to_yaml(&text);
        let simple = |line: &&str| line.trim_start().starts_with(['"', '\'', 'l']) && line.trim_end().ends_with(':');
        assert!(yaml.lines().filter(simple).all(|line| line.chars().count() <= 1_024), "{yaml}");
        let read: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|why| panic!("{why}\n{yaml}"));
        assert!(read.get("tests").is_some_and(serde_yaml::Value::is_mapping));
    }
}

proptest! {
    #![proptest_config(oracle::config(200))]

    #[test]
    fn a_random_policy_goes_there_and_back(case in cases(0)) {
        prop_assert_eq!(there_and_back(&print(&case.policy, case.layout)), Ok(()));
    }
}
