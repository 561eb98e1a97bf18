//! How many instructions each step takes on a small model, held against stored counts; ends with an error when one is more than 5 % worse.
//!
//! `counts` compares with `benchmarks/instructions.json`, `counts --write` stores what it counts there, for the toolchain in use. Needs
//! valgrind; where there is none, it says so and compares nothing. A step is counted as the difference between doing it once and doing it
//! twice, so that making it ready does not count.

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use bailiwick::check::{Context, run_all};
use bailiwick::diagnostic::Findings;
use bailiwick::diff::tables::compare::compare as differences;
use bailiwick::lower::{Switches, lower};
use bailiwick::source::SourceMap;
use bailiwick::{emit, resolve, syntax};
use bailiwick_benchmarks::counts::{Baseline, Counts, Verdict, compare, instructions};
use bailiwick_benchmarks::line::{Goal, Line, wanted};
use bailiwick_benchmarks::model::{Model, Size};
use bailiwick_benchmarks::questions::questions;
use bailiwick_benchmarks::table::{Asked, Handles, compile};
use bailiwick_benchmarks::write::{People, login, text};
use bailiwick_table::{Fact, Login, Party, Table, Target};

/// 2026-01-01.
const DAY: i32 = 20_454;
/// Small enough for a processor that is simulated.
const SMALL: Size = Size { name: "small", roles: 40, admins: 200, permissions: 100, groups: 30 };
const QUESTIONS: usize = 2_000;
const STEPS: [&str; 7] = ["parse", "check", "build", "load", "decide by handle", "decide by login", "diff"];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--step", step, times] => step_of(step, times.parse()?).map(|()| ExitCode::SUCCESS),
        [] => count(false),
        ["--write"] => count(true),
        _ => Err("usage: counts [--write]".into()),
    }
}

fn baseline_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.json")
}

/// What instructions depend on: the compiler, the machine's kind, how much is optimised across crates. The system's library copies
/// memory in other instructions where the processor has wide registers.
fn toolchain() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = String::from_utf8(Command::new(rustc).arg("-V").output()?.stdout)?;
    let lto = option_env!("CARGO_PROFILE_RELEASE_LTO").unwrap_or("thin");
    let (machine, system) = (std::env::consts::ARCH, std::env::consts::OS);
    let wide = if has_wide_registers() { ", avx2" } else { "" };
    Ok(format!("{}, {machine} {system}{wide}, lto {lto}", version.trim()))
}

#[cfg(target_arch = "x86_64")]
fn has_wide_registers() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
}

#[cfg(not(target_arch = "x86_64"))]
const fn has_wide_registers() -> bool {
    false
}

fn count(write: bool) -> Result<ExitCode> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("valgrind is not installed: instructions are not counted");
        return Ok(ExitCode::SUCCESS);
    }
    let mut stored: Baseline = match std::fs::read_to_string(baseline_path()) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Baseline::default(),
    };
    let toolchain = toolchain()?;
    let mut counted = Counts::new();
    for step in STEPS {
        let [once, twice] = [counted_of(step, 1)?, counted_of(step, 2)?];
        counted.insert(step.to_owned(), twice.saturating_sub(once));
    }
    if write {
        stored.0.insert(toolchain.clone(), counted);
        std::fs::write(baseline_path(), serde_json::to_string_pretty(&stored)? + "\n")?;
        println!("stored for {toolchain}");
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(stored) = stored.0.get(&toolchain) {
        return Ok(if tell(stored, &counted) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    eprintln!(
        "no baseline for this toolchain ({toolchain}); `counts --write` makes one, from a state that is known to be good"
    );
    for (step, count) in &counted {
        Line::new(&format!("instructions of {step}"), SMALL.name, *count as f64, "").print();
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether nothing is worse.
fn tell(stored: &Counts, counted: &Counts) -> bool {
    let verdicts = compare(stored, counted);
    if !wanted() {
        println!("| step | instructions | times the stored count | |\n|---|--:|--:|---|");
    }
    for (step, verdict) in &verdicts {
        let count = counted.get(step).copied().unwrap_or(0);
        let (times, word) = match verdict {
            Verdict::Kept(times) => (*times, ""),
            Verdict::Worse(times) => (*times, "worse"),
            Verdict::Better(times) => (*times, "better: `counts --write` keeps it so"),
            Verdict::New => (f64::NAN, "not stored yet"),
            Verdict::Missing => (f64::NAN, "not counted any more"),
        };
        if !wanted() {
            println!("| {step} | {count} | {times:.3} | {word} |");
        } else if times.is_finite() {
            let line = Line::new(&format!("instructions of {step}"), SMALL.name, count as f64, "");
            line.times(times, "stored count").goal(Goal::AtMost, bailiwick_benchmarks::counts::TOLERATED).print();
        }
    }
    verdicts.iter().all(|(_, verdict)| !verdict.fails())
}

/// Instructions of a process that makes a step ready and does it so many times.
fn counted_of(step: &str, times: u32) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--step", step, &times.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{step}: {said}").into());
    }
    instructions(&said).ok_or_else(|| format!("{step}: no count in what valgrind said: {said}").into())
}

