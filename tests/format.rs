//! The one style: it says the same, keeps every comment, and has nothing to add to its own work.

#[expect(dead_code, reason = "only its random policies are needed")]
mod oracle;

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::diagnostic::Findings;
use bailiwick::source::{Source, SourceId, SourceMap};
use bailiwick::syntax::convert::converted;
use bailiwick::syntax::format::{self, Refused};
use oracle::cases::cases;
use oracle::dice::Dice;
use oracle::print::print;
use proptest::prelude::*;

fn laid_out(text: &str) -> String {
    format::text(SourceId(0), text).unwrap_or_else(|why| panic!("{why:?}\n{text}"))
}

/// The tree as canonical text; none where something cannot be read.
fn tree(text: &str) -> Option<String> {
    let mut findings = Findings::new();
    let file = bailiwick::syntax::text::parse(SourceId(0), text, &mut findings);
    findings.is_empty().then(|| file.to_string())
}

/// Checks what the style promises for a text that can be read.
fn keeps_its_promises(text: &str) -> Result<(), String> {
    let new = format::text(SourceId(0), text).map_err(|why| format!("{why:?}\n{text}"))?;
    let again = format::text(SourceId(0), &new).map_err(|why| format!("{why:?}\n{new}"))?;
    if new != again {
        return Err(format!("not the same twice:\n{text}\nfirst\n{new}\nthen\n{again}"));
    }
    if tree(text) != tree(&new) {
        return Err(format!("another tree:\n{text}\nlaid out as\n{new}"));
    }
    let code = |line: &str| line.split("//").next().unwrap_or("").trim_end().chars().count();
    let tidy =
        |line: &str| line == line.trim_end() && !line.contains('\t') && (code(line) <= 120 || !line.contains(", "));
    let untidy: Vec<&str> = new.lines().filter(|line| !tidy(line)).collect();
    if untidy.is_empty() && !new.contains("\n\n\n") { Ok(()) } else { Err(format!("untidy: {untidy:?} in\n{new}")) }
}

/// The same for the YAML form.
fn yaml_keeps_its_promises(text: &str) -> Result<String, String> {
    let laid_out = |text: &str| {
        format::source(SourceId(0), &Source::new("p.yaml", text)).map_err(|why| format!("{why:?}\n{text}"))
    };
    let new = laid_out(text)?;
    let again = laid_out(&new)?;
    if new != again {
        return Err(format!("not the same twice:\n{text}\nfirst\n{new}\nthen\n{again}"));
    }
    let tree = |text: &str| {
        let mut findings = Findings::new();
        let file = bailiwick::syntax::yaml::parse(SourceId(0), text, &mut findings);
        findings.is_empty().then(|| file.to_string())
    };
    if tree(text).is_none() || tree(text) != tree(&new) {
        return Err(format!("another tree:\n{text}\nlaid out as\n{new}"));
    }
    Ok(new)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.into_iter().filter(|path| path.extension().is_some_and(|it| it == ending));
    here.chain(folders.iter().flat_map(|folder| self::files(folder, ending))).collect()
}

/// The text of the examples in a page of the manual.
fn examples(page: &str, language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join(page)).expect("the manual");
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

#[test]
fn policies_cases_and_the_tour_keep_their_trees() {
    let folders = ["policies", "tests/cases"].map(|folder| files(&root().join(folder), "bw"));
    let texts = folders.iter().flatten().map(|path| fs::read_to_string(path).expect("a file"));
    let mut read = 0;
    for text in texts.chain(examples("docs/language.md", "bw")) {
        if tree(&text).is_some() {
            read += 1;
            assert_eq!(keeps_its_promises(&text), Ok(()));
        } else {
            assert!(matches!(format::text(SourceId(0), &text), Err(Refused::Unreadable(why)) if !why.is_empty()));
        }
    }
    assert!(read > 60, "only {read} texts were read");
}

#[test]
fn a_text_that_cannot_be_read_says_why() {
    let Err(Refused::Unreadable(findings)) = format::text(SourceId(0), "role a {\n  alow b\n}\n") else {
        panic!("it is broken");
    };
    assert_eq!(findings.iter().map(|f| f.code.0).collect::<Vec<_>>(), ["BW001"]);
}

/// Every place in which a comment can stand.
const COMMENTS: &str = r#"

// The first line.


   // indented

platform   p{languages en ,pl ;super none}   // after a block
feature a;feature b off   set by c // after the second of two
/// Documentation,
///   as it is.
//// four
ignore BW302   "later" // after a line that silences
// between them
resource r "R" on entity,// after a comma
   user // before the body
   when a { // after a brace
// at the left

	view list , open ; write c needs list   // two in a line


  // before the end

}
unit u { // after a tree's brace
  a, b // after two leaves
  // between leaves
  c { d } ,
  e

  f // the last one
}
attribute k { x , y,
}
group g = k is x // before a word
  // in a line of its own
  or k is y
   // after a long while

  and unit u
