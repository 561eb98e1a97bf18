//! What is printed: a row an engine, and how the table compares with the best of them.

use bailiwick_benchmarks::line::{Goal, Line, wanted};
use bailiwick_benchmarks::model::Size;

use crate::child::Found;
use crate::engine::Kind;
use crate::race::what;

/// The head of the table for people.
pub(crate) const HEAD: &str = "\
| size | engine | ready, s | memory, GB | verified | prepared, ns | from strings, ns | table by handle, times | table from strings, times |
|---|---|--:|--:|--:|--:|--:|--:|--:|";

/// How many times as fast as an engine the table should be.
const BY_HANDLE: f64 = 80.0;
const BESIDE_REGORUS: f64 = 23.0;
const BESIDE_CEDAR: f64 = 15.0;

fn figure(found: &[Line], what: &str) -> Option<f64> {
    found.iter().find(|line| line.what == what).map(|line| line.figure)
}

/// Prints a row, or lines, about one engine.
pub(crate) fn show(size: Size, kind: Kind, found: &Found) {
    let lines: Vec<Line> = found.lines.iter().map(|(_, line)| line.clone()).collect();
    let of = |what| figure(&lines, what).unwrap_or(f64::NAN);
    if let Some(reason) = &found.given_up {
        eprintln!("{}, {}: {reason}", kind.title(), size.name);
        if !wanted() {
            println!("| {} | {} | {reason} | | | | | | |", size.name, kind.title());
        }
        return;
    }
    if wanted() {
        for (title, what, unit) in [("", what::PREPARED, "ns"), (", from strings", what::STRINGS, "ns")] {
            Line::new(&format!("{}{title}", kind.title()), size.name, of(what), unit).print();
        }
        for (title, what, unit) in [("ready after", what::READY, "s"), ("memory", what::MEMORY, "GB")] {
            Line::new(&format!("{}, {title}", kind.title()), size.name, of(what), unit).print();
        }
        return;
    }
    println!(
        "| {} | {} | {:.1} | {:.2} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} |",
        size.name,
        kind.title(),
        of(what::READY),
        of(what::MEMORY),
        of(what::VERIFIED),
        of(what::PREPARED),
        of(what::STRINGS),
        of(what::PREPARED) / of(what::OURS_HANDLE),
        of(what::STRINGS) / of(what::OURS_STRINGS),
    );
}

/// The figure of an engine with the least of them, of several.
fn fastest<'a>(lines: &'a [(Kind, Line)], what: &str, kinds: &[Kind]) -> Option<(Kind, &'a Line)> {
    let all = lines.iter().filter(|(kind, line)| line.what == what && kinds.contains(kind));
    all.min_by(|a, b| a.1.figure.total_cmp(&b.1.figure)).map(|(kind, line)| (*kind, line))
}

/// Says how many times as fast as the best of several engines the table is, and whether that is enough.
pub(crate) fn judge(size: Size, asked: &[Kind], lines: &[(Kind, Line)]) {
    let regorus = [Kind::RegorusBytecode];
    let cedar = [Kind::CedarSlots, Kind::CedarRoles];
    let each: [(&str, &str, &[Kind], f64); 5] = [
        (what::OURS_HANDLE, what::PREPARED, &Kind::ALL, BY_HANDLE),
        (what::OURS_STRINGS, what::STRINGS, &regorus, BESIDE_REGORUS),
        (what::OURS_STRINGS, what::STRINGS, &cedar, BESIDE_CEDAR),
        (what::OURS_STRINGS, what::PREPARED, &regorus, 0.0),
        (what::OURS_STRINGS, what::PREPARED, &cedar, 0.0),
    ];
    for (ours, theirs, kinds, target) in each {
        // Of some of them only, the fastest would mean little.
        if kinds.iter().any(|kind| kind.is_expert() && !asked.contains(kind)) {
            continue;
        }
        let Some((kind, their)) = fastest(lines, theirs, kinds) else { continue };
        // Of the same process, in turns with it.
        let Some((_, our)) = fastest(lines, ours, &[kind]) else { continue };
        let times = their.figure / our.figure;
        let beside = if theirs == what::STRINGS { "from strings" } else { "prepared" };
        let of = format!("{}, {beside}", kind.title());
        let mut line = Line::new(&format!("{ours}, beside the fastest"), size.name, our.figure, "ns").times(times, &of);
        if size.name != "S" && target > 0.0 {
            line = line.goal(Goal::AtLeast, target);
        }
        line.print();
        if !wanted() {
            let verdict = line.met().map_or("", |met| if met { ": met" } else { ": not met" });
            let aim = line.target.map_or_else(String::new, |target| format!(" (at least {target})"));
            eprintln!("{}: {ours} {:.1} ns, {times:.1} times as fast as {of}{aim}{verdict}", size.name, our.figure);
        }
    }
}
