//! A policy compared with itself, cut, shuffled and in the other form, has no edits; with a line more or less it has that one.

use std::fs;
use std::path::Path;

use bailiwick::diagnostic::Findings;
use bailiwick::diff::change::{About, Edit};
use bailiwick::diff::{self, Policy};
use bailiwick::source::{Source, SourceMap};
use bailiwick::syntax::{ast, convert};
use bailiwick::{Outcome, syntax};
use proptest::prelude::*;
use proptest::sample::Index;

struct Written {
    sources: SourceMap,
    files: Vec<ast::File>,
    outcome: Outcome,
}

impl Written {
    /// Reads the sources; edits are a matter of words, so nothing is compiled.
    fn new(sources: Vec<Source>) -> Self {
        let sources = SourceMap::new(sources);
        let files = syntax::parse(&sources, &mut Findings::new());
        Self { sources, files, outcome: Outcome { findings: vec![], compiled: None } }
    }

    fn policy(&self) -> Policy<'_> {
        Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome }
    }
}

fn between(old: &Written, new: &Written) -> Vec<Edit> {
    diff::edits(&old.policy(), &new.policy())
}

/// The texts of a policy of the repository.
fn texts(policy: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(policy);
    let files = fs::read_dir(folder).expect("the policy").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "bw")).collect();
    files.sort();
    let text = |path: &Path| fs::read_to_string(path).expect("a file");
    files.iter().enumerate().map(|(number, path)| (format!("{number}.bw"), text(path))).collect()
}

fn written(texts: &[(String, String)]) -> Written {
    Written::new(texts.iter().map(|(path, text)| Source::new(path.clone(), text.clone())).collect())
}

/// The declarations, each a piece of text; tiers stay together.
fn pieces(texts: &[(String, String)]) -> Vec<String> {
    let sources = SourceMap::new(texts.iter().map(|(path, text)| Source::new(path.clone(), text.clone())).collect());
    let mut findings = Findings::new();
    let (mut pieces, mut tiers) = (vec![], String::new());
    for decl in syntax::parse(&sources, &mut findings).iter().flat_map(|file| &file.decls) {
        let piece = sources.text(decl.span).to_owned();
        if piece.starts_with("tier") { tiers += &format!("{piece}\n") } else { pieces.push(piece) }
    }
    if !tiers.is_empty() {
        pieces.push(tiers);
    }
    pieces
}

#[test]
fn another_form_is_no_edit() {
    for policy in ["learning-portal", "dialog-platform"] {
        let texts = texts(policy);
        let straight = written(&texts);
        let other = texts.iter().map(|(path, text)| {
            let sources = SourceMap::single(path, text);
            let (id, source) = sources.iter().next().expect("a source");
            let text = convert::converted(id, source).expect("a policy that converts");
            Source::new(path.replace(".bw", ".yaml"), text)
        });
        let other = Written::new(other.collect());
        assert!(other.files.iter().all(|file| !file.broken && !file.decls.is_empty()), "{policy}");
        assert_eq!(between(&straight, &other), vec![], "{policy}");
        let (old, new) = (straight.policy(), other.policy());
        assert_eq!(diff::declared(&old, &new), vec![]);
        assert_eq!(diff::transitions(&side(&old), &side(&new), &diff::Options::default(), &[]), Ok(vec![]));
    }
}

fn side<'a>(policy: &Policy<'a>) -> diff::Side<'a> {
    diff::Side { name: "policy", table: None, sidecar: None, policy: Some(*policy) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn shuffled_declarations_are_no_edits(picks in prop::collection::vec((any::<Index>(), 0..4_usize), 400)) {
        let texts = texts("learning-portal");
        let straight = written(&texts);
        let mut rest = pieces(&texts);
        let mut files = vec![String::new(); 4];
        for (pick, file) in picks {
            if rest.is_empty() {
                break;
            }
            let piece = rest.swap_remove(pick.index(rest.len()));
            files[file] += &format!("// {file}\n{piece}\n\n");
        }
        prop_assert!(rest.is_empty());
        let shuffled: Vec<_> = files.into_iter().enumerate().map(|(i, text)| (format!("{i}.bw"), text)).collect();
        prop_assert_eq!(between(&straight, &written(&shuffled)), vec![]);
    }

    #[test]
    fn a_declaration_that_is_taken_out_is_what_the_edits_say(pick in any::<Index>()) {
        let texts = texts("learning-portal");
        let straight = written(&texts);
        let mut rest = pieces(&texts);
        let gone = rest.remove(pick.index(rest.len()));
        let less = written(&[("p.bw".to_owned(), rest.join("\n"))]);
        let (there, back) = (between(&straight, &less), between(&less, &straight));
        // Tests and settings of checks are no edits, and all edits that there are take something out.
        let silent = gone.starts_with("test") || gone.starts_with("lint") || gone.starts_with("admins");
        prop_assert_eq!(there.is_empty(), silent, "{}: {:?}", gone, there);
        // What predicates no longer ask for is one's own business: nothing else changes with the declaration.
        prop_assert!(there.iter().all(|edit| edit.after.is_none()), "{:?}", there);
        prop_assert_eq!(there.len(), back.len());
        for (edit, other) in there.iter().zip(&back) {
            prop_assert_eq!(edit.before.as_ref().map(|said| &said.text), other.after.as_ref().map(|said| &said.text));
            prop_assert_eq!(edit.about, other.about);
        }
    }
}

#[test]
fn a_hundred_thousand_people_are_compared_in_one_walk() {
    let policy = "platform p { super none }\nresponsible \"c\"\nresource reports on user { view list }\nunit north\nunit south\n\
                  role a { allow reports.list on users in own unit }\nrole b { allow reports.list }\nadmins from \"people.csv\"\n";
    let table = |moved: usize| {
        let mut text = "login,unit,roles\n".to_owned();
        for number in 0..100_000 {
            let unit = if number % 2 == 0 || number == moved { "north" } else { "south" };
            text += &format!("user{number:06},{unit},{}\n", if number == moved { "b" } else { "a" });
        }
        text
    };
    let people = |moved| Written::new(vec![Source::new("p.bw", policy), Source::people("people.csv", table(moved))]);
    let (old, new) = (people(usize::MAX), people(77_777));
    let start = std::time::Instant::now();
    let found = between(&old, &new);
    let texts: Vec<_> = found
        .iter()
        .map(|e| (e.about, e.before.as_ref().map(|s| s.text.as_str()), e.after.as_ref().map(|s| s.line)))
        .collect();
    let wanted = [
        (About::Access, None, Some(77_779)),
        (About::Access, Some("role a"), None),
        (About::Access, Some("unit south"), Some(77_779)),
    ];
    assert_eq!(texts, wanted);
    // Quadratic work would take hours.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
