//! The synthetic model in three sizes, whatever writes it as a policy, the naive evaluator that every answer is held against, and the
//! hand-written arrays that nobody can be much faster than.
//!
//! Nothing here is part of the compiler. A plain `cargo build` leaves this crate alone; `cargo run --release -p bailiwick-benchmarks --bin
//! decisions` builds and runs it.

pub mod chart;
pub mod counts;
pub mod floor;
pub mod line;
pub mod model;
pub mod naive;
pub mod questions;
pub mod random;
pub mod report;
pub mod table;
pub mod write;
