//! Cases from the folder `tests/cases`, each a file or a folder of files.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::check::{CHECKS, bw009, bw111, bw401};
use bailiwick::dates::parse_date;
use bailiwick::diagnostic::Severities;
use bailiwick::model::LintLevel;
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, Outcome, compile};

/// The day on which invariants are judged here, whatever day it is.
const TODAY: &str = "2026-06-01";

/// That day, as the dates of policies count days.
pub(crate) fn today() -> i32 {
    parse_date(TODAY).expect("a date")
}

/// The last part of a path.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// The paths of the cases in one folder, in order.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", folder.display());
    paths
}

/// What a case is made of.
pub(crate) fn sources(case: &Path) -> SourceMap {
    let read = |path: &Path, shown: String| {
        let text = fs::read_to_string(path).expect("a readable case");
        let table = path.extension().is_some_and(|e| e == "csv");
        if table { Source::people(shown, text) } else { Source::new(shown, text) }
    };
    if case.is_dir() {
        let files = fs::read_dir(case).expect("a folder").map(|e| e.expect("an entry").path());
        let sources = files.map(|f| read(&f, format!("{}/{}", name(case), name(&f))).within(name(case)));
        return SourceMap::new(sources.collect());
    }
    SourceMap::new(vec![read(case, name(case))])
}

/// Compiles with the checks of this code alone (those of BW401 for BW009, which any of them may report; all of them for BW111, which
/// speaks of the others; none for no code): a case is about one thing, and a check to come leaves it as it is. What reading and
/// resolving find is always there.
pub(crate) fn compiled(sources: &SourceMap, code: &str) -> Outcome {
    let its = if code == bw009::CODE.0 { bw401::CODE.0 } else { code };
    let others = CHECKS.iter().filter(|c| c.run.is_some() && c.code.0 != its && code != bw111::CODE.0);
    let levels = others.map(|c| (c.code.0.to_owned(), LintLevel::Off)).collect();
    let severities = Severities { levels, ..Severities::default() };
    compile(sources, &Options { at: Some(today()), severities, ..Options::default() })
}

/// The code that a case is about.
pub(crate) fn code_of(case: &Path) -> String {
    let stem = case.file_stem().expect("a name").to_string_lossy().into_owned();
    stem.split('-').next().unwrap_or("").to_owned()
}
