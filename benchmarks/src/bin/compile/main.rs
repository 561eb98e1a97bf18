//! How long it takes from the files of a policy to its table, beside the least that anybody must do with them.
//!
//! `compile [S] [M] [L]`, all three where none is named. `ROUNDS=3` sets how often each is done, in turns; the least time counts. The
//! program itself is run as it is built beside this one (`cargo build --release`), or where `PROGRAM` says. Each table answers
//! questions like the naive evaluator before its time counts.
//!
//! Times are of processors at work, as the system accounts for them, so that whatever else the machine does disturbs little; those
//! on the clock stand beside them. With `BENCH_LINES` set each figure is a JSON object in a line of its own.

mod bare;
mod child;
mod lines;

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use bailiwick::diagnostic::Findings;
use bailiwick::source::SourceId;
use bailiwick::syntax;
use bailiwick_benchmarks::model::{Model, SIZES, Size};
use bailiwick_benchmarks::questions::questions;
use bailiwick_benchmarks::report::timed;
use bailiwick_benchmarks::table::Handles;
use bailiwick_benchmarks::write::{People, people, text};
use bailiwick_table::{Fact, Party, Table, Target};

use child::Build;
use lines::Lines;

/// How many questions a table answers before its time counts.
const QUESTIONS: usize = 20_000;
/// 2026-01-01.
const DAY: i32 = 20_454;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let program = child::program()?;
    let mut lines = Lines::new();
    let mut before: Option<Measured> = None;
    for size in SIZES.into_iter().filter(|size| wanted.is_empty() || wanted.iter().any(|w| w == size.name)) {
        let measured = measure(size, rounds, &program, &mut lines)?;
        if let Some(before) = &before {
            growth(before, &measured, &mut lines);
        }
        before = Some(measured);
    }
    Ok(())
}

/// What was found at one size: the builds from a table of people and from blocks.
struct Measured {
    size: Size,
    builds: [Build; 2],
}

fn measure(size: Size, rounds: usize, program: &Path, lines: &mut Lines) -> Result<Measured, Box<dyn Error>> {
    let model = Model::new(size);
    let folder = tempfile::tempdir()?;
    let whole = text(&model, People::Blocks) + "responsible \"Works council\"\n";
    let blocks = folder.path().join("whole.bw");
    fs::write(&blocks, &whole)?;
    let policy = folder.path().join("policy");
    fs::create_dir(&policy)?;
    let named = text(&model, People::Table) + "responsible \"Works council\"\n";
    fs::write(policy.join("policy.bw"), named)?;
    let rows = policy.join("people.csv");
    fs::write(&rows, people(&model))?;
    let admins = whole.split_once("\nadmin ").map_or(whole.len(), |(before, _)| before.len() + 1);
    let admins = &whole[admins..];
    let people_end = admins.len() - "responsible \"Works council\"\n".len();
    let admins = &admins[..people_end];

    let (mut recognised, mut parsed, mut read) = (Least::new(), Least::new(), Least::new());
    let (mut from_rows, mut from_blocks): (Option<Build>, Option<Build>) = (None, None);
    for _ in 0..rounds {
        // First, as the allocator tidies up after the tree in whatever comes next.
        read.take(timed(|| child::read_and_hash(&rows)))?;
        recognised.take(timed(|| bare::recognise(black_box(admins))))?;
        parsed.take(timed(|| tree(admins, size)))?;
        let table = folder.path().join("rows.bwt");
        from_rows = Some(child::build(program, &policy, &table)?.least(from_rows));
        verify(&model, &table)?;
        let table = folder.path().join("blocks.bwt");
        from_blocks = Some(child::build(program, &blocks, &table)?.least(from_blocks));
        verify(&model, &table)?;
    }
    let builds = [from_rows.ok_or("no round")?, from_blocks.ok_or("no round")?];
    let mb = admins.len() as f64 / 1e6;
    let (recognised, parsed, read) = (recognised.seconds, parsed.seconds, read.seconds);
    lines.plain("people as text", size.name, mb, "MB");
    lines.plain("pest, bare recognition", size.name, mb / recognised, "MB/s");
    lines.compared(
        "parse to the tree",
        size.name,
        mb / parsed,
        "MB/s",
        ("pest, bare recognition", recognised / parsed, 1.2, "at least"),
    );
    lines.plain("csv read and hashed", size.name, read, "s");
    let [rows, blocks] = &builds;
    lines.compared(
        "build from csv",
        size.name,
        rows.processor,
        "s",
        ("csv read and hashed", rows.processor / read, 4.0, "at most"),
    );
    lines.plain("build from csv, on the clock", size.name, rows.clock, "s");
    lines.targeted("build from csv, memory", size.name, rows.peak / 1e6, "MB", 1_000.0, "at most");
    lines.compared(
        "build from text",
        size.name,
        blocks.processor,
        "s",
        ("pest, bare recognition", blocks.processor / recognised, 2.5, "at most"),
    );
    lines.plain("build from text, on the clock", size.name, blocks.clock, "s");
    lines.plain("build from text, memory", size.name, blocks.peak / 1e6, "MB");
    for (what, build) in [("csv", rows), ("text", blocks)] {
        for stage in &build.stages {
            lines.plain(&format!("from {what}: {}", stage.name), size.name, stage.seconds, "s");
        }
    }
    Ok(Measured { size, builds })
}

