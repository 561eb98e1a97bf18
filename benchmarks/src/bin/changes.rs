//! How long comparing two tables takes that differ in one role, as a multiple of loading both.
//!
//! `changes [S] [M] [L]`, all three where none is named. `ROUNDS=5` sets how often each is timed; the least time counts, of all threads
//! together and as it elapsed. With `TABLES=some/folder` the tables are kept there, and made only when they are not there yet. What the
//! comparison says is held against the model before anything is timed: who gains, which action, and all decisions of some accounts. With
//! `BENCH_LINES` set it prints a JSON object for each figure instead of a table.

use std::collections::BTreeSet;
use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use bailiwick::diff::allow::AllowList;
use bailiwick::diff::gate::Verdict;
use bailiwick::diff::render::{View, markdown};
use bailiwick::diff::tables::compare::compare;
use bailiwick::diff::{Options, Side, change::Diff, diff};
use bailiwick_benchmarks::line::{self, Goal, Line};
use bailiwick_benchmarks::model::{Assignment, LAYERS, Model, SIZES, Size};
use bailiwick_benchmarks::questions::Question;
use bailiwick_benchmarks::table::{Handles, compile};
use bailiwick_benchmarks::write::{action, login, role};
use bailiwick_table::{Fact, Party, Table, Target};

/// 2026-01-01.
const DAY: i32 = 20_454;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if !line::wanted() {
        println!(
            "| size | a role | accounts gain | load both | find, times | diff, times | load both, elapsed | diff, times |"
        );
        println!("|---|---|--:|--:|--:|--:|--:|--:|");
    }
    let mut all = vec![];
    for size in SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|w| w == size.name)) {
        let old = Model::new(*size);
        let before = kept(&old, size.name)?;
        for case in [Case::extended(&old), Case::alone(&old)] {
            let after = kept(&case.model, &format!("{}-{}", size.name, case.name))?;
            all.push(measure(*size, &old, &case, [&before, &after])?);
        }
    }
    growth(&all);
    Ok(())
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn kept(model: &Model, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let Some(folder) = std::env::var_os("TABLES").map(PathBuf::from) else { return Ok(compile(model)?) };
    let path = folder.join(name).with_extension("bwt");
    if path.exists() {
        return Ok(std::fs::read(path)?);
    }
    let bytes = compile(model)?;
    std::fs::write(path, &bytes)?;
    Ok(bytes)
}

/// A change: a role allows one permission more.
struct Case {
    name: &'static str,
    role: u32,
    permission: u32,
    /// The model after it.
    model: Model,
}

impl Case {
    /// Of a role of the lowest layer: half of those are extended by more roles, half by fewer.
    fn extended(model: &Model) -> Self {
        let mut lowest: Vec<(usize, u32)> =
            (0..model.size.roles / LAYERS).map(|role| (reaching(model, role).len(), role)).collect();
        lowest.sort_unstable();
        Self::new(model, "extended", lowest[lowest.len() / 2].1)
    }

    /// Of a role that no other extends.
    fn alone(model: &Model) -> Self {
        Self::new(model, "alone", model.size.roles - 1)
    }

    fn new(old: &Model, name: &'static str, role: u32) -> Self {
        let allowed = &old.effective()[role as usize];
        let permission = (0..old.size.permissions).find(|p| !allowed.contains(p)).unwrap_or(0);
        let mut model = old.clone();
        let own = &mut model.roles[role as usize].own;
        own.push(permission);
        own.sort_unstable();
        Self { name, role, permission, model }
    }
}

/// The roles that have what a role has: itself, and those that extend it.
fn reaching(model: &Model, role: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::from([role]);
    for (number, of) in (0..).zip(&model.roles) {
        if of.extends.iter().any(|lower| found.contains(lower)) {
            found.insert(number);
        }
    }
    found
}

/// The groups on which somebody with these assignments has a permission, and whether it has it everywhere.
fn reached(model: &Model, allowed: &[bool], assignments: &[Assignment]) -> (bool, BTreeSet<u32>) {
    let mut groups = BTreeSet::new();
    for one in assignments.iter().filter(|a| allowed[a.role as usize]) {
        if one.groups.is_empty() {
            return (true, BTreeSet::new());
        }
        groups.extend(one.groups.iter().flat_map(|group| *group..model.groups[*group as usize].end));
    }
    (false, groups)
}

