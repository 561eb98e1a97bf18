//! Timing of several ways to answer the same questions, in turns, so that what disturbs one disturbs all.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::line::{self, Goal, Line};

/// A way to answer: gives the answer to the question with a number.
pub struct Variant<'a> {
    /// What it is.
    pub name: &'static str,
    /// The number of the variant it is compared with; its own for a floor.
    pub floor: usize,
    run: Box<dyn Fn(usize) -> usize + 'a>,
    least: f64,
}

impl std::fmt::Debug for Variant<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ns", self.name, self.least)
    }
}

impl<'a> Variant<'a> {
    /// A way that answers one question after the other. The loop is compiled into it.
    pub fn each(name: &'static str, floor: usize, answer: impl Fn(usize) -> bool + 'a) -> Self {
        let run = move |count| (0..count).filter(|question| answer(black_box(*question))).count();
        Self { name, floor, run: Box::new(run), least: f64::INFINITY }
    }

    /// A way that answers them all at once: told how many, it says how many are allowed.
    pub fn all(name: &'static str, floor: usize, run: impl Fn(usize) -> usize + 'a) -> Self {
        Self { name, floor, run: Box::new(run), least: f64::INFINITY }
    }

    /// Nanoseconds a question, the least of all rounds.
    #[must_use]
    pub const fn nanoseconds(&self) -> f64 {
        self.least
    }
}

/// What something gave, and how long this thread worked at it: what else the machine did meanwhile does not count where the system keeps
/// an account of it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (start, before) = (Instant::now(), worked());
    let result = work();
    let took = before.zip(worked()).map(|(before, after)| after.saturating_sub(before));
    (result, took.unwrap_or_else(|| start.elapsed()))
}

fn worked() -> Option<Duration> {
    // The system brings its account up to date when a thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// How long all threads of this program have worked so far, those that ended included; in hundredths of a second. None where the system
/// does not say.
#[must_use]
pub fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the program's name, which may have anything in it: the fields from the third on.
    let (_, fields) = text.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
    Some(Duration::from_millis(10 * (user + system)))
}

/// Times all variants in turns, and holds the number of allowed questions against the expected one.
///
/// # Panics
/// When a variant counts otherwise: then its time would mean nothing.
pub fn race(variants: &mut [Variant<'_>], questions: usize, allowed: usize, rounds: usize) {
    for _ in 0..rounds {
        for variant in variants.iter_mut() {
            let (found, time) = timed(|| black_box((variant.run)(black_box(questions))));
            let each = time.as_secs_f64() * 1e9 / questions as f64;
            assert_eq!(found, allowed, "{}", variant.name);
            variant.least = variant.least.min(each);
        }
    }
}

/// Rows of a table, or lines: name, nanoseconds, ratio to the floor; with what a variant that is no floor should at most be.
pub fn print(size: &str, variants: &[Variant<'_>], targets: &[(&str, f64)]) {
    for (number, variant) in variants.iter().enumerate() {
        let floor = &variants[variant.floor];
        let ratio = variant.least / floor.least;
        if !line::wanted() {
            println!("| {size} | {} | {:.1} | {ratio:.2} |", variant.name, variant.least);
            continue;
        }
        let mut line = Line::new(variant.name, size, variant.least, "ns");
        if variant.floor != number {
            line = line.times(ratio, floor.name);
        }
        if let Some((_, target)) = targets.iter().find(|(name, _)| *name == variant.name) {
            line = line.goal(Goal::AtMost, *target);
        }
        line.print();
    }
}
