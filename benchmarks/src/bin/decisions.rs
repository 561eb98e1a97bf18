//! How long a decision takes, beside arrays written by hand for exactly this question, in the same run.
//!
//! `decisions [S] [M] [L]`, all three where none is named. `QUESTIONS=1000000` and `ROUNDS=7` set how many questions are asked and how
//! often; the least time counts. Every answer is held against the naive evaluator before anything is timed.

use std::error::Error;
use std::hint::black_box;

use bailiwick_benchmarks::floor::{Logins, Rows};
use bailiwick_benchmarks::line::{self, Goal, Line};
use bailiwick_benchmarks::model::{Model, SIZES, Size};
use bailiwick_benchmarks::questions::{Question, questions};
use bailiwick_benchmarks::report::{Variant, print, race, timed};
use bailiwick_benchmarks::table::{Asked, Handles, kept};
use bailiwick_benchmarks::write::login;
use bailiwick_table::{AccountId, ActionId, Aligned, Fact, Login, Party, Table, Target, UnitId};

/// How often each way is timed, where nobody says otherwise.
const ROUNDS: usize = 7;
/// 2026-01-01.
const DAY: i32 = 20_454;

/// How many times its floor a way should at most take.
const TARGETS: [(&str, f64); 3] = [("table by handle", 1.3), ("table by login", 1.3), ("table, many together", 2.0)];

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if !line::wanted() {
        println!("| size | way | ns a decision | times the floor |\n|---|---|--:|--:|");
    }
    for size in SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|w| w == size.name)) {
        measure(*size)?;
    }
    Ok(())
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn target(unit: UnitId) -> Target<'static> {
    Target::entity(Party { unit: Fact::Known(unit), ..Party::closed() })
}

/// Everything about one size, ready to be asked.
struct Ready {
    table: Table<Aligned>,
    rows: Rows,
    logins: Logins,
    questions: Vec<Question>,
    asked: Vec<Asked>,
    /// The same without the targets.
    pairs: Vec<(AccountId, ActionId)>,
    /// The logins of the questions behind one another, all as long.
    names: String,
    length: usize,
}

impl Ready {
    fn new(size: Size) -> Result<Self, Box<dyn Error>> {
        let model = Model::new(size);
        let (bytes, compiling) = timed(|| kept(&model));
        let bytes = bytes?;
        let length = bytes.len();
        let (table, loading) = timed(|| Table::from_bytes(Aligned::from(bytes)));
        let table = table?;
        let questions = questions(&model, number("QUESTIONS", 1_000_000));
        let handles = Handles::new(&table, &model).ok_or("the table lacks something")?;
        let asked: Vec<Asked> = questions.iter().map(|q| handles.asked(q)).collect();
        let ready = Self {
            pairs: asked.iter().map(|a| (a.account, a.action)).collect(),
            asked,
            rows: Rows::new(&model),
            logins: Logins::new(&model),
            names: questions.iter().map(|q| login(q.admin)).collect(),
            length: login(0).len(),
            table,
            questions,
        };
        eprintln!(
            "{}: compiled in {:.1} s; {length} bytes, {:.1} an account (floors {:.1} and {:.1}); verified in {:.1} ms, {:.0} MB/s",
            size.name,
            compiling.as_secs_f64(),
            length as f64 / f64::from(size.admins),
            ready.rows.bytes_each(),
            ready.logins.bytes_each(),
            loading.as_secs_f64() * 1e3,
            length as f64 / loading.as_secs_f64() / 1e6,
        );
        Ok(ready)
    }

    #[inline]
    fn name(&self, question: usize) -> &str {
        self.names.get(question * self.length..(question + 1) * self.length).unwrap_or("")
    }

    #[inline]
    fn by_handle(&self, question: usize) -> bool {
        let asked = &self.asked[question];
        self.table.decide(asked.account, asked.action, &target(asked.unit), DAY).allowed
    }

    #[inline]
    fn by_login(&self, question: usize) -> bool {
        let asked = &self.asked[question];
        let account = Login::ascii(self.name(question)).and_then(|login| self.table.account(login));
        account.is_some_and(|account| self.table.decide(account, asked.action, &target(asked.unit), DAY).allowed)
    }