role s // before a clause
  // and another
  when a {
  allow r // the actions
     on entities in own unit // where
     // why
     reason "// no comment"
  extends q // aligned
            // with this
  // but not with this
}
admin x { email a//b , c { d   // raw
  ;; k x;}
test "t" { x can r.list on entity { id "a" // an id
   unit u
  } // after a target
  x cannot r.list // before a target
    on entity {}
}
// The last line."#;

const COMMENTS_LAID_OUT: &str = r#"// The first line.

// indented

platform p { languages en, pl; super none }  // after a block
feature a
feature b off set by c                       // after the second of two
/// Documentation,
///   as it is.
//// four
ignore BW302 "later"  // after a line that silences
// between them
resource r "R" on entity,  // after a comma
    user      // before the body
    when a {  // after a brace
  // at the left

  view    list, open
  write   c needs list  // two in a line

  // before the end
}
unit u {  // after a tree's brace
  a, b,  // after two leaves
  // between leaves
  c { d },
  e,

  f  // the last one
}
attribute k {
  x, y
}
group g = k is x  // before a word
    // in a line of its own
    or k is y
    // after a long while
    and unit u
role s  // before a clause
    // and another
    when a {
  allow   r  // the actions
      on entities in own unit  // where
      // why
      reason "// no comment"
  extends q  // aligned
             // with this
  // but not with this
}
admin x {
  email   a//b , c { d  // raw
  k       x
}
test "t" {
  x can    r.list on entity {
    id "a"  // an id
    unit u
  }                // after a target
  x cannot r.list  // before a target
      on entity {}
}
// The last line.
"#;

#[test]
fn comments_stay_where_they_are() {
    assert_eq!(keeps_its_promises(COMMENTS), Ok(()));
    assert_eq!(laid_out(COMMENTS), COMMENTS_LAID_OUT);
}

#[test]
fn the_manual_shows_the_style_as_it_is() {
    let shown = examples("docs/format.md", "bw");
    assert!(!shown.is_empty());
    for text in shown {
        assert_eq!(laid_out(&text), text);
    }
}

/// Words, signs and line ends in any order: seldom a policy, never a panic.
fn soup() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "admin a {",
        "role r",
        "test \"t\" {",
        "unit u {",
        "a",
        "b.c",
        "\"d e\"",
        "allow",
        "on users in",
        "entity {",
        "x can",
        "group g =",
        "and",
        "or",
        "not",
        "(",
        ")",
        "{",
        "}",
        ",",
        ";",
        "*",
        "// c",
        "/// d",
        "\n",
        "\n\n\n",
        "\r\n",
        "\t",
        "email",
        "é",
        "reason \"r\"",
        "view",
        "is",
        "in",
        "when",
        "until 2026-01-01",
        "resource s {",
        "attribute k {",
        "- a",
        "k:",
        "#",
        "# c",
        "[",
        "]",
        ": ",
        "&x",
        "*x",
        "|",
        ">-",
        "'",
        "roles:",
        "labels:",
        "?",
        "---",
    ]);
    let blank = prop::sample::select(vec![" ", " ", "\n", "\n  ", ""]);
    proptest::collection::vec((word, blank), 0..40)
        .prop_map(|words| words.iter().flat_map(|(word, blank)| [*word, *blank]).collect())
}

#[test]
fn yaml_examples_keep_their_trees() {
    let folders = ["tests/cases/accept", "tests/cases/decide"].map(|folder| files(&root().join(folder), "yaml"));
    let texts = folders.iter().flatten().map(|path| fs::read_to_string(path).expect("a file"));
    let mut read = 0;
    for text in texts.chain(examples("docs/yaml.md", "yaml")) {
        read += 1;
        yaml_keeps_its_promises(&text).unwrap_or_else(|why| panic!("{why}"));
    }
    assert!(read > 8, "only {read} texts were read");
}

const YAML: &str = r#"

# first

features:   {ecommerce : on,  "resell": {state: off}}   # in one line

roles:   # behind a section


    # before a role
    a:      # behind a role
          label:   "A"   # quoted
          allow:
          - x.a
          -   "* except
               b"      # behind lines
          - >2
            x.c on users
            in g

          # before the end
          except: [ x.b,
             'y.c' ,   # inside
             ]   # behind brackets
          # of the role
    b: &anchor
      doc: |     # a text
             One.

               Two.


      allow: x
    c: *anchor
    d: {}
    e:
labels:
- # behind a dash
  name: l
  below: {m: , n: [ o ]}
# the end
"#;

const YAML_LAID_OUT: &str = r#"# first

