//! What comparing two tables of many people takes, as a multiple of loading both: where nothing changed, and where some roles did.
//!
//! `cargo bench --bench diff` prints a line a comparison, in time of computing. `PEOPLE=1000000` sets other numbers of accounts, one or several:
//! `PEOPLE=10000,100000`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use bailiwick::diff::tables::compare::compare;
use bailiwick::diff::{self, Side};
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, compile};
use bailiwick_table::Table;

const ROLES: usize = 24;
const UNITS: usize = 300;
/// 2026-11-01.
const DAY: i32 = 20_758;

fn main() {
    let usual: &[usize] = if std::env::args().any(|arg| arg == "--bench") { &[10_000, 100_000] } else { &[1_000] };
    let asked = std::env::var("PEOPLE").ok();
    let asked: Option<Vec<usize>> = asked.map(|list| list.split(',').filter_map(|n| n.trim().parse().ok()).collect());
    println!("accounts  what changed       load both    compare   times   with statements   times   touched");
    for people in asked.unwrap_or_else(|| usual.to_vec()) {
        let table = table(people);
        let old = compiled(&policy(0, false), &table);
        for (what, new) in [
            ("nothing", policy(0, false)),
            ("1 role", policy(1, false)),
            ("4 roles", policy(4, false)),
            ("16 roles", policy(16, false)),
            ("a prohibition", policy(0, true)),
        ] {
            row(people, what, &old, &compiled(&new, &table));
        }
    }
}

fn compiled(policy: &str, people: &str) -> Vec<u8> {
    let sources = SourceMap::new(vec![Source::new("portal.bw", policy), Source::people("people.csv", people)]);
    let outcome = compile(&sources, &Options { at: Some(DAY), ..Options::default() });
    outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings)).table().to_vec()
}

/// The time that this thread was computing, where the system tells it: other work on the machine does not count.
fn computing() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The shortest of three runs.
fn best<T>(mut step: impl FnMut() -> T) -> (Duration, T) {
    let mut once = || {
        let (start, computed) = (Instant::now(), computing());
        let result = step();
        let spent = computing().zip(computed).map(|(end, start)| end.saturating_sub(start));
        (spent.unwrap_or_else(|| start.elapsed()), result)
    };
    let first = once();
    [once(), once()].into_iter().fold(first, |best, next| if next.0 < best.0 { next } else { best })
}

fn row(people: usize, what: &str, old: &[u8], new: &[u8]) {
    let load = |bytes| Table::from_bytes(bytes).unwrap_or_else(|e| panic!("{e}"));
    let (loading, tables) = best(|| [load(old), load(new)]);
    let (comparing, differences) = best(|| black_box(compare([&tables[0], &tables[1]], &[], DAY)).differences.len());
    let side = |name, table| Side { name, table: Some(table), sidecar: None, policy: None };
    let options = diff::Options { at: Some(DAY), ..diff::Options::default() };
    // Loads both once more.
    let (whole, found) = best(|| diff::diff(&side("old", old), &side("new", new), &options).expect("tables"));
    assert_eq!(found.changes.is_empty(), differences == 0);
    let times = |time: Duration| time.as_secs_f64() / loading.as_secs_f64();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{people:>8}  {what:<14} {:>10.1} ms {:>7.1} ms {:>6.1}x {:>14.1} ms {:>6.1}x {:>9}",
        ms(loading),
        ms(comparing),
        times(comparing),
        ms(whole),
        times(whole),
        found.accounts.touched,
    );
}

/// A policy in which the first `changed` roles give one action more.
fn policy(changed: usize, forbids: bool) -> String {
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
    if forbids {
        text.push_str("forbid reports.open on users in finns for users in finns\n");
    }
    let units: Vec<String> = (0..UNITS).map(|n| format!("u{n}")).collect();
    writeln!(text, "unit acme {{ {} }}", units.join(", ")).expect("text");
    for n in 0..ROLES {
        let scope = ["", "scope users in own unit and entities in own unit\n", "scope entities in unit acme\n"][n % 3];
        let more = if n < changed { ", courses.edit" } else { "" };
        writeln!(text, "role r{n} {{\n{scope}allow courses.open, accounts.read, reports.open{more}\n}}").expect("text");
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