    #[inline]
    fn floor_by_handle(&self, question: usize) -> bool {
        let Question { admin, permission, group, .. } = self.questions[question];
        self.rows.allows(admin, permission, group)
    }

    #[inline]
    fn floor_by_login(&self, question: usize) -> bool {
        let Question { permission, group, .. } = self.questions[question];
        self.logins.allows(self.name(question), permission, group)
    }

    /// All questions, each after the answer to the one before: the number of the next depends on it.
    fn one_alone(&self, count: usize, answer: impl Fn(usize) -> bool) -> usize {
        let (mut allowed, mut last) = (0, false);
        for question in 0..count {
            // Nothing is left of the last answer, but nobody may know that.
            last = answer(question + (black_box(usize::from(last)) >> 1));
            allowed += usize::from(last);
        }
        allowed
    }

    /// How many times as many questions two threads answer as one, in time of computing.
    fn two_threads(&self) -> f64 {
        let count = self.questions.len();
        let ask =
            || timed(|| (0..count).filter(|question| self.by_handle(black_box(*question))).count()).1.as_secs_f64();
        let alone = (0..ROUNDS).map(|_| ask()).fold(f64::INFINITY, f64::min);
        let together = (0..ROUNDS).map(|_| {
            std::thread::scope(|scope| {
                let threads = [scope.spawn(ask), scope.spawn(ask)];
                threads.into_iter().filter_map(|thread| thread.join().ok()).map(|time| 1.0 / time).sum::<f64>()
            })
        });
        together.fold(0.0, f64::max) * alone
    }

    /// All questions at once; how many are allowed.
    fn many(&self, mut each: impl FnMut(usize, bool)) -> usize {
        let mut allowed = 0;
        let target = |question: usize| target(self.asked[question].unit);
        self.table.decide_many(&self.pairs, DAY, target, |question, decision| {
            allowed += usize::from(decision.allowed);
            each(question, decision.allowed);
        });
        allowed
    }

    /// Every way gives the naive evaluator's answer to every question.
    fn verify(&self) -> Result<(), String> {
        for (number, question) in self.questions.iter().enumerate() {
            let answers = [
                self.floor_by_handle(number),
                self.floor_by_login(number),
                self.by_handle(number),
                self.by_login(number),
            ];
            if answers != [question.allowed; 4] {
                return Err(format!("question {number}: {question:?}, answered {answers:?}"));
            }
        }
        let mut wrong = None;
        self.many(|number, allowed| wrong = wrong.or((allowed != self.questions[number].allowed).then_some(number)));
        wrong.map_or(Ok(()), |number| Err(format!("question {number}, among many: {:?}", self.questions[number])))
    }
}

fn measure(size: Size) -> Result<(), Box<dyn Error>> {
    let ready = Ready::new(size)?;
    ready.verify()?;
    let allowed = ready.questions.iter().filter(|q| q.allowed).count();
    let mut variants = [
        Variant::each("floor by handle", 0, |q| ready.floor_by_handle(q)),
        Variant::each("table by handle", 0, |q| ready.by_handle(q)),
        Variant::each("floor by login", 2, |q| ready.floor_by_login(q)),
        Variant::each("table by login", 2, |q| ready.by_login(q)),
        Variant::all("floor by handle, one alone", 4, |count| ready.one_alone(count, |q| ready.floor_by_handle(q))),
        Variant::all("table by handle, one alone", 4, |count| ready.one_alone(count, |q| ready.by_handle(q))),
        Variant::all("floor, sixteen together", 6, |_| ready.rows.count(&ready.questions)),
        Variant::all("table, many together", 6, |_| ready.many(|_, _| {})),
    ];
    race(&mut variants, ready.questions.len(), allowed, number("ROUNDS", ROUNDS));
    print(size.name, &variants, &TARGETS);
    two_threads(size, &ready);
    Ok(())
}

/// How many times as many questions two threads answer as one, as a row or a line.
fn two_threads(size: Size, ready: &Ready) {
    let (what, times) = ("two threads, of one", ready.two_threads());
    if line::wanted() {
        Line::new(what, size.name, times, "times").goal(Goal::AtLeast, 1.7).print();
    } else {
        println!("| {} | {what} | | {times:.2} |", size.name);
    }
}
