//! Where the time of a run goes, stage by stage, and what it is at right now.
//!
//! Whoever runs the compiler gives it a [`Stages`] and reads it afterwards, or meanwhile from another thread.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Instant;

use serde::Serialize;

/// The stages of a run so far.
#[derive(Debug, Default)]
pub struct Stages(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    open: Vec<Open>,
    done: Vec<Stage>,
}

/// A stage that is under way on a thread.
#[derive(Debug)]
struct Open {
    name: &'static str,
    thread: ThreadId,
    part: Option<&'static str>,
    parts: Vec<Part>,
}

/// A stage that is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// What it is called: `read`, `parse`, `resolve` and so on.
    pub name: &'static str,
    /// Seconds on the clock.
    pub seconds: f64,
    /// Seconds of processors at work to a hundredth, of all threads: of what goes on beside it, too. None where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processor_seconds: Option<f64>,
    /// The greatest memory that the process has had by its end, in bytes; none where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_bytes: Option<u64>,
    /// Its parts, where they are told: the checks, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// What it is called.
    pub name: &'static str,
    /// Seconds on the clock.
    pub seconds: f64,
}

impl Stages {
    /// Runs a stage.
    pub fn run<T>(&self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let thread = thread::current().id();
        self.state().open.push(Open { name, thread, part: None, parts: vec![] });
        let (start, before) = (Instant::now(), processor());
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        let processor_seconds = before.zip(processor()).map(|(before, after)| after - before);
        let peak_bytes = peak();
        let mut state = self.state();
        let last = state.open.iter().rposition(|open| open.thread == thread);
        let parts = last.map_or_else(Vec::new, |last| state.open.remove(last).parts);
        state.done.push(Stage { name, seconds, processor_seconds, peak_bytes, parts });
        result
    }

    /// Runs a part of a stage that is under way, on whatever thread.
    pub fn part<T>(&self, stage: &str, name: &'static str, work: impl FnOnce() -> T) -> T {
        if let Some(open) = self.state().of(stage) {
            open.part = Some(name);
        }
        let start = Instant::now();
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        if let Some(open) = self.state().of(stage) {
            open.parts.push(Part { name, seconds });
        }
        result
    }

    /// The stage that is under way, the one that began first of several, and its part.
    #[must_use]
    pub fn now(&self) -> Option<(&'static str, Option<&'static str>)> {
        self.state().open.first().map(|open| (open.name, open.part))
    }

    /// The stages that are done, in order.
    #[must_use]
    pub fn done(&self) -> Vec<Stage> {
        self.state().done.clone()
    }

    /// A stage that panicked leaves nothing half-written here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The stage of a name that began last.
    fn of(&mut self, stage: &str) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| open.name == stage)
    }
}

/// Does two things at once, the one on a thread of its own; one after the other where there can be no such thread.
pub fn beside<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, &other);
        let own = own();
        let other = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => other(),
        };
        (other, own)
    })
}

/// The greatest memory that the process has had, in bytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// The processors' seconds that the process has had; the system counts them in hundredths.
fn processor() -> Option<f64> {
    const A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in brackets and may hold anything; user and system time are the 12th and 13th word behind it.
    let mut words = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let (user, system): (u32, u32) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((f64::from(user) + f64::from(system)) / A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_told_in_order_with_their_parts() {
        let stages = Stages::default();
        assert_eq!(stages.run("one", || stages.now()), Some(("one", None)));
        let within = stages.run("two", || {
            let first = stages.part("two", "a", || stages.now());
            (first, stages.part("two", "b", || stages.now()))
        });
        assert_eq!(within, (Some(("two", Some("a"))), Some(("two", Some("b")))));
        assert_eq!(stages.now(), None);
        let done = stages.done();
        let names: Vec<_> = done.iter().map(|s| (s.name, s.parts.iter().map(|p| p.name).collect::<Vec<_>>())).collect();
        assert_eq!(names, [("one", vec![]), ("two", vec!["a", "b"])]);
        assert!(done.iter().all(|stage| stage.seconds >= 0.0 && stage.processor_seconds.is_none_or(|s| s >= 0.0)));
    }

    #[test]
    fn stages_beside_one_another_keep_their_parts() {
        let stages = Stages::default();
        // A part of the one stage is done on the thread of the other.
        let far = || stages.part("own", "c", || 2);
        let (other, own) = stages.run("own", || {
            let other = || stages.run("other", || (stages.part("other", "a", || 1), far()));
            beside(other, || stages.part("own", "b", || 2))
        });
        assert_eq!((other, own), ((1, 2), 2));
        let names = |parts: &[Part]| {
            let mut names: Vec<_> = parts.iter().map(|part| part.name).collect();
            names.sort_unstable();
            names
        };
        let done: Vec<_> = stages.done().iter().map(|s| (s.name, names(&s.parts))).collect();
        assert_eq!(done, [("other", vec!["a"]), ("own", vec!["b", "c"])]);
    }

    #[test]
    fn work_takes_time_and_memory() {
        let stages = Stages::default();
        let length = stages.run("fill", || {
            std::thread::sleep(std::time::Duration::from_millis(5));
            std::hint::black_box(vec![1_u8; 4_000_000]).len()
        });
        let done = stages.done();
        assert!(done[0].seconds >= 0.005, "{done:?}");
        assert!(done[0].peak_bytes.is_none_or(|peak| peak > length as u64), "{done:?}");
    }
}
