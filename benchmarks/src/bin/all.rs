//! Runs every bench and prints one table: ours, what it is compared with, how many times that, what is aimed at, and whether it is met.
//!
//! `cargo run --release -p bailiwick-benchmarks --bin all [NAME...]`; `--list` names the benches. With `BENCH_LINES` set the table is
//! lines of JSON. It takes an hour or two on two cores, most of it other engines being built and made ready. Ends with an error when a
//! bench fails, not when a target is missed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use bailiwick_benchmarks::line::{Goal, Line, lines, wanted};

/// A bench: what it is called, and what cargo is told.
struct Bench {
    name: &'static str,
    cargo: &'static str,
}

const BENCHES: [Bench; 9] = [
    Bench { name: "decisions", cargo: "run --release --quiet -p bailiwick-benchmarks --bin decisions" },
    Bench { name: "opening", cargo: "run --release --quiet -p bailiwick-benchmarks --bin opening" },
    Bench { name: "compile", cargo: "run --release --quiet -p bailiwick-benchmarks --bin compile" },
    Bench { name: "changes", cargo: "run --release --quiet -p bailiwick-benchmarks --bin changes" },
    Bench { name: "checks", cargo: "bench --quiet --bench checks" },
    Bench { name: "recheck", cargo: "bench --quiet --bench recheck" },
    Bench { name: "growth", cargo: "run --release --quiet -p bailiwick-benchmarks --bin growth" },
    Bench { name: "counts", cargo: "run --release --quiet -p bailiwick-benchmarks --bin counts" },
    Bench { name: "peers", cargo: "run --release --quiet --manifest-path benchmarks/peers/Cargo.toml" },
];

/// The program itself, which some benches run.
const PROGRAM: &str = "build --release --quiet";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.iter().any(|name| name == "--list") {
        BENCHES.iter().for_each(|bench| println!("{}", bench.name));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|bench| bench.name != name.as_str())) {
        return Err(format!("there is no bench `{unknown}`; `--list` names them").into());
    }
    if !cargo(PROGRAM).status()?.success() {
        return Err("the program cannot be built".into());
    }
    let mut failed = vec![];
    let mut found = vec![];
    for bench in BENCHES.iter().filter(|bench| names.is_empty() || names.iter().any(|name| name == bench.name)) {
        eprintln!("== {}", bench.name);
        match run(bench) {
            Ok(lines) => found.extend(lines.into_iter().map(|line| (bench.name, line))),
            Err(why) => {
                eprintln!("{}: {why}", bench.name);
                failed.push(bench.name);
            }
        }
    }
    print(&found);
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("failed: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments.split(' ')).env("BENCH_LINES", "1");
    command
}

/// What a bench found. One that says nothing has not measured anything.
fn run(bench: &Bench) -> Result<Vec<Line>, Box<dyn Error>> {
    let output = cargo(bench.cargo).stdout(Stdio::piped()).spawn()?.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("ended with {}", output.status).into());
    }
    let lines = lines(&String::from_utf8(output.stdout)?);
    if lines.is_empty() { Err("no figures".into()) } else { Ok(lines) }
}

fn print(found: &[(&str, Line)]) {
    if wanted() {
        found.iter().for_each(|(_, line)| line.print());
        return;
    }
    println!("| bench | what | size | figure | times | of | target | |\n|---|---|---|--:|--:|---|--:|---|");
    for (bench, line) in found {
        println!("| {bench} | {} |", row(line));
    }
    let judged: Vec<bool> = found.iter().filter_map(|(_, line)| line.met()).collect();
    let met = judged.iter().filter(|met| **met).count();
    println!("\n{met} of {} targets met.", judged.len());
}

/// The cells of a line.
fn row(line: &Line) -> String {
    let goal = match (line.goal, line.target) {
        (Some(Goal::AtMost), Some(target)) => format!("≤ {target}"),
        (Some(Goal::AtLeast), Some(target)) => format!("≥ {target}"),
        _ => String::new(),
    };
    let met = line.met().map_or("", |met| if met { "met" } else { "not met" });
    let times = line.times.map_or_else(String::new, |times| format!("{times:.2}"));
    let figure = format!("{} {}", short(line.figure), line.unit);
    let of = line.of.as_deref().unwrap_or("");
    [line.what.as_str(), &line.size, figure.trim(), &times, of, &goal, met].join(" | ")
}

/// Three digits that count, all of those before the point.
fn short(figure: f64) -> String {
    let digits: usize = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{figure:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_the_target_is_met() {
        let line = Line::new("decide by handle", "L", 76.14, "ns").times(1.25, "floor by handle");
        assert_eq!(row(&line), "decide by handle | L | 76.1 ns | 1.25 | floor by handle |  | ");
        let aimed = line.clone().goal(Goal::AtMost, 1.3);
        assert_eq!(row(&aimed), "decide by handle | L | 76.1 ns | 1.25 | floor by handle | ≤ 1.3 | met");
        assert!(row(&line.goal(Goal::AtMost, 1.2)).ends_with("| ≤ 1.2 | not met"));
    }
}