/// By the model: who may do more than before, as numbers of administrators.
fn gaining(old: &Model, case: &Case) -> Vec<u32> {
    let allowed = |model: &Model| -> Vec<bool> {
        model.effective().iter().map(|all| all.binary_search(&case.permission).is_ok()).collect()
    };
    let (before, after) = (allowed(old), allowed(&case.model));
    let gains = |assignments: &Vec<Assignment>| {
        let (was, is) = (reached(old, &before, assignments), reached(old, &after, assignments));
        !was.0 && (is.0 || !is.1.is_subset(&was.1))
    };
    (0..).zip(&old.admins).filter(|(_, assignments)| gains(assignments)).map(|(admin, _)| admin).collect()
}

/// Holds what a comparison says against the model.
fn verify(old: &Model, case: &Case, found: &Diff, tables: [&[u8]; 2]) -> Result<usize, Box<dyn Error>> {
    let expected = gaining(old, case);
    let said: BTreeSet<&str> = found.changes.iter().flat_map(|c| c.logins.iter().map(String::as_str)).collect();
    let logins: Vec<String> = expected.iter().map(|admin| login(*admin)).collect();
    if !logins.iter().map(String::as_str).eq(said.iter().copied()) || found.accounts.touched != logins.len() {
        return Err(format!("{} accounts gain, and {} are said to", logins.len(), said.len()).into());
    }
    let path = action(case.permission);
    for change in &found.changes {
        let only = change.actions.len() == 1 && change.actions[0].path == path && change.direction.is_more();
        if !only || change.period.is_some() {
            return Err(format!("more is said than has changed: {change:?}").into());
        }
    }
    decisions(old, case, &expected, tables)?;
    Ok(expected.len())
}

/// Both tables decide of some of those who gain, and of others, as the models do, on every group.
fn decisions(old: &Model, case: &Case, gaining: &[u32], tables: [&[u8]; 2]) -> Result<(), Box<dyn Error>> {
    let some = gaining.iter().step_by(1 + gaining.len() / 20).copied();
    let others = (0..old.size.admins).step_by(1 + old.size.admins as usize / 20);
    let asked: BTreeSet<u32> = some.chain(others).collect();
    for (model, bytes) in [old, &case.model].into_iter().zip(tables) {
        let table = Table::from_bytes(bytes)?;
        let handles = Handles::new(&table, model).ok_or("the table lacks something")?;
        for admin in &asked {
            for group in 0..old.size.groups {
                let (admin, permission) = (*admin, case.permission);
                let allowed = bailiwick_benchmarks::naive::allows(model, admin, permission, group);
                let asked = handles.asked(&Question { admin, permission, group, allowed });
                let target = Target::entity(Party { unit: Fact::Known(asked.unit), ..Party::closed() });
                if table.decide(asked.account, asked.action, &target, DAY).allowed != allowed {
                    return Err(format!("admin {admin} and group {group}").into());
                }
            }
        }
    }
    Ok(())
}

/// Processor time, of all threads, and time elapsed; the least of each, in seconds.
#[derive(Clone, Copy)]
struct Least {
    processor: f64,
    elapsed: f64,
}

/// What is long enough for the clock of processor time, which counts hundredths of a second.
const LONG: f64 = 0.3;

impl Least {
    const NONE: Self = Self { processor: f64::INFINITY, elapsed: f64::INFINITY };

    /// Works at something as often as makes it long enough.
    fn round<T>(&mut self, mut work: impl FnMut() -> T) {
        let (mut count, start, before) = (0_u32, Instant::now(), worked());
        while count == 0 || start.elapsed().as_secs_f64() < LONG {
            drop(black_box(work()));
            count += 1;
        }
        let (each, elapsed) = (1.0 / f64::from(count), start.elapsed().as_secs_f64());
        let processor = before.zip(worked()).map_or(elapsed, |(before, after)| after - before);
        self.processor = self.processor.min(processor * each);
        self.elapsed = self.elapsed.min(elapsed * each);
    }
}

