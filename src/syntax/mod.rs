//! From text to tree: two fronts, one tree.
//!
//! A source whose path ends in `.yaml` or `.yml` is read as YAML, every other one, and standard input, as text. Tables of people make
//! no tree: their [`rows`] go straight to accounts.

pub mod ast;
pub mod convert;
pub mod format;
pub mod places;
pub mod print;
pub mod rows;
pub mod text;
pub mod yaml;

use crate::diagnostic::Findings;
use crate::source::{Source, SourceId, SourceKind, SourceMap};

/// Reads every source of a policy that holds declarations.
#[must_use]
pub fn parse(sources: &SourceMap, findings: &mut Findings) -> Vec<ast::File> {
    let policies = sources.iter().filter(|(_, source)| source.kind == SourceKind::Policy);
    policies.map(|(id, source)| parse_source(id, source, findings)).collect()
}

/// The same, but the plain admins of texts are set apart: they have no tree.
#[must_use]
pub fn parse_apart(sources: &SourceMap, findings: &mut Findings) -> (Vec<ast::File>, Vec<text::Crowd>) {
    let policies = sources.iter().filter(|(_, source)| source.kind == SourceKind::Policy);
    let read = policies.map(|(id, source)| match is_yaml(&source.path) {
        true => (yaml::parse(id, &source.text, findings), text::Crowd::default()),
        false => text::parse_apart(id, &source.text, findings),
    });
    let (files, mut crowds): (Vec<_>, Vec<text::Crowd>) = read.unzip();
    crowds.retain(|crowd| !crowd.is_empty());
    (files, crowds)
}

/// Reads one source that holds declarations.
#[must_use]
pub fn parse_source(id: SourceId, source: &Source, findings: &mut Findings) -> ast::File {
    let parse = if is_yaml(&source.path) { yaml::parse } else { text::parse };
    parse(id, &source.text, findings)
}

/// Whether a path is that of a policy in the YAML form.
#[must_use]
pub fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "yaml" | "yml"))
}
