//! What each check costs on a large policy: 500 roles, 1,000 administrators, 10,000 lines (`tests/large/`).
//!
//! `cargo bench --bench checks` prints the time of the parse, of resolving, of lowering, of all checks and of the dearest fifteen, each
//! in milliseconds and as a multiple of the bare parse. Each check is timed in a context of its own, so that whatever several checks
//! share is in the time of each of them; *all checks* runs them as the compiler does, and shares it. `ROUNDS=5` sets how often; the least
//! time counts. `FOLDER=some/folder` keeps the policy there; with
//! `BENCH_LINES` set each figure is a JSON object in a line of its own.

#[path = "../tests/large/mod.rs"]
mod large;

use std::time::{Duration, Instant};

use bailiwick::check::{CHECKS, Context, bw009, run_all};
use bailiwick::diagnostic::Findings;
use bailiwick::lower::rights::Rights;
use bailiwick::lower::{Switches, lower, lower_beside};
use bailiwick::model::Model;
use bailiwick::source::SourceMap;
use bailiwick::{resolve, syntax};
use large::{LARGE, Size, policy};
use serde_json::json;

/// The day of the checks: 2026-06-01.
const DAY: i32 = 20_605;
/// How many checks are shown.
const SHOWN: usize = 15;

/// A policy with its rights, as written and with every feature on.
struct Lowered {
    model: Model,
    rights: Rights,
    most: Option<Rights>,
}

fn main() {
    // Run as a test, it only shows that it works.
    let bench = std::env::args().any(|arg| arg == "--bench");
    let size = if bench { LARGE } else { Size { roles: 20, admins: 40 } };
    let asked = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok());
    let rounds = if bench { asked.unwrap_or(5) } else { 1 };
    let text = policy(size);
    if let Some(folder) = std::env::var_os("FOLDER") {
        std::fs::write(std::path::PathBuf::from(folder).join("large.bw"), &text).expect("a file");
    }
    let sources = SourceMap::single("large.bw", &text);
    let lines = std::env::var_os("BENCH_LINES").is_some();
    let heading = |line: &str| (!lines).then(|| println!("{line}"));
    let count = text.lines().count();
    heading(&format!("{} roles, {} admins, {count} lines, {} bytes", size.roles, size.admins, text.len()));
    let parse = least(rounds * 4, || syntax::parse(&sources, &mut Findings::new())).0;
    let (resolve, lowered, lowering) = lowered(&sources, rounds);
    let told = |what: &str, time: Duration, found: usize| {
        let (figure, times) = (time.as_secs_f64() * 1_000.0, time.as_secs_f64() / parse.as_secs_f64());
        if lines {
            println!("{}", json!({"what": what, "figure": figure, "unit": "ms", "times": times, "of": "bare parse"}));
        } else {
            println!("| {what} | {figure:.1} | {times:.2} | {found} |");
        }
    };
    heading("| step | ms | times the parse | findings |\n|---|--:|--:|--:|");
    told("parse", parse, 0);
    told("resolve", resolve, 0);
    told("lower, twice", lowering, 0);
    let (all, findings) = least(rounds, || findings(&lowered, |_| true));
    assert!(findings.iter().all(|f| f.code != bw009::CODE), "something is undecided");
    told("all checks", all, findings.len());
    let mut checks: Vec<(&str, Duration, usize)> = vec![];
    for check in CHECKS.iter().filter(|check| check.run.is_some()) {
        let (time, found) = least(rounds, || findings_of(&lowered, check.code.0));
        checks.push((check.code.0, time, found));
    }
    checks.sort_by_key(|(_, time, _)| std::cmp::Reverse(*time));
    checks.iter().take(SHOWN).for_each(|(code, time, found)| told(code, *time, *found));
    let (others, sum) =
        checks.iter().skip(SHOWN).fold((0, Duration::ZERO), |(n, sum), (_, time, _)| (n + 1, sum + *time));
    told(&format!("the other {others} checks"), sum, checks.iter().skip(SHOWN).map(|(_, _, found)| found).sum());
}

/// The time to resolve, the policy, and the time to lower it both ways.
fn lowered(sources: &SourceMap, rounds: usize) -> (Duration, Lowered, Duration) {
    let mut findings = Findings::new();
    let files = syntax::parse(sources, &mut findings);
    let (resolve, model) = least(rounds, || resolve::resolve(&files, sources, &mut Findings::new()));
    assert!(!model.incomplete && findings.is_empty(), "{:?}", findings.sorted());
    let (time, (rights, most)) = least(rounds, || {
        let (written, all_on) = (Switches::as_written(&model), Switches::all_on(&model));
        let most = (written != all_on).then(|| lower(&model, &all_on));
        (most.as_ref().map_or_else(|| lower(&model, &written), |most| lower_beside(&model, &written, most)), most)
    });
    (resolve, Lowered { model, rights, most }, time)
}

/// What the checks that are wanted find.
fn findings(policy: &Lowered, wanted: impl Fn(&str) -> bool) -> Findings {
    let mut findings = Findings::new();
    let context = Context::new(&policy.model, &policy.rights, policy.most.as_ref(), DAY);
    run_all(&context, |code| wanted(code.0), &mut findings);
    findings
}

fn findings_of(policy: &Lowered, code: &str) -> usize {
    findings(policy, |wanted| wanted == code).len()
}

/// The least time of so many rounds, and what came of the last.
fn least<T>(rounds: usize, mut step: impl FnMut() -> T) -> (Duration, T) {
    let (mut least, mut result) = timed(&mut step);
    for _ in 1..rounds {
        let (time, next) = timed(&mut step);
        (least, result) = (least.min(time), next);
    }
    (least, result)
}

fn timed<T>(step: &mut impl FnMut() -> T) -> (Duration, T) {
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
