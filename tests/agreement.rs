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

use proptest::prelude::*;

use oracle::cases::cases;
use oracle::eval::allow;
use oracle::facts::told_otherwise;
use oracle::policy::Actor;
use oracle::print::print;
use oracle::truth::Truth;

proptest! {
    #![proptest_config(oracle::config(300))]

    #[test]
    fn the_table_agrees_with_the_interpreter(case in cases(100)) {
        let bytes = bridge::compile(&print(&case.policy, case.layout)).map_err(TestCaseError::fail)?;
        let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        for question in case.questions() {
            let expected = allow(&case.policy, &question);
            let decision = reader.decide(&case.policy, &question).map_err(TestCaseError::fail)?;
            let agreed = decision.allowed == (expected == Truth::True);
            prop_assert!(agreed, "interpreter {expected:?}, table {decision:?}\nto {question:?}");
        }
    }

    /// A filter holds exactly what is allowed; for an actor of whom facts are missing perhaps less.
    #[test]
    fn the_filter_agrees_with_the_interpreter(case in cases(100)) {
        let policy = &case.policy;
        let bytes = bridge::compile(&print(policy, case.layout)).map_err(TestCaseError::fail)?;
        let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        for question in case.questions() {
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

    /// The flat rows of an account say the same; where a fact is missing they may leave open what the table can tell.
    #[test]
    fn the_rows_agree_with_the_interpreter(case in cases(100)) {
        let policy = &case.policy;
        let bytes = bridge::compile(&print(policy, case.layout)).map_err(TestCaseError::fail)?;
        let reader = bridge::Reader::new(&bytes).map_err(TestCaseError::fail)?;
        for question in case.questions() {
            if question.user.as_ref().is_some_and(|facts| told_otherwise(policy, facts)) {
                continue;
            }
            let rows = reader.ask(policy, &question, |asked| {
                Ok(asked.who.and_then(|who| filters::rows_allow(asked.table, who, policy, &question)))
            });
            let Some(rows) = rows.map_err(TestCaseError::fail)? else { continue };
            let allowed = allow(policy, &question) == Truth::True;
            let agreed = rows == Truth::Unknown || (rows == Truth::True) == allowed;
            prop_assert!(agreed, "interpreter {allowed}, rows {rows:?}\nto {question:?}");
        }
    }
}