features: { ecommerce: on, "resell": { state: off } }  # in one line

roles:  # behind a section

  # before a role
  a:  # behind a role
    label: "A"  # quoted
    allow:
      - x.a
      - "* except
        b"
      # behind lines
      - >2
        x.c on users
        in g

    # before the end
    except:
      - x.b
      - 'y.c'  # inside
    # behind brackets
    # of the role
  b: &anchor
    doc: |  # a text
      One.

        Two.

    allow: x
  c: *anchor
  d: {}
  e:
labels:
  # behind a dash
  - name: l
    below:
      m:
      n: [o]
# the end
"#;

#[test]
fn yaml_has_one_style_too() {
    assert_eq!(yaml_keeps_its_promises(YAML), Ok(YAML_LAID_OUT.to_owned()));
}

/// A text and what it looks like afterwards.
const PAIRS: &[(&str, &str)] = &[
    ("", ""),
    ("\n\n// a\n\n\n\n// b\n\n", "// a\n\n// b\n"),
    ("role a{}\nrole b{\n}", "role a {}\nrole b {}\n"),
    ("role a { allow x }", "role a { allow x }\n"),
    ("role a { allow x\n}", "role a {\n  allow   x\n}\n"),
    ("role a\r\nrole b // c\r\n", "role a\nrole b  // c\n"),
    ("tier a covers *\ntier long covers b", "tier a    covers *\ntier long covers b\n"),
    ("group a=b\n\ngroup long = c", "group a = b\n\ngroup long = c\n"),
    ("group a = ( b or(c) )and not d", "group a = (b or (c)) and not d\n"),
    ("group a = k not in(x,y)", "group a = k not in (x, y)\n"),
    ("unit a{b{c,d},e}", "unit a { b { c, d }, e }\n"),
    ("test \"t\"{a can b.c;a cannot b.d}", "test \"t\" { a can b.c; a cannot b.d }\n"),
    (
        "test \"t\"{\na can b.c\nlonger cannot b.d\nas r { unit u } can b.c }",
        "test \"t\" {\n  a      can    b.c\n  longer cannot b.d\n  as r { unit u } can b.c\n}\n",
    ),
    ("forbid \"a b\".\"c\",assign.*,view*for everyone", "forbid \"a b\".\"c\", assign.*, view * for everyone\n"),
];

#[test]
fn there_is_one_style() {
    for (text, wanted) in PAIRS {
        assert_eq!(keeps_its_promises(text), Ok(()));
        assert_eq!(laid_out(text), *wanted);
    }
}

const BROKEN: &str = r#"role r {
  allow   action_0, action_1, action_2, action_3, action_4, action_5, action_6, action_7, action_8, action_9, action_10,
      action_11
      on users in group_0, group_1, group_2, group_3, group_4, group_5, group_6, group_7, group_8, group_9, group_10,
      group_11 and entities in own unit when a and b
      reason "why why why why why why why why why why why why why why why why why why why why "
}
unit u {
  n {
    north_0, north_1, north_2, north_3, north_4, north_5, north_6, north_7, north_8, north_9, north_10, north_11,
    north_12, north_13, north_14, north_15, north_16, north_17, north_18, north_19
  },
  south_0,
  south_1,
  south_2
}
attribute k {
  value_0, value_1, value_2, value_3, value_4, value_5, value_6, value_7, value_8, value_9, value_10, value_11,
  value_12, value_13, value_14, value_15, value_16, value_17, value_18, value_19, value_20, value_21, value_22,
  value_23, value_24, value_25, value_26, value_27, value_28, value_29
}
test "t" {
  x can r.list
      on entity { id "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii" } and user {
        labels label_0, label_1, label_2, label_3, label_4, label_5, label_6, label_7, label_8, label_9, label_10,
            label_11, label_12, label_13, label_14, label_15, label_16, label_17, label_18, label_19
        k y
      }
}
"#;

