//! What one form rejects, the other rejects too, with the same words at the corresponding place.

mod directory;

use std::path::Path;

use bailiwick::source::{Source, SourceId, SourceMap};
use bailiwick::syntax::convert::converted;

use directory::{cases, code_of, compiled, name, sources};

/// What is about how one form is written: it has nothing to correspond to in the other.
const SYNTAX: [&str; 7] = ["BW001", "BW002", "BW003", "BW004", "BW005", "BW006", "BW007"];

fn is_syntax(case: &Path) -> bool {
    SYNTAX.contains(&code_of(case).as_str())
}

/// A finding as it can be compared: its code, its message, and what stands at its places.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    said: String,
    places: Vec<String>,
}

impl Found {
    /// Whether the places correspond: in YAML a statement has no keyword, since its key says it, a flag is `true`, and a text needs
    /// no quotes.
    fn corresponds(&self, yaml: &Self) -> bool {
        let letters = |place: &str| -> String {
            let place = place.strip_suffix(": true").unwrap_or(place);
            place.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ':' | '\\')).collect()
        };
        let same = |(text, yaml): (&String, &String)| letters(text).ends_with(&letters(yaml));
        let places = || self.places.iter().zip(&yaml.places);
        self.said == yaml.said && self.places.len() == yaml.places.len() && places().all(same)
    }
}

/// What is found in a policy, by what is said.
fn found(sources: &SourceMap, code: &str) -> Vec<Found> {
    let outcome = compiled(sources, code);
    let mut found: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| Found {
            said: format!("{} {}", finding.code, finding.message),
            places: finding.labels.iter().map(|label| sources.text(label.span).to_owned()).collect(),
        })
        .collect();
    found.sort();
    found
}

fn assert_twins(case: &str, text: &SourceMap, yaml: &SourceMap) {
    let code = code_of(Path::new(case));
    let (text, yaml) = (found(text, &code), found(yaml, &code));
    let said = |found: &[Found]| found.iter().map(|it| it.said.clone()).collect::<Vec<_>>();
    assert_eq!(said(&text), said(&yaml), "{case} and its twin in YAML");
    for (text, yaml) in text.iter().zip(&yaml) {
        assert!(text.corresponds(yaml), "{case}: {text:?} is not where its twin is, {yaml:?}");
    }
}

#[test]
fn every_rejected_policy_has_a_twin() {
    let mut compared = 0;
    for case in cases("reject").into_iter().filter(|case| !case.is_dir() && !is_syntax(case)) {
        let (text, yaml) = (case.with_extension("bw"), case.with_extension("yaml"));
        for twin in [&text, &yaml] {
            assert!(twin.exists(), "{} has no twin {}", name(&case), name(twin));
        }
        if case == text {
            compared += 1;
            assert_twins(&name(&case), &sources(&text), &sources(&yaml));
        }
    }
    assert!(compared > 20, "only {compared} were compared");
}

/// A folder has its twin made: the text form in it is converted.
#[test]
fn what_is_rejected_in_a_folder_is_rejected_in_yaml() {
    let mut compared = 0;
    for case in cases("reject").into_iter().filter(|case| case.is_dir()) {
        let text = sources(&case);
        let in_yaml = |source: &Source| {
            if source.path.ends_with(".csv") {
                return Some(source.clone());
            }
            let yaml = converted(SourceId(0), source).ok()?;
            let path = source.path.replace(".bw", ".yaml");
            Some(Source::new(path, yaml).within(name(&case)))
        };
        let yaml: Option<Vec<_>> = text.iter().map(|(_, source)| in_yaml(source)).collect();
        let yaml = yaml.unwrap_or_else(|| panic!("{} cannot be converted", name(&case)));
        compared += 1;
        assert_twins(&name(&case), &text, &SourceMap::new(yaml));
    }
    assert!(compared > 10, "only {compared} were compared");
}