/// Makes a step ready and does it so many times.
fn step_of(step: &str, times: u32) -> Result<()> {
    let model = Model::new(SMALL);
    match step {
        "parse" | "check" | "build" => of_sources(step, times, &model),
        "load" | "diff" => of_tables(step, times, &model),
        "decide by handle" | "decide by login" => of_questions(step == "decide by login", times, &model),
        _ => Err(format!("there is no step `{step}`").into()),
    }
}

fn repeat<T>(times: u32, mut work: impl FnMut() -> T) -> Result<()> {
    (0..times).for_each(|_| drop(black_box(work())));
    Ok(())
}

fn of_sources(step: &str, times: u32, model: &Model) -> Result<()> {
    let sources = SourceMap::single("small.bw", &text(model, People::Blocks));
    if step == "parse" {
        return repeat(times, || syntax::parse(&sources, &mut Findings::new()));
    }
    let files = syntax::parse(&sources, &mut Findings::new());
    let resolved = || resolve::resolve(&files, &sources, &mut Findings::new());
    if step == "build" {
        return repeat(times, || {
            let resolved = resolved();
            emit::table::table(&resolved, &lower(&resolved, &Switches::as_written(&resolved)), 0)
                .map(|bytes| bytes.len())
        });
    }
    let resolved = resolved();
    let rights = lower(&resolved, &Switches::as_written(&resolved));
    repeat(times, || {
        let mut findings = Findings::new();
        run_all(&Context::new(&resolved, &rights, None, DAY), |_| true, &mut findings);
        findings
    })
}

fn of_tables(step: &str, times: u32, model: &Model) -> Result<()> {
    let bytes = compile(model)?;
    if step == "load" {
        return repeat(times, || Table::from_bytes(bytes.as_slice()).map(|table| table.account_count()));
    }
    let mut other = model.clone();
    other.roles[SMALL.roles as usize / 2].own.push(SMALL.permissions - 1);
    let other = compile(&other)?;
    let tables = [Table::from_bytes(bytes.as_slice())?, Table::from_bytes(other.as_slice())?];
    repeat(times, || differences([&tables[0], &tables[1]], &[], DAY).differences.len())
}

fn of_questions(by_login: bool, times: u32, model: &Model) -> Result<()> {
    let table = Table::from_bytes(compile(model)?)?;
    let handles = Handles::new(&table, model).ok_or("the table lacks something")?;
    let questions = questions(model, QUESTIONS);
    let asked: Vec<(String, Asked)> = questions.iter().map(|q| (login(q.admin), handles.asked(q))).collect();
    let allowed = |(login, asked): &&(String, Asked)| {
        let found =
            if by_login { Login::ascii(login).and_then(|login| table.account(login)) } else { Some(asked.account) };
        let target = Target::entity(Party { unit: Fact::Known(asked.unit), ..Party::closed() });
        found.is_some_and(|account| table.decide(account, asked.action, &target, DAY).allowed)
    };
    let expected = questions.iter().filter(|question| question.allowed).count();
    let mut counts = vec![];
    repeat(times, || counts.push(asked.iter().filter(allowed).count()))?;
    if counts.iter().all(|count| *count == expected) { Ok(()) } else { Err("wrong answers".into()) }
}
