//! What a change of policy does: two policies compared by what they decide.
//!
//! Both sides are compiled tables, so what is compared is what runs; where a side is known as a policy, its words tell where a change
//! comes from, and what else the change does.

pub mod allow;
pub mod causes;
pub mod change;
pub mod declared;
pub mod edits;
pub mod gate;
pub mod items;
mod people;
pub mod render;
mod sorted;
pub mod tables;
#[cfg(test)]
pub(crate) mod testing;
mod view;
pub mod words;

pub use causes::{Dependencies, Whose};
pub use declared::declared;
pub use edits::edits;

use crate::Outcome;
use crate::emit::table::Sidecar;
use crate::source::SourceMap;
use crate::syntax::ast;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it is called in messages, such as `main:policies/portal`.
    pub name: &'a str,
    /// The compiled table; none where the policy has errors.
    pub table: Option<&'a [u8]>,
    /// Where a compiled table's rules come from.
    pub sidecar: Option<&'a Sidecar>,
    /// The policy; none where only a compiled table is known.
    pub policy: Option<Policy<'a>>,
}

/// A side as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Its sources.
    pub sources: &'a SourceMap,
    /// Their trees.
    pub files: &'a [ast::File],
    /// What came of compiling them.
    pub outcome: &'a Outcome,
}

/// What a comparison may be told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The day from which on rights are compared (days since 1970-01-01); today when none is given.
    pub at: Option<i32>,
    /// Who asks for the change: a login, or a `responsible`. Then every change must have been allowed to them.
    pub requested_by: Option<String>,
    /// From what share of all accounts on (in percent) a change that touches them is worth a warning.
    pub many: Option<u8>,
}
