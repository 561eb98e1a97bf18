//! Moodle's capabilities: which of upstream's defects the compiler finds by itself.

use std::collections::BTreeSet;

use bailiwick::source::SourceMap;
use bailiwick::syntax::print::{path_word, word};
use bailiwick::{Options, compile};
use serde::Deserialize;

use crate::asked::{Asked, compiled};
use crate::corpus;
use crate::moodle::{Clones, Held, Moodle};

/// A defect that is known to be in the data.
#[derive(Deserialize)]
pub(crate) struct Defect {
    /// The capability.
    capability: String,
    /// What is wrong.
    pub(crate) defect: String,
    /// The name or text that is wrong.
    detail: String,
}

/// The lines that findings of a code point into, from the place on; every finding there is has to be of this code.
fn pointed_at<'s>(sources: &'s SourceMap, code: &str) -> Vec<&'s str> {
    let outcome = compile(sources, &Options::default());
    assert!(outcome.compiled.is_none(), "a policy with these defects is not compiled");
    let errors = outcome.findings.iter().filter(|f| f.severity == bailiwick::diagnostic::Severity::Error);
    let mut lines = vec![];
    for finding in errors {
        let span = finding.span().expect("a place");
        assert_eq!(finding.code.0, code, "{}", finding.message);
        lines.extend(sources.get(span.source).text[span.start as usize..].lines().next());
    }
    lines.sort_unstable();
    lines
}

/// The defects of this kind.
fn of_kind<'d>(defects: &'d [Defect], words: &str) -> Vec<&'d Defect> {
    defects.iter().filter(|d| d.defect.contains(words)).collect()
}

#[test]
fn every_name_that_does_not_exist_is_found() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let defects: Vec<Defect> = corpus::rows(&folder, "upstream_defects.csv");
    let path = |defect: &&Defect| {
        let (resource, action) = defect.detail.split_once(':').expect("a capability");
        format!("{}.{}", word(resource), path_word(action))
    };
    let mut known: Vec<String> = of_kind(&defects, "does not exist").iter().map(path).collect();
    known.sort_unstable();
    assert_eq!(known.len(), 34);
    assert_eq!(pointed_at(&set.sources(Clones::Referred, Held::Everywhere), "BW105"), known);
}

#[test]
fn capabilities_without_archetypes_are_nobodys() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let defects: Vec<Defect> = corpus::rows(&folder, "upstream_defects.csv");
    let policy = compiled(&set.sources(Clones::Implied, Held::Everywhere));
    let asked = Asked::of(&policy);
    let given: BTreeSet<_> = asked.table.roles().flat_map(|role| asked.listed(role)).collect();
    let known = of_kind(&defects, "no archetypes key");
    assert_eq!(known.len(), 9);
    for defect in known {
        let action = asked.action(&set.capabilities[&defect.capability].path());
        assert!(!given.contains(&action), "{} is given to somebody", defect.capability);
    }
}

#[test]
fn what_a_course_cannot_give_is_found() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let allows = set.permissions.iter().filter(|p| p.permission == "allow" && !set.is_systemwide(&p.role));
    let paths = allows.map(|p| &set.capabilities[&p.capability]).filter(|c| c.contextlevel == "system");
    let mut dead: Vec<String> = paths.map(|c| c.path()).collect();
    dead.sort_unstable();
    assert_eq!(pointed_at(&set.sources(Clones::Ignored, Held::WhereAssignable), "BW406"), dead);
    assert_eq!(dead.len(), 26, "of editing teachers, teachers and students");
}
