//! The same policy gives the same bytes, however its files are cut, shuffled and named; and the tour in the documentation compiles.

use std::fs;
use std::path::Path;

use bailiwick::diagnostic::human;
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, Outcome, compile, query};
use proptest::prelude::*;
use proptest::sample::Index;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn compiled(sources: &SourceMap) -> Outcome {
    let at = bailiwick::dates::parse_date("2026-06-01").ok();
    let outcome = compile(sources, &Options { at, ..Options::default() });
    let said: String = outcome.findings.iter().map(|f| human::render(f, sources, human::Style::default())).collect();
    assert!(!outcome.has_errors(), "{said}");
    outcome
}

fn table(sources: &SourceMap) -> Vec<u8> {
    compiled(sources).compiled.expect("a policy without errors").table().to_vec()
}

/// The tour of the language, from its documentation.
fn tour() -> String {
    let text = fs::read_to_string(root().join("docs/language.md")).expect("the documentation");
    let block = text.split("```").find(|b| b.starts_with("bw\n") && b.contains("platform acme")).expect("the tour");
    let whole = block.trim_start_matches("bw\n").lines();
    // The people of the tour's CSV file are not in the documentation.
    whole.filter(|line| !line.starts_with("admins from")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_tour_compiles_and_its_tests_pass() {
    let sources = SourceMap::single("tour.bw", &tour());
    let outcome = compiled(&sources);
    let report = query::run_tests(outcome.compiled.as_ref().expect("no errors"), 20_600);
    let failures: Vec<String> = report.failures.iter().map(|f| f.text(&sources)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(report.lines >= 4);
}

/// A policy cut into its declarations: each a piece of text. Tiers stay together, in their order.
fn pieces(files: &[String]) -> Vec<String> {
    let mut pieces = vec![];
    let mut tiers = String::new();
    for text in files {
        let sources = SourceMap::single("p.bw", text);
        let mut findings = bailiwick::diagnostic::Findings::new();
        let parsed = bailiwick::syntax::parse(&sources, &mut findings);
        assert!(findings.is_empty());
        for decl in parsed.iter().flat_map(|f| &f.decls) {
            let ignores: String = decl.ignores.iter().map(|it| format!("{}\n", sources.text(it.span))).collect();
            let piece = ignores + sources.text(decl.span);
            if piece.starts_with("tier") { tiers += &format!("{piece}\n") } else { pieces.push(piece) }
        }
    }
    if !tiers.is_empty() {
        pieces.push(tiers);
    }
    pieces
}

fn portal() -> Vec<String> {
    let folder = root().join("policies/learning-portal");
    let files = fs::read_dir(folder).expect("the policy").map(|e| e.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|p| p.extension().is_some_and(|e| e == "bw")).collect();
    files.sort();
    files.into_iter().map(|p| fs::read_to_string(p).expect("a file")).collect()
}

fn in_files(texts: Vec<(String, String)>) -> SourceMap {
    SourceMap::new(texts.into_iter().map(|(path, text)| Source::new(path, text)).collect())
}

#[test]
fn another_folder_gives_the_same_bytes() {
    let here = |prefix: &str| {
        let texts = portal().into_iter().enumerate();
        table(&in_files(texts.map(|(i, text)| (format!("{prefix}/{i}.bw"), text)).collect()))
    };
    assert_eq!(here("a"), here("some/other/place"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn shuffled_declarations_give_the_same_bytes(
        picks in prop::collection::vec((any::<Index>(), 0..4_usize), 400),
        of_tour in any::<bool>(),
    ) {
        let texts = if of_tour { vec![tour()] } else { portal() };
        let straight = table(&in_files(texts.iter().enumerate().map(|(i, t)| (format!("{i}.bw"), t.clone())).collect()));
        let mut rest = pieces(&texts);
        let mut files = vec![String::new(); 4];
        for (pick, file) in picks {
            if rest.is_empty() {
                break;
            }
            let piece = rest.swap_remove(pick.index(rest.len()));
            files[file] += &format!("{piece}\n");
        }
        prop_assert!(rest.is_empty());
        let shuffled = table(&in_files(files.into_iter().enumerate().map(|(i, t)| (format!("{i}.bw"), t)).collect()));
        prop_assert!(straight == shuffled, "the bytes differ");
    }
}
