//! The text form of a policy, read by `grammar/bailiwick.pest`.
//!
//! ```text
//! text -> slices (one declaration each) -> chunks -> pest's nodes -> the tree
//!                                            | what does not fit
//!                                            v
//!                     the same slice by the rule for one declaration, or one statement -> an explained finding
//! ```
//!
//! `grammar` is the parser, `reader` and the modules beside it build the tree, a small function for each rule. `plain` reads the
//! commonest admins without them, `crowd` many of these at once, and `apart` has those of whom no tree is kept.

mod apart;
mod catalogue;
mod conditions;
mod crowd;
mod declarations;
mod explain;
mod extras;
mod file;
mod fragment;
mod grammar;
mod names;
mod outline;
mod people;
mod plain;
mod questions;
mod reader;
mod roles;
mod rules;
mod sets;
mod slices;
mod values;
mod words;

use crate::diagnostic::Findings;
use crate::source::SourceId;
use crate::syntax::ast;

pub use apart::{Brief, Crowd, admin_apart};
pub use fragment::{Fragment, parse_actions, parse_actor, parse_target};
pub(in crate::syntax) use outline::{Brace, Outline, outline};
pub use plain::plain_word;
pub use reader::Origin;

/// Reads one source. Broken declarations leave findings and are left out, or kept without their broken statements; then
/// [`ast::File::broken`] is set.
pub fn parse(source: SourceId, text: &str, findings: &mut Findings) -> ast::File {
    file::parse(source, text, findings)
}

/// The same, but plain admins are set apart and no part of the tree.
pub fn parse_apart(source: SourceId, text: &str, findings: &mut Findings) -> (ast::File, Crowd) {
    file::parse_apart(source, text, findings)
}
