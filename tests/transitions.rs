//! Directory tests of changes: two files dropped into `tests/cases/diff` are a test, `CODE-slug.old.bw` and `CODE-slug.new.bw` (or
//! `.yaml`; or two folders, for several files).
//!
//! - in `tests/cases/diff`: the change has a finding of that code. What the user sees is in `snapshots/`.
//! - in `tests/cases/diff/accept`: it comes close and is right: no finding of that code.
//!
//! A comment `requested by NAME` in the first line of the new policy says who asks for the change. Every pair is asked in the other form too, and
//! must be judged alike.

mod directory;

use std::collections::BTreeSet;
use std::path::PathBuf;

use bailiwick::check::{CHECKS, bw111};
use bailiwick::diagnostic::{Finding, Findings, human, summary};
use bailiwick::diff::{self, Policy, Side};
use bailiwick::source::{Source, SourceKind, SourceMap};
use bailiwick::syntax::ast;
use bailiwick::syntax::convert;
use bailiwick::{Outcome, syntax};

use directory::{cases, code_of, compiled, name, sources, today};

/// One side, read and compiled.
struct Written {
    sources: SourceMap,
    files: Vec<ast::File>,
    outcome: Outcome,
}

impl Written {
    fn new(sources: SourceMap) -> Self {
        let files = syntax::parse(&sources, &mut Findings::new());
        // With every check, as for the code that speaks of the others.
        let outcome = compiled(&sources, bw111::CODE.0);
        Self { sources, files, outcome }
    }

    fn side(&self) -> Side<'_> {
        let policy = Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome };
        let table = self.outcome.compiled.as_ref().map(bailiwick::Compiled::table);
        Side { name: "policy", table, sidecar: None, policy: Some(policy) }
    }

    /// The same policy in the other form; none where a source cannot be converted.
    fn converted(&self) -> Option<Self> {
        let mut all = vec![];
        for (id, source) in self.sources.iter() {
            if source.kind == SourceKind::People {
                all.push(source.clone());
                continue;
            }
            let (stem, ending) = source.path.rsplit_once('.')?;
            let other = if ending == "bw" { "yaml" } else { "bw" };
            let text = convert::converted(id, source).ok()?;
            all.push(Source::new(format!("{stem}.{other}"), text).within(source.folder.clone()));
        }
        Some(Self::new(SourceMap::new(all)))
    }

    /// Who asks for the change, by the comment in the first line.
    fn requester(&self) -> Option<String> {
        let (_, source) = self.sources.iter().find(|(_, source)| source.kind == SourceKind::Policy)?;
        let (_, name) = source.text.lines().next()?.split_once("requested by ")?;
        Some(name.trim().to_owned())
    }
}

/// What is not allowed about a change; of the codes that are about what comes of it, only what that code says.
fn judged(old: &Written, new: &Written, requested_by: Option<String>, code: &str) -> Vec<Finding> {
    let options = diff::Options { at: Some(today()), requested_by, ..diff::Options::default() };
    let (old, new) = (old.side(), new.side());
    if CHECKS.iter().any(|check| check.code.0 == code && check.transits.is_none()) {
        let found = diff::diff(&old, &new, &options).unwrap_or_else(|why| panic!("{why}"));
        return found.findings.into_iter().filter(|finding| finding.code.0 == code).collect();
    }
    let edits = match (&old.policy, &new.policy) {
        (Some(before), Some(after)) => diff::edits(before, after),
        _ => vec![],
    };
    diff::transitions(&old, &new, &options, &edits).unwrap_or_else(|why| panic!("{why}"))
}

/// The old policies of the cases in a folder, each with its new one.
fn pairs(folder: &str) -> Vec<(PathBuf, PathBuf)> {
    let mut pairs: Vec<_> = cases(folder)
        .into_iter()
        .filter(|path| name(path).contains(".old"))
        .map(|old| (old.with_file_name(name(&old).replace(".old", ".new")), old))
        .map(|(new, old)| (old, new))
        .collect();
    pairs.sort();
    assert!(!pairs.is_empty(), "no pairs in {folder}");
    pairs
}

fn shown(new: &Written, old: &Written, findings: &[Finding]) -> String {
    let mut text = String::new();
    for (_, source) in old.sources.iter().chain(new.sources.iter()) {
        text += &format!("--- {}\n{}\n", source.path, source.text.trim_end());
    }
    text += "---\n";
    for finding in findings {
        text += &human::render(finding, &new.sources, human::Style::default());
        text += "\n";
    }
    text + &summary(findings)
}

/// What is said, without places.
fn messages(findings: &[Finding]) -> BTreeSet<(&'static str, String)> {
    findings.iter().map(|f| (f.code.0, f.message.clone())).collect()
}

#[test]
fn rejected_changes_say_what_is_wrong() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (before, after) in pairs("diff") {
            let (old, new) = (Written::new(sources(&before)), Written::new(sources(&after)));
            let (code, title) = (code_of(&before), name(&before).replace(".old", ""));
            let findings = judged(&old, &new, new.requester(), &code);
            assert!(findings.iter().any(|f| f.code.0 == code), "{title} has no finding of code {code}");
            insta::assert_snapshot!(title.clone(), shown(&new, &old, &findings));
            if let (Some(old), Some(other)) = (old.converted(), new.converted()) {
                assert_eq!(
                    messages(&judged(&old, &other, new.requester(), &code)),
                    messages(&findings),
                    "{title}, converted"
                );
            }
        }
    });
}

#[test]
fn accepted_changes_are_left_alone() {
    for (before, after) in pairs("diff/accept") {
        let (old, new) = (Written::new(sources(&before)), Written::new(sources(&after)));
        let code = code_of(&before);
        let findings = judged(&old, &new, new.requester(), &code);
        let said = shown(&new, &old, &findings);
        assert!(!old.outcome.has_errors() && !new.outcome.has_errors(), "{said}");
        assert!(!findings.iter().any(|f| f.code.0 == code), "{said}");
    }
}

#[test]
fn every_code_of_changes_has_its_cases() {
    let codes = |folder| pairs(folder).iter().map(|(old, _)| code_of(old)).collect::<BTreeSet<_>>();
    let wanted: BTreeSet<String> =
        CHECKS.iter().map(|c| c.code.0.to_owned()).filter(|code| code.starts_with("BWT")).collect();
    assert_eq!(codes("diff"), wanted);
    assert_eq!(codes("diff/accept"), wanted);
}
