//! Administration policies as code: who may do what to whom, checked as a graph and compiled to a flat permission table.
//!
//! Data goes one way:
//!
//! ```text
//! SourceMap --parse--> ast --resolve--> Model --lower--> Rights --check--> findings
//!                                                           `----emit--> table bytes
//! ```
//!
//! [`compile`] is that line. The core does no input or output; the program in `cli` does.

pub mod algebra;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod dates;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod fix;
pub mod lower;
pub mod model;
pub mod paths;
pub mod query;
pub mod region;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod text;
pub mod timings;

use diagnostic::{Finding, Findings, Severities, Severity};
use lower::rights::Rights;
use lower::{Switches, lower};
use model::Model;
use source::SourceMap;
use syntax::ast;
use timings::Stages;

/// What a run may be told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The day from which on invariants must hold (days since 1970-01-01); today when none is given. Changes findings, never bytes.
    pub at: Option<i32>,
    /// Severities.
    pub severities: Severities,
    /// The number written into the table, by which a runtime refuses to go back.
    pub revision: u64,
}

/// What came of a policy.
#[derive(Debug)]
pub struct Outcome {
    /// Everything there is to say, in order, with its final severity.
    pub findings: Vec<Finding>,
    /// The compiled policy; none when a finding is an error.
    pub compiled: Option<Compiled>,
}

impl Outcome {
    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }
}

/// A policy without errors: only such a one is emitted, asked or tested.
#[derive(Debug)]
pub struct Compiled {
    model: Model,
    rights: Rights,
    written: emit::table::Written,
}

impl Compiled {
    /// The resolved policy.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// Its rights, with the features as written.
    #[must_use]
    pub const fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &[u8] {
        &self.written.bytes
    }

    /// The files and lines that the table's rules come from.
    #[must_use]
    pub fn sidecar(&self, sources: &SourceMap) -> emit::table::Sidecar {
        self.written.sidecar(&self.model, &self.rights, sources)
    }

    /// The same, written as JSON without being held.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_sidecar(&self, sources: &SourceMap, out: impl std::io::Write) -> std::io::Result<()> {
        self.written.write_sidecar(&self.model, &self.rights, sources, out)
    }
}

/// Compiles a policy: reads, resolves, checks, and, where no finding is an error, emits the table.
#[must_use]
pub fn compile(sources: &SourceMap, options: &Options) -> Outcome {
    compile_timed(sources, options, &Stages::default())
}

/// The same, with an account of where the time goes.
#[must_use]
pub fn compile_timed(sources: &SourceMap, options: &Options, stages: &Stages) -> Outcome {
    let mut findings = Findings::new();
    let files = stages.run("parse", || syntax::parse(sources, &mut findings));
    compile_parsed(&files, sources, findings, options, stages)
}

/// Compiles what was read from the sources, with the findings of the reading: [`compile`] from the second step on, for whoever has a
/// tree that no text says. Its places lie in `sources`.
#[must_use]
pub fn compile_files(files: &[ast::File], sources: &SourceMap, findings: Findings, options: &Options) -> Outcome {
    compile_parsed(files, sources, findings, options, &Stages::default())
}

fn compile_parsed(
    files: &[ast::File],
    sources: &SourceMap,
    mut findings: Findings,
    options: &Options,
    stages: &Stages,
) -> Outcome {
    let model = stages.run("resolve", || resolve::resolve(files, sources, &mut findings));
    let rights = analyse(&model, options, &mut findings, stages);
    let whole = rights.as_ref().filter(|_| !findings.any_fatal());
    let written = whole.and_then(|rights| {
        let written = stages.run("emit", || emit::table::write(&model, rights, options.revision));
        written.map_err(|limit| findings.push(limit.finding())).ok()
    });
    let findings = options.severities.apply(findings, &model.lints);
    let clean = !findings.any_error();
    let compiled = match (rights, written) {
        (Some(rights), Some(written)) if clean => Some(Compiled { model, rights, written }),
        _ => None,
    };
    let findings = stages.run("settle", || {
        let mut findings = findings.sorted();
        fix::settle(&mut findings, files, sources);
        diagnostic::condense(diagnostic::join_alike(findings), sources)
    });
    Outcome { findings, compiled }
}

/// Lowers the model and runs every check; none where a cycle leaves nothing to lower.
fn analyse(model: &Model, options: &Options, findings: &mut Findings, stages: &Stages) -> Option<Rights> {
    let before = findings.len();
    check::bw301::run(model, findings);
    if findings.len() > before {
        return None;
    }
    let (written, all_on) = (Switches::as_written(model), Switches::all_on(model));
    // Where every feature is on, the rights are the most that there can be.
    let (rights, most) = stages.run("lower", || {
        let most = (written != all_on).then(|| lower(model, &all_on));
        (lower(model, &written), most)
    });
    let at = options.at.unwrap_or_else(dates::today);
    let wanted = |code: diagnostic::Code| !options.severities.is_off(code.0, &model.lints);
    stages.run("check", || {
        check::run_timed(&check::Context::new(model, &rights, most.as_ref(), at), wanted, findings, stages);
    });
    Some(rights)
}
