//! Two policies compared are right: what is gained and lost against brute force, which asks the interpreter about every case that
//! either of two small random policies can tell apart, of both.
//!
//! `BAILIWICK_CASES=100000 cargo test --release --test diff -- --nocapture` is the long run, and says how much was tried.

#[path = "diff/brute.rs"]
mod brute;
#[path = "diff/cards.rs"]
mod cards;
#[path = "diff/laws.rs"]
mod laws;
#[expect(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "diff/statements.rs"]
mod statements;
#[path = "diff/trial.rs"]
mod trial;
#[path = "algebra/vocabulary.rs"]
mod vocabulary;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "algebra/world.rs"]
mod world;
#[path = "diff/written.rs"]
mod written;
