//! Policies with everything that a comparison asks of them.

use bailiwick::diagnostic::{Findings, Severities, Severity};
use bailiwick::diff::change::Diff;
use bailiwick::diff::{self, Policy, Side};
use bailiwick::model::LintLevel;
use bailiwick::source::{Source, SourceMap};
use bailiwick::syntax::ast::File;
use bailiwick::{Options, check, syntax};
use bailiwick_table::Table;

/// A policy that compiles, whatever there is to say about it.
pub(crate) struct Written {
    sources: SourceMap,
    files: Vec<File>,
    outcome: bailiwick::Outcome,
}

impl Written {
    pub(crate) fn new(path: &str, text: &str) -> Result<Self, String> {
        let levels = check::CHECKS.iter().map(|c| (c.code.to_string(), LintLevel::Off)).collect();
        let options = Options { severities: Severities { levels, ..Severities::default() }, ..Options::default() };
        let sources = SourceMap::new(vec![Source::new(path, text)]);
        let files = syntax::parse(&sources, &mut Findings::new());
        let outcome = bailiwick::compile(&sources, &options);
        if outcome.compiled.is_some() {
            return Ok(Self { sources, files, outcome });
        }
        let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error);
        let shown: Vec<_> = errors.map(|f| format!("{} {}", f.code, f.message)).collect();
        Err(format!("{}\n{text}", shown.join("\n")))
    }

    pub(crate) fn table(&self) -> &[u8] {
        self.outcome.compiled.as_ref().map_or(&[], |c| c.table())
    }

    pub(crate) fn loaded(&self) -> Result<Table<&[u8]>, String> {
        Table::from_bytes(self.table()).map_err(|e| format!("{e:?}"))
    }

    /// As a side; where the policy is not known, its table alone.
    fn side<'a>(&'a self, name: &'a str, known: bool) -> Side<'a> {
        let policy = Policy { sources: &self.sources, files: &self.files, outcome: &self.outcome };
        Side { name, table: Some(self.table()), sidecar: None, policy: known.then_some(policy) }
    }
}

/// What the change from one to the other does; `known` says of which side the policy is known, and not its table alone.
pub(crate) fn compared([old, new]: [&Written; 2], known: [bool; 2], at: i32) -> Result<Diff, String> {
    let options = diff::Options { at: Some(at), ..diff::Options::default() };
    diff::diff(&old.side("old", known[0]), &new.side("new", known[1]), &options).map_err(|why| why.to_string())
}
