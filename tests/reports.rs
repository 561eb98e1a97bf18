//! The formats that programs read: each against its schema, on rejected cases and on random findings, and what a user sees of them.

mod directory;
#[path = "reports/judge.rs"]
mod judge;
#[path = "reports/random.rs"]
mod random;

use std::path::Path;

use bailiwick::diagnostic::{Finding, fingerprints, github, gitlab, json, junit, markdown, sarif, tested};
use bailiwick::query::{Report, run_tests};
use bailiwick::source::{Source, SourceKind, SourceMap};
use serde::Serialize;

use directory::{cases, code_of, compiled, sources, today};

/// Writes findings in one format.
type Render = fn(&[Finding], &SourceMap) -> String;

/// Every format by its name.
const FORMATS: [(&str, Render); 6] = [
    ("json", |findings, sources| to_json(&json::report(findings, sources))),
    ("sarif", |findings, sources| to_json(&sarif::log(findings, sources))),
    ("gitlab", |findings, sources| to_json(&gitlab::issues(findings, sources))),
    ("github", github::render),
    ("markdown", markdown::render),
    ("junit", |findings, sources| junit::render(&junit::suites(findings, sources), today()).expect("written")),
];

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("written") + "\n"
}

/// Judges one format's text and says how many findings it has.
fn judged(format: &str, text: &str) -> usize {
    match format {
        "json" => judge::json(text),
        "sarif" => judge::sarif(text),
        "gitlab" => judge::gitlab(text),
        "github" => judge::github(text),
        "markdown" => judge::markdown(text),
        "junit" => judge::junit(text),
        _ => panic!("no judge of {format}"),
    }
}

#[test]
fn every_rejected_case_is_valid_in_every_format() {
    let cases = cases("reject");
    assert!(cases.len() > 100, "{} cases", cases.len());
    for case in cases {
        let sources = sources(&case);
        let findings = compiled(&sources, &code_of(&case)).findings;
        for (format, render) in FORMATS {
            assert_eq!(judged(format, &render(&findings, &sources)), findings.len(), "{format} of {}", case.display());
        }
    }
}

/// One case with several places, in both forms, and one whose places are in two files.
#[test]
fn what_a_user_sees_of_each_format() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in ["BW601-both.bw", "BW601-both.yaml", "BW106-two-files"] {
            let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/reject").join(case));
            let findings = compiled(&sources, &case[..5]).findings;
            for (format, render) in FORMATS {
                let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
                let text = render(&findings, &sources).replace(&version, "\"semanticVersion\": \"...\"");
                insta::assert_snapshot!(format!("{format}-{case}"), text);
            }
        }
    });
}

#[test]
fn fingerprints_stay_when_lines_come_and_go() {
    let mut compared = 0;
    for case in cases("reject") {
        let before = sources(&case);
        // Tables of people count their rows, and of what cannot be read the line is said where something was opened.
        let tables = before.iter().any(|(_, source)| source.kind == SourceKind::People);
        if tables || *code_of(&case) < *"BW100" {
            continue;
        }
        let after = before.iter().map(|(_, source)| Source::new(source.path.clone(), format!("\n\n{}", source.text)));
        let after = SourceMap::new(after.collect());
        let of = |sources: &SourceMap| fingerprints(&compiled(sources, &code_of(&case)).findings, sources);
        assert_eq!(of(&before), of(&after), "{}", case.display());
        compared += 1;
    }
    assert!(compared > 50, "{compared} cases");
}

#[test]
fn reports_of_tests_are_valid() {
    let policy = "platform shop { super none }\nresponsible \"Board\"\nresource books on entity { view list; write edit }\n\
                  role clerk { allow books.list }\nadmin pat { role clerk }\n\
                  test \"one | <two> % \\u{1b}\" { pat can books.edit on entity {}; pat cannot books.list on entity {}; pat can books.list on entity {} }\n\
                  test \"right\" { pat can books.list on entity {} }\n";
    let sources = SourceMap::single("a, b:c.bw", policy);
    let outcome = compiled(&sources, "");
    let report = run_tests(outcome.compiled.as_ref().expect("no errors"), today());
    assert_eq!((report.tests, report.lines, report.failures.len()), (2, 4, 2));
    assert_eq!(judge::tested(&to_json(&tested::report(&report, &[], &sources))), 2);
    assert_eq!(judge::github(&tested::annotations(&report, &sources)), 2);
    let suites = tested::suites(&report, &sources);
    assert_eq!(judge::junit(&junit::render(&suites, today()).expect("written")), 2, "a line for each that fails");
    let failing: Vec<bool> = suites[0].cases.iter().map(|case| case.failure.is_some()).collect();
    assert_eq!(failing, [true, false]);
    let broken = SourceMap::single("a.bw", "role a { allow nothing.such }");
    let errors = compiled(&broken, "").findings;
    assert_eq!(judge::tested(&to_json(&tested::report(&Report::default(), &errors, &broken))), 0);
}

#[test]
fn a_hundred_thousand_findings_are_written() {
    let (findings, sources) = random::many(100_000);
    for (format, render) in FORMATS {
        let text = render(&findings, &sources);
        assert!(!text.is_empty());
        if format == "gitlab" {
            assert_eq!(judged(format, &text), findings.len(), "each with a fingerprint of its own");
        }
    }
}
