//! The table says what the semantics says: random policies and questions, answered by the compiled table and by the interpreter.
//!
//! `BAILIWICK_CASES=10000 cargo test --release --test agreement` tries ten thousand policies, a hundred questions each.

#[path = "oracle/bridge.rs"]
mod bridge;
#[path = "oracle/fences.rs"]
mod fences;
#[path = "oracle/filters.rs"]
mod filters;
#[expect(dead_code, reason = "the laws use the rest")]
mod oracle;
#[path = "oracle/protection.rs"]
mod protection;

use std::fmt;

use proptest::prelude::*;

use oracle::eval::allow;
use oracle::facts::told_otherwise;
use oracle::generate::policies;
use oracle::people::{question, question_seeds};
use oracle::policy::{Actor, Policy};
use oracle::print::print;
use oracle::truth::Truth;

/// How many questions are put to each policy.
const QUESTIONS: usize = 100;

/// A policy with bytes of questions; shown as the text of the policy.
struct Case {
    policy: Policy,
    layout: u64,
    questions: Vec<Vec<u8>>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policy\n{}", print(&self.policy, self.layout))
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (policies(), any::<u64>(), question_seeds(QUESTIONS)).prop_map(|(policy, layout, questions)| Case {
        policy,
        layout,
        questions,
    })
}

proptest! {
    #![proptest_config(oracle::config(300))]

    #[test]
    fn the_table_agrees_with_the_interpreter(case in cases()) {
        let bytes = bridge::compile(&print(&case.policy, case.layout)).map_err(TestCaseError::fail)?;
        let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        for question in case.questions.iter().filter_map(|seed| question(&case.policy, seed)) {
            let expected = allow(&case.policy, &question);
            let decision = reader.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let agreed = decision.allowed == (expected == Truth::True);
            prop_assert!(agreed, "interpreter {expected:?}, table {decision:?}\nto {question:?}");
        }
    }

    /// A filter holds exactly what is allowed; for an actor of whom facts are missing perhaps less.
    #[test]
    fn the_filter_agrees_with_the_interpreter(case in cases()) {
        let policy = &case.policy;
        let bytes = bridge::compile(&print(policy, case.layout)).map_err(TestCaseError::fail)?;
        let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        for question in case.questions.iter().filter_map(|seed| question(policy, seed)) {
            // A filter is about targets as they are: contradictory ones are no targets.
            if question.user.as_ref().is_some_and(|facts| told_otherwise(policy, facts)) {
                continue;
            }
            let inside = reader.ask(policy, &question, |asked| {
                filters::contains(asked.table, asked.filter.root(), policy, &question)
            });
            let inside = inside.map_err(TestCaseError::fail)? == Truth::True;
            let allowed = allow(policy, &question) == Truth::True;
            let agreed = inside == allowed || matches!(question.actor, Actor::Unnamed(_)) && !inside;
            prop_assert!(agreed, "interpreter {allowed}, filter {inside}\nto {question:?}");
        }
    }
}