#[test]
fn long_lines_are_broken_where_the_language_reads_on() {
    let many = |word: &str, count: usize| (0..count).map(|i| format!("{word}_{i}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "role r {{ allow {} on users in {} and entities in own unit when a and b reason \"{}\" }}\n\
         unit u {{ n {{ {} }}, {} }}\nattribute k {{ {} }}\n\
         test \"t\" {{ x can r.list on entity {{ id \"{}\" }} and user {{ labels {}; k y }} }}",
        many("action", 12),
        many("group", 12),
        "why ".repeat(20),
        many("north", 20),
        many("south", 3),
        many("value", 30),
        "i".repeat(80),
        many("label", 20),
    );
    assert_eq!(keeps_its_promises(&text), Ok(()));
    assert_eq!(laid_out(&text), BROKEN);
}

/// A policy as somebody in a hurry would write it: with comments, empty lines and line ends wherever they can stand. The comments
/// are numbered.
fn untidy(text: &str, bytes: &[u8]) -> (String, usize) {
    let (mut dice, mut out, mut notes) = (Dice::new(bytes), String::new(), 0);
    let mut note = |out: &mut String, before: &str| {
        *out += &format!("{before}// note {notes}.\n");
        notes += 1;
    };
    let mut quoted = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let place = |sign: &str| !quoted && rest.starts_with(sign);
        let breaks = [", ", " and ", "{ "].into_iter().find(|sign| place(sign));
        let after = breaks.filter(|_| dice.chance(12));
        let before = [" on ", " }", " when "].into_iter().any(place) && dice.chance(12);
        if let Some(sign) = after {
            out += sign;
            if dice.chance(50) {
                note(&mut out, "")
            } else {
                out += "\n\n\t"
            }
            rest = &rest[sign.len()..];
            continue;
        }
        if before {
            if dice.chance(50) { note(&mut out, "\n ") } else { out.push('\n') }
        }
        if c == '\n' && dice.chance(15) {
            note(&mut out, if dice.chance(50) { " " } else { "\n\n\n   " });
        } else if c == '\n' && dice.chance(10) {
            out += " ;\r\n\n";
        } else {
            out.push(c);
        }
        quoted ^= c == '"' && !out.ends_with("\\\"");
        rest = &rest[c.len_utf8()..];
    }
    (out, notes)
}

/// A YAML file with comments between its lines and behind them, empty lines, and blanks.
fn untidy_yaml(text: &str, bytes: &[u8]) -> (String, usize) {
    let (mut dice, mut out, mut notes) = (Dice::new(bytes), String::new(), 0);
    for line in text.lines() {
        if dice.chance(15) {
            out += &format!("\n{}# note {notes}.\n\n", " ".repeat(dice.below(8)));
            notes += 1;
        }
        out += line;
        if dice.chance(15) && !line.is_empty() {
            out += &format!(" # note {notes}.");
            notes += 1;
        }
        out += if dice.chance(10) { "  \r\n\n\n" } else { "\n" };
    }
    (out, notes)
}

/// The numbers of the comments in a text, in their order.
fn notes(text: &str) -> Vec<usize> {
    text.split(" note ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok()).collect()
}

fn table(text: &str) -> Option<Vec<u8>> {
    let outcome = bailiwick::compile(&SourceMap::single("policy.bw", text), &bailiwick::Options::default());
    outcome.compiled.map(|compiled| compiled.table().to_vec())
}

proptest! {
    #![proptest_config(oracle::config(2_000))]

    #[test]
    fn whatever_is_typed_is_laid_out_or_refused(text in soup()) {
        match format::text(SourceId(0), &text) {
            Ok(_) => prop_assert_eq!(keeps_its_promises(&text), Ok(())),
            Err(why) => prop_assert!(matches!(why, Refused::Unreadable(_)), "{why:?}"),
        }
        match format::source(SourceId(0), &Source::new("p.yaml", text.as_str())) {
            Ok(_) => prop_assert_eq!(yaml_keeps_its_promises(&text).map(drop), Ok(())),
            Err(why) => prop_assert!(matches!(why, Refused::Unreadable(_)), "{why:?}"),
        }
    }
}

proptest! {
    #![proptest_config(oracle::config(200))]

    #[test]
    fn yaml_keeps_its_meaning_and_its_comments(
        case in cases(0),
        bytes in proptest::collection::vec(any::<u8>(), 400),
    ) {
        let text = print(&case.policy, case.layout);
        let yaml = converted(SourceId(0), &Source::new("p.bw", text.as_str()));
        let yaml = yaml.map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        let (untidy, count) = untidy_yaml(&yaml, &bytes);
        let new = yaml_keeps_its_promises(&untidy).map_err(TestCaseError::fail)?;
        prop_assert_eq!(notes(&new), (0..count).collect::<Vec<_>>(), "{}\nlaid out as\n{}", untidy, new);
        prop_assert_eq!(yaml_keeps_its_promises(&yaml), Ok(yaml.clone()), "what is converted is laid out");
    }

    #[test]
    fn whatever_is_written_keeps_its_meaning_and_its_comments(
        case in cases(0),
        bytes in proptest::collection::vec(any::<u8>(), 400),
    ) {
        let (text, count) = untidy(&print(&case.policy, case.layout), &bytes);
        prop_assert_eq!(keeps_its_promises(&text), Ok(()));
        let new = laid_out(&text);
        prop_assert_eq!(notes(&new), (0..count).collect::<Vec<_>>(), "{}\nlaid out as\n{}", text, new);
        prop_assert_eq!(table(&text), table(&new));
    }
}
