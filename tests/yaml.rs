//! The YAML form: the same policy as the text form's, and findings at the very words.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::dates::parse_date;
use bailiwick::diagnostic::{Finding, Findings};
use bailiwick::source::{Source, SourceId, SourceMap};
use bailiwick::syntax::{ast::File, parse, yaml};
use bailiwick::{Options, Outcome, compile};
use proptest::prelude::*;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(root(path)).expect("a file of the project")
}

/// The blocks of a page that are fenced with this word.
fn fenced(page: &str, word: &str) -> Vec<String> {
    let open = format!("```{word}\n");
    let blocks = page.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap_or("").to_owned());
    blocks.collect()
}

/// The tour of a page: its longest example.
fn tour(path: &str, word: &str) -> String {
    fenced(&text(path), word).into_iter().max_by_key(String::len).expect("a page with examples")
}

fn compiled(path: &str, text: &str) -> Outcome {
    let options = Options { at: parse_date("2026-06-01").ok(), ..Options::default() };
    let people = Source::people("people.csv", "login,roles\nkim,operator\n");
    compile(&SourceMap::new(vec![Source::new(path, text), people]), &options)
}

/// Reads YAML, with what is found.
fn read(text: &str) -> (File, Vec<Finding>) {
    let mut findings = Findings::new();
    let file = yaml::parse(SourceId(0), text, &mut findings);
    (file, findings.sorted())
}

/// Every finding as its code and the words it points at.
fn pointed(text: &str) -> Vec<(&'static str, &str)> {
    let (_, findings) = read(text);
    let words = |finding: &Finding| finding.span().map_or("", |span| &text[span.range()]);
    findings.iter().map(|finding| (finding.code.0, words(finding))).collect()
}

#[test]
fn both_tours_are_one_policy() {
    let (bw, yaml) = (tour("docs/language.md", "bw"), tour("docs/yaml.md", "yaml"));
    let tree = |path: &str, text: &str| {
        let mut findings = Findings::new();
        let files = parse(&SourceMap::single(path, text), &mut findings);
        assert!(findings.is_empty(), "{path}: {findings:?}");
        files.into_iter().map(|file| file.to_string()).collect::<String>()
    };
    assert_eq!(tree("tour.bw", &bw), tree("tour.yaml", &yaml));
    let table = |path: &str, text: &str| {
        let outcome = compiled(path, text);
        outcome.compiled.expect("a policy without errors").table().to_vec()
    };
    assert_eq!(table("tour.bw", &bw), table("tour.yaml", &yaml));
}

#[test]
fn every_example_of_the_page_can_be_read() {
    let examples = fenced(&text("docs/yaml.md"), "yaml");
    assert!(examples.len() > 5);
    for example in examples {
        let (file, findings) = read(&example);
        assert!(findings.is_empty() && !file.broken && !file.decls.is_empty(), "{findings:?} in\n{example}");
    }
}

/// Reject cases that exist in both forms say the same, word for word.
#[test]
fn twins_have_the_same_findings() {
    // The second platform of the text form would be a key that stands twice.
    const DIFFERENT: [&str; 1] = ["BW106-twice"];
    let mut twins = 0;
    for entry in fs::read_dir(root("tests/cases/reject")).expect("a folder").flatten() {
        let path = entry.path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let twin = path.with_extension("bw");
        if path.extension().is_none_or(|it| it != "yaml") || !twin.exists() || DIFFERENT.contains(&stem.as_str()) {
            continue;
        }
        let said = |path: &Path| {
            let text = fs::read_to_string(path).expect("a readable case");
            let outcome = compiled(&path.to_string_lossy(), &text);
            let mut said: Vec<_> = outcome.findings.into_iter().map(|f| (f.code.0, f.severity, f.message)).collect();
            said.sort();
            said
        };
        assert_eq!(said(&path), said(&twin), "{stem}");
        twins += 1;
    }
    assert!(twins > 20, "only {twins} twins");
}

#[test]
fn findings_point_at_the_words() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("roles:\n  a: { allow: b.c on users un d }\n", &[("BW001", "un")]),
        ("roles:\r\n  ä: { label: ö, allow: [b.c, \"é.f \\u006fm users\"] }\r\n", &[("BW001", "\\u006fm")]),
        ("groups:\n  a: >\n    ä is fi\n\n    andd b\n", &[("BW001", "andd")]),
        ("groups:\n  a: |-\n    ä is fi\n      or not ) b\n", &[("BW001", ")")]),
        ("groups: { a: 'ä is ''fi''' }", &[("BW003", "''")]),
        ("groups: { a: \"b is fi\\\n   \\tandd c\" }", &[("BW001", "andd")]),
        ("admins: { a: { role: b until\n    2026-02-30 } }", &[("BW004", "2026-02-30")]),
        ("forbid: [ 'a.b unless holdrs of c' , x.y fro z ]", &[("BW001", "holdrs"), ("BW001", "fro")]),
        ("exceptions: { 'a \"b\"': \"for everyone may chang access\" }", &[("BW001", "chang")]),
        ("tests: { a: ['b can c.d on user { labels }'] }", &[("BW001", "")]),
    ];
    for (text, expected) in cases {
        assert_eq!(&pointed(text), expected, "{text}");
    }
}

#[test]
fn a_name_that_declares_may_stand_twice_for_the_resolver() {
    let text = "roles: { a: , a: }\ngroups: { g: email is set, g: email is set }\nlabels: { l: , l: }\n";
    let (file, findings) = read(text);
    assert!(findings.is_empty());
    assert_eq!(file.decls.len(), 6);
    let codes: Vec<_> = compiled("a.yaml", text).findings.into_iter().map(|f| f.code.0).collect();
    assert_eq!(codes.iter().filter(|code| **code == "BW106").count(), 3, "{codes:?}");
}

