//! A policy that is being edited: its sources in memory, and what was read of them, from one check to the next.
//!
//! [`Workspace::check`] says what [`crate::compile`] would say of the same sources, always. What it keeps are results whose every input
//! is the same: the tree of a source by its number and its text; and of the checks what [`check::Kept`] says.

use crate::diagnostic::{Finding, Findings};
use crate::source::{Source, SourceId, SourceKind, SourceMap};
use crate::syntax::{ast, parse_source};
use crate::timings::Stages;
use crate::{Options, Outcome, Trees, check, compile_parsed};

/// The sources of one policy, and what is known of them.
#[derive(Debug, Default)]
pub struct Workspace {
    options: Options,
    sources: SourceMap,
    /// What was read of each source that holds declarations, in order; as of the last check.
    read: Vec<Read>,
    files: Vec<ast::File>,
    kept: check::Kept,
}

/// Which text a tree was read from, and what reading it found.
#[derive(Debug)]
struct Read {
    source: SourceId,
    path: String,
    text: String,
    findings: Findings,
}

impl Read {
    fn is_of(&self, source: SourceId, now: &Source) -> bool {
        self.source == source && self.path == now.path && self.text == now.text
    }
}

impl Workspace {
    /// A policy without sources yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Says on which day and with which severities the next check is.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// The sources as they are now; places in findings lie in them.
    #[must_use]
    pub const fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Puts this text in the place of a source's, or adds a source that holds declarations.
    pub fn set(&mut self, path: &str, text: impl Into<String>) {
        let known = self.sources.iter().find(|(_, source)| source.path == path).map(|(id, _)| id);
        match known {
            Some(id) => self.sources.replace(id, text),
            None => self.put(Source::new(path, text)),
        }
    }

    /// Adds a source, in the place of the one with its path if there is one: a table of people, or one of a policy's folder.
    pub fn put(&mut self, source: Source) {
        self.sources.put(source);
    }

    /// Takes a source out; whether there was one.
    pub fn remove(&mut self, path: &str) -> bool {
        self.sources.remove(path)
    }

    /// Puts other sources in the place of all.
    pub fn replace(&mut self, sources: SourceMap) {
        self.sources = sources;
    }

    /// Everything there is to say of the sources as they are now: what [`crate::compile`] says of them.
    pub fn check(&mut self) -> Vec<Finding> {
        self.compile(&Stages::default()).findings
    }

    /// The same, with the compiled policy where there is no error, and an account of where the time goes.
    pub fn compile(&mut self, stages: &Stages) -> Outcome {
        stages.run("parse", || self.read());
        let findings = self.read.iter().flat_map(|read| read.findings.iter().cloned()).collect();
        compile_parsed(Trees::Lent(&self.files), &self.sources, findings, &self.options, (&mut self.kept, stages))
    }

    /// Reads what is not as it was.
    fn read(&mut self) {
        let mut known: Vec<Option<(Read, ast::File)>> =
            std::mem::take(&mut self.read).into_iter().zip(std::mem::take(&mut self.files)).map(Some).collect();
        for (id, source) in self.sources.iter().filter(|(_, source)| source.kind == SourceKind::Policy) {
            let same = known.iter_mut().find(|known| known.as_ref().is_some_and(|(read, _)| read.is_of(id, source)));
            let (read, file) = same.and_then(Option::take).unwrap_or_else(|| fresh(id, source));
            self.read.push(read);
            self.files.push(file);
        }
    }
}

fn fresh(id: SourceId, source: &Source) -> (Read, ast::File) {
    let mut findings = Findings::new();
    let file = parse_source(id, source, &mut findings);
    (Read { source: id, path: source.path.clone(), text: source.text.clone(), findings }, file)
}