/// The least time of several, of work that has to succeed.
struct Least {
    seconds: f64,
}

impl Least {
    const fn new() -> Self {
        Self { seconds: f64::INFINITY }
    }

    fn take<T>(&mut self, (result, took): (Result<T, String>, Duration)) -> Result<(), String> {
        result?;
        self.seconds = self.seconds.min(took.as_secs_f64());
        Ok(())
    }
}

/// The tree of all people; it is dropped when its time was taken.
fn tree(admins: &str, size: Size) -> Result<syntax::ast::File, String> {
    let mut findings = Findings::new();
    let file = syntax::text::parse(SourceId(0), black_box(admins), &mut findings);
    let whole = findings.is_empty() && file.decls.len() == size.admins as usize;
    if whole { Ok(file) } else { Err(format!("{} declarations were read", file.decls.len())) }
}

/// Holds a table against the naive evaluator.
fn verify(model: &Model, table: &Path) -> Result<(), Box<dyn Error>> {
    let table = Table::from_bytes(fs::read(table)?)?;
    let handles = Handles::new(&table, model).ok_or("the table lacks something")?;
    for question in questions(model, QUESTIONS) {
        let asked = handles.asked(&question);
        let target = Target::entity(Party { unit: Fact::Known(asked.unit), ..Party::closed() });
        if table.decide(asked.account, asked.action, &target, DAY).allowed != question.allowed {
            return Err(format!("answered otherwise: {question:?}").into());
        }
    }
    Ok(())
}

/// How the stages grow from one size to the next: the slope on paper with both axes logarithmic, 1 for what is linear.
fn growth(small: &Measured, large: &Measured, lines: &mut Lines) {
    let accounts = (f64::from(large.size.admins) / f64::from(small.size.admins)).ln();
    let name = format!("{}-{}", small.size.name, large.size.name);
    for (what, (before, after)) in ["csv", "text"].iter().zip(small.builds.iter().zip(&large.builds)) {
        lines.targeted(
            &format!("growth from {what}: all"),
            &name,
            (after.clock / before.clock).ln() / accounts,
            "slope",
            1.1,
            "at most",
        );
        for stage in &after.stages {
            let same = before.stages.iter().find(|s| s.name == stage.name);
            if let Some(same) = same.filter(|s| s.seconds > 0.002) {
                lines.plain(
                    &format!("growth from {what}: {}", stage.name),
                    &name,
                    (stage.seconds / same.seconds).ln() / accounts,
                    "slope",
                );
            }
        }
    }
}
