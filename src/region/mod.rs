//! The algebra of regions: predicates on the parties of a question, and scopes made of them.

pub mod nodes;
pub mod pred;
pub mod texts;

pub use nodes::{Node, NodeId, Nodes};
pub use pred::{Pred, Scope, Test, Value};
