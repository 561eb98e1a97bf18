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

#![forbid(unsafe_code)]

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
pub mod workspace;

use diagnostic::{Finding, Findings, Severities, Severity};
use lower::rights::Rights;
use lower::{Switches, lower, lower_beside};
use model::Model;
use source::SourceMap;
use syntax::ast;
use syntax::text::Crowd;
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
    let (files, crowds) = stages.run("parse", || syntax::parse_apart(sources, &mut findings));
    compile_parsed(Trees::Own(files, crowds), sources, findings, options, (&mut check::Kept::default(), stages))
}

/// Compiles what was read from the sources, with the findings of the reading: [`compile`] from the second step on, for whoever has a
/// tree that no text says. Its places lie in `sources`.
#[must_use]
pub fn compile_files(files: &[ast::File], sources: &SourceMap, findings: Findings, options: &Options) -> Outcome {
    compile_parsed(Trees::Lent(files), sources, findings, options, (&mut check::Kept::default(), &Stages::default()))
}

/// The trees of a policy, and the plain admins that were set apart. Those of millions of people are dropped as soon as there is a model,
/// and made again if a fix asks for them.
enum Trees<'f> {
    Lent(&'f [ast::File]),
    Own(Vec<ast::File>, Vec<Crowd>),
    Dropped,
}

impl Trees<'_> {
    fn files(&self) -> &[ast::File] {
        match self {
            Self::Lent(files) => files,
            Self::Own(files, _) => files,
            Self::Dropped => &[],
        }
    }

    fn crowds(&self) -> &[Crowd] {
        if let Self::Own(_, crowds) = self { crowds } else { &[] }
    }

    /// The policy that they mean.
    fn resolved(self, sources: &SourceMap, findings: &mut Findings, stages: &Stages) -> (Model, Self) {
        let mut found = Findings::new();
        let model = stages
            .run("resolve", || resolve::resolve_apart((self.files(), self.crowds()), sources, &mut found))
            .inspect(|_| findings.extend(found));
        if let Some(model) = model {
            return (model, self.slim());
        }
        // Two of the admins have one name, or one login: which ones is found among trees. What reading found was said.
        let files = stages.run("parse", || syntax::parse(sources, &mut Findings::new()));
        let model = stages.run("resolve", || resolve::resolve(&files, sources, findings));
        (model, Self::Own(files, vec![]).slim())
    }

    /// Without those that are large.
    fn slim(self) -> Self {
        let declarations: usize = self.files().iter().map(|file| file.decls.len()).sum();
        if matches!(self, Self::Own(..)) && declarations >= MANY { Self::Dropped } else { self }
    }

    /// With them again, if a finding needs them.
    fn whole(self, findings: &[Finding], sources: &SourceMap) -> Self {
        let wanted = findings.iter().any(|finding| finding.fix.is_some());
        if !wanted || !matches!(self, Self::Dropped) {
            return self;
        }
        // What there is to say about them was said.
        let (files, crowds) = syntax::parse_apart(sources, &mut Findings::new());
        Self::Own(files, crowds)
    }
}

/// The same with what is kept of the checks of a former version; it is of this one afterwards.
fn compile_parsed(
    trees: Trees<'_>,
    sources: &SourceMap,
    mut findings: Findings,
    options: &Options,
    (kept, stages): (&mut check::Kept, &Stages),
) -> Outcome {
    let (model, trees) = trees.resolved(sources, &mut findings, stages);
    let lowered = lowered(&model, &mut findings, stages);
    let sound = !findings.any_fatal();
    let written = lowered.as_ref().and_then(|(rights, most)| {
        let emit = || sound.then(|| stages.run("emit", || emit::table::write(&model, rights, options.revision)));
        let mut check = || check(&model, (rights, most.as_ref()), options, &mut findings, (kept, stages));
        // The checks look at the same as the emitter, and at nothing of each other.
        let written = if model.accounts.len() < MANY {
            check();
            emit()
        } else {
            timings::beside(emit, check).0
        };
        let written = written.filter(|_| !findings.any_fatal());
        written.and_then(|written| written.map_err(|limit| findings.push(limit.finding())).ok())
    });
    let rights = lowered.map(|(rights, _)| rights);
    let findings = options.severities.apply(findings, &model.lints);
    let clean = !findings.any_error();
    let compiled = match (rights, written) {
        (Some(rights), Some(written)) if clean => Some(Compiled { model, rights, written }),
        _ => None,
    };
    let findings = stages.run("settle", || {
        let mut findings = findings.sorted();
        let trees = trees.whole(&findings, sources);
        fix::settle(&mut findings, (trees.files(), trees.crowds()), sources);
        diagnostic::condense(diagnostic::join_alike(findings), sources)
    });
    Outcome { findings, compiled }
}

/// From how many accounts on it is worth a thread to emit a table while checks are running; from how many declarations on trees are
/// not kept.
const MANY: usize = 10_000;

/// The rights with the features as written, and at their most where that is something else; none where a cycle leaves nothing to lower.
fn lowered(model: &Model, findings: &mut Findings, stages: &Stages) -> Option<(Rights, Option<Rights>)> {
    let before = findings.len();
    check::bw301::run(model, findings);
    if findings.len() > before {
        return None;
    }
    let (written, all_on) = (Switches::as_written(model), Switches::all_on(model));
    // Where every feature is on, the rights are the most that there can be.
    Some(stages.run("lower", || {
        let most = (written != all_on).then(|| lower(model, &all_on));
        let rights = match &most {
            Some(most) => lower_beside(model, &written, most),
            None => lower(model, &written),
        };
        (rights, most)
    }))
}

/// Runs every check.
fn check(
    model: &Model,
    (rights, most): (&Rights, Option<&Rights>),
    options: &Options,
    findings: &mut Findings,
    (kept, stages): (&mut check::Kept, &Stages),
) {
    let at = options.at.unwrap_or_else(dates::today);
    let wanted = |code: diagnostic::Code| !options.severities.is_off(code.0, &model.lints);
    stages.run("check", || {
        findings.extend(check::run_apart((model, rights, most, at), wanted, kept, stages));
    });
}
