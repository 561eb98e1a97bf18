//! A random policy with all that is needed to ask about every case of it, and how often properties are tried.

use std::cell::Cell;
use std::fmt;

use bailiwick::Compiled;
use bailiwick::algebra::TooManyCases;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::ask::{Names, compile};
use super::world::World;
use crate::bridge::Reader;
use crate::oracle;
use crate::oracle::dice::Dice;
use crate::oracle::generate::{FIRST_DAY, Line, actions, line, small_policies};
use crate::oracle::policy::{ActionPath, Actor, Policy, Question};
use crate::oracle::print::print;

/// A random policy and the choices of a property.
#[derive(Clone)]
pub(crate) struct Small {
    policy: Policy,
    bytes: Vec<u8>,
    lines: Vec<Line>,
}

impl fmt::Debug for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n{}", self.bytes, print(&self.policy, 0))
    }
}

/// What was tried, over all policies.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) policies: Cell<usize>,
    /// Policies with too many cases to try them all.
    pub(crate) left_out: Cell<usize>,
    /// Regions or sentences that were compared.
    pub(crate) compared: Cell<usize>,
    /// Cases that were asked one by one.
    pub(crate) points: Cell<usize>,
    pub(crate) witnesses: Cell<usize>,
    /// Answers beyond the limits.
    pub(crate) unknown: Cell<usize>,
}

pub(crate) fn count(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

/// A policy to try things on.
pub(crate) struct Trial<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) compiled: &'a Compiled,
    pub(crate) reader: Reader<'a>,
    pub(crate) names: Names<'a>,
    pub(crate) world: World<'a>,
    pub(crate) tally: &'a Tally,
    pub(crate) bytes: &'a [u8],
    /// The bytes of more declarations.
    pub(crate) lines: &'a [Line],
    /// How many more cases may be asked one by one.
    budget: Cell<usize>,
}

impl<'a> Trial<'a> {
    /// The choices of the property.
    pub(crate) fn dice(&self) -> Dice<'a> {
        Dice::new(self.bytes)
    }

    /// A day on which things begin and end.
    pub(crate) fn day(&self, dice: &mut Dice<'_>) -> i32 {
        FIRST_DAY - 1 + i32::try_from(dice.below(8)).unwrap_or(0)
    }

    /// All actions, from any one on.
    pub(crate) fn actions(&self, dice: &mut Dice<'_>) -> Vec<ActionPath> {
        let mut all = actions(self.policy);
        let first = dice.below(all.len());
        all.rotate_left(first);
        all
    }

    /// Whether so many cases may still be asked; they are.
    pub(crate) fn affords(&self, cases: usize) -> bool {
        let may = self.may_try(cases);
        count(&self.tally.points, if may { cases } else { 0 });
        may
    }

    /// Whether so many cases may still be asked.
    pub(crate) fn may_try(&self, cases: usize) -> bool {
        let left = self.budget.get().checked_sub(cases);
        self.budget.set(left.unwrap_or_else(|| self.budget.get()));
        left.is_some()
    }

    /// The interpreter's answer, and that the table gives the same.
    pub(crate) fn confirmed(&self, question: &Question) -> Result<bool, String> {
        count(&self.tally.witnesses, 1);
        let allowed = self.world.allows(question)?;
        let decision = self.reader.decide(self.policy, question)?;
        if decision.allowed == allowed {
            return Ok(allowed);
        }
        Err(format!("interpreter {allowed}, table {decision:?} to {question:?}"))
    }

    /// An answer that must be within the limits: these policies are small.
    pub(crate) fn known<T>(&self, answer: Result<T, TooManyCases>) -> Result<T, String> {
        answer.map_err(|_| {
            count(&self.tally.unknown, 1);
            "too many cases in a small policy".to_owned()
        })
    }

    pub(crate) fn named(&self, index: usize) -> Actor {
        Actor::Named(self.policy.admins[index % self.policy.admins.len()].name.clone())
    }
}

/// Tries a property on random small policies; says what was tried.
pub(crate) fn on_small_policies(name: &str, cases: u32, property: impl Fn(&Trial<'_>) -> Result<(), String>) {
    on_policies((name, cases, 0), |policy, _| policy, property);
}

/// The same, with many declarations of one kind: they are made of bytes, and added. In a long run there are more of them.
pub(crate) fn on_dense_policies(
    name: &str,
    cases: u32,
    dressed: impl Fn(Policy, &[Line]) -> Policy,
    property: impl Fn(&Trial<'_>) -> Result<(), String>,
) {
    on_policies((name, cases, if is_long() { 24 } else { 4 }), dressed, property);
}

/// With every feature on.
pub(crate) fn opened(mut policy: Policy) -> Policy {
    policy.features.iter_mut().for_each(|feature| feature.on = true);
    policy
}

/// Whether somebody said how many policies to try.
fn is_long() -> bool {
    std::env::var_os("BAILIWICK_CASES").is_some()
}

fn on_policies(
    (name, cases, lines): (&str, u32, usize),
    dressed: impl Fn(Policy, &[Line]) -> Policy,
    property: impl Fn(&Trial<'_>) -> Result<(), String>,
) {
    let budget = if is_long() { 10_000 } else { 800 };
    let tally = Tally::default();
    let strategy = (small_policies(), vec(any::<u8>(), 24), vec(line(), lines / 2..=lines))
        .prop_map(|(policy, bytes, lines)| Small { policy: dressed(policy, &lines), bytes, lines });
    let begun = std::time::Instant::now();
    let outcome = TestRunner::new(oracle::config(cases)).run(&strategy, |small| {
        let policy = &small.policy;
        count(&tally.policies, 1);
        let Some(world) = World::of(policy) else {
            count(&tally.left_out, 1);
            return Ok(());
        };
        let compiled = compile(&print(policy, 0)).map_err(TestCaseError::fail)?;
        let reader = Reader::new(compiled.table()).map_err(TestCaseError::fail)?;
        let names = Names { policy, model: compiled.model() };
        let (tally, bytes, budget) = (&tally, small.bytes.as_slice(), Cell::new(budget));
        let trial =
            Trial { policy, compiled: &compiled, reader, names, world, tally, bytes, lines: &small.lines, budget };
        property(&trial).map_err(TestCaseError::fail)
    });
    if let Err(error) = outcome {
        panic!("{name}: {error}");
    }
    println!("{name}: {tally:?} in {:.1} s", begun.elapsed().as_secs_f32());
    assert!(tally.compared.get() > 0 && tally.points.get() > 0, "{name}: nothing was tried");
    assert!(tally.left_out.get() * 3 < tally.policies.get(), "{name}: most policies were left out");
}
