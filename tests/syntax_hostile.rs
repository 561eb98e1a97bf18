//! Whatever bytes are given for a policy: no panic, a place for every finding, and time in proportion to the length.

use bailiwick::diagnostic::Findings;
use bailiwick::source::SourceId;
use bailiwick::syntax::text::parse;
use proptest::prelude::*;

/// Reads a text; every finding must have places within it, and a text without findings must be whole.
fn survives(text: &str) -> usize {
    let mut findings = Findings::new();
    let file = parse(SourceId(0), text, &mut findings);
    let findings = findings.sorted();
    assert_eq!(file.broken, !findings.is_empty(), "{text:?}");
    for finding in &findings {
        assert!(!finding.labels.is_empty(), "{finding:?} has no place in {text:?}");
        for label in &finding.labels {
            let whole = text.get(label.span.range()).is_some() || label.span.start as usize == text.len();
            assert!(whole, "{finding:?} is outside of {text:?}");
        }
    }
    findings.len()
}

fn tour() -> &'static str {
    let reference = include_str!("../docs/language.md");
    let start = reference.find("```bw\n// What there is").map_or(0, |at| at + 6);
    let length = reference[start..].find("\n```").unwrap_or(0);
    &reference[start..=start + length]
}

/// The tour in words, signs and blanks.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if word(first) { rest.find(|c| !word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        tokens.push(&rest[..length]);
        rest = &rest[length..];
    }
    tokens
}

#[test]
fn every_beginning_of_the_tour_is_survived() {
    let tour = tour();
    let mut findings = Findings::new();
    let starts: Vec<usize> =
        parse(SourceId(0), tour, &mut findings).decls.iter().map(|decl| decl.span.start as usize).collect();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(tour.len());
        for end in *start..=end {
            survives(&tour[*start..end]);
        }
    }
    for end in (0..tour.len()).step_by(101) {
        survives(&tour[..end]);
    }
}

#[test]
fn a_lost_or_foreign_token_is_survived() {
    let tokens = tokens(tour());
    let foreign =
        ["{", "}", "(", ")", "\"", ",", ";", "\n", ".", "*", "not", "on", "except", "role", "\u{a0}", "//", "=", "é"];
    let mut broken = 0;
    for at in (0..tokens.len()).step_by(9) {
        let around = tokens[at.saturating_sub(60)..at].concat();
        let rest = &tokens[at..tokens.len().min(at + 120)];
        broken += survives(&(around.clone() + &rest[1..].concat()));
        broken += survives(&(around + foreign[at % foreign.len()] + &rest.concat()));
    }
    assert!(broken > 500, "most of them break something: {broken}");
}

#[test]
fn much_of_a_bad_thing_is_survived() {
    let many = 3_000;
    for unit in [
        "role x {\n  alow a\n}\n",
        "role x {\n allow a.b\n",
        "role x foo;",
        "}",
        "{",
        "label a {",
        "group g = (",
        "\"\n",
        "role \"x\n",
        "not ",
        ",",
        "///x\n",
        "ignore BW302 \"x\"\n",
        "admin a {\n role b\n",
        "role on\n",
        "test \"x\" {\n x can {\n",
        "\u{feff}\u{0}\u{1b}[2J",
    ] {
        survives(&unit.repeat(many));
        for begin in ["role a {\n", "test \"a\" {\n", "group a = ", "label a { ", "admin a { x "] {
            survives(&format!("{begin}{}}}", unit.repeat(many / 10)));
        }
    }
}

#[test]
fn five_times_the_length_takes_about_five_times_as_long() {
    for unit in
        ["role x {\n  alow a\n}\n", "role x {\n allow a.b\n", "role x foo;", "role x { allow y\n\n\n }\n", "role \"x\n"]
    {
        let seconds = |times: usize| {
            let text = unit.repeat(times);
            let start = std::time::Instant::now();
            survives(&text);
            start.elapsed().as_secs_f64()
        };
        let (short, long) = (seconds(2_000), seconds(10_000));
        assert!(long < 0.5 + 15.0 * short, "{unit:?}: {short} s, five times as much {long} s");
    }
}

#[test]
fn depth_is_limited_before_the_parser_descends() {
    for (open, begin) in [("{ a ", "label a "), ("( ", "group a = "), ("not ", "group a = "), ("(not ", "group a = ")] {
        assert_eq!(survives(&format!("{begin}{}b", open.repeat(100_000))), 1);
    }
    let nested = |depth: usize| format!("group a = {}b{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!((survives(&nested(64)), survives(&nested(65))), (0, 1));
}

#[test]
fn a_giant_line_is_refused_without_being_parsed() {
    let giant = 20_000_000;
    assert_eq!(survives(&format!("label {}\nlabel b", "a".repeat(giant))), 1);
    assert_eq!(survives(&format!("role x {{ allow {}b }}", "a, ".repeat(giant / 3))), 1);
    assert_eq!(survives(&format!("label \"{}", "a".repeat(giant))), 1);
    assert_eq!(survives(&format!("label b //{}", "a".repeat(giant))), 1, "a comment is a part of its line");
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(tokens(tour())).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => prop::sample::select(vec!["{", "}", "(", ")", "\"", "\\", "\n", ";", "//", "///", " on ", "\nuntil "]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_mixture_of_words_is_survived(text in words()) {
        survives(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes));
    }
}
