//! What the style promises, for a text that can be read; and the texts of this project.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::diagnostic::Findings;
use bailiwick::source::{Source, SourceId};
use bailiwick::syntax::format;

pub(crate) fn laid_out(text: &str) -> String {
    format::text(SourceId(0), text).unwrap_or_else(|why| panic!("{why:?}\n{text}"))
}

/// The tree as canonical text; none where something cannot be read.
pub(crate) fn tree(text: &str) -> Option<String> {
    let mut findings = Findings::new();
    let file = bailiwick::syntax::text::parse(SourceId(0), text, &mut findings);
    findings.is_empty().then(|| file.to_string())
}

/// Checks what the style promises for a text that can be read.
pub(crate) fn keeps_its_promises(text: &str) -> Result<(), String> {
    let new = format::text(SourceId(0), text).map_err(|why| format!("{why:?}\n{text}"))?;
    let again = format::text(SourceId(0), &new).map_err(|why| format!("{why:?}\n{new}"))?;
    if new != again {
        return Err(not_the_same_twice(text, &new, &again));
    }
    if tree(text) != tree(&new) {
        return Err(format!("another tree:\n{text}\nlaid out as\n{new}"));
    }
    let tidy = |line: &str| {
        let code = line.split("//").next().unwrap_or("").trim_end();
        line == line.trim_end() && !code.contains('\t') && (code.chars().count() <= 120 || !line.contains(", "))
    };
    let untidy: Vec<&str> = new.lines().filter(|line| !tidy(line)).collect();
    if untidy.is_empty() && !new.contains("\n\n\n") { Ok(()) } else { Err(format!("untidy: {untidy:?} in\n{new}")) }
}

fn not_the_same_twice(text: &str, new: &str, again: &str) -> String {
    let differing = new.lines().zip(again.lines()).find(|(one, other)| one != other);
    format!("not the same twice: {differing:?} from\n{text}\nfirst\n{new}\nthen\n{again}")
}

/// The same for the YAML form.
pub(crate) fn yaml_keeps_its_promises(text: &str) -> Result<String, String> {
    let laid_out = |text: &str| {
        format::source(SourceId(0), &Source::new("p.yaml", text)).map_err(|why| format!("{why:?}\n{text}"))
    };
    let new = laid_out(text)?;
    let again = laid_out(&new)?;
    if new != again {
        return Err(not_the_same_twice(text, &new, &again));
    }
    let tree = |text: &str| {
        let mut findings = Findings::new();
        let file = bailiwick::syntax::yaml::parse(SourceId(0), text, &mut findings);
        findings.is_empty().then(|| file.to_string())
    };
    if tree(text).is_none() || tree(text) != tree(&new) {
        return Err(format!("another tree:\n{text}\nlaid out as\n{new}"));
    }
    Ok(new)
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.into_iter().filter(|path| path.extension().is_some_and(|it| it == ending));
    here.chain(folders.iter().flat_map(|folder| self::files(folder, ending))).collect()
}

/// The text of the examples in a page of the manual.
pub(crate) fn examples(page: &str, language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join(page)).expect("the manual");
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}
