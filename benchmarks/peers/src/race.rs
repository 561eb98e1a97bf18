//! One engine and the table, in turns, in a process of their own.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick_benchmarks::line::Line;
use bailiwick_benchmarks::model::{Model, Size};
use bailiwick_benchmarks::questions::{Question, questions};
use bailiwick_benchmarks::report::timed;

use crate::Result;
use crate::casbin::{Leaves, Rules};
use crate::cedar::{Roles, Slots};
use crate::engine::{Engine, Kind, Owned};
use crate::ours::Ours;
use crate::regorus::{Bytecode, Interpreter};
use crate::usage::resident;

/// What the table is asked in a round, as many as its other benches ask.
const OURS: usize = 1_000_000;
/// Questions that are held against the naive evaluator, if there is time.
const VERIFIED: usize = 10_000;
/// How long a round of an engine may take, about.
const ROUND: Duration = Duration::from_secs(4);
/// How long its answers may be held against the naive evaluator's.
const VERIFYING: Duration = Duration::from_secs(60);

/// What the figures are called.
pub(crate) mod what {
    pub(crate) const READY: &str = "ready";
    pub(crate) const MEMORY: &str = "memory";
    pub(crate) const VERIFIED: &str = "verified";
    pub(crate) const ASKED: &str = "asked";
    pub(crate) const PREPARED: &str = "prepared";
    pub(crate) const STRINGS: &str = "three strings";
    pub(crate) const OURS_HANDLE: &str = "table by handle";
    pub(crate) const OURS_LOGIN: &str = "table by login";
    pub(crate) const OURS_STRINGS: &str = "table by three strings";
    /// Those that are nanoseconds.
    pub(crate) const TIMED: [&str; 5] = [PREPARED, STRINGS, OURS_HANDLE, OURS_LOGIN, OURS_STRINGS];
}

/// Makes one engine ready, verifies and times it; prints lines.
pub(crate) fn run(size: Size, kind: Kind) -> Result<()> {
    match kind {
        Kind::RegorusBytecode => measure::<Bytecode>(size),
        Kind::RegorusInterpreter => measure::<Interpreter>(size),
        Kind::CedarSlots => measure::<Slots>(size),
        Kind::CedarRoles => measure::<Roles>(size),
        Kind::CasbinLeaves => measure::<Leaves>(size),
        Kind::CasbinRules => measure::<Rules>(size),
    }
}

fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn measure<E: Engine>(size: Size) -> Result<()> {
    let tell = |what: &str, figure: f64, unit: &str| println!("{}", Line::new(what, size.name, figure, unit));
    let model = Model::new(size);
    let before = resident("self");
    let (engine, ready) = timed(|| E::new(&model));
    let mut engine = engine?;
    tell(what::READY, ready.as_secs_f64(), "s");
    if let Some((before, after)) = before.zip(resident("self")) {
        tell(what::MEMORY, after.saturating_sub(before) as f64 / 1e9, "GB");
    }
    let drawn = questions(&model, OURS);
    let ours = Ours::new(&model, &drawn)?;
    drop(model);
    ours.verify(&drawn)?;
    let (count, verified) = verify(&mut engine, &drawn)?;
    tell(what::VERIFIED, verified as f64, "questions");
    tell(what::ASKED, count as f64, "questions");
    let best = race(&mut engine, &ours, &drawn, count)?;
    for (what, nanoseconds) in best {
        tell(what, nanoseconds, "ns");
    }
    Ok(())
}

/// Holds an engine's answers against the naive evaluator's: how many questions a round may have, and how many were verified.
fn verify<E: Engine>(engine: &mut E, drawn: &[Question]) -> Result<(usize, usize)> {
    let start = Instant::now();
    let usual = setting("QUESTIONS", 100_000).clamp(1, drawn.len());
    let mut verified = 0_usize;
    for question in drawn.iter().take(usual.max(VERIFIED)) {
        let owned = Owned::new(question);
        let asked = engine.prepare(&owned.names())?;
        if engine.allows(&asked)? != question.allowed {
            return Err(format!("question {verified}: {question:?}, answered otherwise").into());
        }
        verified += 1;
        if start.elapsed() > VERIFYING {
            break;
        }
    }
    let each = start.elapsed().as_secs_f64() / verified.max(1) as f64;
    let count = ((ROUND.as_secs_f64() / each) as usize).clamp(10, usual).min(verified);
    Ok((count, verified))
}

/// The least nanoseconds of each way to ask.
fn race<E: Engine>(engine: &mut E, ours: &Ours, drawn: &[Question], count: usize) -> Result<Vec<(&'static str, f64)>> {
    let owned: Vec<Owned> = drawn.iter().take(count).map(Owned::new).collect();
    let asked = owned.iter().map(|owned| engine.prepare(&owned.names())).collect::<Result<Vec<_>>>()?;
    let right = |among: &[Question]| among.iter().filter(|question| question.allowed).count();
    let (few, all) = (right(drawn.get(..count).unwrap_or(drawn)), right(drawn));
    let mut best = vec![];
    for _ in 0..setting("ROUNDS", 5) {
        let prepared = time(count, few, || ask(asked.iter(), |asked| engine.allows(asked)))?;
        best.push((what::PREPARED, prepared));
        let strings = time(count, few, || {
            ask(owned.iter(), |owned| {
                let asked = engine.prepare(&owned.names())?;
                engine.allows(&asked)
            })
        })?;
        best.push((what::STRINGS, strings));
        let table = |answer: &dyn Fn() -> usize| time(drawn.len(), all, || Ok(answer()));
        best.push((what::OURS_HANDLE, table(&|| tally(drawn.len(), |n| ours.by_handle(n)))?));
        best.push((what::OURS_LOGIN, table(&|| tally(drawn.len(), |n| ours.by_login(n)))?));
        best.push((what::OURS_STRINGS, table(&|| tally(drawn.len(), |n| ours.by_names(n)))?));
    }
    let least =
        |what| best.iter().filter(|(name, _)| *name == what).map(|(_, time)| *time).fold(f64::INFINITY, f64::min);
    Ok(what::TIMED.map(|what| (what, least(what))).to_vec())
}

/// Asks one after the other; how many are allowed.
fn ask<T>(each: impl Iterator<Item = T>, mut answer: impl FnMut(T) -> Result<bool>) -> Result<usize> {
    let mut allowed = 0;
    for question in each {
        allowed += usize::from(answer(black_box(question))?);
    }
    Ok(allowed)
}

/// The same for answers that cannot fail. The loop is compiled into each use of it.
#[inline]
fn tally(count: usize, answer: impl Fn(usize) -> bool) -> usize {
    (0..count).filter(|question| answer(black_box(*question))).count()
}

/// Nanoseconds a question; refused when another number of questions was allowed than should be.
fn time(count: usize, right: usize, work: impl FnOnce() -> Result<usize>) -> Result<f64> {
    let (allowed, took) = timed(work);
    let allowed = allowed?;
    if allowed != right {
        return Err(format!("{allowed} of {count} questions allowed, not {right}").into());
    }
    Ok(took.as_secs_f64() * 1e9 / count as f64)
}
