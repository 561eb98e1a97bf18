//! What an account can come to is found right: chains of steps against a walk through every state that a tiny policy can get into.
//!
//! The walk shares no code with the compiler. `BAILIWICK_CASES=100000 cargo test --release --test potential -- --nocapture` is the long
//! run, and says how much was tried.

#[path = "potential/compare.rs"]
mod compare;
#[expect(dead_code, reason = "other tests shuffle")]
#[path = "oracle/dice.rs"]
mod dice;
#[path = "potential/generate.rs"]
mod generate;
#[path = "potential/orders.rs"]
mod orders;
#[path = "potential/rights.rs"]
mod rights;
#[path = "potential/spots.rs"]
mod spots;
#[path = "potential/tiny.rs"]
mod tiny;
#[path = "potential/told.rs"]
mod told;
#[path = "potential/walk.rs"]
mod walk;
