//! How each step grows from the smallest model to the largest: the exponents, and a plot.
//!
//! `growth` measures five sizes, S to L; `LARGEST=M` stops earlier. `PLOT=docs/growth.svg` writes the plot. Times are those of the processor, of all
//! threads, the least of three; what is short is done so often that it takes a third of a second. The amount is the length of
//! the policy in the text form. No exponent should be above that of n log n.

use std::error::Error;
use std::hint::black_box;

use bailiwick::check::{Context, run_all};
use bailiwick::diagnostic::Findings;
use bailiwick::diff::tables::compare::compare;
use bailiwick::lower::{Switches, lower};
use bailiwick::source::SourceMap;
use bailiwick::{emit, resolve, syntax};
use bailiwick_benchmarks::chart::{Curve, plot};
use bailiwick_benchmarks::line::{Goal, Line, wanted};
use bailiwick_benchmarks::model::{L, M, Model, S, Size};
use bailiwick_benchmarks::questions::questions;
use bailiwick_benchmarks::report::processor_time;
use bailiwick_benchmarks::table::{Handles, compile};
use bailiwick_benchmarks::write::{People, login, text};
use bailiwick_table::{Fact, Login, Party, Table, Target};

/// 2026-01-01.
const DAY: i32 = 20_454;

/// S, M, L, and sizes half the way between them.
const STEPS: [Size; 5] = [
    S,
    Size { name: "S-M", roles: 224, admins: 10_000, permissions: 447, groups: 224 },
    M,
    Size { name: "M-L", roles: 1_000, admins: 316_000, permissions: 1_414, groups: 3_162 },
    L,
];

/// Seconds from which on hundredths do no harm.
const ENOUGH: f64 = 0.3;
const UNTOLD: &str = "the system does not tell the processor's time";

const NAMES: [&str; 6] = ["parse", "check", "build", "load", "decide", "diff"];

fn main() -> Result<(), Box<dyn Error>> {
    let largest = std::env::var("LARGEST").unwrap_or_else(|_| "L".to_owned());
    let last = STEPS.iter().position(|size| size.name == largest).ok_or("the sizes are S, S-M, M, M-L and L")?;
    let mut curves = NAMES.map(|name| Curve { name: name.to_owned(), points: vec![] });
    for size in &STEPS[..=last] {
        eprintln!("{}: {} accounts", size.name, size.admins);
        for (curve, point) in curves.iter_mut().zip(measure(*size)?) {
            Line::new(&curve.name, size.name, point.1 * 1e3, "ms").print();
            curve.points.push(point);
        }
    }
    tell(&curves)?;
    if let Some(path) = std::env::var_os("PLOT") {
        let title = "Time from S to L, as multiples of S";
        std::fs::write(path, plot(title, "length of the policy", &curves))?;
    }
    Ok(())
}

/// Amount and seconds of each step, in the order of the names.
fn measure(size: Size) -> Result<[(f64, f64); 6], Box<dyn Error>> {
    let model = Model::new(size);
    let (characters, [parse, check, build]) = sources(&model)?;
    let [load, decide, diff] = tables(&model)?;
    Ok([parse, check, build, load, decide, diff].map(|seconds| (characters, seconds)))
}

/// The length of the text form, and how long parsing, checking and building take.
fn sources(model: &Model) -> Result<(f64, [f64; 3]), Box<dyn Error>> {
    let text = text(model, People::Blocks);
    let length = text.len();
    let sources = SourceMap::single("synthetic.bw", &text);
    drop(text);
    let (parse, files) = least(|| syntax::parse(&sources, &mut Findings::new()))?;
    let (resolving, resolved) = least(|| resolve::resolve(&files, &sources, &mut Findings::new()))?;
    drop(files);
    let (lowering, rights) = least(|| lower(&resolved, &Switches::as_written(&resolved)))?;
    let (emitting, table) = least(|| emit::table::table(&resolved, &rights, 0))?;
    table.map_err(|refused| format!("{refused:?}"))?;
    let (check, _) = least(|| {
        let mut findings = Findings::new();
        run_all(&Context::new(&resolved, &rights, None, DAY), |_| true, &mut findings);
        findings.len()
    })?;
    Ok((length as f64, [parse, check, resolving + lowering + emitting]))
}

/// How long loading the table, a decision by login, and comparing it with one that differs in a role take.
fn tables(model: &Model) -> Result<[f64; 3], Box<dyn Error>> {
    let bytes = compile(model)?;
    let (load, table) = least(|| Table::from_bytes(bytes.as_slice()))?;
    let table = table?;
    let handles = Handles::new(&table, model).ok_or("the table lacks something")?;
    let questions = questions(model, 200_000);
    let asked: Vec<_> = questions.iter().map(|q| (login(q.admin), handles.asked(q))).collect();
    let expected = questions.iter().filter(|q| q.allowed).count();
    let (deciding, allowed) = least(|| {
        let answer = |(login, asked): &&(String, bailiwick_benchmarks::table::Asked)| {
            let account = Login::ascii(login).and_then(|login| table.account(login));
            let target = Target::entity(Party { unit: Fact::Known(asked.unit), ..Party::closed() });
            account.is_some_and(|account| table.decide(account, asked.action, &target, DAY).allowed)
        };
        asked.iter().filter(answer).count()
    })?;
    if allowed != expected {
        return Err(format!("{allowed} questions allowed, not {expected}").into());
    }
    let count = asked.len() as f64;
    drop((asked, questions));
    let other = compile(&one_role_more(model))?;
    let other = Table::from_bytes(other.as_slice())?;
    let (diff, found) = least(|| compare([&table, &other], &[], DAY).differences.len())?;
    if found == 0 { Err("no difference found".into()) } else { Ok([load, deciding / count, diff]) }
}

/// The same model, a role of the middle allowing one permission more.
fn one_role_more(model: &Model) -> Model {
    let mut other = model.clone();
    let middle = other.roles.len() / 2;
    let already = &model.effective()[middle];
    let own = &mut other.roles[middle].own;
    own.extend((0..model.size.permissions).find(|permission| !already.contains(permission)));
    own.sort_unstable();
    other
}

/// Seconds of the least of three, and what the last gave. Making away with a result counts as well.
fn least<T>(mut work: impl FnMut() -> T) -> Result<(f64, T), Box<dyn Error>> {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let (start, mut times) = (processor_time().ok_or(UNTOLD)?, 0);
        let took = loop {
            drop(black_box(work()));
            times += 1;
            let took = processor_time().ok_or(UNTOLD)?.saturating_sub(start).as_secs_f64();
            if took >= ENOUGH {
                break took;
            }
        };
        best = best.min(took / f64::from(times));
    }
    Ok((best, work()))
}

fn tell(curves: &[Curve]) -> Result<(), Box<dyn Error>> {
    if !wanted() {
        println!("| step | S to L, milliseconds | exponent | of n log n |\n|---|---|--:|--:|");
    }
    for curve in curves {
        let missing = "too few sizes";
        let (slope, most) = (curve.slope().ok_or(missing)?, curve.n_log_n().slope().ok_or(missing)?);
        let line = Line::new(&format!("exponent of {}", curve.name), "S to L", slope, "").goal(Goal::AtMost, most);
        line.print();
        if !wanted() {
            let times: Vec<String> = curve.points.iter().map(|(_, seconds)| format!("{:.5}", seconds * 1e3)).collect();
            let times = times.join(", ");
            let met = if line.met() == Some(true) { "" } else { ": too much" };
            println!("| {} | {times} | {slope:.2}{met} | {most:.2} |", curve.name);
        }
    }
    Ok(())
}
