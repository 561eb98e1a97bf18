//! `--timings`, and a word on the terminal about what is under way where that takes more than a second.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Failure;
use super::args::TimingsFormat;
use super::output::Terminal;
use crate::timings::{Stage, Stages};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is said anew.
const EACH: Duration = Duration::from_millis(200);
/// How many parts of a stage people are told: those that took longest.
const PARTS: usize = 5;

/// Does some work. If it takes more than a second and standard error is a terminal, one line there tells what is under way; it is
/// gone when the work is done. Nothing is written into a pipe.
pub(super) fn watched<T>(stages: &Stages, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        let (done, ended) = mpsc::channel();
        // Without a thread for it nothing is told, that is all.
        let told = thread::Builder::new().spawn_scoped(scope, move || tell(stages, &ended));
        let result = work();
        drop(done);
        drop(told);
        result
    })
}

/// Tells what is under way until the work has ended.
fn tell(stages: &Stages, ended: &Receiver<()>) {
    let start = Instant::now();
    let mut wait = PATIENCE;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = EACH;
        show(&line(stages.now(), start.elapsed()));
    }
    if wait == EACH {
        show("");
    }
}

/// Puts a line in the place of the former one. When the terminal is gone there is nobody to tell.
fn show(line: &str) {
    let mut terminal = io::stderr().lock();
    let _ = write!(terminal, "\r\x1b[K{line}").and_then(|()| terminal.flush());
}

fn line(now: Option<(&'static str, Option<&'static str>)>, since: Duration) -> String {
    let what = match now {
        Some((stage, Some(part))) => format!("{stage} {part}"),
        Some((stage, None)) => stage.to_owned(),
        None => "working".to_owned(),
    };
    format!("{what} ... {} s", since.as_secs())
}

/// Prints where the time went, if that was asked for.
pub(super) fn report(
    format: Option<TimingsFormat>,
    stages: &Stages,
    since: Instant,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let Some(format) = format else { return Ok(()) };
    let total = since.elapsed().as_secs_f64();
    let stages = stages.done();
    let text = match format {
        TimingsFormat::Human => table(&stages, total),
        TimingsFormat::Json => json(&stages, total)?,
    };
    terminal.note(&text);
    Ok(())
}

/// The machine-readable form: one line.
fn json(stages: &[Stage], total: f64) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Timings<'s> {
        version: u32,
        seconds: f64,
        stages: &'s [Stage],
    }
    serde_json::to_string(&Timings { version: 1, seconds: total, stages })
        .map(|line| line + "\n")
        .map_err(|e| Failure::new(format!("cannot write the timings as JSON: {e}")))
}

/// A row a stage; of its parts those that took longest.
fn table(stages: &[Stage], total: f64) -> String {
    let mut out = format!("{:<16}{:>10}{:>12}{:>12}\n", "stage", "seconds", "processor", "memory MB");
    let mut row = |name: &str, seconds: f64, processor: Option<f64>, peak: Option<u64>| {
        let processor = processor.map_or(String::new(), |s| format!("{s:.2}"));
        let peak = peak.map_or(String::new(), |bytes| (bytes / 1_000_000).to_string());
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{}", format!("{name:<16}{seconds:>10.3}{processor:>12}{peak:>12}").trim_end());
    };
    for stage in stages {
        row(stage.name, stage.seconds, stage.processor_seconds, stage.peak_bytes);
        let mut parts = stage.parts.clone();
        parts.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        for part in parts.iter().take(PARTS) {
            row(&format!("  {}", part.name), part.seconds, None, None);
        }
    }
    row("all", total, None, stages.iter().filter_map(|stage| stage.peak_bytes).max());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timings::Part;

    fn stages() -> Vec<Stage> {
        let part = |name, seconds| Part { name, seconds };
        let parts =
            ["BW101", "BW102", "BW103", "BW104", "BW105", "BW106"].into_iter().zip([0.1, 0.5, 0.2, 0.4, 0.3, 0.6]);
        vec![
            Stage {
                name: "read",
                seconds: 0.25,
                processor_seconds: Some(0.2),
                peak_bytes: Some(5_000_000),
                parts: vec![],
            },
            Stage {
                name: "check",
                seconds: 2.1,
                processor_seconds: None,
                peak_bytes: None,
                parts: parts.map(|(name, seconds)| part(name, seconds)).collect(),
            },
        ]
    }

    #[test]
    fn people_see_the_longest_parts_of_a_stage() {
        let table = table(&stages(), 2.5);
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["read", "0.250", "0.20", "5"]);
        assert_eq!(rows[2], ["check", "2.100"]);
        assert_eq!(
            rows[3..8].iter().map(|row| row[0]).collect::<Vec<_>>(),
            ["BW106", "BW102", "BW104", "BW105", "BW103"]
        );
        assert_eq!(rows[8], ["all", "2.500", "5"]);
    }

    #[test]
    fn programs_see_all_of_it_in_one_line() -> Result<(), Failure> {
        let text = json(&stages(), 2.5)?;
        assert_eq!(text.lines().count(), 1);
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| Failure::new(e.to_string()))?;
        assert_eq!(value["stages"][1]["parts"].as_array().map(Vec::len), Some(6));
        assert_eq!((value["version"].as_u64(), value["stages"][0]["peak_bytes"].as_u64()), (Some(1), Some(5_000_000)));
        assert!(value["stages"][1].get("peak_bytes").is_none());
        Ok(())
    }

    #[test]
    fn the_line_says_what_is_under_way() {
        assert_eq!(line(Some(("check", Some("BW304"))), Duration::from_millis(3_900)), "check BW304 ... 3 s");
        assert_eq!(line(None, PATIENCE), "working ... 1 s");
    }
}
