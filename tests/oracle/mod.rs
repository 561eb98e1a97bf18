//! The test oracle: a naive interpreter of the semantics that shares no code with the compiler.
//!
//! A random [`policy::Policy`] is answered twice: by [`eval`], straight from the sentences of the semantics, and - printed as text
//! by [`print`] - by the compiler and the table that it writes. Both must say the same to every [`policy::Question`].

mod actions;
pub(crate) mod cases;
pub(crate) mod dice;
pub(crate) mod eval;
pub(crate) mod facts;
pub(crate) mod generate;
mod holding;
pub(crate) mod many;
pub(crate) mod people;
pub(crate) mod pieces;
pub(crate) mod policy;
pub(crate) mod print;
mod tiers;
pub(crate) mod truth;
pub(crate) mod words;

/// How many random policies are tried, unless the variable `BAILIWICK_CASES` says otherwise.
pub(crate) fn config(cases: u32) -> proptest::test_runner::Config {
    let wanted = std::env::var("BAILIWICK_CASES").ok().and_then(|n| n.parse().ok());
    proptest::test_runner::Config {
        cases: wanted.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..proptest::test_runner::Config::default()
    }
}
