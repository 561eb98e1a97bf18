//! What a compiled policy is written as, one format a file.

pub mod table;

pub use table::table;
