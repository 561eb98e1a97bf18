//! The algebra of rights is right: its exact answers against brute force, which asks the interpreter about every case that a small
//! random policy can tell apart.
//!
//! `BAILIWICK_CASES=100000 cargo test --release --test algebra -- --nocapture` is the long run, and says how much was tried.

#[path = "algebra/ask.rs"]
mod ask;
#[path = "algebra/asserted.rs"]
mod asserted;
#[path = "algebra/board.rs"]
mod board;
#[expect(dead_code, reason = "the agreement test looks at filters too")]
#[path = "oracle/bridge.rs"]
mod bridge;
#[path = "algebra/counted.rs"]
mod counted;
#[path = "algebra/nested.rs"]
mod nested;
#[expect(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "algebra/past.rs"]
mod past;
#[path = "algebra/regions.rs"]
mod regions;
#[path = "algebra/roles.rs"]
mod roles;
#[path = "algebra/separated.rs"]
mod separated;
#[path = "algebra/told.rs"]
mod told;
#[path = "algebra/trial.rs"]
mod trial;
#[path = "algebra/unfelt.rs"]
mod unfelt;
#[path = "algebra/vocabulary.rs"]
mod vocabulary;
#[path = "algebra/ways.rs"]
mod ways;
#[expect(dead_code, reason = "the comparison of two policies uses the rest")]
#[path = "algebra/world.rs"]
mod world;
