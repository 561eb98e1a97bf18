//! How long a platform's people take: a table of a million accounts from its text to the permission table, step by step, beside plain
//! reading of the same text.
//!
//! `cargo bench --bench people` prints a line a step, with the greatest memory so far (where the system tells it). `PEOPLE=100000` sets
//! another number; `FOLDER=some/folder` keeps the policy and its table there, for the program itself to be timed.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use bailiwick::diagnostic::Findings;
use bailiwick::lower::{Switches, lower};
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, compile, emit, resolve, syntax};

const ROLES: usize = 24;
const UNITS: usize = 300;

fn main() {
    let asked = std::env::var("PEOPLE").ok().and_then(|n| n.parse().ok());
    // Run as a test, it only shows that it works.
    let usual = if std::env::args().any(|arg| arg == "--bench") { 1_000_000 } else { 1_000 };
    let people = asked.unwrap_or(usual);
    let (policy, table) = (policy(), table(people));
    let sources =
        |table| SourceMap::new(vec![Source::new("portal.bw", policy.clone()), Source::people("people.csv", table)]);
    match std::env::var("PART").as_deref() {
        Ok("plain") => drop(timed("read by the csv crate alone", || black_box(plain(&table)))),
        Ok("steps") => steps(&sources(table)),
        Ok("whole") => whole(&sources(table), people),
        _ => {
            println!("{people} people, {} MB", table.len() / 1_000_000);
            keep(&policy, &table);
            // Each in a process of its own: memory that was used before would be used again.
            ["plain", "steps", "whole"].into_iter().for_each(|part| run(part, people));
        }
    }
}

fn run(part: &str, people: usize) {
    let program = std::env::current_exe().expect("this program");
    let status = Command::new(program).env("PART", part).env("PEOPLE", people.to_string()).status();
    assert!(status.expect("it starts").success(), "{part}");
}

fn whole(sources: &SourceMap, people: usize) {
    let outcome = timed("all of it, with the checks", || compile(sources, &Options::default()));
    let compiled = outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings));
    assert_eq!(compiled.model().accounts.len(), people);
    println!("{} MB of table", compiled.table().len() / 1_000_000);
}

fn steps(sources: &SourceMap) {
    let mut findings = Findings::new();
    let files = timed("parse", || syntax::parse(sources, &mut findings));
    let model = timed("resolve", || resolve::resolve(&files, sources, &mut findings));
    let rights = timed("lower", || lower(&model, &Switches::as_written(&model)));
    let written = timed("emit", || emit::table::write(&model, &rights, 0).expect("a table"));
    let sidecar = timed("sidecar", || written.sidecar(&model, &rights, sources));
    assert_eq!(sidecar.accounts.len(), model.accounts.len());
    assert!(findings.is_empty());
}

/// Runs a step and says how long it took.
fn timed<T>(what: &str, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = step();
    let memory = peak().map_or(String::new(), |mb| format!("   {mb:>6} MB at most"));
    println!("{what:<30} {:>7.2} s{memory}", start.elapsed().as_secs_f64());
    result
}

/// The greatest memory that the process has had, in megabytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse::<u64>().ok().map(|kb| kb / 1_000)
}

/// Reads every row and looks at every cell: the least that anybody must do.
fn plain(table: &str) -> usize {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut bytes = 0;
    while reader.read_record(&mut record).expect("a row") {
        bytes += record.iter().map(str::len).sum::<usize>();
    }
    bytes
}

fn policy() -> String {
    let mut text = "platform portal { super none }
resource courses on entity { view list, open; write create, edit }
resource accounts on account { view read; write change }
resource reports on entity, user { view open }
attribute country { fi, se, no, dk }
attribute department text
relation manages on user
group finns = country is fi
admins from \"people.csv\"
users in finns hold greeter
role greeter { allow courses.list }
forbid courses.create for users in finns
responsible \"Works council\"
"
    .to_owned();
    let units: Vec<String> = (0..UNITS).map(|n| format!("u{n}")).collect();
    writeln!(text, "unit acme {{ {} }}", units.join(", ")).expect("text");
    for n in 0..ROLES {
        let scope = ["", "scope users in own unit and entities in own unit\n", "scope entities in unit acme\n"][n % 3];
        writeln!(text, "role r{n} {{\n{scope}allow courses.open, accounts.read, reports.open\n}}").expect("text");
    }
    text
}

/// People as a directory exports them: most of them alike, in no order.
fn table(people: usize) -> String {
    let mut text = "login,name,email,unit,roles,country,department,active,until\n".to_owned();
    for n in 0..people {
        let mixed = n.wrapping_mul(2_654_435_761) % 4_294_967_296;
        let roles = match mixed % 10 {
            0 => format!("\"r{}, r{}\"", n % ROLES, (n + 7) % ROLES),
            1 => format!("r{} on users in manages; r{}", n % ROLES, (n + 5) % ROLES),
            2 => format!("r{} until 2030-{:02}-28", n % ROLES, 1 + n % 12),
            _ => format!("r{}", n % ROLES),
        };
        let country = ["fi", "se", "no", "dk"][mixed % 4];
        let (active, until) =
            if mixed % 50 == 0 { ("no", "") } else { ("yes", if mixed % 9 == 0 { "2031-12-31" } else { "" }) };
        writeln!(
            text,
            "user{mixed:010},\"Surname{n}, Given\",user{mixed}@acme.example,u{},{roles},{country},Department {},{active},{until}",
            n % UNITS,
            n % 40
        )
        .expect("text");
    }
    text
}

/// Keeps policy and table where they are wanted.
fn keep(policy: &str, table: &str) {
    let Some(folder) = std::env::var_os("FOLDER").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("portal.bw"), policy).expect("a file");
    std::fs::write(folder.join("people.csv"), table).expect("a file");
}
