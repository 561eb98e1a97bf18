//! Policies of a few lines, for the tests of this folder.

use super::{Policy, Side};
use crate::diagnostic::Findings;
use crate::source::{Source, SourceMap};
use crate::syntax::ast;
use crate::{Options, Outcome, compile_files, syntax};

/// A policy that is written, read and compiled.
pub(crate) struct Written {
    sources: SourceMap,
    files: Vec<ast::File>,
    outcome: Outcome,
}

impl Written {
    /// The policy of these files: (path, text); a path that ends in `.csv` is that of a table of people.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let source = |(path, text): &(&str, &str)| {
            if path.ends_with(".csv") { Source::people(*path, *text) } else { Source::new(*path, *text) }
        };
        let sources = SourceMap::new(files.iter().map(source).collect());
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let options = Options { at: Some(20_600), ..Options::default() };
        let outcome = compile_files(&files, &sources, findings, &options);
        Self { sources, files, outcome }
    }

    /// As a comparison takes it.
    pub(crate) fn policy(&self) -> Policy<'_> {
        Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome }
    }

    /// As one side of a comparison.
    pub(crate) fn side(&self) -> Side<'_> {
        let table = self.outcome.compiled.as_ref().map(crate::Compiled::table);
        Side { name: "test", table, sidecar: None, policy: Some(self.policy()) }
    }
}
