//! Other engines asked the same questions, in the same run as the table.
//!
//! `peers [S] [M] [L] [ENGINE...]`, everything where nothing is named; `peers --list` names the engines. Each engine runs in a process of
//! its own, beside the table, which is timed in turns with it. All its answers to the questions that are timed, and at least ten thousand
//! where an answer does not take milliseconds, are held against the naive evaluator first. `QUESTIONS=100000` and `ROUNDS=5` set how
//! many questions an engine is asked and how often; the least time counts. An engine that needs longer than `MINUTES=10` to be ready or more
//! than `GIGABYTES=8` is given up for that size, and what it had used is said.

mod casbin;
mod cedar;
mod child;
mod engine;
mod judge;
mod ours;
mod race;
mod regorus;
mod usage;

use std::error::Error;

use bailiwick_benchmarks::line;
use bailiwick_benchmarks::model::{SIZES, Size};

use crate::engine::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|word| word == "--list") {
        Kind::ALL.iter().for_each(|kind| println!("{}", kind.name()));
        return Ok(());
    }
    if let [first, size, engine] = arguments.as_slice()
        && first == "--only"
    {
        let size = SIZES.into_iter().find(|s| s.name == size).ok_or("the sizes are S, M and L")?;
        return race::run(size, Kind::named(engine).ok_or("no such engine")?);
    }
    compare(&wanted(&arguments)?)
}

/// What is asked for: sizes, and engines.
fn wanted(arguments: &[String]) -> Result<(Vec<Size>, Vec<Kind>)> {
    let (mut sizes, mut kinds) = (vec![], vec![]);
    for word in arguments {
        if let Some(size) = SIZES.into_iter().find(|size| size.name == word) {
            sizes.push(size);
        } else {
            kinds.push(Kind::named(word).ok_or_else(|| format!("`{word}` is neither a size nor an engine"))?);
        }
    }
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    if kinds.is_empty() {
        kinds.extend(Kind::ALL);
    }
    Ok((sizes, kinds))
}

fn compare((sizes, kinds): &(Vec<Size>, Vec<Kind>)) -> Result<()> {
    if !line::wanted() {
        println!("{}", judge::HEAD);
    }
    for size in sizes {
        let mut lines = vec![];
        for kind in kinds {
            let found = child::run(*size, *kind)?;
            judge::show(*size, *kind, &found);
            lines.extend(found.lines);
        }
        judge::judge(*size, kinds, &lines);
    }
    Ok(())
}
