//! The tables of people that a policy names: found beside it, and read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::load;
use crate::diagnostic::Findings;
use crate::paths;
use crate::source::{Source, SourceId, SourceMap};
use crate::syntax::ast::DeclKind;
use crate::syntax::{is_yaml, text, yaml};

/// The sources with the tables that they name, each read by its path and the folder that it must lie in. A table that cannot be had is
/// left out with the reason: the compiler says where it is named.
pub(super) fn with_tables(
    mut sources: Vec<Source>,
    mut read: impl FnMut(&str, &str) -> Result<String, String>,
) -> SourceMap {
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for source in &sources {
        for written in named(source) {
            if let Ok(path) = paths::beside(source, &written) {
                wanted.entry(path).or_insert_with(|| source.folder.clone());
            }
        }
    }
    let mut absent = vec![];
    for (path, folder) in wanted {
        match read(&path, &folder) {
            Ok(text) => sources.push(Source::people(path, text)),
            Err(why) => absent.push((path, why)),
        }
    }
    let mut map = SourceMap::new(sources);
    for (path, why) in absent {
        map.without(path, why);
    }
    map
}

/// The tables that a source names. Only a source that has the word is read for them.
fn named(source: &Source) -> Vec<String> {
    let yaml = is_yaml(&source.path);
    if !source.text.contains(if yaml { "people" } else { "admins" }) {
        return vec![];
    }
    // What cannot be read is told when the policy is compiled.
    let mut findings = Findings::new();
    let file = match yaml {
        true => yaml::parse(SourceId(0), &source.text, &mut findings),
        false => text::parse_apart(SourceId(0), &source.text, &mut findings).0,
    };
    let people = file.decls.into_iter().filter_map(|decl| match decl.kind {
        DeclKind::People(people) => Some(people.path.node),
        _ => None,
    });
    people.collect()
}

/// The text of a table on disk, or why there is none.
pub(super) fn read(path: &str, folder: &str) -> Result<String, String> {
    let why = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    let folder = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let real = fs::canonicalize(path).map_err(|e| why(&e))?;
    let inside = fs::canonicalize(folder).map_err(|e| why(&e))?;
    if !real.starts_with(inside) {
        return Err("a symbolic link leads out of the policy's folder".to_owned());
    }
    if !fs::metadata(&real).map_err(|e| why(&e))?.is_file() {
        return Err("it is no file".to_owned());
    }
    let bytes = load::bytes(&real).map_err(|e| why(&e))?;
    load::decoded(bytes).map_err(|(why, _)| format!("it {why}"))
}
