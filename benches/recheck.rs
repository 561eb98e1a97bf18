//! What a check costs after one declaration was changed in memory: the large policy (`tests/large/`) in a workspace.
//!
//! `cargo bench --bench recheck` prints how long a check from nothing takes, and one after a changed administrator, role or group: the
//! processors' time of both threads together, mean of the rounds, in milliseconds and as a multiple of the bare parse, which other work
//! on the machine does not touch; and on the clock the least of the rounds. Each round changes another declaration; after the last one of a kind a check from nothing must find the same. `ROUNDS=9` sets how often.
//! With `PARTS` set it tells for each kind where the time of the last check went; with `BENCH_LINES`, each figure as a line of JSON.

#[path = "../tests/large/mod.rs"]
mod large;

use std::time::{Duration, Instant};

use bailiwick::diagnostic::Findings;
use bailiwick::source::SourceMap;
use bailiwick::timings::Stages;
use bailiwick::workspace::Workspace;
use bailiwick::{Options, compile, syntax};
use large::{COUNTRIES, LARGE, MODULES, Size, policy, resource};
use serde_json::json;

/// The day of the checks: 2026-06-01.
const DAY: i32 = 20_605;
/// How many parts of a stage are told.
const PARTS: usize = 20;
/// The file.
const PATH: &str = "large.bw";
/// What a check from nothing may take, and one after a change, in bare parses.
const TARGETS: (f64, f64) = (20.0, 20.0 / 3.0);

/// A way to change a declaration of a policy, another one in each round.
type Change = fn(&str, Size, usize) -> String;

fn main() {
    // Run as a test, it only shows that it works.
    let bench = std::env::args().any(|arg| arg == "--bench");
    let size = if bench { LARGE } else { Size { roles: 20, admins: 40 } };
    let asked = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok());
    let rounds = if bench { asked.unwrap_or(9) } else { 1 };
    let mut text = policy(size);
    let sources = SourceMap::single(PATH, &text);
    let options = || Options { at: Some(DAY), ..Options::default() };
    let parse = Times::of(rounds * 4, |_| drop(syntax::parse(&sources, &mut Findings::new())));
    let told = Told { parse: parse.work() };
    told.head(&text);
    told.line("bare parse", &parse, None);
    let whole = Times::of(rounds.div_ceil(2), |_| drop(compile(&sources, &options())));
    told.line("check from nothing", &whole, Some(TARGETS.0));
    let mut workspace = Workspace::new(options());
    workspace.set(PATH, text.as_str());
    workspace.check();
    let changes: [(&str, Change); 5] = [
        ("check after nothing but an empty line", |text, _, _| format!("\n{text}")),
        ("check after a changed admin", admin),
        ("check after a changed role", role),
        ("check after a changed role that others extend", plain_role),
        ("check after a changed group", group),
    ];
    for (what, change) in changes {
        let mut texts = vec![];
        for round in 0..rounds {
            text = change(&text, size, round);
            texts.push(text.clone());
        }
        let (mut found, mut stages) = (vec![], Stages::default());
        let times = Times::of(rounds, |round| {
            stages = Stages::default();
            workspace.set(PATH, texts[round].as_str());
            found = workspace.compile(&stages).findings;
        });
        assert_eq!(found, compile(workspace.sources(), &options()).findings, "{what}");
        told.line(what, &times, Some(TARGETS.1));
        if std::env::var_os("PARTS").is_some() {
            parts(&stages);
        }
    }
}

/// Where the time of a check went.
fn parts(stages: &Stages) {
    for stage in stages.done() {
        println!("  {} {:.1} ms", stage.name, stage.seconds * 1_000.0);
        let mut parts = stage.parts;
        parts.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        parts.iter().take(PARTS).for_each(|part| println!("    {} {:.1} ms", part.name, part.seconds * 1_000.0));
    }
}

/// An administrator gets one more role.
fn admin(text: &str, size: Size, round: usize) -> String {
    let head = format!("admin person_{} ", (37 * round + 5) % size.admins);
    let worker = round % 3 + if round.is_multiple_of(2) { 0 } else { 10 };
    after(text, &head, &format!("  role    worker_{}\n", [0, 1, 3, 4, 6][worker % 5]))
}

/// A role that composes others gets one more line.
fn role(text: &str, size: Size, round: usize) -> String {
    let head = format!("role desk_{} ", (10 * round + 2) % size.roles);
    after(text, &head, &format!("  allow   {}.create\n", resource(round % MODULES.len(), 0)))
}

/// A plain role gets one more line.
fn plain_role(text: &str, size: Size, round: usize) -> String {
    let head = format!("role worker_{} ", (10 * round + 1) % size.roles);
    after(text, &head, &format!("  allow   {}.create\n", resource(round % MODULES.len(), 1)))
}

/// A group is of another country.
fn group(text: &str, _: Size, round: usize) -> String {
    let head = format!("group group_{} = ", 6 * (round % 10));
    let start = text.find(&head).expect("a group") + head.len();
    let end = start + text[start..].find('\n').expect("a line");
    let country = COUNTRIES[(round * 3 + 1) % COUNTRIES.len()];
    format!("{}country is {country}{}", &text[..start], &text[end..])
}

/// The text with one more line in a block, behind its first one.
fn after(text: &str, head: &str, line: &str) -> String {
    let start = text.find(head).expect("a declaration");
    let end = start + text[start..].find('\n').expect("a line") + 1;
    format!("{}{line}{}", &text[..end], &text[end..])
}

/// How long something took.
struct Times {
    /// On the clock.
    least: Duration,
    /// Of all threads, the mean; none where the system does not tell.
    processor: Option<Duration>,
}

impl Times {
    fn of(rounds: usize, mut step: impl FnMut(usize)) -> Self {
        let before = processor();
        let times = (0..rounds)
            .map(|round| {
                let start = Instant::now();
                step(round);
                start.elapsed()
            })
            .min();
        let all = before.zip(processor()).map(|(before, after)| after.saturating_sub(before));
        let rounds = u32::try_from(rounds.max(1)).unwrap_or(u32::MAX);
        Self { least: times.unwrap_or_default(), processor: all.map(|all| all / rounds) }
    }

    /// The processors' time, or on the clock.
    fn work(&self) -> Duration {
        self.processor.filter(|time| !time.is_zero()).unwrap_or(self.least)
    }
}

/// The processors' time that the process has had; the system counts it in hundredths of seconds.
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let (user, system): (u64, u64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Duration::from_millis((user + system) * 10))
}

/// Where the figures go.
struct Told {
    parse: Duration,
}

impl Told {
    fn head(&self, text: &str) {
        if std::env::var_os("BENCH_LINES").is_none() {
            println!("{} lines, {} bytes", text.lines().count(), text.len());
            println!("| what | ms | times the parse | at most | ms on the clock |\n|---|--:|--:|--:|--:|");
        }
    }

    fn line(&self, what: &str, times: &Times, target: Option<f64>) {
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let ratio = times.work().as_secs_f64() / self.parse.as_secs_f64();
        if std::env::var_os("BENCH_LINES").is_none() {
            let target = target.map_or(String::new(), |target| format!("{target:.2}"));
            let (work, clock) = (ms(times.work()), ms(times.least));
            println!("| {what} | {work:.1} | {ratio:.2} | {target} | {clock:.1} |");
            return;
        }
        let mut line = json!({ "what": what, "figure": ms(times.work()), "unit": "ms" });
        if let Some(target) = target {
            line["times"] = json!(ratio);
            line["of"] = json!("bare parse");
            line["target"] = json!(target);
            line["goal"] = json!("at most");
        }
        println!("{line}");
    }
}
