//! The flat permission table: what it answers and why, what it refuses, how its bytes come about.

#[path = "table/actors.rs"]
mod actors;
#[path = "table/bytes.rs"]
mod bytes;
#[path = "table/corrupt.rs"]
mod corrupt;
#[path = "table/decisions.rs"]
mod decisions;
#[path = "table/filters.rs"]
mod filters;
#[path = "table/format.rs"]
mod format;
#[path = "table/limits.rs"]
mod limits;
#[path = "table/listing.rs"]
mod listing;
#[path = "table/portal.rs"]
mod portal;
#[path = "table/sample.rs"]
mod sample;
#[path = "table/targets.rs"]
mod targets;
