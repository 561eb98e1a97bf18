//! A process for each engine and size, so that none fares worse for the memory that another left behind, and so that one that takes too much
//! can be stopped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick_benchmarks::line::Line;
use bailiwick_benchmarks::model::Size;

use crate::Result;
use crate::engine::Kind;
use crate::race::what;
use crate::usage::resident;

/// What is known of one engine.
pub(crate) struct Found {
    pub(crate) lines: Vec<(Kind, Line)>,
    /// Why it was given up, if it was.
    pub(crate) given_up: Option<String>,
}

/// Runs one engine beside the table in a process of its own.
pub(crate) fn run(size: Size, kind: Kind) -> Result<Found> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--only", size.name, kind.name()])
        .stdout(Stdio::piped())
        .spawn()?;
    let (sender, receiver) = channel();
    let output = child.stdout.take().ok_or("no output")?;
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(std::io::Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let (lines, given_up) = watch(&mut child, &receiver)?;
    let status = child.wait()?;
    if given_up.is_none() && !status.success() {
        return Err(format!("{}, {}: {status}", kind.name(), size.name).into());
    }
    Ok(Found { lines: lines.into_iter().map(|line| (kind, line)).collect(), given_up })
}

fn limit(name: &str, usual: f64) -> f64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Gathers lines until there are no more; ends the process when it is not ready and has taken too much.
fn watch(child: &mut Child, receiver: &Receiver<String>) -> Result<(Vec<Line>, Option<String>)> {
    let (start, minutes, gigabytes) = (Instant::now(), limit("MINUTES", 10.0), limit("GIGABYTES", 8.0));
    let mut lines: Vec<Line> = vec![];
    loop {
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(text) => lines.extend(bailiwick_benchmarks::line::lines(&text)),
            Err(RecvTimeoutError::Disconnected) => return Ok((lines, None)),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let held = resident(&child.id().to_string()).map_or(0.0, |bytes| bytes as f64 / 1e9);
        let seconds = start.elapsed().as_secs_f64();
        let ready = lines.iter().any(|line| line.what == what::READY);
        if !ready && (seconds > minutes * 60.0 || held > gigabytes) {
            child.kill()?;
            return Ok((lines, Some(format!("not ready after {seconds:.0} s, with {held:.1} GB"))));
        }
    }
}