/// What other readers take for booleans, numbers, dates and nothing is text here.
#[test]
fn every_value_is_text() {
    let yaml = "attributes: { language: [no, on, off, yes, 017, 1.0, 1e3, 2026-01-01, 0x1F, true, !!str null, \"~\"] }
units: { no: [off], 017: { 1.5: } }
tiers: [{ name: on, covers: '*' }]
roles: { yes: { tier: on, extends: 017, label: 12 }, 017: { label: no }, 2026-01-01: { needs: yes } }
admins: { no: { unit: 017, language: 1e3, role: 017, phone: 0049 } }
platform: { name: 12, languages: [en, no] }
";
    let bw = "attribute language { \"no\", \"on\", \"off\", \"yes\", \"017\", \"1.0\", \"1e3\", \"2026-01-01\", \"0x1F\", \"true\", \"null\", \"~\" }
unit no { off }
unit \"017\" { \"1.5\" }
tier \"on\" covers *
role yes \"12\" tier \"on\" { extends \"017\" }
role \"017\" \"no\"
role \"2026-01-01\" needs role yes
admin no { unit \"017\"; language 1e3; role \"017\"; phone 0049 }
platform \"12\" { languages en, no }
";
    let (file, findings) = read(yaml);
    assert!(findings.is_empty(), "{findings:?}");
    let mut findings = Findings::new();
    let twin = bailiwick::syntax::text::parse(SourceId(0), bw, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(file.to_string(), twin.to_string());
}

#[test]
fn nothing_is_a_policy_without_declarations() {
    for text in ["", "\n", "# nothing yet\n", "---\n", "---\n...\n", "~", "roles:\ngroups: ~\n", "{}", "roles: {}"] {
        let (file, findings) = read(text);
        assert!(findings.is_empty() && file.decls.is_empty() && !file.broken, "{text:?}: {findings:?}");
    }
}

#[test]
fn anchors_and_aliases_are_read_below_the_limit() {
    let text = "roles:\n  a: &a { label: &l A, allow: &s 'b.c on users un d' }\n  e: *a\n  f: { label: *l }\n";
    let (file, findings) = read(text);
    assert_eq!(file.decls.len(), 3);
    assert_eq!(findings.len(), 1, "the same place is reported once: {findings:?}");
    assert_eq!(pointed(text), [("BW001", "un")]);
}

#[test]
fn one_fault_does_not_hide_another() {
    let text =
        "roles:\n  a: { label: \"x }\n  b: { alow: c.d }\n  e: { by claim: true }\ngroups:\n  f: email iss set\n";
    assert_eq!(pointed(text), [("BW002", "\""), ("BW001", "alow"), ("BW001", "iss")]);
    let (file, _) = read(text);
    assert!(file.broken && file.decls.len() == 2, "the sound role, and the one whose key is misspelt, are kept");
}

#[test]
fn hostile_files_end_in_a_finding_soon() {
    let deep = |open: &str, close: &str| format!("labels: {}x{}", open.repeat(5_000), close.repeat(5_000));
    let bomb = |from: usize| {
        let line = |n: usize| {
            let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
            format!("  - &a{n} [{aliases}]\n")
        };
        format!("forbid:\n  - &a{} [x]\n{}", from - 1, (from..from + 200).map(line).collect::<String>())
    };
    let many_keys = (0..50_000).map(|n| format!("  k{n}: x\n")).collect::<String>();
    for (text, code) in [
        (deep("{ a: ", " }"), "BW005"),
        (deep("[", "]"), "BW005"),
        (format!("roles:\n{}", (0..5_000).map(|n| format!("{}- \n", " ".repeat(n))).collect::<String>()), "BW005"),
        (bomb(1), "BW007"),
        (format!("roles:\n  a:\n{}", many_keys.replace("  k", "    k")), "BW001"),
        (format!("roles: {{ {}: {{ alow: x }} }}", "n".repeat(1_025)), "BW007"),
        ("roles: \"\u{0}\"".to_owned(), "BW003"),
        ("- \u{feff}".to_owned(), "BW003"),
    ] {
        let (file, findings) = read(&text);
        assert!(file.broken);
        assert!(findings.iter().any(|finding| finding.code.0 == code), "{code}: {:?}", findings.first());
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_mean_nothing() {
    let text = tour("docs/yaml.md", "yaml");
    let (file, findings) = read(&text);
    assert!(findings.is_empty() && file.decls.len() > 50, "{findings:?}");
    for other in
        [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), format!("\u{feff}{}", text.replace('\n', "\r\n"))]
    {
        let (again, findings) = read(&other);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(again.to_string(), file.to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is done to a policy, reading it ends, and every finding stands at a place in it.
    #[test]
    fn no_text_is_too_broken_to_be_read(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..30, "[\\[\\]{}\"'*&!|>:#,\n\t ~%@\\\\ä-]{0,4}"), 1..6)
    ) {
        let mut text = tour("docs/yaml.md", "yaml");
        for (at, length, put) in cuts {
            let boundary = |mut n: usize| { while !text.is_char_boundary(n) { n -= 1 } n };
            let start = boundary(at.index(text.len() + 1));
            let end = boundary((start + length).min(text.len()));
            text.replace_range(start..end, &put);
        }
        let (file, findings) = read(&text);
        prop_assert_eq!(file.broken, !findings.is_empty());
        for span in findings.iter().flat_map(|finding| &finding.labels).map(|label| label.span) {
            prop_assert!(text.get(span.range()).is_some(), "{:?}", span);
        }
    }
}
