//! Random texts, from soup to untidy policies.

use bailiwick::source::{Source, SourceId, SourceMap};
use bailiwick::syntax::convert::converted;
use bailiwick::syntax::format::{self, Refused};
use proptest::prelude::*;

use crate::odd;
use crate::oracle;
use crate::oracle::cases::cases;
use crate::oracle::dice::Dice;
use crate::oracle::print::print;
use crate::promises::{keeps_its_promises, laid_out, yaml_keeps_its_promises};

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

/// Passes over what is no policy, as long as most is one.
fn mostly(config: ProptestConfig) -> ProptestConfig {
    ProptestConfig { max_global_rejects: config.cases / 2, ..config }
}

proptest! {
    #![proptest_config(mostly(oracle::config(400)))]

    #[test]
    fn whatever_yaml_allows_is_laid_out(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let (text, count) = odd::policy(&bytes);
        let read = format::source(SourceId(0), &Source::new("p.yaml", text.as_str()));
        prop_assume!(!matches!(read, Err(Refused::Unreadable(_))));
        let new = yaml_keeps_its_promises(&text).map_err(TestCaseError::fail)?;
        prop_assert_eq!(notes(&new), (0..count).collect::<Vec<_>>(), "{}\nlaid out as\n{}", text, new);
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
    fn what_is_converted_has_all_comments_and_is_laid_out(
        case in cases(0),
        bytes in proptest::collection::vec(any::<u8>(), 400),
    ) {
        let (text, count) = untidy(&print(&case.policy, case.layout), &bytes);
        let there = |path, text: &str| {
            converted(SourceId(0), &Source::new(path, text)).map_err(|why| TestCaseError::fail(format!("{why:?}\n{text}")))
        };
        let yaml = there("p.bw", &text)?;
        prop_assert_eq!(yaml_keeps_its_promises(&yaml), Ok(yaml.clone()), "from\n{}", text);
        let back = there("p.yaml", &yaml)?;
        prop_assert_eq!(laid_out(&back), back.clone());
        for (form, text) in [("YAML", &yaml), ("text", &back)] {
            let mut found = notes(text);
            found.sort_unstable();
            prop_assert_eq!(found, (0..count).collect::<Vec<_>>(), "a comment is lost in {}:\n{}", form, text);
        }
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

/// In a line of its own the comment would become the documentation of what follows.
#[test]
fn a_comment_behind_an_idle_semicolon_documents_nothing() {
    for text in [";/// d\nrole r {}\n", "// c\n;/// d\nrole r {}\n", ";;/// d\n/// e\nrole r {}\n"] {
        let laid_out = format::text(SourceId(0), text).expect("a policy");
        assert!(laid_out.contains("; /// d\n"), "{laid_out}");
        assert_eq!(keeps_its_promises(text), Ok(()));
    }
}
