//! The YAML form of a policy: the same tree as the text form's, key by key, with the same words.
//!
//! ```text
//! text -> events (granit-parser) -> nodes with their places -> declarations -> the tree
//!            | a fault                                            | a string
//!            v                                                    v
//!   section by section, so that one fault hides little     the text form's rule for one statement, with the places of its
//!                                                          characters in the file
//! ```
//!
//! `load` makes the nodes and `scalar` lays a string beside what is written; `front` and the modules beside it read the sections, a
//! small function for each.

mod catalogue;
mod faults;
mod fields;
mod front;
mod load;
mod node;
mod people;
mod recover;
mod removal;
mod roles;
mod rules;
mod scalar;
mod statements;
mod trees;

use crate::diagnostic::Findings;
use crate::source::SourceId;
use crate::syntax::ast;
pub use removal::Statements;

/// Reads one source. Broken declarations leave findings and are left out, or kept without their broken statements; then
/// [`ast::File::broken`] is set.
pub fn parse(source: SourceId, text: &str, findings: &mut Findings) -> ast::File {
    front::parse(source, text, findings)
}