/// For how many seconds all threads of this process have worked, where the system tells.
fn worked() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may have blanks in it, the twelfth and the thirteenth field.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// What was measured of a case: loading both tables, finding what differs, everything from the bytes to the text.
struct Measured {
    accounts: u32,
    case: &'static str,
    loading: Least,
    finding: Least,
    whole: Least,
}

fn measure(size: Size, old: &Model, case: &Case, tables: [&[u8]; 2]) -> Result<Measured, Box<dyn Error>> {
    let whole = || -> Result<(Diff, String), Box<dyn Error>> {
        let side = |name, table| Side { name, table: Some(table), sidecar: None, policy: None };
        let options = Options { at: Some(DAY), ..Options::default() };
        let found = diff(&side("old", tables[0]), &side("new", tables[1]), &options)
            .map_err(|why| format!("cannot compare: {why}"))?;
        let verdict = Verdict::of(&found, &[], &AllowList::default());
        let text = markdown::render(&View { old: "old", new: "new", diff: &found, verdict: &verdict });
        Ok((found, text))
    };
    let (found, text) = whole()?;
    let gain = verify(old, case, &found, tables)?;
    if !text.contains(&role(case.role)) {
        return Err("the role that changed is not named".into());
    }
    let load = || -> Result<_, bailiwick_table::LoadError> {
        Ok([Table::from_bytes(tables[0])?, Table::from_bytes(tables[1])?])
    };
    let loaded = load()?;
    let mut all = Measured {
        accounts: size.admins,
        case: case.name,
        loading: Least::NONE,
        finding: Least::NONE,
        whole: Least::NONE,
    };
    for _ in 0..number("ROUNDS", 5) {
        all.loading.round(load);
        all.finding.round(|| compare([&loaded[0], &loaded[1]], &[], DAY).differences.len());
        all.whole.round(whole);
    }
    print(size, gain, &all);
    Ok(all)
}

fn print(size: Size, gain: usize, all: &Measured) {
    let Measured { case, loading, finding, whole, .. } = all;
    let what = |name: &str| format!("{name}, a role {case}");
    let [time, find, elapsed, diff] =
        [loading.processor, finding.processor / loading.processor, whole.elapsed, whole.elapsed / loading.elapsed];
    Line::new(&what("load both tables"), size.name, time * 1e3, "ms").print();
    Line::new(&what("find differences"), size.name, finding.processor * 1e3, "ms")
        .times(find, "load both tables")
        .print();
    let line = Line::new(&what("diff"), size.name, elapsed * 1e3, "ms").times(diff, "load both tables");
    if size.name == "L" {
        line.goal(Goal::AtMost, 1.5).print()
    } else {
        line.print()
    }
    if line::wanted() {
        return;
    }
    println!(
        "| {} | {case} | {gain} | {:.1} ms | {find:.2} | {:.2} | {:.1} ms | {diff:.2} |",
        size.name,
        time * 1e3,
        whole.processor / loading.processor,
        loading.elapsed * 1e3,
    );
}

/// How times grow with the number of accounts: 1 is as fast as it, 2 is with its square.
fn growth(all: &[Measured]) {
    let cases: BTreeSet<&str> = all.iter().map(|one| one.case).collect();
    for case in cases {
        let of: Vec<&Measured> = all.iter().filter(|one| one.case == case).collect();
        let (Some(first), Some(last)) = (of.first(), of.last()) else { continue };
        if first.accounts == last.accounts {
            continue;
        }
        let slope = |time: &dyn Fn(&Measured) -> f64| {
            (time(last) / time(first)).ln() / (f64::from(last.accounts) / f64::from(first.accounts)).ln()
        };
        let loading = slope(&|one| one.loading.processor);
        let whole = slope(&|one| one.whole.processor);
        Line::new(&format!("growth of diff, a role {case}"), "", whole, "slope").goal(Goal::AtMost, 1.1).print();
        if !line::wanted() {
            println!("\nA role {case}: slope {whole:.2} of the whole comparison, {loading:.2} of loading.");
        }
    }
}
