//! What real permission data costs as a policy: its size, the processor time of each step from the text to the table, the table's size,
//! and the greatest memory, a row a set.
//!
//! `cargo bench --bench real_sets` prints the table; each set is compiled in a process of its own. `FOLDER=some/folder` keeps the
//! policies there. Where the data is absent (see `tests/real_sets/corpus.rs`) a set is left out, and said to be.

#[path = "../tests/real_sets/azure.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
mod azure;
#[path = "../tests/real_sets/corpus.rs"]
mod corpus;
#[path = "../tests/real_sets/moodle.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
mod moodle;
#[path = "../tests/real_sets/odoo.rs"]
mod odoo;
#[path = "../tests/real_sets/operations.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
mod operations;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use bailiwick::diagnostic::Findings;
use bailiwick::lower::{Switches, lower};
use bailiwick::source::SourceMap;
use bailiwick::{Options, compile, emit, resolve, syntax};

/// A set, and its policy.
type Set = (&'static str, fn(&Path) -> SourceMap);

const SETS: [Set; 3] = [
    ("azure_roles", |folder| azure::Azure::read(folder).sources(azure::Subtraction::Block)),
    ("odoo", |folder| odoo::Odoo::read(folder).sources(&odoo::Without::default())),
    ("moodle", |folder| moodle::Moodle::read(folder).sources(moodle::Clones::Implied, moodle::Held::Everywhere)),
];

/// The steps, and all of it.
const STEPS: [&str; 5] = ["parse", "resolve", "lower", "emit", "whole compile"];

fn main() {
    // Run as a test, it only shows that it works.
    let rounds = if std::env::args().any(|arg| arg == "--bench") { 20 } else { 1 };
    let asked = std::env::var("SET").ok();
    if let Some((_, policy)) = SETS.iter().find(|(name, _)| asked.as_deref() == Some(*name)) {
        let folder = corpus::folder(&asked.unwrap_or_default()).expect("the data");
        return measure(&policy(&folder), rounds);
    }
    println!("| set | lines | bytes | {} | table bytes | memory |", STEPS.map(|step| format!("{step} ms")).join(" | "));
    println!("|---|{}", "--:|".repeat(STEPS.len() + 4));
    for (set, policy) in SETS {
        if let Some(folder) = corpus::folder(set) {
            keep(set, &policy(&folder));
            run(set);
        }
    }
}

/// Measures one set in a process of its own: memory that was used before would be used again.
fn run(set: &str) {
    let program = std::env::current_exe().expect("this program");
    let args = std::env::args().skip(1);
    let output = Command::new(program).args(args).env("SET", set).output().expect("it starts");
    assert!(output.status.success(), "{set}: {}", String::from_utf8_lossy(&output.stderr));
    println!("| {set} | {}", String::from_utf8_lossy(&output.stdout).trim_end());
}

/// Prints the cells of a policy; of each time the least of so many rounds.
fn measure(sources: &SourceMap, rounds: usize) {
    let (lines, bytes) = size(sources);
    let before = peak();
    let table = whole(sources);
    let after = peak();
    let mut times = [const { vec![] }; STEPS.len()];
    for _ in 0..rounds {
        for (times, time) in times.iter_mut().zip(round(sources)) {
            times.push(time);
        }
    }
    let least =
        times.map(|times| times.iter().min().map_or_else(String::new, |t| format!("{:.1}", t.as_secs_f64() * 1_000.0)));
    let memory = before.zip(after).map_or("?".to_owned(), |(before, after)| format!("{before} to {after} MB"));
    println!("{lines} | {bytes} | {} | {table} | {memory} |", least.join(" | "));
}

/// How long each step takes.
fn round(sources: &SourceMap) -> [Duration; STEPS.len()] {
    let mut findings = Findings::new();
    let (parse, files) = timed(|| syntax::parse(sources, &mut findings));
    let (resolve, model) = timed(|| resolve::resolve(&files, sources, &mut findings));
    let (lower, rights) = timed(|| lower(&model, &Switches::as_written(&model)));
    let (emit, _) = timed(|| emit::table::write(&model, &rights, 0).expect("a table"));
    drop((files, model, rights));
    [parse, resolve, lower, emit, timed(|| whole(sources)).0]
}

/// Compiles it, checks included; the bytes of the table.
fn whole(sources: &SourceMap) -> usize {
    let outcome = compile(sources, &Options::default());
    outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings)).table().len()
}

fn timed<T>(step: impl FnOnce() -> T) -> (Duration, T) {
    let (start, before) = (Instant::now(), worked());
    let result = step();
    let took = before.zip(worked()).map(|(before, after)| after.saturating_sub(before));
    (took.unwrap_or_else(|| start.elapsed()), result)
}

/// How long this thread, the only one, has worked, where the system tells: other work on the machine does not count.
fn worked() -> Option<Duration> {
    // The system keeps the account when a thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn size(sources: &SourceMap) -> (usize, usize) {
    let texts = || sources.iter().map(|(_, source)| &source.text);
    (texts().map(|text| text.lines().count()).sum(), texts().map(String::len).sum())
}

/// The greatest memory that the process has had, in megabytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse::<u64>().ok().map(|kb| kb / 1_000)
}

/// Keeps a policy where it is wanted.
fn keep(set: &str, sources: &SourceMap) {
    let Some(folder) = std::env::var_os("FOLDER").map(|folder| PathBuf::from(folder).join(set)) else { return };
    std::fs::create_dir_all(&folder).expect("a folder");
    for (_, source) in sources.iter() {
        std::fs::write(folder.join(&source.path), &source.text).expect("a file");
    }
}
