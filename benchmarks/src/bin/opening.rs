//! How large a table is, how fast it is verified, and how long after opening its file the first question is answered.
//!
//! `opening [S] [M] [L]`, all three where none is named. `ROUNDS=15` sets how often each is done; the least time elapsed counts. Each
//! opening ends with an answer to a question of its own, held against the naive evaluator. The files were read before, so that the disk does
//! not count.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use bailiwick_benchmarks::floor::Logins;
use bailiwick_benchmarks::line::{self, Goal, Line};
use bailiwick_benchmarks::model::{Model, SIZES, Size};
use bailiwick_benchmarks::questions::{Question, questions};
use bailiwick_benchmarks::table::{Handles, kept};
use bailiwick_benchmarks::write::{action, login};
use bailiwick_table::{Aligned, Fact, Login, Party, Table, Target, UnitId};

/// How often each is done, where nobody says otherwise.
const ROUNDS: usize = 15;
/// 2026-01-01.
const DAY: i32 = 20_454;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if !line::wanted() {
        println!("| size | what | | times | of |\n|---|---|--:|--:|---|");
    }
    for size in SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|w| w == size.name)) {
        measure(*size)?;
    }
    Ok(())
}

fn measure(size: Size) -> Outcome<()> {
    let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let model = Model::new(size);
    let bytes = kept(&model)?;
    tell(of_size(size, &model, bytes.len()));
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("model.bwt");
    std::fs::write(&path, &bytes)?;
    let aligned = Aligned::from(bytes);
    let asked = questions(&model, rounds);
    let handles = Handles::new(&Table::from_bytes(&aligned)?, &model).ok_or("the table lacks something")?;
    let (mut verified, mut read, mut mapped) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for question in &asked {
        let unit = handles.asked(question).unit;
        verified = verified.min(first(question, unit, || Ok(Table::from_bytes(&aligned)?))?);
        read = read.min(first(question, unit, || Ok(Table::from_bytes(Aligned::read(&path)?)?))?);
        mapped = mapped.min(first(question, unit, || open(&path))?);
    }
    let speed = aligned.as_ref().len() as f64 / verified / 1e6;
    tell(Line::new("verified loading", size.name, speed, "MB/s").goal(Goal::AtLeast, 700.0));
    for (what, seconds) in [("first answer, file read", read), ("first answer, file mapped", mapped)] {
        let line = Line::new(what, size.name, seconds * 1e3, "ms");
        tell(if size.name == "L" { line.goal(Goal::AtMost, 120.0) } else { line });
    }
    Ok(())
}

/// The bytes an account, held against those of rows and an index of logins written by hand.
fn of_size(size: Size, model: &Model, bytes: usize) -> Line {
    let (each, floor) = (bytes as f64 / f64::from(size.admins), Logins::new(model).bytes_each());
    Line::new("table", size.name, each, "B/account").times(each / floor, "floor by login").goal(Goal::AtMost, 1.2)
}

#[expect(unsafe_code, reason = "mapping is what is measured; nobody else knows of the file")]
fn open(path: &Path) -> Outcome<Table<bailiwick_table_mmap::Mapped>> {
    // SAFETY: the file stands in a folder of this run alone, and is not written to any more.
    Ok(unsafe { bailiwick_table_mmap::open(path) }?)
}

/// Seconds from nothing to the answer to a question, everything by name but the unit.
fn first<D: AsRef<[u8]>>(question: &Question, unit: UnitId, open: impl FnOnce() -> Outcome<Table<D>>) -> Outcome<f64> {
    let (name, permission) = (login(question.admin), action(question.permission));
    let start = Instant::now();
    let table = open()?;
    let account = Login::ascii(&name).and_then(|login| table.account(login)).ok_or("no such account")?;
    let permission = table.action(&permission).ok_or("no such action")?;
    let target = Target::entity(Party { unit: Fact::Known(unit), ..Party::closed() });
    let decision = table.decide(account, permission, &target, DAY);
    let took = start.elapsed().as_secs_f64();
    if decision.allowed == question.allowed { Ok(took) } else { Err(format!("wrong answer to {question:?}").into()) }
}

fn tell(line: Line) {
    if line::wanted() {
        return line.print();
    }
    let times = line.times.map_or_else(String::new, |times| format!("{times:.2}"));
    let of = line.of.as_deref().unwrap_or("");
    println!("| {} | {} | {:.1} {} | {times} | {of} |", line.size, line.what, line.figure, line.unit);
}
