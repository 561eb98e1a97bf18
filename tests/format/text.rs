//! The text form: the style as it is shown, and what it does with odd places.

use std::fs;

use bailiwick::source::{Source, SourceId};
use bailiwick::syntax::format::{self, Refused};

use crate::promises::{examples, files, keeps_its_promises, laid_out, root, tree};

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
    for page in ["docs/format.md", "README.md"] {
        let shown = examples(page, "bw");
        assert!(!shown.is_empty(), "{page} shows nothing");
        for text in shown {
            assert_eq!(laid_out(&text), text, "{page}");
        }
    }
}

#[test]
fn the_first_policy_is_laid_out() {
    for name in ["policy.bw", "policy.yaml"] {
        let text = fs::read_to_string(root().join("src/cli/starter").join(name)).expect("a file");
        assert_eq!(format::source(SourceId(0), &Source::new(name, text.as_str())), Ok(text));
    }
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
